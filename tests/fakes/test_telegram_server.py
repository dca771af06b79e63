"""The local Bot API server against the real client library, over real sockets: what a bot and its people can do."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from telegram import (
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
)
from telegram.ext import Application, ApplicationBuilder, CommandHandler
from tests.fakes.serving import ControlError, spawn
from tests.fakes.telegram.client import Client, client
from tests.fakes.telegram_server import CHANNEL, FORUM, GROUP, TOPICS, USER, TelegramServer


@pytest.fixture(autouse=True)
def straight(monkeypatch: pytest.MonkeyPatch) -> None:
    """httpx would go through the proxies of the environment."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def keyboard(*data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(name, callback_data=name) for name in data]])


def test_an_application_answers_and_confirms_what_it_read(telegram: TelegramServer) -> None:
    async def start(update: Update, context: Any) -> None:
        await update.effective_message.reply_text(f"Hello, {' '.join(context.args)}")

    async def live() -> None:
        application: Application = (
            ApplicationBuilder().token(telegram.token).base_url(f"{telegram.api_url}/bot").build()
        )
        application.add_handler(CommandHandler("start", start))
        async with application:
            await application.start()
            await application.updater.start_polling(poll_interval=0, timeout=10)
            written = telegram.start("v1-show-3")
            answers = await asyncio.to_thread(telegram.wait_message, USER)
            assert [answer.text for answer in answers] == ["Hello, v1-show-3"]
            await asyncio.to_thread(telegram.wait_confirmed, written.update_id)
            await application.updater.stop()
            await application.stop()

    asyncio.run(live())
    assert telegram.pending() == []
    assert telegram.problems() == []


def test_tokens_methods_and_forms(telegram: TelegramServer, bot: Client) -> None:
    assert bot.get_me().username == "roadmap_test_bot"
    with pytest.raises(InvalidToken), client(telegram, telegram.token[:-1] + "X"):
        pass
    base = f"{telegram.api_url}/bot"
    with httpx.Client() as plain:
        assert plain.get(f"{base}{telegram.token}/GETME").json()["ok"] is True
        assert plain.get(f"{base}nonsense/getMe").status_code == 404
        unauthorized = plain.get(f"{base}{telegram.token[:-1]}X/getMe").json()
        assert unauthorized == {"ok": False, "error_code": 401, "description": "Unauthorized"}
        sent = [
            plain.get(f"{base}{telegram.token}/sendMessage", params={"chat_id": USER, "text": "by query"}),
            plain.post(f"{base}{telegram.token}/sendmessage", json={"chat_id": USER, "text": "by JSON"}),
            plain.post(f"{base}{telegram.token}/sendMessage", data={"chat_id": "@papers", "text": "by form"}),
        ]
        assert [answer.status_code for answer in sent] == [200, 200, 200]
        assert telegram.problems() == []
        assert plain.get(f"{base}{telegram.token}/sendTelepathy").status_code == 404
    assert telegram.problems() == ["sendTelepathy: there is no method sendTelepathy"]
    assert [entry.status for entry in telegram.requests(method="sendMessage")] == [200, 200, 200]


def test_updates_wait_until_an_offset_confirms_them(telegram: TelegramServer, bot: Client) -> None:
    records = telegram.many(5, "/help {}", chats=[USER])
    assert [update.message.text for update in bot.get_updates(limit=2)] == ["/help 0", "/help 1"]
    assert len(bot.get_updates()) == 5
    assert [update.update_id for update in bot.get_updates(offset=records[2].update_id)] == [
        record.update_id for record in records[2:]
    ]
    assert telegram.confirmed() == records[1].update_id
    assert [update.update_id for update in bot.get_updates(offset=-1)] == [records[-1].update_id]
    assert bot.get_updates(offset=records[-1].update_id + 1, allowed_updates=["inline_query"]) == ()
    assert telegram.write("nobody asked").update_id is None


def test_a_second_poller_ends_the_first(telegram: TelegramServer, bot: Client) -> None:
    async def both() -> None:
        first = asyncio.create_task(bot.bot.get_updates(timeout=10))
        await asyncio.to_thread(telegram.wait_request, "getUpdates")
        await asyncio.to_thread(poll_elsewhere)
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await first

    def poll_elsewhere() -> None:
        with client(telegram) as second:
            assert second.get_updates() == ()

    bot.runner.run(both())


