"""Who and what exists on the local Telegram: users, chats, memberships, topics, messages and polls.

Everything is kept as the Bot API shows it. What a bot may do is judged here too; what it asks for is not read here.
"""

from __future__ import annotations

import itertools
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.telegram.refusals import bad, forbidden
from tests.fakes.telegram.updates import Updates

BOT = {"id": 123456789, "is_bot": True, "first_name": "Roadmap", "username": "roadmap_test_bot"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL_BOT = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
SERVICE = {"id": 777000, "is_bot": False, "first_name": "Telegram"}

USER = 5001  # has started the bot; creator of the chats below
GROUP = -1001000000001  # a supergroup, the bot is a member
FORUM = -1001000000002  # a supergroup with topics, the bot is a member
TOPICS = (11, 12)  # the topics of the forum beside General
CHANNEL = -1001000000003  # the bot is an administrator

RIGHTS = (
    "can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members can_promote_members "
    "can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories"
).split()
GROUP_RIGHTS = ("can_pin_messages", "can_manage_topics")
CONTENT = (  # what a message says, and takes along when it is forwarded
    "text",
    "entities",
    "caption",
    "caption_entities",
    "photo",
    "document",
    "poll",
    "link_preview_options",
)
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages")
PERMISSIONS = (
    "can_send_messages can_send_audios can_send_documents can_send_photos can_send_videos can_send_video_notes "
    "can_send_voice_notes can_send_polls can_send_other_messages can_add_web_page_previews can_react_to_messages "
    "can_edit_tag can_change_info can_invite_users can_pin_messages can_manage_topics"
).split()


@dataclass(slots=True)
class Member:
    """Somebody's standing in a chat; `rights` are those of an administrator or a restricted member."""

    status: str = "member"
    rights: dict[str, bool] = field(default_factory=dict)

    @property
    def inside(self) -> bool:
        return self.status in {"creator", "administrator", "member", "restricted"}

    def may(self, right: str) -> bool:
        return self.status == "creator" or (self.status == "administrator" and self.rights.get(right, True))


@dataclass(slots=True)
class Topic:
    """A topic of a forum; `root` is the service message that opened it."""

    root: dict[str, Any]
    closed: bool = False
    deleted: bool = False


@dataclass(slots=True)
class Chat:
    """A chat with all it holds; `standing` of a private chat is new, started, blocked or deactivated."""

    id: int
    type: str
    title: str
    username: str | None = None
    is_forum: bool = False
    standing: str = "started"
    members: dict[int, Member] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    edits: Counter[int] = field(default_factory=Counter)
    reactions: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    linked: int | None = None
    migrated_to: int | None = None
    deleted: bool = False
    ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def shown(self) -> dict[str, Any]:
        """The chat inside a message."""
        name = "first_name" if self.type == "private" else "title"
        plain = {"id": self.id, "type": self.type, name: self.title}
        if self.username:
            plain["username"] = self.username
        return plain | ({"is_forum": True} if self.is_forum else {})

    @property
    def described(self) -> str:
        """The chat as Telegram's errors call it."""
        return "group chat" if self.type == "group" else f"{self.type} chat"


class World:
    """All chats of one bot."""

    def __init__(self) -> None:
        self.updates = Updates()
        self.bot: dict[str, Any] = dict(BOT)
        self.privacy = True
        self.users: dict[int, dict[str, Any]] = {}
        self.chats: dict[int, Chat] = {}
        self.polls: dict[str, Poll] = {}
        self.inline_messages: dict[str, dict[str, Any]] = {}
        self._ids = itertools.count(101)  # private chats and basic groups share one row of message ids
        self._new = itertools.count(1)
        self._settle()

    def _settle(self) -> None:
        self.add_user(USER, first_name="Ada", username="ada", language_code="en")
        administrator = dict.fromkeys([*RIGHTS, *CHANNEL_RIGHTS], True)
        self.add_chat("supergroup", "Study group", identifier=GROUP, creator=USER).members[self.bot["id"]] = Member()
        forum = self.add_chat("supergroup", "Study forum", identifier=FORUM, creator=USER, is_forum=True)
        forum.members[self.bot["id"]] = Member()
        forum.ids = itertools.count(TOPICS[0])
        for name in ("Papers", "Quiz"):
            self.open_topic(forum, name, sender=self.users[USER])
        channel = self.add_chat("channel", "Paper of the day", identifier=CHANNEL, creator=USER, username="papers")
        channel.members[self.bot["id"]] = Member("administrator", administrator)

    def fresh(self) -> int:
        """A number nobody has yet, for users and chats that are added."""
        return next(self._new)

    def add_user(self, identifier: int | None = None, *, standing: str = "started", **fields: Any) -> dict[str, Any]:
        """A user and the private chat with them."""
        identifier = identifier or USER + self.fresh()
        user: dict[str, Any] = {"id": identifier, "is_bot": False, "first_name": f"User {identifier}"}
        user.update({key: value for key, value in fields.items() if value is not None})
        self.users[identifier] = user
        chat = Chat(identifier, "private", user["first_name"], user.get("username"), standing=standing, ids=self._ids)
        self.chats[identifier] = chat
        return user

    def add_chat(self, kind: str, title: str, *, creator: int, identifier: int | None = None, **fields: Any) -> Chat:
        """A group, supergroup or channel with its creator."""
        if identifier is None:
            identifier = -(2000 + self.fresh()) if kind == "group" else GROUP - 1000 - self.fresh()
        chat = self.chats[identifier] = Chat(identifier, kind, title, **fields)
        if kind == "group":
            chat.ids = self._ids
        chat.members[creator] = Member("creator")
        return chat

    def chat(self, reference: int | str) -> Chat:
        """A chat by number or @username; refused as Telegram refuses one it does not know."""
        if isinstance(reference, str) and not reference.lstrip("-").isdigit():
            named = (chat for chat in self.chats.values() if chat.username and f"@{chat.username}" == reference)
            found = next((chat for chat in named if chat.type != "private"), None)
        else:
            found = self.chats.get(int(reference))
        if found is None:
            raise bad("chat not found")
        return found

    def present(self, chat: Chat) -> Chat:
        """The same chat, unless the bot cannot act there at all."""
        if chat.migrated_to:
            text = "group chat was upgraded to a supergroup chat"
            raise bad(text, migrate_to_chat_id=chat.migrated_to)
        if chat.deleted:
            raise forbidden("the group chat was deleted") if chat.type == "group" else bad("chat not found")
        if chat.type == "private":
            if chat.standing == "blocked":
                raise forbidden("bot was blocked by the user")
            if chat.standing == "deactivated":
                raise forbidden("user is deactivated")
            if chat.standing == "new":
                raise forbidden("bot can't initiate conversation with a user")
            return chat
        me = self.me(chat)
        if me.status == "kicked":
            raise forbidden(f"bot was kicked from the {chat.described}")
        if not me.inside:
            raise forbidden(f"bot is not a member of the {chat.described}")
        return chat

    def writable(self, chat: Chat, thread: int | None, *, right: str = "can_send_messages") -> Chat:
        """The same chat, unless the bot may not write there, or not into this topic."""
        self.present(chat)
        me = self.me(chat)
        if chat.type == "channel" and not me.may("can_post_messages"):
            raise bad("need administrator rights in the channel chat")
        if me.status == "restricted" and not me.rights.get(right, False):
            what = {"can_send_polls": "polls", "can_send_photos": "photos", "can_send_documents": "documents"}
            raise bad(f"not enough rights to send {what.get(right, 'text messages')} to the chat")
        if thread is not None:
            topic = chat.topics.get(thread)
            threaded = chat.type == "supergroup" and not chat.is_forum and thread in chat.messages
            if (topic is None or topic.deleted) and not threaded:
                raise bad("message thread not found")
            if topic and topic.closed and not me.may("can_manage_topics"):
                raise bad("TOPIC_CLOSED")
        return chat

    def forget(self) -> None:
        """Forgets what was said: messages (but not the topics), polls, and updates that wait."""
        for chat in self.chats.values():
            roots = {topic.root["message_id"] for topic in chat.topics.values() if not topic.deleted}
            chat.messages = {number: message for number, message in chat.messages.items() if number in roots}
            chat.edits.clear()
            chat.reactions.clear()
            chat.pinned.clear()
        self.polls.clear()
        self.inline_messages.clear()
        self.updates.drop()

    def me(self, chat: Chat) -> Member:
        """The bot's own standing."""
        return chat.members.get(self.bot["id"], Member("member" if chat.type == "private" else "left"))

    def member(self, chat: Chat, user: int) -> Member:
        """Somebody's standing; who was never there has left."""
        if chat.type == "private":
            return Member("member")
        return chat.members.get(user, Member("left"))

    def compose(
        self,
        chat: Chat,
        sender: dict[str, Any] | None,
        content: dict[str, Any],
        *,
        thread: int | None = None,
        reply_to: int | None = None,
        sender_chat: Chat | None = None,
    ) -> dict[str, Any]:
        """A new message in a chat, kept and shown as the Bot API shows it."""
        message: dict[str, Any] = {"message_id": next(chat.ids), "date": int(time.time()), "chat": chat.shown()}
        if sender is not None:
            message["from"] = sender
        if sender_chat is not None:
            message["sender_chat"] = sender_chat.shown()
        replied = chat.messages.get(reply_to) if reply_to is not None else None
        if replied and chat.is_forum and "is_topic_message" in replied:
            thread = replied["message_thread_id"]
        elif replied and chat.type == "supergroup" and not chat.is_forum:
            # A reply in an ordinary supergroup carries the number of the message that began the thread.
            thread = replied.get("message_thread_id", replied["message_id"])
        if thread is not None:
            message["message_thread_id"] = thread
            if thread in chat.topics:
                message["is_topic_message"] = True
                replied = replied or chat.topics[thread].root
        if replied:
            message["reply_to_message"] = {k: v for k, v in replied.items() if k != "reply_to_message"}
        message.update(content)
        chat.messages[message["message_id"]] = message
        return message

    def open_topic(self, chat: Chat, name: str, *, sender: dict[str, Any], icon_color: int = 7322096) -> Topic:
        """A new topic; its number is that of the service message that opens it."""
        content = {"forum_topic_created": {"name": name, "icon_color": icon_color}, "is_topic_message": True}
        root = self.compose(chat, sender, content)
        root["message_thread_id"] = root["message_id"]
        topic = chat.topics[root["message_id"]] = Topic(root)
        return topic

    def tell(self, chat: Chat, message: dict[str, Any], *, edited: bool = False) -> int | None:
        """Queues the update about a message, if the bot is told of it; its number."""
        if not self.sees(chat, message):
            return None
        kind = "channel_post" if chat.type == "channel" else "message"
        return self.updates.add(f"edited_{kind}" if edited else kind, message)

    def forwarded(self, message: dict[str, Any], chat: Chat) -> dict[str, Any]:
        """What a forward of this message says, with where it came from."""
        origin: dict[str, Any] = {"type": "user", "sender_user": message.get("from"), "date": message["date"]}
        if chat.type == "channel":
            named = {"type": "channel", "chat": chat.shown(), "message_id": message["message_id"]}
            origin = {**named, "date": message["date"]}
        return {key: message[key] for key in CONTENT if key in message} | {"forward_origin": origin}

    def comment_on(self, channel: Chat, post: dict[str, Any]) -> int | None:
        """Forwards a post to the channel's discussion group, as Telegram does unless it has an inline keyboard."""
        if channel.linked is None or "reply_markup" in post:
            return None
        group = self.chats[channel.linked]
        content = self.forwarded(post, channel) | {"is_automatic_forward": True}
        return self.tell(group, self.compose(group, SERVICE, content, sender_chat=channel))

    def sees(self, chat: Chat, message: dict[str, Any]) -> bool:
        """Whether the bot is told of this message: membership, then privacy mode (Bots FAQ, "Privacy mode")."""
        me = self.me(chat)
        if chat.type == "private":
            return chat.standing != "blocked"
        if chat.type == "channel" or me.status == "administrator" or not self.privacy:
            return me.inside if chat.type != "channel" else me.status == "administrator"
        if not me.inside:
            return False
        replied = message.get("reply_to_message", {}).get("from", {}).get("id")
        text = message.get("text") or message.get("caption")
        if text is None and not {"photo", "document", "poll"} & message.keys():
            return True  # service messages
        return replied == self.bot["id"] or "via_bot" in message or self._for_me(message)

    def _for_me(self, message: dict[str, Any]) -> bool:
        for entity in message.get("entities", []):
            if entity["type"] == "bot_command" and entity["offset"] == 0:
                _, at, name = message["text"][: entity["length"]].partition("@")
                return not at or name.lower() == self.bot["username"].lower()
        return False

    def shown_member(self, user: dict[str, Any], member: Member, chat: Chat) -> dict[str, Any]:
        """A ChatMember with all the fields its status requires."""
        shown: dict[str, Any] = {"user": user, "status": member.status}
        if member.status == "creator":
            shown["is_anonymous"] = member.rights.get("is_anonymous", False)
        elif member.status == "administrator":
            own = CHANNEL_RIGHTS if chat.type == "channel" else GROUP_RIGHTS
            shown |= {"can_be_edited": False, "is_anonymous": member.rights.get("is_anonymous", False)}
            shown |= {right: member.may(right) for right in (*RIGHTS, *own)}
        elif member.status == "restricted":
            shown |= {"is_member": True, "until_date": 0}
            shown |= {right: member.rights.get(right, False) for right in PERMISSIONS}
        elif member.status == "kicked":
            shown["until_date"] = 0
        return shown


@dataclass(slots=True)
class Poll:
    """A poll with its votes; `body` is the Bot API's Poll, the very object inside the message."""

    body: dict[str, Any]
    chat: int
    message_id: int
    votes: dict[int, list[int]] = field(default_factory=dict)

    def count(self) -> None:
        """Brings the numbers up to the votes."""
        self.body["total_voter_count"] = len(self.votes)
        for number, option in enumerate(self.body["options"]):
            option["voter_count"] = sum(number in vote for vote in self.votes.values())
