"""The parts of the oracles that need no published description, on small schemas of our own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.oracles.descriptions import (
    DISCORD_OPENAPI,
    DISCORD_RECEIVE,
    DISCORD_SEND,
    DescriptionMissing,
    read_description,
)
from tests.oracles.discord_requests import DiscordOracle
from tests.oracles.problems import Problem
from tests.oracles.shapes import Shapes
from tests.oracles.telegram_requests import TelegramOracle
from tests.oracles.values import Judge, Leniency

ZOO: dict[str, Any] = {
    "definitions": {
        "Id": {"type": "string", "format": "snowflake", "pattern": "^[0-9]+$"},
        "Named": {"type": "object", "properties": {"name": {"type": "string", "maxLength": 3}}, "required": ["name"]},
        "Cat": {
            "allOf": [{"$ref": "#/definitions/Named"}],
            "type": "object",
            "properties": {"type": {"const": 1}, "lives": {"type": "integer", "maximum": 9}},
            "required": ["type"],
        },
        "Fish": {
            "type": "object",
            "properties": {"type": {"enum": [2]}, "scales": {"type": ["integer", "null"]}},
            "required": ["type"],
        },
        "Animal": {"oneOf": [{"type": "null"}, {"$ref": "#/definitions/Cat"}, {"$ref": "#/definitions/Fish"}]},
        "Keeper": {
            "type": "object",
            "properties": {"id": {"$ref": "#/definitions/Id"}, "boss": {"$ref": "#/definitions/Keeper"}},
            "anyOf": [
                {"properties": {"broom": {"type": "boolean"}}},
                {"properties": {"hose": {"type": "boolean"}}},
            ],
        },
        "Notes": {"type": "object", "additionalProperties": {"type": "string"}},
        "Anything": {"type": "object"},
    },
    "type": "object",
    "properties": {
        "animals": {"type": "array", "items": {"$ref": "#/definitions/Animal"}, "maxItems": 2},
        "keeper": {"$ref": "#/definitions/Keeper"},
        "notes": {"$ref": "#/definitions/Notes"},
        "rest": {"$ref": "#/definitions/Anything"},
        "size": {"type": "integer", "oneOf": [{"const": 3}, {"const": 5}]},
        "spot": {"type": "array", "items": [{"type": "string"}, {"type": "number"}]},
        "since": {"type": "string", "format": "date-time"},
        "home": {"type": "string", "format": "uri"},
    },
}


def problems(value: Any, **leniency: bool) -> list[str]:
    return [problem.sentence("the zoo") for problem in Judge(ZOO, Leniency(**leniency)).problems(value, ZOO)]


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("Named", {"name"}),
        ("Cat", {"name", "type", "lives"}),
        ("Animal", {"name", "type", "lives", "scales"}),
        ("Keeper", {"id", "boss", "broom", "hose"}),
        ("Notes", None),
        ("Anything", None),
    ],
)
def test_the_allowed_fields_are_collected_through_references_and_unions(name: str, allowed: set[str] | None) -> None:
    assert Shapes(ZOO).allowed_names(ZOO["definitions"][name]) == allowed


def test_a_right_value_has_no_problems() -> None:
    value = {
        "animals": [{"type": 1, "name": "Tom", "lives": 9}, None],
        "keeper": {"id": "12", "boss": {"id": "13", "hose": True}, "broom": False},
        "notes": {"anything": "goes"},
        "rest": {"anything": {"goes": 1}},
        "size": 5,
        "spot": ["a", 1.5],
        "since": "2026-01-02T03:04:05+00:00",
        "home": "attachment://plan.png",
    }
    assert problems(value) == []


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ([], "the zoo is []; it must be of the type object"),
        ({"animal": []}, "animal is not a known field; did you mean `animals`?"),
        ({"keeper": {"rake": True}}, "keeper.rake is not a known field"),
        ({"keeper": {"broom": True, "hose": True}}, "keeper.hose is not a known field"),
        ({"keeper": {"boss": {"boss": {"idd": "1"}}}}, "keeper.boss.boss.idd is not a known field; did you mean `id`?"),
        ({"animals": [{"type": 3}]}, "animals[0].type is 3; allowed here are 1, 2"),
        ({"animals": [{"name": "Tom"}]}, "animals[0].type is missing; allowed are 1, 2"),
        ({"animals": [{"type": True}]}, "animals[0].type is true; allowed here are 1, 2"),
        ({"animals": [{"type": 2, "lives": 3}]}, "animals[0].lives is not a known field"),
        ({"animals": [{"type": 1}]}, "animals[0].name is missing"),
        ({"animals": [{"type": 1, "name": "Thomas"}]}, "animals[0].name has 6 characters; at most 3 are allowed"),
        ({"animals": [{"type": 1, "name": "Tom", "lives": 10}]}, "animals[0].lives is 10; it must be at most 9"),
        ({"animals": [None] * 3}, "animals has 3 entries; at most 2 are allowed"),
        ({"animals": ["cat"]}, 'animals[0] is "cat"; it must be of the type null or object'),
        ({"notes": {"a": 1}}, "notes.a is 1; it must be of the type string"),
        ({"size": 4}, "size is 4; allowed are 3, 5"),
        ({"spot": ["a", "b"]}, 'spot[1] is "b"; it must be of the type number'),
        ({"since": "2026-01-02T03:04:05"}, 'since is "2026-01-02T03:04:05", which is no date-time'),
        ({"home": "nowhere"}, 'home is "nowhere", which is no uri'),
        ({"keeper": {"id": 12}}, "keeper.id is 12; it must be of the type string"),
        ({"size": "5"}, 'size is "5"; it must be of the type integer'),
    ],
)
def test_a_wrong_value_is_named_in_a_sentence(value: Any, sentence: str) -> None:
    assert problems(value) == [sentence]


def test_leniency_is_what_it_says_and_no_more() -> None:
    assert problems({"keeper": {"id": 12}}, snowflakes=True) == []
    assert problems({"keeper": {"id": -12}}, snowflakes=True) == ["keeper.id is -12, which does not match ^[0-9]+$"]
    assert problems({"animals": [{"type": 1, "name": 12}]}, snowflakes=True) != []
    assert problems({"size": "5"}, numbers=True) == []
    assert problems({"size": "4"}, numbers=True) == ["size is 4; allowed are 3, 5"]
    assert problems({"notes": {"a": 1}}, numbers=True) != []
    assert problems({"animals": [{"type": 1}]}, partial=True) == []
    assert problems({"animals": [{"type": 1, "fur": 1}]}, partial=True) == ["animals[0].fur is not a known field"]


def test_many_problems_are_all_told_once_each() -> None:
    value = {"animals": [{"type": 1, "lives": 10}], "size": 4, "colour": "red"}
    assert {problem.place for problem in Judge(ZOO, Leniency()).problems(value, ZOO)} == {
        ("animals", 0, "name"),
        ("animals", 0, "lives"),
        ("size",),
        ("colour",),
    }
    assert Problem(("animals", 0), "is missing").sentence("the zoo") == "animals[0] is missing"


def operation(body: Any = None, **more: Any) -> dict[str, Any]:
    described = {"required": True, "content": {"application/json": {"schema": body}}}
    answers = {"200": {"content": {"application/json": {"schema": ZOO["definitions"]["Named"]}}}, "204": {}}
    return ({"requestBody": described} if body else {}) | {"responses": answers} | more


ID = {"name": "id", "in": "path", "schema": {"type": "string", "pattern": "^[0-9]+$"}}
LIMIT = {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100}}
WAIT = {"name": "wait", "in": "query", "schema": {"type": "boolean"}, "required": True}
DISCORD: dict[str, Any] = {
    "components": {"responses": {}, "schemas": {}},
    "paths": {
        "/things/{id}": {"parameters": [ID], "get": operation(parameters=[LIMIT]), "delete": operation()},
        "/things/@original": {"get": operation(parameters=[WAIT]), "patch": operation(ZOO["definitions"]["Named"])},
    },
}


@pytest.fixture
def discord(tmp_path: Path) -> DiscordOracle:
    (tmp_path / DISCORD_OPENAPI).write_text(json.dumps(DISCORD), encoding="utf-8")
    return DiscordOracle(tmp_path)


@pytest.mark.parametrize(
    ("request_line", "query", "body", "sentences"),
    [
        ("GET /api/v10/things/5", {}, None, []),
        ("GET /things/5", {"limit": "7"}, None, []),
        ("GET /things/5", {"limit": "101"}, None, ['limit in the query is "101"; it must be at most 100']),
        ("GET /things/5", {"limt": "7"}, None, ["limt in the query is not a known field; did you mean `limit`?"]),
        ("GET /things/five", {}, None, ['id in the address is "five", which does not match ^[0-9]+$']),
        ("GET /things/@original", {"wait": "true"}, None, []),
        ("GET /things/@original", {"wait": "5"}, None, ['wait in the query is "5"; it must be of the type boolean']),
        ("GET /things/@original", {}, None, ["wait in the query is missing"]),
        ("PATCH /things/@original", {}, {"name": "Tom"}, []),
        ("PATCH /things/@original", {}, {"payload_json": '{"name": "Tom"}', "files[0]": {}}, []),
        ("PATCH /things/@original", {}, {"payload_json": {"name": 5}}, ["name is 5; it must be of the type string"]),
        ("PATCH /things/@original", {}, None, ["the body is missing"]),
        ("DELETE /things/5", {}, {"name": "Tom"}, ["the body: this request takes none"]),
        ("POST /things/5", {}, None, ["POST /things/5: this address answers to DELETE, GET only"]),
        ("GET /thing/5", {}, None, ["GET /thing/5: there is no such address"]),
    ],
)  # fmt: skip
def test_discord_requests_are_routed_and_judged(
    discord: DiscordOracle, request_line: str, query: dict[str, str], body: Any, sentences: list[str]
) -> None:
    method, path = request_line.split()
    assert discord.problems(method, path, query, body) == sentences


def test_answers_are_judged_by_their_status(discord: DiscordOracle) -> None:
    assert discord.answer_problems("GET", "/api/v10/things/5", 200, {"name": "Tom"}) == []
    assert discord.answer_problems("GET", "/api/v10/things/5", 200, {"name": 5}) != []
    assert discord.answer_problems("GET", "/api/v10/things/5", 204, None) == []
    assert discord.answer_problems("GET", "/api/v10/things/5", 204, {}) == ["an answer with the status 204 has no body"]
    assert discord.answer_problems("GET", "/api/v10/things/5", 201, {}) == [
        "the status 201 is not described; it may be 200, 204"
    ]


def test_a_missing_description_is_named_with_where_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(DescriptionMissing, match=r"no discord_openapi\.json.*discord/discord-api-spec"):
        DiscordOracle(tmp_path).problems("GET", "/gateway", {}, None)
    with pytest.raises(DescriptionMissing, match=r"telegram_api_\*\.json.*PaulSonOfLars/telegram-bot-api-spec"):
        TelegramOracle(tmp_path).problems("getMe", {})
    for name in (DISCORD_RECEIVE, DISCORD_SEND):
        with pytest.raises(DescriptionMissing, match="discord-api-types"):
            read_description(tmp_path, name)
    (tmp_path / DISCORD_OPENAPI).write_text("<html>", encoding="utf-8")
    with pytest.raises(DescriptionMissing, match="is not JSON"):
        read_description(tmp_path, DISCORD_OPENAPI)
