"""Judges a JSON value by a schema and says what is wrong in sentences; fields that no schema names are wrong too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from tests.oracles.problems import Place, Problem, choices, count, shown, unknown
from tests.oracles.shapes import SNOWFLAKE, Schema, Shape, Shapes, kind_of

_WHOLE_NUMBER = re.compile(r"-?\d{1,20}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leniency:
    """Where a value may differ from the letter of the schema because the platform itself reads it so.

    `snowflakes`: a whole number stands for the string of digits an id is. `numbers`: a string of digits stands for a
    whole number. `partial`: a value need not have all the fields it should have.
    """

    snowflakes: bool = False
    numbers: bool = False
    partial: bool = False


class Judge:
    """Judges values by the schemas of one document; `validator` is a jsonschema class that knows further keywords."""

    def __init__(self, document: Schema, leniency: Leniency, *, validator: Any = Draft202012Validator) -> None:
        self.shapes = Shapes(document, validator=validator)
        self._leniency = leniency

    def problems(self, value: Any, schema: Schema) -> list[Problem]:
        """Everything wrong with the value, at most one problem for each place in it."""
        found: dict[Place, Problem] = {}
        for problem in self._judge(value, schema, (), frozenset()):
            found.setdefault(problem.place, problem)
        return list(found.values())

    def _judge(self, value: Any, schema: Schema, place: Place, beside: frozenset[str]) -> Iterator[Problem]:
        """`beside` names the fields that schemas applying to the same value allow in addition."""
        shape = self.shapes.of(schema)
        meant = self._meant(value, shape)
        if shape.own_kinds is not None and kind_of(meant) not in shape.own_kinds:
            yield _wrong_kind(value, shape, place)
            return
        for rule in shape.rules:
            for error in rule.iter_errors(meant):
                yield Problem((*place, *error.path), _sentence(error, value))
        if isinstance(value, Mapping):
            yield from self._judge_fields(value, schema, place, beside)
        elif isinstance(value, list):
            yield from self._judge_items(value, shape, place)
        for union in shape.unions:
            fitting = [branch for branch in self.shapes.branches(union) if self._fits(meant, self.shapes.of(branch))]
            if fitting:
                yield from self._judge_union(meant, fitting, place, beside | self._names_beside(shape, union))
            else:
                yield _wrong_kind(value, shape, place)

    def _judge_fields(
        self, value: Mapping[str, Any], schema: Schema, place: Place, beside: frozenset[str]
    ) -> Iterator[Problem]:
        shape = self.shapes.of(schema)
        for name in () if self._leniency.partial else shape.required:
            if name not in value:
                yield Problem((*place, name), "is missing")
        # With a union the branches say which fields are left: only the one that fits may add its own.
        allowed = None if shape.unions else self.shapes.allowed_names(schema)
        for name, inner in value.items():
            if name in shape.properties:
                yield from self._judge(inner, shape.properties[name], (*place, name), frozenset())
                continue
            for extra in shape.additional:
                yield from self._judge(inner, extra, (*place, name), frozenset())
            if allowed is not None and name not in allowed | beside:
                yield Problem((*place, name), unknown(name, allowed | beside))

    def _judge_items(self, value: list[Any], shape: Shape, place: Place) -> Iterator[Problem]:
        for number, inner in enumerate(value):
            if number < len(shape.leading_items):
                yield from self._judge(inner, shape.leading_items[number], (*place, number), frozenset())
                continue
            for schema in shape.items:
                yield from self._judge(inner, schema, (*place, number), frozenset())

    def _judge_union(
        self, value: Any, fitting: list[Schema], place: Place, beside: frozenset[str]
    ) -> Iterator[Problem]:
        """Problems by the branch that is meant; `oneOf` counts as `anyOf`, as the platforms' documents mean it."""
        if isinstance(value, Mapping):
            fitting, wrong = self._told_apart(value, fitting, place)
            if wrong:
                yield wrong
                return
        elif len(fitting) > 1 and all(self.shapes.values(branch) is not None for branch in fitting):
            allowed = [entry for branch in fitting for entry in self.shapes.values(branch) or ()]
            if not any(_same(value, entry) for entry in allowed):
                yield Problem(place, f"is {shown(value)}; allowed are {choices(allowed)}")
            return
        closest: list[Problem] | None = None
        for branch in fitting:
            found = list(self._judge(value, branch, place, beside))
            if not found:
                return
            if closest is None or len(found) < len(closest):
                closest = found
        yield from closest or ()

    def _told_apart(
        self, value: Mapping[str, Any], branches: list[Schema], place: Place
    ) -> tuple[list[Schema], Problem | None]:
        """The branches left when the fields that tell them apart (`type`, `op` …) have spoken."""
        names = [
            name
            for name in self.shapes.of(branches[0]).properties
            if all(name in self.shapes.of(branch).required for branch in branches)
        ]
        for name in names:
            if len(branches) == 1:
                break
            told = [(branch, self.shapes.values(self.shapes.of(branch).properties[name])) for branch in branches]
            if any(values is None for _, values in told) or len({values for _, values in told}) == 1:
                continue
            allowed = [entry for _, values in told for entry in sorted(values or (), key=repr)]
            if name not in value:
                return branches, Problem((*place, name), f"is missing; allowed are {choices(allowed)}")
            left = [branch for branch, values in told if any(_same(value[name], entry) for entry in values or ())]
            if not left:
                wrong = f"is {shown(value[name])}; allowed here are {choices(allowed)}"
                return branches, Problem((*place, name), wrong)
            branches = left
        return branches, None

    def _names_beside(self, shape: Shape, union: tuple[Schema, ...]) -> frozenset[str]:
        names = set(shape.properties)
        for other in shape.unions:
            if other is not union:
                for branch in other:
                    names |= self.shapes.allowed_names(branch) or frozenset()
        return frozenset(names)

    def _fits(self, value: Any, shape: Shape) -> bool:
        return shape.kinds is None or kind_of(self._meant(value, shape)) in shape.kinds

    def _meant(self, value: Any, shape: Shape) -> Any:
        """The value as the platform reads it."""
        if self._leniency.snowflakes and SNOWFLAKE in shape.formats and kind_of(value) == "integer":
            return str(value)
        if (
            self._leniency.numbers
            and isinstance(value, str)
            and shape.kinds is not None
            and "integer" in shape.kinds
            and "string" not in shape.kinds
            and _WHOLE_NUMBER.fullmatch(value)
        ):
            return int(value)
        return value


