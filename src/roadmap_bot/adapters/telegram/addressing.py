"""Tells whether a message is meant for the bot, and what it asks; answers nothing."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass

from telegram import Message, User
from telegram.constants import ChatType

_COMMAND = re.compile(r"/(?P<name>[a-z0-9_]{1,32})(?:@(?P<bot>\w+))?(?:\s+(?P<rest>.*))?", re.ASCII | re.I | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    """Something typed; with a slash in front it is a command."""

    text: str


@dataclass(frozen=True, slots=True)
class Payload:
    """What came with a deep link: the token of a button."""

    token: str


def asked(message: Message, me: User, known: Container[str]) -> Line | Payload | None:
    """What a message asks this bot, None where it is not for it. `known` are the names of its commands.

    In groups these are commands, answers to the bot's own messages, and lines that mention it; in channels commands.
    """
    text = (message.text or message.caption or "").strip()
    if not text or _nobody(message, me):
        return None
    private = message.chat.type == ChatType.PRIVATE
    if text.startswith("/"):
        found = _COMMAND.fullmatch(text)
        if found:
            return _command(found, me, None if private else known)
        return Line(text) if private else None
    if private:
        return Line(text)
    if message.chat.type == ChatType.CHANNEL:
        return None
    mention = re.compile(rf"@{re.escape(me.username or '')}\b", re.IGNORECASE)
    if me.username and mention.search(text):
        return Line(" ".join(mention.sub(" ", text).split()))
    return Line(text) if _answers(message, me) else None


def thread_of(message: Message) -> int | None:
    """The topic a message is in; None for the general one and where there are none."""
    return message.message_thread_id if message.is_topic_message else None


def sender_of(message: Message) -> int | None:
    """Who wrote a message: a person, or the chat in whose name it was written."""
    if message.sender_chat:
        return message.sender_chat.id
    return message.from_user.id if message.from_user else None


def _command(found: re.Match[str], me: User, known: Container[str] | None) -> Line | Payload | None:
    name, bot, rest = found["name"].lower(), found["bot"], (found["rest"] or "").strip()
    if bot and bot.lower() != (me.username or "").lower():
        return None
    # In a group a command nobody knows is likely that of another bot.
    if known is not None and not bot and name not in known:
        return None
    if name == "start" and rest:
        return Payload(rest)
    return Line(f"/{name} {rest}".strip())


def _nobody(message: Message, me: User) -> bool:
    """Whether a message was written by no person: by a bot, by the bot itself inline, or forwarded by Telegram."""
    if message.is_automatic_forward or (message.via_bot and message.via_bot.id == me.id):
        return True
    return bool(message.from_user and message.from_user.is_bot and not message.sender_chat)


def _answers(message: Message, me: User) -> bool:
    answered = message.reply_to_message
    # What is written in a topic "answers" the message that opened the topic.
    if answered is None or answered.forum_topic_created:
        return False
    return bool(answered.from_user and answered.from_user.id == me.id)
