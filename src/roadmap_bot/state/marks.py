"""Small facts the bot keeps about itself, such as what it last registered on a platform; nothing about people."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from roadmap_bot.state.database import Database
from roadmap_bot.state.schema import insert_into, marks


class Marks:
    """The marks by their names."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str) -> str | None:
        """The value last set, or None."""
        statement = select(marks.c.value).where(marks.c.name == name)
        return self._database.read(lambda connection: connection.execute(statement).scalar_one_or_none())

    def set(self, name: str, value: str, now: datetime) -> None:
        """Sets the value, whatever it was before."""
        new = {"value": value, "changed_at": now}
        self._database.write(
            lambda connection: connection.execute(
                insert_into(connection, marks)
                .values(name=name, **new)
                .on_conflict_do_update(index_elements=marks.primary_key.columns.values(), set_=new)
            )
        )
