"""Draws Discord messages as its clients show them, from the JSON of their components; knows nothing of the bot."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, Final

from tests.gallery.discord_markdown import blocks, inline
from tests.gallery.elements import element, page, text

WIDTHS: Final = {"phone": 390, "desktop": 900}
BOT: Final = "Roadmap"
PERSON: Final = "Mina"
EPHEMERAL: Final = 1 << 6
COMPONENTS_V2: Final = 1 << 15
# Discord API docs, Component Reference: button styles.
_STYLES: Final = {1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "secondary"}
_LINK: Final = 5
_OUT = (
    '<svg class="out" viewBox="0 0 24 24" aria-hidden="true">'
    '<path d="M10 5H5v14h14v-5M14 4h6v6M20 4l-9 9"></path></svg>'
)


class Kind(IntEnum):
    """The types of component that can be drawn (Discord API docs, Component Reference)."""

    ROW = 1
    BUTTON = 2
    MENU = 3
    SECTION = 9
    TEXT = 10
    SEPARATOR = 14
    CONTAINER = 17


def message_page(title: str, asked: str, message: dict[str, Any]) -> str:
    """A page with one message of the bot; `asked` is the command ("/ask") or the words it answers, "" for a press."""
    if not message.get("flags", 0) & COMPONENTS_V2:
        raise ValueError("only messages made of components can be drawn")
    spoken = "" if asked.startswith("/") or not asked else _spoken(asked)
    private = message["flags"] & EPHEMERAL
    shown = element(
        "article",
        _above(asked),
        _avatar(BOT, "bot"),
        _head(BOT, app=True),
        element("div", *(component(one) for one in message["components"]), class_="components"),
        _private() if private else "",
        class_="message answers",
    )
    return page("discord", title, element("main", spoken, shown, class_="channel"))


def choices_page(title: str, command: str, option: str, typed: str, choices: list[dict[str, Any]]) -> str:
    """A page with a command being typed, and what it offers for an option."""
    offered = [
        element("div", text(one["name"]), class_="choice first" if place == 0 else "choice")
        for place, one in enumerate(choices)
    ]
    line = element(
        "div",
        element("span", text(f"/{command}"), class_="command"),
        element("span", element("b", text(option)), element("span", text(typed)), class_="option"),
        class_="line",
    )
    about = element("div", text(f"OPTIONS MATCHING {typed}" if typed else "OPTIONS"), class_="about")
    return page(
        "discord", title, element("main", element("div", about, *offered, class_="choices"), line, class_="typing")
    )


def component(one: dict[str, Any]) -> str:
    """A component and all inside it."""
    match one["type"]:
        case Kind.CONTAINER:
            return _container(one)
        case Kind.SECTION:
            texts = element("div", *(component(child) for child in one["components"]), class_="texts")
            return element(
                "div", texts, element("div", component(one["accessory"]), class_="accessory"), class_="section"
            )
        case Kind.TEXT:
            return element("div", blocks(one["content"]), class_="display")
        case Kind.SEPARATOR:
            blank = "" if one.get("divider", True) else " blank"
            wide = " wide" if one.get("spacing", 1) == 2 else ""
            return element("div", class_=f"separator{blank}{wide}")
        case Kind.ROW:
            return element("div", *(component(child) for child in one["components"]), class_="row")
        case Kind.BUTTON:
            return _button(one)
        case Kind.MENU:
            chosen = one.get("placeholder") or "Make a selection"
            return element("div", element("span", text(chosen)), element("span", "⌄"), class_="menu")
        case other:
            raise ValueError(f"no picture of a component of type {other}")


def _container(one: dict[str, Any]) -> str:
    colour = one.get("accent_color")
    inside = [component(child) for child in one["components"]]
    if colour is None:
        return element("div", *inside, class_="container")
    return element("div", *inside, class_="container accented", style=f"--accent:#{colour:06x}")


def _button(one: dict[str, Any]) -> str:
    style = one["style"]
    kind = f"button {_STYLES[style]}{' disabled' if one.get('disabled') else ''}"
    arrow = _OUT if style == _LINK else ""
    return element(
        "span",
        element("span", text(one.get("label", "")), class_="label"),
        arrow,
        class_=kind,
        title=one.get("url", ""),
    )


def _above(asked: str) -> str:
    """What stands over an answer: who ran which command, the words replied to, or the message with the button."""
    person, said = PERSON, ""
    if asked.startswith("/"):
        said = f"used {element('span', text(asked), class_='command')}"
    elif asked:
        said = element("span", _mentioning(asked), class_="quoted")
    else:
        # What Discord says of a message that is all components, when another one refers to it.
        person, said = BOT, element("em", "Click to see attachment")
    who = _avatar(person, "bot" if person == BOT else "person") + element("span", text(person), class_="name")
    return element("div", element("span", class_="spine"), who, said, class_="above")


def _spoken(words: str) -> str:
    said = element("div", element("div", _mentioning(words), class_="lines"), class_="display")
    return element("article", _avatar(PERSON, "person"), _head(PERSON), said, class_="message")


def _mentioning(words: str) -> str:
    """What a person wrote; a mention of the bot at its beginning is a pill."""
    name = f"@{BOT}"
    if not words.startswith(name):
        return inline(words)
    return element("span", text(name), class_="mention") + inline(words.removeprefix(name))


def _head(name: str, *, app: bool = False) -> str:
    tag = element("span", "APP", class_="tag") if app else ""
    return element(
        "div", element("span", text(name), class_="name"), tag, element("time", "Today at 10:24"), class_="head"
    )


def _avatar(name: str, kind: str) -> str:
    return element("div", text(name[0]), class_=f"avatar {kind}")


def _private() -> str:
    dismiss = element("span", "Dismiss message", class_="dismiss")
    return element("div", "👁 Only you can see this • ", dismiss, class_="private")
