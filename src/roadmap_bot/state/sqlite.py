"""The state in a SQLite file: one thread owns the one connection that writes, any thread may read."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError

from roadmap_bot.core.errors import UserError
from roadmap_bot.state.migrations.upgrade import bring_up_to_date, is_current
from roadmap_bot.state.schema import VERSION_TABLE

Result = TypeVar("Result")
# How long a transaction waits for that of another process, in seconds.
PATIENCE = 5.0
# Readers who come while so many are reading wait for one of them.
_READERS = 4


class SQLite:
    """An open SQLite file with the newest schema."""

    name = "sqlite"
    version = sqlite3.sqlite_version

    def __init__(self, path: Path) -> None:
        # SQLite before 3.51.3 can damage a file that two connections write or checkpoint at the same moment
        # (sqlite.org/wal.html#walresetbug). So there is one that does, and one thread that has it.
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="state-writer")
        self._writing = _engine(path, "BEGIN IMMEDIATE", poolclass=NullPool)
        self._reading = _engine(
            path, "BEGIN", ("query_only=ON", "cache_size=-256"), pool_size=_READERS, max_overflow=0, pool_timeout=60
        )
        self._connection: Connection | None = None

    @classmethod
    def open(cls, path: Path) -> SQLite:
        """Opens the file at `path` or makes it, with the newest schema; raises UserError where that cannot be."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _make_private(path)
        except OSError as error:
            raise _unusable(path, error.strerror or str(error)) from error
        state = cls(path)
        try:
            _bring_up_to_date(path)
            state._writer.submit(state._connect).result()
        except DBAPIError as error:
            state.close()
            raise _explained(path, error) from error
        except BaseException:
            state.close()
            raise
        return state

    def read(self, work: Callable[[Connection], Result]) -> Result:
        """Runs `work` in this thread, on a connection that cannot write."""
        with self._reading.begin() as connection:
            return work(connection)

    def write(self, work: Callable[[Connection], Result]) -> Result:
        """Runs `work` in the thread that writes, after all that was asked for before."""
        return self._writer.submit(self._write, work).result()

    def close(self) -> None:
        """Brings what is in the write-ahead log into the file and lets go of it."""
        # The readers first: whichever connection is the last one checkpoints, and that is to be the writer.
        self._reading.dispose()
        self._writer.submit(self._disconnect).result()
        self._writer.shutdown()

    def _connect(self) -> None:
        self._connection = self._writing.connect()
        # SQLite opens a file that may only be read without a word, and says so to whoever really writes.
        with self._connection.begin() as trial:
            self._connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = version_num")  # noqa: S608
            trial.rollback()

    def _write(self, work: Callable[[Connection], Result]) -> Result:
        assert self._connection is not None
        with self._connection.begin():
            return work(self._connection)

    def _disconnect(self) -> None:
        if self._connection is not None:
            # Past SQLAlchemy, which would begin a transaction first. As much as can be done without waiting for others
            # who have the file open, and where it cannot be done at all: what is in the log is not lost.
            driver = self._connection.connection.driver_connection
            assert driver is not None
            with suppress(sqlite3.Error):
                driver.execute("PRAGMA wal_checkpoint(PASSIVE)")
            self._connection.close()
        self._writing.dispose()


def _engine(path: Path, begin: str, pragmas: tuple[str, ...] = ("foreign_keys=ON",), **options: Any) -> Engine:
    """An engine over `path` whose transactions start with `begin`, and whose connections start with `pragmas`."""
    # The driver would begin transactions by itself, late and never with IMMEDIATE; None leaves that to us.
    arguments = {"timeout": PATIENCE, "isolation_level": None}
    engine = create_engine(URL.create("sqlite+pysqlite", database=str(path)), connect_args=arguments, **options)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        for pragma in ("synchronous=FULL", *pragmas):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _make_private(path: Path) -> None:
    """Makes an empty file that only its owner may read, as do the ones SQLite puts beside it, unless there is one.

    An existing file is left to SQLite: closing one that is open elsewhere in this process would lose its locks.
    """
    if not path.exists():
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            return


def _bring_up_to_date(path: Path) -> None:
    with _engine(path, "BEGIN", ("query_only=ON",), poolclass=NullPool).begin() as connection:
        current = is_current(connection, str(path))
    # Only now that the file is known to be ours is anything about it changed.
    _switch_to_wal(path)
    if not current:
        with changing_tables(path) as connection:
            bring_up_to_date(connection, str(path))


@contextmanager
def changing_tables(path: Path) -> Iterator[Connection]:
    """A writing transaction in which tables may be replaced by others of the same name: how SQLite changes one.

    Enforced foreign keys would have a table take along what refers to it when it goes. Here they are looked at in the
    end, and rows that then refer to nothing are a RuntimeError that undoes everything.
    """
    with _engine(path, "BEGIN IMMEDIATE", ("foreign_keys=OFF",), poolclass=NullPool).begin() as connection:
        yield connection
        torn = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if torn:
            raise RuntimeError(f"rows of {torn[0][0]!r} refer to rows of {torn[0][2]!r} that are not there")


def _switch_to_wal(path: Path) -> None:
    """Has the file keep a write-ahead log, so that nobody who reads waits for somebody who writes."""
    deadline = time.monotonic() + PATIENCE
    engine = _engine(path, "BEGIN", ("journal_mode=WAL",), poolclass=NullPool)
    while True:
        try:
            engine.connect().close()
        except DBAPIError as error:
            # SQLite itself does not wait here when another process does the same.
            if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def _explained(path: Path, error: DBAPIError) -> Exception:
    """What a person can do about an error on opening; the error itself where it is ours and not theirs."""
    code = _code(error)
    if code == sqlite3.SQLITE_NOTADB:
        return UserError("{path} is no database. Set state.url to another file, or move this one away.", path=path)
    if code == sqlite3.SQLITE_CORRUPT:
        return UserError(
            "{path} is damaged ({reason}). Put the last backup in its place.", path=path, reason=str(error.orig)
        )
    if code == sqlite3.SQLITE_BUSY:
        return UserError("{path} is held by another program. End that one and start again.", path=path)
    return error if code in (None, sqlite3.SQLITE_ERROR) else _unusable(path, str(error.orig))


def _code(error: DBAPIError) -> int | None:
    extended: int | None = getattr(error.orig, "sqlite_errorcode", None)
    return None if extended is None else extended & 0xFF


def _unusable(path: Path, reason: str) -> UserError:
    return UserError(
        "The state cannot be kept in {path} ({reason}). Set state.url to another file, or let the bot write "
        "to that one and its folder.",
        path=path,
        reason=reason,
    )
