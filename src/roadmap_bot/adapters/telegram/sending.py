"""Sends and changes messages, and knows what each refusal of Telegram means; what they say is not decided here."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
from telegram import ReplyParameters
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, TelegramError
from telegram.ext import ExtBot

from roadmap_bot.adapters.telegram.pacing import URGENT
from roadmap_bot.adapters.telegram.render import Rendered
from roadmap_bot.adapters.telegram.requests import Flooded
from roadmap_bot.core.ports import Clock

if TYPE_CHECKING:
    from roadmap_bot.state.chats import Chats

_log = logging.getLogger(__name__)
PLATFORM = "telegram"
# A message can lose its topic, its chat and its connection, each once.
_TRIES = 4
# With these the request never left; after any other failure the message may well have arrived.
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
# A connection that was refused is likely to be refused again at once.
_BEFORE_REPEATING = 0.5
_LOST_TOPIC = ("message thread not found", "topic_closed", "topic_deleted", "topic_id_invalid")
# What happens when people are quick, or the message is gone: nothing anybody can or need do about it.
_ORDINARY = (
    "message is not modified",
    "query is too old",
    "query id is invalid",
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
)
_GONE = ("blocked", "kicked", "deactivated", "not a member", "deleted", "initiate conversation")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes: a chat, a topic in it, and the message it answers."""

    chat: int
    thread: int | None = None
    answers: int | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A message that can be changed: in a chat, or sent inline somewhere unknown."""

    chat: int | None = None
    message: int | None = None
    inline: str | None = None


class Sender:
    """Sends for one bot. Never raises for what Telegram refuses: there is nobody left to tell."""

    def __init__(self, bot: ExtBot[str], chats: Chats, now: Clock) -> None:
        self._bot = bot
        self._chats = chats
        self._now = now

    async def send(self, place: Place, message: Rendered, *, urgency: str = URGENT) -> None:
        """Sends a message, to where its chat has moved if need be."""
        repeated = False
        for _ in range(_TRIES):
            try:
                await self._bot.send_message(
                    chat_id=place.chat,
                    text=message.text,
                    entities=message.entities or None,
                    reply_markup=message.keyboard,
                    link_preview_options=message.preview,
                    message_thread_id=place.thread,
                    reply_parameters=_answering(place),
                    rate_limit_args=urgency,
                )
            except ChatMigrated as moved:
                await self.moved(place.chat, moved.new_chat_id)
                place = Place(moved.new_chat_id)
            except (TelegramError, Flooded) as error:
                if isinstance(error, BadRequest) and _says(error, _LOST_TOPIC) and place != Place(place.chat):
                    place = Place(place.chat)
                elif _never_left(error) and not repeated:
                    repeated = True
                    await asyncio.sleep(_BEFORE_REPEATING)
                else:
                    return await self.refused(error, place.chat)
            else:
                return None
        return None

    async def edit(self, shown: Shown, message: Rendered) -> None:
        """Puts a message in the place of another."""
        for last in (False, True):
            try:
                await self._bot.edit_message_text(
                    message.text,
                    chat_id=shown.chat,
                    message_id=shown.message,
                    inline_message_id=shown.inline,
                    entities=message.entities or None,
                    reply_markup=message.keyboard,
                    link_preview_options=message.preview,
                    rate_limit_args=URGENT,
                )
            except ChatMigrated as moved:
                # Messages of before the move can no longer be changed.
                if shown.chat is not None:
                    await self.moved(shown.chat, moved.new_chat_id)
                return
            except (TelegramError, Flooded) as error:
                if _never_left(error) and not last:
                    await asyncio.sleep(_BEFORE_REPEATING)
                    continue
                await self.refused(error, shown.chat)
                return
            else:
                return

    async def acknowledge(self, query: str, **answer: Any) -> None:
        """Answers a pressed button, so that it stops waiting; `answer` as answer_callback_query takes it."""
        try:
            await self._bot.answer_callback_query(query, **answer)
        except (TelegramError, Flooded) as error:
            await self.refused(error)

    async def moved(self, old: int, new: int) -> None:
        """A group goes on under another id."""
        await asyncio.to_thread(self._chats.move, PLATFORM, str(old), str(new), self._now())

    async def left(self, chat: int) -> None:
        """The bot is no longer in a chat."""
        await asyncio.to_thread(self._chats.leave, PLATFORM, str(chat), self._now())

    async def refused(self, error: Exception, chat: int | None = None) -> None:
        """Draws the consequence of an error: the log, and that the bot is no longer in `chat`."""
        if isinstance(error, Forbidden):
            if chat is not None and _says(error, _GONE):
                await self.left(chat)
            _log.info("A message could not be sent: %s", error.message)
        elif isinstance(error, BadRequest):
            level = logging.DEBUG if _says(error, _ORDINARY) else logging.WARNING
            _log.log(level, "Telegram refused a message: %.200s", error.message)
        else:
            name = type(error.__cause__ or error).__name__
            _log.warning("A message was not sent, or not surely (%s); it is not repeated.", name)


def _answering(place: Place) -> ReplyParameters | None:
    if place.answers is None:
        return None
    return ReplyParameters(place.answers, allow_sending_without_reply=True)


def _never_left(error: Exception) -> bool:
    return isinstance(error, NetworkError) and isinstance(error.__cause__, _NEVER_LEFT)


def _says(error: TelegramError, words: tuple[str, ...]) -> bool:
    said = error.message.lower()
    return any(word in said for word in words)
