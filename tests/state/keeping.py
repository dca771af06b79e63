"""Keeps every schema that was ever shipped as SQL, so that later versions are tested from it.

`python -m tests.state.keeping` writes `tests/state/schemas/<version>.<engine>.sql` for the version that is now the
newest, from what its steps do to an empty database; below its last line it is for a person to add a few rows.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import psycopg
from sqlalchemy import create_engine, event
from sqlalchemy.engine import make_url
from tests import postgres

from roadmap_bot.state.migrations.upgrade import run_steps
from roadmap_bot.state.schema import VERSION
from roadmap_bot.state.sqlite import changing_tables

SCHEMAS = Path(__file__).parent / "schemas"
ROWS = "-- ---- rows, as this version kept them"
_CHANGES = ("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE")


def kept(kind: str) -> dict[str, Path]:
    """The files of the schemas kept for one engine, by their versions."""
    return {path.name.split(".")[0]: path for path in sorted(SCHEMAS.glob(f"*.{kind}.sql"))}


def what_steps_do(url: str, *, to: str) -> str:
    """The statements with which the steps up to the version `to` change the empty database at `url`."""
    done: list[str] = []

    def note(_c: object, _cursor: object, statement: str, values: object, _context: object, _many: object) -> None:
        if statement.lstrip().startswith(_CHANGES):
            assert not values, "a step gives values apart from its statement; they would be lost here"
            lines = (line.rstrip() for line in statement.partition(" RETURNING ")[0].expandtabs(4).splitlines())
            done.append("\n".join(line for line in lines if line) + ";\n")

    if url.startswith("sqlite"):
        with changing_tables(path_of(url)) as connection:
            event.listen(connection, "before_cursor_execute", note)
            run_steps(connection, to=to)
    else:
        engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
        with engine.begin() as connection:
            event.listen(connection, "before_cursor_execute", note)
            run_steps(connection, to=to)
        engine.dispose()
    return "".join(done)


def load(url: str, script: str) -> None:
    """Runs the statements of a kept file on the database at `url`."""
    if url.startswith("sqlite"):
        with changing_tables(path_of(url)) as connection:
            for statement in script.split(";\n"):
                connection.exec_driver_sql(statement)
    else:
        with psycopg.connect(url) as connection:
            connection.execute(script)


def path_of(url: str) -> Path:
    """The file behind the address of a SQLite database."""
    return Path(url.removeprefix("sqlite:///"))


def main() -> int:
    """Writes the newest schema for both engines; the exit status."""
    if VERSION in kept("sqlite") or VERSION in kept("postgresql"):
        print(f"The schema {VERSION} is kept already. Delete its files first, if it was never shipped.")  # noqa: T201
        return 1
    with (
        tempfile.TemporaryDirectory() as folder,
        postgres.server() as server,
        postgres.new_database(server, "roadmap_bot_keeping") as url,
    ):
        for kind, address in (("sqlite", f"sqlite:///{folder}/state.sqlite"), ("postgresql", url)):
            path = SCHEMAS / f"{VERSION}.{kind}.sql"
            path.write_text(f"{what_steps_do(address, to=VERSION)}{ROWS}\n", encoding="utf-8")
            print(f"{path} is written. Add a row or two to each table, below its last line.")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
