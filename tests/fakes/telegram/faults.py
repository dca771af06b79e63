"""What goes wrong on purpose: answers to give instead of the true one, lost connections, and the limits on sending.

It decides what happens to a request; the server carries it out.
"""

from __future__ import annotations

import math
import random
import re
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.serving import ControlError
from tests.fakes.telegram.methods import NOT_MODIFIED, TOO_OLD
from tests.fakes.telegram.refusals import Refused, bad, forbidden
from tests.fakes.telegram.updates import TERMINATED

# What is answered instead of doing what was asked.
ANSWERS = {
    "blocked": forbidden("bot was blocked by the user"),
    "kicked": forbidden("bot was kicked from the group chat"),
    "deactivated": forbidden("user is deactivated"),
    "cannot_initiate": forbidden("bot can't initiate conversation with a user"),
    "chat_not_found": bad("chat not found"),
    "not_modified": bad(NOT_MODIFIED),
    "query_too_old": bad(TOO_OLD),
    "message_not_found": bad("message to edit not found"),
    "thread_not_found": bad("message thread not found"),
    "topic_closed": bad("TOPIC_CLOSED"),
    "no_rights": bad("not enough rights to send text messages to the chat"),
    "conflict": Refused(409, TERMINATED),
    "server_error": Refused(500, "Internal Server Error"),
    "unauthorized": Refused(401, "Unauthorized"),
}
# What happens to the connection, and to getUpdates.
EVENTS = {"bad_gateway", "cut_before", "cut_after", "hang", "duplicate", "malformed"}
KINDS = sorted({*ANSWERS, *EVENTS, "flood", "migrated", "error"})


@dataclass(slots=True, kw_only=True)
class Fault:
    """One thing that will go wrong: for which requests, how often, after how many that go well."""

    kind: str
    method: re.Pattern[str] | None
    chat: int | str | None
    times: int | None
    after: int
    probability: float | None
    details: dict[str, Any] = field(default_factory=dict)
    chance: random.Random = field(default_factory=random.Random)

    def strikes(self, method: str, chat: int | str | None) -> bool:
        """Whether this request is hit; counts it if so."""
        if self.times == 0 or (self.method and not self.method.fullmatch(method)):
            return False
        if self.chat is not None and str(self.chat) != str(chat):
            return False
        if self.after > 0:
            self.after -= 1
            return False
        if self.probability is not None and self.chance.random() >= self.probability:
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def answer(self) -> Refused | None:
        """What is answered instead; None for a fault that is not an answer."""
        given = self.details
        if self.kind == "flood":
            return flood(given.get("retry_after", 1))
        if self.kind == "migrated":
            text = "group chat was upgraded to a supergroup chat"
            return bad(text, migrate_to_chat_id=given["migrate_to_chat_id"])
        if self.kind == "error":
            return Refused(given["code"], given["description"], **given.get("parameters", {}))
        known = ANSWERS.get(self.kind)
        return Refused(known.code, known.description) if known else None


class Faults:
    """The faults that are set, in the order in which they were."""

    def __init__(self) -> None:
        self._set: list[Fault] = []

    def add(
        self,
        kind: str,
        *,
        method: str | None,
        chat: int | str | None,
        times: int | None,
        after: int,
        probability: float | None,
        details: dict[str, Any],
    ) -> None:
        """Sets one fault; `details` depend on its kind, `seed` makes its probability reproducible."""
        if kind not in KINDS:
            raise ControlError(f"no fault is called {kind!r}; known: {', '.join(KINDS)}")
        if kind in {"duplicate", "malformed"}:
            method = "getUpdates"
        pattern = re.compile(method, re.IGNORECASE) if method else None
        chance = random.Random(details.pop("seed", 20_26))
        fault = Fault(
            kind=kind, method=pattern, chat=chat, times=times, after=after, probability=probability, details=details
        )
        fault.chance = chance
        fault.answer()  # a missing detail is said now, not when it strikes
        self._set.append(fault)

    def striking(self, method: str, chat: int | str | None) -> Fault | None:
        """The first fault that hits this request; getUpdates is only hit by faults that name it."""
        for fault in self._set:
            if (method != "getUpdates" or fault.method is not None) and fault.strikes(method, chat):
                return fault
        return None

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._set.clear()


class Limits:
    """How much the bot may send (Bots FAQ: 1 a second in a chat, 20 a minute in a group, about 30 a second in all).

    Off until set. Windows are a twentieth shorter than the rule, for the way through sockets and clocks.
    """

    def __init__(self) -> None:
        self.violations: list[dict[str, Any]] = []
        self._rules: dict[str, tuple[int, float]] = {}
        self._sent: dict[Any, deque[float]] = {}

    def set(self, *, overall: int, per_chat: int, per_group: int) -> None:
        """Messages and edits: in all and in a private chat each second, in a group each minute; 0 for no limit."""
        self._rules = {"overall": (overall, 0.95), "per_chat": (per_chat, 0.95), "per_group": (per_group, 57.0)}
        self._sent.clear()

    def check(self, method: str, chat: int) -> None:
        """Counts what is sent; refuses what is too much."""
        now, windows = time.monotonic(), []
        for rule, key in (("overall", None), ("per_group" if chat < 0 else "per_chat", chat)):
            most, seconds = self._rules.get(rule, (0, 0.0))
            if not most:
                continue
            window = self._sent.setdefault(key, deque())
            while window and now - window[0] >= seconds:
                window.popleft()
            windows.append(window)
            if len(window) >= most:
                wait = max(1, math.ceil(seconds - (now - window[0])))
                self.violations.append({"rule": rule, "chat": chat, "method": method, "time": now})
                raise flood(wait)
        for window in windows:
            window.append(now)


def flood(seconds: int) -> Refused:
    """The 429 that says how long to wait."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
