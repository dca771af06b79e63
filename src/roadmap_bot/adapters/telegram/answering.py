"""Answers updates: makes requests of what people send and press, asks the engine, and has the replies sent."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

from telegram import CallbackQuery, ChatMemberUpdated, InlineQuery, Message, Update
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import ExtBot
from telegram.helpers import create_deep_linked_url

from roadmap_bot.adapters.telegram.addressing import Line, Payload, asked, sender_of, thread_of
from roadmap_bot.adapters.telegram.groups import Managers, Membership
from roadmap_bot.adapters.telegram.handling import Delivery
from roadmap_bot.adapters.telegram.inline import inline_answer
from roadmap_bot.adapters.telegram.render import Rendered, alert, render
from roadmap_bot.adapters.telegram.requests import Flooded
from roadmap_bot.adapters.telegram.sending import PLATFORM, Place, Sender, Shown
from roadmap_bot.core.action import decode
from roadmap_bot.core.command import Request
from roadmap_bot.core.errors import BadToken
from roadmap_bot.core.ports import Clock
from roadmap_bot.core.reply import Reply
from roadmap_bot.engine import Engine


class Answering:
    """Answers for one bot; everything about people is handed to the engine as text."""

    def __init__(
        self, engine: Engine, bot: ExtBot[str], sender: Sender, managers: Managers, membership: Membership, now: Clock
    ) -> None:
        self._engine = engine
        self._bot = bot
        self._sender = sender
        self._managers = managers
        self._membership = membership
        self._now = now

    async def handle(self, update: Update) -> Delivery | None:
        """Finds the answer to an update and gives back what sends it; None where there is nothing to send.

        What must not wait for its turn, the answers to presses and to inline queries, has been sent by then.
        """
        match update:
            case Update(callback_query=CallbackQuery() as query):
                return await self._pressed(query)
            case Update(inline_query=InlineQuery() as query):
                await self._typed(query)
                return None
            case Update(message=Message() as message) | Update(channel_post=Message() as message):
                return await self._written(message)
            case Update(my_chat_member=ChatMemberUpdated() as change):
                return await self._membership.changed(change)
            case _:
                return None

    async def _written(self, message: Message) -> Delivery | None:
        if message.migrate_to_chat_id:
            await self._sender.moved(message.chat.id, message.migrate_to_chat_id)
        if message.migrate_from_chat_id:
            await self._sender.moved(message.migrate_from_chat_id, message.chat.id)
        question = asked(message, self._bot.bot, self._engine.commands)
        if question is None:
            return None
        chat = message.chat
        request = Request(
            "",
            who=str(sender_of(message) or ""),
            chat=str(chat.id),
            locale=(message.from_user.language_code if message.from_user else None) or "en",
            platform=PLATFORM,
            admin=chat.type == ChatType.PRIVATE,
        )
        if self._concerns_managers(question):
            allowed = await self._managers.manages(chat, message.from_user, message.sender_chat)
            request = replace(request, admin=allowed)
        _, rendered = await asyncio.to_thread(self._reply, question, request)
        answers = None if chat.type == ChatType.PRIVATE else message.message_id
        return partial(self._sender.send, Place(chat.id, thread_of(message), answers), rendered)

    async def _pressed(self, query: CallbackQuery) -> Delivery | None:
        """Answers a button: at once over the chat, then in the place of the list or as a message of its own."""
        message = query.message
        if query.data is None:
            await self._sender.acknowledge(query.id)
            return None
        user, what = query.from_user, Payload(query.data)
        request = Request(
            "",
            who=str(user.id),
            chat=str(message.chat.id if message else user.id),
            locale=user.language_code or "en",
            platform=PLATFORM,
            admin=bool(message and message.chat.type == ChatType.PRIVATE),
        )
        if message and self._concerns_managers(what):
            request = replace(request, admin=await self._managers.manages(message.chat, user))
        reply, rendered = await asyncio.to_thread(self._reply, what, request)
        if error := alert(reply):
            await self._sender.acknowledge(query.id, text=error, show_alert=True)
            return None
        if message is None:
            return await self._pressed_inline(query, reply, rendered)
        await self._sender.acknowledge(query.id)
        if reply.replaces:
            return partial(self._sender.edit, Shown(message.chat.id, message.message_id), rendered)
        thread = thread_of(message) if isinstance(message, Message) else None
        answers = None if message.chat.type == ChatType.PRIVATE else message.message_id
        return partial(self._sender.send, Place(message.chat.id, thread, answers), rendered)

    async def _pressed_inline(self, query: CallbackQuery, reply: Reply, rendered: Rendered) -> Delivery | None:
        """A message sent inline is in a chat the bot may not write to: other things are shown in its own chat."""
        try:
            link = None if reply.replaces else create_deep_linked_url(self._bot.bot.username or "", query.data)
        except ValueError:
            link = None
        await self._sender.acknowledge(query.id, url=link)
        return None if link else partial(self._sender.edit, Shown(inline=query.inline_message_id), rendered)

    async def _typed(self, query: InlineQuery) -> None:
        user = query.from_user
        locale = user.language_code or "en"
        answer = await asyncio.to_thread(
            inline_answer,
            self._engine,
            query.query,
            query.offset,
            who=str(user.id),
            locale=locale,
            today=self._now().date(),
        )
        try:
            await self._bot.answer_inline_query(
                query.id,
                answer.results,
                cache_time=answer.cache_seconds,
                is_personal=True,
                next_offset=answer.next_offset,
                button=answer.button,
            )
        except (TelegramError, Flooded) as error:
            await self._sender.refused(error)

    def _reply(self, what: Line | Payload, request: Request) -> tuple[Reply, Rendered]:
        """The reply and its message; on a worker thread."""
        if isinstance(what, Payload):
            reply = self._engine.press(what.token, request)
        else:
            command, args = self._engine.read(what.text)
            reply = self._engine.handle(replace(request, command=command, args=args))
        return reply, render(reply, self._engine.speech(reply.language))

    def _concerns_managers(self, what: Line | Payload) -> bool:
        """Whether it matters who asks, so that it is worth a question to Telegram."""
        if isinstance(what, Line):
            name = self._engine.read(what.text)[0]
        else:
            try:
                name = decode(what.token)[0]
            except BadToken:
                return False
        command = self._engine.commands.get(name)
        return command is not None and (command.for_admins or command.knows_admins)
