"""Telegram's published description against what python-telegram-bot really sends, and against deliberate mistakes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.oracles.descriptions import given_folder
from tests.oracles.mistakes import GONE, changed, named
from tests.oracles.recorder import Recorded
from tests.oracles.telegram_requests import TelegramOracle
from tests.oracles.telegram_traffic import telegram_traffic

FOLDER = given_folder() or Path()


@pytest.fixture(scope="module")
def oracle() -> TelegramOracle:
    return TelegramOracle(FOLDER)


@pytest.fixture(scope="module")
def traffic() -> list[Recorded]:
    return telegram_traffic()


def method_of(request: Recorded) -> str:
    return request.path.rsplit("/", 1)[-1]


def test_what_python_telegram_bot_sends_is_right(oracle: TelegramOracle, traffic: list[Recorded]) -> None:
    found = [(method_of(r), r.body, said) for r in traffic if (said := oracle.problems(method_of(r), r.body or {}))]
    assert found == []
    assert len(traffic) > 80
    assert len({method_of(request) for request in traffic}) > 45


BUTTON = {"text": "Next", "callback_data": "v1-next"}
KEYBOARD = {"inline_keyboard": [[BUTTON]]}
ENTITY = {"type": "bold", "offset": 0, "length": 5}
CONTENT = {"message_text": "DDPM", "entities": [ENTITY]}
ARTICLE = {"type": "article", "id": "a", "title": "DDPM", "input_message_content": CONTENT}
PHOTO = {"type": "photo", "id": "b", "photo_url": "https://a.org/i.jpg", "thumbnail_url": "https://a.org/t.jpg"}

RIGHT: dict[str, dict[str, Any]] = {
    "sendMessage": {
        "chat_id": 5,
        "text": "Hello",
        "entities": [ENTITY],
        "link_preview_options": {"is_disabled": True},
        "reply_parameters": {"message_id": 7},
        "reply_markup": KEYBOARD,
    },
    "editMessageText": {"chat_id": 5, "message_id": 7, "text": "Hello", "reply_markup": KEYBOARD},
    "sendPoll": {
        "chat_id": -100,
        "question": "Which?",
        "options": [{"text": "This"}, {"text": "That"}],
        "type": "quiz",
        "correct_option_ids": [0],
        "explanation": "Because.",
        "open_period": 30,
    },
    "answerCallbackQuery": {"callback_query_id": "1", "text": "Right!"},
    "answerInlineQuery": {
        "inline_query_id": "1",
        "results": [ARTICLE, PHOTO],
        "next_offset": "50",
        "button": {"text": "More", "start_parameter": "more"},
    },
    "setMyCommands": {
        "commands": [{"command": "search", "description": "Look something up"}],
        "scope": {"type": "chat", "chat_id": 5},
        "language_code": "de",
    },
    "setMyDescription": {"description": "A roadmap"},
    "setMyShortDescription": {"short_description": "A roadmap"},
    "getUpdates": {"offset": 5, "limit": 100, "timeout": 30, "allowed_updates": ["message", "callback_query"]},
    "setWebhook": {"url": "https://a.org", "secret_token": "s", "max_connections": 40},
    "sendChatAction": {"chat_id": 5, "action": "typing"},
    "createForumTopic": {"chat_id": -100, "name": "Papers", "icon_color": 7322096},
    "setMessageReaction": {"chat_id": 5, "message_id": 7, "reaction": [{"type": "emoji", "emoji": "👍"}]},
    "deleteMessages": {"chat_id": 5, "message_ids": [1, 2]},
    "sendPhoto": {"chat_id": 5, "photo": "attach://plot", "plot": {"filename": "plot.png"}, "caption": "A plot"},
    "sendMediaGroup": {"chat_id": 5, "media": [{"type": "photo", "media": "a"}, {"type": "photo", "media": "b"}]},
}

# The method, the place that is changed, its wrong value, and how the sentence begins or goes on after the place.
KEY = "reply_markup.inline_keyboard.0.0"
KEY_SAID = "reply_markup.inline_keyboard[0][0]"
MISTAKES: list[tuple[str, str, Any, str]] = [
    ("sendMessage", "chat_id", GONE, " is missing"),
    ("sendMessage", "chat_id", "study group", " is"),
    ("sendMessage", "text", GONE, " is missing"),
    ("sendMessage", "text", "", " has 0 characters; at least 1"),
    ("sendMessage", "text", "x" * 4097, " has 4097 characters; at most 4096"),
    ("sendMessage", "text", "😀" * 2049, " has 4098 characters; at most 4096"),
    ("sendMessage", "txt", "Hello", " is not a known field; did you mean `text`?"),
    ("sendMessage", "parse_mode", "HTML", "entities must not be given together with `parse_mode`"),
    ("sendMessage", "message_thread_id", "general", ' is "general"; it must be of the type integer'),
    ("sendMessage", "disable_web_page_preview", True, " is not a known field"),
    ("sendMessage", "entities.0.type", "fat", ' is "fat"; allowed are'),
    ("sendMessage", "entities.0.offset", "0", ' is "0"; it must be of the type integer'),
    ("sendMessage", "entities.0.length", GONE, " is missing"),
    ("sendMessage", "entities.0.url", "https://a.org", " is for the type `text_link` only"),
    ("sendMessage", "link_preview_options.disabled", True, " is not a known field"),
    ("sendMessage", "link_preview_options.is_disabled", "yes", " is"),
    ("sendMessage", "reply_parameters.message_id", GONE, " is missing"),
    ("sendMessage", "reply_parameters.quote", "x" * 1025, " has 1025 characters"),
    ("sendMessage", "reply_markup.inline_keyboard", [BUTTON], "reply_markup.inline_keyboard[0] is"),
    ("sendMessage", f"{KEY}.callback_data", "é" * 33, " has 66 bytes"),
    ("sendMessage", f"{KEY}.callback_data", "", " has 0 bytes"),
    ("sendMessage", f"{KEY}.callback_data", GONE, f"{KEY_SAID} must have exactly one kind"),
    ("sendMessage", f"{KEY}.url", "https://a.org", f"{KEY_SAID} must have exactly one kind"),
    ("sendMessage", f"{KEY}.text", GONE, " is missing"),
    ("sendMessage", f"{KEY}.style", "red", ' is "red"; allowed are'),
    ("sendMessage", f"{KEY}.color", "red", " is not a known field"),
    ("sendMessage", "reply_markup", "not JSON", ' is "not JSON"; it must be of the type object'),
    ("editMessageText", "message_id", GONE, " is missing; it is needed without `inline_message_id`"),
    ("editMessageText", "text", "x" * 4097, " has 4097 characters"),
    ("sendPoll", "question", "x" * 301, " has 301 characters; at most 300"),
    ("sendPoll", "options", [], " has 0 entries; at least 1"),
    ("sendPoll", "options", [{"text": "a"}] * 13, " has 13 entries; at most 12"),
    ("sendPoll", "options.0", "This", ' is "This"; it must be of the type object'),
    ("sendPoll", "options.1.text", "x" * 101, " has 101 characters; at most 100"),
    ("sendPoll", "type", "exam", ' is "exam"; allowed are "quiz", "regular"'),
    ("sendPoll", "correct_option_ids", GONE, " is missing; a quiz needs it"),
    ("sendPoll", "correct_option_id", 0, " is not a known field; did you mean `correct_option_ids`?"),
    ("sendPoll", "explanation", "x" * 201, " has 201 characters; at most 200"),
    ("sendPoll", "explanation", "\n\n\n", " has 3 line feeds; at most 2"),
    ("sendPoll", "open_period", 4, " is 4; it must be at least 5"),
    ("sendPoll", "close_date", 1_800_000_000, "open_period must not be given together with `close_date`"),
    ("answerCallbackQuery", "text", "x" * 201, " has 201 characters; at most 200"),
    ("answerCallbackQuery", "callback_query_id", GONE, " is missing"),
    ("answerCallbackQuery", "alert", True, " is not a known field"),
    ("answerInlineQuery", "results", [ARTICLE] * 51, " has 51 entries; at most 50"),
    ("answerInlineQuery", "results.0.id", "é" * 33, " has 66 bytes; at most 64"),
    ("answerInlineQuery", "results.0.type", "paper", ' is "paper"; allowed here are'),
    ("answerInlineQuery", "results.0.title", GONE, " is missing"),
    ("answerInlineQuery", "results.0.text", "DDPM", " is not a known field"),
    ("answerInlineQuery", "results.0.input_message_content.message_text", GONE, " is missing"),
    ("answerInlineQuery", "results.0.input_message_content.entities.0.type", "x", " is"),
    ("answerInlineQuery", "results.1.thumbnail_url", GONE, " is missing"),
    ("answerInlineQuery", "results.1.caption", "x" * 1025, " has 1025 characters"),
    ("answerInlineQuery", "next_offset", "x" * 65, " has 65 bytes; at most 64"),
    ("answerInlineQuery", "button.start_parameter", "a b", ' is "a b", which does not match'),
    ("answerInlineQuery", "button.start_parameter", "x" * 65, " has 65 characters"),
    ("answerInlineQuery", "button.start_parameter", GONE, "button must have exactly one kind of use"),
    ("setMyCommands", "commands", [{"command": "a", "description": "b"}] * 101, " has 101 entries; at most 100"),
    ("setMyCommands", "commands.0.command", "Search", ' is "Search", which does not match'),
    ("setMyCommands", "commands.0.command", "x" * 33, " has 33 characters"),
    ("setMyCommands", "commands.0.description", "", " has 0 characters"),
    ("setMyCommands", "scope.type", "everyone", ' is "everyone"; allowed here are'),
    ("setMyCommands", "scope.chat_id", GONE, " is missing"),
    ("setMyCommands", "scope.user_id", 5, " is not a known field"),
    ("setMyCommands", "language_code", "de-DE", " is"),
    ("setMyDescription", "description", "x" * 513, " has 513 characters; at most 512"),
    ("setMyShortDescription", "short_description", "x" * 121, " has 121 characters"),
    ("getUpdates", "limit", 101, " is 101; it must be at most 100"),
    ("getUpdates", "allowed_updates", ["poll_anwser"], 'allowed_updates[0] is "poll_anwser"; allowed are'),
    ("getUpdates", "allowed_updates", "message", ' is "message"; it must be of the type array'),
    ("setWebhook", "secret_token", "s p", ' is "s p", which does not match'),
    ("setWebhook", "max_connections", 0, " is 0; it must be at least 1"),
    ("sendChatAction", "action", "thinking", ' is "thinking"; allowed are'),
    ("createForumTopic", "name", "x" * 129, " has 129 characters; at most 128"),
    ("createForumTopic", "icon_color", 255, " is 255; allowed are"),
    ("setMessageReaction", "reaction.0.emoji", "🧠", " is"),
    ("setMessageReaction", "reaction.0.type", "paper", ' is "paper"; allowed here are'),
    ("deleteMessages", "message_ids", list(range(101)), " has 101 entries; at most 100"),
    ("sendPhoto", "caption", "x" * 1025, " has 1025 characters; at most 1024"),
    ("sendPhoto", "picture", {"filename": "b.png"}, " is not a known field"),
    ("sendMediaGroup", "media", [{"type": "photo", "media": "a"}], " has 1 entry; at least 2"),
    ("sendMediaGroup", "media.0.file", "a", " is not a known field"),
]


@pytest.mark.parametrize("method", RIGHT)
def test_the_requests_are_right_before_a_mistake_is_made(oracle: TelegramOracle, method: str) -> None:
    assert oracle.problems(method, RIGHT[method]) == []


@pytest.mark.parametrize(("method", "place", "wrong", "sentence"), MISTAKES)
def test_every_mistake_is_named(oracle: TelegramOracle, method: str, place: str, wrong: Any, sentence: str) -> None:
    found = oracle.problems(method, changed(RIGHT[method], place, wrong))
    assert named(found, place, sentence), found
    assert len(found) <= 2, found


def test_an_unknown_method_is_named(oracle: TelegramOracle) -> None:
    assert oracle.problems("sendMesage", {}) == ["sendMesage is not a known method; did you mean `sendMessage`?"]
