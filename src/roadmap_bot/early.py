"""Hears that a bot is to stop while its libraries are still loading, before anything else can listen for signals."""

from __future__ import annotations

import signal
from types import FrameType

_heard: list[int] = []


def listen() -> None:
    """From now on SIGTERM and Ctrl-C end the process in order, wherever it is."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _hear)


def heard() -> bool:
    """Whether the bot was told to stop. What is raised then may get lost: Python drops it in some callbacks."""
    return bool(_heard)


def _hear(number: int, _frame: FrameType | None) -> None:
    _heard.append(number)
    raise SystemExit(0)
