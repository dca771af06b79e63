"""Finds and reads the platforms' published descriptions in a developer's folder; it judges nothing itself.

The files are third-party works and not part of the repository; `docs/testing.md` says where anyone gets them.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

VARIABLE = "ROADMAP_BOT_SPECS"
DISCORD_OPENAPI = "discord_openapi.json"
DISCORD_RECEIVE = "discord_gateway_receive.schema.json"
DISCORD_SEND = "discord_gateway_send.schema.json"
TELEGRAM = "telegram_api_*.json"

_SOURCES: Mapping[str, str] = {
    DISCORD_OPENAPI: "specs/openapi.json of the public repository discord/discord-api-spec",
    DISCORD_RECEIVE: "generated from discord-api-types, the type GatewayReceivePayload of its v10",
    DISCORD_SEND: "generated from discord-api-types, the type GatewaySendPayload of its v10",
    TELEGRAM: "api.json of the public repository PaulSonOfLars/telegram-bot-api-spec, named after its version",
}

# Read on import: the tests take every ROADMAP_BOT_ variable out of the environment before the first of them runs.
_GIVEN = os.environ.get(VARIABLE)


class DescriptionMissing(Exception):
    """A description was asked for and is not there; the text names the file and where anyone gets it."""


def given_folder() -> Path | None:
    """The folder a developer named in ROADMAP_BOT_SPECS; None where nobody did."""
    return Path(_GIVEN) if _GIVEN else None


def read_description(folder: Path, name: str) -> dict[str, Any]:
    """The JSON of one description; of several that fit a pattern the one with the highest version.

    Raises:
        DescriptionMissing: the file is not there, or is not a JSON object.
    """
    found = max(folder.glob(name), key=_version, default=None)
    if found is None:
        raise DescriptionMissing(
            f"{folder} has no {name}. Get it: {_SOURCES[name]}. docs/testing.md describes it step by step."
        )
    try:
        document = json.loads(found.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DescriptionMissing(f"{found} is not JSON ({error}). Get it again: {_SOURCES[name]}.") from error
    if not isinstance(document, dict):
        raise DescriptionMissing(f"{found} holds no description. Get it again: {_SOURCES[name]}.")
    return document


def _version(path: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", path.name))
