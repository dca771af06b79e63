"""The Telegram adapter through faults and restarts: nothing is lost, nothing is answered twice, and all of it ends."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import replace

import pytest
from filelock import FileLock
from running_telegram import LONGEST, QUICK, Home, Running
from tests.fakes.serving import Record
from tests.fakes.telegram_server import GROUP, USER, TelegramServer

from roadmap_bot.adapters.telegram.project import projection
from roadmap_bot.adapters.telegram.requests import checked
from roadmap_bot.adapters.telegram.webhook import secret_of
from roadmap_bot.core.errors import UserError
from roadmap_bot.state.marks import Marks
from roadmap_bot.state.updates import Updates


def until(condition: Callable[[], object], what: str) -> None:
    """Waits for a condition, and names what was missed."""
    deadline = time.monotonic() + LONGEST
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.005)


def settled(telegram: TelegramServer, record: Record) -> None:
    """Returns when an update is handled and confirmed."""
    telegram.wait_confirmed(record.update_id, timeout=LONGEST)


def texts(telegram: TelegramServer, chat: int = USER) -> list[str]:
    """What the bot has said in a chat."""
    return [message.text for message in telegram.messages(chat) if message.by_bot]


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was logged as wrong."""
    return [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]


# --- order, crowds, and updates that are none ------------------------------------------------------------------------


def test_two_hundred_at_once_are_all_answered_in_the_order_of_each_chat(telegram: TelegramServer, home: Home) -> None:
    chats = [telegram.add_user() for _ in range(20)]
    records = telegram.many(200, "/echo {}", chats=chats)
    with Running(home.bot()):
        settled(telegram, records[-1])
        until(lambda: not telegram.pending(), "everything confirmed")
    for number, chat in enumerate(chats):
        assert texts(telegram, chat) == [f"echo {one}" for one in range(number, 200, 20)]


def test_a_slow_answer_holds_up_its_own_chat_and_no_other(telegram: TelegramServer, home: Home) -> None:
    other = telegram.add_user()
    with Running(home.bot()):
        slow = telegram.write("/slow one")
        assert home.gate.entered.wait(LONGEST)
        after = telegram.write("/echo after")
        telegram.write("/echo other", user=other)
        telegram.wait_message(other)
        asked = len(telegram.requests(method="getUpdates"))
        telegram.write("/echo later", user=other)
        telegram.wait_message(other, 2)
        assert texts(telegram) == []
        assert telegram.confirmed() < slow.update_id
        assert len(telegram.requests(method="getUpdates")) - asked < 20
        home.gate.open()
        settled(telegram, after)
    assert texts(telegram) == ["slow one", "echo after"]


def test_one_chat_cannot_take_all_the_room(telegram: TelegramServer, home: Home) -> None:
    other = telegram.add_user()
    with Running(home.bot()):
        telegram.write("/slow")
        assert home.gate.entered.wait(LONGEST)
        telegram.many(150, "/echo {}", chats=[USER])
        telegram.write("/echo other", user=other)
        until(lambda: len(telegram.requests(method="getUpdates")) > 3, "fetched on")
        home.gate.open()
        telegram.wait_message(other, timeout=LONGEST)
        until(lambda: not telegram.pending(), "everything confirmed")
    assert 30 <= len(texts(telegram)) < 120


MALFORMED = {"message_id": 1, "date": 1, "chat": {"id": USER, "type": "private"}, "text": "/echo broken"}


