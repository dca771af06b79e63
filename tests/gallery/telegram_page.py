"""Draws Telegram messages as its clients show them, from text, entities and keyboard; knows nothing of the bot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from tests.gallery.elements import element, page, text
from tests.gallery.telegram_entities import formatted_html

WIDTHS: Final = {"phone": 390}
BOT: Final = "Roadmap"
PERSON: Final = "Mina"
GROUP: Final = "Diffusion study group"
_OUT = '<svg class="out" viewBox="0 0 24 24" aria-hidden="true"><path d="M7 17 17 7M9 7h8v8"></path></svg>'


def message_page(title: str, asked: str, message: dict[str, Any], *, group: bool = False) -> str:
    """A page with one message of the bot, below what it answers; "" for a press."""
    before = _own(asked) if asked else ""
    said = [_quoted(asked)] if group and asked else []
    preview = _preview(message.get("link_preview_options") or {})
    if preview[0] == "above":
        said.append(preview[1])
    said.append(element("div", formatted_html(message["text"], message.get("entities") or ()), class_="text"))
    if preview[0] == "below":
        said.append(preview[1])
    name = element("div", text(BOT), class_="name") if group else ""
    bubble = element("div", name, *said, element("time", "10:24"), class_="bubble theirs")
    answer = element("div", bubble, _keyboard(message.get("reply_markup") or {}), class_="answer")
    avatar = element("div", text(BOT[0]), class_="avatar bot") if group else ""
    chat = element("main", before, element("div", avatar, answer, class_="from"), class_="chat")
    return page("telegram", title, _bar(group=group) + chat)


def alert_page(title: str, words: str) -> str:
    """A page with the window that opens over a chat when a pressed button cannot do what it says."""
    window = element("div", element("p", text(words)), element("span", "OK", class_="ok"), class_="window")
    chat = element("main", element("div", window, class_="over"), class_="chat")
    return page("telegram", title, _bar(group=False) + chat)


def inline_page(title: str, typed: str, answer: dict[str, Any]) -> str:
    """A page with the list that opens while somebody types "@bot words" in any chat."""
    button = answer.get("button")
    rows = [element("div", text(button["text"]), class_="above")] if button else []
    rows += [_result(one) for one in answer["results"]]
    line = element("div", element("span", text(typed), class_="typed"), class_="line")
    body = element("main", element("div", *rows, class_="results"), line, class_="chat typing")
    return page("telegram", title, _bar(group=True) + body)


def _bar(*, group: bool) -> str:
    name, below = (GROUP, "14 members") if group else (BOT, "bot")
    words = element("div", element("b", text(name)), element("span", below, class_="below"), class_="titles")
    arrow = element("span", "‹", class_="arrow")
    return element("header", arrow, element("div", text(name[0]), class_="avatar bot"), words, class_="bar")


def _own(asked: str) -> str:
    said = element("span", formatted_html(asked, _commands(asked)), class_="said")
    return element("div", element("div", said, element("time", "10:24 ✓✓"), class_="bubble mine"), class_="by-me")


def _commands(asked: str) -> list[dict[str, Any]]:
    first = asked.split(maxsplit=1)[0]
    return [{"type": "bot_command", "offset": 0, "length": len(first)}] if first.startswith(("/", "@")) else []


def _quoted(asked: str) -> str:
    return element("div", element("b", text(PERSON)), element("span", text(asked)), class_="reply")


def _preview(options: dict[str, Any]) -> tuple[str, str]:
    """Where the preview of a link stands, and what is certain of it: whose page it is. The rest Telegram fetches."""
    if options.get("is_disabled") or not options.get("url"):
        return "nowhere", ""
    host = urlsplit(options["url"]).hostname or ""
    picture = element("div", class_="small" if options.get("prefer_small_media") else "large")
    words = element(
        "div", element("b", text(host)), element("i", class_="bar-of-text"), element("i", class_="bar-of-text")
    )
    side = "above" if options.get("show_above_text") else "below"
    return side, element("div", words, picture, class_="preview")


def _keyboard(markup: dict[str, Any]) -> str:
    rows: Sequence[Sequence[dict[str, Any]]] = markup.get("inline_keyboard") or ()
    if not rows:
        return ""
    return element(
        "div", *(element("div", *(_key(key) for key in row), class_="keys") for row in rows), class_="keyboard"
    )


def _key(key: dict[str, Any]) -> str:
    arrow = _OUT if "url" in key else ""
    return element(
        "span", element("span", text(key["text"]), class_="label"), arrow, class_="key", title=key.get("url", "")
    )


def _result(one: dict[str, Any]) -> str:
    words = element(
        "div",
        element("b", text(one["title"])),
        element("span", text(one.get("description", "")), class_="description"),
        class_="words",
    )
    return element("div", element("div", text(one["title"][:1]), class_="letter"), words, class_="result")
