"""Says sentences in a reader's language: the one translator everything shown to people goes through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from gettext import NullTranslations
from string import Formatter
from typing import Final

from roadmap_bot.core.reply import Span

ENGLISH: Final = "en"
COMMAND: Final = "command"
"""The context under which the names of commands and arguments are translated."""


@dataclass(frozen=True)
class Sentence:
    """A sentence that is not yet said in any language."""

    template: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        return self.template.format(**self.values)


def sentence(template: str, /, **values: object) -> Sentence:
    """A sentence to be said later, by whoever knows the reader's language."""
    return Sentence(template, values)


class Speech:
    """One language. `locale` is its tag ("en", "zh-CN"); sentences without a translation stay English.

    A sentence is a literal in the source, for the extraction of messages to find, and names what changes in it:
    `say("Nothing called “{name}”.", name=text)`. Values are inserted as they are and never read as sentences.
    """

    def __init__(self, locale: str = ENGLISH, translations: NullTranslations | None = None) -> None:
        self.locale = locale
        self._translations = translations or NullTranslations()

    def __call__(self, sentence: str, /, **values: object) -> str:
        """The sentence with its values."""
        said = self._translations.gettext(sentence) if sentence else ""
        return said.format(**values) if values else said

    def say(self, unsaid: Sentence) -> str:
        """A sentence that was made elsewhere."""
        return self(unsaid.template, **unsaid.values)

    def count(self, number: int, one: str, many: str) -> str:
        """A number with its noun: `count(2, "{number} entry", "{number} entries")` is "2 entries"."""
        return self._translations.ngettext(one, many, number).format(number=number)

    def name(self, word: str, context: str = COMMAND) -> str:
        """A word that is a name in itself, such as that of a command, in the sense of `context`."""
        return self._translations.pgettext(context, word)

    def text(self, sentence: str, /, **values: Span | str) -> tuple[Span, ...]:
        """The sentence as spans, its values in styles of their own."""
        spans: list[Span] = []
        for literal, field, _, _ in Formatter().parse(self(sentence)):
            spans += [Span(literal)] if literal else []
            if field is not None:
                value = values[field]
                spans.append(value if isinstance(value, Span) else Span(value))
        return tuple(spans)
