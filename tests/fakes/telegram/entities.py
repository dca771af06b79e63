"""Formatted text as Telegram itself reads it: parses, checks and normalises text with its entities.

The parser is TDLib's own, from the wheel `tdjson`, run offline; only what TDLib leaves to the Bot API is written here.
It knows neither chats nor length limits of single fields.
"""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from typing import Any

from tdjson import td_execute

MOST_ENTITIES = 100  # limits of formatted messages: what comes after the hundredth is not shown

# What Telegram finds in a text by itself; such entities cost nothing and are ignored when a bot gives them.
FOUND = frozenset({"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"})
_CLOSED = FOUND | {"code", "pre", "text_link", "text_mention", "custom_emoji", "date_time"}  # nothing is found inside

_NAMES = {
    "mention": "Mention",
    "hashtag": "Hashtag",
    "cashtag": "Cashtag",
    "bot_command": "BotCommand",
    "url": "Url",
    "email": "EmailAddress",
    "phone_number": "PhoneNumber",
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "blockquote": "BlockQuote",
    "expandable_blockquote": "ExpandableBlockQuote",
    "code": "Code",
    "pre": "Pre",
    "text_link": "TextUrl",
    "text_mention": "MentionName",
    "custom_emoji": "CustomEmoji",
    "date_time": "DateTime",
}
_KINDS = {name: kind for kind, name in _NAMES.items()} | {"PreCode": "pre"}
_NEEDS = {"text_link": "url", "text_mention": "user", "custom_emoji": "custom_emoji_id", "date_time": "unix_time"}
_MODES = {
    "html": {"@type": "textParseModeHTML"},
    "markdown": {"@type": "textParseModeMarkdown", "version": 1},
    "markdownv2": {"@type": "textParseModeMarkdown", "version": 2},
}
# TDLib checks given entities as a step of parsing Markdown; the characters it would take for Markdown are hidden
# from it behind private ones of the same length and put back afterwards.
_MARKS = dict(zip("*_~|`[]()", "\ue0f1\ue0f2\ue0f3\ue0f4\ue0f5\ue0f6\ue0f7\ue0f8\ue0f9", strict=True))
_HIDE = str.maketrans(_MARKS)
_SHOW = str.maketrans({hidden: mark for mark, hidden in _MARKS.items()})


class Unparsable(ValueError):
    """Telegram would not take this text; the message is what it says, without "Bad Request: "."""


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text as it is shown, and its entities as the Bot API gives them."""

    text: str
    entities: list[dict[str, Any]]


def units(text: str) -> int:
    """The length of a text in UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def problems_of(text: str, entities: list[dict[str, Any]]) -> list[str]:
    """Everything Telegram would refuse about a text with given entities; an empty list when it is right."""
    found = []
    for number, entity in enumerate(entities):
        found += [f"entity {number}: {problem}" for problem in _malformed(entity)]
    if found:
        return found
    try:
        _checked(text, entities)
    except Unparsable as error:
        found.append(str(error))
    if sum(entity["type"] not in FOUND for entity in entities) > MOST_ENTITIES:
        found.append(f"too many entities: {len(entities)}, the limit is {MOST_ENTITIES}")
    return found


def formatted(
    text: str, *, parse_mode: str | None = None, entities: list[dict[str, Any]] | None = None, find: bool = True
) -> Formatted:
    """The text as people will see it; `find` adds links, commands and the like, `Unparsable` says what is wrong."""
    if parse_mode and parse_mode.lower() not in _MODES:
        raise Unparsable("unsupported parse_mode")
    if parse_mode:
        result = _ask({"@type": "parseTextEntities", "text": text, "parse_mode": _MODES[parse_mode.lower()]})
        text, entities = result["text"], _to_api(result["entities"])
    entities = [entity for entity in entities or [] if entity["type"] not in FOUND]
    if problems := problems_of(text, entities):
        raise Unparsable(problems[0])
    clean = _trimmed(_checked(text, entities))
    return Formatted(clean.text, _with_found(clean)) if find else clean


def found_in(text: str) -> list[dict[str, Any]]:
    """What Telegram finds in a plain text by itself: commands, links, mentions, tags, addresses."""
    return _to_api(_ask({"@type": "getTextEntities", "text": text})["entities"])


def link_problem(url: str) -> str | None:
    """What is wrong with the address of a link or a button; None when Telegram takes it."""
    if not re.match(r"(?i)(https?|tg)://\S", url):
        return f"URL '{url}' is invalid: it must start with http://, https:// or tg://"
    try:
        _checked("link", [{"type": "text_link", "offset": 0, "length": 4, "url": url}])
    except Unparsable as error:
        return str(error).removeprefix("entity ")
    return None


