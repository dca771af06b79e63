"""Holds every message back until it may go, and repeats what Telegram refused as too much; the rules are `schedule`'s.

It stands where python-telegram-bot has its rate limiter, so nothing can be sent past it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final, TypeAlias
from zlib import crc32

from telegram.ext import BaseRateLimiter

from roadmap_bot.adapters.telegram.requests import Flooded
from roadmap_bot.adapters.telegram.schedule import CHAT_SPACING, Schedule, Ticket

_log = logging.getLogger(__name__)
URGENT: Final = "urgent"
"""For `rate_limit_args`: an answer somebody is waiting for. This is also what counts when nothing is said."""
ORDINARY: Final = "ordinary"
"""For `rate_limit_args`: a message nobody asked for."""

_REPEATS = 3
_PATIENCE = 60.0
# What appears in a chat counts, changes too; everything else (answers to queries, commands, questions) passes.
_COUNTED = ("send", "edit", "delete", "copy", "forward", "stop", "pin", "unpin")
_NOT_COUNTED = ("sendChatAction", "deleteMyCommands", "deleteWebhook")
# Ids of chats have at most 52 bits.
_BEYOND_CHATS = 1 << 60

Result: TypeAlias = bool | dict[str, Any] | list[dict[str, Any]]


class Pacer(BaseRateLimiter[str]):
    """Paces the calls of one bot. `clock` tells monotonic seconds and `sleep` lets them pass."""

    def __init__(
        self,
        per_second: int,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        spacing: float = CHAT_SPACING,
    ) -> None:
        self._schedule = Schedule(per_second, spacing)
        self._clock = clock
        self._sleep = sleep
        self._turns: dict[Ticket, asyncio.Future[None]] = {}
        self._changed = asyncio.Event()
        self._waker: asyncio.Task[None] | None = None

    async def initialize(self) -> None:
        """Begins to let messages pass."""
        if self._waker is None:
            self._waker = asyncio.create_task(self._wake())

    async def shutdown(self) -> None:
        """Ends; who still waits is cancelled."""
        waker, self._waker = self._waker, None
        if waker:
            waker.cancel()
            await asyncio.gather(waker, return_exceptions=True)
        for turn in self._turns.values():
            turn.cancel()

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: str | None,
    ) -> Result:
        """Makes a call when it may be made, and again where Telegram wants it later.

        Raises Flooded when that would take more than a minute in all.
        """
        chat = chat_of(endpoint, data)
        urgent = rate_limit_args != ORDINARY
        deadline = self._clock() + _PATIENCE
        for _ in range(_REPEATS):
            await self._turn(chat, deadline if urgent else None, urgent=urgent)
            try:
                return await callback(*args, **kwargs)
            except Flooded as error:
                now = self._clock()
                _log.warning("Telegram wants %s to wait for %.0f seconds.", endpoint, error.seconds)
                if chat is not None:
                    self._schedule.refused(chat, error.seconds, now)
                if now + error.seconds > deadline:
                    raise
                if chat is None:
                    await self._sleep(error.seconds)
                # Whoever was refused has waited already.
                urgent = True
        await self._turn(chat, deadline, urgent=urgent)
        return await callback(*args, **kwargs)

    async def _turn(self, chat: int | None, deadline: float | None, *, urgent: bool) -> None:
        """Returns when a message to `chat` may go; None is for what is not counted."""
        if chat is None:
            return
        ticket = self._schedule.enter(chat, self._clock(), urgent=urgent)
        if self._turn_of(ticket):
            return
        turn = self._turns[ticket] = asyncio.get_running_loop().create_future()
        self._changed.set()
        try:
            await (turn if deadline is None else self._before(turn, deadline))
        finally:
            self._turns.pop(ticket, None)
            self._schedule.leave(ticket)
            self._changed.set()

    def _turn_of(self, ticket: Ticket) -> bool:
        """Whether the turn of `ticket` has come at once; others whose turn it is as well are told."""
        going = self._schedule.due(self._clock())
        for other in going:
            if other is not ticket and (turn := self._turns.get(other)) and not turn.done():
                turn.set_result(None)
        return ticket in going

    async def _before(self, turn: asyncio.Future[None], deadline: float) -> None:
        timer = asyncio.ensure_future(self._sleep(max(0.0, deadline - self._clock())))
        try:
            await asyncio.wait((turn, timer), return_when=asyncio.FIRST_COMPLETED)
        finally:
            timer.cancel()
        if not turn.done():
            raise Flooded(_PATIENCE)
        turn.result()

    async def _wake(self) -> None:
        """Tells those whose turn it is."""
        while True:
            self._changed.clear()
            for ticket in self._schedule.due(self._clock()):
                turn = self._turns.get(ticket)
                if turn and not turn.done():
                    turn.set_result(None)
            now = self._clock()
            wakes = self._schedule.wakes(now)
            changed = asyncio.ensure_future(self._changed.wait())
            waiting: set[asyncio.Future[Any]] = {changed}
            if wakes is not None:
                waiting.add(asyncio.ensure_future(self._sleep(wakes - now)))
            try:
                await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for one in waiting:
                    one.cancel()


def chat_of(endpoint: str, data: dict[str, Any]) -> int | None:
    """The chat a call is counted in; None for calls that are not counted.

    A message sent inline is in a chat we are not told of, so each stands for one.
    """
    if not endpoint.startswith(_COUNTED) or endpoint in _NOT_COUNTED:
        return None
    chat = data.get("chat_id")
    if isinstance(chat, int):
        return chat
    return _BEYOND_CHATS + crc32(str(chat or data.get("inline_message_id")).encode())
