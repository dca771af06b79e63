"""Opening a state: where it comes to lie, and the sentence a person gets where it cannot be opened."""

from __future__ import annotations

import os
import socket
import sqlite3
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from tests.state.keeping import path_of

from roadmap_bot.core.errors import UserError
from roadmap_bot.state import sqlite
from roadmap_bot.state.database import Database
from roadmap_bot.state.marks import Marks

NOW = datetime(2026, 3, 29, 6, 0, tzinfo=UTC)
only_postgresql = pytest.mark.parametrize("kind", ["postgresql"], indirect=True)


def _refusal(url: str) -> str:
    """The sentence with which `url` is refused."""
    with pytest.raises(UserError) as caught:
        Database.open(url)
    sentence = caught.value.sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


@contextmanager
def _without_privileges() -> Iterator[None]:
    """As somebody whom file permissions bind, which they do not root."""
    privileged = os.geteuid() == 0
    if privileged:
        os.seteuid(65_534)
    try:
        yield
    finally:
        if privileged:
            os.seteuid(0)


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder everybody can reach and read."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


def test_the_file_and_its_folders_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for url, path in (
        (f"sqlite:///{tmp_path}/a folder/100%/state.sqlite", tmp_path / "a folder" / "100%" / "state.sqlite"),
        ("sqlite:///near/state.sqlite", tmp_path / "near" / "state.sqlite"),
        ("sqlite:///~/state.sqlite", tmp_path / "home" / "state.sqlite"),
    ):
        with Database.open(url) as database:
            Marks(database).set("a", "1", NOW)
        assert path.is_file()
        with Database.open(url) as database:
            assert Marks(database).get("a") == "1"


def test_two_in_one_process_share_a_state(url: str) -> None:
    with Database.open(url) as one, Database.open(url) as other:
        Marks(one).set("a", "1", NOW)
        Marks(other).set("b", Marks(other).get("a") or "", NOW)
        assert Marks(one).get("b") == "1"


@pytest.mark.parametrize(
    ("url", "part"),
    [
        (
            "mysql://bot:hunter2@localhost/bot",
            "cannot be kept in 'mysql'. Set state.url to sqlite:////folder/state.sqlite or",
        ),
        ("postgres+asyncpg://bot:hunter2@localhost/bot", "cannot be kept in 'postgres+asyncpg'."),
        ("state-of-hunter2.sqlite", "does not say what it is. Set state.url to sqlite:////folder/state.sqlite or"),
        ("", "does not say what it is."),
        ("sqlite://", "names no file. Set state.url to sqlite:////folder/state.sqlite."),
        ("sqlite:///", "names no file."),
        ("sqlite:///:memory:", "names no file."),
        ("sqlite://hunter2.sqlite", "names no file."),
        ("postgresql://bot:hunter2@localhost:many/bot", "is not one of PostgreSQL. Set state.url to postgresql://"),
        ("postgresql://bot:hunter2@[::1/bot", "is not one of PostgreSQL."),
    ],
)
def test_an_address_that_is_none_is_answered_with_one_that_is(url: str, part: str) -> None:
    sentence = _refusal(url)
    assert part in sentence
    assert "hunter2" not in sentence


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    for content in (b"Remember the milk.\n", b"Remember the milk.\n" * 1_000):
        path.write_bytes(content)
        assert _refusal(f"sqlite:///{path}") == (
            f"{path} is no database. Set state.url to another file, or move this one away."
        )
        assert path.read_bytes() == content


