"""Reads a built catalogue: sections, resources and questions by their ids. Immutable, and safe to share by threads."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import msgspec

from roadmap_bot.core.errors import NotFound, UserError
from roadmap_bot.core.records import Document, Question, Resource, Section

SCHEMA_VERSION = 1
Record = TypeVar("Record")
_KEPT_RECORDS = 2_048
_BUILDERS = ("building", "folder", "indexing", "lexicon", "text", "words")


def digest_of(folder: Path) -> str:
    """A digest of everything a catalogue of `folder` depends on: its YAML files and the code that builds the index."""
    digest = hashlib.blake2b(str(SCHEMA_VERSION).encode(), digest_size=16)
    files = [file for name in ("resources", "questions") for file in sorted((folder / name).glob("*.yaml"))]
    files += [folder / "roadmap.yaml", folder / "vocabulary.yaml"]
    files += [Path(__file__).with_name(f"{module}.py") for module in _BUILDERS]
    for file in files:
        if file.is_file():
            content = file.read_bytes()
            digest.update(f"{file.name} {len(content)} ".encode() + content)
    return digest.hexdigest()


def catalogue_path(folder: Path, cache: Path) -> Path:
    """Where the built catalogue of `folder` is kept under `cache`: one file for each roadmap folder."""
    place = hashlib.blake2b(str(folder.resolve()).encode(), digest_size=6).hexdigest()
    return cache / f"{folder.resolve().name or 'roadmap'}-{place}.sqlite"


class Catalogue:
    """An open catalogue. Every thread gets a connection of its own; the file is opened immutable."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._record = lru_cache(maxsize=_KEPT_RECORDS)(self._read_record)

    @classmethod
    def open(cls, path: Path) -> Catalogue:
        """Opens the catalogue at `path`; raises UserError for a file that is none or is of another version."""
        catalogue = cls(path)
        try:
            version = catalogue._meta.get("schema")
        except sqlite3.Error as error:
            catalogue.close()
            message = f"{path} is no catalogue ({error}). Delete it and run `roadmap-bot build` to make a new one."
            raise UserError(message) from error
        if version != str(SCHEMA_VERSION):
            catalogue.close()
            message = f"{path} was built by another version of roadmap-bot. Run `roadmap-bot build` to make a new one."
            raise UserError(message)
        return catalogue

    def __enter__(self) -> Catalogue:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections of all threads."""
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._local = threading.local()

    def rows(self, statement: str, *values: Any) -> list[Any]:
        """All rows of a statement; for the modules of the catalogue itself."""
        connection = getattr(self._local, "connection", None)
        if connection is None:
            address = f"{self.path.resolve().as_uri()}?mode=ro&immutable=1"
            connection = sqlite3.connect(address, uri=True, check_same_thread=False, cached_statements=256)
            # Each thread has one of these, and what is asked for often is kept by the search.
            connection.execute("PRAGMA cache_size = -256")
            self._local.connection = connection
            self._connections.append(connection)
        try:
            return connection.execute(statement, values).fetchall()
        except UnicodeEncodeError:
            # Half a surrogate pair can be typed and put into JSON, but no text of a catalogue holds one.
            return []

    @cached_property
    def _meta(self) -> dict[str, str]:
        return dict(self.rows("SELECT name, value FROM meta"))

    @property
    def title(self) -> str:
        """The roadmap's own title."""
        return self._meta["title"]

    @property
    def about(self) -> str:
        """What the roadmap says of itself."""
        return self._meta["about"]

    @property
    def digest(self) -> str:
        """The digest of the sources it was built from."""
        return self._meta["digest"]

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """The source documents, in their order."""
        return tuple(msgspec.json.decode(row[0], type=Document) for row in self.rows("SELECT record FROM documents"))

    @cached_property
    def sections(self) -> dict[str, Section]:
        """All sections by slug, in reading order."""
        found = self.rows("SELECT record FROM sections ORDER BY place")
        sections = (msgspec.json.decode(row[0], type=Section) for row in found)
        return {section.slug: section for section in sections}

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many works every section holds, those of its sub-sections included, each once."""
        works: dict[str, set[str]] = {slug: set() for slug in self.sections}
        for slug, resource in self.rows("SELECT section, resource FROM resource_sections"):
            above = self.sections.get(slug)
            while above:
                works[above.slug].add(resource)
                above = self.sections.get(above.parent or "")
        return {slug: len(held) for slug, held in works.items()}

    def section(self, slug: str) -> Section:
        """The section with `slug`; raises NotFound."""
        try:
            return self.sections[slug]
        except KeyError:
            raise NotFound("That section is not on the roadmap (any more). Type /browse to see what is.") from None

    def resource(self, identity: str) -> Resource:
        """The resource with this id; raises NotFound."""
        resource = self._record("resources", identity)
        if resource is None:
            raise NotFound(
                "That entry is not on the roadmap (any more). Search for its title to find what replaced it."
            )
        assert isinstance(resource, Resource)
        return resource

    def _read_record(self, table: str, identity: str) -> Resource | Question | None:
        form: type[Resource] | type[Question] = Resource if table == "resources" else Question
        rows = self.rows(f"SELECT record FROM {table} WHERE id = ?", identity)  # noqa: S608  (one of two literals)
        return msgspec.json.decode(rows[0][0], type=form) if rows else None

    def resources(self) -> Iterator[Resource]:
        """Every resource, in the order of the files."""
        for (record,) in self.rows("SELECT record FROM resources ORDER BY place"):
            yield msgspec.json.decode(record, type=Resource)

    def resources_in(self, slug: str) -> tuple[Resource, ...]:
        """The resources of one section without its sub-sections: those at home here first, then the guests."""
        rows = self.rows(
            "SELECT resource FROM resource_sections WHERE section = ? ORDER BY rank > 0, place", self.section(slug).slug
        )
        return tuple(self.resource(identity) for (identity,) in rows)

    def resource_ids(self) -> list[str]:
        """The ids of all resources, in order."""
        return [identity for (identity,) in self.rows("SELECT id FROM resources ORDER BY place")]

    def questions(self, slug: str | None = None) -> tuple[Question, ...]:
        """The questions of a section, or all of them."""
        where, values = ("WHERE section = ?", (slug,)) if slug else ("", ())
        rows = self.rows(f"SELECT record FROM questions {where} ORDER BY place", *values)  # noqa: S608  (a literal)
        return tuple(msgspec.json.decode(row[0], type=Question) for row in rows)

    def chapters(self) -> tuple[Section, ...]:
        """The sections of the first level, in order."""
        return tuple(section for section in self.sections.values() if section.parent is None)

    def children(self, slug: str) -> tuple[Section, ...]:
        """The sections directly below one, in order."""
        return tuple(section for section in self.sections.values() if section.parent == slug)

    def chapter_of(self, slug: str) -> Section:
        """The chapter a section belongs to: itself, if it is one."""
        section = self.section(slug)
        while section.parent:
            section = self.section(section.parent)
        return section
