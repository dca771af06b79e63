"""Finds the names in a query: of works, of well-known things that are absent, and those hidden by a misspelling."""

from __future__ import annotations

import re
from dataclasses import dataclass

from roadmap_bot.catalogue.search.pool import Pool
from roadmap_bot.catalogue.search.spelling import Guess
from roadmap_bot.catalogue.text import fold, is_cjk, key, stem
from roadmap_bot.catalogue.words import CHINESE_FILLER, CODE_WORDS, KIND_WORDS, STOP

MOST_WORDS = 24
FILLER = re.compile("|".join(map(re.escape, CHINESE_FILLER)))
# A name that is one of so many everyday words ("clip", "car") is taken as a name only when it is typed like one.
_ORDINARY_NAMES = 15_000
_CAMEL = re.compile(r"\b[A-Za-z]*[a-z][A-Z]\w*")


@dataclass(frozen=True, slots=True)
class Name:
    """What a span of words names: works, or (with no works) a well-known thing that the roadmap does not have."""

    entries: dict[int, int]
    absent: str | None = None


def find_names(words: list[str], pool: Pool) -> dict[tuple[int, int], Name]:
    """The spans of `words` that are names, without those inside a longer one."""
    keys: dict[str, list[tuple[int, int]]] = {}
    for start in range(len(words)):
        joined = ""
        for end in range(start + 1, len(words) + 1):
            joined += key(words[end - 1])
            if joined:
                keys.setdefault(joined, []).append((start, end))
    known = {name: Name(entries) for name, entries in pool.names(list(keys)).items()}
    absent = {name: Name({}, usual) for name, usual in pool.absent(list(keys)).items()}
    found = {
        (start, end): name
        for spelled, name in (absent | known).items()
        for start, end in keys[spelled]
        if end - start > 1 or words[start] not in STOP
    }
    longest: dict[tuple[int, int], Name] = {}
    for span in sorted(found, key=lambda span: (span[0] - span[1], span)):
        if not any(start < span[1] and span[0] < end for start, end in longest):
            longest[span] = found[span]
    return longest


def misspelled(words: list[str], named: dict[tuple[int, int], Name], text: str, pool: Pool) -> dict[int, list[Guess]]:
    """The places of words that are none, with what they may mean. A word with capitals inside is a name, not a slip."""
    names = {fold(word) for word in _CAMEL.findall(text)}
    covered = {place for start, end in named for place in range(start, end)}
    found = {}
    for place, word in enumerate(words):
        if place in covered or word in STOP or word in names or is_cjk(word) or pool.frequency(stem(word)):
            continue
        if pool.familiarity(word) is None and not pool.split(word):
            guesses = pool.guess(word)
            if guesses:
                found[place] = guesses
    return found


def reread(
    words: list[str], named: dict[tuple[int, int], Name], readings: dict[int, list[Guess]], pool: Pool
) -> tuple[list[str], dict[tuple[int, int], Name]]:
    """`words` with misspelled ones mended where that makes a longer name: "lamma 2" is "llama 2"."""
    best, longest, kept = words, 0, named
    for place, guesses in readings.items():
        for guess in guesses:
            mended = [
                guess.word if here == place else readings[here][0].word if here in readings else word
                for here, word in enumerate(words)
            ]
            spans = find_names(mended, pool)
            reach = max((end - start for start, end in spans if start <= place < end), default=0)
            if reach > max(longest, 1):
                best, longest = mended, reach
                kept = spans
    if best is words:
        return words, named
    return [
        new if any(a <= place < b and b - a > 1 for a, b in kept) else old
        for place, (old, new) in enumerate(zip(words, best, strict=True))
    ], {span: name for span, name in kept.items() if span in named or span[1] - span[0] > 1}


def is_meant(span: tuple[int, int], words: list[str], text: str, pool: Pool) -> bool:
    """Whether a name is meant as one: an everyday word inside a longer question only when it is typed as a name."""
    start, end = span
    if end - start > 1 or not any(_says_something(word) for word in (*words[:start], *words[end:])):
        return True
    place = pool.familiarity(words[start])
    if place is None or place >= _ORDINARY_NAMES:
        return True
    typed = re.search(rf"\b{re.escape(words[start])}\b", text, re.IGNORECASE)
    return bool(typed and any(character.isupper() for character in (typed[0] if typed.start() else typed[0][1:])))


def _says_something(word: str) -> bool:
    """Whether a word of a query has a meaning beyond that something is asked for."""
    if is_cjk(word):
        return bool(FILLER.sub("", word))
    return not (word in STOP or word in CODE_WORDS or word in KIND_WORDS or word.isdecimal())
