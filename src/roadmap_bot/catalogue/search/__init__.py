"""The query engine: one ranked pool over resources and sections, and honest answers from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from heapq import nlargest
from typing import Literal

from roadmap_bot.catalogue.indexing import ALIAS, AUTHOR, SECTION, TAG, TITLE, Profile
from roadmap_bot.catalogue.reading import Catalogue
from roadmap_bot.catalogue.search.analysis import Query, analyse
from roadmap_bot.catalogue.search.candidates import Candidates, allowed, gather
from roadmap_bot.catalogue.search.filters import Filters
from roadmap_bot.catalogue.search.pool import Pool
from roadmap_bot.catalogue.search.ranking import Ranked, Reason, explain, rank
from roadmap_bot.catalogue.text import key
from roadmap_bot.core.speech import Sentence

Certainty = Literal["confident", "closest", "nothing"]
_RANKED = 40
# "models from 2025" asks for a year: what every other entry is called says nothing.
_NEXT_TO_NOTHING = 0.1
# A name may be that of very many entries (an author's); the best of them are ranked.
_MOST_NAMED = 60
_ALIKE = 12
_ALIKE_POOL = 20_000
# The share of a question's meaning the best result must cover, by the number of its units: who uses many words says
# some that no description has, while of two words the telling one must match.
CONFIDENT = (0.54, 0.5, 0.48, 0.44, 0.38, 0.34)
CLOSEST = (0.46, 0.46, 0.44, 0.32, 0.25)
# Of two things asked for at once ("X vs Y", "X 和 Y") one entry need not cover both.
EITHER = 0.8
# One of two words in some search phrase is chance, unless the title, a tag or the section agrees.
FEW, NEEDED_WITHOUT_FOOTING = 3, 0.7
SOLID = TITLE | ALIAS | AUTHOR | TAG | SECTION
LIKE = 0.84
# Both a little: letters that are rather alike, and some words understood.
LIKE_IN_PART, COVERED_IN_PART = 0.7, 0.3
LIKE_ABSENT = 0.6
# A result this far behind the best one is noise, however long the list may be.
_TAIL = 0.5
# Filters in words give way when what is inside them answers this much worse than what is outside.
_WORTH_NARROWING = 0.5


@dataclass(frozen=True, slots=True)
class Hit:
    """A result: the id of a resource or the slug of a section, its score, and the reasons for it where asked for."""

    id: str
    is_section: bool
    title: str
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the roadmap has to say to a query.

    `certainty` is "confident" (the hits answer), "closest" (nothing exact; the hits are the nearest things) or
    "nothing" (no hits). `exact` tells that the first hit is called as asked, slips aside, and `meant` that the
    question names it or quotes a piece of its title. `reading` is the query with its misspellings mended, `filters`
    those applied as one would write them, `missing` a well-known name the roadmap does not have, and `remarks` are
    sentences about filters that were not understood.
    """

    certainty: Certainty
    hits: tuple[Hit, ...]
    exact: bool = False
    meant: bool = False
    reading: str | None = None
    filters: str = ""
    missing: str | None = None
    remarks: tuple[Sentence, ...] = ()


