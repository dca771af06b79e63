"""Writes texts in Discord's Markdown so that a reader sees exactly their characters; knows nothing of messages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final
from urllib.parse import quote, urlsplit

from roadmap_bot.core.reply import Span, Text
from roadmap_bot.core.wording import clean, is_address, readable, shorten_spans, utf16

LONGEST_ADDRESS: Final = 512
"""The longest address of a link button (Discord API docs, Button); longer ones are not worth their room in a text."""

# A backslash makes any of these a character like others. The colon begins emoji, and ends the scheme of an address
# that would become a link; "<" begins mentions, timestamps and addresses; "@" two words that call everybody.
_ANYWHERE = re.compile(r"[\\*_~|`\[\]<@]|:(?![\s])")
# At the beginning of a line: headings, quotes, lists and small text. Every span may stand at one, so each is treated.
_NUMBERED = re.compile(r"^([^\S\n]*\ufeff*\d+)([.)])", re.MULTILINE)
_LEADING = re.compile(r"^((?:[^\S\n]|\ufeff)*)([#>+.)-])", re.MULTILINE)
_CORE = re.compile(r"^([\s\ufeff\u200b]*)(.*?)([\s\ufeff\u200b]*)$", re.DOTALL)
_MARKS = {"strong": "**", "emphasis": "*"}
# In the label of a link Discord's reader counts brackets, escaped or not, and distrusts what looks like an address.
_NO_LABEL = re.compile(r"[\[\]]|://|\bwww\.", re.IGNORECASE)
_BESIDE = "\u2197"
# Unicode's categories of blanks, orders and what is no character.
_UNSEEN = {"Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Cn"}
_SAFE_IN_ADDRESS = "%/:?#@!$&*+,;=~-._'"


def escape(text: str) -> str:
    """`text` as Markdown that shows its characters and nothing else."""
    escaped = _NUMBERED.sub(r"\1\\\2", _ANYWHERE.sub(r"\\\g<0>", text))
    return _LEADING.sub(r"\1\\\2", escaped)


def is_seen(text: str) -> bool:
    """Whether any character of `text` can be seen: Discord refuses texts and labels of blanks alone."""
    return any(unicodedata.category(character) not in _UNSEEN for character in text)


def link_address(url: str | None) -> str | None:
    """`url` in ASCII and without what would end a link early; None for what must not be linked."""
    if not url or not is_address(url):
        return None
    try:
        parts = urlsplit(url)
        parts = parts._replace(netloc=parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode())
        _ = parts.port
    except (UnicodeError, ValueError):
        return None
    path, query, fragment = (quote(part, safe=_SAFE_IN_ADDRESS) for part in parts[2:])
    if re.search(r"[\s()<>\\\"\[\]]", parts.netloc):
        return None
    address = parts._replace(path=path, query=query, fragment=fragment).geturl()
    return address if len(address) <= LONGEST_ADDRESS else None


def readied(text: Text, *, one_line: bool = False) -> tuple[Span, ...]:
    """The spans of `text` with readable formulas and no characters that give orders."""
    spans = (Span(text),) if isinstance(text, str) else text
    ready = (replace(span, text=clean(span.text if span.style == "code" else readable(span.text))) for span in spans)
    if one_line:
        ready = (replace(span, text=" ".join(span.text.split("\n"))) for span in ready)
    return tuple(ready)


def markdown(text: Text, limit: int, *, one_line: bool = False, base: str = "plain") -> str:
    """`text` in at most `limit` UTF-16 units of Markdown, cut at a word; "" where nothing of it can be seen.

    `base` is a style that all of it has, with the marks written by the caller: "strong" in a heading, "faint" in small
    text. A line that is faint from end to end becomes small text; a faint part of a line has no form on Discord.
    """
    spans = readied(text, one_line=one_line)
    if not is_seen("".join(span.text for span in spans)):
        return ""
    written = _write(spans, base)
    if utf16(written) <= limit:
        return written
    low, high, best = 0, min(limit, sum(utf16(span.text) for span in spans)), ""
    while low < high:
        middle = (low + high + 1) // 2
        cut = _write(shorten_spans(spans, middle, utf16), base)
        if utf16(cut) <= limit:
            low, best = middle, cut
        else:
            high = middle - 1
    return best


def _write(spans: Sequence[Span], base: str) -> str:
    return "\n".join(_line(line, base) for line in _lines(spans))


def _lines(spans: Sequence[Span]) -> Iterator[list[Span]]:
    """The spans of each line; neighbours of one style are one span, since their marks would meet."""
    line: list[Span] = []
    for span in spans:
        first, *others = span.text.split("\n")
        line.append(replace(span, text=first))
        for text in others:
            yield line
            line = [replace(span, text=text)]
    yield line


def _line(line: Sequence[Span], base: str) -> str:
    seen = [span for span in line if is_seen(span.text)]
    small = base == "plain" and bool(seen) and all(span.style == "faint" for span in seen)
    parts: list[str] = []
    visible = [(_style(span, base), link_address(span.url), span.text) for span in line if span.text]
    for (style, address), group in groupby(visible, lambda one: one[:2]):
        part = _part("".join(text for _, _, text in group), style, address)
        if parts and part.startswith(("*", "`")) and parts[-1].endswith(part[0]):
            # Marks that meet would be read as one longer mark; a blank without width keeps them apart.
            parts.append("\u200b")
        parts.append(part)
    return ("-# " if small else "") + "".join(parts)


def _style(span: Span, base: str) -> str:
    return "plain" if span.style in ("faint", base) else span.style


def _part(text: str, style: str, address: str | None) -> str:
    match = _CORE.match(text)
    before, core, after = match.groups() if match else ("", text, "")
    if not is_seen(core):
        return escape(text)
    if style == "code" and "`" not in core:
        shown = f"`{core}`"
    else:
        mark = _MARKS.get(style, "")
        shown = f"{mark}{escape(core)}{mark}"
    if address and _NO_LABEL.search(core):
        shown = f"{shown} [{_BESIDE}]({address})"
    elif address:
        shown = f"[{shown}]({address})"
    return f"{before}{shown}{after}"
