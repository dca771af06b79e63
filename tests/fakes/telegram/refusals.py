"""What the Bot API answers instead of a result."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """What the Bot API answers instead of a result."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


def bad(text: str, **parameters: Any) -> Refused:
    """A 400 in Telegram's form."""
    return Refused(400, f"Bad Request: {text}", **parameters)


def forbidden(text: str) -> Refused:
    """A 403 in Telegram's form."""
    return Refused(403, f"Forbidden: {text}")
