"""What the bot knows of the chats it is in: that it came or went, who manages them, and its one introduction."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from telegram import Chat, ChatMemberUpdated, User
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError
from telegram.ext import ExtBot

from roadmap_bot.adapters.telegram.handling import Delivery
from roadmap_bot.adapters.telegram.render import render
from roadmap_bot.adapters.telegram.requests import Flooded
from roadmap_bot.adapters.telegram.sending import PLATFORM, Place, Sender
from roadmap_bot.core.command import Request
from roadmap_bot.core.ports import Clock
from roadmap_bot.core.reply import Notice, Reply
from roadmap_bot.core.speech import Speech
from roadmap_bot.engine import Engine

if TYPE_CHECKING:
    from roadmap_bot.state.chats import Chats

_GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
_OUTSIDE = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)
_MANAGING = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)
# Who was a manager a minute ago still is.
_REMEMBERED_FOR = 60.0
_REMEMBERED = 1_000


class Managers:
    """Who manages a chat, as Telegram says, remembered for a minute."""

    def __init__(self, bot: ExtBot[str], clock: Callable[[], float]) -> None:
        self._bot = bot
        self._clock = clock
        self._known: OrderedDict[tuple[int, int], tuple[float, bool]] = OrderedDict()

    async def manages(self, chat: Chat, user: User | None, sender_chat: Chat | None = None) -> bool:
        """Whether somebody may set what concerns a whole chat; where Telegram does not say, they may not."""
        if chat.type == ChatType.PRIVATE:
            return True
        if sender_chat:
            # Only managers can write in the name of the chat itself; anybody can in that of a channel of theirs.
            return sender_chat.id == chat.id
        if user is None:
            return False
        key, now = (chat.id, user.id), self._clock()
        if (kept := self._known.get(key)) and kept[0] > now:
            return kept[1]
        try:
            member = await self._bot.get_chat_member(chat.id, user.id)
        except (TelegramError, Flooded):
            return False
        managing = member.status in _MANAGING
        self._known[key] = (now + _REMEMBERED_FOR, managing)
        self._known.move_to_end(key)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return managing


class Membership:
    """Keeps the list of chats the bot is in, and introduces it to a group once."""

    def __init__(self, engine: Engine, bot: ExtBot[str], sender: Sender, chats: Chats, now: Clock) -> None:
        self._engine = engine
        self._bot = bot
        self._sender = sender
        self._chats = chats
        self._now = now

    async def changed(self, change: ChatMemberUpdated) -> Delivery | None:
        """The bot's own standing in a chat has changed; gives back what introduces it, the first time."""
        chat, new = change.chat, change.new_chat_member.status
        if new in _OUTSIDE:
            await self._sender.left(chat.id)
            return None
        await asyncio.to_thread(self._chats.join, PLATFORM, str(chat.id), self._now())
        came = change.old_chat_member.status in _OUTSIDE
        if not came or chat.type not in _GROUPS:
            return None
        if not await asyncio.to_thread(self._chats.introduce, PLATFORM, str(chat.id), self._now()):
            return None
        everything = self._bot.bot.can_read_all_group_messages or new in _MANAGING
        reply, say = await asyncio.to_thread(self._introduction, change, everything=bool(everything))
        return partial(self._sender.send, Place(chat.id), render(reply, say))

    def _introduction(self, change: ChatMemberUpdated, *, everything: bool) -> tuple[Reply, Speech]:
        locale = change.from_user.language_code or "en"
        request = Request(
            "start", who=str(change.from_user.id), chat=str(change.chat.id), locale=locale, platform=PLATFORM
        )
        reply = self._engine.handle(request)
        say = self._engine.speech(reply.language)
        hears = (
            say("In this group I hear commands, answers to my messages, and lines with @{name}.", name=self._name)
            if everything
            else say(
                "In this group I hear commands such as /search@{name}, and answers to my messages.", name=self._name
            )
        )
        manages = say("Those who manage this group set me up with /settings@{name}.", name=self._name)
        if isinstance(reply.body, Notice):
            reply = replace(reply, body=replace(reply.body, paragraphs=(*reply.body.paragraphs, hears, manages)))
        return reply, say

    @property
    def _name(self) -> str:
        return self._bot.bot.username or ""
