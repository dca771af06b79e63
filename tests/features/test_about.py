"""What the bot says of itself, and that it says it of every command."""

from __future__ import annotations

import pytest

from roadmap_bot import __version__
from roadmap_bot.core.command import Command, Request
from roadmap_bot.core.reply import Card, Listing, Notice, Reply, plain
from roadmap_bot.engine import Engine
from roadmap_bot.features import TERMINAL_COMMANDS
from roadmap_bot.features.context import Context

SHOWN = [command for command in TERMINAL_COMMANDS if not command.hidden]
HIDDEN = [command for command in TERMINAL_COMMANDS if command.hidden]


def words(reply: Reply) -> list[str]:
    """The paragraphs of a notice and then its fields, each as a line."""
    assert isinstance(reply.body, Notice), reply
    fields = [f"{field.name}  {plain(field.text)}" for field in reply.body.fields]
    return [*map(plain, reply.body.paragraphs), *fields]


def test_help_lists_every_command_with_its_line(small_engine: Engine) -> None:
    reply = small_engine.handle(Request("help"))
    for command in SHOWN:
        assert f"/{command.name}  {command.about}" in words(reply)
    for command in HIDDEN:
        assert not any(line.startswith(f"/{command.name} ") for line in words(reply))
    assert reply.private


@pytest.mark.parametrize("command", SHOWN, ids=lambda command: command.name)
def test_help_explains_every_command_with_its_arguments_and_an_example(
    small_engine: Engine, command: Command[Context]
) -> None:
    for name in (command.name, *command.names):
        told = words(small_engine.handle(Request("help", (name,))))
        assert told[0] == f"{command.about}."
        for argument in command.arguments:
            assert any(line.startswith(f"{argument.name}  {argument.about}") for line in told)
            assert argument.required != any("(may be left out)" in line for line in told if argument.name in line)
        assert told[-1] == f"For example  /{command.example}"


@pytest.mark.parametrize("command", SHOWN, ids=lambda command: command.name)
def test_the_example_of_every_command_works_on_the_roadmap_that_comes_with_the_bot(
    engine: Engine, command: Command[Context]
) -> None:
    read = engine.read(f"/{command.example}")
    assert read[0] == command.name
    reply = engine.handle(Request(*read))
    assert isinstance(reply.body, Card | Listing) or reply.body.tone == "information"


@pytest.mark.parametrize("name", ["/search", " SEARCH ", "Search"])
def test_help_takes_the_name_of_a_command_however_it_is_typed(small_engine: Engine, name: str) -> None:
    assert small_engine.handle(Request("help", (name,))) == small_engine.handle(Request("help", ("search",)))


@pytest.mark.parametrize("name", ["frobnicate", "similar", "x" * 5_000, "%s", "/"])
def test_help_about_what_is_no_command_leads_to_the_list_of_them(small_engine: Engine, name: str) -> None:
    (told,) = words(small_engine.handle(Request("help", (name,))))[:1]
    assert "Type /help to see all of them." in told or told.startswith("Type a title")
    assert len(told) < 120


@pytest.mark.parametrize("command", TERMINAL_COMMANDS, ids=lambda command: command.name)
def test_a_command_fits_the_menus_of_every_platform(command: Command[Context]) -> None:
    assert len(command.about) <= 100
    assert command.about[0].isupper()
    assert not command.about.endswith(".")
    assert command.example.split(" ", 1)[0] == command.name
    for name in (command.name, *command.names):
        assert name.isascii()
        assert name.isalnum()
        assert name.islower()
        assert len(name) <= 32


def test_about_tells_what_the_roadmap_holds_and_where_to_go(engine: Engine) -> None:
    told = " ".join(words(engine.handle(Request("about"))))
    catalogue = engine.context.catalogue
    assert f"{len(catalogue.resource_ids())} works in {len(catalogue.chapters())} chapters" in told
    assert f"{len(catalogue.questions())} questions" in told
    assert __version__ in told
    assert "/help" in told


def test_sources_names_every_document(engine: Engine) -> None:
    body = engine.handle(Request("sources")).body
    assert isinstance(body, Listing)
    assert [plain(entry.title) for entry in body.entries] == [one.title for one in engine.context.catalogue.documents]
    assert len(body.entries) == 5


@pytest.mark.parametrize("word", ["quit", "exit", "bye", "q", "/quit", " QUIT "])
def test_every_way_of_saying_good_bye_ends_the_chat(small_engine: Engine, word: str) -> None:
    reply = small_engine.handle(Request(*small_engine.read(word)))
    assert reply.ends
    assert words(reply) == ["Good-bye."]


def test_nothing_but_good_bye_ends_the_chat(small_engine: Engine) -> None:
    for command in TERMINAL_COMMANDS:
        if command.name != "quit":
            assert not small_engine.handle(Request(command.name, ("wind",))).ends
