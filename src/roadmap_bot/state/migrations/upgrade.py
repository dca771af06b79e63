"""Finds out which schema a database has and brings it up to the newest; the steps themselves are in `versions`."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from roadmap_bot.core.errors import UserError
from roadmap_bot.state.schema import VERSION, VERSION_TABLE

FOLDER = Path(__file__).parent
# Any number will do, so long as every version of the bot takes the same one.
_LOCK = 7_024_119_863


def is_current(connection: Connection, place: str) -> bool:
    """Whether the database has the newest schema; False for an older one and for an empty database.

    Raises UserError, calling the database `place`, when it belongs to something else or to a newer version of the bot.
    """
    version = version_of(connection)
    if version is None and inspect(connection).get_table_names():
        raise UserError(
            "{place} holds tables that are not roadmap-bot's. Set state.url to a database of the bot's own.",
            place=place,
        )
    if version is not None and version > VERSION:
        raise UserError(
            "{place} was written by a newer roadmap-bot: its schema is {version}, and this one knows {known}. "
            "Install the newest roadmap-bot, or put back the backup from before the change.",
            place=place,
            version=version,
            known=VERSION,
        )
    return version == VERSION


def version_of(connection: Connection) -> str | None:
    """The version of the schema, or None where there is none yet."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    version: str | None = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608
    return version


def bring_up_to_date(connection: Connection, place: str) -> None:
    """Makes the newest schema out of an older one or none, within the transaction that `connection` is in.

    Of several processes that come at the same time, one does it and the others wait: on SQLite the transaction has
    been begun as a writing one, on PostgreSQL a lock is taken here that ends with the transaction.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    if not is_current(connection, place):
        run_steps(connection)


def run_steps(connection: Connection, *, to: str = VERSION, folder: Path = FOLDER) -> None:
    """Runs the steps in `folder` that lead to the version `to`. Not for two threads at once: Alembic is global."""
    # Imported here: nearly every start finds the newest schema and need not wait for Alembic.
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    command.upgrade(config, to)
