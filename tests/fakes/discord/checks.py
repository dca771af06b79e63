"""Small checks that the tables of rules are made of, and the error tree that their refusals become.

A check takes a value, its place and the list of problems found so far. Codes and sentences are those of Discord's
form errors (Discord API docs, Error Messages) as far as they are known. Unknown fields are refused too: Discord ignores
them, but no client of ours means to send any.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

Place = tuple[str | int, ...]
Check = Callable[[Any, Place, "Problems"], None]

REQUIRED = ("BASE_TYPE_REQUIRED", "This field is required")


class Problems:
    """What is wrong with one request, in the order it was found."""

    def __init__(self) -> None:
        self.found: list[tuple[Place, str, str]] = []

    def __bool__(self) -> bool:
        return bool(self.found)

    def add(self, place: Place, code: str, message: str) -> None:
        """Notes a problem at a place."""
        self.found.append((place, code, message))

    def lines(self) -> tuple[str, ...]:
        """Each problem as `place: sentence (CODE)`."""
        return tuple(f"{'.'.join(map(str, place))}: {message} ({code})" for place, code, message in self.found)

    def tree(self) -> dict[str, Any]:
        """The `errors` object of an answer with code 50035."""
        tree: dict[str, Any] = {}
        for place, code, message in self.found:
            node = tree
            for step in place:
                node = node.setdefault(str(step), {})
            node.setdefault("_errors", []).append({"code": code, "message": message})
        return tree


def text(most: int, *, least: int = 0) -> Check:
    """A string of so many characters; with `least` one, blanks alone do not count."""

    def check(value: Any, place: Place, problems: Problems) -> None:
        if not isinstance(value, str):
            problems.add(place, "STRING_TYPE_CONVERT", f'Could not interpret "{value}" as string.')
        elif least and not value.strip():
            problems.add(place, *REQUIRED)
        elif len(value) > most and least:
            problems.add(place, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        elif len(value) > most:
            problems.add(place, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    return check


def whole(least: int, most: int) -> Check:
    """A whole number in a range; `24.0` is one."""

    def check(value: Any, place: Place, problems: Problems) -> None:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value):
            problems.add(place, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
        elif not least <= value <= most:
            problems.add(place, "NUMBER_TYPE_MAX", f"int value should be between {least} and {most}.")

    return check


def number(value: Any, place: Place, problems: Problems) -> None:
    """Any number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        problems.add(place, "NUMBER_TYPE_COERCE", f'Value "{value}" is not a number.')


def switch(value: Any, place: Place, problems: Problems) -> None:
    """True or false."""
    if not isinstance(value, bool):
        problems.add(place, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")


def snowflake(value: Any, place: Place, problems: Problems) -> None:
    """An id, as string or number."""
    if isinstance(value, bool) or not isinstance(value, (int, str)) or not re.fullmatch(r"\d{1,20}", str(value)):
        problems.add(place, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')


def when(value: Any, place: Place, problems: Problems) -> None:
    """A time in ISO 8601."""
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        problems.add(place, "DATE_TIME_TYPE_PARSE", f'Could not parse "{value}". Should be ISO8601.')


def anything(value: Any, place: Place, problems: Problems) -> None:
    """Whatever it is."""


def one_of(*values: Any) -> Check:
    """One of the values."""

    def check(value: Any, place: Place, problems: Problems) -> None:
        if isinstance(value, bool) or value not in values:
            problems.add(place, "BASE_TYPE_CHOICES", f"Value must be one of {values}.")

    return check


def bits(allowed: int) -> Check:
    """Flags of which only some may be set."""

    def check(value: Any, place: Place, problems: Problems) -> None:
        if isinstance(value, bool) or not isinstance(value, int) or value & ~allowed:
            problems.add(place, "FLAGS_NOT_ALLOWED", f"Only the flags {allowed:#x} can be set here, not {value}.")

    return check


def address(most: int, *, schemes: tuple[str, ...] = ("http", "https")) -> Check:
    """A URL with one of the schemes."""
    pattern = re.compile(rf"(?:{'|'.join(map(re.escape, schemes))})://[^\s/?#][^\s]*", re.IGNORECASE)

    def check(value: Any, place: Place, problems: Problems) -> None:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            message = f'Not a well formed URL: "{value}"; scheme must be one of {schemes}.'
            problems.add(place, "URL_TYPE_INVALID_URL", message)
        elif len(value) > most:
            problems.add(place, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    return check


def many(item: Check, *, most: int, least: int = 0, unique: bool = False) -> Check:
    """A list of so many items."""

    def check(value: Any, place: Place, problems: Problems) -> None:
        if not isinstance(value, list):
            problems.add(place, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return
        if not least <= len(value) <= most:
            problems.add(place, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        if unique and len({str(entry) for entry in value}) < len(value):
            problems.add(place, "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains a value.")
        for index, entry in enumerate(value):
            item(entry, (*place, index), problems)

    return check


def record(fields: Mapping[str, Check], *, required: tuple[str, ...] = ()) -> Check:
    """An object with these fields; null counts as absent, and so does not do for a required one."""

    def check(value: Any, place: Place, problems: Problems) -> None:
        if not isinstance(value, dict):
            problems.add(place, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
            return
        for name in required:
            if value.get(name) is None:
                problems.add((*place, name), *REQUIRED)
        for name, entry in value.items():
            if name not in fields:
                problems.add((*place, name), "UNKNOWN_FIELD", "Discord knows no such field here")
            elif entry is not None:
                fields[name](entry, (*place, name), problems)

    return check


def both(*checks: Check) -> Check:
    """All of the checks, one after the other."""

    def check(value: Any, place: Place, problems: Problems) -> None:
        for one in checks:
            one(value, place, problems)

    return check
