"""Databases for the tests of the state: each test that takes one runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
from tests import postgres

from roadmap_bot.state.database import Database

_numbers = count(1)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The PostgreSQL server of this run."""
    try:
        with postgres.server() as address:
            yield address
    except postgres.Unavailable as error:
        if postgres.REQUIRED:
            raise
        pytest.skip(f"NOT TESTED ON POSTGRESQL: {error}")


@pytest.fixture(scope="session")
def template(server: str) -> Iterator[str]:
    """The name of a PostgreSQL database with the newest schema, to copy."""
    name = _new_name()
    with postgres.new_database(server, name) as url:
        Database.open(url).close()
        yield name


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which of the two the test runs on."""
    return str(request.param)


@pytest.fixture
def new_empty(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Gives the address of one more database without anything in it; the file of a SQLite one is not there yet."""
    with ExitStack() as stack:

        def make() -> str:
            if kind == "sqlite":
                return f"sqlite:///{tmp_path / _new_name()}.sqlite"
            return stack.enter_context(postgres.new_database(request.getfixturevalue("server"), _new_name()))

        yield make


@pytest.fixture
def empty(new_empty: Callable[[], str]) -> str:
    """The address of a database without anything in it."""
    return new_empty()


@pytest.fixture
def url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with the newest schema and no rows."""
    if kind == "sqlite":
        address = f"sqlite:///{tmp_path / 'state.sqlite'}"
        Database.open(address).close()
        yield address
    else:
        names = request.getfixturevalue("server"), _new_name()
        with postgres.new_database(*names, template=request.getfixturevalue("template")) as address:
            yield address


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """An open database with no rows."""
    with Database.open(url) as opened:
        yield opened


def _new_name() -> str:
    return f"roadmap_bot_test_{os.getpid()}_{next(_numbers)}"
