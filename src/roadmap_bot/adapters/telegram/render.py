"""Draws replies as Telegram messages: text with entities, a keyboard, a preview. Sends nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity

from roadmap_bot.adapters.telegram.writing import Writing, flat, linkable, visible
from roadmap_bot.core.action import Action, Visit, encode, fits
from roadmap_bot.core.reply import Body, Card, Entry, Field, Listing, Notice, Reply, Text, plain
from roadmap_bot.core.speech import Speech
from roadmap_bot.core.wording import shorten, utf16

# Bot API: sendMessage, answerCallbackQuery, InlineKeyboardMarkup.
LONGEST_TEXT = 4096
LONGEST_ALERT = 200
_LONGEST_LABEL = 40
# Two labels beside each other are cut off by a telephone when they are longer.
_HALF_LABEL = 20
_NUMBERS_IN_ROW = 8
_MOST_NUMBERS = 64
_MOST_BUTTONS = 96
_QUOTED_IN_FULL = 500
_TITLE, _LINE, _PARAGRAPH, _FIELD = 300, 250, 1500, 700
# What a list that is cut says at its end.
_TAIL = 160
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as Telegram takes it."""

    text: str
    entities: tuple[MessageEntity, ...]
    keyboard: InlineKeyboardMarkup | None
    preview: LinkPreviewOptions


@dataclass(frozen=True, slots=True)
class _Detail:
    """How much of each entry is written."""

    title: int
    detail: int
    note: int


# Rather less of each entry than fewer entries: its button shows the rest.
_DETAILS = (_Detail(200, 200, 300), _Detail(200, 120, 0), _Detail(120, 0, 0), _Detail(60, 0, 0))


def render(reply: Reply, say: Speech) -> Rendered:
    """A reply as a message, within every limit of Telegram. `say` is the language of the reply."""
    shown = _shown_entries(reply.body, say)
    text, entities = _written(reply.body, say, shown).finished()
    rows = [*_numbers(reply.body, shown), *_buttons(reply.actions)]
    return Rendered(text, entities, _keyboard(rows), _preview(reply.body))


def alert(reply: Reply) -> str | None:
    """The text of an error short enough to be shown over the chat, to the one who pressed and nobody else."""
    if not isinstance(reply.body, Notice) or reply.body.tone != "error" or reply.body.fields or not reply.private:
        return None
    text = "\n".join(flat(plain(part)) for part in (reply.body.title, *reply.body.paragraphs) if part)
    return text if visible(text) and utf16(text) <= LONGEST_ALERT else None


def label(text: str) -> str:
    """A label for a button: one line, cut at a word; never empty."""
    short = shorten(flat(text), _LONGEST_LABEL, utf16)
    return short if visible(short) else "…"


def _shown_entries(body: Body, say: Speech) -> tuple[int, _Detail]:
    """How many entries of a listing fit, and how much of each."""
    if not isinstance(body, Listing):
        return 0, _DETAILS[0]
    for detail in _DETAILS:
        if not _written(body, say, (len(body.entries), detail)).full:
            return len(body.entries), detail
    count, enough = 0, len(body.entries)
    while count < enough:  # the most that fit, by halving
        middle = (count + enough + 1) // 2
        if _written(body, say, (middle, _DETAILS[-1])).full:
            enough = middle - 1
        else:
            count = middle
    return count, _DETAILS[-1]


def _written(body: Body, say: Speech, shown: tuple[int, _Detail]) -> Writing:
    writing = Writing(LONGEST_TEXT)
    match body:
        case Card():
            _card(writing, body)
        case Listing():
            _listing(writing, body, say, *shown)
        case Notice():
            _notice(writing, body)
        case _:
            assert_never(body)
    return writing


def _card(writing: Writing, card: Card) -> None:
    _place(writing, card.place)
    writing.write(card.title, "strong", most=_TITLE)
    if card.subtitle:
        writing.line()
        writing.write(card.subtitle, most=_LINE)
    for paragraph in card.paragraphs:
        writing.line(2)
        long = utf16(plain(paragraph)) > _QUOTED_IN_FULL
        with writing.inside(MessageEntity.EXPANDABLE_BLOCKQUOTE if long else MessageEntity.BLOCKQUOTE):
            writing.write(paragraph, most=_PARAGRAPH, lines=True)
    _fields(writing, card.fields)


