"""How the tests make one deliberate mistake in a right request and look for the sentence about it."""

from __future__ import annotations

import copy
from typing import Any

from tests.oracles.problems import Place, written_place

GONE = "…"


def changed(value: Any, place: str, wrong: Any) -> Any:
    """A copy of a value with another one put at the place ("embeds.0.title"), or nothing where it is GONE."""
    result = copy.deepcopy(value)
    *steps, last = _steps(place)
    inner = result
    for step in steps:
        inner = inner[step]
    if wrong == GONE:
        del inner[last]
    else:
        inner[last] = wrong
    return result


def named(found: list[str], place: str, text: str) -> bool:
    """Whether a sentence begins with the text; a text that begins with a space follows the place of the mistake."""
    beginning = written_place(_steps(place)) + text if text.startswith(" ") else text
    return any(sentence.startswith(beginning) for sentence in found)


def _steps(place: str) -> Place:
    return tuple(int(step) if step.isdecimal() else step for step in place.split("."))
