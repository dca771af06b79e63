"""What the Bot API's methods for queries, chats and the bot's own profile do; messages are not their concern."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.telegram.methods import TOO_OLD, MessageMethods
from tests.fakes.telegram.refusals import bad
from tests.fakes.telegram.world import RIGHTS, Chat, World


@dataclass(slots=True)
class Query:
    """A pressed button or an inline query that waits for its answers."""

    kind: str
    time: float
    answers: list[dict[str, Any]] = field(default_factory=list)


def scope_key(scope: dict[str, Any] | None) -> str:
    """A scope of commands as one word: default, all_private_chats, chat:-100…, chat_member:-100…:5001."""
    scope = scope or {"type": "default"}
    return ":".join(str(scope[key]) for key in ("type", "chat_id", "user_id") if key in scope)


class Methods(MessageMethods):
    """Every method of the local Bot API but getUpdates and the webhook, by its name in snake case."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.queries: dict[str, Query] = {}
        self.ages = {"callback": 15.0, "inline": 10.0}  # seconds a query can be answered
        self.commands: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.texts: dict[tuple[str, str], str] = {}  # name, description and short description by language
        self.menu_buttons: dict[int | None, dict[str, Any]] = {}

    # Queries

    def ask(self, kind: str) -> str:
        """A new query; its identifier."""
        identifier = str(4_400_000_000_000_000_000 + self.world.fresh())
        self.queries[identifier] = Query(kind, time.monotonic())
        return identifier

    def _answer(self, kind: str, identifier: str, p: dict[str, Any]) -> bool:
        query = self.queries.get(identifier)
        if query is None or query.kind != kind or time.monotonic() - query.time > self.ages[kind]:
            raise bad(TOO_OLD)
        query.answers.append(p)
        return True

    def answer_callback_query(self, p: dict[str, Any]) -> bool:
        if p.get("url") and not p["url"].startswith(f"https://t.me/{self.world.bot['username']}?"):
            raise bad("URL_INVALID")
        return self._answer("callback", p["callback_query_id"], p)

    def answer_inline_query(self, p: dict[str, Any]) -> bool:
        return self._answer("inline", p["inline_query_id"], p)

    # The bot itself

    def get_me(self, _: dict[str, Any]) -> dict[str, Any]:
        no = ("can_connect_to_business has_main_web_app has_topics_enabled allows_users_to_create_topics").split()
        able = {"can_join_groups": True, "can_read_all_group_messages": not self.world.privacy}
        unable = dict.fromkeys([*no, "supports_guest_queries", "can_manage_bots"], False)
        return self.world.bot | able | {"supports_inline_queries": True} | unable

    def log_out(self, _: dict[str, Any]) -> bool:
        return True

    def close(self, _: dict[str, Any]) -> bool:
        return True

    def set_my_commands(self, p: dict[str, Any]) -> bool:
        self._scope(p)
        self.commands[scope_key(p.get("scope")), p.get("language_code", "")] = p["commands"]
        return True

    def get_my_commands(self, p: dict[str, Any]) -> list[dict[str, str]]:
        self._scope(p)
        return self.commands.get((scope_key(p.get("scope")), p.get("language_code", "")), [])

    def delete_my_commands(self, p: dict[str, Any]) -> bool:
        self._scope(p)
        self.commands.pop((scope_key(p.get("scope")), p.get("language_code", "")), None)
        return True

    def _scope(self, p: dict[str, Any]) -> None:
        if "chat_id" in p.get("scope", {}):
            self.world.present(self.world.chat(p["scope"]["chat_id"]))

    def menu(self, chat: Chat, user: int) -> list[dict[str, str]]:
        """The commands a person sees in a chat (Bot API, "Determining list of commands")."""
        administers = self.world.member(chat, user).status in {"creator", "administrator"}
        order = [f"chat_member:{chat.id}:{user}"] if chat.type != "private" else []
        order += [f"chat_administrators:{chat.id}"] if administers else []
        order += [f"chat:{chat.id}"]
        if chat.type == "private":
            order += ["all_private_chats"]
        else:
            order += ["all_chat_administrators"] if administers else []
            order += ["all_group_chats"]
        language = self.world.users[user].get("language_code", "")
        for scope in [*order, "default"]:
            for tongue in (language, ""):
                if commands := self.commands.get((scope, tongue)):
                    return commands
        return []

    def _text(self, what: str, p: dict[str, Any]) -> bool:
        self.texts[what, p.get("language_code", "")] = p.get(what, "")
        return True

    def _text_of(self, what: str, p: dict[str, Any], otherwise: str = "") -> dict[str, str]:
        general = self.texts.get((what, "")) or otherwise
        return {what: self.texts.get((what, p.get("language_code", ""))) or general}

    def set_my_description(self, p: dict[str, Any]) -> bool:
        return self._text("description", p)

    def get_my_description(self, p: dict[str, Any]) -> dict[str, str]:
        return self._text_of("description", p)

    def set_my_short_description(self, p: dict[str, Any]) -> bool:
        return self._text("short_description", p)

    def get_my_short_description(self, p: dict[str, Any]) -> dict[str, str]:
        return self._text_of("short_description", p)

    def set_my_name(self, p: dict[str, Any]) -> bool:
        return self._text("name", p)

    def get_my_name(self, p: dict[str, Any]) -> dict[str, str]:
        return self._text_of("name", p, self.world.bot["first_name"])

    def get_my_default_administrator_rights(self, _: dict[str, Any]) -> dict[str, bool]:
        return dict.fromkeys(["is_anonymous", *RIGHTS], False)

    def set_chat_menu_button(self, p: dict[str, Any]) -> bool:
        if "chat_id" in p:
            self.world.chat(p["chat_id"])
        self.menu_buttons[p.get("chat_id")] = p.get("menu_button", {"type": "default"})
        return True

    def get_chat_menu_button(self, p: dict[str, Any]) -> dict[str, Any]:
        general = self.menu_buttons.get(None, {"type": "commands"})
        own = self.menu_buttons.get(p.get("chat_id"), {"type": "default"})
        return general if own["type"] == "default" else own

    # Chats

    def get_chat(self, p: dict[str, Any]) -> dict[str, Any]:
        chat = self._known(p)
        gifts = "unlimited_gifts limited_gifts unique_gifts premium_subscription gifts_from_channels".split()
        full = {"accent_color_id": 1, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(gifts, True)}
        linked = {"linked_chat_id": chat.linked} if chat.linked else {}
        pinned = {"pinned_message": chat.messages[chat.pinned[-1]]} if chat.pinned else {}
        return chat.shown() | full | linked | pinned

    def get_chat_member(self, p: dict[str, Any]) -> dict[str, Any]:
        chat, user = self._known(p), p["user_id"]
        somebody = self.world.bot if user == self.world.bot["id"] else self.world.users.get(user)
        if somebody is None:
            raise bad("user not found")
        return self.world.shown_member(somebody, self.world.member(chat, user), chat)

    def get_chat_administrators(self, p: dict[str, Any]) -> list[dict[str, Any]]:
        chat = self._known(p)
        if chat.type == "private":
            raise bad("there are no administrators in the private chat")
        everybody = self.world.users | {self.world.bot["id"]: self.world.bot}
        return [
            self.world.shown_member(everybody[user], member, chat)
            for user, member in chat.members.items()
            if member.status in {"creator", "administrator"}
        ]

    def get_chat_member_count(self, p: dict[str, Any]) -> int:
        chat = self._known(p)
        return 2 if chat.type == "private" else sum(member.inside for member in chat.members.values())

    def leave_chat(self, p: dict[str, Any]) -> bool:
        chat = self._known(p)
        if chat.type == "private":
            raise bad("chat member status can't be changed in private chats")
        before = self.world.shown_member(self.world.bot, self.world.me(chat), chat)
        self.world.me(chat).status = "left"
        after = self.world.shown_member(self.world.bot, self.world.me(chat), chat)
        change = {"chat": chat.shown(), "from": self.world.bot, "date": int(time.time())}
        self.world.updates.add("my_chat_member", change | {"old_chat_member": before, "new_chat_member": after})
        return True

    def create_forum_topic(self, p: dict[str, Any]) -> dict[str, Any]:
        chat = self._known(p)
        if not chat.is_forum:
            raise bad("the chat is not a forum")
        self._needs_right(chat, "can_manage_topics", "not enough rights to create a topic")
        color = p.get("icon_color", 7322096)
        root = self.world.open_topic(chat, p["name"], sender=self.world.bot, icon_color=color).root
        return {"message_thread_id": root["message_id"], "name": p["name"], "icon_color": color}

    def get_user_profile_photos(self, p: dict[str, Any]) -> dict[str, Any]:
        if p["user_id"] not in self.world.users:
            raise bad("user not found")
        return {"total_count": 0, "photos": []}

    def get_file(self, p: dict[str, Any]) -> dict[str, Any]:
        if p["file_id"] not in self.files:
            raise bad("invalid file_id")
        return self._file(p["file_id"]) | {"file_path": f"documents/{p['file_id']}"}

    # The webhook

    def set_webhook(self, p: dict[str, Any]) -> bool:
        self.world.updates.set_webhook(p)
        return True

    def delete_webhook(self, p: dict[str, Any]) -> bool:
        self.world.updates.set_webhook({"drop_pending_updates": p.get("drop_pending_updates", False)})
        return True

    def get_webhook_info(self, _: dict[str, Any]) -> dict[str, Any]:
        return self.world.updates.webhook_info()

    def _known(self, p: dict[str, Any]) -> Chat:
        chat = self.world.chat(p["chat_id"])
        # Somebody who blocked the bot can still be looked at.
        return chat if chat.type == "private" else self.world.present(chat)


def snake(method: str) -> str:
    """sendMessage -> send_message."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in method)