def test_a_button_is_pressed_and_its_message_edited(telegram: TelegramServer, bot: Client) -> None:
    sent = bot.send_message(
        USER, "<b>Attention</b> 😀 https://arxiv.org/x", parse_mode="HTML", reply_markup=keyboard("v1-a")
    )
    assert [(entity.type, entity.offset, entity.length) for entity in sent.entities] == [
        ("bold", 0, 9),
        ("url", 13, 19),
    ]
    pressed = telegram.press(USER, sent.message_id, "v1-a")
    query = bot.get_updates()[0].callback_query
    assert (query.data, query.message.reply_markup, query.from_user.language_code) == ("v1-a", keyboard("v1-a"), "en")
    bot.answer_callback_query(query.id, "Here")
    assert telegram.callback_answer(pressed.callback_query_id)["text"] == "Here"
    bot.edit_message_text("Page 2", USER, sent.message_id, reply_markup=keyboard("v1-b"))
    with pytest.raises(BadRequest, match="Message is not modified: specified new message content"):
        bot.edit_message_text("Page 2", USER, sent.message_id, reply_markup=keyboard("v1-b"))
    shown = telegram.messages(USER)[-1]
    assert (shown.text, shown.edited, shown.keyboard[0][0]["callback_data"]) == ("Page 2", 1, "v1-b")
    with pytest.raises(ControlError, match="no button"):
        telegram.press(USER, sent.message_id, "v1-a")
    telegram.press_forged("v1-a", message_id=sent.message_id)
    telegram.press_forged("v1-z", message_id=99)
    forged, unknown = bot.get_updates()[-2:]
    assert forged.callback_query.message.text == "Page 2"
    assert not unknown.callback_query.message.is_accessible
    telegram.configure(callback_age=0.0)
    with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
        bot.answer_callback_query(forged.callback_query.id)
    assert telegram.problems() == []


def article(identifier: str = "1", text: str = "A paper", **more: Any) -> InlineQueryResultArticle:
    return InlineQueryResultArticle(identifier, "Title", InputTextMessageContent(text), **more)


def test_an_inline_query_is_answered_and_paged(telegram: TelegramServer, bot: Client) -> None:
    asked = telegram.inline("attention")
    query = bot.get_updates()[-1].inline_query
    button = InlineQueryResultsButton("More", start_parameter="v1-more")
    results = [article(str(number), reply_markup=keyboard("v1-x")) for number in range(50)]
    bot.answer_inline_query(query.id, results, next_offset="50", is_personal=True, button=button)
    answer = telegram.inline_answer(asked.inline_query_id)
    assert (len(answer["results"]), answer["next_offset"], answer["button"]["start_parameter"]) == (50, "50", "v1-more")
    telegram.inline("attention", offset=answer["next_offset"])
    assert bot.get_updates()[-1].inline_query.offset == "50"
    chosen = telegram.chosen_inline("7", asked.inline_query_id, chat=GROUP)
    assert bot.get_updates()[-1].chosen_inline_result.result_id == "7"
    telegram.press_inline(chosen.inline_message_id, "v1-x")
    bot.edit_message_text("Changed", inline_message_id=bot.get_updates()[-1].callback_query.inline_message_id)
    assert telegram.problems() == []


def test_commands_by_scope_and_language(telegram: TelegramServer, bot: Client) -> None:
    telegram.add_user(77, language_code="de")
    bot.set_my_commands([BotCommand("find", "Find a paper")])
    bot.set_my_commands([BotCommand("find", "Suche")], language_code="de")
    bot.set_my_commands([BotCommand("digest", "Set the digest")], scope=BotCommandScopeChat(GROUP))
    bot.set_my_short_description("Papers")
    assert telegram.commands(language="de") == [{"command": "find", "description": "Suche"}]
    assert bot.get_my_commands(scope=BotCommandScopeChat(GROUP))[0].command == "digest"
    assert [telegram.menu(chat, user)[0]["description"] for chat, user in ((USER, USER), (77, 77), (GROUP, 77))] == [
        "Find a paper",
        "Suche",
        "Set the digest",
    ]
    bot.delete_my_commands(scope=BotCommandScopeChat(GROUP))
    assert telegram.menu(GROUP, 77)[0]["description"] == "Suche"
    assert bot.get_my_short_description(language_code="de").short_description == "Papers"


