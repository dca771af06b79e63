"""Each rule of the local Discord server for commands and for answers to interactions, at the limit and beyond."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.fakes.discord_server import DiscordServer
from tests.fakes.discord_student import ask

Json = dict[str, Any]


@pytest.fixture(scope="module")
def server() -> Iterator[DiscordServer]:
    """One server for all rules."""
    with DiscordServer() as discord_server:
        yield discord_server


def button(**changes: Any) -> Json:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": "go"} | changes


def row(*parts: Json) -> Json:
    return {"type": 1, "components": list(parts)}


def choice(index: int = 0, **changes: Any) -> Json:
    return {"label": f"Label {index}", "value": str(index)} | changes


def display(content: str = "x") -> Json:
    return {"type": 10, "content": content}


def command(**changes: Any) -> Json:
    return {"name": "go", "description": "Goes."} | changes


def option(**changes: Any) -> Json:
    return {"type": 3, "name": "topic", "description": "What about."} | changes


def options(*given: Json) -> list[Json]:
    return [command(options=list(given))]


def named(count: int) -> list[Json]:
    return [option(name=f"o{index}") for index in range(count)]


def sized(length: int) -> list[Json]:
    """A command of so many characters in all, with as many in its choices as fit."""
    choices = [{"name": f"{index:0>100}", "value": "x" * 100} for index in range(39)]
    first = option(name="a", description="x" * 100, choices=choices[:25])
    second = option(name="b", description="x" * 50, choices=choices[25:])
    return [command(description="x" * (length - 7954), options=[first, second])]


COMMANDS: dict[str, tuple[list[Json], list[Json], str]] = {
    "name": ([command(name="x" * 32)], [command(name="x" * 33)], "0.name: Must be between 1 and 32"),
    "lower case": ([command(name="größe-学习_1")], [command(name="Go")], "APPLICATION_COMMAND_INVALID_NAME"),
    "characters": ([command(name="can't")], [command(name="two words")], "APPLICATION_COMMAND_INVALID_NAME"),
    "context menu": (
        [{"type": 3, "name": "Explain this"}],
        [{"type": 3, "name": "Explain this", "description": "x"}],
        "0.description: Must be 0 or fewer",
    ),
    "description": ([command(description="x" * 100)], [command(description="x" * 101)], "Must be between 1 and 100"),
    "no description": ([command()], [{"name": "go"}], "0.description: This field is required"),
    "repeated name": ([command(), command(type=3, description="")], [command(), command()], "DUPLICATE_NAME"),
    "commands": (
        [command(name=f"c{index}") for index in range(100)],
        [command(name=f"c{index}") for index in range(101)],
        "Only 100 commands of type 1",
    ),
    "menu commands": (
        [{"type": 3, "name": f"c{index}"} for index in range(15)],
        [{"type": 3, "name": f"c{index}"} for index in range(16)],
        "Only 15 commands of type 3",
    ),
    "options": (options(*named(25)), options(*named(26)), "0.options: Must be between 0 and 25"),
    "repeated option": (options(*named(2)), options(option(), option()), "OPTIONS_NAME_DUPLICATED"),
    "option name": (options(option(name="a-b")), options(option(name="A")), "APPLICATION_COMMAND_INVALID_NAME"),
    "required first": (
        options(option(required=True), option(name="b")),
        options(option(), option(name="b", required=True)),
        "OPTIONS_REQUIRED_INVALID",
    ),
    "choices": (
        options(option(choices=[{"name": f"n{index}", "value": str(index)} for index in range(25)])),
        options(option(choices=[{"name": f"n{index}", "value": str(index)} for index in range(26)])),
        "choices: Must be between 0 and 25",
    ),
    "choice name": (
        options(option(choices=[{"name": "x" * 100, "value": "v"}])),
        options(option(choices=[{"name": "x" * 101, "value": "v"}])),
        "choices.0.name: Must be between 1 and 100",
    ),
    "choice value": (
        options(option(type=4, choices=[{"name": "n", "value": 1}])),
        options(option(type=4, choices=[{"name": "n", "value": "1"}])),
        "choices.0.value: Value",
    ),
    "completion or choices": (
        options(option(autocomplete=True)),
        options(option(autocomplete=True, choices=[{"name": "n", "value": "v"}])),
        "AUTOCOMPLETE_CHOICES",
    ),
    "completion of": (
        options(option(type=4, autocomplete=True)),
        options(option(type=6, autocomplete=True)),
        "autocomplete: Discord knows no such field",
    ),
    "locale": (
        [command(name_localizations={"zh-CN": "走"})],
        [command(name_localizations={"zh": "走"})],
        "name_localizations.zh: Value",
    ),
    "localized name": (
        [command(name_localizations={"de": "los"})],
        [command(name_localizations={"de": "Los"})],
        "name_localizations.de: Command name is invalid",
    ),
    "localized description": (
        [command(description_localizations={"de": "x" * 100})],
        [command(description_localizations={"de": "x" * 101})],
        "description_localizations.de: Must be between",
    ),
    "subcommands": (
        options(option(type=2, options=[option(type=1, options=[option()])])),
        options(option(type=2, options=[option()])),
        "options.0.options.0.type: Value of field",
    ),
    "subcommands alone": (
        options(option(type=1)),
        options(option(type=1), option(name="b")),
        "OPTIONS_TYPE_INVALID",
    ),
    "contexts": ([command(contexts=[0, 1, 2])], [command(contexts=[3])], "contexts.0: Value must be one of"),
    "size": (sized(8000), sized(8001), "APPLICATION_COMMAND_TOO_LARGE"),
}


def text_input(**changes: Any) -> Json:
    return {"type": 4, "custom_id": "t", "style": 1} | changes


def label(component: Json, **changes: Any) -> Json:
    return {"type": 18, "label": "Label", "component": component} | changes


def labels(count: int) -> list[Json]:
    return [label(text_input(custom_id=str(index))) for index in range(count)]


def modal(*parts: Json, **changes: Any) -> Json:
    data = {"custom_id": "m", "title": "Title", "components": list(parts)} | changes
    return {"type": 9, "data": data}


def radios(count: int) -> Json:
    return label({"type": 21, "custom_id": "r", "options": [choice(index) for index in range(count)]})


def say(**data: Any) -> Json:
    return {"type": 4, "data": data}


def choices(count: int, **changes: Any) -> Json:
    return {"type": 8, "data": {"choices": [{"name": "n", "value": "v"} | changes] * count}}


# By the interaction they answer: 2 a command, 3 a component, 4 a completion, 5 a modal.
CALLBACKS: dict[str, tuple[int, Json, Json, str]] = {
    "command": (2, say(content="x"), {"type": 7, "data": {"content": "x"}}, "CALLBACK_TYPE_MISMATCH"),
    "no update of nothing": (2, {"type": 5}, {"type": 6}, "CALLBACK_TYPE_MISMATCH"),
    "component": (3, {"type": 6}, choices(1), "CALLBACK_TYPE_MISMATCH"),
    "completion": (4, choices(25), say(content="x"), "CALLBACK_TYPE_MISMATCH"),
    "completions": (4, choices(25), choices(26), "data.choices: Must be between 0 and 25"),
    "completion name": (4, choices(1, name="x" * 100), choices(1, name="x" * 101), "0.name: Must be between 1 and"),
    "completion value": (4, choices(1, value="x" * 100), choices(1, value="x" * 101), "0.value: Must be 100"),
    "modal after modal": (5, say(content="x"), modal(*labels(1)), "CALLBACK_TYPE_MISMATCH"),
    "modal": (2, modal(*labels(5)), modal(*labels(6)), "data.components: Must be between 1 and 5"),
    "modal title": (2, modal(*labels(1), title="x" * 45), modal(*labels(1), title="x" * 46), "title: Must be"),
    "modal id": (2, modal(*labels(1), custom_id="x" * 100), modal(*labels(1), custom_id=""), "custom_id: This field"),
    "modal label": (
        2,
        modal(label(text_input(), label="x" * 45)),
        modal(label(text_input(), label="x" * 46)),
        "label: Must be between 1 and 45",
    ),
    "modal description": (
        2,
        modal(label(text_input(), description="x" * 100)),
        modal(label(text_input(), description="x" * 101)),
        "description: Must be between 1 and 100",
    ),
    "modal field in a row": (
        2,
        modal(row(text_input(label="x" * 45))),
        modal(row(text_input())),
        "label: This field is required",
    ),
    "modal text": (
        2,
        modal(label(text_input(value="x" * 9, max_length=9))),
        modal(label(text_input(value="x" * 10, max_length=9))),
        "value: Must be 9 or fewer",
    ),
    "modal button": (2, modal(display(), *labels(1)), modal(label(button())), "component.type: Value of field"),
    "radios": (2, modal(radios(10)), modal(radios(11)), "options: Must be between 2 and 10"),
    "one radio": (2, modal(radios(2)), modal(radios(1)), "options: Must be between 2 and 10"),
    "answer": (2, say(content="x" * 2000, flags=64), say(content="x" * 2001), "data.content: Must be 2000"),
    "answer with nothing": (2, say(content="x"), say(), "EMPTY_MESSAGE"),
    "answer without nonce": (2, say(content="x"), say(content="x", nonce="n"), "nonce: Discord knows no such field"),
    "deferral": (2, {"type": 5, "data": {"flags": 64}}, {"type": 5, "data": {"flags": 4}}, "flags: Only the flags"),
    "number of the type": (2, {"type": 5}, {"type": "5"}, "type: Value"),
}


@pytest.mark.parametrize("rule", COMMANDS)
def test_commands(server: DiscordServer, rule: str) -> None:
    right, wrong, problem = COMMANDS[rule]
    path = f"/applications/{server.application_id}/commands"
    server.reset()
    assert ask(server, "PUT", path, right)[0] == 200
    assert server.problems() == []
    status, answer = ask(server, "PUT", path, wrong)
    assert (status, answer["code"]) == (400, 50035)
    assert problem in " | ".join(server.problems())


@pytest.mark.parametrize("rule", CALLBACKS)
def test_callbacks(server: DiscordServer, rule: str) -> None:
    kind, right, wrong, problem = CALLBACKS[rule]
    focused = {"options": [{"type": 3, "name": "o", "value": "", "focused": True}]}

    def path() -> str:
        message = server.say("x")
        if kind == 3:
            made = server.press_forged("any", message)
        else:
            made = server.interact(kind, {"id": "1", "name": "go", "type": 1, "custom_id": "m"} | focused)
        return f"/interactions/{made}/{server.state.interactions[made].token}/callback"

    server.reset()
    assert ask(server, "POST", path(), right) == (204, None)
    assert server.problems() == []
    status, answer = ask(server, "POST", path(), wrong)
    assert (status, answer["code"]) == (400, 50035)
    assert problem in " | ".join(server.problems())