def _malformed(entity: dict[str, Any]) -> list[str]:
    kind, found = entity.get("type"), []
    if kind not in _NAMES:
        return [f"unknown type {kind!r}"]
    if not all(type(entity.get(key)) is int for key in ("offset", "length")):
        return ["offset and length must be integers"]
    needed = _NEEDS.get(kind)
    if needed and needed not in entity:
        return [f"{kind} needs {needed}"]
    if kind == "text_link" and not re.match(r"(?i)(https?|tg)://\S", str(entity["url"])):
        found.append(f"text_link URL '{entity['url']}' must start with http://, https:// or tg://")
    if kind == "date_time" and not re.fullmatch(r"r|w?[dD]?[tT]?", entity.get("date_time_format", "")):
        found.append(f"unknown date_time_format {entity['date_time_format']!r}")
    return found


def _checked(text: str, entities: list[dict[str, Any]]) -> Formatted:
    """The text and the entities after Telegram's own checks: sorted, cut where they overlap, empty ones dropped."""
    given = {"@type": "formattedText", "text": text.translate(_HIDE), "entities": [_to_tdlib(e) for e in entities]}
    result = _ask({"@type": "parseMarkdown", "text": given})
    return Formatted(result["text"].translate(_SHOW), _to_api(result["entities"], entities))


def _to_tdlib(entity: dict[str, Any]) -> dict[str, Any]:
    kind = entity["type"]
    shape: dict[str, Any] = {"@type": f"textEntityType{_NAMES[kind]}"}
    if kind == "text_link":
        shape["url"] = entity["url"]
    elif kind == "text_mention":
        shape["user_id"] = entity["user"]["id"]
    elif kind == "custom_emoji":
        shape["custom_emoji_id"] = entity["custom_emoji_id"]
    elif kind == "pre" and entity.get("language"):
        shape.update({"@type": "textEntityTypePreCode", "language": entity["language"]})
    elif kind == "date_time":
        shape["unix_time"] = entity["unix_time"]
    return {"@type": "textEntity", "offset": entity["offset"], "length": entity["length"], "type": shape}


def _to_api(entities: list[dict[str, Any]], given: list[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
    """Entities as the Bot API writes them; users and date formats, which TDLib does not give back, as `given`."""
    users = {e["user"]["id"]: e["user"] for e in given or [] if e["type"] == "text_mention"}
    formats = {e["unix_time"]: e["date_time_format"] for e in given or [] if e.get("date_time_format")}
    shown = []
    for entity in entities:
        shape = entity["type"]
        kind = _KINDS.get(shape["@type"].removeprefix("textEntityType"))
        if kind is None:  # bank cards and moments of a video: the Bot API has no word for them
            continue
        plain = {"type": kind, "offset": entity["offset"], "length": entity["length"]}
        plain.update({key: shape[key] for key in ("url", "language", "custom_emoji_id", "unix_time") if key in shape})
        if kind == "text_mention":
            unknown = {"id": shape["user_id"], "is_bot": False, "first_name": str(shape["user_id"])}
            plain["user"] = users.get(shape["user_id"], unknown)
        if kind == "date_time" and (form := formats.get(shape["unix_time"]) or _date_format(shape)):
            plain["date_time_format"] = form
        shown.append(plain)
    return shown


def _date_format(shape: dict[str, Any]) -> str:
    form = shape.get("formatting_type") or {}
    if form.get("@type") == "dateTimeFormattingTypeRelative":
        return "r"
    letters = {"dateTimePartPrecisionLong": str.upper, "dateTimePartPrecisionShort": str.lower}
    parts = [("date_precision", "d"), ("time_precision", "t")]
    chosen = [letters.get(form.get(part, {}).get("@type"), lambda _: "")(letter) for part, letter in parts]
    return ("w" if form.get("show_day_of_week") else "") + "".join(chosen)


def _trimmed(shown: Formatted) -> Formatted:
    """Without white space at both ends, which Telegram takes off every message."""
    ahead = units(shown.text) - units(shown.text.lstrip())
    text = shown.text.strip()
    kept, end = [], units(text)
    for entity in shown.entities:
        first = max(entity["offset"] - ahead, 0)
        last = min(entity["offset"] + entity["length"] - ahead, end)
        if last > first:
            kept.append({**entity, "offset": first, "length": last - first})
    return Formatted(text, kept)


def _with_found(shown: Formatted) -> list[dict[str, Any]]:
    taken = [(e["offset"], e["offset"] + e["length"]) for e in shown.entities if e["type"] in _CLOSED]
    found = [
        entity
        for entity in found_in(shown.text)
        if all(entity["offset"] + entity["length"] <= start or entity["offset"] >= end for start, end in taken)
    ]
    return sorted(shown.entities + found, key=lambda entity: (entity["offset"], -entity["length"]))


def _ask(request: dict[str, Any]) -> dict[str, Any]:
    _quiet()
    try:
        question = json.dumps(request, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair cannot be sent at all
        raise Unparsable("strings must be encoded in UTF-8") from None
    answer = json.loads(td_execute(question) or b"{}")
    if answer.get("@type") == "error":
        message = answer["message"]
        raise Unparsable(message[0].lower() + message[1:])
    return dict(answer)


@functools.cache
def _quiet() -> None:
    """TDLib would write its log to stderr."""
    td_execute(json.dumps({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}).encode())