def test_privacy_mode_decides_what_arrives_from_a_group(telegram: TelegramServer, bot: Client) -> None:
    own = bot.send_message(GROUP, "mine")
    seen = ["/help", "/help@roadmap_test_bot", "/help@Roadmap_Test_Bot now"]
    unseen = ["hello", "@roadmap_test_bot hello", "/help@another_bot", "so /help"]
    assert all(telegram.write(text, chat=GROUP).update_id for text in seen)
    assert not any(telegram.write(text, chat=GROUP).update_id for text in unseen)
    assert telegram.write("to you", chat=GROUP, reply_to=own.message_id).update_id
    telegram.configure(privacy=False)
    assert all(telegram.write(text, chat=GROUP).update_id for text in unseen)
    telegram.write("/config", chat=GROUP, sender_chat=GROUP)
    telegram.write("/config", chat=GROUP, sender_chat=CHANNEL)
    anonymous, channel = (update.message for update in bot.get_updates()[-2:])
    assert (anonymous.from_user.id, anonymous.sender_chat.id) == (1087968824, GROUP)
    assert (channel.from_user.id, channel.sender_chat.id) == (136817688, CHANNEL)


def test_topics(telegram: TelegramServer, bot: Client) -> None:
    telegram.write("/quiz", chat=FORUM, thread=TOPICS[1])
    telegram.write("/quiz", chat=FORUM)
    inside, general = (update.message for update in bot.get_updates())
    assert (inside.message_thread_id, inside.is_topic_message, general.message_thread_id) == (TOPICS[1], True, None)
    bot.send_message(FORUM, "Question", message_thread_id=TOPICS[1])
    bot.send_message(FORUM, "Answer", reply_parameters=ReplyParameters(inside.message_id))
    assert [message.text for message in telegram.messages(FORUM, TOPICS[1]) if message.by_bot] == ["Question", "Answer"]
    telegram.close_topic(FORUM, TOPICS[1])
    with pytest.raises(BadRequest, match="Topic_closed"):
        bot.send_message(FORUM, "Late", message_thread_id=TOPICS[1])
    telegram.delete_topic(FORUM, TOPICS[1])
    for thread in (TOPICS[1], 1, 4711):
        with pytest.raises(BadRequest, match="Message thread not found"):
            bot.send_message(FORUM, "Lost", message_thread_id=thread)
    with pytest.raises(BadRequest, match="Not enough rights to create a topic"):
        bot.create_forum_topic(FORUM, "Mine")
    telegram.promote(FORUM)
    mine = bot.create_forum_topic(FORUM, "Mine").message_thread_id
    assert bot.send_message(FORUM, "Found", message_thread_id=mine).is_topic_message


def test_what_becomes_of_the_bot_in_chats(telegram: TelegramServer, bot: Client) -> None:
    group = telegram.add_chat("group", bot=None)
    with pytest.raises(Forbidden, match="bot is not a member of the group chat"):
        bot.send_message(group, "x")
    telegram.join_bot(group)
    assert bot.send_message(group, "Hello").text == "Hello"
    moved = telegram.migrate(group)
    with pytest.raises(ChatMigrated) as caught:
        bot.send_message(group, "x")
    assert caught.value.new_chat_id == moved.chat
    assert bot.get_updates()[-1].message.migrate_from_chat_id == group
    telegram.kick_bot(moved.chat)
    change = bot.get_updates()[-1].my_chat_member
    assert (change.old_chat_member.status, change.new_chat_member.status) == ("member", "kicked")
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        bot.send_message(moved.chat, "x")
    telegram.block_bot()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        bot.send_message(USER, "x")
    telegram.start()
    assert bot.get_updates()[-2].my_chat_member.new_chat_member.status == "member"
    assert bot.send_message(USER, "back").text == "back"
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        bot.send_message(telegram.add_user(standing="new"), "x")
    with pytest.raises(BadRequest, match="Chat not found"):
        bot.send_message(31337, "x")
    assert [member.status for member in bot.get_chat_administrators(CHANNEL)] == ["creator", "administrator"]
    assert bot.get_chat_member(GROUP, USER).status == "creator"
    telegram.set_member(GROUP, telegram.bot["id"], "restricted")
    with pytest.raises(BadRequest, match="Not enough rights to send text messages to the chat"):
        bot.send_message(GROUP, "x")


