"""Answers what is typed after the bot's name in any chat: whole replies to choose from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date

from telegram import InlineQueryResultArticle, InlineQueryResultsButton, InputTextMessageContent

from roadmap_bot.adapters.telegram.render import render
from roadmap_bot.adapters.telegram.sending import PLATFORM
from roadmap_bot.adapters.telegram.writing import flat, visible
from roadmap_bot.core.action import Action, encode
from roadmap_bot.core.speech import Speech
from roadmap_bot.core.wording import shorten, utf16
from roadmap_bot.engine import Engine
from roadmap_bot.features.suggest import InlineResult, inline

_LONGEST_QUERY = 256
_LONGEST_TITLE, _LONGEST_DETAIL = 100, 160
_LONGEST_ID = 64
_CACHED, _CACHED_WHEN_EMPTY = 300, 60


@dataclass(frozen=True, slots=True)
class InlineAnswer:
    """What answer_inline_query takes."""

    results: tuple[InlineQueryResultArticle, ...]
    next_offset: str
    button: InlineQueryResultsButton | None
    cache_seconds: int


def inline_answer(engine: Engine, query: str, offset: str, *, who: str, locale: str, today: date) -> InlineAnswer:
    """The results for a query from `offset` on, in the language of the person's own chat with the bot."""
    say = engine.speech_in(PLATFORM, who, locale)
    context = replace(engine.context, say=say)
    text = query[:_LONGEST_QUERY].strip()
    start = int(offset) if offset.isdecimal() and len(offset) < 5 else 0
    found, following = inline(context, text, start, today)
    results = {one.id: one for one in (_article(result, say) for result in found)}
    button = None
    if not results and not start:
        shown = say("Nothing found. Browse the roadmap")
        button = InlineQueryResultsButton(shown, start_parameter=encode(Action("", "browse")))
    return InlineAnswer(
        tuple(results.values()),
        "" if following is None else str(following),
        button,
        _CACHED if text and results else _CACHED_WHEN_EMPTY,
    )


def _article(result: InlineResult, say: Speech) -> InlineQueryResultArticle:
    message = render(result.reply, say)
    content = InputTextMessageContent(
        message.text, entities=message.entities or None, link_preview_options=message.preview
    )
    title = shorten(flat(result.title), _LONGEST_TITLE, utf16)
    return InlineQueryResultArticle(
        _identity(result.value),
        title if visible(title) else "…",
        content,
        reply_markup=message.keyboard,
        description=shorten(flat(result.detail), _LONGEST_DETAIL, utf16) or None,
    )


def _identity(value: str) -> str:
    """A result's id: at most 64 bytes, the same for the same thing."""
    if 0 < len(value.encode("utf-8", "replace")) <= _LONGEST_ID and visible(value):
        return value
    return hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()[:32]
