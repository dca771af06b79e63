"""People on either platform in one vocabulary, so that a scenario is written once: ask, press, type, what is seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from tests.scenarios.process import READY_SECONDS, until


@dataclass(frozen=True, slots=True)
class Seen:
    """A message of the bot as a person sees it: its text, and what each button does by its label."""

    id: Any
    text: str
    buttons: dict[str, str]
    private: bool = False

    def button(self, start: str) -> str:
        """The token of the first button whose label starts so."""
        return next(token for label, token in self.buttons.items() if label.startswith(start))


class Person(Protocol):
    """Somebody who talks to the bot; `server` is the platform's."""

    server: Any
    environment: dict[str, str]

    def moment(self) -> int: ...
    def wait_ready(self, since: int = 0) -> None: ...
    def ask(self, text: str, locale: str = "en") -> Seen: ...
    def command(self, name: str, text: str = "") -> Seen: ...
    def press(self, seen: Seen, start: str) -> Seen: ...
    def press_forged(self, seen: Seen, token: str) -> Seen: ...
    def type(self, text: str) -> list[str]: ...
    def many(self, count: int, chats: int) -> dict[Any, list[str]]: ...
    def refuse_once(self, seconds: float) -> None: ...
    def cut(self) -> None: ...
    def settled(self) -> None: ...


class DiscordPerson:
    """Somebody in the study group's server on Discord."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.environment = {
            "DISCORD_TOKEN": server.token,
            "ROADMAP_BOT_DISCORD__API_URL": server.api_url,
            "ROADMAP_BOT_DISCORD__GATEWAY_URL": server.gateway_url,
        }

    def moment(self) -> int:
        """Now, for `wait_ready` after a restart: how many sessions there have been."""
        return int(self.server.sessions()["identified"])

    def wait_ready(self, since: int = 0) -> None:
        """Until a session is new since then, and commands are registered."""
        self.server.wait_ready(identified=since + 1, timeout=READY_SECONDS)
        until(lambda: self.server.commands(), "commands are registered", within=READY_SECONDS)

    def ask(self, text: str, locale: str = "en") -> Seen:
        """`/ask` in the text channel."""
        language = {"en": "en-US", "zh": "zh-CN"}[locale]
        return self._seen(self.server.slash("ask", {"query": text}, locale=language))

    def command(self, name: str, text: str = "") -> Seen:
        """A slash command whose first option is `text`."""
        (command,) = [one for one in self.server.commands() if one["name"] == name]
        options = {command["options"][0]["name"]: text} if text else {}
        return self._seen(self.server.slash(name, options))

    def press(self, seen: Seen, start: str) -> Seen:
        """Presses a button of a message."""
        return self._seen(self.server.press(seen.id, seen.button(start)))

    def press_forged(self, seen: Seen, token: str) -> Seen:
        """Presses a button the message does not have."""
        return self._seen(self.server.press_forged(token, seen.id))

    def type(self, text: str) -> list[str]:
        """What autocomplete offers for a query."""
        interaction = self.server.autocomplete("ask", {"query": text}, "query")
        (answer,) = self.server.wait_response(interaction)
        return [choice["name"] for choice in answer["data"]["choices"]]

    def many(self, count: int, chats: int) -> dict[Any, list[str]]:  # noqa: ARG002  (interactions know no order)
        """So many questions at once; the answers in the order of the questions."""
        asked = [self.server.slash("ask", {"query": f"zzzz{number}qqq"}) for number in range(count)]
        return {number: [self._seen(one, within=30).text] for number, one in enumerate(asked)}

    def refuse_once(self, seconds: float) -> None:
        """The next answer is refused with 429."""
        self.server.fault(429, path="/callback", retry_after=seconds)

    def cut(self) -> None:
        """The connection to the platform drops."""
        assert self.server.drop_sockets()

    def settled(self) -> None:
        """Nothing waits: what an interaction brought was all there was."""

    def _seen(self, interaction: str, within: float = 10) -> Seen:
        message = self.server.wait_reply(interaction, timeout=within)
        parts = list(_parts(message["components"]))
        text = "\n".join(part["content"] for part in parts if part["type"] == 10)
        buttons = {}
        for part in parts:
            if part["type"] == 9:
                buttons[_shown(part["components"][0]["content"])] = part["accessory"].get("custom_id", "")
            if part["type"] == 2 and part.get("custom_id"):
                buttons.setdefault(part["label"], part["custom_id"])
            for option in part.get("options", ()):
                buttons[option["label"]] = option["value"]
        return Seen(message["id"], _shown(text), buttons, bool(message["ephemeral"]))


def _parts(components: list[Any]) -> Iterator[Any]:
    for part in components:
        yield part
        yield from _parts(part.get("components", []))


def _shown(markdown: str) -> str:
    """Discord's Markdown without its marks, near enough to look for words in it."""
    text = re.sub(r"\[((?:\\.|[^\]\\])*)\]\(<?[^)>]*>?\)", r"\1", markdown)
    text = re.sub(r"(?<!\\)(\*\*|__|\*|`)|^(#+|-#) ", "", text, flags=re.MULTILINE)
    return re.sub(r"\\(.)", r"\1", text)


