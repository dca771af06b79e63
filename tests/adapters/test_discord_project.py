"""The commands as Discord registers them: all of them, in both languages, within what Discord takes."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from roadmap_bot.adapters.discord.client import RoadmapClient
from roadmap_bot.adapters.discord.project import Translations, arguments_of, choices, digest_of, payload_of
from roadmap_bot.core.command import Argument, Command, Request
from roadmap_bot.core.reply import Notice, Reply
from roadmap_bot.core.speech import Speech
from roadmap_bot.core.wording import utf16
from roadmap_bot.engine import LONGEST_ARGUMENT, Engine
from roadmap_bot.features import COMMANDS
from roadmap_bot.features.context import Context
from roadmap_bot.translations import speech

CHAT_INPUT, MESSAGE = 1, 3
STRING, INTEGER = 3, 4
CHINESE = "zh-CN"
# Discord API docs, Application Commands, Naming.
NAME = re.compile(r"[-_'\w]{1,32}")


class NoMarks:
    """Remembers nothing."""

    def get(self, name: str) -> str | None:
        """Nothing under any name."""

    def set(self, name: str, value: str, now: datetime) -> None:
        """Forgets it at once."""


class Nobody:
    """Does not care about the connection."""

    def reached(self) -> None:
        """So what."""

    def lost(self, why: str) -> None:
        """So what."""


def payload(engine: Engine) -> list[dict[str, Any]]:
    """What would be registered."""

    async def made() -> list[dict[str, Any]]:
        client = RoadmapClient(engine, marks=NoMarks(), now=lambda: datetime.now(UTC), watcher=Nobody())  # type: ignore[arg-type]
        return await payload_of(client.tree, Translations(engine.speech))

    return asyncio.run(made())


@pytest.fixture(scope="module")
def registered(engine: Engine) -> dict[tuple[int, str], dict[str, Any]]:
    """The payload by type and name."""
    return {(one["type"], one["name"]): one for one in payload(_for_chats(engine))}


def _for_chats(engine: Engine, **changes: Any) -> Engine:
    return Engine(
        replace(engine.context, commands=COMMANDS) if not changes else replace(engine.context, **changes), speech
    )


def test_every_command_that_is_typed_is_registered(registered: dict[tuple[int, str], dict[str, Any]]) -> None:
    names = {name for kind, name in registered if kind == CHAT_INPUT}
    assert names == {command.name for command in COMMANDS if not command.hidden}
    assert [name for kind, name in registered if kind == MESSAGE] == ["Find on the roadmap"]


@pytest.mark.parametrize("command", [one for one in COMMANDS if not one.hidden], ids=lambda command: command.name)
def test_a_command_has_its_words_and_typed_options(
    command: Command[Context], registered: dict[tuple[int, str], dict[str, Any]]
) -> None:
    one, say = registered[CHAT_INPUT, command.name], speech(CHINESE)
    assert one["description"] == command.about
    _same(one["description_localizations"], say(command.about), command.about)
    _same(one["name_localizations"], say.name(command.name), command.name)
    assert one["contexts"] == [0, 1, 2]
    assert one["integration_types"] == [0, 1]
    assert one["default_member_permissions"] is None
    options = one["options"]
    assert {option["name"] for option in options} == {argument.name for argument in command.arguments}
    assert [option["required"] for option in options] == sorted((o["required"] for o in options), reverse=True)
    for option in options:
        argument = next(argument for argument in command.arguments if argument.name == option["name"])
        assert option["required"] == argument.required
        assert option["description"] == argument.about
        _same(option.get("description_localizations", {}), say(argument.about), argument.about)
        _same(option.get("name_localizations", {}), say.name(argument.name), argument.name)
        if argument.kind == "number":
            assert (option["type"], option["min_value"], option["max_value"]) == (INTEGER, 1, 99)
        else:
            assert (option["type"], option["max_length"]) == (STRING, LONGEST_ARGUMENT)
        assert bool(option.get("autocomplete")) == (argument.kind in ("title", "section", "command"))


def _same(said: dict[str, str], chinese: str, english: str) -> None:
    assert said.get(CHINESE) == (chinese if chinese != english else None)
    assert set(said) <= {CHINESE, "zh-TW"}


def test_the_commands_are_translated(registered: dict[tuple[int, str], dict[str, Any]]) -> None:
    ask = registered[CHAT_INPUT, "ask"]
    assert ask["name_localizations"][CHINESE] != "ask"
    assert re.search(r"[\u4e00-\u9fff]", ask["description_localizations"][CHINESE])


def test_everything_keeps_to_discords_limits(registered: dict[tuple[int, str], dict[str, Any]]) -> None:
    assert len(registered) <= 100
    for (kind, _), one in registered.items():
        for part in (one, *one.get("options", [])):
            names = [part["name"], *part.get("name_localizations", {}).values()]
            assert all(1 <= utf16(name) <= 32 for name in names)
            if kind == CHAT_INPUT:
                assert all(NAME.fullmatch(name) and name == name.lower() for name in names)
                described = [part["description"], *part.get("description_localizations", {}).values()]
                assert all(1 <= utf16(text) <= 100 for text in described)
        assert len(one.get("options", [])) <= 25
    for locale in (CHINESE, "zh-TW"):
        said = [one["name_localizations"].get(locale, one["name"]) for one in registered.values()]
        assert len(said) == len(set(said))


class Shouting(Speech):
    """A language whose names Discord would refuse, or which are all the same."""

    def __init__(self, said: str) -> None:
        super().__init__(CHINESE)
        self._said = said

    def name(self, word: str, context: str = "command") -> str:  # noqa: ARG002 - as it is called
        """The same for every word."""
        return self._said.format(word=word)


@pytest.mark.parametrize("said", ["TWO WORDS {word}", "{word}!", "SHOUT-{word}", "same", "{word}" + "x" * 30, ""])
def test_a_name_that_discord_would_refuse_stays_english(engine: Engine, said: str) -> None:
    changed = Engine(replace(engine.context, commands=COMMANDS), lambda _: Shouting(said))
    for one in payload(changed):
        parts = (one, *one.get("options", [])) if one["type"] == CHAT_INPUT else ()
        alone = len(one.get("options", [])) == 1
        for part in parts:
            # A word that only one option has is told apart even where all words are one.
            assert part.get("name_localizations", {}) == {} or (said == "same" and part is not one and alone)


def test_the_digest_tells_whether_anything_changed(engine: Engine) -> None:
    first = digest_of(payload(_for_chats(engine)))
    assert first == digest_of(payload(_for_chats(engine)))
    about = next(command for command in COMMANDS if command.name == "about")
    changed = tuple(replace(one, about="Something else") if one is about else one for one in COMMANDS)
    assert digest_of(payload(_for_chats(engine, commands=changed))) != first
    assert digest_of(payload(Engine(replace(engine.context, commands=COMMANDS)))) != first


def test_options_become_arguments_in_the_order_of_the_command() -> None:
    assert arguments_of(["diffusion", 2]) == ("diffusion", "2")
    assert arguments_of([None, 2]) == ("", "2")
    assert arguments_of(["diffusion", None]) == ("diffusion",)
    assert arguments_of([None, None]) == ()


def test_a_command_of_any_arguments_can_be_made(engine: Engine) -> None:
    def run(_context: Context, _request: Request) -> Reply:
        return Reply(Notice(("Done.",)))

    odd = Command(
        "log-in",
        "Do many things",
        "log-in",
        run,
        (
            Argument("self", "A word of Python's", "text"),
            Argument("class", "Another", "title"),
            Argument("two-words", "With a hyphen", "number", required=True),
            Argument("interaction", "A name the library uses", "text", required=True),
        ),
    )
    made = payload(_for_chats(engine, commands=(odd,)))[0]
    assert [option["name"] for option in made["options"]] == ["two-words", "interaction", "self", "class"]


@pytest.mark.parametrize("text", ["", "lor", "扩散", "x" * 3000, "\ud800", "diffusion models year:2021"])
@pytest.mark.parametrize("kind", ["title", "section", "command", "text", "number"])
def test_choices_keep_to_discords_limits(engine: Engine, kind: Any, text: str) -> None:
    offered = choices(engine, Argument("what", "Anything", kind), text, "en-US")
    assert len(offered) <= 25
    assert all(1 <= utf16(one.name) <= 100 and 1 <= utf16(one.value) <= 100 for one in offered)
    assert len({one.value for one in offered}) == len(offered)


def test_choices_are_ids_under_names_that_can_be_read(engine: Engine) -> None:
    first = choices(engine, Argument("title", "Its title", "title"), "lora", "en-US")[0]
    assert first.value == "lora"
    assert first.name.startswith("LoRA")
    chinese = choices(_for_chats(engine), Argument("command", "A command", "command"), "", CHINESE)
    assert {one.value for one in chinese} == {command.name for command in COMMANDS if not command.hidden}
    assert any(re.search(r"[\u4e00-\u9fff]", one.name) for one in chinese)
