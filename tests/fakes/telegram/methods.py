"""What the Bot API's methods for messages do to the world; their parameters arrive decoded and already checked."""

from __future__ import annotations

import time
from typing import Any

from tests.fakes.telegram.entities import formatted, link_problem
from tests.fakes.telegram.refusals import bad
from tests.fakes.telegram.world import Chat, Poll, World

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


class MessageMethods:
    """Sending, editing, deleting, pinning; every method takes its parameters as one dict and gives the result."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.deliveries: list[dict[str, Any]] = []  # every message the bot brought about, in order
        self.sent: set[tuple[int, int]] = set()  # chat and message_id of the same
        self.files: dict[str, int] = {}

    # Sending

    def send_message(self, p: dict[str, Any]) -> dict[str, Any]:
        shown = formatted(p["text"], parse_mode=p.get("parse_mode"), entities=p.get("entities"))
        content: dict[str, Any] = {"text": shown.text}
        if shown.entities:
            content["entities"] = shown.entities
        if "link_preview_options" in p:
            content["link_preview_options"] = p["link_preview_options"]
        return self._send("sendMessage", p, content)

    def send_photo(self, p: dict[str, Any]) -> dict[str, Any]:
        file = self._file(p["photo"])
        return self._send("sendPhoto", p, self._captioned(p) | {"photo": [file | {"width": 640, "height": 480}]})

    def send_document(self, p: dict[str, Any]) -> dict[str, Any]:
        given = p["document"]
        named = {"file_name": given["filename"]} if isinstance(given, dict) else {}
        return self._send("sendDocument", p, self._captioned(p) | {"document": self._file(given) | named})

    def send_poll(self, p: dict[str, Any]) -> dict[str, Any]:
        chat, anonymous = self.world.chat(p["chat_id"]), p.get("is_anonymous", True)
        if chat.type == "channel" and not anonymous:
            raise bad("non-anonymous polls can't be sent to channel chats")
        kind = p.get("type", "regular")
        body: dict[str, Any] = {
            "id": str(8_800_000_000_000_000 + self.world.fresh()),
            "question": formatted(p["question"], find=False).text,
            "options": [
                {"persistent_id": str(number), "text": option["text"].strip(), "voter_count": 0}
                for number, option in enumerate(p["options"])
            ],
            "total_voter_count": 0,
            "is_closed": p.get("is_closed", False),
            "is_anonymous": anonymous,
            "type": kind,
            "allows_multiple_answers": p.get("allows_multiple_answers", False),
            "allows_revoting": p.get("allows_revoting", kind == "regular"),
            "members_only": p.get("members_only", False),
        }
        body.update({key: p[key] for key in ("correct_option_ids", "open_period", "close_date") if key in p})
        for key in ("explanation", "description"):
            if p.get(key):
                mode, given = p.get(f"{key}_parse_mode"), p.get(f"{key}_entities")
                shown = formatted(p[key], parse_mode=mode, entities=given)
                body |= {key: shown.text, f"{key}_entities": shown.entities}
        message = self._send("sendPoll", p, {"poll": body}, right="can_send_polls")
        self.world.polls[body["id"]] = Poll(body, chat.id, message["message_id"])
        return message

    def stop_poll(self, p: dict[str, Any]) -> dict[str, Any]:
        _, message = self._own(p)
        if "poll" not in message:
            raise bad("message with poll to stop not found")
        if message["poll"]["is_closed"]:
            raise bad("poll has already been closed")
        self._mark(message, p.get("reply_markup"))
        return self.close_poll(message["poll"]["id"])

    def close_poll(self, identifier: str) -> dict[str, Any]:
        """Ends a poll, by the bot or because its time is over; the bot is told."""
        poll = self.world.polls[identifier]
        poll.body["is_closed"] = True
        self.world.updates.add("poll", poll.body)
        return poll.body

    def send_chat_action(self, p: dict[str, Any]) -> bool:
        self.world.writable(self.world.chat(p["chat_id"]), p.get("message_thread_id"))
        return True

    def forward_message(self, p: dict[str, Any]) -> dict[str, Any]:
        source = self.world.present(self.world.chat(p["from_chat_id"]))
        message = source.messages.get(p["message_id"])
        if message is None:
            raise bad("message to forward not found")
        return self._send("forwardMessage", p, self.world.forwarded(message, source))

    def copy_message(self, p: dict[str, Any]) -> dict[str, Any]:
        source = self.world.present(self.world.chat(p["from_chat_id"]))
        message = source.messages.get(p["message_id"])
        if message is None:
            raise bad("message to copy not found")
        content = self.world.forwarded(message, source)
        del content["forward_origin"]
        if not content:
            raise bad("message can't be copied")
        if "caption" in p and {"photo", "document"} & content.keys():
            content = {k: v for k, v in content.items() if not k.startswith("caption")} | self._captioned(p)
        return {"message_id": self._send("copyMessage", p, content)["message_id"]}

    # Changing

    def edit_message_text(self, p: dict[str, Any]) -> dict[str, Any] | bool:
        shown = formatted(p["text"], parse_mode=p.get("parse_mode"), entities=p.get("entities"))
        content = {"text": shown.text} | ({"entities": shown.entities} if shown.entities else {})
        if p.get("link_preview_options"):
            content["link_preview_options"] = p["link_preview_options"]
        return self._edit(p, content, needs=("text",))

    def edit_message_caption(self, p: dict[str, Any]) -> dict[str, Any] | bool:
        return self._edit(p, self._captioned(p), needs=("photo", "document"))

    def edit_message_reply_markup(self, p: dict[str, Any]) -> dict[str, Any] | bool:
        return self._edit(p, None, needs=())

    def delete_message(self, p: dict[str, Any]) -> bool:
        chat = self.world.present(self.world.chat(p["chat_id"]))
        message = chat.messages.get(p["message_id"])
        if message is None:
            raise bad("message to delete not found")
        if not self._mine(message, chat) and chat.type != "private":
            self._needs_right(chat, "can_delete_messages", "message can't be deleted")
        del chat.messages[p["message_id"]]
        chat.pinned = [number for number in chat.pinned if number != p["message_id"]]
        return True

    def delete_messages(self, p: dict[str, Any]) -> bool:
        known = self.world.present(self.world.chat(p["chat_id"])).messages
        for number in set(p["message_ids"]) & known.keys():
            self.delete_message({"chat_id": p["chat_id"], "message_id": number})
        return True

    def pin_chat_message(self, p: dict[str, Any]) -> bool:
        chat = self._may_pin(p)
        if p["message_id"] not in chat.messages:
            raise bad("message to pin not found")
        if p["message_id"] not in chat.pinned:
            pinned = chat.messages[p["message_id"]]
            chat.pinned.append(p["message_id"])
            sender = None if chat.type == "channel" else self.world.bot
            self.world.compose(chat, sender, {"pinned_message": dict(pinned)})
        return True

    def unpin_chat_message(self, p: dict[str, Any]) -> bool:
        chat = self._may_pin(p)
        number = p.get("message_id", chat.pinned[-1] if chat.pinned else None)
        if number not in chat.pinned:
            raise bad("message to unpin not found")
        chat.pinned.remove(number)
        return True

    def unpin_all_chat_messages(self, p: dict[str, Any]) -> bool:
        self._may_pin(p).pinned.clear()
        return True

    def set_message_reaction(self, p: dict[str, Any]) -> bool:
        chat = self.world.present(self.world.chat(p["chat_id"]))
        if p["message_id"] not in chat.messages:
            raise bad("message to react not found")
        chat.reactions[p["message_id"]] = p.get("reaction", [])
        return True

    # What they share

    def _send(
        self, method: str, p: dict[str, Any], content: dict[str, Any], *, right: str = "can_send_messages"
    ) -> dict[str, Any]:
        world, thread = self.world, p.get("message_thread_id")
        chat = world.writable(world.chat(p["chat_id"]), thread, right=right)
        keyboard = p.get("reply_markup", {})
        if keyboard.get("inline_keyboard"):
            content = content | {"reply_markup": keyboard}
        message = world.compose(
            chat,
            None if chat.type == "channel" else world.bot,
            content,
            thread=thread,
            reply_to=self._answered(chat, p.get("reply_parameters")),
            sender_chat=chat if chat.type == "channel" else None,
        )
        number = message["message_id"]
        self.deliveries.append({"method": method, "chat": chat.id, "message_id": number, "time": time.monotonic()})
        self.sent.add((chat.id, number))
        if chat.type == "channel":
            world.comment_on(chat, message)
        return message

    def _answered(self, chat: Chat, reply: dict[str, Any] | None) -> int | None:
        if not reply:
            return None
        source = self.world.chat(reply.get("chat_id", chat.id))
        replied = source.messages.get(reply["message_id"])
        if replied is None:
            if reply.get("allow_sending_without_reply"):
                return None
            raise bad("message to be replied not found")
        if "quote" in reply and reply["quote"] not in replied.get("text", replied.get("caption", "")):
            raise bad("QUOTE_TEXT_INVALID")
        return reply["message_id"] if source is chat else None

    def _captioned(self, p: dict[str, Any]) -> dict[str, Any]:
        if not p.get("caption"):
            return {}
        shown = formatted(p["caption"], parse_mode=p.get("parse_mode"), entities=p.get("caption_entities"))
        return {"caption": shown.text} | ({"caption_entities": shown.entities} if shown.entities else {})

    def _file(self, given: Any) -> dict[str, Any]:
        """A file that was uploaded, or is known by its identifier or an address."""
        if isinstance(given, str) and not given.startswith(("http://", "https://")):
            if given not in self.files:
                raise bad("wrong file identifier/HTTP URL specified")
            identifier = given
        elif isinstance(given, str) and link_problem(given):
            raise bad("wrong HTTP URL specified")
        else:
            identifier = f"BQACAgIAAxkDAAI{self.world.fresh():06}"
            self.files[identifier] = given["size"] if isinstance(given, dict) else 1000
        size = self.files[identifier]
        return {"file_id": identifier, "file_unique_id": identifier[-8:], "file_size": size}

    def _mine(self, message: dict[str, Any], chat: Chat) -> bool:
        if (chat.id, message["message_id"]) in self.sent:
            return True
        if chat.type == "channel":
            return self.world.me(chat).may("can_edit_messages")
        return bool(message.get("from", {}).get("id") == self.world.bot["id"])

    def _own(self, p: dict[str, Any]) -> tuple[Chat, dict[str, Any]]:
        chat = self.world.present(self.world.chat(p["chat_id"]))
        message = chat.messages.get(p["message_id"])
        if message is None:
            raise bad("message to edit not found")
        if not self._mine(message, chat):
            raise bad("message can't be edited")
        return chat, message

    def _edit(
        self, p: dict[str, Any], content: dict[str, Any] | None, *, needs: tuple[str, ...]
    ) -> dict[str, Any] | bool:
        chat = None
        if "inline_message_id" in p:
            message = self.world.inline_messages.get(p["inline_message_id"])
            if message is None:
                raise bad("MESSAGE_ID_INVALID")
        else:
            chat, message = self._own(p)
        if needs and not any(key in message for key in needs):
            raise bad(f"there is no {'text' if needs == ('text',) else 'caption'} in the message to edit")
        if not needs and not message.keys() & {"text", "photo", "document", "poll"}:
            raise bad("message can't be edited")
        replaced = (
            {"text", "entities", "link_preview_options"} if needs == ("text",) else {"caption", "caption_entities"}
        )
        before = {key: message.get(key) for key in (*sorted(replaced), "reply_markup")}
        keyboard = p.get("reply_markup", {})
        after = {key: (content or {}).get(key) if content is not None else before[key] for key in replaced}
        after["reply_markup"] = keyboard if keyboard.get("inline_keyboard") else None
        if before == after:
            raise bad(NOT_MODIFIED)
        for key, value in after.items():
            if value is None:
                message.pop(key, None)
            else:
                message[key] = value
        if chat is None:
            return True
        chat.edits[message["message_id"]] += 1
        if content is not None:
            message["edit_date"] = int(time.time())
        return message

    def _mark(self, message: dict[str, Any], keyboard: dict[str, Any] | None) -> None:
        message.pop("reply_markup", None)
        if keyboard and keyboard.get("inline_keyboard"):
            message["reply_markup"] = keyboard

    def _may_pin(self, p: dict[str, Any]) -> Chat:
        chat = self.world.present(self.world.chat(p["chat_id"]))
        if chat.type != "private":
            right = "can_edit_messages" if chat.type == "channel" else "can_pin_messages"
            self._needs_right(chat, right, f"not enough rights to manage pinned messages in the {chat.described}")
        return chat

    def _needs_right(self, chat: Chat, right: str, otherwise: str) -> None:
        if not self.world.me(chat).may(right):
            raise bad(otherwise)
