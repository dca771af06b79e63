"""Finds the filters of a query, written out (`year:2021..2023`) or in words ("from 2023", "iclr 2024", "with code")."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from roadmap_bot.catalogue.words import CODE_WORDS, KIND_WORDS
from roadmap_bot.core.speech import Sentence, sentence

_SYNTAX = re.compile(r"(?<!\S)(?P<name>[a-z]+)[:：](?P<value>\"[^\"]*\"|[^\s\"]+)", re.IGNORECASE)
_MONTH = re.compile(r"(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])")
_YEARS = re.compile(r"(?P<low>\d{4})?(?P<dots>\.\.|-|–)?(?P<high>\d{4})?")
_YEAR = re.compile(r"(?:19[5-9]|20[0-4])\d")
_SHORT_YEAR = re.compile(r"'(\d\d)\b")
_CHINESE_YEAR = re.compile(r"((?:19|20)\d\d)\s*年?\s*(以后|之后|以来|以前|之前)?\s*年?")
_SINCE = frozenset({"since", "after", "newer"})
_UNTIL = frozenset({"before", "until", "older", "including"})
_MONTHS = frozenset(
    "january february march april may june july august september october november december"
    " jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_MONTH_NUMBERS = {
    name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}
_AROUND_A_YEAR = frozenset("from in of published released year written dated during than and to up".split())
_BESIDE_A_YEAR = _AROUND_A_YEAR | _SINCE | _UNTIL | _MONTHS
_SPOKEN_YEAR = re.compile(
    r"\btwenty[ -](?P<teen>ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)\b"
    r"|\btwenty[ -]twenty(?:[ -](?P<unit>one|two|three|four|five|six|seven|eight|nine))?\b"
)
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_UNITS = "zero one two three four five six seven eight nine".split()
NAMES = ("year", "venue", "kind", "has", "section", "author", "tag")
FIRST_YEAR, LAST_YEAR = 1, 9999


@dataclass(slots=True)
class Filters:
    """What every result must satisfy. `hard` filters were written out; worded ones give way when nothing survives."""

    years: tuple[int, int] | None = None
    month: str | None = None
    venues: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(
            self.years
            or self.month
            or self.venues
            or self.kinds
            or self.labels
            or self.sections
            or self.authors
            or self.tags
        )

    def describe(self) -> str:
        """The filters as one would write them out: "year:2023 has:code"."""
        parts = []
        if self.month:
            parts.append(f"year:{self.month}")
        elif self.years:
            low, high = self.years
            ends = (str(low) if low > FIRST_YEAR else "", str(high) if high < LAST_YEAR else "")
            parts.append(f"year:{low}" if low == high else f"year:{'..'.join(ends)}")
        for name, values in (
            ("venue", self.venues),
            ("kind", self.kinds),
            ("has", self.labels),
            ("section", self.sections),
            ("author", self.authors),
            ("tag", self.tags),
        ):
            parts += [f"{name}:{value}" for value in values]
        return " ".join(parts)


def take_syntax(text: str) -> tuple[str, Filters, tuple[Sentence, ...]]:
    """`text` without its `name:value` filters, the filters, and remarks on those that were not understood."""
    filters = Filters()
    remarks: list[Sentence] = []

    def take(match: re.Match[str]) -> str:
        name, value = match["name"].lower(), match["value"].strip('"').strip()
        if name not in NAMES or not value:
            return match[0]
        remark = _add(filters, name, value)
        if remark:
            remarks.append(remark)
        return " "

    return _SYNTAX.sub(take, text), filters, tuple(remarks)


def _add(filters: Filters, name: str, value: str) -> Sentence | None:
    if name == "year" and _MONTH.fullmatch(value):
        filters.month = value
        return None
    if name == "year":
        match = _YEARS.fullmatch(value)
        if not match or not (match["low"] or match["high"]):
            return sentence(
                "year:{year} is no year; write year:2023, year:2023-05, year:2021..2023 or year:2022..", year=value
            )
        low = int(match["low"]) if match["low"] else FIRST_YEAR
        high = int(match["high"]) if match["high"] else LAST_YEAR if match["dots"] else low
        filters.years = (min(low, high), max(low, high))
        return None
    lowered = value.lower()
    if name == "kind":
        filters.kinds.append(KIND_WORDS.get(lowered, lowered.removesuffix("s")))
    elif name == "has":
        filters.labels.append("code" if lowered in CODE_WORDS else lowered)
    else:
        {
            "venue": filters.venues,
            "section": filters.sections,
            "author": filters.authors,
            "tag": filters.tags,
        }[name].append(value)
    return None


@dataclass(frozen=True, slots=True)
class Worded:
    """Filters found in words and the places of the words that said them."""

    filters: Filters
    places: frozenset[int]
    kind_places: frozenset[int]


def find_worded(words: list[str], venues: Collection[str], named: Collection[int]) -> Worded:
    """The filters `words` (folded) ask for. `venues` are the venue names of the catalogue as keys; words at the places
    `named` belong to the name of a work and are never filters."""
    filters = Filters()
    taken: set[int] = set()
    kinds: set[int] = set()
    years: list[int] = []
    for place, word in enumerate(words):
        if place in named:
            continue
        before = words[place - 1] if place else ""
        if place in taken:
            continue
        if _YEAR.fullmatch(word):
            years.append(int(word))
            taken.add(place)
            nearest = [near for near in words[max(0, place - 3) : place] if near in _SINCE | _UNTIL]
            direction = nearest[-1] if nearest else ""
            if direction in _SINCE:
                exclusive = direction != "since" and before not in _MONTHS
                filters.years = (int(word) + exclusive, LAST_YEAR)
            elif direction in _UNTIL:
                filters.years = (FIRST_YEAR, int(word) - (direction in ("before", "older")))
            back = place - 1
            if not direction and before[:3] in _MONTH_NUMBERS and before in _MONTHS:
                filters.month = f"{word}-{_MONTH_NUMBERS[before[:3]]:02}"
            while back >= 0 and words[back] in _BESIDE_A_YEAR and back not in named:
                taken.add(back)
                back -= 1
        elif (venue := "neurips" if word == "nips" else word) in venues:
            filters.venues.append(venue)
            taken.add(place)
        elif word in CODE_WORDS and len(words) > 1 and (place == len(words) - 1 or before == "with"):
            filters.labels.append("code")
            taken.update({place, place - 1} if before == "with" else {place})
        elif word in KIND_WORDS:
            filters.kinds.append(KIND_WORDS[word])
            kinds.add(place)
    if years and not filters.years:
        filters.years = (min(years), max(years))
    return Worded(filters, frozenset(taken), frozenset(kinds))


def spell_out_years(text: str) -> str:
    """Chinese, short and spoken years in full digits: "2023年", "'23" and "twenty twenty-three" become "2023"."""

    def digits(match: re.Match[str]) -> str:
        teen, unit = match["teen"], match["unit"] or "zero"
        return str(2010 + _TEENS.index(teen) if teen else 2020 + _UNITS.index(unit))

    if "twenty" in text:
        text = _SPOKEN_YEAR.sub(digits, text)
    text = _SHORT_YEAR.sub(lambda match: f" 20{match[1]} ", text)

    def western(match: re.Match[str]) -> str:
        direction = {"以后": "since", "之后": "since", "以来": "since", "以前": "before", "之前": "before"}
        return f" {direction.get(match[2] or '', '')} {match[1]} "

    return _CHINESE_YEAR.sub(western, text) if "年" in text or "以" in text or "之" in text else text
