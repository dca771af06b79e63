"""Registers with Telegram what the bot can do: its menus of commands and its profile, when they have changed."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from telegram import (
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError
from telegram.ext import ExtBot

from roadmap_bot.adapters.telegram.requests import Flooded
from roadmap_bot.adapters.telegram.writing import flat
from roadmap_bot.core.ports import Clock
from roadmap_bot.core.wording import shorten, utf16
from roadmap_bot.engine import Engine

if TYPE_CHECKING:
    from roadmap_bot.state.marks import Marks

_log = logging.getLogger(__name__)
# Telegram's language codes and what our translator calls them; "" is everybody else.
LANGUAGES = {"": "en", "zh": "zh-CN"}
_SCOPES: dict[str, BotCommandScope] = {
    "default": BotCommandScopeDefault(),
    "private": BotCommandScopeAllPrivateChats(),
    "groups": BotCommandScopeAllGroupChats(),
    "managers": BotCommandScopeAllChatAdministrators(),
}
_FOR_ALL = ("default", "groups")
_NAME = re.compile(r"[a-z0-9_]{1,32}")
_LONGEST_ABOUT, _LONGEST_DESCRIPTION, _LONGEST_SHORT = 256, 512, 120
_LONGEST_PAUSE = 3600.0


@dataclass(frozen=True, slots=True)
class Projection:
    """What is registered for one language: (name, description) of the commands by scope, and the profile."""

    menus: dict[str, list[tuple[str, str]]]
    description: str
    short_description: str


def projection(engine: Engine, locale: str) -> Projection:
    """What there is to register, in a language."""
    say, title = engine.speech(locale), engine.context.catalogue.title
    typed = [one for one in engine.context.commands if not one.hidden and _NAME.fullmatch(one.name)]
    menus = {
        scope: [
            (one.name, shorten(flat(say(one.about)), _LONGEST_ABOUT, utf16))
            for one in typed
            if not (one.for_admins and scope in _FOR_ALL)
        ]
        for scope in _SCOPES
    }
    description = say(
        "I know the learning roadmap “{title}”. Ask me for a title, a name or a topic in your own words, or browse it "
        "section by section. Add me to a study group, or type my name in any chat to share a work.",
        title=title,
    )
    short = say("Finds papers and topics of the roadmap “{title}”.", title=title)
    return Projection(
        menus,
        shorten(flat(description), _LONGEST_DESCRIPTION, utf16),
        shorten(flat(short), _LONGEST_SHORT, utf16),
    )


async def register(engine: Engine, bot: ExtBot[str], marks: Marks, now: Clock, *, pause: float) -> None:
    """Registers what has changed since it was last registered; where that fails, again after a while, for ever."""
    wanted = {code: await asyncio.to_thread(projection, engine, locale) for code, locale in LANGUAGES.items()}
    plain = json.dumps({code: asdict(one) for code, one in wanted.items()}, sort_keys=True)
    digest = hashlib.sha256(plain.encode()).hexdigest()
    mark = f"telegram.commands.{bot.bot.id}"
    if await asyncio.to_thread(marks.get, mark) == digest:
        return
    while True:
        try:
            for code, one in wanted.items():
                await _register(bot, code, one)
        except (TelegramError, Flooded) as error:
            wait = max(pause, error.seconds) if isinstance(error, Flooded) else pause
            name = type(error).__name__
            _log.warning("The menu of commands could not be set (%s); again in %.0f seconds.", name, wait)
            await asyncio.sleep(wait)
            pause = min(2 * pause, _LONGEST_PAUSE)
        else:
            await asyncio.to_thread(marks.set, mark, digest, now())
            _log.info("The menu of commands is set.")
            return


async def _register(bot: ExtBot[str], code: str, wanted: Projection) -> None:
    for scope, commands in wanted.menus.items():
        await bot.set_my_commands(commands, scope=_SCOPES[scope], language_code=code or None)
    await bot.set_my_description(wanted.description, language_code=code or None)
    await bot.set_my_short_description(wanted.short_description, language_code=code or None)
