"""What the local Bot API server refuses: for every rule a request just inside the limit, and one just outside."""

# ruff: noqa: E501 - one rule in one line reads as a table

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from telegram import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChatMember,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultDocument,
    InlineQueryResultPhoto,
    InlineQueryResultsButton,
    InputPollOption,
    InputTextMessageContent,
    LinkPreviewOptions,
    MenuButtonCommands,
    MessageEntity,
    ReactionTypeEmoji,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
    WebAppInfo,
)
from tests.fakes.telegram import relations, rules
from tests.fakes.telegram.client import client
from tests.fakes.telegram.entities import problems_of
from tests.fakes.telegram_server import CHANNEL, FORUM, GROUP, TOPICS, USER, TelegramServer

LINK = "https://arxiv.org/abs/1706.03762"


@pytest.fixture(scope="module")
def telegram() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        yield server


@pytest.fixture(scope="module")
def plain() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as connected:
        yield connected


def message(**more: Any) -> dict[str, Any]:
    return {"chat_id": USER, "text": "x"} | more


def bold(count: int) -> dict[str, Any]:
    return message(
        text="x " * count, entities=[{"type": "bold", "offset": 2 * number, "length": 1} for number in range(count)]
    )


def keyboard(*buttons: dict[str, Any], rows: int = 1) -> dict[str, Any]:
    return message(reply_markup={"inline_keyboard": [list(buttons)] * rows})


def button(**action: Any) -> dict[str, Any]:
    return keyboard({"text": "press"} | action)


def poll(**more: Any) -> dict[str, Any]:
    return {"chat_id": USER, "question": "Which?", "options": [{"text": "a"}, {"text": "b"}]} | more


def quiz(**more: Any) -> dict[str, Any]:
    return poll(type="quiz", correct_option_ids=[0]) | more


def options(*texts: str) -> dict[str, Any]:
    return poll(options=[{"text": text} for text in texts])


def inline(*results: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"inline_query_id": "$inline", "results": list(results)} | more


def article(**more: Any) -> dict[str, Any]:
    return {"type": "article", "id": "1", "title": "t", "input_message_content": {"message_text": "x"}} | more


def articles(count: int) -> dict[str, Any]:
    return inline(*(article(id=str(number)) for number in range(count)))


def picture(**more: Any) -> dict[str, Any]:
    return {"type": "photo", "id": "1", "photo_url": LINK, "thumbnail_url": LINK} | more


def paper(**more: Any) -> dict[str, Any]:
    return {"type": "document", "id": "1", "title": "t", "document_url": LINK, "mime_type": "application/pdf"} | more


def commands(*names: str, description: str = "d") -> dict[str, Any]:
    return {"commands": [{"command": name, "description": description} for name in names]}


def start(parameter: str, **more: Any) -> dict[str, Any]:
    return inline(button={"text": "More", "start_parameter": parameter} | more)


def callback(**more: Any) -> dict[str, Any]:
    return {"callback_query_id": "$callback"} | more


def edit(**more: Any) -> dict[str, Any]:
    return {"chat_id": USER, "message_id": "$message"} | more


def captioned(size: int, **more: Any) -> dict[str, Any]:
    return {"chat_id": USER, "caption": "c" * size} | more


def reply(**more: Any) -> dict[str, Any]:
    return message(reply_parameters={"message_id": "$message"} | more)


def hook(**more: Any) -> dict[str, Any]:
    return {"url": ""} | more


