"""The engine: lines are read, actions pressed, commands found, and whatever goes wrong ends in a sentence."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadmap_bot.core.action import Action, decode, encode
from roadmap_bot.core.command import Command, Request
from roadmap_bot.core.errors import BadToken, NotFound, UserError
from roadmap_bot.core.reply import Card, Listing, Notice, Reply, plain
from roadmap_bot.engine import Engine
from roadmap_bot.features import TERMINAL_COMMANDS
from roadmap_bot.features.context import Context

anything = st.text(alphabet=st.characters(), max_size=60)


def said(reply: Reply) -> str:
    """The words of a notice."""
    assert isinstance(reply.body, Notice), reply
    return " ".join(plain(paragraph) for paragraph in reply.body.paragraphs)


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("LoRA", ("ask", ("LoRA",))),
        ("  what is attention?  \n", ("ask", ("what is attention?",))),
        ("/search long context", ("search", ("long context",))),
        ("/SEARCH   long  context ", ("search", ("long  context",))),
        ("/search\tlong context", ("search", ("long context",))),
        ("/next", ("next", ())),
        ("next", ("next", ())),
        ("Browse", ("browse", ())),
        ("exit", ("exit", ())),
        ("help me understand attention", ("ask", ("help me understand attention",))),
        ("next steps after CLIP", ("ask", ("next steps after CLIP",))),
        ("/", ("", ())),
        ("/frobnicate now", ("frobnicate", ("now",))),
    ],
)
def test_a_line_is_a_command_only_with_a_slash_or_when_it_is_nothing_else(
    small_engine: Engine, line: str, read: tuple[str, tuple[str, ...]]
) -> None:
    assert small_engine.read(line) == read


def test_two_commands_of_one_name_are_refused_when_the_bot_starts(small_engine: Engine) -> None:
    second = Command("exit", "Another way out", "exit", TERMINAL_COMMANDS[-1].run)
    with pytest.raises(ValueError, match="two commands are called 'exit'"):
        Engine(replace(small_engine.context, commands=(*TERMINAL_COMMANDS, second)))


@pytest.mark.parametrize("command", ["frobnicate", "", "ASK", "x" * 5000])
def test_an_unknown_command_is_answered_with_the_way_to_help(small_engine: Engine, command: str) -> None:
    reply = small_engine.handle(Request(command))
    assert "Type /help" in said(reply)
    assert len(said(reply)) < 150
    assert reply.private


def test_pressing_a_button_does_what_its_label_says(engine: Engine) -> None:
    card = engine.handle(Request("ask", ("LoRA",)))
    opened = engine.press(encode(_action(card, "Open section: Efficient Finetuning")), Request(""))
    assert isinstance(opened.body, Listing)
    assert opened.body.title == "Efficient Finetuning"


def test_a_button_remembers_nothing_so_it_works_after_a_restart(engine: Engine) -> None:
    token = encode(_action(engine.handle(Request("ask", ("LoRA",))), "Similar"))
    restarted = Engine(engine.context)
    assert restarted.press(token, Request("")) == engine.press(token, Request(""))


@pytest.mark.parametrize("token", ["", "nonsense", "9_ask_lora", "1_ask_Z77777777Z", "1_" + "a" * 80])
def test_a_forged_button_is_answered_kindly(small_engine: Engine, token: str) -> None:
    assert said(small_engine.press(token, Request(""))).startswith("This button is from another time")


def test_a_button_for_something_that_is_gone_is_answered_kindly(small_engine: Engine) -> None:
    gone = small_engine.press(encode(Action("", "section", ("balloons-of-old",))), Request(""))
    assert "Type /browse" in said(gone)
    gone = small_engine.press(encode(Action("", "similar", ("balloon-book",))), Request(""))
    assert "not on the roadmap (any more)" in said(gone)
    assert "There is no command" in said(small_engine.press(encode(Action("", "juggle")), Request("")))


@given(st.text(max_size=70))
def test_no_token_breaks_the_engine(small_engine: Engine, token: str) -> None:
    _well_answered(small_engine.press(token, Request("", who="somebody")))


@given(
    st.sampled_from([command.name for command in TERMINAL_COMMANDS]),
    st.lists(anything, max_size=3),
    st.none() | anything,
)
def test_no_argument_breaks_a_command(small_engine: Engine, command: str, args: list[str], here: str | None) -> None:
    _well_answered(small_engine.handle(Request(command, tuple(args), here=here)))


@given(anything)
def test_no_line_breaks_the_engine(small_engine: Engine, line: str) -> None:
    _well_answered(small_engine.handle(Request(*small_engine.read(line))))


@pytest.mark.parametrize("error", [UserError("Do this instead."), NotFound("It is gone. Look there."), BadToken()])
def test_what_a_person_can_mend_is_said_in_the_words_of_the_error(small_engine: Engine, error: UserError) -> None:
    reply = _engine_with(small_engine, error).handle(Request("stumble"))
    assert reply == Reply(Notice((error.sentence,), "error"), private=True)


def test_a_defect_is_logged_whole_and_told_without_details(
    small_engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    reply = _engine_with(small_engine, RuntimeError("the secret path")).handle(Request("stumble"))
    assert "went wrong on our side" in said(reply)
    assert "secret" not in said(reply)
    assert "the secret path" in caplog.text


def test_every_request_leaves_one_line_in_the_log_without_what_was_asked(
    small_engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="roadmap_bot"):
        small_engine.handle(Request("ask", ("my private question",)))
        small_engine.handle(Request("juggle"))
    first, second = [record.getMessage() for record in caplog.records]
    assert first.startswith("terminal ask answered in ")
    assert second.startswith("terminal unknown refused in ")
    assert "private" not in caplog.text


def test_a_command_nobody_has_cannot_write_lines_of_its_own_into_the_log(
    small_engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="roadmap_bot"):
        small_engine.handle(Request("x\n2026-01-01 CRITICAL root stolen" + "x" * 10_000))
    message = caplog.records[0].getMessage()
    assert "\n" not in message
    assert len(message) < 200


def test_threads_asking_at_once_get_the_answers_they_would_get_alone(engine: Engine) -> None:
    questions = [Request("ask", (text,)) for text in ("LoRA", "attention", "pizza recipe", "video generation")] * 6
    alone = [engine.handle(question) for question in questions]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(engine.handle, questions)) == alone


def _action(reply: Reply, label: str) -> Action:
    return next(action for action in reply.actions if isinstance(action, Action) and action.label == label)


def _engine_with(engine: Engine, error: Exception) -> Engine:
    def stumble(_context: Context, _request: Request) -> Reply:
        raise error

    return Engine(replace(engine.context, commands=(Command("stumble", "Fails", "stumble", stumble),)))


def _well_answered(reply: Reply) -> None:
    assert isinstance(reply.body, Card | Listing | Notice)
    if isinstance(reply.body, Notice):
        assert "went wrong on our side" not in said(reply)
    entries = reply.body.entries if isinstance(reply.body, Listing) else ()
    for action in (*reply.actions, *(entry.action for entry in entries)):
        if isinstance(action, Action):
            assert decode(encode(action)) == (action.command, action.args)
