"""Reads Discord's Markdown as its clients do and writes it as HTML; what would set something off is shown as it acts.

After Discord's documentation ("Markdown Text 101" and API docs, Message Formatting).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby
from typing import Final

from tests.gallery.elements import element, text

_FENCE = re.compile(r"```(?:[a-z0-9_+.#-]*\n)?(.*?)\n?```", re.DOTALL | re.IGNORECASE)
_BLOCKS: Final = {
    "heading": re.compile(r"(?P<level>#{1,3})\s+(?P<inside>\S.*)"),
    "small": re.compile(r"-#\s+(?P<inside>\S.*)"),
    "quote": re.compile(r">\s(?P<inside>.*)"),
    "bullets": re.compile(r"\s*[-*]\s+(?P<inside>\S.*)"),
    "numbers": re.compile(r"\s*(?P<number>\d{1,9})\.\s+(?P<inside>\S.*)"),
}
_LABEL = r"(?:\\.|[^\[\]\\]|\[(?:\\.|[^\[\]\\])*\])+"
# The first that matches at a place wins.
_INLINE: Final = {
    "escape": re.compile(r"\\([^\w\s]|_)"),
    "code": re.compile(r"(`+)(.+?)(?<!`)\1(?!`)", re.DOTALL),
    "link": re.compile(rf"\[({_LABEL})\]\(\s*<?(https?://[^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+\"[^\"]*\")?\s*\)"),
    "shown": re.compile(r"<(https?://[^\s<>]+)>"),
    "address": re.compile(r"(https?://[^\s<]+[^<.,:;\"'\]\s)])"),
    "calls": re.compile(r"(@everyone|@here|<@[!&]?\d+>|<#\d+>|</[^:>]+:\d+>|<id:\w+>|<t:-?\d+(?::[a-zA-Z])?>)"),
    "emoji": re.compile(r"(<a?:\w+:\d+>|:[a-z0-9_+-]+:)"),
    "strong": re.compile(r"\*\*((?:\\.|[^\\])+?)\*\*(?!\*)", re.DOTALL),
    "underline": re.compile(r"__((?:\\.|[^\\])+?)__(?!_)", re.DOTALL),
    "emphasis": re.compile(r"\*(?=\S)((?:\\.|\*\*|[^\\*])+?)(?<!\s)\*(?!\*)|\b_((?:\\.|__|[^\\_])+?)_\b", re.DOTALL),
    "strike": re.compile(r"~~(?=\S)((?:\\.|[^\\])+?)~~", re.DOTALL),
    "spoiler": re.compile(r"\|\|((?:\\.|[^\\])+?)\|\|", re.DOTALL),
}  # fmt: skip
_TAGS: Final = {"strong": "strong", "underline": "u", "emphasis": "em", "strike": "s"}


def blocks(source: str) -> str:
    """A whole text, as blocks of HTML."""
    written, place = "", 0
    for fence in _FENCE.finditer(source):
        written += _lines(source[place : fence.start()].removesuffix("\n")) + element("pre", text(fence[1]))
        place = fence.end()
    return written + _lines(source[place:].removeprefix("\n") if place else source)


def inline(source: str) -> str:
    """The inside of a line or a paragraph."""
    written, plain, place = "", "", 0
    while place < len(source):
        name, found = next(
            ((name, found) for name, rule in _INLINE.items() if (found := rule.match(source, place))), ("", None)
        )
        if found is None:
            plain += source[place]
            place += 1
            continue
        written += text(plain) + _made(name, found)
        plain, place = "", found.end()
    return written + text(plain)


def _made(name: str, found: re.Match[str]) -> str:
    inside = next(group for group in found.groups() if group is not None)
    match name:
        case "escape":
            return text(inside)
        case "code":
            return element("code", text(found[2]))
        case "link":
            return element("span", inline(inside), class_="link", title=found[2])
        case "shown" | "address":
            return element("span", text(inside), class_="link", title=inside)
        case "calls" | "emoji":
            return element("span", text(inside), class_="pill")
        case "spoiler":
            return element("span", inline(inside), class_="spoiler")
        case _:
            return element(_TAGS[name], inline(inside))


def _lines(source: str) -> str:
    if not source:
        return ""
    read = [_block(line) for line in source.split("\n")]
    written: list[str] = []
    for kind, group in groupby(read, key=lambda one: one[0]):
        found = [one[1] for one in group]
        written.append(_WRITERS[kind](found))
    return "".join(written)


def _block(line: str) -> tuple[str, re.Match[str]]:
    for name, rule in _BLOCKS.items():
        if found := rule.fullmatch(line):
            return name, found
    plain = re.fullmatch(r"(?P<inside>.*)", line, re.DOTALL)
    assert plain is not None
    return "plain", plain


def _headings(found: list[re.Match[str]]) -> str:
    return "".join(element(f"h{len(one['level'])}", inline(one["inside"])) for one in found)


def _paragraph(tag: str, kind: str = "") -> Callable[[list[re.Match[str]]], str]:
    # Marks may span lines, so the lines are read together.
    return lambda found: element(tag, inline("\n".join(one["inside"] for one in found)), class_=kind)


def _list(tag: str) -> Callable[[list[re.Match[str]]], str]:
    return lambda found: element(
        tag,
        *(element("li", inline(one["inside"])) for one in found),
        start=found[0]["number"] if tag == "ol" else "",
    )


_WRITERS: Final[dict[str, Callable[[list[re.Match[str]]], str]]] = {
    "heading": _headings,
    "small": lambda found: "".join(element("small", inline(one["inside"])) for one in found),
    "quote": _paragraph("blockquote"),
    "bullets": _list("ul"),
    "numbers": _list("ol"),
    "plain": _paragraph("div", "lines"),
}
