"""Draws replies in a terminal with Rich, or as plain lines where there is no terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TextIO, assert_never

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text as RichText

from roadmap_bot.core.action import Action, Visit
from roadmap_bot.core.reply import Body, Card, Entry, Field, Listing, Notice, Reply, Span, Text
from roadmap_bot.core.speech import Speech
from roadmap_bot.core.wording import clean, readable

PLAIN_WIDTH = 100
WIDEST = 100
# Beside the names of fields this much room is needed for their text; a narrower terminal shows it below.
_NARROWEST_TEXT = 24
_BETWEEN = "   "
_STYLES = {"plain": "", "strong": "bold", "emphasis": "italic", "code": "cyan", "faint": "dim"}
_TONES = {"information": "", "nothing": "yellow", "error": "red"}


class TerminalRenderer:
    """Writes replies to a stream. `NO_COLOR`, the width of the terminal and its absence are Rich's to find out."""

    def __init__(
        self,
        stream: TextIO | None = None,
        *,
        width: int | None = None,
        rich: bool | None = None,
        speech: Callable[[str], Speech] = Speech,
    ) -> None:
        self._speech = speech
        console = Console(file=stream, highlight=False, soft_wrap=False, force_terminal=rich, emoji=False, markup=False)
        self.interactive = console.is_terminal
        if width is None:
            width = min(console.width, WIDEST) if self.interactive else PLAIN_WIDTH
        console.width = max(20, width)
        self.console = console

    def show(self, reply: Reply) -> None:
        """Writes a reply with its numbered choices."""
        width = self.console.width
        self._write(_body(reply.body, width, self._speech(reply.language)), *_numbered(reply, width), "")

    def show_alone(self, reply: Reply) -> None:
        """Writes a reply without choices: an answer outside a conversation."""
        self._write(_body(reply.body, self.console.width, self._speech(reply.language)))

    def _write(self, *parts: RenderableType) -> None:
        """Prints the parts; in plain text without the blanks that Rich fills its columns with."""
        if self.interactive:
            self.console.print(*parts, sep="\n", crop=False)
            return
        with self.console.capture() as captured:
            self.console.print(*parts, sep="\n", crop=False)
        self.console.file.write("\n".join(line.rstrip() for line in captured.get().split("\n")))
        self.console.file.flush()


def choices(reply: Reply) -> list[Action | Visit | None]:
    """What the numbers shown with a reply press; None for an entry that leads nowhere. The list starts at `first`."""
    entries: list[Action | Visit | None] = []
    if isinstance(reply.body, Listing):
        entries = [entry.action for entry in reply.body.entries]
    return [*entries, *reply.actions]


def first_choice(reply: Reply) -> int:
    """The number that presses the first of `choices`."""
    return reply.body.first if isinstance(reply.body, Listing) else 1


def _numbered(reply: Reply, width: int) -> Sequence[RenderableType]:
    """The buttons, as many on a line as fit there whole."""
    if not reply.actions:
        return ()
    lines = RichText(overflow="fold")
    used = 0
    for number, action in enumerate(reply.actions, first_choice(reply) + len(choices(reply)) - len(reply.actions)):
        button = RichText.assemble((f"[{number}]", "bold cyan"), f" {_clean(action.label)}")
        if used:
            fits = used + len(_BETWEEN) + button.cell_len <= width
            lines.append(_BETWEEN if fits else "\n")
            used = used + len(_BETWEEN) if fits else 0
        lines.append_text(button)
        used += button.cell_len
    return ("", lines)


def _body(body: Body, width: int, say: Speech) -> RenderableType:
    match body:
        case Card():
            return _card(body, width)
        case Listing():
            return _listing(body, width, say)
        case Notice():
            return _notice(body, width)
        case _:
            assert_never(body)


def _card(card: Card, width: int) -> RenderableType:
    parts: list[RenderableType] = []
    if card.place:
        parts.append(_place(card.place))
    parts.append(_text(card.title, "bold"))
    if card.subtitle:
        parts.append(_text(card.subtitle, "dim"))
    for paragraph in card.paragraphs:
        parts += ["", _text(paragraph)]
    if card.fields:
        parts += ["", *_fields(card.fields, width)]
    return Group(*parts)


