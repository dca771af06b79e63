"""The terminal: what is drawn at any width, what a line presses, and that nothing typed ends the chat."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prompt_toolkit.completion import CompleteEvent, Completion
from prompt_toolkit.document import Document
from rich.cells import cell_len

from roadmap_bot.adapters.terminal import TerminalChat, TerminalRenderer
from roadmap_bot.adapters.terminal.completion import RoadmapCompleter
from roadmap_bot.core.action import Action, Visit
from roadmap_bot.core.command import Command, Request
from roadmap_bot.core.reply import Card, Entry, Field, Listing, Notice, Reply, Span, plain
from roadmap_bot.engine import Engine
from roadmap_bot.features import TERMINAL_COMMANDS
from roadmap_bot.features.context import Context
from samples import HOSTILE, REQUESTS, every_reply, hostile_replies

# What Rich itself writes: styles, and links as OSC 8.
_STYLING = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b\x07]*;[^\x1b\x07]*\x1b\\")
_COLOURS = re.compile(r"\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m")
_FORBIDDEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
WIDTHS = (1, 20, 21, 27, 33, 40, 57, 80, 100, 133, 200)


def drawn(reply: Reply, *, width: int = 100, rich: bool = False, alone: bool = False) -> str:
    """The characters a reply sends to a terminal, or to a pipe."""
    stream = io.StringIO()
    renderer = TerminalRenderer(stream, width=width, rich=rich)
    (renderer.show_alone if alone else renderer.show)(reply)
    return stream.getvalue()


def chat_over(engine: Engine) -> TerminalChat:
    """A chat whose replies are looked at, not shown."""
    return TerminalChat(engine, TerminalRenderer(io.StringIO()))


def title(reply: Reply) -> str:
    """The title of a reply, or its first sentence."""
    return plain(reply.body.title) or plain(reply.body.paragraphs[0])  # type: ignore[union-attr]


# --- drawing ---------------------------------------------------------------------------------------------------------


def test_the_samples_hold_every_command_and_every_form_of_reply(engine: Engine) -> None:
    assert {request.command for request in REQUESTS.values()} >= {command.name for command in TERMINAL_COMMANDS}
    replies = every_reply(engine).values()
    assert {type(reply.body) for reply in replies} == {Card, Listing, Notice}
    assert {reply.body.tone for reply in replies if isinstance(reply.body, Notice)} == {
        "information",
        "nothing",
        "error",
    }
    assert not any("went wrong" in title(reply) for reply in replies)


@pytest.mark.parametrize("rich", [True, False], ids=["terminal", "pipe"])
@pytest.mark.parametrize("width", WIDTHS)
def test_every_reply_is_drawn_within_the_width(engine: Engine, width: int, rich: bool) -> None:
    for name, reply in (every_reply(engine) | hostile_replies()).items():
        for line in _STYLING.sub("", drawn(reply, width=width, rich=rich)).splitlines():
            assert cell_len(line.rstrip()) <= max(width, 20) or "://" in line, (name, line)


@pytest.mark.parametrize("rich", [True, False], ids=["terminal", "pipe"])
def test_no_text_can_give_orders_to_the_terminal(rich: bool) -> None:
    for name, reply in hostile_replies().items():
        text = drawn(reply, rich=rich)
        assert not _FORBIDDEN.search(_STYLING.sub("", text) if rich else text), name
        assert "evil.example\x1b" not in text, name


words = st.text(alphabet=st.characters(), max_size=40)
spans = st.builds(Span, words, st.sampled_from(["plain", "strong", "emphasis", "code", "faint"]), st.none() | words)
texts = st.one_of(words, st.lists(spans, max_size=3).map(tuple))
actions = st.builds(Action, words, st.just("paper"), st.tuples(words))
buttons = st.lists(st.one_of(actions, st.builds(Visit, words, words)), max_size=4).map(tuple)
bodies = st.one_of(
    st.builds(
        Card,
        texts,
        texts,
        st.tuples(words),
        st.lists(texts, max_size=2).map(tuple),
        st.lists(st.builds(Field, words, texts), max_size=3).map(tuple),
    ),
    st.builds(
        Listing,
        texts,
        st.lists(st.builds(Entry, texts, texts, texts, st.none() | actions), max_size=3).map(tuple),
        st.integers(0, 9999),
        st.integers(1, 9999),
    ),
    st.builds(Notice, st.lists(texts, max_size=3).map(tuple), st.sampled_from(["information", "nothing", "error"])),
)


@given(st.builds(Reply, bodies, buttons), st.integers(1, 200), st.booleans())
@settings(max_examples=60)
def test_anything_is_drawn_safely_at_any_width(reply: Reply, width: int, rich: bool) -> None:
    text = _STYLING.sub("", drawn(reply, width=width, rich=rich))
    assert not _FORBIDDEN.search(text)


def test_plain_text_has_no_escape_codes_no_trailing_blanks_and_no_blanks_that_are_none(engine: Engine) -> None:
    for name, reply in every_reply(engine).items():
        for alone in (True, False):
            text = drawn(reply, alone=alone)
            assert "\x1b" not in text, name
            assert "\u00a0" not in text, name
            assert [line for line in text.split("\n") if line != line.rstrip()] == [], name
            assert text.endswith("\n"), name


def test_an_address_is_never_broken_over_lines_so_it_can_be_copied(engine: Engine) -> None:
    long = [one for one in engine.context.catalogue.resources() if any(len(link.url) > 80 for link in one.links)]
    assert long
    for resource in long[:20]:
        shown = drawn(_reply_to(engine, f"/paper {resource.id}"), width=40)
        assert all(link.url in shown for link in resource.links), resource.id


def test_a_card_shows_where_it_sits_what_it_is_and_where_to_find_it(small_engine: Engine) -> None:
    lines = drawn(_reply_to(small_engine, "ZephyrNet"), width=72).splitlines()
    assert lines[:4] == [
        "Ground School › Reading the Wind",
        "ZephyrNet: Guessing Gusts from Grass",
        "paper · 2 May 2019 · Windy Hill Workshop 2019",
        "",
    ]
    assert lines[-8:] == [
        "What to read  Section 2",
        "Authors       Ada Brisk, Bo Calm, Cy Draught et al.",
        "Also in       Loops and Turns",
        "Links         Paper  https://kites.example/zephyrnet.pdf",
        "              Code  https://kites.example/zephyrnet-code",
        "",
        "[1] Open section: Reading the Wind   [2] Similar   [3] Code",
        "",
    ]


def test_a_narrow_terminal_gets_names_and_texts_below_each_other(small_engine: Engine) -> None:
    lines = drawn(_reply_to(small_engine, "ZephyrNet"), width=24).splitlines()
    place = lines.index("Authors")
    assert lines[place + 1] == "  Ada Brisk, Bo Calm, Cy"
    assert "  Paper  https://kites.example/zephyrnet.pdf" in lines


def test_a_button_is_not_broken_in_its_middle(small_engine: Engine) -> None:
    for width in (37, 45):
        lines = drawn(_reply_to(small_engine, "ZephyrNet"), width=width).splitlines()
        assert lines[-3:-1] == ["[1] Open section: Reading the Wind", "[2] Similar   [3] Code"]


def test_a_line_break_inside_a_text_breaks_no_line() -> None:
    notice = Notice(("one\ntwo", (Span("three\nfour"),)), title="a\ntitle")
    assert drawn(Reply(notice), alone=True) == "a title\none two\nthree four\n"


def test_a_page_says_which_part_of_the_whole_it_is_and_numbers_go_on(small_engine: Engine) -> None:
    text = drawn(_reply_to(small_engine, "/section launch"))
    assert "Launching  1–8 of 20" in text
    chat = chat_over(small_engine)
    chat.answer("/section launch")
    second = drawn(chat.answer("more"))
    assert "Launching  9–16 of 20" in second
    assert "\n  9 Launch Diary, Day 9  tutorial · 2009\n" in second
    assert "[17] More   [18] Back" in second


def test_an_empty_section_says_so(small_engine: Engine) -> None:
    assert "Nothing here yet." in drawn(_reply_to(small_engine, "/section knots"))


def test_links_can_be_clicked_where_the_terminal_can_and_bold_is_used(small_engine: Engine) -> None:
    text = drawn(_reply_to(small_engine, "ZephyrNet"), rich=True)
    assert re.search(r"\x1b\]8;[^;]*;https://kites\.example/zephyrnet\.pdf\x1b\\", text)
    assert "\x1b[1" in text


def test_no_colour_is_used_where_nobody_wants_any(small_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    reply = _reply_to(small_engine, "zzzzqqq")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert _COLOURS.search(drawn(reply, rich=True))
    monkeypatch.setenv("NO_COLOR", "1")
    assert not _COLOURS.search(drawn(reply, rich=True))


# --- the conversation ------------------------------------------------------------------------------------------------


def test_a_number_presses_what_carries_it(small_engine: Engine) -> None:
    chat = chat_over(small_engine)
    chat.answer("browse")
    assert title(chat.answer("2")) == "In the Air"
    assert title(chat.answer(" 1 ")) == "Loops and Turns"
    assert title(chat.answer("2")) == "ZephyrNet: Guessing Gusts from Grass"
    assert title(chat.answer("1")) == "Reading the Wind"


def test_a_number_on_a_later_page_presses_what_carries_it_there(small_engine: Engine) -> None:
    chat = chat_over(small_engine)
    chat.answer("/section launch")
    chat.answer("More")
    assert title(chat.answer("10")) == "Launch Diary, Day 10"


@pytest.mark.parametrize(
    ("label", "leads_to"),
    [
        ("Open section: Reading the Wind", "Reading the Wind"),
        ("open section", "Reading the Wind"),
        ("OPEN SECTION", "Reading the Wind"),
        ("similar", "Similar to ZephyrNet: Guessing Gusts from Grass"),
        ("code", "Code: https://kites.example/zephyrnet-code"),
    ],
)
def test_a_label_presses_its_button(small_engine: Engine, label: str, leads_to: str) -> None:
    chat = chat_over(small_engine)
    chat.answer("ZephyrNet")
    assert title(chat.answer(label)) == leads_to


def test_up_more_and_back_press_their_buttons(small_engine: Engine) -> None:
    chat = chat_over(small_engine)
    first = chat.answer("/section launch")
    assert title(chat.answer("more")) == "Launching"
    assert chat.answer("back") == replace(first, replaces=True)
    assert title(chat.answer("up")) == "In the Air"
    assert title(chat.answer("up")) == "Kite School"


def test_a_commands_name_is_the_command_even_where_a_button_is_called_so(small_engine: Engine) -> None:
    def menu(_context: Context, _request: Request) -> Reply:
        return Reply(Notice(("Choose.",)), (Action("Help: with the menu", "menu"), Action("Next", "menu")))

    commands = (*TERMINAL_COMMANDS, Command("menu", "A menu", "menu", menu))
    chat = chat_over(Engine(replace(small_engine.context, commands=commands)))
    assert title(chat.answer("menu")) == "Choose."
    assert title(chat.answer("help: with the menu")) == "Choose."
    assert title(chat.answer("help")) == "What you can do"
    assert title(chat.answer("next")).startswith("Start with")


def test_help_and_mistakes_leave_the_last_choices_in_force(small_engine: Engine) -> None:
    chat = chat_over(small_engine)
    chat.answer("browse")
    chat.answer("help")
    chat.answer("/frobnicate")
    chat.answer("77")
    assert title(chat.answer("2")) == "In the Air"


@pytest.mark.parametrize("number", ["0", "5", "99", "999", "000", "٧"])
def test_a_number_that_presses_nothing_is_told_which_do(small_engine: Engine, number: str) -> None:
    chat = chat_over(small_engine)
    chat.answer("browse")
    if number == "5":
        assert isinstance(chat.answer(number).body, Card)  # the last one: something at random
        return
    assert "Type a number from 1 to 5, or ask anything." in title(chat.answer(number))


@pytest.mark.parametrize("number", ["-1", "1.0", "²", "1e1", "½", "2023", "1234567890123456789", "9" * 5000])
def test_what_is_no_number_of_a_choice_is_a_question(small_engine: Engine, number: str) -> None:
    chat = chat_over(small_engine)
    chat.answer("browse")
    assert "There is no choice" not in title(chat.answer(number))


def test_a_number_before_anything_was_said_is_a_question(small_engine: Engine) -> None:
    assert "There is no choice" not in title(chat_over(small_engine).answer("3"))


def test_entries_that_lead_nowhere_offer_no_numbers(engine: Engine) -> None:
    chat = chat_over(engine)
    text = drawn(chat.answer("sources"))
    assert " 1 " not in text
    assert "There is no choice" not in title(chat.answer("1"))


def test_the_chat_knows_in_which_section_the_person_stands(small_engine: Engine) -> None:
    chat = chat_over(small_engine)
    assert title(chat.answer("next")) == "Start with: Reading the Wind"
    assert title(chat.answer("next")) == "Next: Launching"
    chat.answer("help")
    assert title(chat.answer("/section")) == "Launching"
    assert title(chat.answer("next")) == "Next: Loops and Turns"
    assert "That was the last section" in title(chat.answer("next"))
    chat.answer("browse")
    assert title(chat.answer("where to start")) == "Reading the Wind"
    assert title(chat.answer("next")) == "Next: Launching"


lines = st.one_of(
    st.text(alphabet=st.characters(), max_size=60),
    st.sampled_from(["browse", "1", "9", "more", "up", "next", "/section", "random", "/help ask", "similar", "/"]),
    st.sampled_from(HOSTILE),
)


@given(st.lists(lines, min_size=1, max_size=8))
@settings(max_examples=80)
def test_the_chat_survives_any_conversation(small_engine: Engine, conversation: list[str]) -> None:
    chat = chat_over(small_engine)
    for line in conversation:
        reply = chat.answer(line)
        assert "went wrong on our side" not in title(reply)
        assert not _FORBIDDEN.search(drawn(reply))


@pytest.mark.parametrize(
    "line", ["x" * 100_000, "风" * 100_000, "/" * 100_000, "/section " + "a " * 50_000, "1" * 100_000]
)
def test_the_chat_survives_a_line_of_100000_characters(small_engine: Engine, line: str) -> None:
    reply = chat_over(small_engine).answer(line)
    assert "went wrong" not in title(reply)
    assert len(drawn(reply)) < 4_000


# --- completion ------------------------------------------------------------------------------------------------------


def completions(engine: Engine, line: str) -> list[Completion]:
    """What Tab offers at the end of a line."""
    return list(RoadmapCompleter(engine).get_completions(Document(line), CompleteEvent(completion_requested=True)))


def accepted(line: str, completion: Completion) -> str:
    """The line after a completion was taken."""
    return line[: len(line) + completion.start_position] + completion.text


def test_tab_completes_titles_and_names(small_engine: Engine) -> None:
    for line in ("Zeph", "zephyrnet: gu", "/paper zeph", "/ask Zephy", "/search zephyr"):
        taken = [accepted(line, one) for one in completions(small_engine, line)]
        head = line.split(" ")[0] + " " if line.startswith("/") else ""
        assert f"{head}ZephyrNet: Guessing Gusts from Grass" in taken, line


def test_tab_after_a_slash_completes_commands_and_never_hidden_ones(small_engine: Engine) -> None:
    offered = [one.text for one in completions(small_engine, "/")]
    assert offered == [command.name for command in TERMINAL_COMMANDS if not command.hidden]
    assert [accepted("/SEC", one) for one in completions(small_engine, "/SEC")] == ["/section"]
    assert [one.display_meta_text for one in completions(small_engine, "/nex")] == [
        "The next section to study, and what it holds"
    ]


@pytest.mark.parametrize("command", ["section", "browse", "next", "SECTION"])
def test_tab_offers_only_sections_where_a_section_is_wanted(small_engine: Engine, command: str) -> None:
    line = f"/{command} l"
    offered = completions(small_engine, line)
    assert f"/{command} Launching" in [accepted(line, one) for one in offered]
    assert all(one.display_meta_text == "section" for one in offered)


def test_tab_after_help_completes_commands(small_engine: Engine) -> None:
    assert [accepted("/help se", one) for one in completions(small_engine, "/help se")] == [
        "/help search",
        "/help section",
        "/help settings",
    ]


@pytest.mark.parametrize(
    "line", ["", "   ", "/quit Z", "/about Z", "/frobnicate Z", "/ ", "zzzzqqq", "%", "\x00", "\ud83d"]
)
def test_tab_offers_nothing_where_there_is_nothing_to_offer(small_engine: Engine, line: str) -> None:
    assert completions(small_engine, line) == []


def test_tab_offers_a_choice_that_can_be_looked_over(engine: Engine) -> None:
    for start in "abcdefghijklmnopqrstuvwxyz":
        assert len(completions(engine, start)) <= 12


@given(st.text(alphabet=st.characters(), max_size=60), st.sampled_from(["", "/", "/section ", "/help "]))
def test_tab_survives_any_line(small_engine: Engine, text: str, start: str) -> None:
    line = start + text
    for completion in completions(small_engine, line):
        assert -len(line) <= completion.start_position <= 0


def test_what_tab_offers_is_found_when_it_is_asked(engine: Engine) -> None:
    for start in ("Lo", "attention is", "dif", "vision", "agent", "effic"):
        for completion in completions(engine, start):
            reply = _reply_to(engine, completion.text)
            # Two things may be called so; then both are listed.
            listed = [plain(entry.title) for entry in reply.body.entries] if isinstance(reply.body, Listing) else []
            assert any(name.startswith(completion.text) for name in (title(reply), *listed)), completion.text


# --- a real chat in a real terminal ----------------------------------------------------------------------------------


class Terminal:
    """A pseudo terminal with the chat running in it."""

    def __init__(self, home: Path, cache: Path) -> None:
        self._main, side = pty.openpty()
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 90, 0, 0))
        environment = {
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            "ROADMAP_BOT_ROADMAP__CACHE": str(cache),
            "ROADMAP_BOT_CHAT__HISTORY": str(home / "history"),
            # Nobody answers where the cursor is; prompt_toolkit would wait for it.
            "PROMPT_TOOLKIT_NO_CPR": "1",
        }
        command = [sys.executable, "-m", "roadmap_bot", "chat"]
        self.process = subprocess.Popen(
            command, stdin=side, stdout=side, stderr=side, env=environment, start_new_session=True
        )
        os.close(side)
        self.seen = ""
        self._bytes = b""

    def type(self, keys: bytes) -> None:
        """Sends keys."""
        os.write(self._main, keys)

    def until(self, text: str, since: int = 0) -> str:
        """Waits for a text after a place of what was shown, and returns what was shown after that place."""
        deadline = time.monotonic() + 20
        while text not in self.seen[since:]:
            assert time.monotonic() < deadline, f"{text!r} was not shown in {self.seen[since:]!r}"
            if not self._read():
                break
        assert text in self.seen[since:], self.seen[since:]
        return self.seen[since:]

    def answered(self, text: str, since: int = 0) -> int:
        """Waits for a text and the prompt after it; the place where the next line begins."""
        self.until(text, since)
        # What is typed before the prompt stands belongs to the terminal's own line editing: it may get lost.
        self.until("›", self.seen.index(text, since) + len(text))
        return len(self.seen)

    def end(self) -> int:
        """Waits until the chat has left; its exit status."""
        deadline = time.monotonic() + 20
        while self._read() and time.monotonic() < deadline:
            pass
        return self.process.wait(5)

    def close(self) -> None:
        """Ends whatever still runs."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._main)

    def _read(self, seconds: float = 1) -> bool:
        """Reads what is there; False when the other side is gone."""
        if not select.select([self._main], [], [], seconds)[0]:
            return self.process.poll() is None
        try:
            got = os.read(self._main, 65_536)
        except OSError:
            return False
        self._bytes += got
        decoded = self._bytes.decode("utf-8", "replace")
        self.seen = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)", "", decoded)
        return bool(got)


