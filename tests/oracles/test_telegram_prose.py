"""What is read out of Telegram's prose, and the requests judged by it, on a small description of our own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.oracles.telegram_prose import Length, list_limits, number_limits, relations, text_limits
from tests.oracles.telegram_requests import TelegramOracle


@pytest.mark.parametrize(
    ("text", "keywords"),
    [
        ("Text of the message, 1-4096 characters", {"length": Length(1, 4096, "characters", None)}),
        ("Optional. Data to be sent, 1-64 bytes", {"length": Length(1, 64, "bytes", None)}),
        ("Identifier of the result, 1-64 Bytes", {"length": Length(1, 64, "bytes", None)}),
        ("Offset length can't exceed 64 bytes.", {"length": Length(0, 64, "bytes", None)}),
        ("Text of the query (up to 256 characters)", {"length": Length(0, 256, "characters", None)}),
        (
            "Shown to the user, 0-200 characters with at most 2 line feeds",
            {"length": Length(0, 200, "characters", 2)},
        ),
        (
            "Text; 1-32 characters. Can contain only lowercase English letters, digits and underscores.",
            {"length": Length(1, 32, "characters", None), "pattern": "^[a-z0-9_]*$"},
        ),
        ("Only characters A-Z, a-z, 0-9, _ and - are allowed.", {"pattern": "^[A-Za-z0-9_-]*$"}),
        ("Type of the result, must be mpeg4_gif", {"enum": ["mpeg4_gif"]}),
        ('Type of the reaction, always "emoji"', {"enum": ["emoji"]}),
        ("Type of the reaction, always “emoji”", {"enum": ["emoji"]}),
        ('Poll type, "quiz" or "regular", defaults to "regular"', {"enum": ["quiz", "regular"]}),
        ('Style. Must be one of "danger" (red) or "primary" (blue). If "x", none.', {"enum": ["danger", "primary"]}),
        (
            "Choose one, depending on what comes: typing for text messages, record_video or upload_video for videos.",
            {"enum": ["typing", "record_video", "upload_video"]},
        ),
        ('You can pass "attach://<name>" if the file was uploaded', {}),
        ("Text of the button", {}),
    ],
)
def test_prose_about_texts_is_read(text: str, keywords: dict[str, Any]) -> None:
    assert text_limits(text) == keywords


@pytest.mark.parametrize(
    ("text", "keywords"),
    [
        ("Values between 1-100 are accepted. Defaults to 100.", {"minimum": 1, "maximum": 100}),
        ("Must be between 1 and 360 if specified.", {"minimum": 1, "maximum": 360}),
        ("active after creation, 5-2628000. Can't be used with close_date.", {"minimum": 5, "maximum": 2628000}),
        (
            "must be between 60 and 86400, or 0x7FFFFFFF for locations without an end",
            {"anyOf": [{"minimum": 60, "maximum": 86400}, {"const": 0x7FFFFFFF}]},
        ),
        ("Currently, must be one of 7322096 (0x6FB9F0) or 16478047 (0xFB6F5F).", {"enum": [7322096, 16478047]}),
        ("must be one of 6 * 3600, 12 * 3600, or 86400", {"enum": [21600, 43200, 86400]}),
        ("Currently, it must always be 2592000 (30 days).", {"enum": [2592000]}),
        ("in Stars between 5 and 10, and in toncoins between 50 and 100", {}),
        ("At least 5 and no more than 2628000 seconds in the future", {}),
        ("Identifier of the message", {}),
    ],
)
def test_prose_about_numbers_is_read(text: str, keywords: dict[str, Any]) -> None:
    assert number_limits(text) == keywords


@pytest.mark.parametrize(
    ("text", "keywords"),
    [
        ("A JSON-serialized list of 1-12 answer options", {"minItems": 1, "maxItems": 12}),
        ("must include 2-10 items", {"minItems": 2, "maxItems": 10}),
        ("At most 100 commands can be specified.", {"maxItems": 100}),
        ("an array; up to 10 items", {"maxItems": 10}),
        ("A list of two-letter ISO 3166-1 alpha-2 codes", {}),
    ],
)
def test_prose_about_lists_is_read(text: str, keywords: dict[str, Any]) -> None:
    assert list_limits(text) == keywords


def test_lengths_are_counted_as_strictly_as_telegram_may_count() -> None:
    assert Length(0, 2, "characters", None).of("😀") == 2
    assert Length(0, 2, "bytes", None).of("é") == 2
    assert list(Length(1, 3, "bytes", None).violations("ééé")) == ["has 6 bytes; at most 3 are allowed"]
    assert list(Length(1, 3, "characters", None).violations("")) == ["has 0 characters; at least 1 must be there"]
    assert list(Length(0, 3, "characters", None).violations("<b>x</b>", open_ended=True)) == []
    assert list(Length(0, 9, "characters", 1).violations("a\nb\nc")) == ["has 2 line feeds; at most 1 are allowed"]


def field(name: str, kind: str, description: str, required: bool = False) -> dict[str, Any]:
    return {"name": name, "types": kind.split(" or "), "description": description, "required": required}


BUTTON = [
    field("text", "String", "Label text", required=True),
    field("url", "String", "Optional. URL"),
    field("data", "String", "Optional. Data, 1-64 bytes"),
]


@pytest.mark.parametrize(
    ("said", "given", "found"),
    [
        ("Exactly one of the fields other than text must be used.", {"text": "a", "url": "b"}, 0),
        ("Exactly one of the fields other than text must be used.", {"text": "a"}, 1),
        ("Exactly one of the fields other than text must be used.", {"url": "a", "data": "b"}, 1),
        ("At most one of the fields other than text must be used.", {"text": "a"}, 0),
        ("At most one of the fields other than text must be used.", {"url": "a", "data": "b"}, 1),
        ("You must use exactly one of the optional fields.", {"text": "a"}, 1),
        ("A button.", {"text": "a", "url": "b", "data": "c"}, 0),
    ],
)
def test_prose_about_a_choice_of_fields_is_read(said: str, given: dict[str, Any], found: int) -> None:
    assert len(list(relations([said], BUTTON).violations(given))) == found


TELEGRAM: dict[str, Any] = {
    "methods": {
        "sendMessage": {
            "description": ["Sends a text."],
            "fields": [
                field("chat_id", "Integer or String", "Unique identifier, or a name like @username", required=True),
                field("text", "String", "Text, 1-10 characters after entities parsing", required=True),
                field("parse_mode", "String", "Mode for parsing entities"),
                field("entities", "Array of Entity", "Entities, can be specified instead of parse_mode"),
                field("button", "Button", "A button"),
                field("photo", "InputFile or String", "A picture"),
                field("silent", "Boolean", "Pass True"),
            ],
        },
        "editMessage": {
            "description": ["Changes a text."],
            "fields": [
                field("message_id", "Integer", "Required if inline_id is not specified."),
                field("inline_id", "String", "Required if message_id is not specified."),
                field("rows", "Array of Array of Button", "Rows"),
            ],
        },
        "answer": {
            "description": ["No more than 2 results per query are allowed."],
            "fields": [field("results", "Array of Result", "Results", required=True)],
        },
        "getUpdates": {
            "description": ["Gets updates."],
            "fields": [field("allowed", "Array of String", "A JSON-serialized list of the update types you want")],
        },
    },
    "types": {
        "Update": {
            "description": ["An update."],
            "fields": [field("update_id", "Integer", "Identifier", required=True), field("message", "Message", "One")],
        },
        "Message": {"description": ["A message."], "fields": []},
        "InputFile": {"description": ["A file."], "fields": []},
        "Button": {"description": ["Exactly one of the fields other than text must be used."], "fields": BUTTON},
        "Entity": {
            "description": ["An entity."],
            "fields": [
                field("type", "String", 'Type. Currently, can be "bold" (bold) or "text_link" (a link)', required=True),
                field("offset", "Integer", "Offset", required=True),
                field("url", "String", 'Optional. For "text_link" only, the URL'),
            ],
        },
        "Result": {"description": ["One of"], "subtypes": ["Article", "Photo", "CachedPhoto"]},
        "Article": {
            "description": ["An article."],
            "fields": [
                field("type", "String", "Type, must be article", required=True),
                field("title", "String", "Title", required=True),
            ],
        },
        "Photo": {
            "description": ["A photo."],
            "fields": [
                field("type", "String", "Type, must be photo", required=True),
                field("photo_url", "String", "URL", required=True),
            ],
        },
        "CachedPhoto": {
            "description": ["A photo that is there."],
            "fields": [
                field("type", "String", "Type, must be photo", required=True),
                field("photo_file_id", "String", "Identifier", required=True),
            ],
        },
    },
}


@pytest.fixture
def telegram(tmp_path: Path) -> TelegramOracle:
    (tmp_path / "telegram_api_9.6.json").write_text('{"methods": {}, "types": {}}', encoding="utf-8")
    (tmp_path / "telegram_api_10.0.json").write_text(json.dumps(TELEGRAM), encoding="utf-8")
    return TelegramOracle(tmp_path)


@pytest.mark.parametrize(
    ("method", "fields"),
    [
        ("sendMessage", {"chat_id": 5, "text": "x" * 10}),
        ("sendmessage", {"chat_id": "-5", "text": "12", "silent": "true"}),
        ("sendMessage", {"chat_id": "@group", "text": 12, "silent": False}),
        ("sendMessage", {"chat_id": 5, "text": "<b>longer than ten</b>", "parse_mode": "HTML"}),
        ("sendMessage", {"chat_id": 5, "text": "x", "entities": '[{"type": "bold", "offset": 0}]'}),
        ("sendMessage", {"chat_id": 5, "text": "x", "photo": "attach://a1", "a1": {"filename": "a.png"}}),
        ("sendMessage", {"chat_id": 5, "text": "x", "photo": {"filename": "a.png"}}),
        ("editMessage", {"inline_id": "a", "rows": [[{"text": "a", "data": "b"}], []]}),
        ("answer", {"results": [{"type": "photo", "photo_file_id": "a"}, {"type": "article", "title": "b"}]}),
        ("getUpdates", {"allowed": ["message"]}),
    ],
)
def test_right_telegram_requests_pass(telegram: TelegramOracle, method: str, fields: dict[str, Any]) -> None:
    assert telegram.problems(method, fields) == []


@pytest.mark.parametrize(
    ("method", "fields", "sentence"),
    [
        ("sendMesage", {}, "sendMesage is not a known method; did you mean `sendMessage`?"),
        ("sendMessage", {"chat_id": 5}, "text is missing"),
        ("sendMessage", {"chat_id": "group", "text": "x"}, "chat_id is"),
        ("sendMessage", {"chat_id": 5, "text": "x" * 11}, "text has 11 characters; at most 10 are allowed"),
        ("sendMessage", {"chat_id": 5, "text": "", "parse_mode": "HTML"}, "text has 0 characters"),
        ("sendMessage", {"chat_id": 5, "text": "x", "txt": "y"}, "txt is not a known field; did you mean `text`?"),
        ("sendMessage", {"chat_id": 5, "text": "x", "silent": "yes"}, "silent is"),
        (
            "sendMessage",
            {"chat_id": 5, "text": "x", "entities": [], "parse_mode": "HTML"},
            "entities must not be given",
        ),
        (
            "sendMessage",
            {"chat_id": 5, "text": "x", "entities": [{"type": "bold", "offset": "0"}]},
            "entities[0].offset",
        ),
        ("sendMessage", {"chat_id": 5, "text": "x", "entities": [{"type": "fat", "offset": 0}]}, "entities[0].type"),
        (
            "sendMessage",
            {"chat_id": 5, "text": "x", "entities": [{"type": "bold", "offset": 0, "url": "a"}]},
            "entities[0].url is for the type `text_link` only",
        ),
        (
            "sendMessage",
            {"chat_id": 5, "text": "x", "button": {"text": "a"}},
            "button must have exactly one kind of use",
        ),
        (
            "sendMessage",
            {"chat_id": 5, "text": "x", "button": {"text": "a", "data": "é" * 33}},
            "button.data has 66 bytes; at most 64 are allowed",
        ),
        ("sendMessage", {"chat_id": 5, "text": "x", "photo": "attach://a1", "a2": {}}, "a2 is not a known field"),
        ("editMessage", {}, "message_id is missing; it is needed without `inline_id`"),
        ("editMessage", {"message_id": 1, "rows": [{"text": "a", "url": "b"}]}, "rows[0] is"),
        ("answer", {"results": [{"type": "photo", "title": "b"}]}, "results[0].photo_url is missing"),
        ("answer", {"results": [{"type": "video"}]}, "results[0].type is"),
        ("answer", {"results": [{"type": "article", "title": "b"}] * 3}, "results has 3 entries; at most 2"),
        ("getUpdates", {"allowed": ["mesage"]}, "allowed[0] is"),
    ],
)
def test_wrong_telegram_requests_are_named(
    telegram: TelegramOracle, method: str, fields: dict[str, Any], sentence: str
) -> None:
    assert any(found.startswith(sentence) for found in telegram.problems(method, fields)), telegram.problems(
        method, fields
    )
