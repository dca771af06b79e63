"""Reads a JSON Schema into shapes: per schema what `$ref`, `allOf` and unions say about one value, put together.

It knows which fields a value may have at all, what a schema document never says in one place; it judges no value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from jsonschema import Draft202012Validator, FormatChecker

Schema = Mapping[str, Any]

SNOWFLAKE = "snowflake"
KINDS: Mapping[type, str] = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    type(None): "null",
}

# Keywords that a shape takes apart itself, and mere remarks; everything else about a value is left to jsonschema.
_ELSEWHERE = {
    "type",
    "$ref",
    "allOf",
    "oneOf",
    "anyOf",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "prefixItems",
    "$schema",
    "$comment",
    "title",
    "description",
    "default",
    "deprecated",
    "definitions",
}

_formats = FormatChecker(formats=())


@_formats.checks("date-time")
def _is_date_time(value: object) -> bool:
    if not isinstance(value, str):
        return True
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


@_formats.checks("uri")
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or (bool(urlsplit(value).scheme) and not any(c.isspace() for c in value))


@_formats.checks("int32")
def _is_int32(value: object) -> bool:
    return not isinstance(value, int) or -(2**31) <= value < 2**31


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """All that applies to one value: its own rules, its fields, and for each union one of the branches.

    `kinds` are the JSON types the value may have, None any; `own_kinds` the same without what the unions say of it.
    `additional` holds the schemas of fields outside `properties`, where such fields are allowed; `closed` says that the
    document itself forbids them.
    """

    rules: tuple[Draft202012Validator, ...]
    kinds: frozenset[str] | None
    own_kinds: frozenset[str] | None
    formats: frozenset[str]
    properties: Mapping[str, Schema]
    required: tuple[str, ...]
    additional: tuple[Schema, ...]
    closed: bool
    leading_items: tuple[Schema, ...]
    items: tuple[Schema, ...]
    unions: tuple[tuple[Schema, ...], ...]

    @property
    def only_a_union(self) -> bool:
        """Whether the schema says nothing but "one of these"."""
        return len(self.unions) == 1 and not (self.rules or self.properties or self.required or self.additional)


class Shapes:
    """The shapes of one schema document, each read once when it is first asked for."""

    def __init__(self, document: Schema, *, validator: Any = Draft202012Validator) -> None:
        self._document = document
        self._validator = validator
        # Keyed by identity: the schemas of a document live as long as the document does. The schema is kept beside
        # its shape, so that one made here for several `allOf` parts is not collected and its identity given again.
        self._read: dict[int, tuple[Schema | bool, Shape]] = {}
        self._names: dict[int, frozenset[str] | None] = {}

    def of(self, schema: Schema | bool) -> Shape:
        """The shape of a schema of this document."""
        known = self._read.get(id(schema))
        if known is None:
            known = self._read[id(schema)] = (schema, self._shape(schema))
        return known[1]

    def allowed_names(self, schema: Schema | bool) -> frozenset[str] | None:
        """The fields a value of this schema may have in any of its forms; None where any field is allowed."""
        if id(schema) not in self._names:
            # Reading the shape also keeps the schema alive, so that its identity stays its own.
            self._names[id(schema)] = self._collected(self.of(schema))
        return self._names[id(schema)]

    def branches(self, union: Iterable[Schema]) -> list[Schema]:
        """The branches of a union, those of a union inside a union among them."""
        found: list[Schema] = []
        for branch in union:
            shape = self.of(branch)
            found.extend(self.branches(shape.unions[0]) if shape.only_a_union else [branch])
        return found

    def values(self, schema: Schema) -> frozenset[Any] | None:
        """The few values a schema allows by `const`, `enum` or a union of those; None where it is not so closed."""
        shape = self.of(schema)
        sets: list[frozenset[Any]] = []
        for rule in shape.rules:
            if "const" in rule.schema:
                sets.append(frozenset([rule.schema["const"]]))
            if "enum" in rule.schema:
                sets.append(frozenset(rule.schema["enum"]))
        for union in shape.unions:
            of_branches = [self.values(branch) for branch in union]
            if all(values is not None for values in of_branches):
                sets.append(frozenset().union(*(values for values in of_branches if values is not None)))
        if not sets and shape.kinds == frozenset(["null"]):
            return frozenset([None])
        return frozenset.intersection(*sets) if sets else None

    def _collected(self, shape: Shape) -> frozenset[str] | None:
        if shape.additional:
            return None
        names = set(shape.properties)
        said = bool(shape.properties) or shape.closed
        for union in shape.unions:
            for branch in union:
                if (of_branch := self.of(branch)).kinds is not None and "object" not in of_branch.kinds:
                    continue
                inner = self.allowed_names(branch)
                if inner is None:
                    return None
                names |= inner
                said = True
        return frozenset(names) if said else None

    def _shape(self, schema: Schema | bool) -> Shape:
        parts = list(self._parts(schema))
        unions = tuple(tuple(part[word]) for part in parts for word in ("oneOf", "anyOf") if word in part)
        properties: dict[str, list[Schema]] = {}
        for part in parts:
            for name, inner in part.get("properties", {}).items():
                properties.setdefault(name, []).append(inner)
        return Shape(
            rules=tuple(rule for part in parts if (rule := self._rule(part)).schema),
            kinds=self._kinds(parts, unions),
            own_kinds=self._kinds(parts, ()),
            formats=frozenset(part["format"] for part in parts if "format" in part),
            properties={name: found[0] if len(found) == 1 else {"allOf": found} for name, found in properties.items()},
            required=tuple(dict.fromkeys(name for part in parts for name in part.get("required", ()))),
            additional=tuple(
                extra if isinstance(extra, Mapping) else {}
                for part in parts
                if (extra := part.get("additionalProperties", False)) is not False
            ),
            closed=any(part.get("additionalProperties") is False for part in parts),
            leading_items=tuple(inner for part in parts for inner in _leading_items(part)),
            items=tuple(part["items"] for part in parts if isinstance(part.get("items"), Mapping)),
            unions=unions,
        )

    def _parts(self, schema: Schema | bool) -> Iterable[Schema]:
        """The schemas that all apply at once: this one, what it refers to, and its `allOf`."""
        if isinstance(schema, bool):
            yield {} if schema else {"not": {}}
            return
        yield schema
        if "$ref" in schema:
            yield from self._parts(self._resolved(schema["$ref"]))
        for part in schema.get("allOf", ()):
            yield from self._parts(part)

    def _resolved(self, reference: str) -> Schema:
        target: Any = self._document
        for step in reference.removeprefix("#/").split("/"):
            target = target[unquote(step).replace("~1", "/").replace("~0", "~")]
        found: Schema = target
        return found

    def _rule(self, part: Schema) -> Draft202012Validator:
        own = {word: said for word, said in part.items() if word not in _ELSEWHERE and not word.startswith("x-")}
        rule: Draft202012Validator = self._validator(own, format_checker=_formats)
        return rule

    def _kinds(self, parts: Iterable[Schema], unions: Iterable[tuple[Schema, ...]]) -> frozenset[str] | None:
        said = [_said_kinds(part) for part in parts]
        for union in unions:
            of_branches = [self.of(branch).kinds for branch in union]
            said.append(None if None in of_branches else frozenset().union(*(kinds for kinds in of_branches if kinds)))
        known = [kinds for kinds in said if kinds is not None]
        return frozenset.intersection(*known) if known else None


def kind_of(value: Any) -> str:
    """The JSON type of a parsed value; a whole number is "integer" however it is written."""
    if isinstance(value, float) and value.is_integer():
        return "integer"
    return KINDS.get(type(value), type(value).__name__)


def _said_kinds(part: Schema) -> frozenset[str] | None:
    if "type" in part:
        kinds = {part["type"]} if isinstance(part["type"], str) else set(part["type"])
    elif "const" in part:
        kinds = {kind_of(part["const"])}
    elif "enum" in part:
        kinds = {kind_of(value) for value in part["enum"]}
    else:
        return None
    return frozenset(kinds | {"integer"} if "number" in kinds else kinds)


def _leading_items(part: Schema) -> list[Schema]:
    # Draft 7 writes a tuple as a list under `items`, draft 2020-12 as `prefixItems`.
    return list(part.get("prefixItems", part["items"] if isinstance(part.get("items"), list) else ()))
