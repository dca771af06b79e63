"""Has every update handled at least once: in order within a chat, chats beside each other, and noted before confirmed.

Where updates come from, and what is done with one, is not decided here.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from telegram import Message, Update

from roadmap_bot.core.ports import Clock

if TYPE_CHECKING:
    from roadmap_bot.state.updates import Updates

_log = logging.getLogger(__name__)
MOST_AT_ONCE = 64
MOST_OPEN = 100
# One chat cannot take all the room: what comes while so much of it waits is passed over.
LONGEST_LINE = 30
Delivery: TypeAlias = Callable[[], Awaitable[None]]
"""Sends what an update is answered with. It may wait for long, so that nobody waits for it but its own chat."""


@dataclass(slots=True, eq=False)
class _Line:
    """What a chat sent and what it is to be sent, each in order, and whether somebody is at it."""

    arrived: deque[Update] = field(default_factory=deque)
    answered: deque[tuple[Update, Delivery | None]] = field(default_factory=deque)
    answering: bool = False
    delivering: bool = False

    def __len__(self) -> int:
        return len(self.arrived) + len(self.answered)


class Handling:
    """The updates between their arrival and their confirmation.

    `handle` finds out what to answer, one update of a chat after the other, and gives back how to send it. A pressed
    button can so be acknowledged while answers to earlier ones still wait for their turn.
    """

    def __init__(self, handle: Callable[[Update], Awaitable[Delivery | None]], updates: Updates, now: Clock) -> None:
        self.finished = asyncio.Event()
        self._handle = handle
        self._updates = updates
        self._now = now
        self._open: dict[int, asyncio.Future[None]] = {}
        self._done: set[int] = set()
        self._highest: int | None = None
        self._lines: dict[str, _Line] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(MOST_AT_ONCE)
        self._recorded = False
        self._unnoted: list[int] = []
        self._noting = False

    @property
    def busy(self) -> bool:
        """Whether something is being handled."""
        return bool(self._open)

    @property
    def full(self) -> bool:
        """Whether nothing more is taken now."""
        return len(self._open) >= MOST_OPEN

    @property
    def offset(self) -> int | None:
        """Everything below it is done and noted; None before anything was."""
        if self._open:
            return min(self._open)
        return None if self._highest is None else self._highest + 1

    async def take(self, arrived: Sequence[Update]) -> bool:
        """Begins with those that are new, as far as there is room; whether there were any."""
        once = {one.update_id: one for one in arrived}
        new = [one for one in once.values() if one.update_id not in self._open and one.update_id not in self._done]
        new = new[: MOST_OPEN - len(self._open)]
        if not new:
            return False
        if not self._open and not self._done:
            # After a week without updates Telegram counts from anywhere, also from below.
            self._highest = None
        loop = asyncio.get_running_loop()
        for update in new:
            self._open[update.update_id] = loop.create_future()
            self._highest = max(self._highest or 0, update.update_id)
        known = await asyncio.to_thread(self._updates.handled, [update.update_id for update in new])
        for update in new:
            if update.update_id in known:
                self._recorded = True
                self._close(update.update_id)
            else:
                self._queue(update)
        return True

    async def done(self, update_id: int) -> None:
        """Returns when an update that was taken is handled and noted."""
        if future := self._open.get(update_id):
            await asyncio.shield(future)

    async def confirmed(self, offset: int | None) -> None:
        """Telegram knows that everything below `offset` is done, and does not send it again."""
        if offset is None:
            return
        self._done = {number for number in self._done if number >= offset}
        if self._recorded:
            self._recorded = False
            await asyncio.to_thread(self._updates.forget_below, offset)

    async def finish(self, seconds: float) -> None:
        """Waits for what is open, at most so long; the rest is cut off and will be sent again."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while self._workers and (left := end - loop.time()) > 0:
            await asyncio.wait(self._workers, timeout=left)
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    def _queue(self, update: Update) -> None:
        name = line_of(update)
        line = self._lines.setdefault(name, _Line())
        if len(line) >= LONGEST_LINE:
            _log.warning("Too much at once from one chat: update %d is passed over.", update.update_id)
            self._note(update)
            return
        line.arrived.append(update)
        if not line.answering:
            line.answering = True
            self._start(self._answer(name, line))

    def _start(self, work: Awaitable[None]) -> None:
        worker = asyncio.ensure_future(work)
        assert isinstance(worker, asyncio.Task)
        self._workers.add(worker)
        worker.add_done_callback(self._workers.discard)

    async def _answer(self, name: str, line: _Line) -> None:
        """Finds the answers to what a chat sent, one after the other, until there is no more."""
        while line.arrived:
            update, delivery = line.arrived[0], None
            async with self._room:
                try:
                    delivery = await self._handle(update)
                except Exception:
                    # Whatever it was, it would happen again; an update is not handled twice for it.
                    _log.exception("Update %d could not be handled.", update.update_id)
            line.answered.append((line.arrived.popleft(), delivery))
            if not line.delivering:
                line.delivering = True
                self._start(self._deliver(name, line))
        line.answering = False

    async def _deliver(self, name: str, line: _Line) -> None:
        """Sends the answers, one after the other."""
        while line.answered:
            update, delivery = line.answered[0]
            if delivery:
                try:
                    await delivery()
                except Exception:
                    _log.exception("The answer to update %d could not be sent.", update.update_id)
            self._note(update)
            line.answered.popleft()
        line.delivering = False
        if not line.answering:
            del self._lines[name]

    def _note(self, update: Update) -> None:
        """Has an update written down as done, together with those that are done meanwhile: a crowd is one commit."""
        self._unnoted.append(update.update_id)
        if not self._noting:
            self._noting = True
            self._start(self._note_all())

    async def _note_all(self) -> None:
        while self._unnoted:
            numbers, self._unnoted = self._unnoted, []
            try:
                await asyncio.to_thread(self._updates.record, numbers, self._now())
            except Exception:
                # They are done all the same. Only after a crash right now would they be done twice.
                _log.exception("%d updates could not be noted as handled.", len(numbers))
            self._recorded = True
            for number in numbers:
                self._close(number)
        self._noting = False

    def _close(self, update_id: int) -> None:
        self._done.add(update_id)
        future = self._open.pop(update_id, None)
        if future and not future.done():
            future.set_result(None)
        self.finished.set()


def line_of(update: Update) -> str:
    """Updates with the same line are handled one after the other: those of a chat, else those of a person."""
    match update:
        case Update(callback_query=query) if query and query.message:
            return f"chat {query.message.chat.id}"
        case Update(callback_query=query) if query:
            return f"user {query.from_user.id}"
        case Update(inline_query=typed) if typed:
            return f"user {typed.from_user.id}"
        case Update(my_chat_member=membership) if membership:
            return f"chat {membership.chat.id}"
        case Update(message=Message() as message) | Update(channel_post=Message() as message):
            return f"chat {message.chat.id}"
        case _:
            return "other"
