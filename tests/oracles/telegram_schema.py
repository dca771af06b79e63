"""Turns Telegram's description of its Bot API, fields with types and prose, into one JSON Schema document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend
from tests.oracles.telegram_prose import (
    Beside,
    Length,
    counted_fields,
    list_limits,
    names_update_types,
    number_limits,
    parse_mode_of,
    relations,
    text_limits,
)

_LIST = "Array of "
_UPLOAD = {"anyOf": [{"type": "object"}, {"type": "string", "pattern": "^attach://"}]}


def schema_of(description: Mapping[str, Any]) -> dict[str, Any]:
    """A document with a schema per method under `methods` and per type under `definitions`."""
    types: Mapping[str, Any] = description["types"]
    updates = [field["name"] for field in types["Update"]["fields"] if field["name"] != "update_id"]
    return {
        "methods": {name: _object(method, updates) for name, method in description["methods"].items()},
        "definitions": {
            name: _union(kind["subtypes"]) if kind.get("subtypes") else _object(kind, updates)
            for name, kind in types.items()
        }
        # An uploaded file is a part of the form, or the name of such a part.
        | {"InputFile": _UPLOAD},
    }


def _union(names: Iterable[str]) -> dict[str, Any]:
    return {"anyOf": [{"$ref": f"#/definitions/{name}"} for name in names]}


def _object(described: Mapping[str, Any], updates: list[str]) -> dict[str, Any]:
    fields: list[Mapping[str, Any]] = described.get("fields", [])
    names = [field["name"] for field in fields]
    counted = counted_fields(described.get("description", ()))
    properties = {}
    for field in fields:
        name, text = field["name"], field["description"]
        alternatives = [_typed(kind, text, updates) for kind in field["types"]]
        if parse_mode_of(name, text, names):
            for alternative in alternatives:
                alternative.pop("length", None)  # judged with the field beside it that says how the text is read
        if name in counted:
            alternatives[0]["maxItems"] = counted[name]
        properties[name] = alternatives[0] if len(alternatives) == 1 else {"anyOf": alternatives}
    schema = {
        "type": "object",
        "properties": properties,
        "required": [field["name"] for field in fields if field["required"]],
        "additionalProperties": False,
        "beside": relations(described.get("description", ()), fields),
    }
    if any("String can be used instead of this object" in text for text in described.get("description", ())):
        return {"anyOf": [schema, {"type": "string"}]}
    return schema


def _typed(kind: str, text: str, updates: list[str]) -> dict[str, Any]:
    """The schema of one of the types a field may have, with what the text about the field says of it."""
    if kind.startswith(_LIST):
        inner = kind.removeprefix(_LIST)
        # What is said is said of the list as a whole; its entries have their own descriptions.
        entries = {"type": "string", "enum": updates} if names_update_types(text) else _typed(inner, "", updates)
        return {"type": "array", "items": entries} | list_limits(text)
    match kind:
        case "String":
            return {"type": "string"} | text_limits(text)
        case "Integer":
            return {"type": "integer"} | number_limits(text)
        case "Float":
            return {"type": "number"} | number_limits(text)
        case "Boolean":
            return {"type": "boolean"}
        case _:
            return {"$ref": f"#/definitions/{kind}"}


def _length(_: object, length: Length, text: Any, __: object) -> Iterator[ValidationError]:
    if isinstance(text, str):
        for said in length.violations(text):
            yield ValidationError(said)


def _beside(_: object, beside: Beside, given: Any, __: object) -> Iterator[ValidationError]:
    if isinstance(given, Mapping):
        for name, said in beside.violations(given):
            yield ValidationError(said, path=[] if name is None else [name])


ProseValidator = extend(Draft202012Validator, {"length": _length, "beside": _beside})
