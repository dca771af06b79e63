"""What can go wrong with a REST request on purpose: faults a test sets, and the keeping of rate limits.

Source of headers and bodies: Discord API docs, Rate Limits. What Cloudflare answers is known from reports alone: HTML,
and no `Via` header where it refuses by itself.
"""

from __future__ import annotations

import json
import re
import time
from collections import deque
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.fakes.discord.refusal import CODES
from tests.fakes.discord.world import Clock, Json

CUT_BEFORE, CUT_AFTER, HANG, HANG_AFTER, SLOW_BODY, CLOUDFLARE = (
    "cut_before",
    "cut_after",
    "hang",
    "hang_after",
    "slow_body",
    "cloudflare",
)
KINDS = (CUT_BEFORE, CUT_AFTER, HANG, HANG_AFTER, SLOW_BODY, CLOUDFLARE)
Answered = tuple[int, dict[str, str], str]  # status, headers, body


@dataclass(slots=True, kw_only=True)
class Fault:
    """One fault: `kind` is of `KINDS` or a status; it concerns `times` requests (None: all) after `after` others."""

    number: int
    kind: str
    path: str | None
    method: str | None
    times: int | None
    after: int
    probability: float | None
    details: Json
    hits: int = 0


class Faults:
    """The faults that are set."""

    def __init__(self) -> None:
        self.all: list[Fault] = []
        self._last = 0
        # A fixed seed: a fault by chance strikes the same requests in every run.
        self._chance = Random(20)

    def add(self, kind: str, **about: Any) -> int:
        """Sets a fault; gives its number."""
        if kind not in KINDS and not (kind.isdigit() and 400 <= int(kind) < 600):
            raise ValueError(f"no such fault: {kind}; known are {', '.join(KINDS)} and statuses from 400 to 599")
        self._last += 1
        self.all.append(Fault(number=self._last, kind=kind, **about))
        return self._last

    def clear(self) -> None:
        """Sets no fault any more."""
        self.all.clear()

    def strike(self, method: str, path: str) -> Fault | None:
        """The first fault that concerns a request."""
        for fault in self.all:
            if fault.method not in {None, method} or (fault.path is not None and not re.search(fault.path, path)):
                continue
            if fault.times is not None and fault.hits >= fault.times:
                continue
            if fault.after > 0:
                fault.after -= 1
            elif fault.probability is None or self._chance.random() < fault.probability:
                fault.hits += 1
                return fault
        return None


def answer(fault: Fault) -> Answered | None:
    """What a fault answers in the server's place; None where the request is answered as usual."""
    if fault.kind == CLOUDFLARE:
        return 429, {"Content-Type": "text/html; charset=UTF-8", "Retry-After": "600"}, _html("error code: 1015")
    if not fault.kind.isdigit():
        return None
    status, details = int(fault.kind), fault.details
    if status == 429:
        return too_many(float(details.get("retry_after", 1.0)), scope=details.get("scope", "user"))
    if status >= 500 and "code" not in details:
        return status, {"Content-Type": "text/html"}, _html(f"{status} | discord.com")
    code = int(details.get("code", 0))
    body = {"message": details.get("message", CODES.get(code, (0, f"{status}: refused"))[1]), "code": code}
    return status, {"Content-Type": "application/json"}, _json(body)


def too_many(seconds: float, *, scope: str = "user", bucket: Bucket | None = None) -> Answered:
    """A 429 of Discord's own; the scope is user, shared or global."""
    everywhere = scope == "global"
    headers = {
        "Content-Type": "application/json",
        "Via": "1.1 google",
        "Retry-After": str(max(1, round(seconds))),
        "X-RateLimit-Scope": scope,
    }
    if everywhere:
        headers["X-RateLimit-Global"] = "true"
    else:
        headers |= (bucket or Bucket(limit=1, seconds=seconds)).headers(left=0, seconds=seconds)
    body = {"message": "You are being rate limited.", "retry_after": seconds, "global": everywhere}
    return 429, headers, _json(body)


def _html(words: str) -> str:
    return f"<html><head><title>{words}</title></head><body><center>{words}</center></body></html>"


def _json(body: Json) -> str:
    return json.dumps(body)


@dataclass(slots=True)
class Bucket:
    """A window of so many requests in so many seconds; it opens with the first request."""

    limit: int
    seconds: float
    opened: float | None = None
    used: int = 0

    def headers(self, *, left: int, seconds: float) -> dict[str, str]:
        """What an answer says of the bucket."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(left),
            "X-RateLimit-Reset": f"{time.time() + seconds:.3f}",
            "X-RateLimit-Reset-After": f"{seconds:.3f}",
            "X-RateLimit-Bucket": f"messages-{self.limit}-{self.seconds:g}",
        }


@dataclass(slots=True)
class Limits:
    """Rate limits, kept when they are set: messages per channel, and requests per second over everything."""

    clock: Clock
    per_channel: tuple[int, float] | None = None
    per_second: int | None = None
    violations: int = 0
    buckets: dict[str, Bucket] = field(default_factory=dict)
    recent: deque[float] = field(default_factory=deque)

    def check(self, method: str, path: str) -> tuple[Answered | None, dict[str, str]]:
        """A 429 if a request breaks a limit, and the headers its answer has otherwise."""
        now = self.clock()
        # Discord API docs: interactions are outside the global limit.
        if self.per_second is not None and not path.startswith(("/interactions/", "/webhooks/")):
            while self.recent and now - self.recent[0] >= 1.0:
                self.recent.popleft()
            if len(self.recent) >= self.per_second:
                self.violations += 1
                return too_many(1.0 - (now - self.recent[0]), scope="global"), {}
            self.recent.append(now)
        match = re.fullmatch(r"/channels/(\d+)/messages", path)
        if self.per_channel is None or match is None or method != "POST":
            return None, {}
        bucket = self.buckets.get(match[1])
        if bucket is None or bucket.opened is None or now - bucket.opened >= bucket.seconds:
            bucket = self.buckets[match[1]] = Bucket(*self.per_channel, opened=now)
        assert bucket.opened is not None
        left = bucket.seconds - (now - bucket.opened)
        if bucket.used >= bucket.limit:
            self.violations += 1
            return too_many(left, bucket=bucket), {}
        bucket.used += 1
        return None, bucket.headers(left=bucket.limit - bucket.used, seconds=left)
