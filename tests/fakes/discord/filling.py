"""What Discord's client sends when a person fills in a command's options or a modal, checked as that client checks it.

Source: Discord API docs, Receiving and Responding (interaction data) and Application Commands (option types).
"""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.command_rules import GROUP, INTEGER, NUMBER, STRING, SUBCOMMAND
from tests.fakes.discord.components import (
    CHECKBOX,
    CHECKBOXES,
    LABEL,
    RADIO,
    SELECTS,
    STRING_SELECT,
    TEXT_DISPLAY,
    TEXT_INPUT,
    UPLOAD,
    every,
)
from tests.fakes.discord.world import Json, World
from tests.fakes.serving import ControlError

BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE = 5, 6, 7, 8, 9
_PYTHON: dict[int, Any] = {STRING: str, INTEGER: int, BOOLEAN: bool, NUMBER: (int, float)}


def command_data(
    world: World, command: Json, given: Json, *, subcommand: str | None, guild: str | None, focused: str | None = None
) -> Json:
    """The data of a slash command's interaction, or of a completion when an option is `focused`."""
    data: Json = {"id": command["id"], "name": command["name"], "type": 1}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    offered, where = command.get("options", []), data
    for step in (subcommand or "").split():
        inner = next((one for one in offered if one["name"] == step and one["type"] in {SUBCOMMAND, GROUP}), None)
        if inner is None:
            raise ControlError(
                f"{command['name']!r} has no subcommand {step!r}, only {[one['name'] for one in offered]}"
            )
        where["options"] = [{"type": inner["type"], "name": step}]
        where, offered = where["options"][0], inner.get("options", [])
    if any(one["type"] in {SUBCOMMAND, GROUP} for one in offered):
        raise ControlError(f"{command['name']!r} needs a subcommand: {[one['name'] for one in offered]}")
    names = [one["name"] for one in offered]
    if unknown := [name for name in [*given, *([focused] if focused else [])] if name not in names]:
        raise ControlError(f"{command['name']!r} has no option {unknown}, only {names}")
    resolved: Json = {}
    options = []
    for option in offered:
        name = option["name"]
        if name not in given and name != focused:
            if option.get("required") and focused is None:
                raise ControlError(f"{command['name']!r} needs the option {name!r}")
            continue
        value = given.get(name, "")
        entry = {"type": option["type"], "name": name}
        if name == focused:
            if not option.get("autocomplete"):
                raise ControlError(f"the option {name!r} is not completed by the bot")
            entry |= {"value": value, "focused": True}
        else:
            entry["value"] = value if focused else _value(world, option, value, guild, resolved)
        options.append(entry)
    if options or where is not data:
        where["options"] = options
    return data | ({"resolved": resolved} if resolved else {})


def _value(world: World, option: Json, value: Any, guild: str | None, resolved: Json) -> Any:
    """A value as sent, in the type that was registered; what it names is added to `resolved`."""
    kind, name = option["type"], option["name"]
    if kind in _PYTHON:
        if not isinstance(value, _PYTHON[kind]) or (isinstance(value, bool) and kind != BOOLEAN):
            raise ControlError(f"the option {name!r} is of type {kind}, and {value!r} is not")
        choices = [choice["value"] for choice in option.get("choices", [])]
        if choices and value not in choices:
            raise ControlError(f"the option {name!r} takes one of {choices}, not {value!r}")
        size = len(value) if kind == STRING else value
        least = option.get("min_length" if kind == STRING else "min_value")
        most = option.get("max_length" if kind == STRING else "max_value", 6000 if kind == STRING else None)
        if (least is not None and size < least) or (most is not None and size > most):
            raise ControlError(f"the option {name!r} takes {least} to {most}, not {size}")
        return value
    key = str(value)
    if kind in {USER, MENTIONABLE} and key in world.users:
        resolved.setdefault("users", {})[key] = world.users[key]
        member = world.members.get((guild or "", key))
        if member is not None:
            partial = {field: member[field] for field in member if field != "user"}
            allowed = str(world.permissions(key, guild_id=guild))
            resolved.setdefault("members", {})[key] = partial | {"permissions": allowed}
    elif kind == CHANNEL and world.channels.get(key, {}).get("guild_id") == guild is not None:
        channel = world.channels[key]
        if option.get("channel_types") and channel["type"] not in option["channel_types"]:
            raise ControlError(f"the option {name!r} takes channels of types {option['channel_types']}")
        resolved.setdefault("channels", {})[key] = channel | {"permissions": "0"}
    elif kind in {ROLE, MENTIONABLE} and guild is not None:
        roles = {role["id"]: role for role in world.guilds[guild]["roles"]}
        if key not in roles:
            raise ControlError(f"guild {guild} has no role {key}")
        resolved.setdefault("roles", {})[key] = roles[key]
    else:
        raise ControlError(f"the option {name!r} is of type {kind}, and there is no {value!r} here")
    return key


def modal_data(modal: Json, values: Json) -> Json:
    """The data of a modal's submission; `values` by custom_id, what is missing stays empty."""
    fields = {part["custom_id"]: part for part in every(modal["components"]) if part.get("custom_id")}
    if unknown := [name for name in values if name not in fields]:
        raise ControlError(f"the modal has no field {unknown}, only {list(fields)}")
    return {
        "custom_id": modal["custom_id"],
        "components": [_filled(part, values, number) for number, part in enumerate(modal["components"], 1)],
    }


def _filled(part: Json, values: Json, number: int) -> Json:
    base = {"type": part["type"], "id": part.get("id") or number}
    if part["type"] == TEXT_DISPLAY:
        return base
    if part["type"] == LABEL:
        return base | {"component": _entered(part["component"], values, 100 + number)}
    return base | {"components": [_entered(inner, values, 100 + number) for inner in part["components"]]}


def _entered(part: Json, values: Json, number: int) -> Json:
    """What one field of a modal sends, checked against what the field takes."""
    name, kind = part["custom_id"], part["type"]
    entered: Json = {"type": kind, "id": part.get("id") or number, "custom_id": name}
    required = part.get("required", True)
    given = values.get(name)
    if kind == TEXT_INPUT:
        text = part.get("value") or "" if given is None else given
        least = part.get("min_length") or (1 if required else 0)
        if (text or required) and not least <= len(text) <= (part.get("max_length") or 4000):
            raise ControlError(f"the field {name!r} takes {least} to {part.get('max_length') or 4000} characters")
        return entered | {"value": text}
    if kind == CHECKBOX:
        return entered | {"value": bool(part.get("default")) if given is None else given}
    offered = [option["value"] for option in part.get("options", [])]
    defaults = [option["value"] for option in part.get("options", []) if option.get("default")]
    chosen = defaults if given is None else [given] if isinstance(given, str) else list(given)
    if offered and any(value not in offered for value in chosen):
        raise ControlError(f"the field {name!r} offers {offered}, not {chosen}")
    if required and not chosen:
        raise ControlError(f"the field {name!r} must be filled in")
    if kind == RADIO:
        return entered | {"value": chosen[0] if chosen else None}
    if kind in {CHECKBOXES, UPLOAD, STRING_SELECT, *SELECTS}:
        return entered | {"values": chosen}
    raise ControlError(f"the field {name!r} is of a type this server does not know: {kind}")
