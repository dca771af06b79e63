"""The index of a built catalogue as search asks it: postings, names, spellings, profiles; read lazily and kept."""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_left
from functools import cached_property
from itertools import islice
from typing import Any, Final

import msgspec

from roadmap_bot.catalogue.indexing import CALLED, WEIGHT_SCALE, Profile, fact, rarity
from roadmap_bot.catalogue.lexicon import Lexicon
from roadmap_bot.catalogue.reading import Catalogue
from roadmap_bot.catalogue.search.spelling import Guess, guess
from roadmap_bot.catalogue.text import stem

_KEPT_POSTINGS: Final = 4_096
# Enough for all of a roadmap kept by hand. More would make the garbage collector the slowest part of a large one.
_KEPT_PROFILES: Final = 1_024
_MOST_ENDINGS: Final = 16
_SHORTEST_HALF: Final = 3
_SHORTEST_ABSENT: Final = 6
_CLEARLY: Final = 0.03


class Posting:
    """Where a token occurs: entry numbers by rising number, their scaled weights and fields, and the places of its
    champions when the list is long."""

    __slots__ = ("champions", "entries", "fields", "weights")

    def __init__(self, entries: bytes, weights: bytes, fields: bytes, champions: bytes) -> None:
        self.entries = _numbers("I", entries)
        self.weights = weights
        self.fields = fields
        self.champions = _numbers("I", champions)

    def __len__(self) -> int:
        return len(self.entries)

    def at(self, entry: int) -> tuple[float, int] | None:
        """The weight (0 to 1) and the fields of one entry, or None."""
        place = bisect_left(self.entries, entry)
        if place < len(self.entries) and self.entries[place] == entry:
            return self.weights[place] / WEIGHT_SCALE, self.fields[place]
        return None


def _numbers(form: str, packed: bytes) -> array[int]:
    numbers = array(form)
    numbers.frombytes(packed)
    return numbers


