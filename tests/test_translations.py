"""Two languages: no sentence lacks its translation, none is said around the translator, and every reply shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from gettext import NullTranslations
from string import Formatter

import pytest
from tests import messages

from roadmap_bot.core.reply import Card, Listing, Notice, Reply, Text, plain
from roadmap_bot.core.speech import COMMAND, Speech, sentence
from roadmap_bot.engine import Engine
from roadmap_bot.features import TERMINAL_COMMANDS
from roadmap_bot.translations import CATALOGUES, speech
from samples import REQUESTS

_WORD = re.compile(r"[A-Za-z]{3,}")


def _strings(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.mark.parametrize("tag", CATALOGUES)
def test_every_sentence_has_its_translation(tag: str) -> None:
    said = {(message.context, message.id) for message in messages.said() if message.id}
    catalogue = messages.read(tag)
    known = {(message.context, message.id) for message in catalogue if message.id}
    assert known == said, "run `make docs` and translate what is new"
    for message in catalogue:
        if message.id:
            assert all(_strings(message.string)), f"{message.id!r} has no translation"
            assert not message.fuzzy, message.id


@pytest.mark.parametrize("tag", CATALOGUES)
def test_every_translation_names_the_same_values(tag: str) -> None:
    for message in messages.read(tag):
        if message.id:
            wanted = set().union(*map(_fields, _strings(message.id)))
            assert all(_fields(text) == wanted for text in _strings(message.string)), message.id


def _fields(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


class Marked(NullTranslations):
    """Says every sentence in brackets, so that what did not pass the translator is seen."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"

    def pgettext(self, context: str, message: str) -> str:  # noqa: ARG002
        return f"⟦{message}⟧"


def _texts(reply: Reply) -> Iterator[Text]:
    yield from (action.label for action in reply.actions)
    match reply.body:
        case Card() as card:
            yield from (card.subtitle, *(field.name for field in card.fields))
        case Listing() as listing:
            yield from (listing.title, *(entry.detail for entry in listing.entries), *listing.introduction)
        case Notice() as notice:
            yield from (notice.title, *notice.paragraphs)


def test_nothing_is_said_around_the_translator(engine: Engine) -> None:
    catalogue = engine.context.catalogue
    data = {catalogue.title, catalogue.about, "English"}
    data |= {text for section in catalogue.sections.values() for text in (section.title, section.introduction)}
    data |= {text for resource in catalogue.resources() for text in (resource.title, resource.venue or "")}
    marked = Engine(engine.context, lambda _tag: Speech("x", Marked()))
    for name, request in REQUESTS.items():
        for text in _texts(marked.handle(request)):
            # A sentence may hold data and data may hold nothing else: what is left over went around the translator.
            outside = re.sub("⟦.*⟧", "", plain(text), flags=re.DOTALL)
            for known in sorted(filter(None, data), key=len, reverse=True):
                outside = outside.replace(known, "")
            if not outside.startswith("/") and request.command != "sources":
                assert not _WORD.search(outside), (name, plain(text))


@pytest.mark.parametrize("name", REQUESTS)
def test_every_reply_can_be_had_in_chinese(engine: Engine, name: str) -> None:
    reply = engine.handle(replace(REQUESTS[name], locale="zh-CN"))
    assert reply.language == "zh-CN"
    said = "".join(map(plain, _texts(reply)))
    assert re.search("[\u4e00-\u9fff]", said), said


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh-CN", "zh-CN"),
        ("zh-hans", "zh-CN"),
        ("zh_CN.UTF-8", "zh-CN"),
        ("zh", "zh-CN"),
        ("zh-TW", "zh-CN"),
        ("en-GB", "en"),
        ("C.UTF-8", "en"),
        ("de", "en"),
        ("", "en"),
        ("x" * 500, "en"),
    ],
)
def test_the_nearest_language_is_spoken(tag: str, language: str) -> None:
    assert speech(tag).locale == language


def test_commands_are_called_by_chinese_names_that_differ() -> None:
    names = [speech("zh").name(command.name, COMMAND) for command in TERMINAL_COMMANDS if not command.hidden]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[\u4e00-\u9fff]{1,8}", name) for name in names)


def test_values_are_never_read_as_sentences() -> None:
    say = Speech()
    assert say("No “{name}” here.", name="{secret}") == "No “{secret}” here."
    assert say.say(sentence("{one} and {two}", one="{two}", two="x")) == "{two} and x"
    assert [span.text for span in say.text("Read as {reading}.", reading="{x}")] == ["Read as ", "{x}", "."]
    assert say("") == ""
