"""What Telegram refuses because fields do not fit each other, one function for each object or method."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

_Relation = Callable[[dict[str, Any]], Iterator[str]]
RELATIONS: dict[str, list[_Relation]] = {}
_ACTIONS = (
    "url callback_data web_app login_url switch_inline_query switch_inline_query_current_chat "
    "switch_inline_query_chosen_chat copy_text callback_game pay"
).split()
LOCAL = {"127.0.0.1", "localhost", "::1"}


def relations_of(where: str, value: dict[str, Any]) -> Iterator[str]:
    """What is wrong between the fields of one object or request, all of them known to have the right types."""
    for relation in RELATIONS.get(where, ()):
        yield from relation(value)


def _among(*places: str) -> Callable[[_Relation], _Relation]:
    def register(relation: _Relation) -> _Relation:
        for place in places:
            RELATIONS.setdefault(place, []).append(relation)
        return relation

    return register


@_among("InlineKeyboardButton")
def _one_action(button: dict[str, Any]) -> Iterator[str]:
    """InlineKeyboardButton: exactly one field beside text, icon and style."""
    actions = [name for name in _ACTIONS if name in button]
    if not actions:
        yield "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
    if len(actions) > 1:
        yield f"can't parse inline keyboard button: it does several things at once: {', '.join(actions)}"


@_among("InlineKeyboardMarkup")
def _size_of_keyboard(markup: dict[str, Any]) -> Iterator[str]:
    """python-telegram-bot, InlineKeyboardMarkupLimit: 100 buttons, 8 in a row; the Bot API does not say."""
    rows = markup["inline_keyboard"]
    if sum(map(len, rows)) > 100:
        yield "reply markup is too long: more than 100 buttons"
    if any(len(row) > 8 for row in rows):
        yield "reply markup is too long: more than 8 buttons in a row"


@_among("WebAppInfo")
def _secure(app: dict[str, Any]) -> Iterator[str]:
    """WebAppInfo: an HTTPS address."""
    if not app["url"].startswith("https://"):
        yield f"inline keyboard button Web App URL '{app['url']}' is invalid: Only HTTPS links are allowed"


@_among("editMessageText", "editMessageCaption", "editMessageReplyMarkup")
def _which_message(p: dict[str, Any]) -> Iterator[str]:
    """Edits name a message by chat and number, or an inline message."""
    if "inline_message_id" not in p and not {"chat_id", "message_id"} <= p.keys():
        yield "message identifier is not specified"
    if "inline_message_id" in p and {"chat_id", "message_id"} & p.keys():
        yield "message identifier is specified twice"


@_among("sendPoll")
def _quiz(p: dict[str, Any]) -> Iterator[str]:
    """sendPoll: a quiz has correct options, increasing and among its options; other polls have none."""
    correct = p.get("correct_option_ids")
    if p.get("type") == "quiz":
        if not correct:
            yield "wrong correct option ID specified: a quiz needs correct_option_ids"
        elif sorted(set(correct)) != correct or not 0 <= correct[0] <= correct[-1] < len(p["options"]):
            yield "wrong correct option ID specified"
        if p.get("allow_adding_options"):
            yield "options can't be added to a quiz"
    else:
        yield from (f"{name} is for quizzes only" for name in ("correct_option_ids", "explanation") if p.get(name))
        if p.get("allow_adding_options") and p.get("is_anonymous", True):
            yield "options can't be added to an anonymous poll"


@_among("sendPoll")
def _poll_time(p: dict[str, Any]) -> Iterator[str]:
    """sendPoll: open_period or close_date; the latter 5 to 2,628,000 seconds from now."""
    if "close_date" in p and "open_period" in p:
        yield "open_period can't be used together with close_date"
    if "close_date" in p and not 4 <= p["close_date"] - time.time() <= 2_628_000:
        yield "POLL_CLOSE_DATE_INVALID"


@_among("sendPoll")
def _poll_options(p: dict[str, Any]) -> Iterator[str]:
    """Telegram API, POLL_OPTION_DUPLICATE."""
    if len({option["text"].strip() for option in p["options"]}) < len(p["options"]):
        yield "POLL_OPTION_DUPLICATE"


@_among("answerInlineQuery")
def _unique_results(p: dict[str, Any]) -> Iterator[str]:
    """InlineQueryResult: identifiers are unique."""
    if len({result["id"] for result in p["results"]}) < len(p["results"]):
        yield "RESULT_ID_DUPLICATE"


@_among("InlineQueryResultsButton")
def _one_destination(button: dict[str, Any]) -> Iterator[str]:
    """InlineQueryResultsButton: exactly one of the optional fields."""
    if len({"web_app", "start_parameter"} & button.keys()) != 1:
        yield "exactly one of web_app and start_parameter must be specified in the button"


@_among("setMyCommands")
def _unique_commands(p: dict[str, Any]) -> Iterator[str]:
    """Not stated by the Bot API: of two entries for one command only one could be shown."""
    names = [command["command"] for command in p["commands"]]
    yield from (f"duplicate command {name}" for name in sorted({name for name in names if names.count(name) > 1}))


@_among("setWebhook")
def _webhook_address(p: dict[str, Any]) -> Iterator[str]:
    """setWebhook: HTTPS on port 443, 80, 88 or 8443; on this machine anything, as for a Bot API server run locally."""
    address = urlsplit(p.get("url", ""))
    if not p.get("url") or address.hostname in LOCAL:
        return
    if address.scheme != "https":
        yield "bad webhook: An HTTPS URL must be provided for webhook"
    elif (address.port or 443) not in {443, 80, 88, 8443}:
        yield "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
