"""Several processes on one state, and processes that die in the middle: nothing kept is lost, nothing half is kept."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select
from tests.state.children import NOW, put
from tests.state.keeping import path_of

from roadmap_bot.state import schema
from roadmap_bot.state.database import Database
from roadmap_bot.state.marks import Marks

ROOT = Path(__file__).parents[2]
LONGEST = 60.0

Child = subprocess.Popen[str]


@pytest.fixture
def start() -> Iterator[Callable[..., Child]]:
    """Starts `tests/state/children.py` in a process of its own; whichever still runs at the end is killed."""
    with ExitStack() as running:

        def start(*arguments: str) -> Child:
            command = [sys.executable, "-m", "tests.state.children", *arguments]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
            child = running.enter_context(subprocess.Popen(command, cwd=ROOT, text=True, bufsize=1, **pipes))
            running.callback(child.kill)
            # A child that hangs is ended, so that a reader of its output gets an end instead of waiting for ever.
            watch = threading.Timer(LONGEST, child.kill)
            watch.start()
            running.callback(watch.join)
            running.callback(watch.cancel)
            return child

        yield start


def _hear(child: Child) -> str:
    assert child.stdout
    return child.stdout.readline().strip()


def _tell(child: Child, line: str = "") -> None:
    assert child.stdin
    child.stdin.write(line + "\n")


def test_processes_that_start_at_once_on_an_empty_place_all_find_the_newest_schema(
    new_empty: Callable[[], str], start: Callable[..., Child]
) -> None:
    children = [start("opening") for _ in range(3)]
    assert [_hear(child) for child in children] == ["ready"] * 3
    for _ in range(6):
        url = new_empty()
        for child in children:
            _tell(child, url)
        assert [_hear(child) for child in children] == ["done"] * 3
        with Database.open(url) as database:
            Marks(database).set("a", "b", NOW)


def test_processes_that_write_at_once_lose_nothing(url: str, start: Callable[..., Child]) -> None:
    children = [start("writing", url, name, "60") for name in "ab"]
    assert [_hear(child) for child in children] == ["ready"] * 2
    for child in children:
        _tell(child)
    assert [_hear(child) for child in children] == ["done"] * 2
    with Database.open(url) as database:
        counted = select(func.count()).select_from(schema.marks)
        assert database.read(lambda connection: connection.execute(counted).scalar_one()) == 2 * 60 + 1


def test_what_was_kept_survives_a_kill_at_any_moment(url: str, start: Callable[..., Child]) -> None:
    for _ in range(3):
        child = start("counting", url)
        for _ in range(25):
            said = int(_hear(child))
        child.kill()
        assert child.stdout
        rest = child.stdout.read().splitlines()
        said = int(rest[-1]) if rest and rest[-1].isdigit() else said
        child.wait(LONGEST)
        with Database.open(url) as database:
            left, right = database.read(_both)
        assert left == right
        # It may have been kept and not yet said, never the other way round.
        assert int(left) in (said, said + 1)
    _check_file(url)


def test_a_process_killed_halfway_through_leaves_what_was_before(url: str, start: Callable[..., Child]) -> None:
    with Database.open(url) as database:
        database.write(lambda connection: [put(connection, name, "whole") for name in ("left", "right")])
    child = start("halfway", url)
    assert _hear(child) == "halfway"
    child.kill()
    child.wait(LONGEST)
    with Database.open(url) as database:
        assert database.read(_both) == ["whole", "whole"]
        Marks(database).set("left", "written again", NOW)  # and no lock of the dead one remains
    _check_file(url)


def _both(connection: Connection) -> list[str]:
    """The values of the marks "left" and "right" at one moment."""
    statement = select(schema.marks.c.value).where(schema.marks.c.name.in_(["left", "right"]))
    return list(connection.execute(statement.order_by(schema.marks.c.name)).scalars())


def _check_file(url: str) -> None:
    if url.startswith("sqlite"):
        connection = sqlite3.connect(path_of(url))
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.close()