def _make_room(kept: dict[Any, Any], most: int) -> None:
    """Drops what has been kept longest once `kept` is full; a little at a time, so that no question waits for it."""
    if len(kept) >= most:
        for name in list(islice(kept, most // 16)):
            kept.pop(name, None)


class Pool:
    """The ranked pool over resources and sections."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._postings: dict[str, Posting | None] = {}
        self._rarities: dict[str, float] = {}
        self._familiar: dict[str, int | None] = {}
        self._profiles: dict[int, Profile] = {}
        self._decode = msgspec.msgpack.Decoder(Profile).decode
        self._filling = threading.Lock()

    @cached_property
    def size(self) -> int:
        """How many entries there are."""
        return int(self._catalogue.rows("SELECT count(*) FROM profiles")[0][0])

    @cached_property
    def _sections(self) -> int:
        return int(self._catalogue.rows("SELECT count(*) FROM sections")[0][0])

    def is_section(self, entry: int) -> bool:
        """Whether an entry is a section; they are numbered first."""
        return entry < self._sections

    @cached_property
    def lexicon(self) -> Lexicon:
        """The roadmap's vocabulary."""
        rows = self._catalogue.rows("SELECT surface, concepts FROM surfaces")
        return Lexicon({surface: tuple(concepts.split()) for surface, concepts in rows})

    @cached_property
    def venues(self) -> frozenset[str]:
        """The names of all venues, as keys."""
        return frozenset(self.values("venue"))

    def posting(self, token: str) -> Posting | None:
        """Where `token` occurs, or None."""
        try:
            return self._postings[token]
        except KeyError:
            pass
        rows = self._catalogue.rows("SELECT entries, weights, fields, champions FROM postings WHERE token = ?", token)
        posting = Posting(*rows[0]) if rows else None
        with self._filling:
            _make_room(self._postings, _KEPT_POSTINGS)
            _make_room(self._rarities, _KEPT_POSTINGS)
            self._postings[token] = posting
        return posting

    def frequency(self, token: str) -> int:
        """In how many entries `token` occurs."""
        posting = self.posting(token)
        return len(posting) if posting else 0

    def rarity(self, token: str) -> float:
        """How telling a token is: 1 for an unknown one, towards 0 for one in every entry."""
        known = self._rarities.get(token)
        if known is None:
            known = self._rarities[token] = rarity(self.frequency(token), self.size)
        return known

    def values(self, name: str) -> list[str]:
        """All values that facts of this name have ("venue"), sorted."""
        start = fact(name, "")
        statement = "SELECT token FROM postings WHERE token >= ? AND token < ? ORDER BY token"
        rows = self._catalogue.rows(statement, start, start + "\U0010ffff")
        return [token.removeprefix(start) for (token,) in rows]

    def having(self, name: str, value: str | int) -> set[int]:
        """The entries that have a fact."""
        posting = self.posting(fact(name, value))
        return set(posting.entries) if posting else set()

    def names(self, keys: list[str]) -> dict[str, dict[int, int]]:
        """For each of `keys` that is a name: the entries it names, and what it is to them (`indexing.TITLED` …)."""
        found: dict[str, dict[int, int]] = {}
        if not keys:
            return found
        marks = ",".join("?" * len(keys))
        statement = f"SELECT key, entry, rank FROM names WHERE key IN ({marks})"  # noqa: S608  (marks only)
        for name, entry, rank in self._catalogue.rows(statement, *keys):
            found.setdefault(name, {})[entry] = rank
        return found

    def names_starting(self, start: str, limit: int) -> list[int]:
        """The entries one of whose names starts with the key `start`, shortest names first."""
        statement = (
            "SELECT entry FROM names WHERE key >= ? AND key < ? AND rank <= ?"
            " GROUP BY entry ORDER BY min(length(key)), entry LIMIT ?"
        )
        return [entry for (entry,) in self._catalogue.rows(statement, start, start + "\U0010ffff", CALLED, limit)]

    def profile(self, entry: int) -> Profile:
        """The profile of an entry."""
        return self.profiles([entry])[entry]

    def profiles(self, entries: list[int]) -> dict[int, Profile]:
        """The profiles of several entries, read at once."""
        # Collected here and not from what is kept: making room may drop the very entries that are asked for.
        kept = {entry: self._profiles.get(entry) for entry in entries}
        found = {entry: profile for entry, profile in kept.items() if profile}
        missing = [entry for entry in entries if entry not in found]
        for start in range(0, len(missing), 500):
            part = missing[start : start + 500]
            statement = f"SELECT record FROM profiles WHERE number IN ({','.join('?' * len(part))})"  # noqa: S608
            read = [self._decode(record) for (record,) in self._catalogue.rows(statement, *part)]
            found.update((profile.number, profile) for profile in read)
            with self._filling:
                _make_room(self._profiles, _KEPT_PROFILES)
                self._profiles.update((profile.number, profile) for profile in read)
        return {entry: found[entry] for entry in entries}

    def number(self, identity: str) -> int | None:
        """The number of the entry with this id or slug, or None."""
        rows = self._catalogue.rows("SELECT number FROM profiles WHERE id = ?", identity)
        return int(rows[0][0]) if rows else None

    def familiarity(self, word: str) -> int | None:
        """The place of a word among everyday English ones, 0 for the most frequent; None for no such word."""
        if word not in self._familiar:
            rows = self._catalogue.rows("SELECT place FROM ordinary WHERE word = ?", word)
            _make_room(self._familiar, _KEPT_POSTINGS)
            self._familiar[word] = int(rows[0][0]) if rows else None
        return self._familiar[word]

    def absent(self, keys: list[str]) -> dict[str, str]:
        """Those of `keys` that name a well-known thing known not to be on the roadmap, with its usual writing."""
        marks = ",".join("?" * len(keys))
        statement = f"SELECT key, name FROM absent WHERE key IN ({marks})"  # noqa: S608  (marks only)
        return dict(self._catalogue.rows(statement, *keys))

    @cached_property
    def _spellings(self) -> tuple[dict[int, list[str]], dict[str, int]]:
        by_length: dict[int, list[str]] = {}
        counts: dict[str, int] = {}
        for word, count, size in self._catalogue.rows("SELECT word, count, size FROM spellings ORDER BY word"):
            by_length.setdefault(size, []).append(word)
            counts[word] = count
        return by_length, counts

    def prepare(self) -> None:
        """Reads the vocabulary and the spellings, which are otherwise read when a question first needs them."""
        _ = self.lexicon, self.venues, self._spellings, self._absent_spellings

    @cached_property
    def _absent_spellings(self) -> dict[int, list[str]]:
        by_length: dict[int, list[str]] = {}
        for (name,) in self._catalogue.rows("SELECT key FROM absent ORDER BY key"):
            # In a short name a slip may as well be another word: "lamma" is rather "llama" than LaMDA.
            if len(name) >= _SHORTEST_ABSENT and name.isascii():
                by_length.setdefault(len(name), []).append(name)
        return by_length

    def guess(self, word: str) -> list[Guess]:
        """What a word that the roadmap does not have may be a misspelling of, likeliest first.

        A slip in a name that is known to be absent is that name, and not some other work's of similar letters.
        """
        guesses = guess(word, *self._spellings)
        absent = guess(word, self._absent_spellings, {}, most=1)
        return absent if absent and (not guesses or absent[0].likeness > guesses[0].likeness + _CLEARLY) else guesses

    def is_compound(self, joined: str) -> bool:
        """Whether several entries write `joined` as one word."""
        return self.frequency(stem(joined)) > 1

    def split(self, word: str) -> tuple[str, str] | None:
        """The two words that `word` runs together ("stablediffusion"), if some name holds them side by side."""
        pairs = [
            (word[:cut], word[cut:])
            for cut in range(_SHORTEST_HALF, len(word) - _SHORTEST_HALF + 1)
            if self._count(word[:cut]) and self._count(word[cut:])
        ]
        best = max(pairs, key=lambda pair: (min(map(self._count, pair)), pair), default=None)
        return best if best and self.containing(word, 1) else None

    def _count(self, word: str) -> int:
        rows = self._catalogue.rows("SELECT count FROM spellings WHERE word = ?", word)
        return int(rows[0][0]) if rows else 0

    def containing(self, part: str, limit: int) -> list[int]:
        """Entries one of whose names has the key `part` (letters and digits, three at least) inside it."""
        if len(part) < _SHORTEST_HALF:
            return []
        statement = "SELECT rowid FROM grams WHERE grams MATCH ? ORDER BY rowid LIMIT ?"
        return [entry for (entry,) in self._catalogue.rows(statement, f'"{part}"', limit)]

    def endings(self, start: str) -> list[str]:
        """Words of the roadmap that start with `start`, the most frequent first."""
        statement = (
            "SELECT word FROM spellings WHERE word >= ? AND word < ? ORDER BY word = ? DESC, count DESC, word LIMIT ?"
        )
        # One letter may become anything: the less is typed, the fewer guesses are worth their time.
        most = min(_MOST_ENDINGS, 4 * len(start))
        rows = self._catalogue.rows(statement, start, start + "\U0010ffff", start, most)
        return [word for (word,) in rows]

    def alike(self, text: str, limit: int) -> list[int]:
        """The entries whose names share most 3-grams with `text` (folded words)."""
        flat = " ".join(text.split())
        grams = dict.fromkeys(flat[place : place + 3] for place in range(len(flat) - 2))
        terms = [gram for gram in grams if '"' not in gram and gram.strip() == gram]
        if not terms:
            return []
        question = " OR ".join(f'"{gram}"' for gram in terms)
        statement = "SELECT rowid FROM grams WHERE grams MATCH ? ORDER BY bm25(grams), rowid LIMIT ?"
        return [entry for (entry,) in self._catalogue.rows(statement, question, limit)]
