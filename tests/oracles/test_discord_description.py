"""Discord's published descriptions against what discord.py really sends, and against deliberate mistakes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from tests.oracles import discord_payloads as world
from tests.oracles.descriptions import DISCORD_OPENAPI, given_folder, read_description
from tests.oracles.discord_gaps import GAPS, find, with_gaps_closed
from tests.oracles.discord_requests import DiscordApi, DiscordOracle
from tests.oracles.discord_traffic import Traffic, discord_traffic
from tests.oracles.mistakes import GONE, changed, named
from tests.oracles.recorder import Recorded

FOLDER = given_folder() or Path()


@pytest.fixture(scope="module")
def oracle() -> DiscordOracle:
    return DiscordOracle(FOLDER)


@pytest.fixture(scope="module")
def traffic() -> Traffic:
    return discord_traffic()


def judged(oracle: DiscordOracle, request: Recorded) -> list[str]:
    return oracle.problems(request.method, request.path, request.query, request.body)


def test_what_discord_py_sends_is_right(oracle: DiscordOracle, traffic: Traffic) -> None:
    found = [(r.method, r.path, said) for r in traffic.requests if (said := judged(oracle, r))]
    assert found == []
    assert len(traffic.requests) > 60


def test_the_traffic_has_every_kind_of_answer_to_an_interaction(traffic: Traffic) -> None:
    callbacks = [request.body for request in traffic.requests if request.path.endswith("/callback")]
    assert {body["type"] for body in callbacks if "type" in body} == {4, 5, 6, 7, 8, 9}
    bodies = [request.body for request in traffic.requests if isinstance(request.body, dict)]
    for name in ("embeds", "poll", "nonce", "allowed_mentions", "message_reference", "payload_json"):
        assert any(name in body for body in bodies), name
    assert any((body.get("flags") or 0) & 1 << 15 for body in bodies), "components V2"


def test_what_goes_over_the_gateway_is_right(oracle: DiscordOracle, traffic: Traffic) -> None:
    assert [(payload, said) for payload in traffic.sent if (said := oracle.sent_problems(payload))] == []
    assert [(payload, said) for payload in traffic.received if (said := oracle.received_problems(payload))] == []
    assert {payload["op"] for payload in traffic.sent} == {1, 2, 3, 4, 6, 8}
    assert {payload.get("t") for payload in traffic.received} >= {"READY", "GUILD_CREATE", "INTERACTION_CREATE"}


@pytest.mark.parametrize("gap", GAPS, ids=lambda gap: f"{gap.at[-2]}.{gap.name}")
def test_every_gap_is_still_open_in_the_document_and_needed(gap: Any, traffic: Traffic) -> None:
    document = read_description(FOLDER, DISCORD_OPENAPI)
    place = find(document, gap.at)
    assert place is not None, "the place is gone: remove the gap"
    known = place.get(gap.name)
    assert known != gap.added, "the document knows it by now: remove the gap"
    # Where several places have one gap, the traffic need not pass through each of them.
    api = DiscordApi(with_gaps_closed(document, [other for other in GAPS if other.reason != gap.reason]))
    assert any(api.request_problems(r.method, r.path, r.query, r.body) for r in traffic.requests)


MESSAGES = f"/api/v10/channels/{world.TEXT_ID}/messages"
COMMANDS = f"/api/v10/applications/{world.APPLICATION_ID}/commands"
CALLBACK = f"/api/v10/interactions/{world.snowflake()}/a-token/callback"
FOLLOW_UP = f"/api/v10/webhooks/{world.APPLICATION_ID}/a-token"
BUTTON = {"type": 2, "style": 1, "label": "Next", "custom_id": "v1-next"}
ROW = {"type": 1, "components": [BUTTON]}
OPTION = {"type": 3, "name": "words", "description": "What to look for"}
COMMAND = {"name": "search", "type": 1, "description": "Looks things up", "options": [OPTION]}
TEXT = {"type": 10, "content": "x"}
SELECT = {"type": 3, "custom_id": "pick", "options": [{"label": "a", "value": "a"}]}
MODAL = {"custom_id": "m", "title": "Report", "components": [{"type": 18, "label": "Why", "component": SELECT}]}

RIGHT: dict[str, tuple[str, str, Any]] = {
    "message": ("POST", MESSAGES, {"content": "Hello", "embeds": [{"title": "DDPM"}], "components": [ROW]}),
    "command": ("POST", COMMANDS, COMMAND),
    "commands": ("PUT", COMMANDS, [COMMAND]),
    "answer": ("POST", CALLBACK, {"type": 4, "data": {"content": "Hello", "components": [ROW]}}),
    "choices": ("POST", CALLBACK, {"type": 8, "data": {"choices": [{"name": "a", "value": "b"}]}}),
    "modal": ("POST", CALLBACK, {"type": 9, "data": MODAL}),
    "follow-up": ("POST", FOLLOW_UP, {"content": "Hello", "flags": 64}),
    "edit": ("PATCH", f"{FOLLOW_UP}/messages/@original", {"content": "Hello"}),
    "thread": ("POST", f"{MESSAGES}/{world.snowflake()}/threads", {"name": "A thread"}),
}

# The request, the place that is changed, its wrong value, and how the sentence begins or goes on after the place.
MISTAKES: list[tuple[str, str, Any, str]] = [
    ("message", "contents", "Hello", " is not a known field; did you mean `content`?"),
    ("message", "content", "x" * 4001, " has 4001 characters; at most 4000"),
    ("message", "content", 5, " is 5; it must be of the type"),
    ("message", "tts", "yes", ' is "yes"; it must be of the type'),
    ("message", "nonce", "n" * 26, " has 26 characters; at most 25"),
    ("message", "allowed_mentions", {"parse": ["all"]}, 'allowed_mentions.parse[0] is "all"; allowed are'),
    ("message", "allowed_mentions", {"parse": [], "replied": True}, "allowed_mentions.replied is not a known field"),
    ("message", "message_reference", {"channel_id": 5}, "message_reference.message_id is missing"),
    ("message", "embeds", [{}] * 11, " has 11 entries; at most 10"),
    ("message", "embeds.0.colour", 5, " is not a known field; did you mean `color`?"),
    ("message", "embeds.0.color", 1 << 24, " is 16777216; it must be at most"),
    ("message", "embeds.0.title", "x" * 257, " has 257 characters; at most 256"),
    ("message", "embeds.0.description", "x" * 4097, " has 4097 characters"),
    ("message", "embeds.0.url", "no address", ' is "no address", which is no uri'),
    ("message", "embeds.0.timestamp", "today", ' is "today", which is no date-time'),
    ("message", "embeds.0.fields", [{"name": "Year"}], "embeds[0].fields[0].value is missing"),
    ("message", "embeds.0.fields", [{"name": "a", "value": "b"}] * 26, " has 26 entries"),
    ("message", "embeds.0.footer", {"text": "x" * 2049}, "embeds[0].footer.text has 2049 characters"),
    ("message", "components.0", BUTTON, "components[0].type is 2; allowed here are"),
    ("message", "components.0.components.0.label", "x" * 81, " has 81 characters"),
    ("message", "components.0.components.0.custom_id", "x" * 101, " has 101"),
    ("message", "components.0.components.0.style", 9, " is 9; allowed are"),
    ("message", "components.0.components.0.action", "x", " is not a known field"),
    ("message", "components.0.components", [BUTTON] * 6, " has 6 entries; at most 5"),
    ("message", "components.0.components", [ROW], "components[0].components[0].type is 1; allowed here are"),
    (
        "message",
        "components.0",
        {"type": 9, "components": [{"type": 10, "content": "x"}]},
        "components[0].accessory is",
    ),
    ("message", "components.0", TEXT | {"content": ""}, "components[0].content has 0 characters"),
    ("message", "poll", {"question": {"text": "?"}}, "poll.answers is missing"),
    ("message", "poll", {"question": {"text": "?"}, "answers": []}, "poll.answers has 0 entries"),
    ("message", "sticker_ids", ["a"], "sticker_ids[0] is"),
    ("command", "name", GONE, " is missing"),
    ("command", "name", "x" * 33, " has 33 characters; at most 32"),
    ("command", "description", "x" * 101, " has 101 characters; at most 100"),
    ("command", "descripton", "x", " is not a known field; did you mean `description`?"),
    ("command", "type", 9, " is 9; allowed are"),
    ("command", "contexts", [3], "contexts[0] is 3; allowed are"),
    ("command", "integration_types", [0, 0], " names an entry twice"),
    ("command", "options.0.type", 12, " is 12; allowed here are"),
    ("command", "options.0.description", GONE, " is missing"),
    ("command", "options.0.max_lenght", 5, " is not a known field; did you mean `max_length`?"),
    ("command", "options.0.choices", [{"name": "a"}], "options[0].choices[0].value is missing"),
    ("command", "options.0.choices", [{"name": "a", "value": "b"}] * 26, " has 26 entries"),
    ("command", "options", [OPTION] * 26, " has 26 entries; at most 25"),
    ("command", "name_localizations", {"de": "x" * 33}, "name_localizations.de has 33 characters"),
    ("commands", "0.options.0.name", "", " has 0 characters"),
    ("commands", "0.default_permission", True, " is not a known field"),
    ("answer", "type", 3, " is 3; allowed here are"),
    ("answer", "type", GONE, " is missing; allowed are"),
    ("answer", "data.content", "x" * 2001, " has 2001 characters; at most 2000"),
    ("answer", "data.ephemeral", True, " is not a known field"),
    ("answer", "data.flags", "private", ' is "private"; it must be of the type'),
    ("choices", "data.choices", [{"name": "a", "value": "b"}] * 26, " has 26 entries; at most 25"),
    ("choices", "data.choices.0.name", "x" * 101, " has 101 characters"),
    ("choices", "data.choices.0.label", "x", " is not a known field"),
    ("modal", "data.title", "x" * 46, " has 46 characters; at most 45"),
    ("modal", "data.title", GONE, " is missing"),
    ("modal", "data.components.0.label", GONE, " is missing"),
    ("modal", "data.components.0.component.type", 2, " is 2; allowed here are"),
    ("follow-up", "ephemeral", True, " is not a known field"),
    ("follow-up", "content", "x" * 2001, " has 2001 characters; at most 2000"),
    ("edit", "poll", [], " is []; it must be of the type"),
    ("thread", "name", "x" * 101, " has 101 characters; at most 100"),
    ("thread", "auto_archive_duration", 61, " is 61; allowed are 60, 1440, 4320, 10080"),
]


@pytest.mark.parametrize("kind", RIGHT)
def test_the_requests_are_right_before_a_mistake_is_made(oracle: DiscordOracle, kind: str) -> None:
    method, path, body = RIGHT[kind]
    assert oracle.problems(method, path, {}, body) == []


@pytest.mark.parametrize(("kind", "place", "wrong", "sentence"), MISTAKES)
def test_every_mistake_is_named(oracle: DiscordOracle, kind: str, place: str, wrong: Any, sentence: str) -> None:
    method, path, body = RIGHT[kind]
    found = oracle.problems(method, path, {}, changed(body, place, wrong))
    assert named(found, place, sentence), found
    assert len(found) <= 2, found


@pytest.mark.parametrize(
    ("line", "query", "body", "sentence"),
    [
        ("POST /api/v10/channels/1/message", {}, {"content": "x"}, "there is no such address"),
        ("PUT /api/v10/channels/1/messages", {}, {"content": "x"}, "answers to GET, POST only"),
        ("POST /api/v10/channels/general/messages", {}, {"content": "x"}, "channel_id in the address"),
        ("GET /api/v10/channels/1/messages", {"limit": "101"}, None, "limit in the query"),
        ("GET /api/v10/channels/1/messages", {"befor": "5"}, None, "befor in the query is not a known field"),
        ("POST /api/v10/channels/1/messages", {}, None, "the body is missing"),
        ("POST /api/v10/channels/1/typing", {}, {"on": True}, "this request takes none"),
        ("POST /api/v10/webhooks/1/t", {"wait": "perhaps"}, {"content": "x"}, "wait in the query"),
    ],
)
def test_a_wrong_address_or_query_is_named(
    oracle: DiscordOracle, line: str, query: dict[str, str], body: Any, sentence: str
) -> None:
    method, path = line.split()
    assert re.search(sentence, " ".join(oracle.problems(method, path, query, body)))


IDENTIFY = {"token": "t", "intents": 1, "properties": {"os": "a", "browser": "b", "device": "c"}}


@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        ({"op": 2, "d": {"token": "t", "intents": 1}}, "d.properties is missing"),
        ({"op": 2, "d": IDENTIFY | {"intent": 1}}, "d.intent is not a known field; did you mean `intents`?"),
        ({"op": 2, "d": IDENTIFY | {"shard": [0]}}, "d.shard has 1 entry; at least 2"),
        ({"op": 5, "d": {}}, "op is 5; allowed here are"),
        ({"op": 6, "d": {"token": "t", "session_id": "s"}}, "d.seq is missing"),
        ({"op": 6, "d": {"token": "t", "session_id": "s", "seq": 1, "presences": []}}, "d.presences is not a known"),
        ({"op": 3, "d": {"since": None, "activities": [], "status": "away", "afk": False}}, 'd.status is "away"'),
    ],
)
def test_wrong_payloads_of_a_bot_are_named(oracle: DiscordOracle, payload: dict[str, Any], sentence: str) -> None:
    assert oracle.sent_problems({"op": 2, "d": IDENTIFY}) == []
    found = oracle.sent_problems(payload)
    assert [said for said in found if said.startswith(sentence)], found


def dispatch(event: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"op": 0, "t": event, "s": 1, "d": data}


@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        (dispatch("MESSAGE_CRATE", {}), 't is "MESSAGE_CRATE"; allowed here are'),
        (dispatch("READY", world.ready("ws://a") | {"session_id": 5}), "d.session_id is 5"),
        (dispatch("MESSAGE_CREATE", world.message("5", id=5)), "d.id is 5; it must be of the type string"),
        (dispatch("MESSAGE_CREATE", world.message("5", contents="")), "d.contents is not a known field"),
        (dispatch("GUILD_CREATE", world.guild() | {"channels": None}), "d.channels is null"),
        (dispatch("INTERACTION_CREATE", world.interaction(7, {})), "d.type is 7; allowed here are"),
        ({"op": 10, "t": None, "s": None, "d": {}}, "d.heartbeat_interval is missing"),
        ({"op": 11}, "s is missing"),
    ],
)
def test_wrong_payloads_of_a_server_are_named(oracle: DiscordOracle, payload: dict[str, Any], sentence: str) -> None:
    found = oracle.received_problems(payload)
    assert [said for said in found if said.startswith(sentence)], found


def test_fields_that_discord_sends_undescribed_are_let_through(oracle: DiscordOracle) -> None:
    ready = world.ready("ws://a") | {"private_channels": [], "session_type": "normal"}
    assert oracle.received_problems(dispatch("READY", ready)) == []
    command = {"id": "1", "name": "Explain", "type": 3, "target_id": "2", "guild_id": "3"}
    command["resolved"] = {"messages": {"2": world.message("5")}}
    explained = world.interaction(2, command, entitlement_sku_ids=[])
    explained["channel"]["permissions"] = "8"
    assert oracle.received_problems(dispatch("INTERACTION_CREATE", explained)) == []


@pytest.mark.parametrize("payload", [{"op": 7, "t": None, "s": None, "d": None}, dispatch("RESUMED", {"_trace": []})])
def test_data_that_says_nothing_may_be_anything(oracle: DiscordOracle, payload: dict[str, Any]) -> None:
    assert oracle.received_problems(payload) == []


def test_an_answer_may_leave_out_but_not_invent(oracle: DiscordOracle) -> None:
    thread = {"id": world.snowflake(), "type": 11, "name": "A question", "message": world.message("5")}
    address = f"/api/v10/channels/{world.FORUM_ID}/threads"
    assert oracle.answer_problems("POST", address, 201, thread) == []
    assert oracle.answer_problems("POST", address, 201, thread | {"titel": "x"}) == ["titel is not a known field"]
    assert oracle.answer_problems("POST", address, 201, thread | {"id": 5}) == [
        "id is 5; it must be of the type string"
    ]
