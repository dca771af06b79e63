"""Understands a query: cuts it to size, finds names, known wordings, misspellings and filters, and weighs each unit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from roadmap_bot.catalogue.search.filters import Filters, find_worded, spell_out_years, take_syntax
from roadmap_bot.catalogue.search.naming import FILLER, MOST_WORDS, Name, find_names, is_meant, misspelled, reread
from roadmap_bot.catalogue.search.pool import Pool
from roadmap_bot.catalogue.search.spelling import Guess
from roadmap_bot.catalogue.text import fold, is_cjk, key, spoken_address, stem, tokens
from roadmap_bot.catalogue.words import KIND_WORDS, STOP
from roadmap_bot.core.speech import Sentence

LONGEST_QUERY = 200
_SHORTEST_PIECE = 7
_KIND_MASS = 0.25
# "7b" tells how large, not what.
_SIZE = re.compile(r"\d+(?:\.\d+)?[bmk]")
_SIZE_MASS = 0.25
# How much meaning a word can carry that is among the first so many of everyday English.
_ORDINARY = ((150, 0.1), (500, 0.2), (1_500, 0.35), (4_000, 0.55), (10_000, 0.75))
# An ordinary word the roadmap never uses speaks of something else.
_FOREIGN = ((150, 0.1), (500, 0.2), (1_500, 0.4), (4_000, 0.7))
_CJK_KNOWN = 0.3
_CJK_UNKNOWN = 0.12
_CJK_FOREIGN = 0.6
_EITHER = re.compile(r"\b(?:vs|versus|or|and|between)\b|[和与跟]|还是")


@dataclass(frozen=True, slots=True)
class Way:
    """One way to satisfy a unit: all `tokens` of the index, worth `factor` of a full match."""

    tokens: tuple[str, ...]
    factor: float


@dataclass(slots=True)
class Unit:
    """A piece of the query that is matched as one: a name, a known wording, or a word.

    `mass` is how much of the query's meaning it carries (0 to 1 for a word). `names` maps entries that are called
    exactly this to what it is to them, a title or another name. `spelled` is what a misspelled word was read as.
    """

    text: str
    words: tuple[str, ...]
    mass: float
    ways: tuple[Way, ...] = ()
    names: dict[int, int] = field(default_factory=dict)
    spelled: str | None = None
    absent: str | None = None


@dataclass(slots=True)
class Query:
    """An understood query."""

    text: str
    key: str
    words: tuple[str, ...]
    units: list[Unit]
    hard: Filters
    worded: Filters
    remarks: tuple[Sentence, ...] = ()

    @property
    def mass(self) -> float:
        """The meaning of all units together."""
        return sum(unit.mass for unit in self.units)

    @property
    def is_piece(self) -> bool:
        """Whether the query is long enough to be no accident where it stands, letter by letter, inside a title."""
        return len(self.words) > 1 and len(self.key) > _SHORTEST_PIECE

    @property
    def called(self) -> str:
        """What the query calls the one work it asks for ("what is LLaMA?" calls it "llama"); its key where it asks
        for more than one thing, or for none by name."""
        asked = [unit for unit in self.units if not is_cjk(unit.text) or FILLER.sub("", unit.text)]
        return key(asked[0].text) if len(asked) == 1 and asked[0].names and not asked[0].spelled else self.key

    @property
    def is_unsure(self) -> bool:
        """Whether some word was not understood as typed."""
        return any(unit.spelled or not unit.ways for unit in self.units)

    @property
    def asks_for_either(self) -> bool:
        """Whether two things are asked for at once."""
        return len(self.units) > 1 and bool(_EITHER.search(self.text.casefold()))

    def corrected(self) -> str | None:
        """The query as it was read, if any word was read as another one."""
        # Two words read as the one that others make of them are no slip.
        slips = [
            unit for unit in self.units if unit.spelled and not (unit.words[1:] and unit.spelled == "".join(unit.words))
        ]
        words = f" {' '.join(self.words)} "
        for unit in slips:
            words = words.replace(f" {' '.join(unit.words)} ", f" {unit.spelled} ", 1)
        read = words.strip()
        return read if slips and read != " ".join(tokens(self.text)) else None


def analyse(text: str, pool: Pool, *, as_prefix: bool = False) -> Query:
    """Understands `text`; with `as_prefix` its last word may be unfinished."""
    cut = " ".join(text[: 4 * LONGEST_QUERY].split())[:LONGEST_QUERY]
    bare, hard, remarks = take_syntax(spoken_address(cut))
    words = list(tokens(spell_out_years(fold(bare)))[:MOST_WORDS])
    unfinished = words.pop() if as_prefix and words and not text[-1:].isspace() else None
    if unfinished and is_cjk(unfinished):
        head, unfinished = pool.lexicon.part(unfinished)
        words += [head] if head else []
    named = find_names(words, pool)
    readings = misspelled(words, named, cut, pool)
    if readings:
        words, named = reread(words, named, readings, pool)
    named = {span: name for span, name in named.items() if is_meant(span, words, cut, pool)}
    covered = {place for start, end in named for place in range(start, end) if end - start > 1}
    worded = find_worded(words, pool.venues, covered)
    units: list[Unit] = []
    start = 0
    plain: list[tuple[int, str]] = []

    def close() -> None:
        units.extend(_plain_units(plain, worded.kind_places, readings, pool))
        plain.clear()

    while start < len(words):
        end = max((stop for begin, stop in named if begin == start), default=start)
        if end > start and (end - start > 1 or start not in worded.places | worded.kind_places):
            close()
            unit = _named_unit(words[start:end], named[start, end], pool)
            if any(place in readings for place in range(start, end)):
                unit.spelled = unit.text
            units.append(unit)
            start = end
            continue
        if start not in worded.places:
            plain.append((start, words[start]))
        start += 1
    close()
    if unfinished:
        units.append(_prefix_unit(unfinished, pool))
    elif worded.filters.kinds and all(word in KIND_WORDS or word in STOP for word in words):
        # "surveys" alone asks for everything of this kind, unless a work is called so.
        units = units if any(not pool.is_section(entry) for unit in units for entry in unit.names) else []
    return Query(
        text=cut,
        key=key(bare),
        words=tuple(words + ([unfinished] if unfinished else [])),
        units=units,
        hard=hard,
        worded=worded.filters,
        remarks=remarks,
    )


def _named_unit(words: list[str], name: Name, pool: Pool) -> Unit:
    if name.absent:
        return Unit(" ".join(words), tuple(words), 1.0 + 0.2 * (len(words) - 1), absent=name.absent)
    stems = [stem(word) for word in words]
    content = [token for token, word in zip(stems, words, strict=True) if word not in STOP] or stems
    joined = stem("".join(words))
    ways = [Way(tuple(content), 0.9)]
    if len(words) > 1 and pool.frequency(joined):
        ways.append(Way((joined,), 0.95))
    surface = pool.lexicon.surfaces.get(" ".join(stems), ())
    ways += [Way((concept,), 0.85) for concept in surface]
    masses = [pool.rarity(token) for token in content]
    concept_masses = [pool.rarity(concept) for concept in surface]
    mass = max(masses + concept_masses) + 0.35 * (sum(masses) - max(masses))
    return Unit(" ".join(words), tuple(words), mass, tuple(ways), names=dict(name.entries))


def _plain_units(
    plain: list[tuple[int, str]], kind_places: frozenset[int], readings: dict[int, list[Guess]], pool: Pool
) -> list[Unit]:
    """Units of a run of words that name no work: known wordings first, the longest from the left, then single words."""
    words: list[tuple[int, str, str]] = []
    runs: set[str] = set()
    for place, word in plain:
        if is_cjk(word):
            parts = _without_filler(word, pool)
            runs.update(parts)
            pieces = [piece for part in parts for piece in pool.lexicon.segment(part)]
            known = pool.lexicon.segment(word)
            pieces = known if all(piece in pool.lexicon.surfaces for piece in known) else pieces
            words += [(place, piece, piece) for piece in pieces]
        else:
            words.append((place, word, stem(word)))
    units: list[Unit] = []
    joined_until = 0
    for span in pool.lexicon.spans([token for _, _, token in words]):
        part = words[span.start : span.end]
        if span.start < joined_until:
            continue
        first_place, first, first_stem = part[0]
        if len(part) == 1 and first in STOP:
            continue
        following = words[span.end] if span.end < len(words) else None
        joined = first + following[1] if following and len(part) == 1 else ""
        if joined and _worth_joining(joined, first_stem, following, pool):
            token = stem(joined)
            halves = (first, joined[len(first) :])
            units.append(Unit(joined, halves, pool.rarity(token), (Way((token,), 1.0),), spelled=joined))
            joined_until = span.end + 1
            continue
        if span.concepts:
            units.append(_wording_unit(part, span.concepts, pool, is_kind=first_place in kind_places))
            continue
        guesses = readings.get(first_place, [])
        is_run = len(first) > 1 and first in runs
        units.append(_word_unit(first, first_stem, guesses, pool, is_kind=first_place in kind_places, is_run=is_run))
    return units


def _without_filler(run: str, pool: Pool) -> list[str]:
    """The parts of a CJK run between the words that only ask; a wording keeps the filler inside it (智能体 its 能)."""
    parts = [""]
    place = 0
    while place < len(run):
        filler = FILLER.match(run, place)
        wording = pool.lexicon.longest_at(run, place)
        if filler and len(filler[0]) >= wording:
            parts.append("")
            place = filler.end()
        else:
            parts[-1] += run[place : place + max(wording, 1)]
            place += max(wording, 1)
    return [part for part in parts if part]


def _worth_joining(joined: str, first: str, following: tuple[int, str, str] | None, pool: Pool) -> bool:
    """Two neighbours are one word when the roadmap has the joined word and lacks one of the two."""
    if following is None or is_cjk(joined) or not pool.frequency(stem(joined)):
        return False
    return not (pool.frequency(first) and pool.frequency(following[2])) or pool.is_compound(joined)


def _wording_unit(part: list[tuple[int, str, str]], concepts: tuple[str, ...], pool: Pool, *, is_kind: bool) -> Unit:
    stems = tuple(token for _, word, token in part if word not in STOP or len(part) == 1)
    text = " ".join(word for _, word, _ in part)
    ways = [Way(stems, 1.0)] if any(pool.frequency(token) for token in stems) else []
    if len(part) > 1 and pool.frequency(stem("".join(word for _, word, _ in part))):
        ways.append(Way((stem("".join(word for _, word, _ in part)),), 1.0))
    ways += [Way((concept,), 0.95 if is_cjk(text) else 0.88) for concept in concepts if pool.frequency(concept)]
    masses = [_mass(token, word, pool) for _, word, token in part if word not in STOP] or [0.2]
    rarest = min((pool.rarity(concept) for concept in concepts if pool.frequency(concept)), default=0.0)
    if is_cjk(text):
        mass = rarest or 0.5
    elif len(part) == 1:
        mass = max(masses[0], 0.9 * rarest)
    else:
        mass = max(rarest, max(masses) * 0.8) + 0.15 * (len(masses) - 1)
    if is_kind:
        mass = min(mass, _KIND_MASS)
    return Unit(text, tuple(word for _, word, _ in part), mass, tuple(ways))


def _word_unit(word: str, token: str, guesses: list[Guess], pool: Pool, *, is_kind: bool, is_run: bool) -> Unit:
    if is_cjk(word):
        # A pair of characters that no wording explains is as likely the seam between two words as a word.
        known = pool.frequency(token)
        limit = _CJK_KNOWN if known and len(word) > 1 else _CJK_FOREIGN if is_run else _CJK_UNKNOWN
        return Unit(word, (word,), min(pool.rarity(token), limit), (Way((token,), 1.0),) if known else ())
    if pool.frequency(token):
        mass = _KIND_MASS if is_kind else _mass(token, word, pool)
        return Unit(word, (word,), mass, (Way((token,), 1.0),))
    if is_kind:
        return Unit(word, (word,), _KIND_MASS / 2)
    if pool.familiarity(word) is not None:
        return Unit(word, (word,), _mass(token, word, pool))
    halves = pool.split(word)
    if halves:
        return Unit(word, (word,), 0.9, (Way(tuple(map(stem, halves)), 0.95),), spelled=" ".join(halves))
    return _guessed_unit(word, guesses, pool)


def _guessed_unit(word: str, guesses: list[Guess], pool: Pool) -> Unit:
    if not guesses:
        return Unit(word, (word,), 1.0)
    meant = guesses[0].word
    absent = pool.absent([meant]).get(meant)
    if absent:
        return Unit(word, (word,), 1.0, spelled=meant, absent=absent)
    ways: list[Way] = []
    names: dict[int, int] = {}
    for guess in guesses:
        token = stem(guess.word)
        ways.append(Way((token,), guess.likeness))
        ways += [Way((concept,), guess.likeness * 0.8) for concept in pool.lexicon.surfaces.get(token, ())]
        if guess is guesses[0]:
            names = pool.names([guess.word]).get(guess.word, {})
    mass = max(0.4, pool.rarity(stem(guesses[0].word)))
    return Unit(word, (word,), mass, tuple(ways), names=names, spelled=guesses[0].word)


def _prefix_unit(word: str, pool: Pool) -> Unit:
    """The unfinished last word of a line being typed: any word it may become."""
    if is_cjk(word):
        concepts = pool.lexicon.concepts_starting(word)
        return Unit(word, (word,), 0.6, tuple(Way((concept,), 0.9) for concept in concepts))
    endings = pool.endings(word)
    ways = [Way((token,), 1.0 if token in (word, stem(word)) else 0.85) for token in dict.fromkeys(map(stem, endings))]
    names = pool.names([word]).get(word, {})
    return Unit(word, (word,), 0.8 if ways else 1.0, tuple(ways), names=names)


def _mass(token: str, word: str, pool: Pool) -> float:
    """How much meaning a word carries: rare on the roadmap and rare in everyday English is much."""
    if _SIZE.fullmatch(word):
        return _SIZE_MASS
    place = pool.familiarity(word)
    if place is None:
        return pool.rarity(token)
    known = pool.frequency(token)
    limit = next((most for end, most in (_ORDINARY if known else _FOREIGN) if place < end), 1.0)
    return min(pool.rarity(token), limit)
