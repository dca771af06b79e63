"""Writes a text with Telegram's entities, within a limit of UTF-16 units; what is written is the renderer's matter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlsplit

from telegram import MessageEntity

from roadmap_bot.core.reply import Span, Style, Text
from roadmap_bot.core.wording import clean, is_address, readable, shorten_spans, utf16

# Bot API, "MessageEntity" and sendMessage: what is beyond the first hundred is not shown.
MOST_ENTITIES = 100
_LONGEST_ADDRESS = 2_000
_HOST = re.compile(r"[\w-]+(\.[\w-]+)+\.?")
_KINDS: dict[Style, str | None] = {
    "plain": None,
    "strong": MessageEntity.BOLD,
    "emphasis": MessageEntity.ITALIC,
    "code": MessageEntity.CODE,
    "faint": MessageEntity.ITALIC,
}
# Letters that look like nothing; a text of nothing else is empty to Telegram.
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def linkable(url: str) -> bool:
    """Whether Telegram takes `url` in a link or a button: it must name a host with a dot and a sane port."""
    if len(url) > _LONGEST_ADDRESS or not is_address(url):
        return False
    try:
        parts = urlsplit(url)
        return bool(_HOST.fullmatch(parts.hostname or "")) and parts.port != 0
    except ValueError:  # a port beyond 65535
        return False


def visible(text: str) -> bool:
    """Whether anything of `text` can be seen; Telegram refuses what cannot."""
    return any(unicodedata.category(one)[0] not in "ZCM" and one not in _BLANKS for one in text)


def flat(text: str) -> str:
    """`text` safe to show, on one line."""
    return " ".join(clean(readable(text)).split())


class Writing:
    """A text that grows up to `limit` units and then takes no more; `full` tells that something was cut or left out."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._text = ""
        self._size = 0
        self._entities: list[tuple[str, int, int, str | None]] = []
        self.full = False

    def write(self, text: Text, base: Style = "plain", *, most: int | None = None, lines: bool = False) -> None:
        """Adds a text, at most `most` units of it; `base` is the style of what has none, `lines` keeps line feeds."""
        if self.full:
            return
        spans = [Span(text)] if isinstance(text, str) else list(text)
        ready = [replace(one, text=_prepared(one, lines=lines)) for one in spans]
        left = self._limit - self._size
        if sum(utf16(one.text) for one in ready) > left and (most is None or left < most):
            self.full = True
        for span in shorten_spans(ready, min(left, most or left), utf16):
            self._add(span, base)

    def line(self, count: int = 1) -> None:
        """Ends the line, and leaves `count` - 1 empty ones; nothing happens at the very beginning."""
        if self._text and not self.full:
            if self._size + count > self._limit:
                self.full = True
                return
            self._text += "\n" * count
            self._size += count

    @contextmanager
    def inside(self, kind: str) -> Iterator[None]:
        """Encloses what is written meanwhile in an entity, such as a block quotation."""
        start, place = len(self._text), len(self._entities)
        yield
        self._entities.insert(place, (kind, start, len(self._text), None))

    def finished(self) -> tuple[str, tuple[MessageEntity, ...]]:
        """The text without white space around it, and its entities in UTF-16 units."""
        text = self._text.strip()
        if not visible(text):
            return "…", ()
        ahead = len(self._text) - len(self._text.lstrip())
        entities: list[MessageEntity] = []
        for kind, start, end, url in self._entities:
            first, last = max(start - ahead, 0), min(end - ahead, len(text))
            covered = text[first:last]
            first += len(covered) - len(covered.lstrip())
            last = first + len(covered.strip())
            if last > first:
                entities.append(MessageEntity(kind, utf16(text[:first]), utf16(text[first:last]), url))
        return text, tuple(entities[:MOST_ENTITIES])

    def _add(self, span: Span, base: Style) -> None:
        start = len(self._text)
        self._text += span.text
        self._size += utf16(span.text)
        linked = span.url is not None and linkable(span.url)
        style = base if span.style == "plain" else span.style
        kind = _KINDS[style]
        if linked:
            self._entities.append((MessageEntity.TEXT_LINK, start, len(self._text), span.url))
        # Code holds no other entity, and a link is of more use.
        if kind and not (linked and style == "code"):
            self._entities.append((kind, start, len(self._text), None))


def _prepared(span: Span, *, lines: bool) -> str:
    text = clean(span.text if span.style == "code" else readable(span.text))
    return text if lines else text.replace("\n", " ")