def test_a_malformed_update_is_left_out_and_the_others_of_its_batch_are_answered(
    telegram: TelegramServer, home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    broken = [
        {"message": MALFORMED | {"from": {"id": [1], "is_bot": False, "first_name": "secret name"}}},
        {"message": MALFORMED | {"from": {"id": USER, "is_bot": False}, "text": ["secret words"]}},
        {"message": MALFORMED | {"date": 10**18}},
        {"callback_query": {"id": 5}},
        {"inline_query": None},
        {"unheard_of": {"id": 5}},
    ]
    telegram.write("/echo before")
    for one in broken:
        telegram.raw_update(one)
    last = telegram.write("/echo after")
    with Running(home.bot()):
        settled(telegram, last)
        telegram.fault("malformed")
        settled(telegram, telegram.write("/echo still here"))
    assert texts(telegram) == ["echo before", "echo after", "echo still here"]
    assert sum("is malformed" in one for one in warnings(caplog)) >= 4
    assert "secret" not in caplog.text


@pytest.mark.parametrize("raw", [None, [], 5, "x", {}, {"update_id": "1"}, {"update_id": True}, {"update_id": -1}])
def test_what_has_no_number_is_dropped(raw: object) -> None:
    assert checked(raw) is None


# --- restarts --------------------------------------------------------------------------------------------------------


def test_after_a_crash_what_was_not_answered_is_and_what_was_is_not_again(telegram: TelegramServer, home: Home) -> None:
    other = telegram.add_user()
    dropped = Running(home.bot()).__enter__()
    telegram.write("/slow one")
    assert home.gate.entered.wait(LONGEST)
    quick = telegram.write("/echo quick", user=other)
    telegram.wait_message(other)
    until(lambda: _noted(home, quick.update_id), "the quick one noted")
    dropped.kill(home.gate)
    assert texts(telegram) == []
    assert len(telegram.pending()) == 2
    with Running(home.bot()):
        settled(telegram, quick)
        assert texts(telegram) == ["slow one"]
        assert texts(telegram, other) == ["echo quick"]
        telegram.write("/echo next", user=other)
        until(lambda: not _noted(home, quick.update_id), "what is confirmed is forgotten")


def _noted(home: Home, update_id: int) -> bool:
    return bool(Updates(home.database, "telegram", home.telegram.token.split(":")[0]).handled([update_id]))


def test_a_stop_under_load_loses_nothing_and_repeats_nothing(telegram: TelegramServer, home: Home) -> None:
    chats = [telegram.add_user() for _ in range(40)]
    telegram.many(80, "/echo {}", chats=chats)
    for _ in range(2):
        with Running(home.bot()):
            telegram.wait_request("sendMessage", 1)
    last = telegram.write("/echo the last")
    with Running(home.bot()):
        settled(telegram, last)
        until(lambda: not telegram.pending(), "everything confirmed")
    for number, chat in enumerate(chats):
        assert texts(telegram, chat) == [f"echo {number}", f"echo {number + 40}"]


def test_what_is_being_answered_is_finished_and_confirmed_at_the_stop(telegram: TelegramServer, home: Home) -> None:
    running = Running(home.bot()).__enter__()
    record = telegram.write("/slow one")
    assert home.gate.entered.wait(LONGEST)
    opener = threading.Timer(0.2, home.gate.open)
    opener.start()
    running.stop()
    opener.join()
    assert texts(telegram) == ["slow one"]
    assert telegram.confirmed() == record.update_id


def test_an_update_that_comes_twice_is_answered_once(telegram: TelegramServer, home: Home) -> None:
    telegram.fault("duplicate", times=None)
    with Running(home.bot()):
        for number in range(3):
            settled(telegram, telegram.write(f"/echo {number}"))
    assert texts(telegram) == ["echo 0", "echo 1", "echo 2"]


# --- refusals and outages --------------------------------------------------------------------------------------------


def test_too_much_is_repeated_after_the_pause_telegram_wants(telegram: TelegramServer, home: Home) -> None:
    telegram.fault("flood", method="sendMessage", retry_after=1)
    with Running(home.bot()):
        settled(telegram, telegram.write("/echo again"))
    refused, sent = telegram.requests(method="sendMessage")
    assert sent.time - refused.time >= 1.0
    assert texts(telegram) == ["echo again"]


def test_the_limits_of_telegram_are_kept(telegram: TelegramServer, home: Home) -> None:
    telegram.limits()
    chats = [USER, *(telegram.add_user() for _ in range(29))]
    telegram.many(33, "/echo {}", chats=[*chats, USER, GROUP, USER])
    with Running(home.bot(per_second=27, pauses=replace(QUICK, chat=1.05))):
        until(lambda: len(telegram.deliveries()) == 33, "everything answered")
    assert telegram.violations() == []


@pytest.mark.parametrize(("kind", "answered"), [("cut_before", 0), ("cut_after", 1), ("bad_gateway", 0), ("hang", 1)])
def test_a_message_that_may_have_arrived_is_not_repeated(
    telegram: TelegramServer, home: Home, kind: str, answered: int, caplog: pytest.LogCaptureFixture
) -> None:
    details = {"seconds": 0.2, "processed": True} if kind == "hang" else {}
    telegram.fault(kind, method="sendMessage", **details)
    with Running(home.bot()):
        settled(telegram, telegram.write("/echo perhaps"))
        settled(telegram, telegram.write("/echo surely"))
    assert texts(telegram) == ["echo perhaps"] * answered + ["echo surely"]
    assert len(warnings(caplog)) == (kind != "hang")


def test_a_message_that_never_left_is_repeated(telegram: TelegramServer, home: Home) -> None:
    with Running(home.bot()):
        telegram.write("/slow one")
        assert home.gate.entered.wait(LONGEST)
        telegram.down(0.3)
        home.gate.open()
        until(lambda: texts(telegram) == ["slow one"], "sent after all")


def test_an_outage_is_waited_out_and_said_once(
    telegram: TelegramServer, home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with Running(home.bot()):
        settled(telegram, telegram.write("/echo before"))
        telegram.fault("bad_gateway", method="getUpdates", times=3)
        telegram.fault("unauthorized", method="setMyCommands")
        written = telegram.write("/echo during")
        settled(telegram, written)
        telegram.write("/echo after")
        until(lambda: "Telegram answers again." in caplog.text, "the end of the outage said")
        until(lambda: len(texts(telegram)) == 3, "everything answered")
    assert texts(telegram) == ["echo before", "echo during", "echo after"]
    assert sum("cannot be reached" in one for one in warnings(caplog)) == 1
    assert caplog.text.count("Telegram answers again.") == 1


def test_a_poll_that_never_comes_back_is_begun_anew(telegram: TelegramServer, home: Home) -> None:
    telegram.fault("hang", method="getUpdates", seconds=30, processed=False)
    with Running(home.bot(pauses=replace(QUICK, poll=0, margin=0.3))):
        settled(telegram, telegram.write("/echo heard"))
    assert texts(telegram) == ["echo heard"]


def test_somebody_else_who_fetches_is_said_in_plain_words_and_outlasted(
    telegram: TelegramServer, home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    telegram.fault("conflict", method="getUpdates", times=3)
    with Running(home.bot()):
        settled(telegram, telegram.write("/echo at last"))
    assert texts(telegram) == ["echo at last"]
    assert [one for one in warnings(caplog) if "Somebody else fetches" in one] == [warnings(caplog)[0]]


def test_a_bad_start_is_waited_out(telegram: TelegramServer, home: Home, caplog: pytest.LogCaptureFixture) -> None:
    telegram.fault("bad_gateway", method="getMe", times=2)
    telegram.fault("cut_before", method="getMe")
    telegram.fault("flood", method="getMe", retry_after=0)
    with Running(home.bot()):
        settled(telegram, telegram.write("/echo started"))
    assert texts(telegram) == ["echo started"]
    assert sum("cannot be reached" in one for one in warnings(caplog)) <= 2


def test_a_stop_before_telegram_ever_answered_ends_at_once(telegram: TelegramServer, home: Home) -> None:
    telegram.fault("bad_gateway", method="getMe", times=None)
    started = time.monotonic()
    with Running(home.bot(pauses=replace(QUICK, first=30.0, longest=60.0))):
        telegram.wait_request("getMe")
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("token", ["123456789:AAwrongWrongWrongWrongWrongWrongWro", "nonsense", "12 34"])
def test_a_token_telegram_does_not_know_is_for_a_person_to_mend(
    home: Home, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "roadmap_bot")
    with pytest.raises(UserError, match="does not accept this token") as raised, Running(home.bot(token=token)) as one:
        one.ended()
    assert token not in raised.value.sentence
    assert not any(token in one.getMessage() for one in caplog.records if one.name.startswith("roadmap_bot"))


def test_neither_the_token_nor_what_people_write_is_logged(
    telegram: TelegramServer, home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "roadmap_bot")
    for kind in ("cut_after", "bad_gateway", "server_error", "blocked", "no_rights"):
        telegram.fault(kind, method="sendMessage")
    telegram.fault("cut_before", method="getUpdates", after=2)
    with Running(home.bot()):
        for number in range(5):
            telegram.write(f"/echo unspeakable {number}")
        settled(telegram, telegram.write("unspeakable"))
    ours = [one.getMessage() for one in caplog.records if one.name.startswith("roadmap_bot")]
    assert len(ours) > 8
    assert [one for one in ours if telegram.token in one or "unspeakable" in one or "Ada" in one] == []


def test_a_token_that_is_revoked_meanwhile_ends_the_adapter(telegram: TelegramServer, home: Home) -> None:
    telegram.fault("unauthorized", method="getUpdates", after=1)
    telegram.write("/echo one")
    with pytest.raises(UserError, match="does not accept"), Running(home.bot()) as running:
        running.ended()


def test_only_one_process_fetches_with_a_token(home: Home) -> None:
    lock, refused = FileLock(home.folder / "telegram.lock"), pytest.raises(UserError, match="Another roadmap-bot")
    with lock, refused, Running(home.bot()) as running:
        running.ended()
    for _ in range(2):
        with Running(home.bot()):
            home.telegram.wait_request("getUpdates")


# --- menus -----------------------------------------------------------------------------------------------------------


def test_menus_and_profile_are_set_once_and_again_when_they_change(telegram: TelegramServer, home: Home) -> None:
    telegram.fault("server_error", method="setMyCommands", after=2)
    with Running(home.bot()):
        marks = Marks(home.database)
        until(lambda: marks.get(f"telegram.commands.{telegram.bot['id']}"), "everything set and noted")
    calls = len(telegram.requests(method="setMyCommands"))
    wanted = projection(home.engine, "zh-CN")
    menu = [{"command": name, "description": about} for name, about in wanted.menus["managers"]]
    assert telegram.commands("all_chat_administrators", "zh") == menu
    assert telegram.commands("default") != menu
    assert telegram.profile("description", "zh") == wanted.description
    with Running(home.bot()):
        settled(telegram, telegram.write("/echo unchanged"))
    assert len(telegram.requests(method="setMyCommands")) == calls


# --- webhook ---------------------------------------------------------------------------------------------------------


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _delivered(url: str, body: bytes, secret: str | None) -> int:
    headers = {"Content-Type": "application/json"}
    headers |= {"X-Telegram-Bot-Api-Secret-Token": secret} if secret is not None else {}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=LONGEST) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


def test_updates_are_delivered_where_there_is_a_webhook(
    telegram: TelegramServer, home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    port = _free_port()
    url, secret = f"http://127.0.0.1:{port}/telegram", secret_of(telegram.token)
    telegram.configure(webhook_retry=0.05)
    with Running(home.bot(webhook=url, listen=f"127.0.0.1:{port}")):
        (request,) = telegram.wait_request("setWebhook")
        assert request.body["secret_token"] == secret
        settled(telegram, telegram.write("/echo delivered"))
        assert texts(telegram) == ["echo delivered"]
        repeated = {"update_id": 10**6, "message": MALFORMED | {"text": "/echo twice"}}
        repeated["message"]["from"] = {"id": USER, "is_bot": False, "first_name": "A"}
        body = json.dumps(repeated).encode()
        for wrong in (None, "", "wrong", secret[:-1], "é"):
            assert _delivered(url, body, wrong) == 403
        assert [_delivered(url, body, secret) for _ in range(2)] == [200, 200]
        for malformed in (b"", b"[", b"[]", b"\xff", b'{"update_id": 7, "message": {"from": []}}', b"[" * 5000):
            assert _delivered(url, malformed, secret) == 200
        assert _delivered(url, b" " * (1024**2 + 1), secret) == 413
        telegram.fault("flood", method="sendMessage", retry_after=1)
        last = telegram.write("/echo later")
        settled(telegram, last)
    assert texts(telegram) == ["echo delivered", "echo twice", "echo later"]
    assert telegram.requests(method="getUpdates") == []
    assert sum("malformed" in one or "without a number" in one for one in warnings(caplog)) == 6


def test_fetching_takes_a_webhook_away_and_keeps_what_waited(telegram: TelegramServer, home: Home) -> None:
    port = _free_port()
    with Running(home.bot(webhook=f"http://127.0.0.1:{port}/", listen=f"127.0.0.1:{port}")):
        telegram.wait_request("setWebhook")
    record = telegram.write("/echo kept")
    with Running(home.bot()):
        settled(telegram, record)
    assert texts(telegram) == ["echo kept"]
    assert len(telegram.requests(method="deleteWebhook")) == 1


def test_an_address_that_is_taken_is_for_a_person_to_mend(home: Home) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        bot = home.bot(webhook="http://127.0.0.1/", listen=listen)
        with pytest.raises(UserError, match="listen"), Running(bot) as running:
            running.ended()
