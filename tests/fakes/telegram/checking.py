"""Applies the tables of `rules` to a request: decodes its parameters and says everything Telegram would refuse."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator
from typing import Any

from tests.fakes.telegram.entities import Unparsable, formatted, problems_of, units
from tests.fakes.telegram.relations import relations_of
from tests.fakes.telegram.rules import METHODS, OBJECTS, TEXTS, VARIANTS, limits_of

NAMES = {name.lower(): name for name in METHODS}
_PLAIN: dict[str, Callable[[Any], bool]] = {
    "str": lambda value: isinstance(value, str),
    "int": lambda value: type(value) is int,
    "bool": lambda value: type(value) is bool,
    "chat": lambda value: type(value) is int or isinstance(value, str),
    "file": lambda value: isinstance(value, (str, dict)),
    "object": lambda value: isinstance(value, dict),
}
_BOOLEANS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def decode(method: str, raw: dict[str, Any]) -> dict[str, Any]:
    """The parameters as values of their types, wherever a form or a query string brought text; wrong ones stay as they
    are. An empty string counts as absent, and `attach://name` becomes the upload of that name."""
    fields, files = _fields(METHODS[method]), {name: value for name, value in raw.items() if isinstance(value, dict)}
    values: dict[str, Any] = {}
    attached = set()
    for name, value in raw.items():
        kind = fields.get(name, ("str", False))[0]
        if isinstance(value, str) and kind == "file" and value.startswith("attach://"):
            attached.add(value.removeprefix("attach://"))
            value = files.get(value.removeprefix("attach://"), value)
        elif isinstance(value, str) and kind not in {"str", "file"}:
            value = _read(kind, value)
        # An empty text is a text: to change a description back, or a mistake to speak of.
        if value is not None and (value != "" or name in {"description", "short_description", "name", "next_offset"}):
            values[name] = value
    return {name: value for name, value in values.items() if name not in attached or name in fields}


def problems(method: str, parameters: dict[str, Any]) -> list[str]:
    """Everything wrong with decoded parameters, in Telegram's words where they are known; empty when all is right."""
    return list(_object(method, METHODS[method], parameters, ""))


def _read(kind: str, text: str) -> Any:
    if kind == "bool":
        return _BOOLEANS.get(text.lower(), text)
    try:
        return int(text) if kind in {"int", "chat"} else json.loads(text)
    except ValueError:
        return text


@functools.cache
def _fields(line: str) -> dict[str, tuple[str, bool]]:
    """name -> (type, required) of one line of the tables."""
    pairs = (entry.split(":") for entry in line.split())
    return {name.rstrip("!"): (kind, name.endswith("!")) for name, kind in pairs}


def _object(name: str, line: str, value: dict[str, Any], path: str) -> Iterator[str]:
    fields = _fields(line)
    missing = [f"{path}{key}" for key, (_, must) in fields.items() if must and value.get(key) in (None, "")]
    wrong = ["message text is empty" if field == "text" else f"{field} is empty" for field in missing]
    wrong += [f"unknown field {path}{key}" for key in value if key not in fields]
    for key, given in value.items():
        if key in fields:
            wrong += _typed(fields[key][0], given, f"{path}{key}")
    yield from wrong
    if not wrong:  # limits and relations only make sense of values that are there and of the right types
        yield from limits_of(name, value)
        yield from relations_of(name, value)
        yield from _texts(name, value)


def _typed(kind: str, value: Any, path: str) -> Iterator[str]:
    if kind.startswith("["):
        if not isinstance(value, list):
            yield f"can't parse {path}: an array is expected"
        else:
            for number, item in enumerate(value):
                yield from _typed(kind[1:-1], item, f"{path}[{number}]")
    elif kind in _PLAIN:
        if not _PLAIN[kind](value):
            yield f"can't parse {path}: expected {kind}, got {json.dumps(value, ensure_ascii=False)[:60]}"
    elif not isinstance(value, dict):
        yield f"can't parse {path}: an object is expected"
    elif kind in VARIANTS:
        variants = VARIANTS[kind]
        found = next((variants[key] for key in variants if key in value or value.get("type") == key), None)
        if found is None:
            yield f"can't parse {path}: it is no {kind} known here"
        else:
            yield from _object(found, OBJECTS[found], value, f"{path}.")
    else:
        yield from _object(kind, OBJECTS[kind], value, f"{path}.")


def _texts(name: str, value: dict[str, Any]) -> Iterator[str]:
    for text in TEXTS:
        if text.where != name or text.field not in value:
            continue
        mode, entities = value.get(text.mode), value.get(text.entities)
        if mode and entities:
            yield f"{text.mode} and {text.entities} can't be used together"
            continue
        if entities and (found := problems_of(value[text.field], entities)):
            yield from found
            continue
        try:
            shown = formatted(value[text.field], parse_mode=mode, entities=entities, find=False).text
        except Unparsable as error:
            yield str(error)
            continue
        size = units(shown) if text.utf16 else len(shown)
        if size < text.low:
            yield text.empty
        elif size > text.high:
            yield text.long
