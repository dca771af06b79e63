"""Handled updates: none is handled twice, each bot has its own, and what was confirmed is forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from roadmap_bot.state import schema
from roadmap_bot.state.database import Database
from roadmap_bot.state.updates import Updates

NOW = datetime(2026, 3, 29, 6, 0, tzinfo=UTC)
BIGGEST = 2**63 - 1
ids = st.integers(min_value=0, max_value=30) | st.sampled_from([2**31, 2**40, BIGGEST])


def _count(database: Database) -> int:
    return database.read(
        lambda connection: connection.execute(select(func.count()).select_from(schema.updates)).scalar_one()
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.tuples(st.sampled_from(["record", "forget"]), st.lists(ids, min_size=1, max_size=6)), max_size=8),
    asked=st.sets(ids),
)
def test_handled_is_what_was_recorded_and_not_forgotten(
    database: Database, steps: list[tuple[str, list[int]]], asked: set[int]
) -> None:
    database.write(lambda connection: connection.execute(delete(schema.updates)))
    updates = Updates(database, "telegram", "4711")
    expected: set[int] = set()
    for step, values in steps:
        if step == "record":
            updates.record(values, NOW)
            expected |= set(values)
        else:
            updates.forget_below(values[0])
            expected = {identity for identity in expected if identity >= values[0]}
    assert updates.handled(asked) == expected & asked
    assert _count(database) == len(expected)


def test_recording_again_changes_nothing(database: Database) -> None:
    updates = Updates(database, "telegram", "4711")
    updates.record([7, 8], NOW)
    updates.record([8, 9], NOW + timedelta(hours=1))
    statement = select(schema.updates.c.update_id, schema.updates.c.handled_at).order_by("update_id")
    rows = database.read(lambda connection: connection.execute(statement).all())
    assert [tuple(row) for row in rows] == [(7, NOW), (8, NOW), (9, NOW + timedelta(hours=1))]


def test_every_bot_has_its_own(database: Database) -> None:
    mine, other = Updates(database, "telegram", "4711"), Updates(database, "telegram", "4712")
    mine.record([1, 2], NOW)
    other.record([2, 3], NOW)
    assert (mine.handled([1, 2, 3]), other.handled([1, 2, 3])) == ({1, 2}, {2, 3})
    mine.forget_below(BIGGEST)
    assert (mine.handled([1, 2, 3]), other.handled([1, 2, 3])) == (set(), {2, 3})
    assert Updates(database, "elsewhere", "4712").handled([2, 3]) == set()


def test_any_number_can_be_asked_for_at_once(database: Database) -> None:
    updates = Updates(database, "telegram", "4711")
    updates.record(range(0, 1_200, 2), NOW)
    assert updates.handled(range(1_200)) == set(range(0, 1_200, 2))
    updates.record([], NOW)
    assert updates.handled([]) == set()


def test_recording_is_all_or_nothing(database: Database) -> None:
    updates = Updates(database, "telegram", "4711")
    with pytest.raises(ValueError, match="no time zone"):
        updates.record([1, 2, 3], NOW.replace(tzinfo=None))
    assert _count(database) == 0