# rule (where it stands in the tables), method, right, wrong, what is said of the wrong one
CASES: list[tuple[str, str, dict[str, Any], dict[str, Any], str]] = [
    ("required", "sendMessage", message(), {"chat_id": USER}, "message text is empty"),
    ("required chat", "sendMessage", message(), {"text": "x"}, "chat_id is empty"),
    ("unknown field", "sendMessage", message(), message(txt="x"), "unknown field txt"),
    ("unknown inner field", "sendMessage", button(url=LINK), button(url=LINK, data="x"), "unknown field reply_markup"),
    ("type", "sendMessage", message(protect_content=True), message(protect_content=[]), "can't parse protect_content"),
    ("type of array", "sendPoll", poll(), poll(options="[a"), "can't parse options: an array is expected"),
    ("variant", "answerInlineQuery", inline(article()), inline(article(type="arcticle")), "it is no InlineQueryResult"),
    ("sendMessage.text", "sendMessage", message(text="😀" * 2048), message(text="😀" * 2048 + "x"), "message is too long"),
    ("text without text", "sendMessage", message(text=" x "), message(text=" \n "), "message text is empty"),
    (
        "text after parsing",
        "sendMessage",
        message(text="<b>" + "x" * 4096 + "</b>", parse_mode="HTML"),
        message(text="<b>" + "x" * 4097 + "</b>", parse_mode="HTML"),
        "message is too long",
    ),
    ("HTML", "sendMessage", message(text="<b>x</b>", parse_mode="HTML"), message(text="<b>x", parse_mode="HTML"), "can't parse entities: Can't find end tag"),
    ("Markdown", "sendMessage", message(text="*x*\\.", parse_mode="MarkdownV2"), message(text="*x*.", parse_mode="MarkdownV2"), "can't parse entities: Character '.' is reserved"),
    ("mode and entities", "sendMessage", bold(1), bold(1) | {"parse_mode": "HTML"}, "can't be used together"),
    ("100 entities", "sendMessage", bold(100), bold(101), "too many entities"),
    ("entity length", "sendMessage", bold(1), bold(1) | {"text": ""}, "message text is empty"),
    ("entity offset", "sendMessage", bold(2), bold(2) | {"text": "x x"[:2]}, "ends after the end of the text"),
    ("half a pair", "sendMessage", bold(1) | {"text": "a😀"}, message(text="a😀", entities=[{"type": "bold", "offset": 0, "length": 2}]), "middle of a UTF-16 symbol"),
    ("text_link", "sendMessage", message(entities=[{"type": "text_link", "offset": 0, "length": 1, "url": LINK}]), message(entities=[{"type": "text_link", "offset": 0, "length": 1, "url": "javascript:x"}]), "text_link URL"),
    ("editMessageText.text", "editMessageText", edit(text="x" * 4096), edit(text="x" * 4097), "MESSAGE_TOO_LONG"),
    ("InputTextMessageContent.message_text", "answerInlineQuery", inline(article(input_message_content={"message_text": "x" * 4096})), inline(article(input_message_content={"message_text": "x" * 4097})), "MESSAGE_TOO_LONG"),
    ("ReplyParameters.quote", "sendMessage", reply(quote="a"), reply(quote="a" * 1025), "QUOTE_TEXT_INVALID"),
    ("sendPhoto.caption", "sendPhoto", captioned(1024, photo=LINK), captioned(1025, photo=LINK), "caption is too long"),
    ("sendDocument.caption", "sendDocument", captioned(1024, document=LINK), captioned(1025, document=LINK), "caption is too long"),
    ("copyMessage.caption", "copyMessage", captioned(1024, from_chat_id=USER, message_id="$message"), captioned(1025, from_chat_id=USER, message_id="$message"), "caption is too long"),
    ("editMessageCaption.caption", "editMessageCaption", captioned(1024, message_id="$photo"), captioned(1025, message_id="$photo"), "caption is too long"),
    ("InlineQueryResultPhoto.caption", "answerInlineQuery", inline(picture(caption="c" * 1024)), inline(picture(caption="c" * 1025)), "caption is too long"),
    ("InlineQueryResultDocument.caption", "answerInlineQuery", inline(paper(caption="c" * 1024)), inline(paper(caption="c" * 1025)), "caption is too long"),
    ("sendPoll.question", "sendPoll", poll(question="q" * 300), poll(question="q" * 301), "poll question length must not exceed 300"),
    ("sendPoll.explanation", "sendPoll", quiz(explanation="e" * 200), quiz(explanation="e" * 201), "explanation is too long"),
    ("lines of sendPoll.explanation", "sendPoll", quiz(explanation="a\nb\nc"), quiz(explanation="a\nb\nc\nd"), "too many line feeds"),
    ("sendPoll.description", "sendPoll", poll(description="d" * 1024), poll(description="d" * 1025), "description is too long"),
    ("InputPollOption.text", "sendPoll", options("a" * 100, "b"), options("a" * 101, "b"), "poll options length must not exceed 100"),
    ("InlineKeyboardButton.callback_data", "sendMessage", button(callback_data="é" * 32), button(callback_data="é" * 32 + "x"), "BUTTON_DATA_INVALID"),
    ("empty callback_data", "sendMessage", button(callback_data="x"), button(callback_data=""), "BUTTON_DATA_INVALID"),
    ("InlineKeyboardButton.text", "sendMessage", button(url=LINK), button(url=LINK, text=""), "reply_markup.inline_keyboard[0][0].text is empty"),
    ("InlineKeyboardButton.url", "sendMessage", button(url="tg://user?id=1"), button(url="ftp://a.b"), "inline keyboard button URL 'ftp://a.b' is invalid"),
    ("InlineKeyboardButton.style", "sendMessage", button(url=LINK, style="danger"), button(url=LINK, style="red"), "unknown style"),
    ("CopyTextButton.text", "sendMessage", button(copy_text={"text": "c" * 256}), button(copy_text={"text": "c" * 257}), "BUTTON_COPY_TEXT_INVALID"),
    ("_one_action", "sendMessage", button(url=LINK), button(), "Text buttons are unallowed in the inline keyboard"),
    ("two actions", "sendMessage", button(url=LINK), button(url=LINK, callback_data="x"), "several things at once"),
    ("_size_of_keyboard", "sendMessage", keyboard(*[{"text": "b", "callback_data": "x"}] * 8), keyboard(*[{"text": "b", "callback_data": "x"}] * 9), "more than 8 buttons in a row"),
    ("100 buttons", "sendMessage", keyboard({"text": "b", "url": LINK}, rows=100), keyboard({"text": "b", "url": LINK}, rows=101), "more than 100 buttons"),
    ("_secure", "sendMessage", button(web_app={"url": LINK}), button(web_app={"url": "http://a.b"}), "Only HTTPS links are allowed"),
    ("KeyboardButton.style", "sendMessage", message(reply_markup={"keyboard": [[{"text": "k", "style": "primary"}]]}), message(reply_markup={"keyboard": [[{"text": "k", "style": "x"}]]}), "unknown style"),
    ("ReplyKeyboardMarkup.input_field_placeholder", "sendMessage", message(reply_markup={"keyboard": [], "input_field_placeholder": "p" * 64}), message(reply_markup={"keyboard": [], "input_field_placeholder": "p" * 65}), "PLACEHOLDER_INVALID"),
    ("ForceReply.input_field_placeholder", "sendMessage", message(reply_markup={"force_reply": True, "input_field_placeholder": "p" * 64}), message(reply_markup={"force_reply": True, "input_field_placeholder": "p" * 65}), "PLACEHOLDER_INVALID"),
    ("LinkPreviewOptions.url", "sendMessage", message(link_preview_options={"url": LINK}), message(link_preview_options={"url": "arxiv"}), "link preview URL"),
    ("_which_message", "editMessageReplyMarkup", edit(reply_markup={"inline_keyboard": [[{"text": "b", "url": LINK}]]}), {"chat_id": USER}, "message identifier is not specified"),
    ("two identifiers", "editMessageText", edit(text="two"), edit(text="two", inline_message_id="1"), "specified twice"),
    ("_quiz", "sendPoll", quiz(correct_option_ids=[0, 1], allows_multiple_answers=True), quiz(correct_option_ids=[2]), "wrong correct option ID"),
    ("quiz without answer", "sendPoll", quiz(), poll(type="quiz"), "a quiz needs correct_option_ids"),
    ("poll with answer", "sendPoll", poll(), poll(correct_option_ids=[0]), "for quizzes only"),
    ("sendPoll.type", "sendPoll", poll(type="regular"), poll(type="exam"), "unsupported poll type"),
    ("sendPoll.options", "sendPoll", options(*map(str, range(12))), options(*map(str, range(13))), "poll can't have more than 12 options"),
    ("no options", "sendPoll", options("a"), options(), "poll can't have more than 12 options"),
    ("_poll_options", "sendPoll", options("a", "A"), options("a", "a"), "POLL_OPTION_DUPLICATE"),
    ("sendPoll.open_period", "sendPoll", poll(open_period=2_628_000), poll(open_period=4), "POLL_OPEN_PERIOD_INVALID"),
    ("_poll_time", "sendPoll", poll(open_period=5), poll(open_period=5, close_date=int(time.time()) + 60), "can't be used together with close_date"),
    ("close_date", "sendPoll", poll(close_date=int(time.time()) + 86_400), poll(close_date=int(time.time())), "POLL_CLOSE_DATE_INVALID"),
    ("sendPoll.country_codes", "sendPoll", poll(country_codes=["DE"] * 12), poll(country_codes=["DE"] * 13), "too many country codes"),
    ("answerCallbackQuery.text", "answerCallbackQuery", callback(text="t" * 200), callback(text="t" * 201), "MESSAGE_TOO_LONG"),
    ("answerInlineQuery.results", "answerInlineQuery", articles(50), articles(51), "RESULTS_TOO_MUCH"),
    ("answerInlineQuery.next_offset", "answerInlineQuery", inline(next_offset="o" * 64), inline(next_offset="é" * 33), "NEXT_OFFSET_INVALID"),
    ("_unique_results", "answerInlineQuery", articles(2), inline(article(), article()), "RESULT_ID_DUPLICATE"),
    ("InlineQueryResultArticle.id", "answerInlineQuery", inline(article(id="é" * 32)), inline(article(id="é" * 33)), "RESULT_ID_INVALID"),
    ("InlineQueryResultPhoto.id", "answerInlineQuery", inline(picture(id="i" * 64)), inline(picture(id="i" * 65)), "RESULT_ID_INVALID"),
    ("InlineQueryResultDocument.id", "answerInlineQuery", inline(paper(id="i" * 64)), inline(paper(id="i" * 65)), "RESULT_ID_INVALID"),
    ("result without title", "answerInlineQuery", inline(article()), inline(article(title="")), "title is empty"),
    ("InlineQueryResultArticle.url", "answerInlineQuery", inline(article(url=LINK)), inline(article(url="x")), "result URL"),
    ("InlineQueryResultArticle.thumbnail_url", "answerInlineQuery", inline(article(thumbnail_url=LINK)), inline(article(thumbnail_url="x")), "thumbnail URL"),
    ("InlineQueryResultPhoto.photo_url", "answerInlineQuery", inline(picture()), inline(picture(photo_url="x")), "photo URL"),
    ("InlineQueryResultPhoto.thumbnail_url", "answerInlineQuery", inline(picture()), inline(picture(thumbnail_url="x")), "thumbnail URL"),
    ("InlineQueryResultDocument.document_url", "answerInlineQuery", inline(paper()), inline(paper(document_url="x")), "document URL"),
    ("InlineQueryResultsButton.start_parameter", "answerInlineQuery", start("A-z_9" + "x" * 59), start("x" * 65), "START_PARAM_INVALID"),
    ("characters of start_parameter", "answerInlineQuery", start("v1-x"), start("v1:x"), "START_PARAM_INVALID"),
    ("_one_destination", "answerInlineQuery", start("x"), start("x", web_app={"url": LINK}), "exactly one of"),
    ("setMyCommands.commands", "setMyCommands", commands(*(f"c{number}" for number in range(100))), commands(*(f"c{number}" for number in range(101))), "BOT_COMMANDS_TOO_MUCH"),
    ("_unique_commands", "setMyCommands", commands("a", "b"), commands("a", "a"), "duplicate command a"),
    ("BotCommand.command", "setMyCommands", commands("c" * 32), commands("c" * 33), "command length must not exceed 32"),
    ("characters of BotCommand.command", "setMyCommands", commands("find_2"), commands("Find"), "BOT_COMMAND_INVALID"),
    ("BotCommand.description", "setMyCommands", commands("a", description="d" * 256), commands("a", description="d" * 257), "command description length"),
    ("setMyCommands.language_code", "setMyCommands", commands("a") | {"language_code": "de"}, commands("a") | {"language_code": "de-AT"}, "invalid language code"),
    ("scope", "getMyCommands", {"scope": {"type": "chat", "chat_id": USER}}, {"scope": {"type": "chat"}}, "scope.chat_id is empty"),
    ("setMyDescription.description", "setMyDescription", {"description": "d" * 512}, {"description": "d" * 513}, "description is too long"),
    ("setMyShortDescription.short_description", "setMyShortDescription", {"short_description": "d" * 120}, {"short_description": "d" * 121}, "short description is too long"),
    ("setMyName.name", "setMyName", {"name": "n" * 64}, {"name": "n" * 65}, "name is too long"),
    ("getUpdates.limit", "getUpdates", {"limit": 100}, {"limit": 101}, "limit must be between 1 and 100"),
    ("getUpdates.timeout", "getUpdates", {"timeout": 0}, {"timeout": -1}, "timeout must not be negative"),
    ("getUpdates.allowed_updates", "getUpdates", {"allowed_updates": ["poll"]}, {"allowed_updates": ["polls"]}, "unknown kind of update"),
    ("setWebhook.allowed_updates", "setWebhook", hook(allowed_updates=["poll"]), hook(allowed_updates=["polls"]), "unknown kind of update"),
    ("setWebhook.max_connections", "setWebhook", hook(max_connections=100), hook(max_connections=101), "max_connections"),
    ("setWebhook.secret_token", "setWebhook", hook(secret_token="s" * 256), hook(secret_token="s" * 257), "secret token is too long"),
    ("characters of setWebhook.secret_token", "setWebhook", hook(secret_token="a_-9"), hook(secret_token="a b"), "unallowed characters"),  # noqa: S106
    ("_webhook_address", "setWebhook", hook(), hook(url="http://example.org/hook"), "An HTTPS URL must be provided for webhook"),
    ("port of a webhook", "setWebhook", hook(), hook(url="https://example.org:8080/hook"), "ports 80, 88, 443 or 8443"),
    ("deleteMessages.message_ids", "deleteMessages", {"chat_id": USER, "message_ids": [*range(9000, 9100)]}, {"chat_id": USER, "message_ids": [*range(9000, 9101)]}, "too many message identifiers"),
    ("createForumTopic.name", "createForumTopic", {"chat_id": FORUM, "name": "n" * 128}, {"chat_id": FORUM, "name": "n" * 129}, "TOPIC_TITLE_INVALID"),
    ("createForumTopic.icon_color", "createForumTopic", {"chat_id": FORUM, "name": "n", "icon_color": 7322096}, {"chat_id": FORUM, "name": "n", "icon_color": 1}, "TOPIC_ICON_COLOR_INVALID"),
    ("sendChatAction.action", "sendChatAction", {"chat_id": USER, "action": "typing"}, {"chat_id": USER, "action": "thinking"}, "wrong parameter action"),
    ("setMessageReaction.reaction", "setMessageReaction", edit(reaction=[{"type": "emoji", "emoji": "🔥"}]), edit(reaction=[{"type": "emoji", "emoji": "🔥"}] * 2), "REACTIONS_TOO_MANY"),
    ("EmojiReaction.emoji", "setMessageReaction", edit(reaction=[{"type": "emoji", "emoji": "👨‍💻"}]), edit(reaction=[{"type": "emoji", "emoji": "🦖"}]), "REACTION_INVALID"),
    ("getUserProfilePhotos.limit", "getUserProfilePhotos", {"user_id": USER, "limit": 1}, {"user_id": USER, "limit": 0}, "limit must be between 1 and 100"),
]  # fmt: skip


