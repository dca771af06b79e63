"""The Telegram adapter for tests: run in a thread with a loop of its own, against a local server of Telegram's."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from tests.fakes.telegram_server import TelegramServer

from roadmap_bot.adapters.telegram import TelegramBot
from roadmap_bot.adapters.telegram.fetching import Pauses
from roadmap_bot.core.command import Argument, Command, Request
from roadmap_bot.core.reply import Notice, Reply
from roadmap_bot.engine import Engine
from roadmap_bot.features import COMMANDS
from roadmap_bot.features.context import Context
from roadmap_bot.state.chats import Chats
from roadmap_bot.state.database import Database
from roadmap_bot.translations import speech

# Nothing is waited for as long as in earnest.
QUICK = Pauses(poll=5, margin=1.0, first=0.05, longest=0.2, conflict=0.2, again=0.2, finish=2.5, describe=0.1, chat=0.0)
LONGEST = 10.0
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Gate:
    """A command that does not end until the gate is opened, and what it was asked."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self._open = threading.Event()
        self.asked: list[str] = []

    def command(self) -> Command[Context]:
        """`/slow text` waits; `/echo text` does not."""
        return Command("slow", "Waits", "slow", self._run, (Argument("text", "Anything", "text"),), hidden=True)

    def open(self) -> None:
        """Lets all through, now and later."""
        self._open.set()

    def _run(self, _context: Context, request: Request) -> Reply:
        self.asked.append(" ".join(request.args))
        self.entered.set()
        if not self._open.wait(LONGEST):
            raise TimeoutError("nobody opened the gate")
        return Reply(Notice((f"slow {' '.join(request.args)}",)))


def _echo(_context: Context, request: Request) -> Reply:
    return Reply(Notice((f"echo {' '.join(request.args)}",)))


ECHO = Command("echo", "Says it again", "echo", _echo, (Argument("text", "Anything", "text"),), hidden=True)


def _guarded(_context: Context, request: Request) -> Reply:
    return Reply(Notice((f"done for {request.who}",)))


GUARDED = Command("guarded", "For managers", "guarded", _guarded, hidden=True, for_admins=True)


@dataclass
class Home:
    """What outlives a run of the adapter: its database, its lock, its engine."""

    telegram: TelegramServer
    folder: Path
    small: Engine
    gate: Gate = field(default_factory=Gate)

    def __post_init__(self) -> None:
        self.database = Database.open(f"sqlite:///{self.folder / 'state.sqlite'}")
        self.chats = Chats(self.database)
        commands = (*COMMANDS, ECHO, GUARDED, self.gate.command())
        context = replace(self.small.context, chats=self.chats, commands=commands, now=lambda: NOW)
        self.engine = Engine(context, speech)

    def bot(
        self,
        *,
        token: str | None = None,
        webhook: str | None = None,
        listen: str = "127.0.0.1:1",
        per_second: int = 1_000,
        pauses: Pauses = QUICK,
    ) -> TelegramBot:
        """An adapter, not yet running."""
        return TelegramBot(
            self.engine,
            token=token or self.telegram.token,
            api_url=self.telegram.api_url,
            per_second=per_second,
            webhook_url=webhook,
            webhook_listen=listen,
            database=self.database,
            now=lambda: NOW,
            lock=self.folder / "telegram.lock",
            pauses=pauses,
        )


class Running:
    """A running adapter; as a context manager it is stopped in order at the end."""

    def __init__(self, bot: TelegramBot) -> None:
        self._bot = bot
        self._ready = threading.Event()
        self._failed: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="adapter", daemon=True)

    def __enter__(self) -> Running:
        self._thread.start()
        assert self._ready.wait(LONGEST)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Stops in order and raises what the adapter raised."""
        if self._thread.is_alive():
            self._call(self._stopping.set)
        self.ended()

    def kill(self, gate: Gate) -> None:
        """Drops the adapter in the middle of whatever it does; the gate opens because its threads have to end."""
        self._call(lambda: [task.cancel() for task in asyncio.all_tasks()])
        gate.open()
        self._thread.join(LONGEST)
        assert not self._thread.is_alive()

    def ended(self) -> None:
        """Waits for the adapter to end by itself and raises what it raised."""
        self._thread.join(LONGEST)
        assert not self._thread.is_alive(), "the adapter does not end"
        failed, self._failed = self._failed, None
        if failed:
            raise failed

    def _call(self, what: Callable[[], object]) -> None:
        try:
            self._loop.call_soon_threadsafe(what)
        except RuntimeError:  # it has ended meanwhile
            self._thread.join(LONGEST)

    def _run(self) -> None:
        async def live() -> None:
            self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
            self._task = asyncio.ensure_future(self._bot.serve(self._stopping))
            self._ready.set()
            await self._task

        try:
            asyncio.run(live())
        except asyncio.CancelledError:
            pass
        except BaseException as error:
            self._failed = error
        finally:
            self._ready.set()