def test_what_people_change_and_take_away(telegram: TelegramServer, bot: Client) -> None:
    telegram.write("/find atention")
    own = bot.send_message(GROUP, "own")
    telegram.write("/find attention", edited=True)
    assert bot.get_updates()[-1].edited_message.text == "/find attention"
    assert telegram.messages(USER)[0].edited == 1
    theirs = telegram.write("hello", chat=GROUP).message_id
    with pytest.raises(BadRequest, match="Message can't be edited"):
        bot.edit_message_text("x", GROUP, theirs)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        bot.delete_message(GROUP, theirs)
    with pytest.raises(BadRequest, match="Not enough rights to manage pinned messages in the supergroup chat"):
        bot.pin_chat_message(GROUP, own.message_id)
    assert bot.delete_message(GROUP, own.message_id)
    with pytest.raises(BadRequest, match="Message to edit not found"):
        bot.edit_message_text("x", GROUP, own.message_id)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        bot.delete_message(GROUP, own.message_id)
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        bot.send_message(GROUP, "x", reply_parameters=ReplyParameters(own.message_id))
    forgiving = ReplyParameters(own.message_id, allow_sending_without_reply=True)
    assert bot.send_message(GROUP, "x", reply_parameters=forgiving).reply_to_message is None
    quiz = bot.send_poll(GROUP, "Which?", ["a"])
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        bot.edit_message_text("x", GROUP, quiz.message_id)
    telegram.deactivate(USER)
    with pytest.raises(Forbidden, match="user is deactivated"):
        bot.send_message(USER, "x")
    telegram.delete_chat(GROUP)
    with pytest.raises(BadRequest, match="Chat not found"):
        bot.send_message(GROUP, "x")
    assert telegram.problems() == []


def test_channel_posts_reach_the_discussion_unless_they_have_buttons(telegram: TelegramServer, bot: Client) -> None:
    telegram.link(CHANNEL, GROUP)
    telegram.promote(GROUP)
    bot.send_message(CHANNEL, "Paper of the day")
    bot.send_message(CHANNEL, "With buttons", reply_markup=keyboard("v1-a"))
    (comment,) = (update.message for update in bot.get_updates() if update.message)
    assert (comment.from_user.id, comment.sender_chat.id, comment.is_automatic_forward) == (777000, CHANNEL, True)
    assert telegram.write("A post", chat=CHANNEL).forward_update_id
    with pytest.raises(BadRequest, match="Non-anonymous polls can't be sent to channel chats"):
        bot.send_poll(CHANNEL, "Which?", ["a", "b"], is_anonymous=False)


def test_a_quiz_is_voted_on_and_stopped(telegram: TelegramServer, bot: Client) -> None:
    sent = bot.send_poll(GROUP, "Which?", ["a", "b"], type="quiz", correct_option_ids=[1], is_anonymous=False)
    telegram.vote(sent.poll.id, [1])
    counted, answer = bot.get_updates()
    assert [option.voter_count for option in counted.poll.options] == [0, 1]
    assert (answer.poll_answer.user.id, answer.poll_answer.option_ids) == (USER, (1,))
    with pytest.raises(ControlError, match="vote again"):
        telegram.vote(sent.poll.id, [0])
    assert bot.stop_poll(GROUP, sent.message_id).is_closed
    assert telegram.polls()[0].votes == {USER: [1]}
    anonymous = bot.send_poll(CHANNEL, "Which?", ["a", "b"])
    assert telegram.vote(anonymous.poll.id, [0]).update_id is None


def test_another_process_is_driven_by_the_same_words() -> None:
    with spawn("tests.fakes.telegram_server") as telegram, client(telegram) as bot:
        written = telegram.write("/start")
        assert bot.get_updates()[0].update_id == written.update_id
        telegram.fault("server_error", method="sendMessage")
        with pytest.raises(NetworkError):
            bot.send_message(USER, "x")
        bot.send_message(USER, "Hello")
        assert telegram.wait_message(USER)[0].text == "Hello"
        assert telegram.requests(method="sendMessage")[0].status == 500
        with pytest.raises(TimeoutError):
            telegram.wait_confirmed(written.update_id, timeout=0.01)
