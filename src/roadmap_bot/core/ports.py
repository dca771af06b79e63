"""What the composition root hands in instead of letting anybody reach for it: chance and the time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Chance = Callable[[int], int]
"""A source of randomness: `chance(n)` is a whole number from 0 to n - 1."""


Clock = Callable[[], datetime]
"""A source of time: the instant it is, aware, in UTC."""
