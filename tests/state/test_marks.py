"""Marks of the bot itself: the last value counts, until the next."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from roadmap_bot.state import schema
from roadmap_bot.state.database import Database
from roadmap_bot.state.marks import Marks

MORNING = datetime(2026, 3, 29, 6, 0, tzinfo=UTC)
NOON = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)


def test_a_mark_is_what_it_was_last_set_to(database: Database) -> None:
    marks = Marks(database)
    assert marks.get("commands") is None
    marks.set("commands", "a1", MORNING)
    marks.set("version", "0.2.0", MORNING)
    assert marks.get("commands") == "a1"
    marks.set("commands", "b2", NOON)
    assert (marks.get("commands"), marks.get("version")) == ("b2", "0.2.0")
    times = database.read(lambda connection: connection.execute(select(schema.marks.c.changed_at)).scalars().all())
    assert sorted(times) == [MORNING, NOON]


def test_a_mark_may_be_any_text(database: Database) -> None:
    marks = Marks(database)
    for value in ("", "'; DROP TABLE marks; --", "扩散模型 🎓", "a\nb"):
        marks.set(value, value, MORNING)
        assert marks.get(value) == value


def test_a_moment_without_a_time_zone_is_refused(database: Database) -> None:
    marks = Marks(database)
    with pytest.raises(ValueError, match="no time zone"):
        marks.set("commands", "a1", datetime(2026, 3, 29, 6, 0))  # noqa: DTZ001  (that is the point)
    assert marks.get("commands") is None
