"""The chats the bot is or was in, and what is set for each; not who speaks in them, nor topics inside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, delete, func, select, update

from roadmap_bot.state.database import Database
from roadmap_bot.state.schema import chats, insert_into

_KEY = [chats.c.platform, chats.c.chat]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """What is known of a chat. A `created_at` of None says that nothing is.

    `language` is None where nobody set one: as the reader's own client says. `gone_at` is when the bot was removed or
    blocked, None while it is in the chat.
    """

    platform: str
    chat: str
    language: str | None = None
    introduced_at: datetime | None = None
    gone_at: datetime | None = None
    created_at: datetime | None = None


class Chats:
    """The chats of all platforms; each is named by its platform and the id it has there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, platform: str, chat: str) -> Chat:
        """The chat; one with nothing set if it is not known. Reading never makes a row."""
        statement = select(chats).where(_is(platform, chat))
        row = self._database.read(lambda connection: connection.execute(statement).one_or_none())
        return Chat(**row._asdict()) if row else Chat(platform=platform, chat=chat)

    def known(self, platform: str) -> list[Chat]:
        """All chats of a platform that have a row, also those the bot is gone from, in the order of their ids."""
        # The order is ours: how a database sorts text is a setting of its own.
        statement = select(chats).where(chats.c.platform == platform)
        rows = self._database.read(lambda connection: connection.execute(statement).all())
        return sorted((Chat(**row._asdict()) for row in rows), key=lambda found: found.chat)

    def set_language(self, platform: str, chat: str, language: str | None, now: datetime) -> None:
        """Sets the language of a chat; None leaves it to each reader's client again."""
        self._put(platform, chat, now, language=language)

    def introduce(self, platform: str, chat: str, now: datetime) -> bool:
        """Whether the caller is to introduce the bot: True for exactly one, until the bot was gone.

        Whoever asks is answering in the chat, so the bot is there, whatever was believed before.
        """
        fresh = {"introduced_at": now, "gone_at": None}

        def work(connection: Connection) -> bool:
            # One statement, so that of many who ask at once the database itself picks the one.
            statement = (
                insert_into(connection, chats)
                .values(platform=platform, chat=chat, created_at=now, **fresh)
                .on_conflict_do_update(index_elements=_KEY, set_=fresh, where=chats.c.introduced_at.is_(None))
                .returning(chats.c.chat)
            )
            return connection.execute(statement).one_or_none() is not None

        return self._database.write(work)

    def leave(self, platform: str, chat: str, now: datetime) -> None:
        """The bot was removed or blocked. What was set stays for its return; it will introduce itself again then.

        Nothing happens for a chat that is not known, and the first leaving counts until it is back.
        """
        statement = update(chats).where(_is(platform, chat), chats.c.gone_at.is_(None))
        gone = statement.values(gone_at=now, introduced_at=None)
        self._database.write(lambda connection: connection.execute(gone))

    def join(self, platform: str, chat: str, now: datetime) -> None:
        """The bot was added or unblocked, for the first time or again."""
        self._put(platform, chat, now, gone_at=None)

    def move(self, platform: str, old: str, new: str, now: datetime) -> None:
        """The chat `old` goes on as `new`: what is known of it follows, and nothing is known of `old` any more.

        Where `new` is known already, what is set there wins, and what is not set is taken from `old`; whether the bot
        is gone is not a setting and never follows. Telling it twice changes nothing.
        """
        if old == new:
            return

        def work(connection: Connection) -> None:
            statement = delete(chats).where(_is(platform, old)).returning(chats)
            row = connection.execute(statement).one_or_none()
            taken = row._asdict() if row else {"created_at": now}
            insert = insert_into(connection, chats).values(taken | {"platform": platform, "chat": new, "gone_at": None})
            there, coming = chats.c, insert.excluded
            merged = {
                "language": func.coalesce(there.language, coming.language),
                # Where the bot is gone from, it will introduce itself again.
                "introduced_at": case(
                    (there.gone_at.is_(None), func.coalesce(there.introduced_at, coming.introduced_at))
                ),
                "created_at": case((there.created_at < coming.created_at, there.created_at), else_=coming.created_at),
            }
            connection.execute(insert.on_conflict_do_update(index_elements=_KEY, set_=merged))

        self._database.write(work)

    def _put(self, platform: str, chat: str, now: datetime, **values: Any) -> None:
        self._database.write(
            lambda connection: connection.execute(
                insert_into(connection, chats)
                .values(platform=platform, chat=chat, created_at=now, **values)
                .on_conflict_do_update(index_elements=_KEY, set_=values)
            )
        )


def _is(platform: str, chat: str) -> ColumnElement[bool]:
    return and_(chats.c.platform == platform, chats.c.chat == chat)
