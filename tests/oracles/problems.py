"""How a finding is written down: where it is in a value, what is wrong there, and one readable sentence of both."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_SHOWN_CHARACTERS = 60
_SHOWN_CHOICES = 30

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one place of a value; `text` is the rest of a sentence that begins with the place."""

    place: Place
    text: str

    def sentence(self, root: str) -> str:
        """The problem as one sentence; `root` names the value as a whole ("the body", "sendMessage")."""
        return f"{written_place(self.place) or root} {self.text}"


def written_place(place: Place) -> str:
    """A place as a programmer writes it: `embeds[0].fields[2].name`; empty for the value as a whole."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).removeprefix(".")


def shown(value: Any) -> str:
    """A value for a sentence, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"


def choices(allowed: Iterable[Any]) -> str:
    """The allowed values for a sentence, each once, in order, the first thirty of them."""
    values = list(allowed)
    if len({type(value) for value in values}) == 1:
        values.sort()
    written = list(dict.fromkeys(shown(value) for value in values))
    more = len(written) - _SHOWN_CHOICES
    return ", ".join(written[:_SHOWN_CHOICES]) + (f" and {more} more" if more > 0 else "")


def unknown(name: str, allowed: Iterable[str]) -> str:
    """What is said of a field that nobody described, with the described name that looks most like it."""
    close = difflib.get_close_matches(name, list(allowed), n=1)
    return "is not a known field" + (f"; did you mean `{close[0]}`?" if close else "")


def count(number: int, noun: str) -> str:
    """A number with its noun, given in both forms: "entry|entries"."""
    one, _, many = noun.partition("|")
    return f"{number} {one if number == 1 else many}"
