"""How a request finds the function that answers it, and what that function is given."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.discord.world import Json

if TYPE_CHECKING:
    from tests.fakes.discord.state import State

Reply = tuple[int, Any]  # the status and the JSON of the answer; None for no body
Handler = Callable[["State", "Call"], Reply]
Route = tuple[str, str, Handler]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request: `path` is without the prefix of the API, `call["name"]` a part of it that the route names."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    files: tuple[Json, ...] = ()
    parts: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.parts[name]


class Router:
    """The routes of the API; the first that fits is taken."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = [(method, _pattern(path), handler) for method, path, handler in routes]

    def find(self, method: str, path: str) -> tuple[Handler, dict[str, str]] | None:
        """The handler of a request and the named parts of its path."""
        for known, pattern, handler in self._routes:
            if known == method and (match := pattern.fullmatch(path)):
                return handler, match.groupdict()
        return None


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
