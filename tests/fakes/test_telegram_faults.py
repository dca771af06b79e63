"""What goes wrong at the local Bot API server on purpose, as the real client library meets it; and its webhook."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from aiohttp import web
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, RetryAfter, TimedOut
from tests.fakes.serving import ControlError, Served
from tests.fakes.telegram.client import Client
from tests.fakes.telegram_server import GROUP, USER, TelegramServer

SECRET = "the-webhook_1"  # noqa: S105 - of a webhook that lives as long as its test


@pytest.fixture(autouse=True)
def durations(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library warns of its older type of durations."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


FAULTS: list[tuple[str, dict[str, Any], type[Exception], int]] = [
    ("flood", {"retry_after": 7}, RetryAfter, 0),
    ("blocked", {}, Forbidden, 0),
    ("thread_not_found", {}, BadRequest, 0),
    ("server_error", {}, NetworkError, 0),
    ("bad_gateway", {}, NetworkError, 0),
    ("cut_before", {}, NetworkError, 0),
    ("cut_after", {}, NetworkError, 1),
    ("hang", {"seconds": 5}, TimedOut, 1),
    ("error", {"code": 400, "description": "Bad Request: PEER_ID_INVALID"}, BadRequest, 0),
]


@pytest.mark.parametrize(("kind", "details", "error", "delivered"), FAULTS)
def test_a_fault_strikes_as_often_as_it_was_set(
    telegram: TelegramServer, bot: Client, kind: str, details: dict[str, Any], error: type[Exception], delivered: int
) -> None:
    telegram.fault(kind, method="sendMessage", chat=USER, after=1, **details)
    bot.send_message(USER, "first")
    bot.send_message(GROUP, "elsewhere")
    with pytest.raises(error) as caught:
        bot.send_message(USER, "second", read_timeout=0.2)
    if kind == "flood":
        assert caught.value.retry_after.total_seconds() == 7
    bot.send_message(USER, "third")
    assert len(telegram.deliveries()) == 3 + delivered
    assert telegram.problems() == []


def test_faults_of_polling_and_a_server_that_is_down(telegram: TelegramServer, bot: Client) -> None:
    written = telegram.write("/start")
    telegram.fault("duplicate")
    assert [update.update_id for update in bot.get_updates()] == [written.update_id] * 2
    telegram.fault("malformed")
    with pytest.raises((TypeError, AttributeError)):
        bot.get_updates(timeout=5)
    telegram.down(0.3)
    with pytest.raises(NetworkError) as caught:
        bot.get_me()
    assert isinstance(caught.value.__cause__, httpx.ConnectError)
    telegram.wait_listening()
    assert bot.get_me().is_bot
    telegram.raw_update({"update_id": 5, "message": 7})
    assert telegram.pending()[0] == {"update_id": 5, "message": 7}
    with pytest.raises(ControlError, match="no fault is called 'flud'"):
        telegram.fault("flud")


def test_flood_limits(telegram: TelegramServer, bot: Client) -> None:
    telegram.limits(overall=5, per_chat=1, per_group=2)
    bot.send_message(USER, "one")
    for _ in range(2):
        bot.send_message(GROUP, "two")
    for chat in (USER, GROUP):
        with pytest.raises(RetryAfter):
            bot.send_message(chat, "too much")
    assert [violation["rule"] for violation in telegram.violations()] == ["per_chat", "per_group"]
    telegram.reset()
    bot.send_message(USER, "two")
    bot.send_message(USER, "three")
    assert [message.text for message in telegram.messages(USER)] == ["two", "three"]


class Receiver(Served):
    """Where a bot's webhook is: keeps what is posted and answers the given statuses, then 200."""

    platform = "webhook"

    def __init__(self, *statuses: int) -> None:
        super().__init__()
        self.statuses, self.posted = list(statuses), []

    def build(self) -> web.Application:
        async def take(request: web.Request) -> web.Response:
            self.posted.append(
                (request.headers.get("X-Telegram-Bot-Api-Secret-Token"), (await request.json())["update_id"])
            )
            return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

        application = web.Application()
        application.router.add_post("/hook", take)
        return application


def test_a_webhook_gets_every_update_until_it_takes_it(telegram: TelegramServer, bot: Client) -> None:
    telegram.configure(webhook_retry=0.01)
    with Receiver(500, 404) as receiver:
        bot.set_webhook(f"http://127.0.0.1:{receiver.port}/hook", secret_token=SECRET)
        with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
            bot.get_updates()
        first, second = telegram.write("/start"), telegram.write("/help")
        telegram.wait_confirmed(second.update_id)
        assert receiver.posted == [(SECRET, first.update_id)] * 3 + [(SECRET, second.update_id)]
        assert bot.get_webhook_info().last_error_message.startswith("Wrong response from the webhook: 404")
        bot.delete_webhook()
    assert [attempt["status"] for attempt in telegram.webhook_attempts()] == [500, 404, 200, 200]
    assert bot.get_updates() == ()