class Search:
    """The search over one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._pool = Pool(catalogue)

    def warm(self) -> None:
        """Reads what questions need and keep, so that the first person asking does not wait for it."""
        self._pool.prepare()
        self.ask("warm up")

    def ask(self, text: str, limit: int = 10, *, explained: bool = False) -> Answer:
        """The best `limit` results for anything a person may type; text is cut before it is matched."""
        query = analyse(text, self._pool)
        hard = allowed(query.hard, self._pool)
        if not query.units or (query.worded and query.mass < _NEXT_TO_NOTHING):
            return self._only_filters(query, hard, limit)
        candidates, certain = self._gather(query)
        inside, filters = self._narrow(query, candidates, hard)
        ranked = self._rank(query, candidates, certain, inside, limit)
        missing = next((unit.absent for unit in query.units if unit.absent), None)
        certainty = _certainty(query, ranked)
        if certainty == "nothing":
            return Answer("nothing", (), filters=filters, missing=missing, remarks=query.remarks)
        best = ranked[0]
        kept = [one for one in ranked[:limit] if one.score >= _TAIL * best.score]
        hits = tuple(_hit(one, explain(one, query, candidates) if explained else ()) for one in kept)
        called = query.key in best.profile.names or (
            best.likeness >= LIKE and best.coverage >= _needed(CONFIDENT, query)
        )
        exact, meant = called and not filters, best.named or best.exact > 0
        return Answer(certainty, hits, exact, meant, query.corrected(), filters, missing, query.remarks)

    def complete(self, text: str, limit: int = 25) -> tuple[Hit, ...]:
        """Titles and sections for a line being typed: those that start so first, then the ranked pool."""
        if not text.strip():
            return ()
        starting = self._pool.names_starting(key(text), limit) if key(text) else []
        query = analyse(text, self._pool, as_prefix=True)
        candidates = gather(query.units, self._pool, starting)
        ranked = rank(query, candidates, self._pool, list(dict.fromkeys([*starting, *candidates.best(limit)])))
        typed = key(text)
        place = {number: order for order, number in enumerate(starting)}
        first = [one for one in ranked if one.profile.number in place]
        first.sort(key=lambda one: (_start(one.profile, typed), place[one.profile.number]))
        rest = [one for one in ranked if one.profile.number not in place and one.coverage >= CONFIDENT[0]]
        return tuple(_hit(one) for one in [*first, *rest][:limit])

    def similar(self, identity: str, limit: int = 10) -> tuple[Hit, ...]:
        """The entries that share most sections, tags and title words with the one of this id."""
        number = self._pool.number(identity)
        if number is None:
            return ()
        profile = self._pool.profile(number)
        tags = " ".join(tag.replace("-", " ") for tag in profile.tags)
        query = analyse(f"{tags} {profile.title}", self._pool)
        for unit in query.units:
            unit.names = {}
        query.key = ""
        ranked = self._rank(query, *self._gather(query))
        near = [one for one in ranked if one.profile.number != number and not one.profile.is_section]
        near.sort(key=lambda one: (-one.score - 0.15 * (one.profile.home == profile.home), one.profile.number))
        return tuple(_hit(one) for one in near[:limit])

    def _gather(self, query: Query) -> tuple[Candidates, list[int]]:
        """The candidates, and those of them that are considered whatever their score: what the query names."""
        named = [entry for unit in query.units for entry in unit.names]
        exact = list(self._pool.names([query.key]).get(query.key, ())) if query.key else []
        inside = self._holding(query.key) if query.is_piece else []
        certain = list(dict.fromkeys([*exact, *named, *inside]))
        return gather(query.units, self._pool, certain), certain

    def _holding(self, piece: str) -> list[int]:
        """The entries whose title holds a piece of text; in a large pool only those that start with it."""
        if self._pool.size <= _ALIKE_POOL:
            return self._pool.containing(piece, _ALIKE)
        return self._pool.names_starting(piece, _ALIKE)

    def _rank(
        self,
        query: Query,
        candidates: Candidates,
        certain: list[int],
        inside: set[int] | None = None,
        limit: int = 10,
    ) -> list[Ranked]:
        if len(certain) > _MOST_NAMED:
            certain = nlargest(_MOST_NAMED, certain, key=lambda entry: (candidates.scores[entry], -entry))
        considered = dict.fromkeys([*certain, *candidates.best(max(_RANKED, limit), inside)])
        if query.is_unsure and self._pool.size <= _ALIKE_POOL:
            considered |= dict.fromkeys(self._pool.alike(" ".join(query.words), _ALIKE))
        return rank(query, candidates, self._pool, [one for one in considered if inside is None or one in inside])

    def _narrow(self, query: Query, candidates: Candidates, hard: set[int] | None) -> tuple[set[int] | None, str]:
        """The entries inside the filters. Worded filters hold only when something that answers is inside them."""
        described = query.hard.describe()
        soft = allowed(_without_kinds(query.worded), self._pool)
        if soft is None:
            return hard, described
        both = soft if hard is None else soft & hard
        best, outside = candidates.best(1, both), candidates.best(1, hard)
        if best and candidates.scores[best[0]] >= _WORTH_NARROWING * candidates.scores[outside[0]]:
            return both, " ".join(filter(None, (described, _without_kinds(query.worded).describe())))
        return hard, described

    def _only_filters(self, query: Query, hard: set[int] | None, limit: int) -> Answer:
        """Everything inside the filters, in the order of the roadmap, for a question that asks for nothing else."""
        soft = allowed(query.worded, self._pool)
        inside = hard if soft is None else soft if hard is None else hard & soft
        profiles = self._pool.profiles(sorted(inside or ())[:limit])
        hits = tuple(Hit(one.id, one.is_section, one.title, 1.0, ()) for one in profiles.values())
        filters = " ".join(filter(None, (query.hard.describe(), query.worded.describe())))
        return Answer("confident" if hits else "nothing", hits, filters=filters, remarks=query.remarks)


def _start(profile: Profile, typed: str) -> int:
    """How an entry starts with what was typed: it is called so, its title starts so, another name does."""
    if typed in profile.names:
        return 0
    return 1 if profile.names[0].startswith(typed) else 2


def _certainty(query: Query, ranked: list[Ranked]) -> Certainty:
    if not ranked:
        return "nothing"
    best = ranked[0]
    absent = any(unit.absent for unit in query.units)
    spelled = best.likeness >= LIKE or (best.likeness >= LIKE_IN_PART and best.coverage >= COVERED_IN_PART)
    # A name known to be absent is no misspelling of the one it looks like, but that one is worth a hint.
    needed = _needed(CONFIDENT, query) * (EITHER if query.asks_for_either else 1.0)
    if len(query.units) < FEW and not best.footing & SOLID:
        needed = NEEDED_WITHOUT_FOOTING
    if query.key in best.profile.names or best.coverage >= needed or (spelled and not absent):
        return "confident"
    alike = absent and best.likeness >= LIKE_ABSENT
    return "closest" if best.coverage >= _needed(CLOSEST, query) or alike else "nothing"


def _needed(shares: tuple[float, ...], query: Query) -> float:
    return shares[min(len(query.units), len(shares)) - 1]


def _hit(ranked: Ranked, reasons: tuple[Reason, ...] = ()) -> Hit:
    profile = ranked.profile
    return Hit(profile.id, profile.is_section, profile.title, round(ranked.score, 4), reasons)


def _without_kinds(filters: Filters) -> Filters:
    """Kinds asked for in words only push: "survey" may as well be a word of a title."""
    return replace(filters, kinds=[])
