"""Each rule of the local Discord server: what is at the limit passes, its neighbour beyond it is refused and noted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.fakes.discord_server import DiscordServer
from tests.fakes.discord_student import ask

Json = dict[str, Any]
V2 = 1 << 15


@pytest.fixture(scope="module")
def server() -> Iterator[DiscordServer]:
    """One server for all rules."""
    with DiscordServer() as discord_server:
        yield discord_server


def button(**changes: Any) -> Json:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": "go"} | changes


def link(**changes: Any) -> Json:
    return {"type": 2, "style": 5, "label": "Go", "url": "https://example.org"} | changes


def row(*parts: Json) -> Json:
    return {"type": 1, "components": list(parts)}


def rows(*parts: Json) -> Json:
    return {"content": "x", "components": [row(*parts)]}


def buttons(count: int) -> list[Json]:
    return [button(custom_id=str(index)) for index in range(count)]


def choice(index: int = 0, **changes: Any) -> Json:
    return {"label": f"Label {index}", "value": str(index)} | changes


def select(*options: Json, **changes: Any) -> Json:
    return {"type": 3, "custom_id": "s", "options": list(options) or [choice()]} | changes


def embed(**parts: Any) -> Json:
    return {"embeds": [{"title": "t"} | parts]}


def display(content: str = "x") -> Json:
    return {"type": 10, "content": content}


def v2(*parts: Json, **more: Any) -> Json:
    return {"flags": V2, "components": list(parts)} | more


def section(*texts: Json, **changes: Any) -> Json:
    accessory = {"type": 11, "media": {"url": "https://example.org/a.png"}}
    return v2({"type": 9, "components": list(texts), "accessory": accessory} | changes)


def gallery(count: int) -> Json:
    return v2({"type": 12, "items": [{"media": {"url": "https://example.org/a.png"}}] * count})


def container(*parts: Json, **changes: Any) -> Json:
    return v2({"type": 17, "components": list(parts)} | changes)


def poll(**changes: Any) -> Json:
    answers = [{"poll_media": {"text": "Yes"}}, {"poll_media": {"text": "No"}}]
    return {"poll": {"question": {"text": "Really?"}, "answers": answers, "duration": 24} | changes}


def answers(count: int) -> list[Json]:
    return [{"poll_media": {"text": str(index)}} for index in range(count)]


def field(**changes: Any) -> Json:
    return embed(fields=[{"name": "n", "value": "v"} | changes])


# For each rule: what passes, and what is refused with (a part of) a problem.
MESSAGES: dict[str, tuple[Json, Json, str]] = {
    "content": ({"content": "x" * 2000}, {"content": "x" * 2001}, "content: Must be 2000 or fewer"),
    "unknown field": ({"content": "x"}, {"contents": "x", "content": "x"}, "contents: Discord knows no such field"),
    "empty": ({"content": "\u200b"}, {"content": " \n"}, "EMPTY_MESSAGE"),
    "type of content": ({"content": None, **embed()}, {"content": 5}, "content: Could not interpret"),
    "tts": ({"content": "x", "tts": False}, {"content": "x", "tts": "no"}, "tts: Must be either true or false"),
    "nonce": ({"content": "x", "nonce": "n" * 25}, {"content": "x", "nonce": "n" * 26}, "nonce: Nonce must be 25"),
    "flags": ({"content": "x", "flags": 4096}, {"content": "x", "flags": 64}, "flags: Only the flags"),
    "mentions": (
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": []}},
        {"content": "x", "allowed_mentions": {"parse": ["user"]}},
        "allowed_mentions.parse.0: Value must be one of",
    ),
    "mentioned users": (
        {"content": "x", "allowed_mentions": {"users": [str(n) for n in range(100)]}},
        {"content": "x", "allowed_mentions": {"users": [str(n) for n in range(101)]}},
        "allowed_mentions.users: Must be between 0 and 100",
    ),
    "reply": (
        {"content": "x", "message_reference": {"message_id": 1, "fail_if_not_exists": False}},
        {"content": "x", "message_reference": {"message_id": 1}},
        "REPLIES_UNKNOWN_MESSAGE",
    ),
    "embeds": ({"embeds": embed()["embeds"] * 10}, {"embeds": embed()["embeds"] * 11}, "embeds: Must be between"),
    "embed with nothing": (embed(), {"embeds": [{"color": 1}]}, "EMPTY_EMBED"),
    "embed title": (embed(title="x" * 256), embed(title="x" * 257), "embeds.0.title: Must be 256"),
    "embed description": (embed(description="x" * 4096), embed(description="x" * 4097), "description: Must be 4096"),
    "embed sum": (
        {"embeds": [{"description": "x" * 3000}, {"description": "x" * 3000}]},
        {"embeds": [{"description": "x" * 3000}, {"description": "x" * 3000, "title": "x"}]},
        "MAX_EMBED_SIZE_EXCEEDED",
    ),
    "embed address": (embed(url="https://example.org/a"), embed(url="example.org"), "embeds.0.url: Not a well formed"),
    "embed colour": (embed(color=0xFFFFFF), embed(color=0x1000000), "embeds.0.color: int value should be"),
    "embed time": (embed(timestamp="2024-02-29T12:00:00+00:00"), embed(timestamp="today"), "Should be ISO8601"),
    "embed footer": (embed(footer={"text": "x" * 2048}), embed(footer={"text": "x" * 2049}), "footer.text: Must be"),
    "embed author": (embed(author={"name": "x" * 256}), embed(author={"name": "x" * 257}), "author.name: Must be 256"),
    "fields": (
        embed(fields=[{"name": "n", "value": "v"}] * 25),
        embed(fields=[{"name": "n", "value": "v"}] * 26),
        "fields: Must be between 0 and 25",
    ),
    "field name": (field(name="x" * 256), field(name="x" * 257), "fields.0.name: Must be between 1 and 256"),
    "field value": (field(value="x" * 1024), field(value="x" * 1025), "fields.0.value: Must be between 1 and 1024"),
    "empty field": (field(value="\u200b"), field(value=""), "fields.0.value: This field is required"),
    "rows": (
        {"content": "x", "components": [row(one) for one in buttons(5)]},
        {"content": "x", "components": [row(one) for one in buttons(6)]},
        "components: Must be between 0 and 5",
    ),
    "buttons in a row": (rows(*buttons(5)), rows(*buttons(6)), "components.0.components: Must be between 1 and 5"),
    "select alone in its row": (rows(select()), rows(select(), button()), "COMPONENT_LAYOUT_WIDTH_EXCEEDED"),
    "empty row": (rows(button()), rows(), "components: Must be between 1 and 5"),
    "custom_id": (rows(button(custom_id="x" * 100)), rows(button(custom_id="x" * 101)), "Must be between 1 and 100"),
    "no custom_id": (rows(link()), rows(button(custom_id=None)), "custom_id: This field is required"),
    "repeated custom_id": (
        rows(button(), button(custom_id="b")),
        rows(button(), button()),
        "COMPONENT_CUSTOM_ID_DUPLICATED",
    ),
    "label": (rows(button(label="x" * 80)), rows(button(label="x" * 81)), "label: Must be 80 or fewer"),
    "label or emoji": (rows(button(label=None, emoji={"name": "👍"})), rows(button(label=None)), "LABEL_OR_EMOJI"),
    "link": (rows(link()), rows(link(custom_id="x")), "custom_id: Not with button style 5"),
    "link without address": (rows(link(url="https://a.b")), rows(link(url=None)), "url: This field is required"),
    "address of a link": (rows(link(url="https://a.b")), rows(link(url="ftp://a.b")), "url: Not a well formed URL"),
    "length of a link": (
        rows(link(url="https://a.b/".ljust(512, "x"))),
        rows(link(url="https://a.b/".ljust(513, "x"))),
        "url: Must be 512 or fewer",
    ),
    "style": (rows(button(style=4)), rows(button(style=7)), "style: int value should be between 1 and 6"),
    "options": (
        rows(select(*(choice(index) for index in range(25)))),
        rows(select(*(choice(index) for index in range(26)))),
        "options: Must be between 1 and 25",
    ),
    "option label": (rows(select(choice(label="x" * 100))), rows(select(choice(label="x" * 101))), "0.label: Must be"),
    "option value": (rows(select(choice(value="x" * 100))), rows(select(choice(value="x" * 101))), "0.value: Must be"),
    "option description": (
        rows(select(choice(description="x" * 100))),
        rows(select(choice(description="x" * 101))),
        "description: Must be 100 or fewer",
    ),
    "repeated option": (rows(select(choice(0), choice(1))), rows(select(choice(), choice())), "VALUE_DUPLICATED"),
    "placeholder": (rows(select(placeholder="x" * 150)), rows(select(placeholder="x" * 151)), "Must be 150 or fewer"),
    "numbers chosen": (
        rows(select(min_values=1, max_values=1)),
        rows(select(min_values=2, max_values=1)),
        "COMPONENT_MIN_OVER_MAX",
    ),
    "v2 needs its flag": (v2(display()), {"components": [display()]}, "components.0.type: Value of field"),
    "v2 without content": (v2(display()), v2(display(), content="x"), "LEGACY_FIELDS_WITH_COMPONENTS_V2"),
    "v2 without embeds": (v2(display(), embeds=[]), v2(display(), **embed()), "LEGACY_FIELDS_WITH_COMPONENTS_V2"),
    "v2 without poll": (v2(display()), v2(display(), **poll()), "LEGACY_FIELDS_WITH_COMPONENTS_V2"),
    "v2 components": (
        container(*[display()] * 39),
        container(*[display()] * 40),
        "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
    ),
    "v2 components of a section": (
        v2(*section(display())["components"], *[display()] * 37),
        v2(*section(display())["components"], *[display()] * 38),
        "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
    ),
    "v2 text": (
        v2(display("x" * 2000), display("x" * 2000)),
        v2(display("x" * 2000), *container(display("x" * 2001))["components"]),
        "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
    ),
    "v2 empty text": (v2(display("\u200b")), v2(display("")), "content: This field is required"),
    "section": (section(*[display()] * 3), section(*[display()] * 4), "components: Must be between 1 and 3"),
    "section without text": (section(display()), section(), "components: Must be between 1 and 3"),
    "accessory": (section(display()), section(display(), accessory=None), "accessory: This field is required"),
    "kind of accessory": (
        section(display(), accessory=button()),
        section(display(), accessory=display()),
        "accessory.type: Value of field",
    ),
    "inside a section": (section(display()), section(button()), "components.0.type: Value of field"),
    "inside a container": (
        container(row(button())),
        container(*container(display())["components"]),
        "components.0.components.0.type: Value of field",
    ),
    "gallery": (gallery(10), gallery(11), "items: Must be between 1 and 10"),
    "separator": (v2({"type": 14, "spacing": 2}, display()), v2({"type": 14, "spacing": 3}), "spacing: Value must be"),
    "repeated id": (
        v2(display() | {"id": 1}, display() | {"id": 2}),
        v2(display() | {"id": 1}, display() | {"id": 1}),
        "COMPONENT_ID_DUPLICATED",
    ),
    "question": (
        poll(question={"text": "x" * 300}),
        poll(question={"text": "x" * 301}),
        "question.text: Must be between 1 and 300",
    ),
    "answers": (poll(answers=answers(10)), poll(answers=answers(11)), "answers: Must be between 1 and 10"),
    "answer": (
        poll(answers=[{"poll_media": {"text": "x" * 55}}]),
        poll(answers=[{"poll_media": {"text": "x" * 56}}]),
        "text: Must be between 1 and 55",
    ),
    "duration": (poll(duration=768.0), poll(duration=769), "duration: int value should be between 1 and 768"),
    "whole hours": (poll(duration=1), poll(duration=1.5), "duration: Value"),
}


def check(server: DiscordServer, right: tuple[str, str, Any], wrong: tuple[str, str, Any], problem: str) -> None:
    """The right request passes and the wrong one is refused, with Discord's error tree and a line in the log."""
    server.reset()
    status, answer = ask(server, *right)
    assert (status < 300, server.problems()) == (True, []), answer
    status, answer = ask(server, *wrong)
    assert (status, answer["code"]) == (400, 50035)
    assert "_errors" in json.dumps(answer["errors"])
    (refused,) = (request for request in server.requests() if request.problems)
    assert problem in " | ".join(refused.problems)
    assert len(server.problems()) == len(refused.problems)


