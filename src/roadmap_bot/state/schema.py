"""The tables of the state in their newest form, and how instants are kept; older forms belong to `migrations`."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import BigInteger, Column, Connection, DateTime, Dialect, MetaData, Table, Text, TypeDecorator
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DontWrapMixin

# The number of the newest step in `migrations/versions`, four digits.
VERSION = "0001"
VERSION_TABLE = "schema_version"


class NaiveInstant(DontWrapMixin, ValueError):
    """A datetime without a time zone, which is no instant."""


class Instant(TypeDecorator[datetime]):
    """An instant: any aware datetime in, the same one in UTC out, on both engines."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """What is stored: UTC. SQLite keeps the digits without the zone, so they must be those of one zone."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise NaiveInstant(f"{value!r} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """What is read: SQLite gives the digits, PostgreSQL an instant in the time zone of its session."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


metadata = MetaData()

chats = Table(
    "chats",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("chat", Text, primary_key=True),
    Column("language", Text),
    Column("introduced_at", Instant),
    Column("gone_at", Instant),
    Column("created_at", Instant, nullable=False),
)

updates = Table(
    "updates",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("handled_at", Instant, nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
)


def insert_into(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that can say what to do on conflict: the same words on both engines, but not the same class."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
