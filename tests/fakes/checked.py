"""Looks over everything a bot has sent to a local server, by our own rules and, where they are, the descriptions."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from tests.oracles.descriptions import given_folder
from tests.oracles.discord_requests import DiscordOracle
from tests.oracles.telegram_requests import TelegramOracle

# Asked for at once: the tests run without the variables of whoever starts them.
_FOLDER = given_folder()


def look_over(server: Any) -> None:
    """Fails when a request was made that the platform would refuse; `server` is in this process or another."""
    problems = list(server.problems())
    if _FOLDER:
        judge = _discord_problems if server.platform == "discord" else _telegram_problems
        problems += [problem for entry in server.requests() for problem in judge(_FOLDER, entry)]
    if problems:
        raise AssertionError("\n".join(problems))


def _discord_problems(folder: Path, entry: Any) -> list[str]:
    found = _discord(folder).problems(entry.method, entry.path, entry.query, _plain(entry.body))
    return [f"{entry.method} {entry.path}: {problem}" for problem in found]


def _telegram_problems(folder: Path, entry: Any) -> list[str]:
    return _telegram(folder).problems(entry.path.rpartition("/")[2], _plain(entry.body) or {})


def _plain(body: Any) -> Any:
    """A body as it went over the wire: from another process its objects come as records."""
    return json.loads(json.dumps(body))


@cache
def _discord(folder: Path) -> DiscordOracle:
    return DiscordOracle(folder)


@cache
def _telegram(folder: Path) -> TelegramOracle:
    return TelegramOracle(folder)
