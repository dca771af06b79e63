"""What the bot answers, as data: no Markdown, no HTML, no platform. Renderers turn it into native messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from roadmap_bot.core.action import Action, Visit

Style = Literal["plain", "strong", "emphasis", "code", "faint"]
Tone = Literal["information", "nothing", "error"]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style; `url` makes it a link."""

    text: str
    style: Style = "plain"
    url: str | None = None


Text = str | tuple[Span, ...]


def plain(text: Text) -> str:
    """The characters of `text` without styles and addresses."""
    return text if isinstance(text, str) else "".join(span.text for span in text)


@dataclass(frozen=True, slots=True)
class Field:
    """A named fact of a card ("What to read": "Section 3.1")."""

    name: str
    text: Text


@dataclass(frozen=True, slots=True)
class Card:
    """One thing, shown whole.

    `place` is where it sits in the roadmap, outermost first; `accent` the slug of its chapter, from which a platform
    may take a colour.
    """

    title: Text
    subtitle: Text = ""
    place: tuple[str, ...] = ()
    paragraphs: tuple[Text, ...] = ()
    fields: tuple[Field, ...] = ()
    accent: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a listing; pressing it runs `action`."""

    title: Text
    detail: Text = ""
    note: Text = ""
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """Several things to choose from; `first` is the 1-based place of the first entry shown among all `total`."""

    title: Text
    entries: tuple[Entry, ...]
    total: int
    first: int = 1
    place: tuple[str, ...] = ()
    introduction: tuple[Text, ...] = ()
    accent: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A short message that is not about one thing of the roadmap: help, nothing found, an error.

    `fields` stand below the paragraphs, a line each, as commands do in the help.
    """

    paragraphs: tuple[Text, ...]
    tone: Tone = "information"
    title: Text = ""
    fields: tuple[Field, ...] = ()


Body = Card | Listing | Notice


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer.

    `private` asks the platform to show it to the asker only; `replaces` says that it is another page of the list whose
    button was pressed and belongs in its place; `here` is the slug of the section it is about; `ends` closes a chat
    that can close. `language` is that of its sentences, filled in by the engine for what a renderer adds.
    """

    body: Body
    actions: tuple[Action | Visit, ...] = ()
    private: bool = False
    replaces: bool = False
    here: str | None = None
    ends: bool = False
    language: str = "en"
