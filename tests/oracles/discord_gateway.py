"""Judges what goes over Discord's gateway by JSON Schemas generated from the type declarations of discord-api-types.

Nobody publishes a description of the gateway itself; these types are kept by the people who write the JavaScript
libraries. What the generator makes wrongly of a TypeScript type is set right here, one reason each.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.oracles.descriptions import DISCORD_RECEIVE, DISCORD_SEND, read_description
from tests.oracles.shapes import SNOWFLAKE
from tests.oracles.values import Judge, Leniency

_Definitions = dict[str, dict[str, Any]]


# What Discord sends although the types do not know it, by a field that gives the kind of object away.
_UNDESCRIBED: Mapping[str, tuple[str, ...]] = {
    "resume_gateway_url": (
        "_trace",
        "auth",
        "geo_ordered_rtc_regions",
        "guild_join_requests",
        "presences",
        "private_channels",
        "relationships",
        "session_type",
        "user_settings",
    ),
    "attachment_size_limit": ("entitlement_sku_ids",),
    # API docs, Application Command Data: where the command is registered, for context menus too.
    "target_id": ("guild_id",),
}


class GatewayOracle:
    """The schemas of both directions, read from a folder when they are first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def sent_problems(self, payload: Mapping[str, Any]) -> list[str]:
        """What is wrong with a payload that a bot sent."""
        return _problems(self._sent, payload)

    def received_problems(self, payload: Mapping[str, Any]) -> list[str]:
        """What is wrong with a payload that a server sends."""
        return _problems(self._received, payload)

    @cached_property
    def _sent(self) -> tuple[Judge, Mapping[str, Any]]:
        document = corrected(read_description(self._folder, DISCORD_SEND))
        # Libraries keep ids as numbers, and the gateway takes them so (Gateway docs, Request Guild Members).
        return Judge(document, Leniency(snowflakes=True)), document

    @cached_property
    def _received(self) -> tuple[Judge, Mapping[str, Any]]:
        document = corrected(read_description(self._folder, DISCORD_RECEIVE))
        return Judge(document, Leniency()), document


def _problems(judging: tuple[Judge, Mapping[str, Any]], payload: Mapping[str, Any]) -> list[str]:
    judge, document = judging
    return [problem.sentence("the payload") for problem in judge.problems(payload, document)]


def corrected(document: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a generated schema without the quirks of its generation."""
    right = copy.deepcopy(dict(document))
    definitions: _Definitions = right.get("definitions", {})
    for name, definition in definitions.items():
        if name == "Snowflake":
            # A string to TypeScript; what it holds are the digits of an id.
            definition.update(format=SNOWFLAKE, pattern="^(0|[1-9][0-9]*)$")
        elif name.endswith("Flags") and definition.keys() & {"enum", "const"}:
            # An enum of single bits; what is sent are sums of them.
            definitions[name] = {"type": "integer", "minimum": 0}
        _allow_empty_data(definition)
        _allow_component_id(definition)
        _allow_undescribed(definition)
    _name_snapshot_fields(definitions)
    _allow_whole_activities(definitions)
    return right


def _allow_empty_data(definition: dict[str, Any]) -> None:
    # `d: never` in TypeScript is a field that says nothing, not one that must not be there: RESUMED, RECONNECT and
    # the acknowledgement of a heartbeat carry null or an object in it, and discord.py needs an object in RESUMED.
    data = definition.get("properties", {}).get("d")
    if data is not None and data.get("not") == {}:
        definition["properties"]["d"] = {}


def _allow_undescribed(definition: dict[str, Any]) -> None:
    fields = definition.get("properties", {})
    for telling, extra in _UNDESCRIBED.items():
        if telling in fields:
            for name in extra:
                fields.setdefault(name, {})
    if "app_permissions" in fields:
        # The channel of an interaction comes with what the person who acts may do in it.
        fields.get("channel", {}).get("properties", {}).setdefault("permissions", {"type": "string"})


def _allow_component_id(definition: dict[str, Any]) -> None:
    # A pressed button or a select names its number within the message too (API docs, Message Component Data).
    fields = definition.get("properties", {})
    if fields.keys() >= {"custom_id", "component_type"}:
        fields.setdefault("id", {"type": "integer"})


def _name_snapshot_fields(definitions: _Definitions) -> None:
    # "The field `content` of a message" is a type to TypeScript; the generator writes down the whole message for it.
    of_message = definitions.get("APIMessage", {}).get("properties", {})
    fields = definitions.get("APIMessageSnapshotFields", {}).get("properties", {})
    for name, schema in fields.items():
        if schema.get("$ref") == "#/definitions/APIMessage":
            fields[name] = of_message.get(name, {})


def _allow_whole_activities(definitions: _Definitions) -> None:
    # Of an activity a bot may set four fields; the gateway passes over the others, which discord.py sends empty.
    fields = definitions.get("GatewayActivityUpdateData", {}).get("properties", {})
    for name in ("timestamps", "assets", "platform"):
        fields.setdefault(name, {})
