"""Which updates of a platform were handled but not yet confirmed to it, so that none is handled twice after a crash."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, select

from roadmap_bot.state.database import Database
from roadmap_bot.state.schema import insert_into, updates

# Below what any SQLite takes as parameters of one statement (999 before 3.32).
_AT_ONCE = 500


class Updates:
    """The handled updates of one `account` (the bot's own id) on one `platform`."""

    def __init__(self, database: Database, platform: str, account: str) -> None:
        self._database = database
        self._platform = platform
        self._account = account

    def handled(self, ids: Collection[int]) -> set[int]:
        """Which of these were recorded and not forgotten."""
        wanted = sorted(ids)
        parts = [wanted[start : start + _AT_ONCE] for start in range(0, len(wanted), _AT_ONCE)]

        def work(connection: Connection) -> set[int]:
            known: set[int] = set()
            for part in parts:
                statement = select(updates.c.update_id).where(self._ours, updates.c.update_id.in_(part))
                known.update(connection.execute(statement).scalars())
            return known

        return self._database.read(work) if parts else set()

    def record(self, ids: Collection[int], now: datetime) -> None:
        """Remembers these as handled at `now`, all or none; those already recorded stay as they are."""
        rows = [
            {"platform": self._platform, "account": self._account, "update_id": identity, "handled_at": now}
            for identity in sorted(set(ids))
        ]
        if rows:
            self._database.write(
                lambda connection: connection.execute(insert_into(connection, updates).on_conflict_do_nothing(), rows)
            )

    def forget_below(self, update_id: int) -> None:
        """Drops those with a smaller id: an offset of `update_id` confirms them, and they are not sent again."""
        statement = delete(updates).where(self._ours, updates.c.update_id < update_id)
        self._database.write(lambda connection: connection.execute(statement))

    @property
    def _ours(self) -> ColumnElement[bool]:
        return and_(updates.c.platform == self._platform, updates.c.account == self._account)
