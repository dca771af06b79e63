"""The state in a PostgreSQL database: ordinary transactions, begun again when the server gives one up for another."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError, OperationalError

from roadmap_bot.core.errors import UserError
from roadmap_bot.state.migrations.upgrade import bring_up_to_date, is_current

Result = TypeVar("Result")
_CONNECTIONS = 8
_ATTEMPTS = 6
# "serialization_failure" and "deadlock_detected" (PostgreSQL documentation, appendix A).
_GIVEN_UP = ("40001", "40P01")
_FORBIDDEN = "42501"


class PostgreSQL:
    """An open PostgreSQL database with the newest schema."""

    name = "postgresql"

    def __init__(self, engine: Engine, version: str) -> None:
        self._writing = engine
        self._reading = _snapshots(engine)
        self.version = version

    @classmethod
    def open(cls, address: URL) -> PostgreSQL:
        """Opens the database at `address` and brings it up to date; raises UserError where that cannot be."""
        place = f"The PostgreSQL database {address.database!r} at {_host(address)}"
        try:
            engine = _engine(address)
        except ImportError as error:
            raise UserError(
                "PostgreSQL needs the library psycopg, which is missing here. Run "
                "`pip install 'roadmap-bot[postgresql]'` and start again."
            ) from error
        try:
            # From one snapshot, as others may be making the tables at this moment.
            with _snapshots(engine).begin() as connection:
                version = str(connection.exec_driver_sql("SHOW server_version").scalar_one()).split()[0]
                current = is_current(connection, place)
            if not current:
                with engine.begin() as connection:
                    bring_up_to_date(connection, place)
        except DBAPIError as error:
            engine.dispose()
            state = _state(error)
            if state is None or state == _FORBIDDEN or isinstance(error, OperationalError):
                raise _unusable(place, error, address) from None
            raise
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, version)

    def read(self, work: Callable[[Connection], Result]) -> Result:
        """Runs `work` in a transaction that cannot write."""
        with self._reading.begin() as connection:
            return work(connection)

    def write(self, work: Callable[[Connection], Result]) -> Result:
        """Runs `work`, from the start again when the server ended its transaction in favour of another."""
        for attempt in range(1, _ATTEMPTS):
            try:
                return self._write_once(work)
            except DBAPIError as error:
                if _state(error) not in _GIVEN_UP:
                    raise
            time.sleep(0.005 * 2**attempt)
        return self._write_once(work)

    def _write_once(self, work: Callable[[Connection], Result]) -> Result:
        with self._writing.begin() as connection:
            return work(connection)

    def close(self) -> None:
        """Closes all connections."""
        self._writing.dispose()


def _engine(address: URL) -> Engine:
    arguments: dict[str, Any] = {"connect_timeout": 10, "application_name": "roadmap-bot"}
    return create_engine(
        address.set(drivername="postgresql+psycopg"),
        connect_args={name: value for name, value in arguments.items() if name not in address.query},
        # A connection that was cut while nobody used it is replaced before anybody notices.
        pool_pre_ping=True,
        pool_size=_CONNECTIONS,
        max_overflow=0,
        pool_timeout=60,
    )


def _snapshots(engine: Engine) -> Engine:
    """The same engine for reading: all statements of a transaction see one moment, as they do on SQLite."""
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _state(error: DBAPIError) -> str | None:
    """The five characters by which PostgreSQL names what went wrong; None where no server was reached."""
    state: str | None = getattr(error.orig, "sqlstate", None)
    return state


def _host(address: URL) -> str:
    host = address.host or address.query.get("host") or "this machine"
    name = host if isinstance(host, str) else ", ".join(host)
    return f"{name}:{address.port}" if address.port else name


def _unusable(place: str, error: DBAPIError, address: URL) -> UserError:
    reason = " ".join(str(error.orig).split()).removeprefix("connection failed: ")
    for secret in (address.password, address.query.get("password")):
        if secret:
            reason = reason.replace(str(secret), "…")
    return UserError(
        "{place} cannot be used ({reason}). Check state.url, and that the server runs and lets the bot in.",
        place=place,
        reason=reason,
    )
