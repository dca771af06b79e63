"""What Discord refuses in application commands: names, descriptions, options, choices, localizations and sizes.

Source: Discord API docs, Application Commands (naming, structure, option types, limits), and the request schemas of
Discord's OpenAPI document.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import Any

from tests.fakes.discord.checks import (
    REQUIRED,
    Check,
    Place,
    Problems,
    anything,
    many,
    number,
    one_of,
    record,
    switch,
    text,
    whole,
)

CHAT, USER, MESSAGE = 1, 2, 3
SUBCOMMAND, GROUP, STRING, INTEGER, CHANNEL, NUMBER = 1, 2, 3, 4, 7, 10
MOST_COMMANDS = {CHAT: 100, USER: 15, MESSAGE: 15}
MOST_CHARACTERS = 8000
# Discord API docs, Reference: Locales.
LOCALES = frozenset(
    "id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja "
    "zh-TW ko".split()
)
_SAFE = 2**53 - 1


def _localized(entry: Check) -> Check:
    def check(value: Any, place: Place, problems: Problems) -> None:
        if not isinstance(value, dict):
            problems.add(place, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
            return
        for locale, words in value.items():
            if locale not in LOCALES:
                problems.add((*place, locale), "ENUM_TYPE_COERCE", f'Value "{locale}" is not a valid enum value.')
            elif words is not None:
                entry(words, (*place, locale), problems)

    return check


def _name(value: Any, place: Place, problems: Problems) -> None:
    # The pattern is ^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$, in lower case where there is one.
    if not isinstance(value, str) or not 1 <= len(value) <= 32:
        problems.add(place, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 32 in length.")
    elif not all(map(_in_a_name, value)) or value != value.lower():
        problems.add(place, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _in_a_name(character: str) -> bool:
    scripts = "\u0900" <= character <= "\u097f" or "\u0e00" <= character <= "\u0e7f"
    return character in "-_'" or scripts or unicodedata.category(character)[0] in "LN"


def _choice(value: Check) -> Check:
    fields = {"name": text(100, least=1), "name_localizations": _localized(text(100, least=1)), "value": value}
    return record(fields, required=("name", "value"))


# Choices of a command and of an autocompletion, by the type of the option.
CHOICE: dict[int, Check] = {
    STRING: _choice(text(100)),
    INTEGER: _choice(whole(-_SAFE, _SAFE)),
    NUMBER: _choice(number),
}
_NAMES: dict[str, Check] = {
    "name": _name,
    "name_localizations": _localized(_name),
    "description": text(100, least=1),
    "description_localizations": _localized(text(100, least=1)),
}
_VALUES: dict[int, dict[str, Check]] = {
    STRING: {"min_length": whole(0, 6000), "max_length": whole(1, 6000), "autocomplete": switch},
    INTEGER: {"min_value": whole(-_SAFE, _SAFE), "max_value": whole(-_SAFE, _SAFE), "autocomplete": switch},
    NUMBER: {"min_value": number, "max_value": number, "autocomplete": switch},
    CHANNEL: {"channel_types": many(whole(0, 16), most=20, unique=True)},
}


def _option(*types: int) -> Check:
    def check(value: Any, place: Place, problems: Problems) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if isinstance(kind, bool) or kind not in types:
            message = f'Value of field "type" must be one of {types}.'
            problems.add((*place, "type"), "UNION_TYPE_CHOICES", message)
            return
        fields = {"type": one_of(*types), **_NAMES, "required": switch, **_VALUES.get(kind, {})}
        if kind in CHOICE:
            fields["choices"] = many(CHOICE[kind], most=25)
        if kind in {SUBCOMMAND, GROUP}:
            inner = _option(SUBCOMMAND) if kind == GROUP else _option(*range(STRING, 12))
            fields["options"] = many(inner, most=25)
        record(fields, required=("type", "name", "description"))(value, place, problems)
        if value.get("choices") and value.get("autocomplete"):
            sentence = "Choices cannot be given together with autocomplete"
            problems.add((*place, "autocomplete"), "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES", sentence)
        _options_together(value.get("options"), (*place, "options"), problems)
        _distinct([c.get("name") for c in value.get("choices") or [] if isinstance(c, dict)], place, problems)

    return check


def _options_together(options: Any, place: Place, problems: Problems) -> None:
    known = [option for option in options if isinstance(option, dict)] if isinstance(options, list) else []
    optional_seen = False
    for index, option in enumerate(known):
        if option.get("type") in {SUBCOMMAND, GROUP}:
            continue
        if option.get("required") and optional_seen:
            sentence = "Required options must be placed before non-required options"
            problems.add((*place, index), "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", sentence)
        optional_seen = optional_seen or not option.get("required")
    _distinct([option.get("name") for option in known], place, problems)
    nested = [option.get("type") in {SUBCOMMAND, GROUP} for option in known]
    if any(nested) and not all(nested):
        sentence = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        problems.add(place, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", sentence)


def _distinct(names: list[Any], place: Place, problems: Problems) -> None:
    for name in (name for name, count in Counter(map(str, names)).items() if count > 1):
        problems.add(place, "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED", f"The name {name!r} is used twice")


def command(value: Any, problems: Problems, place: Place = ()) -> None:
    """What is wrong with one command."""
    kind = value.get("type") or CHAT if isinstance(value, dict) else CHAT
    chat = kind == CHAT
    fields = {
        "id": anything,
        "type": one_of(CHAT, USER, MESSAGE),
        "name": _name if chat else text(32, least=1),
        "name_localizations": _localized(_name if chat else text(32, least=1)),
        "description": text(100, least=1) if chat else text(0),
        "description_localizations": _localized(text(100, least=1)) if chat else anything,
        "options": many(_option(*range(SUBCOMMAND, 12)), most=25),
        "default_member_permissions": anything,
        "dm_permission": switch,
        "nsfw": switch,
        "contexts": many(one_of(0, 1, 2), least=1, most=3, unique=True),
        "integration_types": many(one_of(0, 1), least=1, most=2, unique=True),
    }
    if not chat:
        del fields["options"]
    required = ("name", "description") if chat else ("name",)
    record(fields, required=required)(value, place, problems)
    if problems:
        return
    _options_together(value.get("options"), (*place, "options"), problems)
    if (size := _size(value)) > MOST_CHARACTERS:
        sentence = f"{size} characters in names, descriptions and values; {MOST_CHARACTERS} are allowed"
        problems.add(place, "APPLICATION_COMMAND_TOO_LARGE", sentence)


def commands(value: Any) -> Problems:
    """What is wrong with all commands of an application or guild together."""
    problems = Problems()
    if not isinstance(value, list):
        problems.add((), *REQUIRED)
        return problems
    for index, entry in enumerate(value):
        own = Problems()
        command(entry, own, (index,))
        problems.found += own.found
    known = [(entry.get("type") or CHAT, entry.get("name")) for entry in value if isinstance(entry, dict)]
    for (_, name), count in Counter(known).items():
        if count > 1:
            problems.add((), "APPLICATION_COMMANDS_DUPLICATE_NAME", f"Application command names must be unique: {name}")
    for kind, most in MOST_COMMANDS.items():
        if sum(entry == kind for entry, _ in known) > most:
            problems.add((), "BASE_TYPE_MAX_LENGTH", f"Only {most} commands of type {kind} are allowed")
    return problems


def _size(value: dict[str, Any]) -> int:
    """Names, descriptions and values, each in its longest language, with all options and choices."""
    size = 0
    for field in ("name", "description"):
        words = [str(value.get(field) or ""), *map(str, (value.get(f"{field}_localizations") or {}).values())]
        size += max(map(len, words))
    size += len(str(value.get("value", "")))
    return size + sum(_size(part) for part in [*(value.get("options") or []), *(value.get("choices") or [])])