def filled(telegram: TelegramServer, parameters: dict[str, Any]) -> dict[str, Any]:
    """The same with numbers of a message and queries that exist."""
    known = {
        "$message": lambda: telegram.methods.send_message(message(text="a message"))["message_id"],
        "$photo": lambda: telegram.methods.send_photo({"chat_id": USER, "photo": LINK})["message_id"],
        "$callback": lambda: telegram.press_forged("x").callback_query_id,
        "$inline": lambda: telegram.inline("x").inline_query_id,
    }
    return {
        key: filled(telegram, value)
        if isinstance(value, dict)
        else known[value]()
        if isinstance(value, str) and value in known
        else value
        for key, value in parameters.items()
    }


@pytest.mark.parametrize(("rule", "method", "right", "wrong", "refusal"), CASES, ids=[case[0] for case in CASES])
def test_a_rule_lets_the_limit_pass_and_refuses_what_is_beyond(
    telegram: TelegramServer,
    plain: httpx.Client,
    rule: str,
    method: str,
    right: dict[str, Any],
    wrong: dict[str, Any],
    refusal: str,
) -> None:
    telegram.reset()
    telegram.promote(FORUM)
    address = f"{telegram.api_url}/bot{telegram.token}/{method}"
    passed = plain.post(address, json=filled(telegram, right)).json()
    assert passed["ok"], (rule, passed)
    assert telegram.problems() == []
    refused = plain.post(address, json=filled(telegram, wrong)).json()
    assert refused["error_code"] == 400
    assert refused["description"].startswith("Bad Request: ")
    assert refusal in refused["description"]
    assert telegram.problems()[0] == f"{method}: {refused['description'].removeprefix('Bad Request: ')}"


