"""Replies as Telegram messages: nothing beyond a limit, nothing Telegram would refuse, and what a reader sees."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.telegram.entities import link_problem, problems_of

from roadmap_bot.adapters.telegram.inline import inline_answer
from roadmap_bot.adapters.telegram.project import LANGUAGES, projection
from roadmap_bot.adapters.telegram.render import LONGEST_TEXT, Rendered, alert, render
from roadmap_bot.adapters.telegram.writing import linkable, visible
from roadmap_bot.core.action import Action, Visit, decode
from roadmap_bot.core.command import Request
from roadmap_bot.core.reply import Card, Entry, Field, Listing, Notice, Reply, Span
from roadmap_bot.core.speech import Speech
from roadmap_bot.core.wording import utf16
from roadmap_bot.engine import Engine
from roadmap_bot.translations import speech
from samples import HOSTILE, every_reply, hostile_replies

_ORDERS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def shown(reply: Reply) -> Rendered:
    """A reply in English."""
    return render(reply, Speech())


def entities_of(message: Rendered) -> list[dict[str, Any]]:
    """The entities as the Bot API gets them."""
    return [entity.to_dict() for entity in message.entities]


def styled(message: Rendered, kind: str) -> list[str]:
    """The pieces of the text that carry an entity of a kind."""
    units = message.text.encode("utf-16-le")
    return [
        units[2 * one.offset : 2 * (one.offset + one.length)].decode("utf-16-le")
        for one in message.entities
        if one.type == kind
    ]


def rows(message: Rendered) -> list[list[str]]:
    """The labels of the keyboard."""
    return [[button.text for button in row] for row in message.keyboard.inline_keyboard] if message.keyboard else []


def mistakes(message: Rendered) -> list[str]:
    """Everything Telegram would refuse about a message; an empty list when it is right."""
    found = problems_of(message.text, entities_of(message))
    if utf16(message.text) > LONGEST_TEXT or not visible(message.text) or message.text != message.text.strip():
        found.append("the text is empty, too long, or has blanks around it")
    if _ORDERS.search(message.text) or len(message.entities) > 100:
        found.append("the text gives orders, or has too many entities")
    buttons = [button for row in message.keyboard.inline_keyboard for button in row] if message.keyboard else []
    if len(buttons) > 100 or any(not 1 <= len(row) <= 8 for row in rows(message)):
        found.append("too many buttons")
    for button in buttons:
        if not visible(button.text) or utf16(button.text) > 40 or _ORDERS.search(button.text) or "\n" in button.text:
            found.append(f"the label {button.text!r}")
        if isinstance(button.callback_data, str):
            if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", button.callback_data):
                found.append(f"the data {button.callback_data!r}")
            decode(button.callback_data)
        elif button.url is None or link_problem(button.url):
            found.append(f"the address {button.url!r}")
    found += [f"the link {one.url}" for one in message.entities if one.url and link_problem(one.url)]
    if message.preview.url and link_problem(str(message.preview.url)):
        found.append("the preview")
    return found


def test_every_reply_of_the_features_is_a_message_telegram_takes(engine: Engine) -> None:
    for name, reply in every_reply(engine).items():
        for language in ("en", "zh-CN"):
            assert mistakes(render(reply, speech(language))) == [], (name, language)


def test_no_text_breaks_out_of_its_place() -> None:
    for name, reply in hostile_replies().items():
        message = shown(reply)
        assert mistakes(message) == [], name
        hosts = {one.url.split("/")[2] for one in message.entities if one.url}
        assert hosts <= {"example.org"}, name


words = st.text(alphabet=st.characters(), max_size=40) | st.sampled_from(HOSTILE)
long = st.builds(lambda word, times: word * times, words, st.integers(1, 300))
urls = st.sampled_from(
    ["https://example.org/a", "javascript:alert(1)", "https://nodot", "http://a.b:99999/", "tg://user?id=1", "", "x y"]
)
styles = st.sampled_from(["plain", "strong", "emphasis", "code", "faint"])
spans = st.builds(Span, words | long, styles, st.none() | urls | words)
texts = st.one_of(words, long, st.lists(spans, max_size=4).map(tuple))
actions = st.builds(Action, words, st.just("paper"), st.tuples(words))
buttons = st.lists(st.one_of(actions, st.builds(Visit, words, urls | words)), max_size=12).map(tuple)
entries = st.builds(Entry, texts, texts, texts, st.none() | actions)
bodies = st.one_of(
    st.builds(
        Card,
        texts,
        texts,
        st.tuples(words | long),
        st.lists(texts, max_size=4).map(tuple),
        st.lists(st.builds(Field, words, texts), max_size=6).map(tuple),
    ),
    st.builds(
        Listing,
        texts,
        st.builds(lambda some, times: tuple(some * times), st.lists(entries, max_size=4), st.integers(1, 40)),
        st.integers(0, 9999),
        st.integers(1, 9999),
        introduction=st.lists(texts, max_size=2).map(tuple),
    ),
    st.builds(
        Notice,
        st.lists(texts, max_size=5).map(tuple),
        st.sampled_from(["information", "nothing", "error"]),
        texts,
        st.lists(st.builds(Field, words, texts), max_size=6).map(tuple),
    ),
)


@given(st.builds(Reply, bodies, buttons, st.booleans()))
@settings(max_examples=60, deadline=None)
def test_anything_is_a_message_telegram_takes(reply: Reply) -> None:
    assert mistakes(shown(reply)) == []
    text = alert(reply)
    assert text is None or (visible(text) and utf16(text) <= 200)


@given(urls | st.from_regex(r"https?://[a-z0-9._:@\[\]\\%-]{1,20}(/[^\s]{0,9})?", fullmatch=True))
@settings(max_examples=100, deadline=None)
def test_an_address_that_is_linked_is_one_telegram_takes(url: str) -> None:
    assert not linkable(url) or link_problem(url) is None


def test_a_work_is_a_card_with_its_place_its_link_and_a_small_picture(small_engine: Engine) -> None:
    message = shown(small_engine.handle(Request("ask", ("ZephyrNet",))))
    lines = message.text.split("\n")
    assert lines[:3] == [
        "Ground School › Reading the Wind",
        "ZephyrNet: Guessing Gusts from Grass",
        "paper · 2 May 2019 · Windy Hill Workshop 2019",
    ]
    assert "Authors  Ada Brisk, Bo Calm, Cy Draught et al." in lines
    assert styled(message, "text_link")[0] == lines[1]
    assert lines[1] in styled(message, "bold")
    assert styled(message, "italic") == [lines[0]]
    assert len(styled(message, "blockquote")) == 1
    assert rows(message) == [["Open section: Reading the Wind"], ["Similar", "Code"]]
    assert message.preview.url == "https://kites.example/zephyrnet.pdf"
    assert message.preview.prefer_small_media
    assert not message.preview.show_above_text


def test_a_list_has_small_buttons_with_the_numbers_of_its_lines(engine: Engine) -> None:
    reply = engine.handle(Request("search", ("language model", "2")))
    message = shown(reply)
    numbers = [str(number) for number in range(9, 17)]
    assert rows(message)[0] == numbers
    assert [line.split(".")[0] for line in message.text.split("\n") if re.match(r"\d+\. ", line)] == numbers
    assert isinstance(reply.body, Listing)
    keyboard = message.keyboard
    assert keyboard is not None
    for button, entry in zip(keyboard.inline_keyboard[0], reply.body.entries, strict=True):
        assert entry.action is not None
        assert decode(str(button.callback_data)) == (entry.action.command, entry.action.args)
    assert rows(message)[1] == ["More", "Back"]
    assert message.preview.is_disabled


@pytest.mark.parametrize("count", [8, 40, 50])
def test_a_long_list_shows_less_of_each_entry_before_it_leaves_any_out(count: int) -> None:
    made = [Entry("t" * 90, "d" * 200, "n" * 300, Action("", "paper", (str(number),))) for number in range(count)]
    message = shown(Reply(Listing("Everything", tuple(made), count)))
    assert mistakes(message) == []
    assert len(re.findall(r"^\d+\. t", message.text, re.MULTILINE)) == count
    assert sum(len(row) for row in rows(message)) == count


def test_a_list_that_is_cut_ends_with_an_entry_and_says_how_to_see_the_rest() -> None:
    made = [Entry("t" * 90, action=Action("", "paper", (str(number),))) for number in range(300)]
    message = shown(Reply(Listing("Everything", tuple(made), 300)))
    assert mistakes(message) == []
    *_, last, empty, end = message.text.split("\n")
    numbers = len(re.findall(r"^\d+\. t{59}…$", message.text, re.MULTILINE))
    assert numbers > 50
    assert last.startswith(f"{numbers}. ")
    assert empty == ""
    assert end == f"… and {300 - numbers} more. Ask for something narrower to see them."
    assert f"1–{numbers} of 300" in message.text


def test_offsets_count_as_telegram_counts() -> None:
    message = shown(Reply(Notice((("🪁👩‍👩‍👧 ", Span("kite", "strong"))[1:],), title="🪁🪁")))
    assert styled(message, "bold") == ["🪁🪁", "kite"]
    assert message.entities[0].length == 4
    card = Card((Span("🪁" * 200, "strong"),), paragraphs=("🪁 " * 2000,))
    cut = shown(Reply(card))
    assert mistakes(cut) == []
    assert cut.text.count("…") == 2


def test_formulas_are_readable_and_code_stays_as_it_is() -> None:
    message = shown(Reply(Notice(("$\\alpha_1$ and", (Span("x_1^2", "code"),)))))
    assert "α₁ and" in message.text
    assert styled(message, "code") == ["x_1^2"]


def test_help_is_a_line_for_each_command_that_can_be_pressed(engine: Engine) -> None:
    message = shown(engine.handle(Request("help")))
    lines = message.text.split("\n")
    assert [line for line in lines if line.startswith("/search")] != []
    assert {one for one in styled(message, "bold") if one.startswith("/")} >= {"/ask", "/search", "/browse"}


def test_buttons_that_would_be_refused_are_left_out() -> None:
    ways = (
        Action("Fits", "paper", ("lora",)),
        Action("Too long", "paper", ("x" * 80,)),
        Visit("Nowhere", "javascript:alert(1)"),
        Visit("Here", "https://example.org/"),
        Action("A label so long that no telephone could ever show all of it", "help"),
    )
    message = shown(Reply(Notice(("Choose.",)), ways))
    assert rows(message) == [["Fits", "Here"], ["A label so long that no telephone could…"]]


def test_only_a_short_private_error_is_an_alert() -> None:
    error = Reply(Notice(("This button is from another time.",), "error"), private=True)
    assert alert(error) == "This button is from another time."
    assert alert(replace(error, private=False)) is None
    assert alert(replace(error, body=Notice(("No.",)))) is None
    assert alert(replace(error, body=Notice(("x" * 201,), "error"))) is None
    assert alert(replace(error, body=Notice(("🪁" * 100,), "error"))) == "🪁" * 100


def test_what_is_registered_is_what_telegram_takes(engine: Engine) -> None:
    for locale in LANGUAGES.values():
        wanted = projection(engine, locale)
        assert 0 < utf16(wanted.description) <= 512
        assert 0 < utf16(wanted.short_description) <= 120
        for menu in wanted.menus.values():
            assert {"ask", "search", "browse", "help", "settings"} <= {name for name, _ in menu}
            assert not {"start", "language"} & {name for name, _ in menu}
            assert all(re.fullmatch(r"[a-z0-9_]{1,32}", name) for name, _ in menu)
            assert all(1 <= utf16(about) <= 256 for _, about in menu)


@pytest.mark.parametrize("query", ["", "LoRA", "diffusion", "zzzzqqq", "x" * 3000, *HOSTILE])
def test_every_inline_answer_is_one_telegram_takes(engine: Engine, query: str) -> None:
    today = engine.context.now().date()
    answer = inline_answer(engine, query, "", who="1", locale="en", today=today)
    identities = [one.id for one in answer.results]
    assert len(set(identities)) == len(identities) <= 50
    assert bool(answer.results) != bool(answer.button)
    for one in answer.results:
        assert 1 <= len(one.id.encode()) <= 64
        assert visible(one.title)
        content = one.input_message_content
        rendered = Rendered(
            content.message_text,  # type: ignore[attr-defined]
            content.entities,  # type: ignore[attr-defined]
            one.reply_markup,
            content.link_preview_options,  # type: ignore[attr-defined]
        )
        assert mistakes(rendered) == []


def test_inline_pages_follow_each_other_and_end(engine: Engine) -> None:
    today = engine.context.now().date()
    offset, seen = "", []
    for _ in range(10):
        answer = inline_answer(engine, "language model", offset, who="1", locale="en", today=today)
        seen += [one.id for one in answer.results]
        offset = answer.next_offset
        if not offset:
            break
    assert offset == ""
    assert len(seen) == len(set(seen)) > 10
    forged = inline_answer(engine, "language model", "drop table", who="1", locale="en", today=today)
    assert [one.id for one in forged.results] == seen[:10]
