"""Discord messages: what a reader sees are the characters of a reply, within every limit, and nothing is set off."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from roadmap_bot.adapters.discord.buttons import pressed
from roadmap_bot.adapters.discord.markup import escape, is_seen, link_address, markdown, readied
from roadmap_bot.adapters.discord.render import LONGEST_TEXT, MOST_COMPONENTS, NEUTRAL, PALETTE, TONES, DiscordRenderer
from roadmap_bot.core.action import Action, Visit, decode, encode, fits
from roadmap_bot.core.reply import Card, Entry, Field, Listing, Notice, Reply, Span, plain
from roadmap_bot.core.wording import utf16
from roadmap_bot.engine import Engine
from roadmap_bot.translations import speech
from samples import HOSTILE, every_reply, hostile_replies

# --- a reader of Discord's Markdown ----------------------------------------------------------------------------------

# How Discord's clients read a message, after the published rules of the parser theirs began as (simple-markdown) and
# Discord's own additions (Discord support, "Markdown Text 101"; API docs, Message Formatting). First match wins.
_RULES = {
    "escape": r"\\([^0-9A-Za-z\s])",
    "link": r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]\(\s*<?((?:[^\s\\]|\\.)*?)>?(?:\s+['\"][\s\S]*?['\"])?\s*\)",
    "address": r"<?https?://[^\s<]+[^<.,:;\"')\]\s]",
    "mention": r"<(?:@[!&]?|\#)\d+>|@(?:everyone|here)|</[^>]+:\d+>|<id:\w+>",
    "emoji": r"<a?:\w+:\d+>|:[^\s:]+?:",
    "time": r"<t:-?\d+(?::\w)?>",
    "emphasis": r"\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)"
    r"|(?<!\w)_((?:__|\\[\s\S]|[^\\_])+?)_(?!\w)",
    "strong": r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)",
    "underline": r"__((?:\\[\s\S]|[^\\])+?)__(?!_)",
    "strike": r"~~([\s\S]+?)~~",
    "spoiler": r"\|\|([\s\S]+?)\|\|",
    "code": r"(`+)([\s\S]*?[^`])\1(?!`)",
}
_INLINE = {name: re.compile(rule) for name, rule in _RULES.items()}
_BLOCKS = {
    "heading": re.compile(r"#{1,3} +(?=\S)"),
    "small": re.compile(r"-# +(?=\S)"),
    "quote": re.compile(r"\s*>(?:>>)? "),
    "list": re.compile(r"[\s\ufeff]*(?:[*+-]|\d+\.)\s"),
}


@dataclass
class Seen:
    """What a reader sees of a text: its characters, the styles at work, and where its links lead."""

    text: str = ""
    styles: set[str] = field(default_factory=set)
    links: list[tuple[str, str]] = field(default_factory=list)


def seen(source: str) -> Seen:
    """Reads Markdown as Discord shows it."""
    whole, lines = Seen(), []
    for line in source.split("\n"):
        for block, rule in _BLOCKS.items():
            if match := rule.match(line):
                whole.styles.add(block)
                line = line[match.end() :]
                break
        read = _inline(line)
        lines.append(read.text)
        whole.styles |= read.styles
        whole.links += read.links
    whole.text = "\n".join(lines)
    return whole


def _inline(source: str) -> Seen:
    read, place = Seen(), 0
    while place < len(source):
        name, match = next(
            ((name, match) for name, rule in _INLINE.items() if (match := rule.match(source, place))), ("", None)
        )
        if match is None:
            read.text += source[place]
            place += 1
            continue
        place = match.end()
        if name == "escape":
            read.text += match[1]
            continue
        read.styles.add(name)
        if name == "code":
            read.text += match[2]
            continue
        inside = _inline(next((group for group in match.groups() if group is not None), ""))
        read.text += inside.text
        read.styles |= inside.styles
        if name == "link":
            read.links.append((inside.text, match[2]))
    return read


def bare(text: str) -> str:
    """Characters without the blanks that have no width and the widths of those that have."""
    return " ".join(re.sub("[\u200b\ufeff]", "", text).split())


def squeezed(text: str) -> str:
    """The characters that leave a mark, but for the arrow on which a link may stand."""
    return "".join(bare(text).replace("↗", "").split())


# --- escaping --------------------------------------------------------------------------------------------------------

TRICKS = (
    "# heading", "## heading", "-# small", "- item", "  - item", "* item", "+ item", "1. item", "  12. item", "1) item",
    "> quote", ">>> quote", "**bold** __under__ _em_ *em* ~~gone~~ ||hidden||", "`code` ``co`de`` ```block```",
    "[label](https://evil.example)", "[label]: https://evil.example", "https://evil.example", "<https://evil.example>",
    "see http://evil.example/a_b_c?x=*y*", "<@1234567890> <@!12> <@&12> <#12>", "@everyone and @here",
    "<t:1700000000:R>", "<:kite:123> <a:kite:123> :smile:", "</ask:123> <id:browse>", "¯\\_(ツ)_/¯", "\\", "a\\",
    "\\*not\\*", "C# and F#: 5 > 3 - 2 + 1", "a*b*c _x_y_", "***", "___", "```\nblock\n```",
    "line\n# heading\n- item\n1. one",
)  # fmt: skip


@pytest.mark.parametrize("text", [*TRICKS, *HOSTILE])
def test_whatever_is_written_is_seen_as_it_is(text: str) -> None:
    read = seen(escape(text))
    assert read.text == text
    assert read.styles == set()


TRICKY = st.text(st.sampled_from("*_~|`[]()<>@#:-+.\\/1a é字 \n\t\u200b\ufeff!&t"), max_size=40)


@given(st.one_of(TRICKY, st.text(max_size=60)))
@settings(max_examples=400, deadline=None)
def test_any_text_is_seen_as_it_is(text: str) -> None:
    read = seen(escape(text))
    assert read.text == text
    assert read.styles == set()


SPANS = st.lists(
    st.builds(
        Span,
        st.one_of(TRICKY, st.sampled_from(TRICKS), st.text(max_size=20)),
        st.sampled_from(["plain", "strong", "emphasis", "code", "faint"]),
        st.sampled_from([None, None, "https://example.org/a_(b)?q=[1]*&r=<x>", "javascript:alert(1)", "https://"]),
    ),
    max_size=6,
).map(tuple)


@given(SPANS)
@example((Span("a", "strong"), Span("b", "emphasis"), Span("c", "code"), Span("d", "code"), Span("*e", "plain")))
@example((Span("1"), Span(". x")))
@example((Span("faint", "faint"), Span("\n"), Span("- faint", "faint")))
@settings(max_examples=400, deadline=None)
def test_spans_keep_their_characters_and_only_real_links_lead_anywhere(spans: tuple[Span, ...]) -> None:
    read = seen(markdown(spans, 4000))
    if is_seen("".join(span.text for span in readied(spans))):
        assert squeezed(read.text) == squeezed("".join(span.text for span in readied(spans)))
    assert read.styles <= {"strong", "emphasis", "code", "small", "link"}
    assert {address for _, address in read.links} <= {"https://example.org/a_%28b%29?q=%5B1%5D*&r=%3Cx%3E"}
    assert all(is_seen(label) for label, _ in read.links)


def test_styles_are_told_apart() -> None:
    spans = (Span("a", "strong"), Span("b", "emphasis"), Span(" "), Span("c", "code"), Span("d", url="https://e.org/f"))
    read = seen(markdown(spans, 400))
    assert read.styles == {"strong", "emphasis", "code", "link"}
    assert read.links == [("d", "https://e.org/f")]
    assert seen(markdown((Span("all of it", "faint"),), 400)).styles == {"small"}
    assert seen(markdown((Span("Read first: ", "faint"), Span("Kites")), 400)).styles == set()


@pytest.mark.parametrize("label", ["[draft] paper", "half [open", "https://good.example", "see www.good.example"])
def test_a_label_that_would_break_or_belie_its_link_stands_beside_it(label: str) -> None:
    read = seen(markdown((Span(label, url="https://example.org"),), 400))
    assert bare(read.text) == f"{label} ↗"
    assert read.links == [("↗", "https://example.org")]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "tg://x", "https://", "https://u@evil.example", "https://a b", None]
)
def test_what_is_no_address_is_text(url: str | None) -> None:
    assert link_address(url) is None
    assert seen(markdown((Span("text", url=url),), 400)).links == []


@given(SPANS, st.integers(1, 120))
@settings(max_examples=200, deadline=None)
def test_a_text_is_cut_to_its_limit(spans: tuple[Span, ...], limit: int) -> None:
    written = markdown(spans, limit)
    assert utf16(written) <= limit
    assert seen(written).styles <= {"strong", "emphasis", "code", "small", "link"}


def test_a_cut_text_ends_at_a_word_and_in_an_ellipsis() -> None:
    read = seen(markdown("one two_three " * 50, 100))
    assert read.text.endswith(("one…", "two_three…"))


# --- messages --------------------------------------------------------------------------------------------------------


def drawn(reply: Reply, chapters: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """The components of the message for a reply."""
    return DiscordRenderer(speech, chapters).view(reply).to_components()


def every(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """All components, the nested ones too."""
    for one in components:
        yield one
        yield from every(one.get("components", []))
        if "accessory" in one:
            yield from every([one["accessory"]])


TEXT, BUTTON, MENU, ROW, SECTION, CONTAINER, LINK = 10, 2, 3, 1, 9, 17, 5


def texts(reply: Reply) -> list[str]:
    """The Markdown of a message, text by text."""
    return [one["content"] for one in every(drawn(reply)) if one["type"] == TEXT]


def check(reply: Reply) -> None:
    """Asserts everything Discord asks of a message; the numbers are those of its Component Reference."""
    components = drawn(reply)
    parts = list(every(components))
    assert [one["type"] for one in components] == [CONTAINER]
    assert len(parts) <= MOST_COMPONENTS == 40
    written = [one["content"] for one in parts if one["type"] == TEXT]
    assert written
    assert sum(map(utf16, written)) <= LONGEST_TEXT == 4000
    for text in written:
        assert is_seen(text)
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e]", text)
        assert seen(text).styles <= {"strong", "emphasis", "code", "small", "link", "heading"}
        assert all(link.startswith(("https://", "http://")) for _, link in seen(text).links)
    pressable = [one for one in parts if one["type"] in (BUTTON, MENU)]
    assert all(is_seen(one["label"]) and utf16(one["label"]) <= 80 for one in pressable if one["type"] == BUTTON)
    addresses = [one["url"] for one in pressable if one.get("style") == LINK]
    assert all(len(url) <= 512 and url.isascii() for url in addresses)
    options = [option for one in pressable if one["type"] == MENU for option in one["options"]]
    assert all(
        1 <= len(one["options"]) <= 25 and utf16(one["placeholder"]) <= 150 for one in pressable if "options" in one
    )
    assert all(is_seen(one["label"]) and utf16(one["label"]) <= 100 for one in options)
    assert all(1 <= utf16(one.get("description") or "x") <= 100 for one in options)
    ids = [one["custom_id"] for one in pressable if "custom_id" in one]
    assert len(ids) == len(set(ids))
    tokens = [one["custom_id"] for one in pressable if one["type"] == BUTTON and "custom_id" in one]
    tokens += [one["value"] for one in options]
    assert len(tokens) == len(set(tokens))
    for token in tokens:
        decode(token)
    rows = [one for one in parts if one["type"] == ROW]
    assert all(1 <= len(row["components"]) <= 5 for row in rows)
    assert all(len(row["components"]) == 1 for row in rows if row["components"][0]["type"] == MENU)
    assert all(1 <= len(one["components"]) <= 3 for one in parts if one["type"] == SECTION)


def test_every_reply_of_the_features_is_a_message_discord_takes(engine: Engine) -> None:
    for name, reply in every_reply(engine).items():
        print(name)  # noqa: T201 - pytest shows it beside a failure
        check(reply)


def test_no_hostile_reply_breaks_out() -> None:
    for name, reply in hostile_replies().items():
        print(name)  # noqa: T201 - pytest shows it beside a failure
        check(reply)


def test_every_character_of_an_ordinary_reply_is_there(engine: Engine) -> None:
    for name, reply in every_reply(engine).items():
        body = reply.body
        wanted = [plain(body.title)]
        match body:
            case Card():
                wanted += [plain(text) for text in body.paragraphs] + [one.name for one in body.fields]
            case Listing():
                wanted += [plain(text) for entry in body.entries[:8] for text in (entry.title, entry.detail)]
            case Notice():
                wanted += [plain(text) for text in body.paragraphs]
        text = bare("\n".join(seen(text).text for text in texts(reply)))
        assert [one for one in wanted if bare(one) not in text] == [], name


WORDS = st.one_of(st.text(max_size=60), st.sampled_from(HOSTILE), st.sampled_from(TRICKS), st.just("word " * 300))
TEXTS = st.one_of(WORDS, SPANS)
ACTIONS = st.one_of(
    st.builds(
        Action, WORDS, st.sampled_from(["paper", "section"]), st.lists(st.text(max_size=30), max_size=2).map(tuple)
    ),
    st.builds(Visit, WORDS, st.sampled_from(["https://example.org/é?x=(1)", "tg://x", f"https://e.org/{'x' * 600}"])),
)
ENTRIES = st.builds(
    Entry,
    TEXTS,
    TEXTS,
    TEXTS,
    st.one_of(st.none(), st.builds(Action, WORDS, st.just("paper"), st.tuples(st.text(max_size=9)))),
)
BODIES = st.one_of(
    st.builds(Card, TEXTS, TEXTS, st.lists(WORDS, max_size=4).map(tuple), st.lists(TEXTS, max_size=6).map(tuple),
              st.lists(st.builds(Field, WORDS, TEXTS), max_size=12).map(tuple)),
    st.builds(Listing, TEXTS, st.lists(ENTRIES, max_size=60).map(tuple), st.integers(0, 9999), st.integers(1, 99),
              st.lists(WORDS, max_size=4).map(tuple), st.lists(TEXTS, max_size=4).map(tuple)),
    st.builds(Notice, st.lists(TEXTS, max_size=9).map(tuple), st.sampled_from(list(TONES)), TEXTS),
)  # fmt: skip


@given(st.builds(Reply, BODIES, st.lists(ACTIONS, max_size=14).map(tuple), language=st.sampled_from(["en", "zh-CN"])))
@settings(max_examples=150, deadline=None)
def test_no_reply_at_all_breaks_a_limit(reply: Reply) -> None:
    check(reply)


def test_a_long_list_goes_on_in_menus_and_says_what_is_left() -> None:
    entries = tuple(Entry(f"Kite {n}", f"paper · {n}", action=Action("", "paper", (f"kite-{n}",))) for n in range(120))
    reply = Reply(Listing("Kites", entries, 120), (Action("More", "search", ("kites", "2")),))
    check(reply)
    parts = list(every(drawn(reply)))
    opened = [one["accessory"]["custom_id"] for one in parts if one["type"] == SECTION]
    menus = [one for one in parts if one["type"] == MENU]
    chosen = [option["value"] for menu in menus for option in menu["options"]]
    assert [*opened, *chosen] == [encode(entry.action) for entry in entries[: len(opened) + 100] if entry.action]
    assert texts(reply)[-1] == f"-# {20 - len(opened)} more entries are not shown."
    assert pressed({"custom_id": menus[0]["custom_id"], "values": [chosen[0]]}) == chosen[0]


def test_entries_with_long_texts_go_on_in_a_menu() -> None:
    entries = tuple(
        Entry(f"{n} " + "long title " * 60, "detail " * 60, "note " * 60, Action("", "paper", (str(n),)))
        for n in range(8)
    )
    reply = Reply(Listing("Long", entries, 8))
    check(reply)
    parts = list(every(drawn(reply)))
    found = [one["accessory"]["custom_id"] for one in parts if one["type"] == SECTION]
    found += [option["value"] for one in parts if one["type"] == MENU for option in one["options"]]
    assert found == [encode(entry.action) for entry in entries if entry.action]


def test_an_action_is_offered_once() -> None:
    action = Action("Open it", "paper", ("kite",))
    reply = Reply(Listing("Kites", (Entry("Kite", action=action), Entry("Again", action=action)), 2), (action, action))
    assert [one["custom_id"] for one in every(drawn(reply)) if "custom_id" in one] == [encode(action)]
    assert [one for one in texts(reply) if "Again" in one]


def test_what_cannot_be_a_button_is_left_out_or_written() -> None:
    too_long, nowhere = Action("Search", "search", ("字" * 60,)), Visit("Elsewhere", "tg://kites")
    assert not fits(too_long)
    reply = Reply(Notice(("Well.",)), (too_long, nowhere, Visit("Code", "https://example.org/code")))
    buttons = [one for one in every(drawn(reply)) if one["type"] == BUTTON]
    assert [(one["label"], one["url"]) for one in buttons] == [("Code", "https://example.org/code")]
    assert [seen(text).text for text in texts(reply)] == ["Well.", "Elsewhere tg://kites"]
    assert seen(texts(reply)[-1]).links == []


def test_chapters_and_tones_have_colours_of_their_own(engine: Engine) -> None:
    chapters = tuple(chapter.slug for chapter in engine.context.catalogue.chapters())
    colours = [drawn(Reply(Card("Kite", accent=slug)), chapters)[0]["accent_color"] for slug in chapters]
    assert len({*colours, TONES["nothing"], TONES["error"], NEUTRAL}) == len(chapters) + 3
    assert len(set(PALETTE)) == len(PALETTE)
    assert drawn(Reply(Card("Kite", accent="gone-since")), chapters)[0]["accent_color"] == NEUTRAL
    tones = {tone: drawn(Reply(Notice(("Well.",), tone)))[0]["accent_color"] for tone in TONES}  # type: ignore[arg-type]
    assert tones == TONES


def test_what_the_renderer_adds_is_in_the_language_of_the_reply() -> None:
    listing = Listing("风筝", (Entry("一", action=Action("", "paper", ("one",))),), 9)
    english, chinese = (drawn(Reply(listing, language=tag)) for tag in ("en", "zh-CN"))
    labels = [[one["label"] for one in every(parts) if one["type"] == BUTTON] for parts in (english, chinese)]
    assert labels[0] == ["Open"]
    assert labels[1] == [speech("zh-CN")("Open")]


def test_the_library_keeps_no_view_to_wait_for_its_buttons() -> None:
    async def finished() -> bool:
        return DiscordRenderer(speech).view(Reply(Notice(("Well.",)), (Action("Go", "browse"),))).is_finished()

    assert asyncio.run(finished())


def test_a_formula_is_readable() -> None:
    assert seen(texts(Reply(Card("The $\\beta$ of $x_1$")))[0]).text == "The β of x₁"
