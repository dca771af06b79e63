"""What Discord's OpenAPI document does not know although Discord takes it, one reason each; it judges nothing.

Each gap is closed in a copy of the document before anything is judged. Nothing else is forgiven: a field that looks
plausible and is not here is a finding.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]

_SCHEMAS = ("components", "schemas")
_JSON_BODY = ("requestBody", "content", "application/json", "schema")
_BAN = "/guilds/{guild_id}/bans/{user_id}"
_OPTIONAL_FLAG = {"type": ["boolean", "null"]}
_ID = {"$ref": "#/components/schemas/SnowflakeType"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One thing to add at the place `at` (the steps to it): `added` under `name`, or to the list that is there."""

    at: tuple[str, ...]
    name: str
    added: Any
    reason: str


def _field(schema: str, name: str, added: Mapping[str, Any], reason: str) -> Gap:
    return Gap(at=(*_SCHEMAS, schema, "properties"), name=name, added=added, reason=reason)


GAPS: tuple[Gap, ...] = (
    *(
        _field(schema, "nsfw", _OPTIONAL_FLAG, "API docs, Application Command Object: nsfw marks a command as 18+")
        for schema in (
            "ApplicationCommandCreateRequest",
            "ApplicationCommandUpdateRequest",
            "ApplicationCommandPatchRequestPartial",
        )
    ),
    _field(
        "RichEmbed", "flags", {"type": ["integer", "null"]}, "API docs, Embed Object: flags; discord.py sends it as 0"
    ),
    *(
        _field(schema, "tts", _OPTIONAL_FLAG, "API docs, Create Message: tts; ignored on an edit, which is no error")
        for schema in (
            "MessageEditRequestPartial",
            "IncomingWebhookUpdateRequestPartial",
            "IncomingWebhookUpdateForInteractionCallbackRequestPartial",
        )
    ),
    Gap(
        at=(*_SCHEMAS, "MessageReferenceType"),
        name="oneOf",
        added=[{"title": "FORWARD", "const": 1}],
        reason="API docs, Message Reference Types: 1 forwards a message",
    ),
    Gap(
        at=(*_SCHEMAS, "ChannelTypes"),
        name="oneOf",
        added=[{"title": "GUILD_MEDIA", "const": 16}],
        reason="API docs, Channel Types: 16 is a media channel",
    ),
    Gap(
        at=("paths", "/channels/{channel_id}/permissions/{overwrite_id}", "put", *_JSON_BODY, "properties"),
        name="id",
        added=_ID,
        reason="discord.py repeats the id of the address in the body, which Discord ignores",
    ),
    Gap(
        at=("paths", "/channels/{channel_id}/threads", "post"),
        name="parameters",
        added=[{"name": "use_nested_fields", "in": "query", "schema": {"type": "integer"}}],
        reason="the message of a forum post in a field of its own; older than the document, and Discord takes it still",
    ),
    Gap(
        at=("paths", _BAN, "put"),
        name="parameters",
        added=[{"name": "delete_message_seconds", "in": "query", "schema": {"type": "integer"}}],
        reason="Discord reads the fields of a ban from the query as well, where discord.py puts them",
    ),
    *(
        Gap(
            at=("paths", _BAN, method, "requestBody"),
            name="required",
            added=False,
            reason="no field of the body is required, so that a ban or its end needs none",
        )
        for method in ("put", "delete")
    ),
    _field(
        "CreateForumThreadRequest",
        "type",
        {"type": "integer"},
        "a forum knows one type of thread; discord.py names it all the same, and Discord does not look",
    ),
    _field("BaseCreateMessageCreateRequest", "tts", _OPTIONAL_FLAG, "as on an edit: discord.py always sends it"),
    _field(
        "PruneGuildRequest",
        "compute_prune_count",
        {"type": ["boolean", "string", "null"]},
        "discord.py sends the text true or false, which Discord reads",
    ),
)

# The same for answers, which only a local server is asked about.
ANSWER_GAPS: tuple[Gap, ...] = (
    _field(
        "CreatedThreadResponse",
        "message",
        {"$ref": "#/components/schemas/MessageResponse"},
        "API docs, Start Thread in Forum: the answer is a channel with its first message inside",
    ),
)


def with_gaps_closed(document: Document, gaps: Iterable[Gap] = (*GAPS, *ANSWER_GAPS)) -> Document:
    """A copy of the OpenAPI document to which the gaps are added; a gap whose place is gone is left out."""
    closed = copy.deepcopy(document)
    for gap in gaps:
        place = find(closed, gap.at)
        if place is None:
            continue
        known = place.get(gap.name)
        place[gap.name] = [*known, *gap.added] if isinstance(known, list) else gap.added
    return closed


def find(document: Document, steps: tuple[str, ...]) -> Any:
    """What lies at a place of the document; None where there is no such place."""
    found: Any = document
    for step in steps:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found