@pytest.fixture
def terminal(tmp_path: Path, bundled_cache: Path) -> Iterator[Callable[[], Terminal]]:
    """Opens terminals with a chat in them."""
    opened: list[Terminal] = []

    def open_terminal() -> Terminal:
        opened.append(Terminal(tmp_path, bundled_cache))
        return opened[-1]

    yield open_terminal
    for one in opened:
        one.close()


def test_a_person_types_presses_tab_and_leaves(terminal: Callable[[], Terminal], tmp_path: Path) -> None:
    screen = terminal()
    screen.answered("/quit leaves.")
    screen.type(b"LoRA\r")
    place = screen.answered("[1] Open section: Efficient Finetuning")
    screen.type(b"attention is all y\t")
    screen.until(" Attention Is All You Need", place)
    screen.type(b"\t\r")
    place = screen.answered("[1] Open section: Transformer Architecture   [2] Similar", place)
    screen.type(b"/quit\r")
    screen.until("Good-bye.", place)
    assert screen.end() == 0
    assert "Traceback" not in screen.seen
    assert "+LoRA\n" in (tmp_path / "history").read_text(encoding="utf-8")


def test_stray_bytes_control_keys_and_a_lost_history_do_not_end_the_chat(
    terminal: Callable[[], Terminal], tmp_path: Path
) -> None:
    (tmp_path / "history").mkdir()
    screen = terminal()
    place = screen.answered("/quit leaves.")
    screen.type(b"half a line\x03")
    place = screen.answered("half a line", place)
    screen.type(b"\xff\xfe\xed\xa0\x80 zzzzqqq\r")
    place = screen.answered("Browse the roadmap", place)
    screen.type(b"\x1b[200~pasted\x1b[31m\x00\x07text\nsecond line\x1b[201~\r")
    place = screen.answered("Browse the roadmap", place)
    screen.type(b"browse\r")
    screen.answered("Where to start", place)
    screen.type(b"\x04")
    assert screen.end() == 0
    assert "Traceback" not in screen.seen
    assert "Unhandled exception" not in screen.seen


def _reply_to(engine: Engine, line: str) -> Reply:
    return engine.handle(Request(*engine.read(line)))
