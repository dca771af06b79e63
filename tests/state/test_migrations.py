"""Schemas: every one that was ever shipped becomes the newest with all its rows, or stays wholly as it was."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, MetaData, Text, inspect, text
from tests.state import keeping

from roadmap_bot.state import schema
from roadmap_bot.state.chats import Chat, Chats
from roadmap_bot.state.database import Database
from roadmap_bot.state.marks import Marks
from roadmap_bot.state.migrations.upgrade import FOLDER, run_steps, version_of
from roadmap_bot.state.sqlite import changing_tables
from roadmap_bot.state.updates import Updates

SHIPPED = sorted(keeping.kept("sqlite"))
EVENING, MORNING = datetime(2026, 3, 28, 20, 15, tzinfo=UTC), datetime(2026, 3, 29, 6, 0, tzinfo=UTC)
from_every_version = pytest.mark.parametrize("version", SHIPPED)


def _form(url: str) -> dict[str, object]:
    """The tables of a database whose schema is the newest, in every respect that matters."""

    def work(connection: Connection) -> dict[str, object]:
        look = inspect(connection)
        return {
            table: (
                [
                    (column["name"], str(column["type"]), column["nullable"], column["default"])
                    for column in look.get_columns(table)
                ],
                look.get_pk_constraint(table)["constrained_columns"],
                look.get_indexes(table),
                look.get_foreign_keys(table),
                look.get_unique_constraints(table),
                look.get_check_constraints(table),
            )
            for table in sorted(look.get_table_names())
        }

    with Database.open(url) as database:
        return database.read(work)


def _differences(database: Database, metadata: MetaData) -> list[object]:
    options = {"version_table": schema.VERSION_TABLE, "compare_type": True, "compare_server_default": True}
    return database.read(
        lambda connection: list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))
    )


def test_the_tables_in_the_code_are_those_the_steps_make(empty: str) -> None:
    with Database.open(empty) as database:
        assert _differences(database, schema.metadata) == []
        # And a difference would be seen.
        other = MetaData()
        for table in schema.metadata.tables.values():
            table.to_metadata(other)
        other.tables["chats"].append_column(Column("forgotten", Text))
        assert len(_differences(database, other)) == 1


def test_the_steps_are_one_line_of_numbers_that_ends_at_the_version_of_the_code(kind: str) -> None:
    steps = list(ScriptDirectory(str(FOLDER)).walk_revisions())
    numbers = [f"{number:04}" for number in range(1, len(steps) + 1)]
    assert [step.revision for step in reversed(steps)] == numbers
    assert all(Path(step.path).name.startswith(f"v{step.revision}_") for step in steps)
    assert numbers[-1] == schema.VERSION
    # Every one of them is kept as SQL; `python -m tests.state.keeping` does it for the newest.
    assert sorted(keeping.kept(kind)) == numbers


@from_every_version
def test_a_shipped_step_is_never_changed(new_empty: Callable[[], str], kind: str, version: str) -> None:
    kept, made = new_empty(), new_empty()
    keeping.load(kept, keeping.kept(kind)[version].read_text(encoding="utf-8"))
    keeping.what_steps_do(made, to=version)
    assert _form(kept) == _form(made)


@from_every_version
def test_every_shipped_schema_becomes_the_newest_with_all_its_rows(
    new_empty: Callable[[], str], kind: str, version: str
) -> None:
    old, fresh = new_empty(), new_empty()
    keeping.load(old, keeping.kept(kind)[version].read_text(encoding="utf-8"))
    assert _form(old) == _form(fresh)
    with Database.open(old) as database:
        assert database.read(version_of) == schema.VERSION
        assert Chats(database).known("telegram") == [
            Chat(platform="telegram", chat="-1007", language="zh-CN", introduced_at=MORNING, created_at=EVENING)
        ]
        assert Chats(database).known("discord") == [
            Chat(platform="discord", chat="42", gone_at=MORNING, created_at=EVENING)
        ]
        assert Updates(database, "telegram", "4711").handled([1, 2**53 + 1]) == {2**53 + 1}
        assert Marks(database).get("commands") == "a1"


@pytest.fixture
def step(tmp_path: Path) -> Callable[[str, str], Path]:
    """Writes one more step behind the real ones; the folder with all of them."""
    folder = tmp_path / "50% of the steps"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))

    def write(number: str, upgrade: str) -> Path:
        before = f"{int(number) - 1:04}"
        head = f"import sqlalchemy as sa\nfrom alembic import op\nrevision, down_revision = {number!r}, {before!r}\n"
        body = "".join(f"    {line}\n" for line in dedent(upgrade).strip().splitlines())
        (folder / "versions" / f"v{number}_test.py").write_text(f"{head}def upgrade():\n{body}", encoding="utf-8")
        return folder

    return write


NEXT, AFTER_NEXT = f"{int(schema.VERSION) + 1:04}", f"{int(schema.VERSION) + 2:04}"


def test_a_step_that_fails_leaves_the_schema_and_the_rows_as_they_were(
    url: str, step: Callable[[str, str], Path]
) -> None:
    before = _form(url)
    step(NEXT, 'op.create_table("more", sa.Column("name", sa.Text(), primary_key=True))')
    folder = step(
        AFTER_NEXT,
        """
        op.execute("INSERT INTO more VALUES ('x')")
        op.execute("DELETE FROM marks")
        raise LookupError("in the middle")
        """,
    )
    with Database.open(url) as database:
        Marks(database).set("a", "1", MORNING)
        with pytest.raises(LookupError, match="in the middle"):
            database.write(lambda connection: run_steps(connection, to=AFTER_NEXT, folder=folder))
        assert database.read(version_of) == schema.VERSION
        assert Marks(database).get("a") == "1"
    assert _form(url) == before


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_replacing_a_table_on_sqlite_spares_what_refers_to_it(url: str, step: Callable[[str, str], Path]) -> None:
    step(
        NEXT,
        """
        key = sa.ForeignKeyConstraint(["mark"], ["marks.name"], ondelete="CASCADE")
        op.create_table("notes", sa.Column("mark", sa.Text(), primary_key=True), key)
        op.execute("INSERT INTO marks VALUES ('a', '1', '2026-03-29 06:00:00.000000')")
        op.execute("INSERT INTO notes VALUES ('a')")
        """,
    )
    folder = step(
        AFTER_NEXT,
        """
        with op.batch_alter_table("marks") as marks:
            marks.alter_column("value", nullable=True)
        """,
    )
    with changing_tables(keeping.path_of(url)) as connection:
        run_steps(connection, to=AFTER_NEXT, folder=folder)
    with changing_tables(keeping.path_of(url)) as connection:
        assert version_of(connection) == AFTER_NEXT
        assert connection.execute(text("SELECT mark FROM notes")).scalars().all() == ["a"]
        assert inspect(connection).get_columns("marks")[1]["nullable"]


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_steps_that_leave_rows_referring_to_nothing_are_undone(url: str, step: Callable[[str, str], Path]) -> None:
    folder = step(
        NEXT,
        """
        key = sa.ForeignKeyConstraint(["mark"], ["marks.name"])
        op.create_table("notes", sa.Column("mark", sa.Text(), primary_key=True), key)
        op.execute("INSERT INTO notes VALUES ('absent')")
        """,
    )
    before = _form(url)
    with (
        pytest.raises(RuntimeError, match="rows of 'notes' refer to rows of 'marks' that are not there"),
        changing_tables(keeping.path_of(url)) as connection,
    ):
        run_steps(connection, to=NEXT, folder=folder)
    assert _form(url) == before