@pytest.mark.parametrize("rule", MESSAGES)
def test_messages(server: DiscordServer, rule: str) -> None:
    right, wrong, problem = MESSAGES[rule]
    path = f"/channels/{server.channel_id}/messages"
    check(server, ("POST", path, right), ("POST", path, wrong), problem)


@pytest.mark.parametrize(
    ("settings", "wrong", "problem"),
    [
        ({"name": "x" * 100}, {"name": "x" * 101}, "name: Must be between 1 and 100"),
        (
            {"name": "x", "auto_archive_duration": 60},
            {"name": "x", "auto_archive_duration": 61},
            "Value must be one of",
        ),
        ({"name": "x", "type": 11}, {"name": "x", "type": 0}, "type: Value must be one of"),
    ],
)
def test_threads(server: DiscordServer, settings: Json, wrong: Json, problem: str) -> None:
    path = f"/channels/{server.channel_id}/threads"
    check(server, ("POST", path, settings), ("POST", path, wrong), problem)


def test_edits(server: DiscordServer) -> None:
    server.reset()
    _, sent = ask(server, "POST", f"/channels/{server.channel_id}/messages", {"content": "x"})
    path = f"/channels/{server.channel_id}/messages/{sent['id']}"
    # To components V2 only when what they exclude is emptied, and never back.
    assert ask(server, "PATCH", path, v2(display()))[1]["code"] == 50035
    assert ask(server, "PATCH", path, v2(display(), content=None))[0] == 200
    assert ask(server, "PATCH", path, {"content": "x"})[1]["code"] == 50035
    assert ask(server, "PATCH", path, {"components": [display("y")]})[1]["components"][0]["content"] == "y"
    assert ask(server, "PATCH", path, {"components": []})[1]["code"] == 50006


def test_unknown_routes_are_problems(server: DiscordServer) -> None:
    server.reset()
    assert ask(server, "POST", "/channels", {}) == (404, {"message": "404: Not Found", "code": 0})
    assert server.problems() == ["POST /api/v10/channels: POST /channels: no such route on this server"]
