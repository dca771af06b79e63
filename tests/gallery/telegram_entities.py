"""Reads Telegram's texts as its clients do: a text with entities becomes HTML; knows no messages.

Entities count in UTF-16 units (Bot API, MessageEntity). They are given as Telegram keeps them: in order, nested, and
with the links and commands that it finds in a text by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from tests.gallery.elements import element, text

_TAGS: Final = {"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "code": "code", "pre": "pre"}
_LINKED: Final = frozenset(
    {"url", "email", "phone_number", "mention", "text_mention", "hashtag", "cashtag", "bot_command"}
)
_QUOTES: Final = {"blockquote": "quote", "expandable_blockquote": "quote expandable"}


def formatted_html(source: str, entities: Sequence[dict[str, Any]]) -> str:
    """The text with all its entities."""
    units = source.encode("utf-16-le", "surrogatepass")
    ordered = sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))
    return _between(units, 0, len(units) // 2, ordered)


def _between(units: bytes, start: int, end: int, entities: Sequence[dict[str, Any]]) -> str:
    written, place = "", start
    for number, entity in enumerate(entities):
        first, last = entity["offset"], entity["offset"] + entity["length"]
        if first < place:
            continue  # inside one that has been written
        inside = [one for one in entities[number + 1 :] if one["offset"] >= first and one["offset"] < last]
        if any(one["offset"] + one["length"] > last for one in inside) or last > end:
            raise ValueError("entities overlap without one being inside the other")
        written += _text(units, place, first) + _made(entity, _between(units, first, last, inside))
        place = last
        if entity["type"] in _QUOTES and units[2 * place : 2 * place + 2] == "\n".encode("utf-16-le"):
            place += 1  # a quotation is a block of its own; the line feed after it would be an empty line
    return written + _text(units, place, end)


def _made(entity: dict[str, Any], inside: str) -> str:
    kind = entity["type"]
    if kind in _TAGS:
        return element(_TAGS[kind], inside)
    if kind in _QUOTES:
        return element("blockquote", inside, class_=_QUOTES[kind])
    if kind == "text_link":
        return element("span", inside, class_="link", title=entity["url"])
    if kind in _LINKED:
        return element("span", inside, class_="link")
    if kind == "spoiler":
        return element("span", inside, class_="spoiler")
    raise ValueError(f"no picture of an entity of type {kind!r}")


def _text(units: bytes, start: int, end: int) -> str:
    return text(units[2 * start : 2 * end].decode("utf-16-le", "surrogatepass"))
