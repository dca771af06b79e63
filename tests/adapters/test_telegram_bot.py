"""The Telegram adapter and the real client library against a local server: what people send, and what they see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from running_telegram import QUICK, Home, Running
from tests.fakes.serving import Record
from tests.fakes.telegram_server import CHANNEL, FORUM, GROUP, TOPICS, USER, TelegramServer

from roadmap_bot.core.action import Action, encode
from roadmap_bot.engine import Engine


@pytest.fixture
def running(home: Home) -> Iterator[Running]:
    with Running(home.bot()) as adapter:
        yield adapter


def said(telegram: TelegramServer, chat: int = USER, count: int = 1, since: int = 0) -> list[str]:
    """What the bot said in a chat, once it said so many things."""
    return [message.text for message in telegram.wait_message(chat, count, since)]


def settled(telegram: TelegramServer, record: Record) -> None:
    """Returns when an update is handled and confirmed."""
    assert record.update_id is not None
    telegram.wait_confirmed(record.update_id)


def pressed(telegram: TelegramServer, message: Record, label: str, **how: Any) -> Record:
    """Presses a button by its label."""
    data = next(one["callback_data"] for row in message.keyboard for one in row if one["text"] == label)
    return telegram.press(message.chat["id"], message.message_id, data, **how)


# --- private chats ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("running")
def test_a_name_typed_in_private_is_answered_with_its_card(telegram: TelegramServer) -> None:
    record = telegram.write("ZephyrNet")
    (answer,) = telegram.wait_message(USER)
    assert "ZephyrNet: Guessing Gusts from Grass" in answer.text
    assert "reply_to_message" not in answer
    assert [entity["type"] for entity in answer.entities if entity["type"] == "text_link"]
    settled(telegram, record)
    assert telegram.pending() == []


@pytest.mark.usefixtures("running")
def test_commands_are_read_with_and_without_the_name_of_the_bot(telegram: TelegramServer) -> None:
    name = telegram.bot["username"]
    for text in (
        "/echo one",
        f"/echo@{name} two",
        f"/ECHO@{name.upper()}\nthree",
        "/echo@another_bot four",
        "/nothing",
    ):
        settled(telegram, telegram.write(text))
    assert said(telegram, count=4) == [
        "echo one",
        "echo two",
        "echo three",
        "There is no command “nothing”. Type /help to see all of them, or just ask.",
    ]


@pytest.mark.usefixtures("running")
def test_a_start_greets_and_a_deep_link_presses(telegram: TelegramServer) -> None:
    settled(telegram, telegram.start())
    settled(telegram, telegram.start(encode(Action("", "paper", ("zephyrnet",)))))
    settled(telegram, telegram.start("forged"))
    welcome, work, refused = said(telegram, count=3)
    assert welcome.startswith("Welcome")
    assert "ZephyrNet: Guessing Gusts from Grass" in work
    assert "from another time" in refused


@pytest.mark.usefixtures("running")
def test_what_is_no_question_gets_no_answer(telegram: TelegramServer) -> None:
    telegram.write("/echo first")
    said(telegram)
    telegram.write("/echo changed", edited=True)
    telegram.write("ZephyrNet", via_bot=True)
    photo = {"message_id": 900, "date": 1, "chat": {"id": USER, "type": "private"}, "photo": []}
    telegram.raw_update({"message": photo | {"from": {"id": USER, "is_bot": False, "first_name": "A"}}})
    bot = {"id": 77, "is_bot": True, "first_name": "B"}
    telegram.raw_update({"message": photo | {"from": bot, "text": "/echo bots"}})
    captioned = photo | {"from": {"id": USER, "is_bot": False, "first_name": "A"}, "caption": "/echo caption"}
    settled(telegram, telegram.raw_update({"message": captioned}))
    assert said(telegram, count=2) == ["echo first", "echo caption"]


@pytest.mark.usefixtures("running")
def test_two_people_are_answered_in_their_languages(telegram: TelegramServer) -> None:
    reader = telegram.add_user(language_code="zh-hans")
    telegram.start(user=reader)
    telegram.start()
    assert said(telegram, reader)[0].startswith("欢迎")
    assert said(telegram)[0].startswith("Welcome")


@pytest.mark.usefixtures("running")
def test_a_language_that_was_set_stays(telegram: TelegramServer, home: Home) -> None:
    settled(telegram, telegram.write("/settings"))
    (settings,) = telegram.wait_message(USER)
    settled(telegram, pressed(telegram, settings, "简体中文"))
    settled(telegram, telegram.start())
    assert said(telegram, count=3)[2].startswith("欢迎")
    assert home.chats.get("telegram", str(USER)).language == "zh-CN"


# --- buttons ---------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("running")
def test_pages_turn_in_their_place_and_every_press_is_answered(telegram: TelegramServer) -> None:
    telegram.write("/section launch")
    (first,) = telegram.wait_message(USER)
    assert "1–8 of" in first.text
    press = pressed(telegram, first, "More")
    assert telegram.callback_answer(press.callback_query_id).get("text") is None
    settled(telegram, press)
    (second,) = telegram.wait_message(USER)
    assert second.message_id == first.message_id
    assert second.edited == 1
    assert second.text != first.text
    settled(telegram, pressed(telegram, second, "Back"))
    (again,) = telegram.wait_message(USER)
    assert again.text == first.text


def test_presses_are_answered_at_once_however_long_the_pages_have_to_wait(telegram: TelegramServer, home: Home) -> None:
    with Running(home.bot(pauses=replace(QUICK, chat=1.05))):
        telegram.write("/section launch")
        (listing,) = telegram.wait_message(USER)
        presses = [pressed(telegram, listing, "More"), telegram.press_forged("forged"), pressed(telegram, listing, "1")]
        for press in presses:
            telegram.callback_answer(press.callback_query_id)
        assert telegram.requests(method="editMessageText") == []
        assert len(telegram.wait_message(USER, 2)) == 2
    (edit,) = telegram.requests(method="editMessageText")
    assert edit.time < telegram.requests(method="sendMessage")[-1].time


@pytest.mark.usefixtures("running")
def test_a_number_under_a_list_opens_its_entry_as_a_message(telegram: TelegramServer) -> None:
    telegram.write("/section launch")
    (listing,) = telegram.wait_message(USER)
    press = pressed(telegram, listing, "2")
    assert telegram.callback_answer(press.callback_query_id)
    _, opened = telegram.wait_message(USER, 2)
    title = next(line[3:] for line in listing.text.split("\n") if line.startswith("2. "))
    assert title.split(" (")[0] in opened.text


@pytest.mark.usefixtures("running")
def test_old_and_forged_buttons_are_told_so_kindly(telegram: TelegramServer) -> None:
    gone = encode(Action("", "section", ("was-renamed",)))
    for data in ("v0:old", "1_", "\U0001f600", "1_frobnicate", gone, "x" * 64):
        press = telegram.press_forged(data)
        answer = telegram.callback_answer(press.callback_query_id)
        assert answer["show_alert"] is True, data
        assert 0 < len(answer["text"]) <= 200
    assert [message for message in telegram.messages(USER) if message.by_bot] == []


@pytest.mark.usefixtures("running")
def test_a_press_that_changes_nothing_or_comes_too_late_is_nothing_to_speak_of(
    telegram: TelegramServer, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.write("/section launch")
    (listing,) = telegram.wait_message(USER)
    for kind in ("not_modified", "message_not_found"):
        telegram.fault(kind, method="editMessageText")
        settled(telegram, pressed(telegram, listing, "More"))
    telegram.fault("query_too_old", method="answerCallbackQuery")
    settled(telegram, pressed(telegram, listing, "More"))
    assert telegram.wait_message(USER)[0].edited == 1
    assert [one for one in caplog.records if one.levelname in ("WARNING", "ERROR")] == []


# --- groups, topics, channels ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("running")
def test_in_a_group_only_what_is_meant_for_the_bot_is_answered(telegram: TelegramServer) -> None:
    telegram.configure(privacy=False)
    name = telegram.bot["username"]
    first = telegram.write("/echo command", chat=GROUP)
    (answer,) = telegram.wait_message(GROUP)
    assert answer.reply_to_message["message_id"] == first.message_id
    telegram.write("ZephyrNet", chat=GROUP)
    telegram.write("/ban somebody", chat=GROUP)
    telegram.write("/echo@another_bot not me", chat=GROUP)
    telegram.write(f"hello @{name}s", chat=GROUP)
    telegram.write(f"what is @{name.title()} ZephyrNet", chat=GROUP)
    settled(telegram, telegram.write("Tailspin", chat=GROUP, reply_to=answer.message_id))
    settled(telegram, telegram.write(f"/unknown@{name}", chat=GROUP))
    texts = said(telegram, GROUP, 4)
    assert len(texts) == 4
    assert "ZephyrNet" in texts[1]
    assert "There is no command “unknown”" in texts[3]


@pytest.mark.usefixtures("running")
def test_a_topic_is_answered_in_that_topic(telegram: TelegramServer) -> None:
    telegram.write("/section launch", chat=FORUM, thread=TOPICS[1])
    telegram.write("/echo general", chat=FORUM)
    general, listing = sorted(telegram.wait_message(FORUM, 2), key=lambda message: message.thread or 0)
    assert (general.thread, listing.thread) == (None, TOPICS[1])
    settled(telegram, pressed(telegram, listing, "1"))
    opened = telegram.wait_message(FORUM, 3)[-1]
    assert opened.thread == TOPICS[1]
    assert opened.reply_to_message["message_id"] == listing.message_id


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("kind", ["thread_not_found", "topic_closed"])
def test_an_answer_whose_topic_is_gone_goes_to_the_group(telegram: TelegramServer, kind: str) -> None:
    telegram.fault(kind, method="sendMessage")
    settled(telegram, telegram.write("/echo lost", chat=FORUM, thread=TOPICS[0]))
    (answer,) = telegram.wait_message(FORUM)
    assert answer.text == "echo lost"
    assert answer.thread is None


@pytest.mark.usefixtures("running")
def test_a_channel_is_answered_when_it_commands(telegram: TelegramServer) -> None:
    telegram.link(CHANNEL, GROUP)
    telegram.write("A post about ZephyrNet", chat=CHANNEL)
    settled(telegram, telegram.write("/echo channel", chat=CHANNEL))
    assert said(telegram, CHANNEL) == ["echo channel"]
    assert [message for message in telegram.messages(GROUP) if message.by_bot] == []


@pytest.mark.usefixtures("running")
def test_managers_may_and_others_may_not_at_the_command_and_at_the_press(telegram: TelegramServer) -> None:
    member = telegram.add_user()
    telegram.set_member(GROUP, member, "member")
    refused = "Only those who manage this chat can change that. Ask one of them to do it."
    texts: list[str] = []
    for how in ({"user": USER}, {"user": member}, {"user": USER, "sender_chat": GROUP}, {"sender_chat": CHANNEL}):
        settled(telegram, telegram.write("/guarded", chat=GROUP, **how))
        texts = said(telegram, GROUP, len(texts) + 1)
    assert texts == [f"done for {USER}", refused, f"done for {GROUP}", refused]
    settled(telegram, telegram.write("/settings", chat=GROUP))
    settings = telegram.wait_message(GROUP, 5)[-1]
    press = pressed(telegram, settings, "简体中文", user=member)
    assert telegram.callback_answer(press.callback_query_id)["text"] == refused
    settled(telegram, pressed(telegram, settings, "简体中文", user=USER))
    assert said(telegram, GROUP, 6)[-1] == "从现在起，我在这里用中文回答。"
    assert len(telegram.requests(method="getChatMember")) == 2


@pytest.mark.usefixtures("running")
def test_a_new_group_is_greeted_once_and_again_after_a_return(telegram: TelegramServer, home: Home) -> None:
    group = telegram.add_chat("group", bot=None)
    settled(telegram, telegram.join_bot(group))
    (greeting,) = said(telegram, group)
    assert greeting.startswith("Welcome")
    assert "I hear commands such as /search@" in greeting
    assert "/settings@" in greeting
    settled(telegram, telegram.promote(group))
    settled(telegram, telegram.kick_bot(group))
    assert home.chats.get("telegram", str(group)).gone_at is not None
    settled(telegram, telegram.join_bot(group))
    assert len(said(telegram, group, 2)) == 2
    assert home.chats.get("telegram", str(group)).gone_at is None


@pytest.mark.usefixtures("running")
def test_who_blocks_the_bot_is_gone_until_they_come_back(telegram: TelegramServer, home: Home) -> None:
    def gone() -> bool:
        return home.chats.get("telegram", str(USER)).gone_at is not None

    settled(telegram, telegram.unblock_bot())
    settled(telegram, telegram.block_bot())
    assert gone()
    settled(telegram, telegram.unblock_bot())
    assert not gone()
    telegram.fault("blocked", method="sendMessage")
    settled(telegram, telegram.write("/echo unheard"))
    assert gone()


@pytest.mark.usefixtures("running")
def test_a_group_that_moves_keeps_its_settings_and_gets_its_answer(telegram: TelegramServer, home: Home) -> None:
    group = telegram.add_chat("group")
    home.chats.set_language("telegram", str(group), "zh-CN", home.engine.context.now())
    moved = telegram.migrate(group)
    settled(telegram, Record(update_id=moved.new_update_id))
    assert home.chats.get("telegram", str(moved.chat)).language == "zh-CN"
    assert home.chats.get("telegram", str(group)).language is None
    other = telegram.add_chat("group")
    telegram.fault("migrated", method="sendMessage", migrate_to_chat_id=moved.chat)
    settled(telegram, telegram.write("/echo after you", chat=other))
    assert said(telegram, moved.chat) == ["echo after you"]


# --- inline mode -----------------------------------------------------------------------------------------------------


def test_inline_offers_whole_replies_page_by_page(telegram: TelegramServer, tmp_path: Path, engine: Engine) -> None:
    home = Home(telegram, tmp_path, engine)
    with Running(home.bot()):
        asked = telegram.inline("language model")
        answer = telegram.inline_answer(asked.inline_query_id)
        again = telegram.inline("language model", offset=answer["next_offset"])
        following = telegram.inline_answer(again.inline_query_id)
    home.database.close()
    assert len(answer["results"]) == 10
    assert answer["is_personal"] is True
    assert answer["cache_time"] == 300
    assert not {one["id"] for one in answer["results"]} & {one["id"] for one in following["results"]}


@pytest.mark.usefixtures("running")
def test_inline_has_a_pick_for_an_empty_line_and_a_way_on_when_nothing_is_found(telegram: TelegramServer) -> None:
    picked = telegram.inline_answer(telegram.inline("").inline_query_id)
    assert len(picked["results"]) == 1
    assert picked["cache_time"] == 60
    nothing = telegram.inline_answer(telegram.inline("zzzzqqq").inline_query_id)
    assert nothing["results"] == []
    assert nothing["button"]["text"] == "Nothing found. Browse the roadmap"
    settled(telegram, telegram.start(nothing["button"]["start_parameter"]))
    assert "1. " in said(telegram)[0]


@pytest.mark.usefixtures("running")
def test_a_message_sent_inline_turns_its_pages_and_leads_to_the_bot_for_the_rest(telegram: TelegramServer) -> None:
    asked = telegram.inline("Reading the Wind")
    results = telegram.inline_answer(asked.inline_query_id)["results"]
    sent = telegram.chosen_inline(results[0]["id"], asked.inline_query_id)
    keyboard = results[0]["reply_markup"]["inline_keyboard"]
    data = next(one["callback_data"] for row in keyboard for one in row if one["text"] == "Next section")
    press = telegram.press_inline(sent.inline_message_id, data)
    answer = telegram.callback_answer(press.callback_query_id)
    assert answer["url"] == f"https://t.me/{telegram.bot['username']}?start={data}"
    turned = encode(Action("", "section", ("launch", "2")))
    forged = telegram.raw_update(
        {
            "callback_query": {
                "id": "5",
                "from": {"id": USER, "is_bot": False, "first_name": "A"},
                "chat_instance": "1",
                "inline_message_id": sent.inline_message_id,
                "data": turned,
            }
        }
    )
    settled(telegram, forged)
    (edit,) = telegram.wait_request("editMessageText")
    assert edit.body["inline_message_id"] == sent.inline_message_id
    assert "9" in edit.body["text"]
