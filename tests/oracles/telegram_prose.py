"""Reads the limits that Telegram's documentation states in sentences into keywords of a JSON Schema.

Sentences that fit none of these patterns say nothing here: what is not understood is not judged. Two keywords are this
package's own: `length` (of a text, in UTF-16 code units or bytes) and `beside` (what the fields of one object say about
each other).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_SENTENCE = re.compile(r"(?<=[.;])\s+")
_QUOTED = re.compile(r'"([^"]+)"')
_QUOTED_CHOICE = re.compile(r'(?:must be one of|one of|can be|either|Poll type,)\s+(?:either\s+)?"', re.IGNORECASE)
_NUMBER_CHOICE = re.compile(r"must (?:always )?be (?:one of )?(\d[\d\s*,or()xA-F]*?)(?:\.|$|\s\(\d+ days\))")
_FIXED = re.compile(r'(?:must be ([a-z][a-z0-9_]*)\.?|always "([^"]+)"\.?)$')
_ACTION = re.compile(r"\b([a-z]+(?:_[a-z]+)*)(?= for | or [a-z_]+ for )")
_TEXT_LENGTH = re.compile(r"(?:(\d+)-|up to )(\d+) (characters|bytes)", re.IGNORECASE)
_LENGTH_AT_MOST = re.compile(r"can't exceed (\d+) (characters|bytes)", re.IGNORECASE)
_LINE_FEEDS = re.compile(r"at most (\d+) line feeds?")
_RANGE = re.compile(r"\b(\d+)(?:-| and )(\d+)\b")
_OR_HEXADECIMAL = re.compile(r"or (0x[0-9A-F]+) ", re.IGNORECASE)
_AT_MOST = re.compile(r"(?:up to|at most|no more than) (\d+) ", re.IGNORECASE)
_AT_MOST_OF_FIELD = re.compile(r"No more than (\d+) (\w+) per")
_ALPHABET = re.compile(r"only (?:characters )?(?:A-Z, a-z, 0-9, _ and -) are allowed", re.IGNORECASE)
_WORD_LETTERS = re.compile(r"can contain only (lowercase )?English letters, digits and underscores", re.IGNORECASE)
_ONLY_FOR = re.compile(r'For "([a-z_]+)" only')
_INSTEAD = re.compile(r"(?:instead of|together with) (\w+)")
_NEEDED = re.compile(r"Required if (\w+)(?: and (\w+))? (?:is|are) not specified")
_NEEDED_IN_QUIZ = "required for polls in quiz mode"
_ONE_OF = re.compile(r"(Exactly|At most) one of the fields other than ([\w, ]+?) must be used")
_ONE_OPTIONAL = "must use exactly one of the optional fields"

Field = Mapping[str, Any]


def plain(description: str) -> str:
    """A description with straight quotation marks and hyphens, as the patterns expect them."""
    return description.translate(str.maketrans("“”„–", '"""-'))


def text_limits(description: str) -> dict[str, Any]:
    """What a description says about a text: its length, its alphabet, the few values it may have."""
    said = plain(description)
    words: dict[str, Any] = {}
    if choices := _text_choices(said):
        words["enum"] = choices
    if found := _TEXT_LENGTH.search(said):
        words["length"] = Length(int(found[1] or 0), int(found[2]), found[3].lower(), _line_feeds(said))
    elif found := _LENGTH_AT_MOST.search(said):
        words["length"] = Length(0, int(found[1]), found[2].lower(), None)
    if _ALPHABET.search(said):
        words["pattern"] = r"^[A-Za-z0-9_-]*$"
    elif found := _WORD_LETTERS.search(said):
        words["pattern"] = r"^[a-z0-9_]*$" if found[1] else r"^[A-Za-z0-9_]*$"
    elif "two-letter ISO 639-1 language code" in said:
        words["pattern"] = r"^[a-z]{2}$|^$"
    elif "@username" in said and "Unique identifier" in said:
        words["pattern"] = r"^@\w+$|^-?\d+$"
    return words


def number_limits(description: str) -> dict[str, Any]:
    """What a description says about a number: its range or the few values it may have."""
    said = plain(description)
    if found := _NUMBER_CHOICE.search(said):
        # "7322096 (0x6FB9F0)" gives the same number twice; "2 * 86400" is a product.
        terms = re.split(r",\s*(?:or\s+)?|\s+or\s+", re.sub(r"\(\w+\)", "", found[1]).strip())
        return {"enum": [_product(term) for term in terms if term.strip()]}
    ranges = [(int(low), int(high)) for low, high in _RANGE.findall(said) if int(low) < int(high)]
    if len(ranges) != 1:  # of two ranges each holds in a case of its own
        return {}
    within = {"minimum": ranges[0][0], "maximum": ranges[0][1]}
    if found := _OR_HEXADECIMAL.search(f"{said} "):
        return {"anyOf": [within, {"const": int(found[1], 16)}]}
    return within


def list_limits(description: str) -> dict[str, Any]:
    """What a description says about the number of entries in a list."""
    said = plain(description)
    if (found := _RANGE.search(said)) and int(found[1]) < int(found[2]):
        return {"minItems": int(found[1]), "maxItems": int(found[2])}
    found = _AT_MOST.search(said)
    return {"maxItems": int(found[1])} if found else {}


