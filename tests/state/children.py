"""What other processes do in the tests of the state: `python -m tests.state.children VERB …`, told over their input."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from sqlalchemy import Connection

from roadmap_bot.state.database import Database
from roadmap_bot.state.marks import Marks
from roadmap_bot.state.schema import insert_into, marks

NOW = datetime(2026, 3, 29, 6, 0, tzinfo=UTC)


def put(connection: Connection, name: str, value: str) -> None:
    """Sets a mark inside somebody else's transaction."""
    new = {"value": value, "changed_at": NOW}
    statement = insert_into(connection, marks).values(name=name, **new)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=new))


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201  (the parent reads it)


def opening() -> None:
    """Opens every database it is told of and closes it again."""
    _say("ready")
    for line in sys.stdin:
        Database.open(line.strip()).close()
        _say("done")


def writing(url: str, name: str, number: str) -> None:
    """Sets `number` marks, each of its own name and one that is everybody's."""
    with Database.open(url) as database:
        _say("ready")
        sys.stdin.readline()
        for count in range(int(number)):
            Marks(database).set(f"{name}-{count}", str(count), NOW)
            Marks(database).set("everybody's", name, NOW)
        _say("done")


def counting(url: str) -> None:
    """Sets two marks to the same growing number, each time in one transaction, and says each number once it is kept."""

    def work(connection: Connection, count: int) -> None:
        put(connection, "left", str(count))
        put(connection, "right", str(count))

    with Database.open(url) as database:
        count = int(Marks(database).get("left") or 0)
        while True:
            count += 1
            database.write(lambda connection, count=count: work(connection, count))
            _say(str(count))


def halfway(url: str) -> None:
    """Sets two marks, but stops between the first and the second for as long as it lives."""

    def work(connection: Connection) -> None:
        put(connection, "left", "torn")
        _say("halfway")
        sys.stdin.read()
        put(connection, "right", "torn")

    with Database.open(url) as database:
        database.write(work)


if __name__ == "__main__":
    {"opening": opening, "writing": writing, "counting": counting, "halfway": halfway}[sys.argv[1]](*sys.argv[2:])
