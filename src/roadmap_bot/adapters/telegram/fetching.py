"""Fetches updates from Telegram and confirms them once they are handled; outages are waited out and said once."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from telegram import Update
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import ExtBot

from roadmap_bot.adapters.telegram.handling import Handling
from roadmap_bot.adapters.telegram.requests import FetchRequest, Flooded
from roadmap_bot.adapters.telegram.schedule import CHAT_SPACING
from roadmap_bot.core.errors import UserError

_log = logging.getLogger(__name__)
WANTED: Final = ("message", "callback_query", "inline_query", "my_chat_member", "channel_post")
"""The kinds of updates Telegram is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """How long things are waited for, in seconds; `chat` is what lies between two messages in one chat."""

    poll: int = 30
    margin: float = 15.0
    first: float = 1.0
    longest: float = 60.0
    conflict: float = 30.0
    again: float = 1.0
    finish: float = 2.5
    describe: float = 60.0
    chat: float = CHAT_SPACING


class Outage:
    """Failures in a row: the first of each kind and the end are said, and each pause is twice the one before."""

    def __init__(self, pauses: Pauses) -> None:
        self._pauses = pauses
        self._said: set[str] = set()
        self._pause = pauses.first

    def failed(self, sentence: str, kind: str = "unreachable") -> float:
        """Notes a failure; how long to wait before the next try."""
        if kind not in self._said:
            self._said.add(kind)
            _log.warning(sentence)
        pause, self._pause = self._pause, min(2 * self._pause, self._pauses.longest)
        return pause

    def over(self) -> None:
        """Notes a success."""
        if self._said:
            _log.info("Telegram answers again.")
        self._said.clear()
        self._pause = self._pauses.first


class Fetcher:
    """Fetches for one bot. `request` is the connection it fetches through."""

    def __init__(self, bot: ExtBot[str], request: FetchRequest, handling: Handling, pauses: Pauses) -> None:
        self._bot = bot
        self._request = request
        self._handling = handling
        self._pauses = pauses
        self._outage = Outage(pauses)

    async def run(self, stopping: asyncio.Event) -> None:
        """Fetches until `stopping` is set. Raises UserError when Telegram no longer accepts the token."""
        loop = asyncio.get_running_loop()
        idle = self._shortest
        while not stopping.is_set():
            self._handling.finished.clear()
            offset, started = self._handling.offset, loop.time()
            arrived = await self._poll(offset)
            if arrived is None:
                continue
            await self._handling.confirmed(offset)
            new = await self._handling.take(arrived)
            if self._handling.busy:
                # Asked again at once, Telegram would answer at once, with what is being handled.
                idle = self._shortest if new else min(2 * idle, self._pauses.again / 3)
                await self._finished(idle)
            elif not new and loop.time() - started < self._shortest and self._handling.offset == offset:
                await asyncio.sleep(self._pauses.again)

    async def confirm(self) -> None:
        """Tells Telegram once more what is handled, without waiting for anything new."""
        offset = self._handling.offset
        if offset is None:
            return
        try:
            async with asyncio.timeout(self._pauses.again):
                await self._bot.get_updates(offset=offset, limit=1, timeout=0, allowed_updates=WANTED)
            await self._handling.confirmed(offset)
        except (TelegramError, Flooded, TimeoutError) as error:
            _log.debug("The last updates are not confirmed (%s); they are known as handled.", type(error).__name__)

    @property
    def _shortest(self) -> float:
        return self._pauses.again / 10

    async def _finished(self, most: float) -> None:
        """Waits until something is handled, and a little longer so that a crowd makes one request."""
        # Not wait_for: before Python 3.12 it can swallow a cancellation.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(most):
                await self._handling.finished.wait()
        if self._handling.busy:
            await asyncio.sleep(self._shortest / 2)

    async def _poll(self, offset: int | None) -> Sequence[Update] | None:
        """What has arrived, or None when that could not be found out and has been waited out."""
        seconds = 0 if self._handling.busy else self._pauses.poll
        try:
            async with asyncio.timeout(seconds + self._pauses.margin):
                arrived = await self._bot.get_updates(
                    offset=offset, timeout=seconds, allowed_updates=WANTED, read_timeout=self._pauses.margin
                )
        except TimeoutError:
            pause = self._outage.failed("Telegram does not answer; the connection is made anew.")
            await self._request.shutdown()
            await self._request.initialize()
        except Flooded as error:
            pause = error.seconds
        except InvalidToken:
            raise refused_token() from None
        except Conflict:
            self._outage.failed(
                "Somebody else fetches updates with the same Telegram token, and Telegram serves only one. "
                "Stop the other one; until then it is tried again and again.",
                "conflict",
            )
            pause = self._pauses.conflict
        except TelegramError as error:
            pause = self._outage.failed(unreachable(error))
        else:
            self._outage.over()
            return arrived
        await asyncio.sleep(pause)
        return None


def refused_token() -> UserError:
    """What to say when Telegram does not know the token."""
    return UserError(
        "Telegram does not accept this token. Copy it again from @BotFather and start again; "
        "if telegram.api_url is set, check that too."
    )


def unreachable(error: Exception) -> str:
    """What to say of a failed call: never the error's own text, which may hold the address with the token."""
    cause = error.__cause__
    name = type(error if cause is None or isinstance(cause, TelegramError) else cause).__name__
    return f"Telegram cannot be reached ({name}); it is tried again and again."