def counted_fields(description: Iterable[str]) -> dict[str, int]:
    """Lists whose greatest length is stated with the method: the name of the field and that length."""
    said = plain(" ".join(description))
    return {name: int(number) for number, name in _AT_MOST_OF_FIELD.findall(said)}


def names_update_types(description: str) -> bool:
    """Whether the entries of a list are names of updates."""
    return "list of the update types" in description


def _text_choices(said: str) -> list[str]:
    for sentence in _SENTENCE.split(said):
        if _QUOTED_CHOICE.search(sentence):
            return list(dict.fromkeys(_QUOTED.findall(sentence)))
        if found := _FIXED.search(sentence):
            return [found[1] or found[2]]
    return _ACTION.findall(said) if "Choose one, depending on" in said else []


def _product(term: str) -> int:
    result = 1
    for factor in term.split("*"):
        result *= int(factor)
    return result


def _line_feeds(said: str) -> int | None:
    found = _LINE_FEEDS.search(said)
    return int(found[1]) if found else None


@dataclass(frozen=True, slots=True)
class Length:
    """How long a text may be. Characters are counted as UTF-16 code units, the strictest of what Telegram may mean."""

    least: int
    most: int
    unit: str
    line_feeds: int | None

    def of(self, text: str) -> int:
        """The length of a text in the unit of this limit."""
        return len(text.encode()) if self.unit == "bytes" else len(text.encode("utf-16-le")) // 2

    def violations(self, text: str, *, open_ended: bool = False) -> Iterator[str]:
        """What is wrong with a text; `open_ended` where nobody knows how long it is once its markup is read."""
        length = self.of(text)
        if length < self.least:
            yield f"has {length} {self.unit}; at least {self.least} must be there"
        if length > self.most and not open_ended:
            yield f"has {length} {self.unit}; at most {self.most} are allowed"
        if self.line_feeds is not None and text.count("\n") > self.line_feeds:
            yield f"has {text.count(chr(10))} line feeds; at most {self.line_feeds} are allowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What the fields of one object say about each other."""

    lengths: tuple[tuple[str, Length, str], ...]  # a text, its length, and the field that says it holds markup
    instead: tuple[tuple[str, str], ...]
    needed: tuple[tuple[str, tuple[str, ...]], ...]
    needed_in_quiz: tuple[str, ...]
    only_for: tuple[tuple[str, str], ...]
    one_of: tuple[str, ...]
    one_needed: bool

    def violations(self, given: Mapping[str, Any]) -> Iterator[tuple[str | None, str]]:
        """What is wrong, each with the field it is about; None means the object as a whole."""
        for name, length, mode in self.lengths:
            if isinstance(given.get(name), str):
                for text in length.violations(given[name], open_ended=mode in given):
                    yield name, text
        for name, other in self.instead:
            if name in given and other in given:
                yield name, f"must not be given together with `{other}`"
        for name, others in self.needed:
            if name not in given and not any(other in given for other in others):
                yield name, f"is missing; it is needed without `{'` and `'.join(others)}`"
        for name in self.needed_in_quiz:
            if given.get("type") == "quiz" and name not in given:
                yield name, "is missing; a quiz needs it"
        for name, kind in self.only_for:
            if name in given and given.get("type") != kind:
                yield name, f"is for the type `{kind}` only"
        used = [name for name in self.one_of if name in given]
        if len(used) > 1 or (self.one_needed and self.one_of and not used):
            have = f"`{'` and `'.join(used)}`" if used else "none"
            yield None, f"must have {'exactly' if self.one_needed else 'at most'} one kind of use; it has {have}"


def relations(description: Iterable[str], fields: Iterable[Field]) -> Beside:
    """What a type or method says about its fields together."""
    fields = list(fields)
    names = [field["name"] for field in fields]
    said = {field["name"]: plain(field["description"]) for field in fields}
    of_all = plain(" ".join(description))
    one_of: list[str] = []
    if found := _ONE_OF.search(of_all):
        free = set(re.split(r"[, ]+(?:and )?", found[2]))
        one_of = [name for name in names if name not in free]
    elif _ONE_OPTIONAL in of_all:
        one_of = [field["name"] for field in fields if not field["required"]]
    return Beside(
        lengths=tuple(
            (name, limit, mode)
            for name, text in said.items()
            if (mode := parse_mode_of(name, text, names)) and (limit := text_limits(text).get("length"))
        ),
        instead=tuple((n, i[1]) for n, t in said.items() if (i := _INSTEAD.search(t)) and i[1] in names),
        needed=tuple(
            (n, tuple(other for other in i.groups() if other)) for n, t in said.items() if (i := _NEEDED.search(t))
        ),
        needed_in_quiz=tuple(name for name, text in said.items() if _NEEDED_IN_QUIZ in text),
        only_for=tuple((n, i[1]) for n, t in said.items() if (i := _ONLY_FOR.search(t))),
        one_of=tuple(one_of),
        one_needed=not (found and found[1] == "At most"),
    )


def parse_mode_of(name: str, description: str, names: Iterable[str]) -> str | None:
    """The field that says how the markup of a text is read; None where the text is taken as it stands."""
    if "after entities parsing" not in description:
        return None
    return next((mode for mode in (f"{name}_parse_mode", "parse_mode") if mode in names), None)
