"""Judges requests to Telegram's Bot API by a machine-readable copy of its documentation, the limits in prose too."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.oracles.descriptions import TELEGRAM, read_description
from tests.oracles.problems import unknown
from tests.oracles.telegram_schema import ProseValidator, schema_of
from tests.oracles.values import Judge, Leniency

_ATTACHED = re.compile(r'attach://([^"\\]+)')
_TRUTH = {"True": True, "False": False}


class TelegramOracle:
    """Telegram's published description, read from a folder when it is first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def problems(self, method: str, fields: Mapping[str, Any]) -> list[str]:
        """What Telegram would refuse in a request; empty where the documentation has nothing against it.

        `fields` hold the values of a form or a JSON body. At the top a value may be the text that a form carries ("5",
        "true", the JSON of a keyboard); inside of objects and lists it must be the right JSON type.
        """
        judge, methods = self._description
        name = self._names.get(method.lower())
        if name is None:
            return [f"{method} {unknown(method, methods).replace('field', 'method')}"]
        uploads = set(_ATTACHED.findall(json.dumps(fields, default=str)))
        schema = methods[name]
        given = {
            field: self._read(value, schema["properties"].get(field))
            for field, value in fields.items()
            if field not in uploads
        }
        return [problem.sentence(name) for problem in judge.problems(given, schema)]

    @cached_property
    def _description(self) -> tuple[Judge, Mapping[str, Any]]:
        document = schema_of(read_description(self._folder, TELEGRAM))
        return Judge(document, Leniency(), validator=ProseValidator), document["methods"]

    @cached_property
    def _names(self) -> Mapping[str, str]:
        # Telegram's documentation: the names of methods are not case-sensitive.
        return {name.lower(): name for name in self._description[1]}

    def _read(self, value: Any, schema: Mapping[str, Any] | None) -> Any:
        """A value at the top of a request as Telegram reads it: a form knows texts only."""
        if schema is None:
            return value
        kinds = self._description[0].shapes.of(schema).kinds or frozenset()
        if "string" in kinds:
            return str(value) if kinds == {"string"} and type(value) in (int, float) else value
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            return _TRUTH.get(value, value)