def _fields(fields: Sequence[Field], width: int) -> list[RenderableType]:
    """Names and texts in two columns, or one below the other where there is no room for two."""
    column = max(cell_len(_clean(field.name)) for field in fields)
    beside = width - column - 2 >= _NARROWEST_TEXT
    parts: list[RenderableType] = []
    for field in fields:
        name = _text(field.name, "dim")
        if not beside:
            parts.append(name)
        links = _link_lines(field.text)
        for place, link in enumerate(links):
            lead = name.copy() if beside and not place else RichText()
            lead.pad_right((column if beside else 0) - lead.cell_len + 2)
            # Never folded: an address broken over lines can neither be copied nor found by a program.
            lead.no_wrap, lead.overflow = True, "ignore"
            parts.append(lead.append_text(link))
        if not links and beside:
            table = Table.grid(padding=(0, 2))
            table.add_column(width=column, no_wrap=True)
            table.add_column(overflow="fold")
            table.add_row(name, _text(field.text))
            parts.append(table)
        elif not links:
            parts.append(Padding(_text(field.text), (0, 0, 0, 2)))
    return parts


def _link_lines(text: Text) -> list[RichText]:
    """Links one to a line with their addresses, for people who copy them and terminals that cannot click."""
    spans = () if isinstance(text, str) else text
    return [_text((span, Span(f"  {span.url}", "faint"))) for span in spans if span.url]


def _listing(listing: Listing, width: int, say: Speech) -> RenderableType:
    parts: list[RenderableType] = []
    if listing.place:
        parts.append(_place(listing.place))
    title = _text(listing.title, "bold")
    last = listing.first + len(listing.entries) - 1
    if listing.entries and len(listing.entries) < listing.total:
        place = say("{first}–{last} of {total}", first=listing.first, last=last, total=listing.total)
        title.append(f"  {place}", "dim")
    parts.append(title)
    for paragraph in listing.introduction:
        parts += [_text(paragraph)]
    if listing.entries:
        parts += ["", _entries(listing, width)]
    else:
        parts += ["", RichText(say("Nothing here yet."), "dim")]
    return Group(*parts)


def _entries(listing: Listing, width: int) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    table.add_column(justify="right", style="bold cyan", no_wrap=True)
    table.add_column(overflow="fold")
    room = width - len(str(listing.first + len(listing.entries))) - 2
    for number, entry in enumerate(listing.entries, listing.first):
        table.add_row(f"{number}" if entry.action else "·", _entry(entry, room))
    return Padding(table, (0, 0, 0, 1))


def _entry(entry: Entry, room: int) -> RichText:
    """Title and detail on one line where both fit, else the detail below: broken lines are hard to scan."""
    line = _text(entry.title)
    if entry.detail:
        detail = _text(entry.detail, "dim")
        line.append("  " if line.cell_len + detail.cell_len + 2 <= room else "\n")
        line.append_text(detail)
    if entry.note:
        line.append("\n")
        line.append_text(_text(entry.note, "dim"))
    return line


def _notice(notice: Notice, width: int) -> RenderableType:
    tone = _TONES[notice.tone]
    parts: list[RenderableType] = [_text(notice.title, "bold")] if notice.title else []
    parts += [_text(paragraph, tone) for paragraph in notice.paragraphs]
    if notice.fields:
        parts += ["", *_fields(notice.fields, width)]
    return Group(*parts)


def _place(place: Sequence[str]) -> RichText:
    return RichText(_clean(" › ".join(place)), "dim")


def _text(text: Text, base: str = "") -> RichText:
    spans = (Span(text),) if isinstance(text, str) else text
    line = RichText(style=base, overflow="fold")
    for span in spans:
        style = Style.parse(_STYLES[span.style] or "none")
        if span.url and _clean(span.url) == span.url:
            style += Style(link=span.url)
        line.append(_clean(span.text), style)
    return line


def _clean(text: str) -> str:
    # A terminal obeys escape sequences wherever they come from, so nobody's text may bring any.
    return clean(readable(text)).replace("\n", " ")
