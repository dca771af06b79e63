"""What Discord refuses in messages, polls, threads and answers to interactions: tables of our own, with their sources.

The tables know the request alone. What depends on the state (an unknown message, an answer given twice) is refused
where that state is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.fakes.discord.checks import (
    Check,
    Place,
    Problems,
    address,
    anything,
    bits,
    many,
    number,
    one_of,
    record,
    snowflake,
    switch,
    text,
    when,
    whole,
)
from tests.fakes.discord.command_rules import CHOICE
from tests.fakes.discord.components import message_components, modal_components

SUPPRESS_EMBEDS, EPHEMERAL, LOADING, SILENT, COMPONENTS_V2 = 1 << 2, 1 << 6, 1 << 7, 1 << 12, 1 << 15
MOST_EMBED_TEXT = 6000

_WEB = address(2048)
_PICTURE_URL = address(2048, schemes=("http", "https", "attachment"))
_PICTURE = record(
    {"url": _PICTURE_URL, "proxy_url": anything, "width": anything, "height": anything, "flags": anything}
)
# Discord API docs, Message: Embed Limits.
EMBED = record(
    {
        "type": text(20),
        "title": text(256),
        "description": text(4096),
        "url": _WEB,
        "timestamp": when,
        "color": whole(0, 0xFFFFFF),
        "author": record(
            {"name": text(256), "url": _WEB, "icon_url": _PICTURE_URL, "proxy_icon_url": anything}, required=("name",)
        ),
        "footer": record(
            {"text": text(2048, least=1), "icon_url": _PICTURE_URL, "proxy_icon_url": anything}, required=("text",)
        ),
        "image": _PICTURE,
        "thumbnail": _PICTURE,
        "video": anything,
        "provider": anything,
        "flags": anything,  # discord.py sends back what it received
        "fields": many(
            record(
                {"name": text(256, least=1), "value": text(1024, least=1), "inline": switch},
                required=("name", "value"),
            ),
            most=25,
        ),
    }
)
# Discord API docs, Message: Allowed Mentions.
_MENTIONS = record(
    {
        "parse": many(one_of("users", "roles", "everyone"), most=3, unique=True),
        "users": many(snowflake, most=100, unique=True),
        "roles": many(snowflake, most=100, unique=True),
        "replied_user": switch,
    }
)
# Discord API docs, Poll; an answer's text is shorter there than in the OpenAPI document.
_POLL_EMOJI = record({"id": snowflake, "name": text(32), "animated": switch})
POLL = record(
    {
        "question": record({"text": text(300, least=1)}, required=("text",)),
        "answers": many(
            record(
                {"answer_id": anything, "poll_media": record({"text": text(55, least=1), "emoji": _POLL_EMOJI})},
                required=("poll_media",),
            ),
            least=1,
            most=10,
        ),
        "duration": whole(1, 32 * 24),
        "allow_multiselect": switch,
        "layout_type": one_of(1),
    },
    required=("question", "answers"),
)
_ATTACHMENT = record(
    {
        "id": snowflake,
        "filename": text(1024, least=1),
        "description": text(1024),
        "title": text(1024),
        "duration_secs": number,
        "waveform": text(400),
        "is_spoiler": switch,
        "content_type": anything,
        "size": anything,
        "url": anything,
        "proxy_url": anything,
        "ephemeral": anything,
        "flags": anything,
        "height": anything,
        "width": anything,
    },
    required=("id",),
)
# Discord API docs, Message: Message Reference; only the id of the message is needed for a reply.
_REFERENCE = record(
    {
        "type": one_of(0, 1),
        "message_id": snowflake,
        "channel_id": snowflake,
        "guild_id": snowflake,
        "fail_if_not_exists": switch,
    },
    required=("message_id",),
)


def _nonce(value: Any, place: Place, problems: Problems) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, str)) or len(str(value)) > 25:
        problems.add(place, "NONCE_TYPE_TOO_LONG", "Nonce must be 25 or fewer in length.")


_BASE: dict[str, Check] = {
    "content": text(2000),
    "embeds": many(EMBED, most=10),
    "allowed_mentions": _MENTIONS,
    "components": anything,  # checked with what holds across them
    "attachments": many(_ATTACHMENT, most=10),
    "tts": switch,
}
_NEW_FLAGS = SUPPRESS_EMBEDS | SILENT | COMPONENTS_V2
_INTERACTION_FLAGS = _NEW_FLAGS | EPHEMERAL
# Discord API docs: Create Message, Edit Message, Create Followup Message, Interaction Response, Edit Webhook Message.
_MESSAGES: dict[str, Check] = {
    "create": record(
        {
            **_BASE,
            "flags": bits(_NEW_FLAGS),
            "poll": POLL,
            "sticker_ids": many(snowflake, most=3),
            "message_reference": _REFERENCE,
            "nonce": _nonce,
            "enforce_nonce": switch,
        }
    ),
    # An edit may send back whatever flags the message has.
    "edit": record({**_BASE, "flags": whole(0, 2**31 - 1), "sticker_ids": many(snowflake, most=3)}),
    "answer": record({**_BASE, "flags": bits(_INTERACTION_FLAGS), "poll": POLL}),
    "answer_edit": record({**_BASE, "flags": bits(_INTERACTION_FLAGS), "poll": POLL}),
}


def message(value: Any, kind: str, *, files: bool = False, v2: bool = False, place: Place = ()) -> Problems:
    """What is wrong with a message to `create` or `edit`, or an `answer` or `answer_edit` to an interaction.

    `files` says that files came with it, `v2` that the message to edit has components V2 already.
    """
    problems = Problems()
    _MESSAGES[kind](value, place, problems)
    if not isinstance(value, dict):
        return problems
    flags = value.get("flags") or 0
    v2 = v2 or bool(isinstance(flags, int) and flags & COMPONENTS_V2)
    if value.get("components"):
        message_components(value["components"], problems, v2=v2, place=(*place, "components"))
    if v2:
        for name in ("content", "embeds", "poll", "sticker_ids"):
            if value.get(name):
                code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
                problems.add((*place, name), code, f"The '{name}' field cannot be used with IS_COMPONENTS_V2")
    _embeds_together(value.get("embeds"), problems, place)
    if kind in {"create", "answer"} and not problems and is_empty(value, files=files):
        problems.add((*place, "content"), "EMPTY_MESSAGE", "Cannot send an empty message")
    return problems


def is_empty(value: dict[str, Any], *, files: bool = False) -> bool:
    """Whether a message has nothing to show (Discord API docs, Create Message: one of these fields is needed)."""
    parts = ("embeds", "components", "poll", "sticker_ids", "sticker_items", "attachments")
    return not files and not str(value.get("content") or "").strip() and not any(value.get(part) for part in parts)


def _embeds_together(embeds: Any, problems: Problems, place: Place) -> None:
    size = 0
    for index, embed in enumerate(embeds if isinstance(embeds, list) else []):
        if not isinstance(embed, dict):
            continue
        seen = ("title", "description", "fields", "author", "footer", "image", "thumbnail")
        if not any(embed.get(name) for name in seen):
            problems.add((*place, "embeds", index), "EMPTY_EMBED", "An embed needs something to show")
        texts = [embed.get("title"), embed.get("description")]
        texts += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
        for field in embed.get("fields") or []:
            texts += [field.get("name"), field.get("value")] if isinstance(field, dict) else []
        size += sum(len(part) for part in texts if isinstance(part, str))
    if size > MOST_EMBED_TEXT:
        code, sentence = "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {MOST_EMBED_TEXT}"
        problems.add((*place, "embeds"), code, sentence)


_ARCHIVE_MINUTES = one_of(60, 1440, 4320, 10080)
_SLOWMODE = whole(0, 21600)
_THREAD: dict[str, Check] = {
    "name": text(100, least=1),
    "auto_archive_duration": _ARCHIVE_MINUTES,
    "rate_limit_per_user": _SLOWMODE,
}
_THREAD_SETTINGS: dict[str, Check] = {
    **_THREAD,
    "archived": switch,
    "locked": switch,
    "invitable": switch,
    "flags": whole(0, 1 << 16),
    "applied_tags": many(snowflake, most=5),
}
_CHANNEL_SETTINGS: dict[str, Check] = {
    "name": text(100, least=1),
    "topic": text(4096),
    "rate_limit_per_user": _SLOWMODE,
    "nsfw": switch,
    "position": whole(0, 2**31 - 1),
    "type": one_of(0, 5),
    "parent_id": snowflake,
    "permission_overwrites": anything,
    "default_auto_archive_duration": _ARCHIVE_MINUTES,
    "available_tags": anything,
    "flags": whole(0, 1 << 16),
}
# Discord API docs, Channel: Start Thread from Message, without Message and in Forum; Modify Channel.
_BODIES: dict[str, Check] = {
    "thread_from_message": record(_THREAD, required=("name",)),
    "thread": record({**_THREAD, "type": one_of(10, 11, 12), "invitable": switch}, required=("name",)),
    "forum_post": record(
        # discord.py sends a type, although a post has no choice.
        {**_THREAD, "applied_tags": many(snowflake, most=5), "message": anything, "type": one_of(11)},
        required=("name", "message"),
    ),
    "thread_settings": record(_THREAD_SETTINGS),
    "channel_settings": record(_CHANNEL_SETTINGS),
    "open_dm": record({"recipient_id": snowflake}, required=("recipient_id",)),
}


def body(value: Any, kind: str) -> Problems:
    """What is wrong with the body of a request that is no message; the kinds are the keys of `_BODIES`."""
    problems = Problems()
    _BODIES[kind](value, (), problems)
    return problems


PONG, NEW_MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 1, 4, 5, 6, 7, 8, 9
COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
# Discord API docs, Receiving and Responding: Interaction Callback Type; which of them fits which interaction.
FITTING = {
    COMMAND: (NEW_MESSAGE, DEFER, MODAL),
    COMPONENT: (NEW_MESSAGE, DEFER, DEFER_UPDATE, UPDATE, MODAL),
    AUTOCOMPLETE: (CHOICES,),
    MODAL_SUBMIT: (NEW_MESSAGE, DEFER),
}


def callback(value: Any, kind: int, *, from_message: bool, focused: int, files: bool, v2: bool) -> Problems:
    """What is wrong with the answer to an interaction of a kind.

    `from_message` says that a modal was opened from a message, which may then be updated; `focused` is the type of the
    option being completed; `v2` that the message of a component has components V2.
    """
    problems = Problems()
    record({"type": whole(1, 12), "data": anything}, required=("type",))(value, (), problems)
    if problems:
        return problems
    fitting = FITTING[kind] + ((DEFER_UPDATE, UPDATE) if kind == MODAL_SUBMIT and from_message else ())
    data = value.get("data") or {}
    if value["type"] not in fitting:
        sentence = f"A callback of type {value['type']} does not fit an interaction of type {kind}"
        problems.add(("type",), "INTERACTION_CALLBACK_TYPE_MISMATCH", sentence)
        return problems
    checks: dict[int, Callable[[], Problems]] = {
        NEW_MESSAGE: lambda: message(data, "answer", files=files, place=("data",)),
        UPDATE: lambda: message(data, "answer_edit", files=files, v2=v2, place=("data",)),
        DEFER: lambda: _table(data, {"flags": bits(EPHEMERAL | COMPONENTS_V2)}),
        DEFER_UPDATE: lambda: _table(data, {}),
        CHOICES: lambda: _table(data, {"choices": many(CHOICE[focused], most=25)}, required=("choices",)),
        MODAL: lambda: _modal(data),
    }
    return checks[value["type"]]()


def _table(data: Any, fields: dict[str, Check], *, required: tuple[str, ...] = ()) -> Problems:
    problems = Problems()
    record(fields, required=required)(data, ("data",), problems)
    return problems


def _modal(data: Any) -> Problems:
    # Discord API docs, Receiving and Responding: Modal.
    fields = {"custom_id": text(100, least=1), "title": text(45, least=1), "components": anything}
    problems = _table(data, fields, required=("custom_id", "title", "components"))
    if not problems:
        modal_components(data["components"], problems, place=("data", "components"))
    return problems