def test_every_rule_has_its_case() -> None:
    tables = [(text.where, text.field) for text in rules.TEXTS] + [
        (row[0], row[1]) for table in (rules.LIMITS, rules.CHOICES, rules.PATTERNS, rules.LINKS) for row in table
    ]
    named = {f"{where}.{field}" for where, field in tables if field != "language_code"}
    named |= {relation.__name__ for found in relations.RELATIONS.values() for relation in found}
    assert named - {case[0].split()[-1] for case in CASES} == set()


def test_what_the_library_sends_is_right(telegram: TelegramServer) -> None:
    telegram.reset()
    telegram.promote(GROUP)
    telegram.promote(FORUM)
    link = InlineKeyboardButton("Read", url=LINK, style="primary")
    copied = InlineKeyboardButton("Copy", copy_text=CopyTextButton("x"))
    app = InlineKeyboardButton("Open", web_app=WebAppInfo("https://example.org"))
    more = InlineKeyboardButton("Search", switch_inline_query_current_chat="")
    buttons = InlineKeyboardMarkup([[link, InlineKeyboardButton("Next", callback_data="v1-n")], [copied, app], [more]])
    spans = [
        MessageEntity("bold", 0, 2),
        MessageEntity("text_link", 3, 2, url=LINK),
        MessageEntity("pre", 6, 1, language="py"),
    ]
    text = InputTextMessageContent(
        "<b>x</b>", parse_mode="HTML", link_preview_options=LinkPreviewOptions(is_disabled=True)
    )
    with client(telegram) as bot:
        first = bot.send_message(USER, "😀 a\u0301 x", entities=spans, reply_markup=buttons, disable_notification=True)
        html = "<b>a &lt; b</b> <a href='https://a.org/?x=1&amp;y=2'>q</a><blockquote expandable>c</blockquote><tg-spoiler>s</tg-spoiler>"
        bot.send_message(
            GROUP, html, parse_mode="HTML", link_preview_options=LinkPreviewOptions(url=LINK, prefer_small_media=True)
        )
        bot.send_message(FORUM, "*b* `c`", parse_mode="MarkdownV2", message_thread_id=TOPICS[0], protect_content=True)
        bot.send_message(USER, "Which?", reply_markup=ReplyKeyboardMarkup([["a", "b"]], resize_keyboard=True))
        bot.send_message(
            USER,
            "Thanks",
            reply_markup=ReplyKeyboardRemove(),
            reply_parameters=ReplyParameters(first.message_id, quote="a"),
        )
        photo = bot.send_photo(CHANNEL, b"not really a picture", caption="<i>c</i>", parse_mode="HTML")
        document = bot.send_document(USER, b"x" * 7, filename="notes.md", caption="c", reply_markup=buttons)
        assert bytes(bot.runner.run(document.document.get_file()).file_size.to_bytes()) == b"\x07"
        bot.send_photo(USER, photo.photo[0].file_id)
        bot.send_poll(
            GROUP,
            "q" * 300,
            [InputPollOption("o" * 100), "b"],
            type="quiz",
            correct_option_ids=[1],
            explanation="<b>w</b>",
            explanation_parse_mode="HTML",
            is_anonymous=False,
            open_period=600,
        )
        bot.send_chat_action(FORUM, "typing", message_thread_id=TOPICS[0])
        bot.forward_message(GROUP, USER, first.message_id)
        bot.copy_message(GROUP, USER, document.message_id, caption="new")
        bot.edit_message_caption(USER, document.message_id, caption="d", reply_markup=buttons)
        bot.edit_message_reply_markup(USER, document.message_id)
        bot.pin_chat_message(GROUP, bot.send_message(GROUP, "pinned").message_id, disable_notification=True)
        assert bot.get_chat(GROUP).pinned_message.text == "pinned"
        bot.unpin_chat_message(GROUP)
        bot.set_message_reaction(USER, first.message_id, ReactionTypeEmoji("🔥"))
        bot.delete_message(USER, first.message_id)
        bot.delete_messages(USER, [document.message_id])
        results = [
            InlineQueryResultArticle(
                "1", "T", text, reply_markup=buttons, url=LINK, description="d", thumbnail_url=LINK
            ),
            InlineQueryResultPhoto("2", LINK, LINK, caption="c"),
            InlineQueryResultDocument("3", LINK, "T", "application/pdf"),
        ]
        inline_query = telegram.inline("x").inline_query_id
        bot.answer_inline_query(
            inline_query,
            results,
            cache_time=1,
            is_personal=True,
            next_offset="",
            button=InlineQueryResultsButton("More", start_parameter="v1-m"),
        )
        bot.answer_callback_query(telegram.press_forged("x").callback_query_id, "Hm", show_alert=True)
        bot.set_my_commands([BotCommand("find", "f")], scope=BotCommandScopeAllGroupChats(), language_code="de")
        bot.set_my_commands([BotCommand("find", "f")], scope=BotCommandScopeChatMember(GROUP, USER))
        bot.set_my_description("d", language_code="de")
        bot.set_my_name("Roadmap")
        bot.set_chat_menu_button(menu_button=MenuButtonCommands())
        bot.get_user_profile_photos(USER)
        bot.get_chat_member_count(GROUP)
        bot.get_my_default_administrator_rights()
        bot.get_updates(offset=0, limit=100, timeout=0, allowed_updates=["message", "poll_answer"])
        bot.set_webhook("https://example.org/hook", secret_token="s", max_connections=10, drop_pending_updates=True)  # noqa: S106
        bot.delete_webhook()
        bot.leave_chat(GROUP)
    assert telegram.problems() == []
    assert {entry.status for entry in telegram.requests()} == {200}


def test_given_entities_are_judged_by_telegram_itself() -> None:
    first_two = {"type": "bold", "offset": 0, "length": 2}
    assert problems_of("😀", [first_two]) == []
    assert "middle of a UTF-16 symbol" in problems_of("a😀", [first_two])[0]
    assert "ends after the end of the text" in problems_of("a", [first_two])[0]
    assert "UTF-8" in problems_of("\ud83d", [])[0]
