"""Keeps the adapters of one process running beside each other, restarts what breaks, and stops all of it in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from roadmap_bot import early
from roadmap_bot.adapters import Adapter
from roadmap_bot.core.errors import UserError

_log = logging.getLogger(__name__)
_SIGNALS = (signal.SIGTERM, signal.SIGINT)
# Who has not finished by then is cut off, so that the whole stop stays below five seconds.
_PATIENCE = 4.0
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 900.0
_STEADY = 600.0
_THREADS = 3


async def serve(adapters: Sequence[Adapter]) -> bool:
    """Serves until told to stop; whether that is why it ended, and not because every platform refused us.

    SIGTERM or Ctrl-C ends it in order, a second one at once.
    """
    stopping = asyncio.Event()
    # Answers are found one at a time in any case; more threads would only hold more connections and memory.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_THREADS, thread_name_prefix="answers"))
    with _signals(stopping):
        keepers = [asyncio.create_task(_keep(adapter, stopping), name=adapter.name) for adapter in adapters]
        stop = asyncio.create_task(stopping.wait())
        if early.heard():
            stopping.set()
        gathered = asyncio.gather(*keepers)
        await asyncio.wait((gathered, stop), return_when=asyncio.FIRST_COMPLETED)
        if stopping.is_set():
            _, late = await asyncio.wait(keepers, timeout=_PATIENCE)
            for keeper in late:
                _log.warning("%s did not finish in time and is cut off.", keeper.get_name())
                keeper.cancel()
        stop.cancel()
        await asyncio.gather(gathered, stop, return_exceptions=True)
    return stopping.is_set()


@contextlib.contextmanager
def _signals(stopping: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()

    def stop(number: signal.Signals) -> None:
        if stopping.is_set():
            os._exit(128 + number)
        _log.info("Stopping. What is being answered is finished first.")
        stopping.set()

    for number in _SIGNALS:
        loop.add_signal_handler(number, stop, number)
    try:
        yield
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)


async def _keep(adapter: Adapter, stopping: asyncio.Event) -> None:
    """Serves one platform, again and again when it breaks: the others never notice."""
    loop = asyncio.get_running_loop()
    pause = _FIRST_PAUSE
    while not stopping.is_set():
        started = loop.time()
        try:
            await adapter.serve(stopping)
        except UserError as error:
            _log.error("%s", error.sentence)
            return
        except Exception:
            pause = _FIRST_PAUSE if loop.time() - started > _STEADY else pause
            _log.exception("%s broke down; it is started again in %.0f seconds.", adapter.name, pause)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
