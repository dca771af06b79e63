"""What people do on the local Telegram, for a test to order: write, press, search, vote, join, block and so on.

Each order gives the numbers of what it brought about as a `Record`; an `update_id` of None means that the bot is not
told, by privacy mode or because it did not ask for such updates.
"""

from __future__ import annotations

import copy
import time
from typing import Any, Self

from tests.fakes.serving import ControlError, Record, Served, controlled
from tests.fakes.telegram.entities import formatted, found_in
from tests.fakes.telegram.profile import Methods
from tests.fakes.telegram.world import ANONYMOUS, CHANNEL_BOT, USER, Chat, Member, World


class People(Served):
    """The part of the server that plays everybody but the bot."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.methods = Methods(self.world)

    def listen(self) -> Self:
        """Begins to serve, as `Served.start()` does; here `start` is what a person does with a bot."""
        return super().start()

    def __enter__(self) -> Self:
        return self.listen()

    # The world

    @controlled
    def add_user(
        self,
        user: int | None = None,
        *,
        first_name: str | None = None,
        username: str | None = None,
        language_code: str | None = None,
        standing: str = "started",
    ) -> int:
        """A new user with a private chat; `standing` is new, started, blocked or deactivated. Gives their number."""
        named = {"first_name": first_name, "username": username, "language_code": language_code}
        return int(self.world.add_user(user, standing=standing, **named)["id"])

    @controlled
    def add_chat(
        self,
        kind: str,
        title: str = "Another chat",
        *,
        creator: int = USER,
        bot: str | None = "member",
        username: str | None = None,
        is_forum: bool = False,
    ) -> int:
        """A new group, supergroup or channel, with the bot in it as said; gives its number."""
        chat = self.world.add_chat(kind, title, creator=creator, username=username, is_forum=is_forum)
        if bot:
            chat.members[self.world.bot["id"]] = Member("administrator" if kind == "channel" else bot)
        return chat.id

    @controlled
    def link(self, channel: int, group: int) -> None:
        """Makes a supergroup the discussion group of a channel."""
        self._chat(channel).linked, self._chat(group).linked = group, channel

    @controlled
    def set_member(
        self, chat: int, user: int, status: str, *, rights: dict[str, bool] | None = None, by: int = USER
    ) -> Record:
        """Gives somebody (or the bot) a status: creator, administrator, member, restricted, left or kicked."""
        place, me = self._chat(chat), user == self.world.bot["id"]
        who = self.world.bot if me else self._user(user)
        before = self.world.shown_member(who, place.members.get(user, Member("left")), place)
        place.members[user] = Member(status, dict(rights or {}))
        after = self.world.shown_member(who, place.members[user], place)
        change = self._change(place, by, before, after)
        administers = self.world.me(place).status == "administrator"
        tell = me or administers
        kind = "my_chat_member" if me else "chat_member"
        return Record(update_id=self.world.updates.add(kind, change) if tell else None)

    @controlled
    def promote(self, chat: int, user: int | None = None, **rights: bool) -> Record:
        """Makes somebody an administrator, by default the bot; rights that are not named are granted."""
        return self.set_member(chat, self.world.bot["id"] if user is None else user, "administrator", rights=rights)

    @controlled
    def open_topic(self, chat: int, name: str, *, user: int = USER) -> int:
        """Opens a topic; gives its number, the `message_thread_id`."""
        place = self._chat(chat)
        root = self.world.open_topic(place, name, sender=self._user(user)).root
        self.world.tell(place, root)
        return int(root["message_id"])

    @controlled
    def close_topic(self, chat: int, thread: int, *, closed: bool = True) -> Record:
        """Closes a topic, or opens it again; service message `forum_topic_closed` or `forum_topic_reopened`."""
        place = self._chat(chat)
        place.topics[thread].closed = closed
        content: dict[str, Any] = {"forum_topic_closed" if closed else "forum_topic_reopened": {}}
        return self._say(place, self._user(USER), content, thread=thread)

    @controlled
    def delete_topic(self, chat: int, thread: int) -> None:
        """Deletes a topic with its messages; nobody is told."""
        place = self._chat(chat)
        place.topics[thread].deleted = True
        for number, message in list(place.messages.items()):
            if message.get("message_thread_id") == thread:
                del place.messages[number]

    @controlled
    def delete_chat(self, chat: int) -> None:
        """Deletes a group or channel: it is not found any more, a basic group answers that it was deleted."""
        self._chat(chat).deleted = True

    @controlled
    def deactivate(self, user: int) -> None:
        """The account is gone: 403 "user is deactivated"."""
        self._chat(user).standing = "deactivated"

    # What people write

    @controlled
    def write(
        self,
        text: str,
        *,
        user: int = USER,
        chat: int | None = None,
        thread: int | None = None,
        reply_to: int | None = None,
        entities: list[dict[str, Any]] | None = None,
        edited: bool | int = False,
        sender_chat: int | None = None,
        via_bot: bool = False,
    ) -> Record:
        """Somebody writes, by default in their private chat. `sender_chat` is the chat itself for an anonymous
        administrator, a channel for one who speaks as that channel. `edited` changes a message (True: their last)."""
        place = self._chat(user if chat is None else chat)
        if place.standing == "new":
            place.standing = "started"
        entities = found_in(text) if entities is None else entities
        content: dict[str, Any] = {"text": text} | ({"entities": entities} if entities else {})
        if edited:
            return self._rewrite(place, self._user(user), content, edited)
        if via_bot:
            content["via_bot"] = self.world.bot
        sender: dict[str, Any] | None = self._user(user)
        as_chat = None if sender_chat is None else self._chat(sender_chat)
        if place.type == "channel":
            sender, as_chat = None, place
        elif as_chat is not None:
            sender = ANONYMOUS if as_chat is place else CHANNEL_BOT
        record = self._say(place, sender, content, thread=thread, reply_to=reply_to, sender_chat=as_chat)
        if place.type == "channel":
            record["forward_update_id"] = self.world.comment_on(place, place.messages[record.message_id])
        return record

    @controlled
    def start(self, payload: str = "", *, user: int = USER) -> Record:  # type: ignore[override]
        """Opens the bot by a link `?start=payload` or by its button; unblocks it where it was blocked."""
        if self._chat(user).standing == "blocked":
            self.unblock_bot(user)
        self._chat(user).standing = "started"
        return self.write(f"/start {payload}".strip(), user=user)

    @controlled
    def many(
        self, count: int, text: str = "/help", *, chats: list[int] | None = None, user: int | None = None
    ) -> list[Record]:
        """Many messages at once, spread over the chats in turn (by default new private ones); `{}` is the number."""
        places = chats or [int(self.world.add_user()["id"]) for _ in range(count)]
        records = []
        for number in range(count):
            chat = places[number % len(places)]
            writer = user if user is not None else chat if chat > 0 else USER
            records.append(self.write(text.replace("{}", str(number)), user=writer, chat=chat))
        return records

    @controlled
    def raw_update(self, update: dict[str, Any]) -> Record:
        """Any update at all, malformed ones too; the server gives its number unless it brings one."""
        return Record(update_id=self.world.updates.add_raw(update))

    # What people press, search and vote

    @controlled
    def press(
        self, chat: int, message_id: int, callback_data: str, *, user: int = USER, chat_instance: str | None = None
    ) -> Record:
        """Presses a button of a message as it is now; ControlError when it has no such button."""
        place = self._chat(chat)
        message = place.messages.get(message_id)
        if message is None:
            raise ControlError(f"chat {chat} has no message {message_id}")
        self._has_button(message, callback_data)
        return self._pressed(user, callback_data, {"message": message}, chat_instance or f"-{abs(chat)}7")

    @controlled
    def press_forged(
        self, callback_data: str, *, chat: int | None = None, message_id: int = 1, user: int = USER
    ) -> Record:
        """A press with data that no button has, as modified clients send it; of an unknown message it is told only
        that it is inaccessible."""
        place = self._chat(user if chat is None else chat)
        gone = {"chat": place.shown(), "message_id": message_id, "date": 0}
        return self._pressed(user, callback_data, {"message": place.messages.get(message_id, gone)}, f"-{place.id}7")

    @controlled
    def press_inline(self, inline_message_id: str, callback_data: str, *, user: int = USER) -> Record:
        """Presses a button under a message that was sent through inline mode."""
        self._has_button(self.world.inline_messages[inline_message_id], callback_data)
        return self._pressed(user, callback_data, {"inline_message_id": inline_message_id}, "-5557")

    @controlled
    def inline(self, query: str, *, user: int = USER, offset: str = "", chat_type: str = "sender") -> Record:
        """Types the bot's name and a query; `offset` is what the bot gave as `next_offset` before."""
        identifier = self.methods.ask("inline")
        body = {"id": identifier, "from": self._user(user), "query": query[:256], "offset": offset}
        number = self.world.updates.add("inline_query", body | {"chat_type": chat_type})
        return Record(update_id=number, inline_query_id=identifier)

    @controlled
    def chosen_inline(
        self, result_id: str, inline_query_id: str, *, user: int = USER, query: str = "", chat: int | None = None
    ) -> Record:
        """Sends a result of an answered query; into `chat` as a message via the bot, if that is known to the bot."""
        answers = self.methods.queries[inline_query_id].answers
        result = next((one for answer in answers for one in answer["results"] if one["id"] == result_id), None)
        if result is None:
            raise ControlError(f"query {inline_query_id} was not answered with a result {result_id!r}")
        record = Record(inline_message_id=None, message_id=None)
        body = {"result_id": result_id, "from": self._user(user), "query": query}
        given = result.get("input_message_content") or {"message_text": result.get("caption", "")}
        shown = formatted(given["message_text"], parse_mode=given.get("parse_mode"), entities=given.get("entities"))
        content: dict[str, Any] = {"text": shown.text, "entities": shown.entities}
        if "reply_markup" in result:
            content["reply_markup"] = result["reply_markup"]
            body["inline_message_id"] = record["inline_message_id"] = f"AQAAAI{self.world.fresh():08}"
            self.world.inline_messages[record.inline_message_id] = content
        if chat is not None:
            record.update(self._say(self._chat(chat), self._user(user), content | {"via_bot": self.world.bot}))
        record["update_id"] = self.world.updates.add("chosen_inline_result", body)
        return record

    @controlled
    def vote(self, poll_id: str, option_ids: list[int], user: int = USER) -> Record:
        """Votes; an empty list takes a vote back. The bot learns of voters only in polls that are not anonymous."""
        poll = self.world.polls[poll_id]
        if poll.body["is_closed"]:
            raise ControlError(f"poll {poll_id} is closed")
        if user in poll.votes and not poll.body["allows_revoting"]:
            raise ControlError(f"poll {poll_id} does not allow to vote again")
        if len(option_ids) > 1 and not poll.body["allows_multiple_answers"]:
            raise ControlError(f"poll {poll_id} takes one answer")
        if option_ids:
            poll.votes[user] = option_ids
        else:
            poll.votes.pop(user, None)
        poll.count()
        record = Record(poll_update_id=self.world.updates.add("poll", poll.body), update_id=None)
        if not poll.body["is_anonymous"]:
            options = poll.body["options"]
            chosen = [options[number]["persistent_id"] for number in option_ids]
            answer = {"poll_id": poll_id, "user": self._user(user), "option_ids": option_ids}
            record["update_id"] = self.world.updates.add("poll_answer", answer | {"option_persistent_ids": chosen})
        return record

    @controlled
    def close_poll(self, poll_id: str) -> None:
        """The time of a poll is over."""
        self.methods.close_poll(poll_id)

    # What becomes of the bot in chats

    @controlled
    def join_bot(self, chat: int, *, by: int = USER) -> Record:
        """Adds the bot to a chat; the service message follows the change of its membership."""
        record = self.set_member(chat, self.world.bot["id"], "member", by=by)
        said = self._say(self._chat(chat), self._user(by), {"new_chat_members": [self.world.bot]})
        return Record(said, update_id=record.update_id, message_update_id=said.update_id)

    @controlled
    def kick_bot(self, chat: int, *, by: int = USER) -> Record:
        """Removes the bot; it is told of its membership only."""
        return self.set_member(chat, self.world.bot["id"], "kicked", by=by)

    @controlled
    def block_bot(self, user: int = USER) -> Record:
        """Somebody blocks the bot: 403 from now on."""
        return self._standing(user, "blocked")

    @controlled
    def unblock_bot(self, user: int = USER) -> Record:
        """Somebody takes the block back."""
        return self._standing(user, "started")

    @controlled
    def migrate(self, chat: int) -> Record:
        """Upgrades a basic group to a supergroup: service messages on both sides, the old number is of no use."""
        old = self._chat(chat)
        if old.type != "group":
            raise ControlError(f"chat {chat} is a {old.type}, only basic groups migrate")
        new = self.world.add_chat("supergroup", old.title, creator=USER)
        new.members = copy.deepcopy(old.members)
        left = self._say(old, ANONYMOUS, {"migrate_to_chat_id": new.id}, sender_chat=old)
        old.migrated_to = new.id
        arrived = self._say(new, ANONYMOUS, {"migrate_from_chat_id": chat}, sender_chat=new)
        return Record(chat=new.id, update_id=left.update_id, new_update_id=arrived.update_id)

    # What they share

    def _chat(self, chat: int) -> Chat:
        if chat not in self.world.chats:
            raise ControlError(f"there is no chat {chat}")
        return self.world.chats[chat]

    def _user(self, user: int) -> dict[str, Any]:
        if user not in self.world.users:
            raise ControlError(f"there is no user {user}")
        return self.world.users[user]

    def _say(self, chat: Chat, sender: dict[str, Any] | None, content: dict[str, Any], **how: Any) -> Record:
        message = self.world.compose(chat, sender, content, **how)
        return Record(update_id=self.world.tell(chat, message), message_id=message["message_id"])

    def _rewrite(self, chat: Chat, sender: dict[str, Any], content: dict[str, Any], which: bool | int) -> Record:
        theirs = [
            number
            for number, message in chat.messages.items()
            if "text" in message and message.get("from", sender)["id"] == sender["id"]
        ]
        number = (theirs[-1] if theirs else None) if which is True else which
        if number not in theirs:
            raise ControlError(f"user {sender['id']} wrote no such message in chat {chat.id}")
        message = chat.messages[number]
        message.pop("entities", None)
        message.update(content, edit_date=int(time.time()))
        chat.edits[number] += 1
        return Record(update_id=self.world.tell(chat, message, edited=True), message_id=number)

    def _has_button(self, message: dict[str, Any], data: str) -> None:
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        known = [button["callback_data"] for row in rows for button in row if "callback_data" in button]
        if data not in known:
            raise ControlError(f"the message has no button {data!r} now; it has {known}")

    def _pressed(self, user: int, data: str, about: dict[str, Any], chat_instance: str) -> Record:
        identifier = self.methods.ask("callback")
        body = {"id": identifier, "from": self._user(user), "chat_instance": chat_instance, "data": data}
        number = self.world.updates.add("callback_query", body | about)
        return Record(update_id=number, callback_query_id=identifier)

    def _standing(self, user: int, standing: str) -> Record:
        chat = self._chat(user)
        before, chat.standing = chat.standing, standing
        old, new = (
            self.world.shown_member(self.world.bot, Member("kicked" if state == "blocked" else "member"), chat)
            for state in (before, standing)
        )
        change = self._change(chat, user, old, new)
        return Record(update_id=self.world.updates.add("my_chat_member", change))

    def _change(self, chat: Chat, by: int, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
        when = {"chat": chat.shown(), "from": self._user(by), "date": int(time.time())}
        return when | {"old_chat_member": before, "new_chat_member": after}
