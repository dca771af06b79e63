"""What Telegram refuses, as tables: the fields of methods and objects, and the limits of each field.

Sources: the Bot API's description of each method and object named, version 10.0, unless a line says otherwise; wordings
as TDLib and the Bot API server give them where they are known. What depends on several fields at once is in
`relations`, how the tables are applied in `checking`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.fakes.telegram.entities import link_problem

# name:type, "!" for required. Types are plain ones, [lists], and names of OBJECTS or VARIANTS.
_TO = "chat_id!:chat message_thread_id:int disable_notification:bool protect_content:bool message_effect_id:str "
_DIRECT = "direct_messages_topic_id:int suggested_post_parameters:object "
_REPLY = "allow_paid_broadcast:bool reply_parameters:ReplyParameters reply_markup:Markup "
_SEND = _TO + _DIRECT + _REPLY + "business_connection_id:str "
_CAPTION = "caption:str parse_mode:str caption_entities:[MessageEntity] "
_EDIT = (
    "business_connection_id:str chat_id:chat message_id:int inline_message_id:str reply_markup:InlineKeyboardMarkup "
)
_PIN = "business_connection_id:str chat_id!:chat "

METHODS = {
    "getMe": "",
    "logOut": "",
    "close": "",
    "getUpdates": "offset:int limit:int timeout:int allowed_updates:[str]",
    "setWebhook": "url:str certificate:file ip_address:str max_connections:int allowed_updates:[str] "
    "drop_pending_updates:bool secret_token:str",
    "deleteWebhook": "drop_pending_updates:bool",
    "getWebhookInfo": "",
    "sendMessage": _SEND + "text!:str parse_mode:str entities:[MessageEntity] link_preview_options:LinkPreviewOptions",
    "sendPhoto": _SEND + _CAPTION + "photo!:file show_caption_above_media:bool has_spoiler:bool",
    "sendDocument": _SEND + _CAPTION + "document!:file thumbnail:file disable_content_type_detection:bool",
    "sendPoll": _SEND + "question!:str question_parse_mode:str question_entities:[MessageEntity] "
    "options!:[InputPollOption] is_anonymous:bool type:str allows_multiple_answers:bool allows_revoting:bool "
    "shuffle_options:bool allow_adding_options:bool hide_results_until_closes:bool members_only:bool "
    "country_codes:[str] correct_option_ids:[int] explanation:str explanation_parse_mode:str "
    "explanation_entities:[MessageEntity] explanation_media:object open_period:int close_date:int is_closed:bool "
    "description:str description_parse_mode:str description_entities:[MessageEntity] media:object",
    "stopPoll": _PIN + "message_id!:int reply_markup:InlineKeyboardMarkup",
    "sendChatAction": _PIN + "message_thread_id:int action!:str",
    "forwardMessage": _TO + _DIRECT + "from_chat_id!:chat message_id!:int video_start_timestamp:int",
    "copyMessage": _TO
    + _DIRECT
    + _REPLY
    + _CAPTION
    + "from_chat_id!:chat message_id!:int video_start_timestamp:int show_caption_above_media:bool",
    "editMessageText": _EDIT
    + "text!:str parse_mode:str entities:[MessageEntity] link_preview_options:LinkPreviewOptions",
    "editMessageCaption": _EDIT + _CAPTION + "show_caption_above_media:bool",
    "editMessageReplyMarkup": _EDIT,
    "deleteMessage": "chat_id!:chat message_id!:int",
    "deleteMessages": "chat_id!:chat message_ids!:[int]",
    "pinChatMessage": _PIN + "message_id!:int disable_notification:bool",
    "unpinChatMessage": _PIN + "message_id:int",
    "unpinAllChatMessages": "chat_id!:chat",
    "answerCallbackQuery": "callback_query_id!:str text:str show_alert:bool url:str cache_time:int",
    "answerInlineQuery": "inline_query_id!:str results!:[InlineQueryResult] cache_time:int is_personal:bool "
    "next_offset:str button:InlineQueryResultsButton",
    "setMyCommands": "commands!:[BotCommand] scope:BotCommandScope language_code:str",
    "getMyCommands": "scope:BotCommandScope language_code:str",
    "deleteMyCommands": "scope:BotCommandScope language_code:str",
    "setMyDescription": "description:str language_code:str",
    "getMyDescription": "language_code:str",
    "setMyShortDescription": "short_description:str language_code:str",
    "getMyShortDescription": "language_code:str",
    "setMyName": "name:str language_code:str",
    "getMyName": "language_code:str",
    "getMyDefaultAdministratorRights": "for_channels:bool",
    "setChatMenuButton": "chat_id:int menu_button:MenuButton",
    "getChatMenuButton": "chat_id:int",
    "getChat": "chat_id!:chat",
    "getChatMember": "chat_id!:chat user_id!:int",
    "getChatAdministrators": "chat_id!:chat return_bots:bool",
    "getChatMemberCount": "chat_id!:chat",
    "leaveChat": "chat_id!:chat",
    "createForumTopic": "chat_id!:chat name!:str icon_color:int icon_custom_emoji_id:str",
    "setMessageReaction": "chat_id!:chat message_id!:int reaction:[ReactionType] is_big:bool",
    "getUserProfilePhotos": "user_id!:int offset:int limit:int",
    "getFile": "file_id!:str",
}

_RESULT = "type!:str id!:str reply_markup:InlineKeyboardMarkup "
OBJECTS = {
    "MessageEntity": "type!:str offset!:int length!:int url:str user:object language:str custom_emoji_id:str "
    "unix_time:int date_time_format:str",
    "LinkPreviewOptions": "is_disabled:bool url:str prefer_small_media:bool prefer_large_media:bool "
    "show_above_text:bool",
    "ReplyParameters": "message_id!:int chat_id:chat allow_sending_without_reply:bool quote:str quote_parse_mode:str "
    "quote_entities:[MessageEntity] quote_position:int checklist_task_id:int poll_option_id:str",
    "InlineKeyboardMarkup": "inline_keyboard!:[[InlineKeyboardButton]]",
    "InlineKeyboardButton": "text!:str icon_custom_emoji_id:str style:str url:str callback_data:str web_app:WebAppInfo "
    "login_url:object switch_inline_query:str switch_inline_query_current_chat:str "
    "switch_inline_query_chosen_chat:object copy_text:CopyTextButton callback_game:object pay:bool",
    "CopyTextButton": "text!:str",
    "WebAppInfo": "url!:str",
    "ReplyKeyboardMarkup": "keyboard!:[[KeyboardButton]] is_persistent:bool resize_keyboard:bool "
    "one_time_keyboard:bool input_field_placeholder:str selective:bool",
    "KeyboardButton": "text!:str icon_custom_emoji_id:str style:str request_users:object request_chat:object "
    "request_managed_bot:object request_contact:bool request_location:bool request_poll:object web_app:WebAppInfo",
    "ReplyKeyboardRemove": "remove_keyboard!:bool selective:bool",
    "ForceReply": "force_reply!:bool input_field_placeholder:str selective:bool",
    "InputPollOption": "text!:str text_parse_mode:str text_entities:[MessageEntity] media:object",
    "InlineQueryResultArticle": _RESULT + "title!:str input_message_content!:InputTextMessageContent url:str "
    "description:str thumbnail_url:str thumbnail_width:int thumbnail_height:int",
    "InlineQueryResultPhoto": _RESULT + _CAPTION + "photo_url!:str thumbnail_url!:str photo_width:int "
    "photo_height:int title:str description:str show_caption_above_media:bool "
    "input_message_content:InputTextMessageContent",
    "InlineQueryResultDocument": _RESULT + _CAPTION + "title!:str document_url!:str mime_type!:str description:str "
    "input_message_content:InputTextMessageContent thumbnail_url:str thumbnail_width:int thumbnail_height:int",
    "InputTextMessageContent": "message_text!:str parse_mode:str entities:[MessageEntity] "
    "link_preview_options:LinkPreviewOptions",
    "InlineQueryResultsButton": "text!:str web_app:WebAppInfo start_parameter:str",
    "BotCommand": "command!:str description!:str",
    "PlainScope": "type!:str",
    "ChatScope": "type!:str chat_id!:chat",
    "MemberScope": "type!:str chat_id!:chat user_id!:int",
    "PlainMenuButton": "type!:str",
    "WebAppMenuButton": "type!:str text!:str web_app!:WebAppInfo",
    "EmojiReaction": "type!:str emoji!:str",
    "CustomReaction": "type!:str custom_emoji_id!:str",
}

# One of several objects: told apart by the value of their type, or by the one field only they have.
VARIANTS = {
    "Markup": {
        "inline_keyboard": "InlineKeyboardMarkup",
        "keyboard": "ReplyKeyboardMarkup",
        "remove_keyboard": "ReplyKeyboardRemove",
        "force_reply": "ForceReply",
    },
    "InlineQueryResult": {
        "article": "InlineQueryResultArticle",
        "photo": "InlineQueryResultPhoto",
        "document": "InlineQueryResultDocument",
    },
    "BotCommandScope": dict.fromkeys(
        ("default", "all_private_chats", "all_group_chats", "all_chat_administrators"), "PlainScope"
    )
    | {"chat": "ChatScope", "chat_administrators": "ChatScope", "chat_member": "MemberScope"},
    "MenuButton": {"default": "PlainMenuButton", "commands": "PlainMenuButton", "web_app": "WebAppMenuButton"},
    "ReactionType": {"emoji": "EmojiReaction", "custom_emoji": "CustomReaction"},
}


@dataclass(frozen=True, slots=True)
class Text:
    """A field of formatted text: where it stands, the fields beside it, its limits after parsing, and refusals."""

    where: str
    field: str
    mode: str
    entities: str
    low: int
    high: int
    empty: str
    long: str
    utf16: bool = True  # polls count characters (TDLib, utf8_length), messages count UTF-16 units


_TOO_LONG, _EMPTY = "message is too long", "message text is empty"
_CAPTION_LONG = "message caption is too long"
TEXTS = [
    Text("sendMessage", "text", "parse_mode", "entities", 1, 4096, _EMPTY, _TOO_LONG),
    Text("editMessageText", "text", "parse_mode", "entities", 1, 4096, _EMPTY, "MESSAGE_TOO_LONG"),
    Text("InputTextMessageContent", "message_text", "parse_mode", "entities", 1, 4096, _EMPTY, "MESSAGE_TOO_LONG"),
    Text("ReplyParameters", "quote", "quote_parse_mode", "quote_entities", 0, 1024, "", "QUOTE_TEXT_INVALID"),
    *(
        Text(where, "caption", "parse_mode", "caption_entities", 0, 1024, "", _CAPTION_LONG)
        for where in (
            "sendPhoto sendDocument copyMessage editMessageCaption InlineQueryResultPhoto InlineQueryResultDocument"
        ).split()
    ),
    *(
        Text(where, field, f"{field}_parse_mode", f"{field}_entities", low, high, empty, long, utf16=False)
        for where, field, low, high, empty, long in (
            (
                "sendPoll",
                "question",
                1,
                300,
                "poll question must be non-empty",
                "poll question length must not exceed 300",
            ),
            ("sendPoll", "explanation", 0, 200, "", "explanation is too long"),
            ("sendPoll", "description", 0, 1024, "", "description is too long"),
            (
                "InputPollOption",
                "text",
                1,
                100,
                "poll option must be non-empty",
                "poll options length must not exceed 100",
            ),
        )
    ),
]

_BYTES: Callable[[str], int] = lambda text: len(text.encode())  # noqa: E731
_SIZES: dict[str, Callable[[Any], int]] = {"bytes": _BYTES, "characters": len, "items": len, "value": int}
# object or method, field, what is measured, least, most, what Telegram says
LIMITS: list[tuple[str, str, str, int, int, str]] = [
    ("InlineKeyboardButton", "callback_data", "bytes", 1, 64, "BUTTON_DATA_INVALID"),
    ("CopyTextButton", "text", "characters", 1, 256, "BUTTON_COPY_TEXT_INVALID"),
    ("answerCallbackQuery", "text", "characters", 0, 200, "MESSAGE_TOO_LONG"),
    ("answerInlineQuery", "results", "items", 0, 50, "RESULTS_TOO_MUCH"),
    ("answerInlineQuery", "next_offset", "bytes", 0, 64, "NEXT_OFFSET_INVALID"),
    *(
        (f"InlineQueryResult{kind}", "id", "bytes", 1, 64, "RESULT_ID_INVALID")
        for kind in "Article Photo Document".split()
    ),
    ("InlineQueryResultsButton", "start_parameter", "bytes", 1, 64, "START_PARAM_INVALID"),
    ("setMyCommands", "commands", "items", 0, 100, "BOT_COMMANDS_TOO_MUCH"),
    ("BotCommand", "command", "characters", 1, 32, "command length must not exceed 32"),
    ("BotCommand", "description", "characters", 1, 256, "command description length must not exceed 256"),
    ("setMyDescription", "description", "characters", 0, 512, "bot description is too long"),
    ("setMyShortDescription", "short_description", "characters", 0, 120, "bot short description is too long"),
    ("setMyName", "name", "characters", 0, 64, "bot name is too long"),
    ("sendPoll", "options", "items", 1, 12, "poll can't have more than 12 options"),
    ("sendPoll", "country_codes", "items", 0, 12, "too many country codes"),
    ("sendPoll", "open_period", "value", 5, 2_628_000, "POLL_OPEN_PERIOD_INVALID"),
    ("getUpdates", "limit", "value", 1, 100, "limit must be between 1 and 100"),
    ("getUpdates", "timeout", "value", 0, 10**6, "timeout must not be negative"),
    ("setWebhook", "max_connections", "value", 1, 100, "max_connections must be between 1 and 100"),
    ("setWebhook", "secret_token", "characters", 0, 256, "secret token is too long"),
    ("deleteMessages", "message_ids", "items", 1, 100, "too many message identifiers specified"),
    ("createForumTopic", "name", "characters", 1, 128, "TOPIC_TITLE_INVALID"),
    ("setMessageReaction", "reaction", "items", 0, 1, "REACTIONS_TOO_MANY"),
    ("getUserProfilePhotos", "limit", "value", 1, 100, "limit must be between 1 and 100"),
    *(
        (kind, "input_field_placeholder", "characters", 1, 64, "PLACEHOLDER_INVALID")
        for kind in ("ReplyKeyboardMarkup", "ForceReply")
    ),
]

_KINDS_OF_UPDATE = (
    "message edited_message channel_post edited_channel_post business_connection business_message "
    "edited_business_message deleted_business_messages guest_message message_reaction message_reaction_count "
    "inline_query chosen_inline_result callback_query shipping_query pre_checkout_query purchased_paid_media poll "
    "poll_answer my_chat_member chat_member chat_join_request chat_boost removed_chat_boost managed_bot"
)
_ACTIONS = (
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note"
)
_REACTIONS = (
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 "
    "💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡"
)
# object or method, field, the values it can have, what Telegram says
CHOICES = [
    ("InlineKeyboardButton", "style", "danger success primary", "unknown style"),
    ("KeyboardButton", "style", "danger success primary", "unknown style"),
    ("sendChatAction", "action", _ACTIONS, "wrong parameter action in request"),
    ("EmojiReaction", "emoji", _REACTIONS, "REACTION_INVALID"),
    ("sendPoll", "type", "quiz regular", "unsupported poll type specified"),
    (
        "createForumTopic",
        "icon_color",
        "7322096 16766590 13338331 9367192 16749490 16478047",
        "TOPIC_ICON_COLOR_INVALID",
    ),
    ("getUpdates", "allowed_updates", _KINDS_OF_UPDATE, "unknown kind of update"),
    ("setWebhook", "allowed_updates", _KINDS_OF_UPDATE, "unknown kind of update"),
]
# object or method, field, pattern of the whole value, what Telegram says
PATTERNS = [
    ("BotCommand", "command", r"[a-z0-9_]+", "BOT_COMMAND_INVALID"),
    ("InlineQueryResultsButton", "start_parameter", r"[A-Za-z0-9_-]+", "START_PARAM_INVALID"),
    ("setWebhook", "secret_token", r"[A-Za-z0-9_-]*", "secret token contains unallowed characters"),
    ("sendPoll", "explanation", r"([^\n]*\n){0,2}[^\n]*", "explanation has too many line feeds"),
    *(
        (method, "language_code", r"|[a-z]{2}", "invalid language code specified")
        for method in METHODS
        if "language_code" in METHODS[method]
    ),
]
# object or method, field: an address that must be valid; the last ones must be https
LINKS = [
    ("InlineKeyboardButton", "url", "inline keyboard button {}"),
    ("LinkPreviewOptions", "url", "link preview {}"),
    ("InlineQueryResultArticle", "url", "result {}"),
    ("InlineQueryResultArticle", "thumbnail_url", "thumbnail {}"),
    ("InlineQueryResultPhoto", "photo_url", "photo {}"),
    ("InlineQueryResultPhoto", "thumbnail_url", "thumbnail {}"),
    ("InlineQueryResultDocument", "document_url", "document {}"),
]


def limits_of(where: str, value: dict[str, Any]) -> Iterator[str]:
    """What the tables above say against the fields of one object or request."""
    for place, name, measure, low, high, refusal in LIMITS:
        if place == where and name in value and not low <= _SIZES[measure](value[name]) <= high:
            yield refusal
    for place, name, known, refusal in CHOICES:
        if place == where and name in value:
            given = value[name] if isinstance(value[name], list) else [value[name]]
            yield from (f"{refusal}: {one}" for one in given if str(one) not in known.split())
    for place, name, pattern, refusal in PATTERNS:
        if place == where and name in value and not re.fullmatch(pattern, value[name]):
            yield refusal
    for place, name, wording in LINKS:
        if place == where and value.get(name) and (problem := link_problem(value[name])):
            yield wording.format(problem)
