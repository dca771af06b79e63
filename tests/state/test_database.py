"""Transactions: all or nothing, one view while reading, one at a time in a thread, and an orderly end."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from tests.state.children import put
from tests.state.keeping import path_of

from roadmap_bot.state import schema, sqlite
from roadmap_bot.state.database import Database
from roadmap_bot.state.marks import Marks

NOW = datetime(2026, 3, 29, 6, 0, tzinfo=UTC)
LONGEST = 20.0
only_sqlite = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("kind", ["postgresql"], indirect=True)


def _value(connection: Connection, name: str = "a") -> str | None:
    return connection.execute(select(schema.marks.c.value).where(schema.marks.c.name == name)).scalar()


def test_what_raises_undoes_all_it_did(database: Database) -> None:
    reason = LookupError("changed my mind")

    def work(connection: Connection) -> None:
        put(connection, "a", "1")
        assert _value(connection) == "1"
        raise reason

    with pytest.raises(LookupError) as caught:
        database.write(work)
    assert caught.value is reason
    assert Marks(database).get("a") is None
    Marks(database).set("a", "2", NOW)
    assert Marks(database).get("a") == "2"


def test_reading_sees_one_moment_whatever_is_written_meanwhile(database: Database) -> None:
    marks = Marks(database)
    marks.set("a", "before", NOW)
    with ThreadPoolExecutor(1) as elsewhere:

        def work(connection: Connection) -> tuple[str | None, str | None]:
            first = _value(connection)
            elsewhere.submit(marks.set, "a", "after", NOW).result(LONGEST)
            return first, _value(connection)

        assert database.read(work) == ("before", "before")
    assert marks.get("a") == "after"


def test_reading_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"read-?only"):
        database.read(lambda connection: put(connection, "a", "1"))
    Marks(database).set("b", "1", NOW)  # the connection that was misused serves on, and so do the others
    assert [Marks(database).get(name) for name in "ab"] == [None, "1"]


def test_a_transaction_inside_another_is_refused_instead_of_waiting_for_itself(database: Database) -> None:
    inner: list[Callable[[], object]] = [
        lambda: Marks(database).set("a", "1", NOW),
        lambda: Marks(database).get("a"),
        database.close,
    ]
    for act in inner:
        for outer in (database.write, database.read):
            with pytest.raises(RuntimeError, match="transaction is open"):
                outer(lambda _, act=act: act())
    Marks(database).set("a", "2", NOW)
    assert Marks(database).get("a") == "2"


def test_after_the_end_nothing_is_read_or_written(url: str) -> None:
    database = Database.open(url)
    database.close()
    database.close()
    for act in (database.read, database.write):
        with pytest.raises(RuntimeError, match="closed"):
            act(lambda _: None)


def test_closing_waits_for_what_is_running(url: str) -> None:
    database = Database.open(url)
    begun, go_on = threading.Event(), threading.Event()

    def work(connection: Connection) -> str:
        begun.set()
        assert go_on.wait(LONGEST)
        put(connection, "a", "kept")
        return "done"

    with ThreadPoolExecutor(4) as elsewhere:
        running = elsewhere.submit(database.write, work)
        assert begun.wait(LONGEST)
        closing = [elsewhere.submit(database.close) for _ in range(2)]
        assert not closing[0].done()
        go_on.set()
        assert running.result(LONGEST) == "done"
        for one in closing:
            one.result(LONGEST)
    with Database.open(url) as again:
        assert Marks(again).get("a") == "kept"


def test_more_threads_than_connections_all_get_their_turn(database: Database) -> None:
    marks = Marks(database)

    def act(number: int) -> str | None:
        marks.set(f"m{number}", str(number), NOW)
        return marks.get(f"m{number}")

    with ThreadPoolExecutor(24) as pool:
        assert list(pool.map(act, range(96))) == [str(number) for number in range(96)]


zones = st.builds(lambda minutes: timezone(timedelta(minutes=minutes)), st.integers(-23 * 60, 23 * 60))
moments = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=zones)  # noqa: DTZ001  (zones are drawn)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moment=moments, other=moments)
def test_a_moment_comes_back_as_the_same_in_utc(database: Database, moment: datetime, other: datetime) -> None:
    def work(connection: Connection) -> tuple[datetime, int]:
        put(connection, "a", "1")
        connection.execute(update(schema.marks).values(changed_at=moment))
        found = connection.execute(select(schema.marks.c.changed_at)).scalar_one()
        earlier = select(func.count()).select_from(schema.marks).where(schema.marks.c.changed_at < other)
        return found, connection.execute(earlier).scalar_one()

    found, earlier = database.write(work)
    assert (found, found.tzinfo) == (moment, UTC)
    assert earlier == (moment < other)


def test_a_moment_without_a_time_zone_is_refused(database: Database) -> None:
    naive = datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001  (that is the point)
    for act in (
        insert(schema.marks).values(name="a", value="1", changed_at=naive),
        select(schema.marks).where(schema.marks.c.changed_at < naive),
    ):
        with pytest.raises(schema.NaiveInstant, match="no time zone"):
            database.write(lambda connection, act=act: connection.execute(act))


def test_it_says_what_it_is(database: Database, kind: str) -> None:
    assert database.engine_name == kind
    assert database.version.split(".")[0].isdigit()
    if kind == "sqlite":
        assert database.version == sqlite3.sqlite_version


@only_sqlite
def test_sqlite_is_set_up_to_be_safe_and_private(database: Database, url: str) -> None:
    def pragmas(connection: Connection) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys", "query_only")
        return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}

    full = 2
    writing = database.write(pragmas)
    assert writing == {
        "journal_mode": "wal",
        "synchronous": full,
        "busy_timeout": 5_000,
        "foreign_keys": 1,
        "query_only": 0,
    }
    reading = database.read(pragmas)
    assert (reading["journal_mode"], reading["busy_timeout"], reading["query_only"]) == ("wal", 5_000, 1)
    folder = path_of(url).parent
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert len(list(folder.iterdir())) == 3  # the file, its log and the memory shared by those who use it
    database.close()
    assert [path.name for path in folder.iterdir()] == ["state.sqlite"]


@only_sqlite
def test_closing_brings_everything_into_the_one_file_even_if_others_have_it_open(
    database: Database, url: str, tmp_path: Path
) -> None:
    path, copied = path_of(url), tmp_path / "copy.sqlite"
    with closing(sqlite3.connect(path)) as other:
        other.execute("SELECT * FROM marks").fetchall()
        Marks(database).set("a", "1", NOW)
        database.close()
        assert path.with_name(f"{path.name}-wal").exists()  # the other one still needs it
        shutil.copy(path, copied)  # but nobody who copies the file
    with closing(sqlite3.connect(copied)) as copy:
        assert copy.execute("SELECT name, value FROM marks").fetchall() == [("a", "1")]


@only_sqlite
def test_on_sqlite_a_write_waits_for_another_process_and_gives_up_in_the_end(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE", 0.2)
    with Database.open(url) as database, closing(sqlite3.connect(path_of(url), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DBAPIError, match="locked"):
            Marks(database).set("a", "1", NOW)
        assert Marks(database).get("a") is None  # reading goes on
        other.execute("ROLLBACK")
        Marks(database).set("a", "2", NOW)
        assert Marks(database).get("a") == "2"


@only_sqlite
def test_on_sqlite_one_thread_writes_for_all(database: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        writers = set(pool.map(lambda _: database.write(lambda _: threading.get_ident()), range(64)))
    assert len(writers) == 1
    assert threading.get_ident() not in writers


@only_postgresql
def test_a_deadlock_is_solved_by_doing_one_of_the_two_again(database: Database) -> None:
    for name in "ab":
        Marks(database).set(name, "", NOW)
    together, begun = threading.Barrier(2), []

    def cross(mine: str, other: str) -> None:
        def work(connection: Connection) -> None:
            first = begun.count(mine) == 0
            begun.append(mine)
            connection.execute(text("SET LOCAL deadlock_timeout = '50ms'"))
            put(connection, mine, f"{mine} was here")
            if first:
                together.wait(LONGEST)
            put(connection, other, f"{mine} was here")

        database.write(work)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(cross, "ab", "ba"))
    assert len(begun) == 3
    last = begun[-1]
    assert [Marks(database).get(name) for name in "ab"] == [f"{last} was here"] * 2


@only_postgresql
@pytest.mark.parametrize(("state", "attempts"), [("40001", 6), ("40P01", 6), ("23505", 1), ("57014", 1)])
def test_a_transaction_is_begun_again_only_a_few_times_and_for_a_reason(
    database: Database, state: str, attempts: int
) -> None:
    begun = []

    def work(connection: Connection) -> None:
        begun.append(1)
        put(connection, "a", "1")
        connection.exec_driver_sql(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$")

    with pytest.raises(DBAPIError):
        database.write(work)
    assert len(begun) == attempts
    assert Marks(database).get("a") is None


@only_postgresql
def test_connections_that_were_cut_are_replaced_unnoticed(database: Database, url: str) -> None:
    Marks(database).set("a", "1", NOW)
    with psycopg.connect(url, autocommit=True) as other:
        cut = other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchall()
    assert (True,) in cut
    assert Marks(database).get("a") == "1"
    Marks(database).set("a", "2", NOW)


def test_a_broken_rule_of_a_table_is_the_callers_to_know(database: Database) -> None:
    Marks(database).set("a", "1", NOW)
    twice = insert(schema.marks).values(name="a", value="2", changed_at=NOW)
    with pytest.raises(IntegrityError):
        database.write(lambda connection: connection.execute(twice))
    assert Marks(database).get("a") == "1"
