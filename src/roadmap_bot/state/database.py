"""The state's database: opening it wherever its address says, and reading and writing in transactions.

What is read and written belongs to the modules beside this one; how, to `sqlite` and `postgresql`.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from roadmap_bot.core.errors import UserError

Result = TypeVar("Result")
_FORMS = "sqlite:////folder/state.sqlite or postgresql://user:password@host/database"
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*(?=://)", re.IGNORECASE)
# Opening is for one thread at a time: Alembic's context is global to a process, and so are the locks on a file.
_OPENING = threading.Lock()


class Backend(Protocol):
    """One kind of database, open and with the newest schema."""

    name: str
    version: str

    def read(self, work: Callable[[Connection], Result]) -> Result:
        """What `work` returns, from one consistent view of the data."""
        ...

    def write(self, work: Callable[[Connection], Result]) -> Result:
        """What `work` returns, once all it did is kept."""
        ...

    def close(self) -> None:
        """Lets go of everything. Nothing is running any more when this is called."""
        ...


class Database:
    """The open state. Threads may share it; every call waits until its transaction has ended.

    Work is given the connection of its transaction and uses nothing else: what it raises undoes all it did, and
    PostgreSQL may have it done again from the start. One transaction at a time: work that calls `read` or `write` again
    is a mistake and gets a RuntimeError, and so is any call after `close`.
    """

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._in_work = threading.local()
        self._changed = threading.Condition()
        self._running = 0
        self._open = True
        self._backend_open = True

    @classmethod
    def open(cls, url: str) -> Database:
        """Opens the state at `url`, making it first if need be, and brings its schema up to the newest.

        `sqlite:////absolute/path`, `sqlite:///relative/path` or `postgresql://user:password@host/database`. Raises
        UserError for an address that is wrong, and for a database that cannot be reached, written, or is not the bot's.
        """
        scheme = _SCHEME.match(url)
        with _OPENING:
            if scheme and scheme[0].lower() == "sqlite":
                return cls(_open_sqlite(url))
            if scheme and scheme[0].lower() == "postgresql":
                return cls(_open_postgresql(url))
        # The rest of what was given is not repeated: it may hold a password.
        if scheme:
            raise UserError(
                "The state cannot be kept in {scheme!r}. Set state.url to {forms}.", scheme=scheme[0], forms=_FORMS
            )
        raise UserError("The address of the state does not say what it is. Set state.url to {forms}.", forms=_FORMS)

    @property
    def engine_name(self) -> str:
        """Which kind of database it is: "sqlite" or "postgresql"."""
        return self._backend.name

    @property
    def version(self) -> str:
        """The version of SQLite or of the PostgreSQL server."""
        return self._backend.version

    def read(self, work: Callable[[Connection], Result]) -> Result:
        """What `work` returns. It sees one moment of the data, whatever is written meanwhile, and cannot write."""
        with self._counted():
            return self._backend.read(self._watched(work))

    def write(self, work: Callable[[Connection], Result]) -> Result:
        """What `work` returns. All it did is kept for good when this returns, and none of it when this raises."""
        with self._counted():
            return self._backend.write(self._watched(work))

    def close(self) -> None:
        """Waits for what is running and lets go of the database. Calling it again does nothing."""
        self._refuse_inside_work()
        with self._changed:
            self._open = False
            self._changed.wait_for(lambda: not self._running)
            if self._backend_open:
                self._backend_open = False
                self._backend.close()

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self._refuse_inside_work()
        with self._changed:
            if not self._open:
                raise RuntimeError("the state is closed")
            self._running += 1
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def _watched(self, work: Callable[[Connection], Result]) -> Callable[[Connection], Result]:
        def watched(connection: Connection) -> Result:
            # Set in the thread that does the work, which on SQLite is not the one that asked for it.
            self._in_work.now = True
            try:
                return work(connection)
            finally:
                self._in_work.now = False

        return watched

    def _refuse_inside_work(self) -> None:
        if getattr(self._in_work, "now", False):
            raise RuntimeError("a transaction is open in this thread: use the connection it was given")


def _open_sqlite(url: str) -> Backend:
    from roadmap_bot.state.sqlite import SQLite

    path = url.partition("://")[2].removeprefix("/")
    if not url.partition("://")[2].startswith("/") or path in ("", ":memory:"):
        raise UserError("The address of the state names no file. Set state.url to sqlite:////folder/state.sqlite.")
    return SQLite.open(Path(path).expanduser())


def _open_postgresql(url: str) -> Backend:
    from roadmap_bot.state.postgresql import PostgreSQL

    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        # Without its cause, which repeats the address and so the password.
        raise UserError(
            "The address of the state is not one of PostgreSQL. "
            "Set state.url to postgresql://user:password@host/database, with %40 for an @ in the password."
        ) from None
    return PostgreSQL.open(address)
