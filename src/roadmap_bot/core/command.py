"""What a person can ask the bot to do: requests, commands and their arguments, whatever the platform."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from roadmap_bot.core.reply import Reply

Context = TypeVar("Context")
ArgumentKind = Literal["text", "title", "section", "number", "command"]


@dataclass(frozen=True, slots=True)
class Request:
    """A command that somebody sent.

    `args` are the arguments as typed or as a pressed action carries them; `who` and `chat` are ids of the `platform`;
    `locale` is the language tag of the reader's client, such as "en" or "zh-CN"; `admin` tells whether the person may
    change what concerns the whole chat; `here` is the slug of the section the person last looked at in this chat, which
    the engine fills in.
    """

    command: str
    args: tuple[str, ...] = ()
    who: str = ""
    chat: str = ""
    locale: str = "en"
    platform: str = "terminal"
    admin: bool = False
    here: str | None = None


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a command. `kind` tells an adapter what to complete: titles, sections, commands, or nothing."""

    name: str
    about: str
    kind: ArgumentKind
    required: bool = False


@dataclass(frozen=True, slots=True)
class Command(Generic[Context]):
    """A command: `about` is its line in menus and help (at most 100 characters), `example` how one would type it.

    `run` gets the context the engine was built with and the request; the last argument of a typed command takes the
    rest of the line. `hidden` commands are pressed, not typed: they are missing from menus and help. Only those who
    manage a chat may run a command `for_admins` there; one that `knows_admins` shows them more than others.
    """

    name: str
    about: str
    example: str
    run: Callable[[Context, Request], Reply]
    arguments: tuple[Argument, ...] = ()
    names: tuple[str, ...] = ()
    hidden: bool = False
    for_admins: bool = False
    knows_admins: bool = False
