"""Judges requests to Discord's HTTP API by Discord's own OpenAPI document; its gateway is judged next door."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.oracles.descriptions import DISCORD_OPENAPI, read_description
from tests.oracles.discord_gaps import with_gaps_closed
from tests.oracles.discord_gateway import GatewayOracle
from tests.oracles.problems import Problem, unknown
from tests.oracles.shapes import Schema
from tests.oracles.values import Judge, Leniency

_PREFIX = re.compile(r"/api/v\d+(?=/)")
_METHODS = ("get", "post", "put", "patch", "delete")
# Discord reads the JSON of a request; the same schema is described for forms, and for some uploads only there.
_MEDIA = ("application/json", "multipart/form-data", "application/x-www-form-urlencoded")
_TRUTH = {"true": True, "True": True, "1": True, "false": False, "False": False, "0": False}


class DiscordOracle:
    """Discord's published descriptions, read from a folder when they are first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._gateway = GatewayOracle(folder)

    def problems(self, method: str, path: str, query: Mapping[str, str], body: Any) -> list[str]:
        """What Discord would refuse in a request; empty where the document has nothing against it.

        `path` may carry the `/api/v10` in front; `body` is the parsed JSON or None, and of a form its `payload_json`.
        """
        return self._api.request_problems(method, path, query, _json_part(body))

    def answer_problems(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """What an answer has that the document does not promise; it checks a local server, not the bot."""
        return self._api.answer_problems(method, path, status, body)

    def sent_problems(self, payload: Mapping[str, Any]) -> list[str]:
        """What is wrong with a payload that a bot sent over the gateway, `{"op": …, "d": …}`."""
        return self._gateway.sent_problems(payload)

    def received_problems(self, payload: Mapping[str, Any]) -> list[str]:
        """What is wrong with a payload that a server sends over the gateway; it checks a local server, not the bot."""
        return self._gateway.received_problems(payload)

    @cached_property
    def _api(self) -> DiscordApi:
        return DiscordApi(with_gaps_closed(read_description(self._folder, DISCORD_OPENAPI)))


class _Route:
    """One address of the document, `/channels/{channel_id}/messages`, with the methods it answers to."""

    def __init__(self, template: str, described: Mapping[str, Any]) -> None:
        self.template = template
        self.parts = template.strip("/").split("/")
        self.operations = {method: described[method] for method in _METHODS if method in described}
        self.shared_parameters: list[Mapping[str, Any]] = described.get("parameters", [])

    def values(self, parts: list[str]) -> dict[str, str] | None:
        """The path parameters of an address of this shape; None for an address of another."""
        if len(parts) != len(self.parts):
            return None
        values = {}
        for own, given in zip(self.parts, parts, strict=True):
            if own.startswith("{"):
                values[own[1:-1]] = given
            elif own != given:
                return None
        return values

    @property
    def fixed(self) -> tuple[bool, ...]:
        """Which parts are words of the address; of two that fit, the one with a word earlier is meant."""
        return tuple(not part.startswith("{") for part in self.parts)


class DiscordApi:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self._routes = [_Route(template, described) for template, described in document["paths"].items()]
        self._routes.sort(key=lambda route: route.fixed, reverse=True)
        self._responses: Mapping[str, Any] = document["components"]["responses"]
        # The README of the document: a text of digits is taken for a number. Ids are taken as numbers too; discord.py
        # sends most of them so.
        self._requests = Judge(document, Leniency(snowflakes=True, numbers=True))
        # The document promises much that no client reads; a local server may leave it out, but may not invent.
        self._answers = Judge(document, Leniency(partial=True))

    def request_problems(self, method: str, path: str, query: Mapping[str, str], body: Any) -> list[str]:
        found = self._find(method, path)
        if isinstance(found, str):
            return [found]
        route, operation, values = found
        parameters = [*route.shared_parameters, *operation.get("parameters", [])]
        return [
            *self._path_problems(parameters, values),
            *self._query_problems([entry for entry in parameters if entry["in"] == "query"], query),
            *self._body_problems(operation.get("requestBody"), body),
        ]

    def answer_problems(self, method: str, path: str, status: int, body: Any) -> list[str]:
        found = self._find(method, path)
        if isinstance(found, str):
            return [found]
        _, operation, _ = found
        described = self._response(operation["responses"], status)
        if described is None:
            return [f"the status {status} is not described; it may be {', '.join(operation['responses'])}"]
        content = described.get("content")
        if not content:
            return [] if body is None else [f"an answer with the status {status} has no body"]
        schema = _schema(content)
        return [] if schema is None else _sentences(self._answers.problems(body, schema), "the answer")

    def _find(self, method: str, path: str) -> tuple[_Route, Mapping[str, Any], dict[str, str]] | str:
        address = _PREFIX.sub("", path, count=1)
        parts = address.strip("/").split("/")
        fitting = [(route, values) for route in self._routes if (values := route.values(parts)) is not None]
        for route, values in fitting:
            if operation := route.operations.get(method.lower()):
                return route, operation, values
        if not fitting:
            return f"{method} {address}: there is no such address"
        known = sorted({name.upper() for route, _ in fitting for name in route.operations})
        return f"{method} {address}: this address answers to {', '.join(known)} only"

    def _path_problems(self, parameters: Iterable[Mapping[str, Any]], values: Mapping[str, str]) -> Iterable[str]:
        for parameter in parameters:
            if parameter["in"] == "path":
                found = self._requests.problems(values[parameter["name"]], parameter["schema"])
                yield from _sentences(found, f"{parameter['name']} in the address")

    def _query_problems(self, parameters: list[Mapping[str, Any]], query: Mapping[str, str]) -> Iterable[str]:
        known = {parameter["name"]: parameter for parameter in parameters}
        for name, parameter in known.items():
            if parameter.get("required") and name not in query:
                yield f"{name} in the query is missing"
        for name, text in query.items():
            if name not in known:
                yield f"{name} in the query {unknown(name, known)}"
                continue
            schema = known[name]["schema"]
            yield from _sentences(self._requests.problems(self._read(text, schema), schema), f"{name} in the query")

    def _read(self, text: str, schema: Schema) -> Any:
        """A value of the query as the JSON it stands for."""
        kinds = self._requests.shapes.of(schema).kinds or frozenset()
        if "boolean" in kinds:
            return _TRUTH.get(text, text)
        return [text] if "array" in kinds and "string" not in kinds else text

    def _body_problems(self, described: Mapping[str, Any] | None, body: Any) -> Iterable[str]:
        if described is None:
            return [] if body is None else ["the body: this request takes none"]
        if body is None:
            return ["the body is missing"] if described.get("required") else []
        schema = _schema(described["content"])
        return [] if schema is None else _sentences(self._requests.problems(body, schema), "the body")

    def _response(self, responses: Mapping[str, Any], status: int) -> Mapping[str, Any] | None:
        described = responses.get(str(status), responses.get(f"{status // 100}XX"))
        if described and "$ref" in described:
            return self._responses[described["$ref"].rsplit("/", 1)[-1]]  # type: ignore[no-any-return]
        return described  # type: ignore[no-any-return]


def _schema(content: Mapping[str, Any]) -> Schema | None:
    for media in _MEDIA:
        if media in content:
            return content[media]["schema"]  # type: ignore[no-any-return]
    return None


def _sentences(problems: Iterable[Problem], root: str) -> list[str]:
    return [problem.sentence(root) for problem in problems]


def _json_part(body: Any) -> Any:
    """The JSON of a form with files, which Discord reads in place of a body."""
    if not isinstance(body, Mapping) or "payload_json" not in body:
        return body
    part = body["payload_json"]
    return json.loads(part) if isinstance(part, str) else part
