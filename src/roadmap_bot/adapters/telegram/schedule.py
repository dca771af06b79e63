"""Decides which message may go when, so that Telegram's limits are kept; pure: instants are handed in, nothing waits.

The limits (Telegram's bots FAQ: about 30 messages a second in all, one a second in a chat, 20 a minute in a group) are
kept with a margin, since what leaves evenly may arrive in a bunch.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf

SECOND = 1.0
CHAT_SPACING = 1.05
MINUTE = 60.0
PER_MINUTE_IN_GROUP = 18
# So many a second are kept free for answers to people.
RESERVE = 3
# What is not urgent and has waited this long goes next, once in so many seconds, however many answers there are.
OVERDUE = 5.0
_IDLE = 2 * MINUTE


@dataclass(frozen=True, slots=True, eq=False)
class Ticket:
    """A message that waits for its turn in `chat`; negative ids are groups."""

    chat: int
    urgent: bool
    entered: float


@dataclass(slots=True)
class _Lane:
    """What a chat has had lately, and until when it is paused."""

    sent: deque[float] = field(default_factory=lambda: deque(maxlen=PER_MINUTE_IN_GROUP))
    paused_until: float = -inf

    def free_at(self, chat: int, spacing: float) -> float:
        """When the next message may go there."""
        spaced = self.sent[-1] + spacing if self.sent else -inf
        crowded = chat < 0 and len(self.sent) >= PER_MINUTE_IN_GROUP
        return max(spaced, self.sent[-PER_MINUTE_IN_GROUP] + MINUTE if crowded else -inf, self.paused_until)


class Schedule:
    """The messages that wait, first come first served in each chat; urgent ones go before the others.

    At most `per_second` go in any second, and in one chat they are `spacing` seconds apart; those that are not
    urgent go only while a few more could.
    """

    def __init__(self, per_second: int, spacing: float = CHAT_SPACING) -> None:
        self._per_second = per_second
        self._spacing = spacing
        self._reserve = min(RESERVE, per_second - 1)
        self._waiting: dict[Ticket, None] = {}
        self._sent: deque[float] = deque(maxlen=per_second)
        self._lanes: dict[int, _Lane] = {}
        self._paused_until = -inf
        self._ordinary_at = -inf
        self._swept_at = -inf

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def chats(self) -> int:
        """How many chats are remembered."""
        return len(self._lanes)

    def enter(self, chat: int, now: float, *, urgent: bool) -> Ticket:
        """Joins the queue."""
        ticket = Ticket(chat, urgent, now)
        self._waiting[ticket] = None
        return ticket

    def leave(self, ticket: Ticket) -> None:
        """Leaves the queue without going."""
        self._waiting.pop(ticket, None)

    def refused(self, chat: int, seconds: float, now: float) -> None:
        """Telegram wants `seconds` of silence in a chat; when two chats are told so at once, it means everything."""
        others = (lane for other, lane in self._lanes.items() if other != chat)
        if any(lane.paused_until > now for lane in others):
            self._paused_until = max(self._paused_until, now + seconds)
        lane = self._lanes.setdefault(chat, _Lane())
        lane.paused_until = max(lane.paused_until, now + seconds)

    def due(self, now: float) -> list[Ticket]:
        """The tickets that go now, in their order; they are counted as sent."""
        going: list[Ticket] = []
        while ticket := self._next(now):
            del self._waiting[ticket]
            going.append(ticket)
            self._sent.append(now)
            self._lanes.setdefault(ticket.chat, _Lane()).sent.append(now)
            if not ticket.urgent:
                self._ordinary_at = now
        self._sweep(now)
        return going

    def wakes(self, now: float) -> float | None:
        """When `due` is worth asking again; None while nothing waits."""
        soonest = inf
        for ticket in self._heads():
            overall = self._overall_free_at(0 if ticket.urgent else self._reserve)
            if not ticket.urgent:
                overall = min(overall, max(self._overall_free_at(0), self._overdue_at(ticket)))
            soonest = min(soonest, max(overall, self._free_at(ticket.chat)))
        return None if soonest == inf else max(soonest, now)

    def _next(self, now: float) -> Ticket | None:
        if self._overall_free_at(0) > now:
            return None
        free = [ticket for ticket in self._heads() if self._free_at(ticket.chat) <= now]
        ordinary = next((ticket for ticket in free if not ticket.urgent), None)
        if ordinary and self._overdue_at(ordinary) <= now:
            return ordinary
        urgent = next((ticket for ticket in free if ticket.urgent), None)
        if urgent:
            return urgent
        return ordinary if ordinary and self._overall_free_at(self._reserve) <= now else None

    def _heads(self) -> Iterator[Ticket]:
        """The first of each chat and urgency, in the order they came."""
        seen: set[tuple[int, bool]] = set()
        for ticket in self._waiting:
            if (ticket.chat, ticket.urgent) not in seen:
                seen.add((ticket.chat, ticket.urgent))
                yield ticket

    def _overdue_at(self, ticket: Ticket) -> float:
        return max(ticket.entered, self._ordinary_at) + OVERDUE

    def _free_at(self, chat: int) -> float:
        lane = self._lanes.get(chat)
        return lane.free_at(chat, self._spacing) if lane else -inf

    def _overall_free_at(self, reserve: int) -> float:
        """When one more may go in all, with `reserve` left for others."""
        room = self._per_second - reserve
        counted = self._sent[-room] + SECOND if len(self._sent) >= room else -inf
        return max(counted, self._paused_until)

    def _sweep(self, now: float) -> None:
        """Forgets chats where nothing happened for long."""
        if now < self._swept_at + MINUTE:
            return
        self._swept_at = now
        for chat in [one for one, lane in self._lanes.items() if lane.paused_until <= now]:
            sent = self._lanes[chat].sent
            if not sent or sent[-1] + _IDLE <= now:
                del self._lanes[chat]