class TelegramPerson:
    """Somebody in a private chat on Telegram."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.environment = {"TELEGRAM_TOKEN": server.token, "ROADMAP_BOT_TELEGRAM__API_URL": server.api_url}
        self._people: dict[str, int] = {}

    def moment(self) -> int:
        """Now, for `wait_ready` after a restart: the number of the last request."""
        return max((entry.number for entry in self.server.requests()), default=0)

    def wait_ready(self, since: int = 0) -> None:
        """Until updates are being fetched anew."""
        self.server.wait_request("getUpdates", timeout=READY_SECONDS, since=since)

    def ask(self, text: str, locale: str = "en") -> Seen:
        """A message in a private chat."""
        return self._written(text, locale)

    def command(self, name: str, text: str = "") -> Seen:
        """A typed command."""
        return self._written(f"/{name} {text}".strip(), "en")

    def press(self, seen: Seen, start: str) -> Seen:
        """Presses a button under a message."""
        chat, number = seen.id
        return self._pressed(seen, lambda: self.server.press(chat, number, seen.button(start), user=chat))

    def press_forged(self, seen: Seen, token: str) -> Seen:
        """Presses a button the message does not have, as changed clients do."""
        chat, number = seen.id
        return self._pressed(seen, lambda: self.server.press_forged(token, chat=chat, message_id=number, user=chat))

    def type(self, text: str) -> list[str]:
        """What inline mode offers."""
        asked = self.server.inline(text)
        return [result["title"] for result in self.server.inline_answer(asked.inline_query_id)["results"]]

    def many(self, count: int, chats: int) -> dict[Any, list[str]]:
        """So many questions at once, spread over chats; the answers of each chat in the order they came."""
        people = [self.server.add_user() for _ in range(chats)]
        self.server.many(count, "zzzz{}qqq", chats=people)
        found = {}
        for person in people:
            messages = self.server.wait_message(person, count=count // chats, timeout=90)
            found[person] = [message.text for message in messages]
        return found

    def refuse_once(self, seconds: float) -> None:
        """The next message is refused with 429."""
        self.server.fault("flood", method="sendMessage", retry_after=int(seconds))

    def cut(self) -> None:
        """The connection in which updates are waited for drops."""
        self.server.fault("cut_before", method="getUpdates")

    def settled(self) -> None:
        """Until every update is confirmed; one that is not is answered once more by the next life of the bot."""
        until(lambda: not self.server.pending(), "all updates are confirmed")

    def _written(self, text: str, locale: str) -> Seen:
        chat = self._person(locale)
        last = self._last(chat)
        self.server.write(text, user=chat)
        return self._seen(chat, self.server.wait_message(chat, since=last, timeout=10)[-1])

    def _pressed(self, seen: Seen, press: Any) -> Seen:
        """What a press leads to: the message changed, a new one, or a few words over the chat."""
        chat, number = seen.id
        last, before = self._last(chat), self._shown(chat, number)
        answer = self.server.callback_answer(press().callback_query_id)
        if answer.get("text"):
            return Seen(seen.id, answer["text"], {}, private=True)

        def shown() -> Any:
            after = self._shown(chat, number)
            new = [message for message in self.server.messages(chat) if message.by_bot and message.message_id > last]
            return (after if after != before else None) or (new[-1] if new else None)

        return self._seen(chat, until(shown, "the press is answered"))

    def _shown(self, chat: int, number: int) -> Any:
        return next(message for message in self.server.messages(chat) if message.message_id == number)

    def _person(self, locale: str) -> int:
        if locale not in self._people:
            code = {"en": "en", "zh": "zh-hans"}[locale]
            self._people[locale] = self.server.add_user(language_code=code)
        return self._people[locale]

    def _last(self, chat: int) -> int:
        return max((message.message_id for message in self.server.messages(chat)), default=0)

    def _seen(self, chat: int, message: Any) -> Seen:
        rows = [button for row in message.keyboard for button in row]
        tokens = {button["text"]: button["callback_data"] for button in rows if "callback_data" in button}
        return Seen((chat, message.message_id), message.text, tokens)
