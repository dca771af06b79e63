"""Reads what Telegram's server answers: too much is told apart, and updates that make no sense never get further."""

from __future__ import annotations

import json
import logging
from typing import Any

import msgspec
import telegram
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

_log = logging.getLogger(__name__)


class Flooded(Exception):
    """Telegram refuses a call (429) and says in how many seconds it would take it.

    python-telegram-bot's own RetryAfter cannot be made without a warning that its next version will differ.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"to be repeated in {seconds:.0f} seconds")
        self.seconds = seconds


class Request(HTTPXRequest):
    """Asks Telegram; what is no answer of a Bot API server is an error and not a surprise further up."""

    __slots__ = ()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as data. Never logs it: it may hold what people wrote."""
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except (ValueError, RecursionError) as error:
            raise TelegramError("the answer is no JSON") from error
        if not isinstance(answer, dict) or not ("result" in answer or "description" in answer):
            raise TelegramError("the answer is none of a Bot API server")
        parameters = answer.get("parameters")
        if isinstance(parameters, dict) and isinstance(seconds := parameters.get("retry_after"), int | float):
            raise Flooded(max(seconds, 0))
        return answer


class FetchRequest(Request):
    """Asks for updates; of one that is malformed only the number is left, so that the next ones still come."""

    __slots__ = ()

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as data, with nothing among the updates that `telegram.Update` could fall over."""
        answer = Request.parse_json_payload(payload)
        if "result" in answer:
            if not isinstance(updates := answer["result"], list):
                raise TelegramError("the answer holds no updates")
            answer["result"] = [known for update in updates if (known := checked(update)) is not None]
        return answer


def checked(raw: Any) -> dict[str, Any] | None:
    """The update as it came if it is well-formed, else nothing but its number, or None if it has none."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    if type(number) is not int or not 0 <= number < 1 << 63:
        _log.warning("Telegram sent an update without a number; it is dropped.")
        return None
    try:
        msgspec.convert(raw, _Update)
        telegram.Update.de_json(raw, None)
    except Exception as error:  # whatever the parser falls over is malformed
        _log.warning("Update %d is malformed (%s) and left out.", number, type(error).__name__)
        return {"update_id": number}
    return dict(raw)


class _User(msgspec.Struct):
    id: int
    is_bot: bool
    language_code: str | None = None
    username: str | None = None


class _Chat(msgspec.Struct):
    id: int
    type: str


class _Replied(msgspec.Struct, rename={"sender": "from"}):
    message_id: int
    chat: _Chat
    sender: _User | None = None


class _Message(_Replied, kw_only=True, rename={"sender": "from"}):
    date: int
    sender_chat: _Chat | None = None
    text: str | None = None
    caption: str | None = None
    message_thread_id: int | None = None
    is_topic_message: bool = False
    is_automatic_forward: bool = False
    via_bot: _User | None = None
    reply_to_message: _Replied | None = None
    migrate_to_chat_id: int | None = None
    migrate_from_chat_id: int | None = None


class _Pressed(msgspec.Struct, rename={"sender": "from"}):
    id: str
    sender: _User
    message: _Replied | None = None
    inline_message_id: str | None = None
    data: str | None = None


class _Typed(msgspec.Struct, rename={"sender": "from"}):
    id: str
    sender: _User
    query: str
    offset: str


class _Standing(msgspec.Struct):
    status: str


class _Membership(msgspec.Struct, rename={"sender": "from"}):
    chat: _Chat
    sender: _User
    date: int
    old_chat_member: _Standing
    new_chat_member: _Standing


class _Update(msgspec.Struct):
    """The fields the bot looks at, with their types as the Bot API describes them."""

    update_id: int
    message: _Message | None = None
    channel_post: _Message | None = None
    callback_query: _Pressed | None = None
    inline_query: _Typed | None = None
    my_chat_member: _Membership | None = None
