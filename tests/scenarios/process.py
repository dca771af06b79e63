"""Runs the real bot as a process of its own against local servers, and ends it in every way a process can end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

READY_SECONDS = 20.0


class Bot:
    """`roadmap-bot run` with everything it keeps in one folder; started again it is the same bot."""

    def __init__(self, folder: Path, cache: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self._log = folder / "log"
        self._process: subprocess.Popen[bytes] | None = None
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "NO_PROXY": "127.0.0.1",
            "ROADMAP_BOT_ROADMAP__CACHE": str(cache),
            "ROADMAP_BOT_STATE__URL": f"sqlite:///{folder}/state.sqlite",
            **environment,
        }

    @property
    def log(self) -> str:
        """Everything it has written so far, all its lives together."""
        return self._log.read_text(encoding="utf-8") if self._log.exists() else ""

    @property
    def pid(self) -> int:
        """The process that runs now."""
        assert self._process is not None
        return self._process.pid

    def start(self, **environment: str) -> None:
        """Starts it; whoever needs it ready waits for that on the server's side."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "roadmap_bot", "run"],
                env=self._environment | environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def stop(self, number: int = signal.SIGTERM, *, within: float = 6.0) -> int:
        """Tells it to stop and waits; its exit status."""
        assert self._process is not None
        self._process.send_signal(number)
        return self.wait(within)

    def wait(self, within: float) -> int:
        """Waits until it has ended by itself; its exit status."""
        assert self._process is not None
        try:
            return self._process.wait(within)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the bot did not end within {within} s\n{self.log}") from None

    def kill(self) -> None:
        """Ends it without a word, as a power cut does."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(10)

    def close(self) -> None:
        """Leaves nothing running."""
        if self._process is not None and self._process.poll() is None:
            self.kill()


@contextmanager
def running(folder: Path, cache: Path, environment: Mapping[str, str]) -> Iterator[Bot]:
    """A started bot, ended with the block whatever happens in it."""
    bot = Bot(folder, cache, environment)
    bot.start()
    try:
        yield bot
    finally:
        bot.close()


def until(condition: Callable[[], Any], what: str, *, within: float = 5.0) -> Any:
    """Waits until a condition holds and gives its value."""
    deadline = time.monotonic() + within
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within:g} s: {what}")
        time.sleep(0.02)
    return value
