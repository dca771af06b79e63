"""Draws replies as Discord messages made of components: one container, a section with a button for each entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, assert_never

import discord

from roadmap_bot.adapters.discord.buttons import BUTTONS_IN_ROW, OPTIONS_IN_MENU, Controls
from roadmap_bot.adapters.discord.markup import is_seen, link_address, markdown
from roadmap_bot.core.action import Action, Visit
from roadmap_bot.core.reply import Body, Card, Entry, Field, Listing, Notice, Reply, Span, Text, plain
from roadmap_bot.core.speech import Speech
from roadmap_bot.core.wording import ELLIPSIS, utf16

# Discord API docs, Component Reference: components in all, nested ones counted, and characters of text in all.
MOST_COMPONENTS: Final = 40
LONGEST_TEXT: Final = 4000
# One colour for each chapter, far apart in hue; red and amber are those of errors and of nothing found.
PALETTE: Final = (
    0x4C8DF6, 0x2EB67D, 0x9B5DE5, 0x00B4D8, 0xF15BB5, 0x8AC926, 0x7A5C3E, 0x3D405B, 0x06D6A0, 0xB5179E, 0x577590,
)  # fmt: skip
NEUTRAL: Final = 0x80848E
TONES: Final = {"information": None, "nothing": 0xF0B232, "error": 0xDA373C}
_TITLE, _LINE, _FIELDS, _INTRODUCTION = 900, 300, 1000, 1200
# For less than this no text is begun; it would hardly hold a word.
_LEAST = 40
# Kept for each of the two lines that may stand below a body.
_BELOW = 150
_MOST_WAYS = 2 * BUTTONS_IN_ROW
_MOST_MENUS = 4
# The container, head, introduction, divider, and the two lines that may stand below a body.
_FRAME = 6
_MENU_SIZE = 2


class DiscordRenderer:
    """Makes messages of replies. `chapters` are the slugs of the chapters in their order, each with a colour."""

    def __init__(self, speech: Callable[[str], Speech] = Speech, chapters: Sequence[str] = ()) -> None:
        self._speech = speech
        self._colours = {slug: PALETTE[place % len(PALETTE)] for place, slug in enumerate(chapters)}

    def view(self, reply: Reply) -> discord.ui.LayoutView:
        """The message that shows a reply."""
        sheet = _Sheet(self._speech(reply.language))
        sheet.draw(reply)
        view = discord.ui.LayoutView(timeout=None)
        view.add_item(discord.ui.Container(*sheet.items, accent_colour=self._colour(reply.body)))
        # The library would keep every view that was ever sent, waiting for it to be pressed; a press finds its way by
        # its token alone.
        view.stop()
        return view

    def _colour(self, body: Body) -> int | None:
        if isinstance(body, Notice):
            return TONES[body.tone]
        return self._colours.get(body.accent, NEUTRAL) if body.accent else NEUTRAL


class _Sheet:
    """One message in the making: what is on it, and how much text it may still take."""

    def __init__(self, say: Speech) -> None:
        self.items: list[discord.ui.Item[Any]] = []
        self._say = say
        self._controls = Controls()
        self._room = LONGEST_TEXT - 2 * _BELOW

    def draw(self, reply: Reply) -> None:
        """Puts a whole reply on the sheet."""
        body = reply.body
        match body:
            case Card():
                self._card(body)
            case Listing():
                ways = min(len(reply.actions), _MOST_WAYS)
                rows = -(-ways // BUTTONS_IN_ROW)
                self._listing(body, MOST_COMPONENTS - _FRAME - rows - ways)
            case Notice():
                self._put(self._heading(body.title))
                self._texts(body.paragraphs, body.fields)
            case _:
                assert_never(body)
        self._put(self._joined(_unlinked(reply.actions), _BELOW, "\n"))
        if not self.items:
            self._put(self._say("Nothing here yet."))
        # After the entries: a way that one of them offers already is not offered twice.
        buttons = self._controls.ways(reply.actions, _MOST_WAYS)
        for start in range(0, len(buttons), BUTTONS_IN_ROW):
            self.items.append(discord.ui.ActionRow(*buttons[start : start + BUTTONS_IN_ROW]))

    def _card(self, card: Card) -> None:
        self._put(self._heading(card.title, card.place, card.subtitle))
        self._texts(card.paragraphs, card.fields)

    def _texts(self, paragraphs: Sequence[Text], fields: Sequence[Field]) -> None:
        facts = [(Span(one.name, "strong"), Span("  "), *_spans(one.text)) for one in fields if _has(one.text)]
        self._put(self._joined(paragraphs, self._room - (_FIELDS if facts else 0), "\n\n"))
        self._put(self._joined(facts, self._room, "\n"))

    def _listing(self, listing: Listing, slots: int) -> None:
        entries = [entry for entry in listing.entries if _has(entry.title, entry.detail, entry.note)]
        position = ""
        if listing.entries and len(listing.entries) < listing.total:
            last = listing.first + len(listing.entries) - 1
            position = self._say("{first}–{last} of {total}", first=listing.first, last=last, total=listing.total)
        self._put(self._heading(listing.title, listing.place, position))
        self._put(self._joined(listing.introduction, _INTRODUCTION, "\n\n"))
        if not entries:
            self._put(self._say("Nothing here yet."))
            return
        if self.items:
            self.items.append(discord.ui.Separator())
        for place, entry in enumerate(entries):
            made = self._entry(entry, slots - _menu_slots(len(entries) - place - 1))
            if made is None:
                self._rest(entries[place:])
                return
            slots -= made

    def _entry(self, entry: Entry, slots: int) -> int | None:
        """Puts an entry on the sheet and tells how many components it takes; None where it does not fit."""
        room = self._room
        pressable = entry.action is not None
        size = 3 if pressable else 1
        written = _entry_text(entry, room) if size <= slots and room >= _LEAST else ""
        if not written:
            return None
        button = self._controls.button(entry.action, self._say("Open")) if entry.action else None
        if button is None:
            self._put(written)
            return 1
        self.items.append(discord.ui.Section(written, accessory=button))
        self._room -= utf16(written)
        return size

    def _rest(self, entries: Sequence[Entry]) -> None:
        """Offers the entries that have no room in menus, and says how many are left even then."""
        menus, left = self._controls.menus(entries, self._say("More of this list"), _MOST_MENUS)
        self.items += [discord.ui.ActionRow(menu) for menu in menus]
        if left:
            missing = self._say.count(left, "{number} more entry is not shown.", "{number} more entries are not shown.")
            self._put(f"-# {markdown(missing, _BELOW - len('-# '), base='faint')}")

    def _heading(self, title: Text, place: Sequence[str] = (), below: Text = "") -> str:
        """Where the thing is, what it is called, and what it is: small, large, small."""
        path = markdown(" › ".join(place), _LINE, one_line=True, base="faint")
        name = markdown(title, _TITLE, one_line=True, base="strong")
        under = markdown(below, _LINE, one_line=True, base="faint")
        parts = (("-# ", path), ("### ", name), ("-# ", under))
        return "\n".join(mark + text for mark, text in parts if text)

    def _joined(self, texts: Iterable[Text], limit: int, between: str) -> str:
        """The texts that fit within `limit` units, the last of them cut where it must be."""
        lines: list[str] = []
        for text in texts:
            if limit < _LEAST:
                lines.append(ELLIPSIS)
                break
            # What is left always takes an ellipsis.
            written = markdown(text, limit - len(between) - len(ELLIPSIS))
            if written:
                lines.append(written)
                limit -= utf16(written) + len(between)
        return between.join(lines)

    def _put(self, written: str) -> None:
        """Adds a text, unless nothing of it can be seen: Discord refuses a message with such a text."""
        if is_seen(written):
            self.items.append(discord.ui.TextDisplay(written))
            self._room -= utf16(written)


def _entry_text(entry: Entry, room: int) -> str:
    lines: list[str] = []
    for mark, text in (("", entry.title), ("-# ", entry.detail), ("-# ", entry.note)):
        room -= len(mark) + 1
        written = markdown(text, min(room, _LINE), one_line=True, base="faint" if mark else "plain") if room > 0 else ""
        if written:
            lines.append(mark + written)
            room -= utf16(written)
    return "\n".join(lines)


def _unlinked(actions: Iterable[Action | Visit]) -> list[Text]:
    """The addresses that Discord takes no button for, as text to be copied."""
    visits = [one for one in actions if isinstance(one, Visit) and link_address(one.url) is None]
    return [f"{visit.label} {visit.url}" for visit in visits]


def _menu_slots(entries: int) -> int:
    return _MENU_SIZE * min(_MOST_MENUS, -(-entries // OPTIONS_IN_MENU))


def _spans(text: Text) -> tuple[Span, ...]:
    return (Span(text),) if isinstance(text, str) else text


def _has(*texts: Text) -> bool:
    return any(is_seen(plain(text)) for text in texts)
