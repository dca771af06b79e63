"""Chats: what is set stays set, the bot introduces itself once, and a chat that moves takes everything along."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from roadmap_bot.state import schema
from roadmap_bot.state.chats import Chat, Chats
from roadmap_bot.state.database import Database

NOW = datetime(2026, 3, 29, 6, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
MUCH_LATER = NOW + timedelta(days=40)

on_both = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
names = st.sampled_from(["-1", "-2", "-3"])
languages = st.sampled_from([None, "en", "zh-CN"])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("set_language"), names, languages),
        st.tuples(st.just("introduce"), names),
        st.tuples(st.just("leave"), names),
        st.tuples(st.just("join"), names),
        st.tuples(st.just("move"), names, names),
    ),
    max_size=12,
)


def _clear(database: Database) -> Chats:
    database.write(lambda connection: connection.execute(delete(schema.chats)))
    return Chats(database)


def _take(chats: Chats, step: tuple[str, ...], now: datetime) -> object:
    return getattr(chats, step[0])("telegram", *step[1:], now)


class Expected:
    """The same laws in memory: chats by their ids, without a database under them."""

    def __init__(self) -> None:
        self.chats: dict[str, Chat] = {}

    def _at(self, chat: str, now: datetime) -> Chat:
        return self.chats.get(chat, Chat(platform="telegram", chat=chat, created_at=now))

    def set_language(self, chat: str, language: str | None, now: datetime) -> None:
        self.chats[chat] = replace(self._at(chat, now), language=language)

    def introduce(self, chat: str, now: datetime) -> bool:
        before = self._at(chat, now)
        if before.introduced_at is None:
            self.chats[chat] = replace(before, introduced_at=now, gone_at=None)
        return before.introduced_at is None

    def leave(self, chat: str, now: datetime) -> None:
        before = self.chats.get(chat)
        if before and before.gone_at is None:
            self.chats[chat] = replace(before, introduced_at=None, gone_at=now)

    def join(self, chat: str, now: datetime) -> None:
        self.chats[chat] = replace(self._at(chat, now), gone_at=None)

    def move(self, old: str, new: str, now: datetime) -> None:
        if old == new:
            return
        coming = replace(self.chats.pop(old, self._at(old, now)), chat=new, gone_at=None)
        there = self.chats.get(new)
        if there:
            assert there.created_at
            assert coming.created_at
            introduced_at = None if there.gone_at else there.introduced_at or coming.introduced_at
            coming = replace(
                there,
                language=there.language or coming.language,
                introduced_at=introduced_at,
                created_at=min(there.created_at, coming.created_at),
            )
        self.chats[new] = coming


@on_both
@given(steps=steps)
def test_whatever_happens_to_chats_their_laws_hold(database: Database, steps: list[tuple[str, ...]]) -> None:
    chats, expected = _clear(database), Expected()
    for hour, step in enumerate(steps):
        now = NOW + timedelta(hours=hour)
        assert _take(chats, step, now) == getattr(expected, step[0])(*step[1:], now)
    assert chats.known("telegram") == [expected.chats[chat] for chat in sorted(expected.chats)]
    assert [chats.get("telegram", chat) for chat in expected.chats] == list(expected.chats.values())


@on_both
@given(steps=steps, old=names, new=names, between=st.sampled_from(["", "set_language", "leave", "join"]))
def test_moving_again_changes_nothing(
    database: Database, steps: list[tuple[str, ...]], old: str, new: str, between: str
) -> None:
    chats = _clear(database)
    for step in steps:
        _take(chats, step, NOW)
    chats.move("telegram", old, new, LATER)
    if between:  # whatever happened to the chat since, the old news of its move must not undo it
        _take(chats, (between, new, "en") if between == "set_language" else (between, new), LATER)
    after = chats.known("telegram")
    chats.move("telegram", old, new, MUCH_LATER)
    assert chats.known("telegram") == after


def test_a_chat_nobody_knows_has_nothing_set_and_gets_no_row(database: Database) -> None:
    chats = Chats(database)
    assert chats.get("discord", "1") == Chat(platform="discord", chat="1")
    chats.leave("discord", "1", NOW)
    assert chats.known("discord") == []


def test_the_language_of_a_chat_can_be_set_changed_and_taken_back(database: Database) -> None:
    chats = Chats(database)
    for language in ("zh-CN", "en", None):
        chats.set_language("discord", "1", language, NOW)
        assert chats.get("discord", "1").language == language
    assert chats.get("discord", "1").created_at == NOW
    assert chats.get("telegram", "1").created_at is None


def test_the_bot_introduces_itself_once_and_again_after_it_was_gone(database: Database) -> None:
    chats = Chats(database)
    chats.join("discord", "1", NOW)
    assert [chats.introduce("discord", "1", NOW), chats.introduce("discord", "1", LATER)] == [True, False]
    chats.leave("discord", "1", LATER)
    assert chats.get("discord", "1").gone_at == LATER
    chats.join("discord", "1", MUCH_LATER)
    assert chats.get("discord", "1").gone_at is None
    assert [chats.introduce("discord", "1", MUCH_LATER), chats.introduce("discord", "1", MUCH_LATER)] == [True, False]


def test_what_was_set_waits_for_the_bot_to_return(database: Database) -> None:
    chats = Chats(database)
    chats.set_language("telegram", "-7", "zh-CN", NOW)
    chats.leave("telegram", "-7", LATER)
    chats.leave("telegram", "-7", MUCH_LATER)
    assert chats.get("telegram", "-7") == Chat(
        platform="telegram", chat="-7", language="zh-CN", gone_at=LATER, created_at=NOW
    )


def test_of_many_who_would_introduce_the_bot_at_once_one_does(database: Database) -> None:
    chats, threads = Chats(database), 16
    together = threading.Barrier(threads)

    def introduce(chat: str) -> bool:
        together.wait(20)
        return chats.introduce("telegram", chat, NOW)

    with ThreadPoolExecutor(threads) as pool:
        for number in range(5):
            assert sorted(pool.map(introduce, [f"-{number}"] * threads)) == [False] * (threads - 1) + [True]


def test_chats_that_move_at_once_meet_in_one(database: Database) -> None:
    chats = Chats(database)
    chats.set_language("telegram", "-1", "zh-CN", NOW)
    assert chats.introduce("telegram", "-2", NOW)
    together = threading.Barrier(8)

    def move(old: str) -> None:
        together.wait(20)
        chats.move("telegram", old, "-100", LATER)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(move, ["-1", "-2"] * 4))
    assert chats.known("telegram") == [
        Chat(platform="telegram", chat="-100", language="zh-CN", introduced_at=NOW, created_at=NOW)
    ]


def test_a_group_that_became_a_supergroup_keeps_its_language(database: Database) -> None:
    chats = Chats(database)
    chats.set_language("telegram", "-7", "zh-CN", NOW)
    assert chats.introduce("telegram", "-7", NOW)
    chats.move("telegram", "-7", "-1007", LATER)
    assert chats.get("telegram", "-7") == Chat(platform="telegram", chat="-7")
    assert chats.get("telegram", "-1007").language == "zh-CN"
    assert not chats.introduce("telegram", "-1007", LATER)


def test_a_group_that_is_refused_because_it_moved_is_not_gone_where_it_went(database: Database) -> None:
    # Sending to the old id may be refused before the news of the move arrives (403, "the group chat was deleted").
    chats = Chats(database)
    chats.join("telegram", "-7", NOW)
    chats.leave("telegram", "-7", NOW)
    chats.move("telegram", "-7", "-1007", LATER)
    assert [chat.gone_at for chat in chats.known("telegram")] == [None]


@pytest.mark.parametrize("act", ["introduce", "leave", "join"])
def test_moments_may_come_from_any_time_zone_and_are_given_back_in_utc(database: Database, act: str) -> None:
    chats, here = Chats(database), NOW.astimezone(timezone(timedelta(hours=-9, minutes=-30)))
    chats.join("discord", "1", here)
    _ = getattr(chats, act)("discord", "1", here)
    chat = chats.get("discord", "1")
    moments = [moment for moment in (chat.created_at, chat.introduced_at, chat.gone_at) if moment]
    assert [(moment, moment.tzinfo) for moment in moments] == [(NOW, UTC)] * len(moments)
    with pytest.raises(ValueError, match="no time zone"):
        getattr(chats, act)("discord", "1", NOW.replace(tzinfo=None))
    assert chats.get("discord", "1") == chat