def _wrong_kind(value: Any, shape: Shape, place: Place) -> Problem:
    # Only words a person would use: whoever may send a number may send a whole one.
    kinds = sorted(kind for kind in shape.kinds or () if not (kind == "integer" and "number" in (shape.kinds or ())))
    return Problem(place, f"is {shown(value)}; it must be of the type {' or '.join(kinds)}")


def _same(value: Any, allowed: Any) -> bool:
    # To Python True equals 1, to JSON it does not.
    return value == allowed and isinstance(value, bool) == isinstance(allowed, bool)


def _sentence(error: ValidationError, value: Any) -> str:
    """What jsonschema found, in the words of this package."""
    limit = error.validator_value
    match error.validator:
        case "enum":
            return f"is {shown(value)}; allowed are {choices(limit)}"
        case "const":
            return f"is {shown(value)}; it must be {shown(limit)}"
        case "not":
            return "must not be given"
        case "minLength":
            return f"has {count(len(error.instance), 'character|characters')}; at least {limit} must be there"
        case "maxLength":
            return f"has {count(len(error.instance), 'character|characters')}; at most {limit} are allowed"
        case "minItems" | "minProperties":
            return f"has {count(len(error.instance), 'entry|entries')}; at least {limit} must be there"
        case "maxItems" | "maxProperties":
            return f"has {count(len(error.instance), 'entry|entries')}; at most {limit} are allowed"
        case "uniqueItems":
            return f"names an entry twice: {shown(value)}"
        case "minimum":
            return f"is {shown(value)}; it must be at least {limit}"
        case "maximum":
            return f"is {shown(value)}; it must be at most {limit}"
        case "pattern":
            return f"is {shown(value)}, which does not match {limit}"
        case "format":
            return f"is {shown(value)}, which is no {limit}"
        case _:
            return error.message