def _listing(writing: Writing, listing: Listing, say: Speech, count: int, much: _Detail) -> None:
    _place(writing, listing.place)
    writing.write(listing.title, "strong", most=_TITLE)
    last = listing.first + count - 1
    if count and count < listing.total:
        place = say("{first}–{last} of {total}", first=listing.first, last=last, total=listing.total)
        writing.line()
        writing.write(place, "faint")
    for paragraph in listing.introduction:
        writing.line(2)
        writing.write(paragraph, most=_FIELD, lines=True)
    if not listing.entries:
        writing.line(2)
        writing.write(say("Nothing here yet."), "faint")
    for number, entry in enumerate(listing.entries[:count], listing.first):
        _entry(writing, entry, f"{number}. " if entry.action else "· ", much)
    hidden = len(listing.entries) - count
    if hidden > 0:
        writing.line(2)
        more = say.count(
            hidden,
            "… and {number} more. Ask for something narrower to see it.",
            "… and {number} more. Ask for something narrower to see them.",
        )
        writing.write(more, "faint", most=_TAIL)


def _entry(writing: Writing, entry: Entry, lead: str, much: _Detail) -> None:
    writing.line(2)
    writing.write(lead)
    writing.write(entry.title, "strong", most=much.title)
    for text, most in ((entry.detail, much.detail), (entry.note, much.note)):
        if text and most:
            writing.line()
            writing.write(text, "faint", most=most)


def _notice(writing: Writing, notice: Notice) -> None:
    writing.write(notice.title, "strong", most=_TITLE)
    for paragraph in notice.paragraphs:
        writing.line(2)
        writing.write(paragraph, lines=True)
    _fields(writing, notice.fields)


def _fields(writing: Writing, fields: Sequence[Field]) -> None:
    for number, field in enumerate(fields):
        writing.line(1 if number else 2)
        writing.write(field.name, "strong", most=_LINE)
        writing.write("  ")
        writing.write(field.text, most=_FIELD)


def _place(writing: Writing, place: Sequence[str]) -> None:
    if place:
        writing.write(" › ".join(place), "faint", most=_LINE)
        writing.line()


def _numbers(body: Body, shown: tuple[int, _Detail]) -> Iterator[list[InlineKeyboardButton]]:
    """Small buttons with the numbers the entries have in the text."""
    if not isinstance(body, Listing):
        return
    numbered = enumerate(body.entries[: shown[0]], body.first)
    buttons = [
        InlineKeyboardButton(str(number), callback_data=encode(entry.action))
        for number, entry in numbered
        if entry.action and fits(entry.action)
    ]
    for start in range(0, min(len(buttons), _MOST_NUMBERS), _NUMBERS_IN_ROW):
        yield buttons[start : min(start + _NUMBERS_IN_ROW, _MOST_NUMBERS)]


def _buttons(actions: Sequence[Action | Visit]) -> Iterator[list[InlineKeyboardButton]]:
    """The buttons of a reply, two beside each other where both are short."""
    row: list[InlineKeyboardButton] = []
    for action in actions:
        button = _button(action)
        if button is None:
            continue
        if row and (len(row) == 2 or utf16(row[-1].text) > _HALF_LABEL or utf16(button.text) > _HALF_LABEL):
            yield row
            row = []
        row = [*row, button]
    if row:
        yield row


def _button(action: Action | Visit) -> InlineKeyboardButton | None:
    match action:
        case Visit():
            return InlineKeyboardButton(label(action.label), url=action.url) if linkable(action.url) else None
        case Action():
            return InlineKeyboardButton(label(action.label), callback_data=encode(action)) if fits(action) else None
        case _:
            assert_never(action)


def _keyboard(rows: Sequence[list[InlineKeyboardButton]]) -> InlineKeyboardMarkup | None:
    kept: list[list[InlineKeyboardButton]] = []
    count = 0
    for row in rows:
        count += len(row)
        if count > _MOST_BUTTONS:
            break
        kept.append(row)
    return InlineKeyboardMarkup(kept) if kept else None


def _preview(body: Body) -> LinkPreviewOptions:
    """A small picture below one work; none for lists and notices, where it would be that of any link."""
    title: Text = body.title if isinstance(body, Card) else ""
    urls = [span.url for span in title if span.url and linkable(span.url)] if not isinstance(title, str) else []
    if not urls:
        return _NO_PREVIEW
    return LinkPreviewOptions(url=urls[0], prefer_small_media=True)