def test_a_damaged_file_asks_for_the_backup(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    Database.open(f"sqlite:///{path}").close()
    content = bytearray(path.read_bytes())
    content[100:2_000] = b"\xff" * 1_900
    path.write_bytes(content)
    sentence = _refusal(f"sqlite:///{path}")
    assert sentence.startswith(f"{path} is damaged (")
    assert "Put the last backup in its place." in sentence


def test_a_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE meta (name, value)")
    content = path.read_bytes()
    assert _refusal(f"sqlite:///{path}") == (
        f"{path} holds tables that are not roadmap-bot's. Set state.url to a database of the bot's own."
    )
    assert path.read_bytes() == content
    assert [file.name for file in tmp_path.iterdir()] == ["catalogue.sqlite"]


def test_a_place_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cannot = "The state cannot be kept in {} ("
    beside = tmp_path / "file" / "state.sqlite"
    assert _refusal(f"sqlite:///{beside}").startswith(cannot.format(beside))
    assert _refusal(f"sqlite:///{tmp_path}").startswith(cannot.format(tmp_path))


def test_a_folder_that_may_not_be_written_says_so(shared_folder: Path) -> None:
    new, old = shared_folder / "new.sqlite", shared_folder / "old.sqlite"
    Database.open(f"sqlite:///{old}").close()
    old.chmod(0o644)
    shared_folder.chmod(0o555)
    with _without_privileges():
        assert _refusal(f"sqlite:///{new}") == (
            f"The state cannot be kept in {new} (Permission denied). Set state.url to another file, "
            "or let the bot write to that one and its folder."
        )
        assert _refusal(f"sqlite:///{old}").startswith(f"The state cannot be kept in {old} (")


@pytest.mark.parametrize("mode", [0o000, 0o444])
def test_a_file_that_may_not_be_written_says_so(shared_folder: Path, mode: int) -> None:
    path = shared_folder / "state.sqlite"
    Database.open(f"sqlite:///{path}").close()
    path.chmod(mode)
    shared_folder.chmod(0o777)
    with _without_privileges():
        assert _refusal(f"sqlite:///{path}").startswith(f"The state cannot be kept in {path} (")


def test_a_file_that_somebody_holds_is_waited_for(tmp_path: Path) -> None:
    # SQLite itself refuses at once to switch to its log while somebody else is about to write.
    path = tmp_path / "state.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        letting_go = threading.Timer(0.5, connection.execute, ["ROLLBACK"])
        letting_go.start()
        Database.open(f"sqlite:///{path}").close()
        letting_go.join()


def test_a_file_that_somebody_keeps_is_not_waited_for_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE", 0.2)
    path = tmp_path / "state.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for lock in ("BEGIN EXCLUSIVE", "BEGIN IMMEDIATE"):
            connection.execute(lock)
            assert _refusal(f"sqlite:///{path}") == (
                f"{path} is held by another program. End that one and start again."
            )
            connection.execute("ROLLBACK")


def test_a_newer_schema_is_refused_and_left_alone(url: str) -> None:
    with Database.open(url) as database:
        Marks(database).set("a", "1", NOW)
        database.write(lambda connection: connection.execute(text("UPDATE schema_version SET version_num = '0999'")))
    sentence = _refusal(url)
    assert "was written by a newer roadmap-bot: its schema is 0999" in sentence
    assert "Install the newest roadmap-bot" in sentence
    if url.startswith("sqlite"):
        assert sentence.startswith(str(path_of(url)))
        with closing(sqlite3.connect(path_of(url))) as connection:
            assert connection.execute("SELECT name, value FROM marks").fetchall() == [("a", "1")]


def test_psycopg_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)  # which makes importing it fail
    assert _refusal("postgresql://bot@localhost/bot") == (
        "PostgreSQL needs the library psycopg, which is missing here. "
        "Run `pip install 'roadmap-bot[postgresql]'` and start again."
    )


def test_a_server_that_cannot_be_reached_is_named_without_the_password() -> None:
    # The port is ours and nobody listens on it.
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        for url in (
            f"postgresql://bot:hunter2@127.0.0.1:{port}/roadmap",
            f"postgresql://bot@127.0.0.1:{port}/roadmap?password=hunter2",
        ):
            with pytest.raises(UserError) as caught:
                Database.open(url)
            sentence = caught.value.sentence
            assert sentence.startswith(f"The PostgreSQL database 'roadmap' at 127.0.0.1:{port} cannot be used (")
            assert "refused" in sentence
            assert "Check state.url" in sentence
            assert "hunter2" not in "".join(traceback.format_exception(caught.value))
    assert "hunter2" not in _refusal("postgresql://bot:hunter2@127.0.0.1/roadmap?hunter2=yes")


@only_postgresql
def test_a_database_that_is_not_there_is_named(empty: str) -> None:
    absent = make_url(empty).set(database="absent", password="hunter2").render_as_string(hide_password=False)  # noqa: S106
    sentence = _refusal(absent)
    assert sentence.startswith("The PostgreSQL database 'absent' at ")
    assert "does not exist" in sentence
    assert "hunter2" not in sentence


@only_postgresql
def test_somebody_who_may_not_make_tables_is_told(empty: str) -> None:
    with psycopg.connect(empty, autocommit=True) as connection:
        role = f"guest_{os.getpid()}"
        connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'hunter2'")
        connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        try:
            guest = make_url(empty).set(username=role, password="hunter2")  # noqa: S106
            sentence = _refusal(guest.render_as_string(hide_password=False))
        finally:
            connection.execute(f"DROP ROLE {role}")
    assert "permission denied for schema public" in sentence
    assert "hunter2" not in sentence


@only_postgresql
def test_a_database_of_another_program_is_left_alone(empty: str) -> None:
    with psycopg.connect(empty) as connection:
        connection.execute("CREATE TABLE posts (title text)")
    assert "holds tables that are not roadmap-bot's" in _refusal(empty)
