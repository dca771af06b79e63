"""Lets the real python-telegram-bot send many kinds of correct requests to a recorder and gives back what it sent."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import telegram
from telegram import (
    BotCommand,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultCachedPhoto,
    InlineQueryResultPhoto,
    InlineQueryResultsButton,
    InputMediaPhoto,
    InputPollOption,
    InputTextMessageContent,
    KeyboardButton,
    LinkPreviewOptions,
    MenuButtonCommands,
    MessageEntity,
    ReactionTypeEmoji,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram.request import HTTPXRequest
from tests.oracles.recorder import Recorded, Recorder

TOKEN = "123456789:AAfakefakefakefakefakefakefakefakefa"  # noqa: S105  (the token of nobody)

_CHAT = {"id": 5, "type": "private", "first_name": "Ada"}
_BOT = {"id": 123456789, "is_bot": True, "first_name": "Roadmap", "username": "roadmap_bot"}
_GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)
_MESSAGE = {"message_id": 7, "date": 1_767_322_000, "chat": _CHAT, "text": "x"}
_POLL = {
    "id": "1",
    "question": "?",
    "options": [],
    "total_voter_count": 0,
    "is_closed": True,
    "is_anonymous": False,
    "type": "quiz",
    "allows_multiple_answers": False,
    "allows_revoting": False,
    "members_only": False,
}
_RESULTS: dict[str, Any] = {
    "getMe": _BOT,
    "getUpdates": [],
    "getMyCommands": [],
    "getChatAdministrators": [],
    "getChatMemberCount": 3,
    "getWebhookInfo": {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
    "getMyDescription": {"description": ""},
    "getMyShortDescription": {"short_description": ""},
    "getMyName": {"name": "Roadmap"},
    "getChat": _CHAT | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _GIFTS},
    "getChatMember": {"status": "member", "user": _BOT},
    "getChatMenuButton": {"type": "default"},
    "getFile": {"file_id": "a", "file_unique_id": "b"},
    "getUserProfilePhotos": {"total_count": 0, "photos": []},
    "stopPoll": _POLL,
    "copyMessage": {"message_id": 8},
    "forwardMessages": [{"message_id": 8}],
    "createForumTopic": {"message_thread_id": 9, "name": "Papers", "icon_color": 7322096},
    "sendMediaGroup": [_MESSAGE],
}
_MESSAGES = ("send", "forward", "edit")
_TRUTHS = ("sendChatAction",)


def telegram_traffic() -> list[Recorded]:
    """What python-telegram-bot sends in every scenario of this module; the method is the end of the path."""
    return asyncio.run(_run())


async def _run() -> list[Recorded]:
    async with Recorder(_answer) as recorder:
        # The proxy of a developer's shell must not carry what is meant for 127.0.0.1.
        request = HTTPXRequest(httpx_kwargs={"trust_env": False})
        async with telegram.Bot(
            TOKEN, base_url=f"{recorder.url}/bot", request=request, get_updates_request=request
        ) as bot:
            for scenario in (_texts, _keyboards, _polls, _inline, _profile, _edits, _updates, _chats, _files):
                await scenario(bot)
        return recorder.requests


def _answer(request: Recorded) -> Any:
    """What Telegram would say, as far as the library looks at it."""
    method = request.path.rsplit("/", 1)[-1]
    result = _RESULTS.get(method)
    if result is None:
        result = _MESSAGE if method.startswith(_MESSAGES) and method not in _TRUTHS else True
    return {"ok": True, "result": result}


KEYBOARD = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Next", callback_data="x" * 64), InlineKeyboardButton("Read", url="https://a.org")],
        [InlineKeyboardButton("Copy", copy_text=CopyTextButton("c" * 256), style="success")],
        [InlineKeyboardButton("Search", switch_inline_query_current_chat="")],
        [InlineKeyboardButton("Share", switch_inline_query="diffusion")],
    ]
)
_WHEN = datetime(2026, 1, 2, tzinfo=UTC)
_DATE = MessageEntity(MessageEntity.DATE_TIME, 0, 4, unix_time=_WHEN, date_time_format="R")


async def _texts(bot: telegram.Bot) -> None:
    entities = [
        MessageEntity(MessageEntity.BOLD, 0, 4),
        MessageEntity(MessageEntity.TEXT_LINK, 5, 4, url="https://example.org"),
        MessageEntity(MessageEntity.EXPANDABLE_BLOCKQUOTE, 10, 5),
        MessageEntity(MessageEntity.PRE, 10, 5, language="python"),
        MessageEntity(MessageEntity.SPOILER, 0, 4),
        _DATE,
    ]
    preview = LinkPreviewOptions(url="https://example.org", prefer_small_media=True, show_above_text=True)
    await bot.send_message(5, "2020 DDPM by Ho", entities=entities, link_preview_options=preview)
    await bot.send_message(-1001234567890, "x" * 4096, message_thread_id=9, disable_notification=True)
    await bot.send_message("@study_group", "<b>bold</b>" * 500, parse_mode="HTML", protect_content=True)
    quoted = ReplyParameters(7, chat_id=5, allow_sending_without_reply=True, quote="DDPM", quote_position=5)
    await bot.send_message(5, "An answer", reply_parameters=quoted)
    await bot.send_message(5, "Plain", link_preview_options=LinkPreviewOptions(is_disabled=True), message_effect_id="5")
    await bot.send_chat_action(5, "typing", message_thread_id=9)
    await bot.forward_message(5, 6, 7)
    await bot.copy_message(5, 6, 7, caption="A copy")
    await bot.forward_messages(5, 6, [7, 8])
    await bot.set_message_reaction(5, 7, [ReactionTypeEmoji("👍")])


async def _keyboards(bot: telegram.Bot) -> None:
    await bot.send_message(5, "Choose", reply_markup=KEYBOARD)
    rows: list[list[str | KeyboardButton]] = [["Yes", "No"], [KeyboardButton("Where", request_location=True)]]
    reply = ReplyKeyboardMarkup(rows, resize_keyboard=True, one_time_keyboard=True, input_field_placeholder="Or write")
    await bot.send_message(5, "Choose", reply_markup=reply)
    await bot.send_message(5, "Thanks", reply_markup=telegram.ReplyKeyboardRemove(selective=True))
    await bot.send_message(5, "Why?", reply_markup=telegram.ForceReply(input_field_placeholder="p" * 64))
    await bot.answer_callback_query("11", "t" * 200, show_alert=True, cache_time=5)
    await bot.answer_callback_query("12", url="https://t.me/roadmap_bot?start=abc")


async def _polls(bot: telegram.Bot) -> None:
    await bot.send_poll(
        -100,
        "q" * 300,
        ["o" * 100, InputPollOption("No", text_entities=[MessageEntity("custom_emoji", 0, 2, custom_emoji_id="5")])],
        type="quiz",
        is_anonymous=False,
        correct_option_ids=[0],
        explanation="Because.\n" * 2,
        explanation_entities=[MessageEntity("italic", 0, 7)],
        open_period=timedelta(seconds=30),
        message_thread_id=9,
        reply_markup=KEYBOARD,
    )
    await bot.send_poll(5, "Which?", [str(number) for number in range(12)], allows_multiple_answers=True)
    await bot.send_poll(5, "Which?", ["This"], close_date=1_800_000_000, question_parse_mode="HTML", description="d")
    await bot.stop_poll(5, 7)


async def _inline(bot: telegram.Bot) -> None:
    content = InputTextMessageContent(
        "DDPM",
        entities=[MessageEntity("bold", 0, 4)],
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    results = [
        InlineQueryResultArticle("a" * 64, "DDPM", content, reply_markup=KEYBOARD, description="2020", url="https://a"),
        InlineQueryResultPhoto("b", "https://a.org/i.jpg", "https://a.org/t.jpg", caption="c" * 1024),
        InlineQueryResultCachedPhoto("c", "file-id", title="A plot", input_message_content=content),
    ]
    button = InlineQueryResultsButton("More", start_parameter="s" * 64)
    await bot.answer_inline_query("1", results, cache_time=0, is_personal=True, next_offset="50", button=button)
    many = [InlineQueryResultArticle(str(number), "t", content) for number in range(60)]
    await bot.answer_inline_query("1", many, current_offset="")
    await bot.answer_inline_query("1", [])


async def _profile(bot: telegram.Bot) -> None:
    commands = [BotCommand(f"command_{number}", "d" * 256) for number in range(100)]
    await bot.set_my_commands(commands)
    scopes = (
        telegram.BotCommandScopeDefault(),
        telegram.BotCommandScopeAllPrivateChats(),
        telegram.BotCommandScopeAllGroupChats(),
        telegram.BotCommandScopeAllChatAdministrators(),
        telegram.BotCommandScopeChat("@study_group"),
        telegram.BotCommandScopeChatAdministrators(-100),
        telegram.BotCommandScopeChatMember(-100, 5),
    )
    for scope in scopes:
        await bot.set_my_commands(commands[:2], scope=scope, language_code="de")
        await bot.get_my_commands(scope=scope)
        await bot.delete_my_commands(scope=scope, language_code="de")
    await bot.set_my_description("d" * 512, "de")
    await bot.set_my_short_description("s" * 120)
    await bot.set_my_name("Roadmap")
    await bot.get_my_description()
    await bot.get_my_short_description("de")
    await bot.get_my_name()
    await bot.set_chat_menu_button(5, MenuButtonCommands())
    await bot.set_chat_menu_button(5, telegram.MenuButtonWebApp("Open", telegram.WebAppInfo("https://a.org")))
    await bot.get_chat_menu_button(5)


async def _edits(bot: telegram.Bot) -> None:
    await bot.edit_message_text("Page 2", 5, 7, entities=[MessageEntity("bold", 0, 4)], reply_markup=KEYBOARD)
    await bot.edit_message_text("Page 3", inline_message_id="abc", parse_mode="MarkdownV2")
    await bot.edit_message_reply_markup(5, 7, reply_markup=None)
    await bot.edit_message_reply_markup(inline_message_id="abc", reply_markup=KEYBOARD)
    await bot.edit_message_caption(5, 7, caption="c" * 1024)
    await bot.edit_message_media(InputMediaPhoto("https://a.org/i.jpg", caption="A plot"), 5, 7)
    await bot.delete_message(5, 7)
    await bot.delete_messages(5, list(range(1, 101)))
    await bot.pin_chat_message(5, 7, disable_notification=True)
    await bot.unpin_chat_message(5)
    await bot.unpin_all_chat_messages(5)


async def _updates(bot: telegram.Bot) -> None:
    wanted = ["message", "callback_query", "inline_query", "chosen_inline_result", "poll_answer", "my_chat_member"]
    await bot.get_updates(offset=-1, limit=100, timeout=timedelta(seconds=30), allowed_updates=wanted)
    await bot.get_updates(allowed_updates=telegram.Update.ALL_TYPES)
    await bot.set_webhook(
        "https://example.org/telegram",
        allowed_updates=wanted,
        max_connections=40,
        secret_token="S" * 256,
        drop_pending_updates=True,
        certificate=b"-----BEGIN CERTIFICATE-----",
    )
    await bot.set_webhook("")
    await bot.get_webhook_info()
    await bot.delete_webhook(drop_pending_updates=False)
    await bot.log_out()
    await bot.close()


async def _chats(bot: telegram.Bot) -> None:
    await bot.get_chat("@study_group")
    await bot.get_chat_member(-100, 5)
    await bot.get_chat_administrators(-100)
    await bot.get_chat_member_count(-100)
    await bot.get_user_profile_photos(5, offset=0, limit=100)
    await bot.create_forum_topic(-100, "N" * 128, icon_color=7322096)
    await bot.edit_forum_topic(-100, 9, name="Papers")
    await bot.close_forum_topic(-100, 9)
    await bot.leave_chat(-100)


async def _files(bot: telegram.Bot) -> None:
    await bot.send_photo(5, b"image", caption="c" * 1024, filename="plot.png", reply_markup=KEYBOARD)
    await bot.send_photo(5, "https://a.org/i.jpg", has_spoiler=True)
    await bot.send_document(5, b"a,b", filename="progress.csv", disable_content_type_detection=True)
    await bot.send_media_group(5, [InputMediaPhoto(b"one"), InputMediaPhoto(b"two", caption="Two")])
    await bot.get_file("file-id")
