"""What a test can see of the local Telegram: requests, problems, messages as readers see them, answers, deliveries.

Looking changes nothing; methods that wait end with TimeoutError.
"""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any

from tests.fakes.serving import ControlError, Record, RequestBook, RequestLog, controlled, until
from tests.fakes.telegram.faults import Limits
from tests.fakes.telegram.people import People
from tests.fakes.telegram.profile import scope_key
from tests.fakes.telegram.world import USER


class Watched(People):
    """The part of the server that shows what happened."""

    def __init__(self) -> None:
        super().__init__()
        self._book = RequestBook(self.platform)
        self._running: set[int] = set()
        self._arrived: Counter[str] = Counter()  # by method, so that waiting does not read the whole log each time
        self._limits = Limits()

    @controlled
    def requests(self, since: int = 0, method: str | None = None) -> list[RequestLog]:
        """The requests so far, with their parameters decoded as `body`; only those of one method of the Bot API."""
        entries = self._book.entries(since)
        return [entry for entry in entries if method is None or _method_of(entry).lower() == method.lower()]

    @controlled
    def problems(self) -> list[str]:
        """What the rules refused, and methods that do not exist: a bot without mistakes leaves this empty."""
        return [f"{_method_of(entry)}: {text}" for entry in self._book.entries() for text in entry.problems]

    @controlled
    def messages(self, chat: int, thread: int | None = None) -> list[Record]:
        """The messages of a chat as a reader sees them now; of one topic, or with thread=0 of General alone."""
        place, sent = self._chat(chat), self.methods.sent
        shown = []
        for number, message in place.messages.items():
            if thread is not None and message.get("message_thread_id", 0) != thread:
                continue
            view = Record(copy.deepcopy(message))
            view.setdefault("text", message.get("caption", ""))
            view.setdefault("entities", message.get("caption_entities", []))
            view.update(
                keyboard=copy.deepcopy(message.get("reply_markup", {}).get("inline_keyboard", [])),
                edited=place.edits[number],
                thread=message.get("message_thread_id"),
                by_bot=(chat, number) in sent,
                pinned=number in place.pinned,
                reaction=place.reactions.get(number, []),
            )
            shown.append(view)
        return shown

    @controlled
    def answers(self, query_id: str) -> list[dict[str, Any]]:
        """Every answer to a callback query or an inline query, in order."""
        query = self.methods.queries.get(query_id)
        if query is None:
            raise ControlError(f"there is no query {query_id}")
        return copy.deepcopy(query.answers)

    @controlled
    async def callback_answer(self, query_id: str, timeout: float = 5.0) -> dict[str, Any]:
        """The first answer to a pressed button, waited for."""
        return copy.deepcopy((await self._answered(query_id, timeout))[0])

    @controlled
    async def inline_answer(self, query_id: str, timeout: float = 5.0) -> dict[str, Any]:
        """The first answer to an inline query, waited for."""
        return copy.deepcopy((await self._answered(query_id, timeout))[0])

    @controlled
    def commands(self, scope: dict[str, Any] | str | None = None, language: str = "") -> list[dict[str, str]]:
        """The commands registered for exactly this scope (an object, or its type) and language."""
        key = scope if isinstance(scope, str) else scope_key(scope)
        return self.methods.commands.get((key, language), [])

    @controlled
    def menu(self, chat: int, user: int = USER) -> list[dict[str, str]]:
        """The commands somebody sees in a chat."""
        return self.methods.menu(self._chat(chat), user)

    @controlled
    def profile(self, what: str, language: str = "") -> str:
        """The bot's name, description or short_description in one language, as it was set."""
        return self.methods.texts.get((what, language), "")

    @controlled
    def pending(self) -> list[dict[str, Any]]:
        """The updates not yet confirmed."""
        return copy.deepcopy(self.world.updates.pending())

    @controlled
    def confirmed(self) -> int:
        """The highest update_id that is confirmed; 0 for none."""
        return self.world.updates.confirmed

    @controlled
    def deliveries(self) -> list[dict[str, Any]]:
        """Every message the bot brought about, in order: method, chat, message_id, time (monotonic, this server's)."""
        return copy.deepcopy(self.methods.deliveries)

    @controlled
    def webhook_attempts(self) -> list[dict[str, Any]]:
        """Every delivery to the webhook, with the status it was answered; 0 for none."""
        return list(self.world.updates.attempts)

    @controlled
    def violations(self) -> list[dict[str, Any]]:
        """What broke `limits`."""
        return list(self._limits.violations)

    @controlled
    def polls(self) -> list[Record]:
        """Every poll of the bot as it is now, with its chat, message_id and votes by user."""
        return [
            Record(copy.deepcopy(poll.body), chat=poll.chat, message_id=poll.message_id, votes=dict(poll.votes))
            for poll in self.world.polls.values()
        ]

    @controlled
    async def wait_message(self, chat: int, count: int = 1, since: int = 0, timeout: float = 5.0) -> list[Record]:
        """The bot's messages in a chat with numbers above `since`, once there are `count`."""

        def enough() -> list[Record] | None:
            known = self._chat(chat).messages
            if len(self.methods.sent) < count:
                return None
            if sum(number > since and (chat, number) in self.methods.sent for number in known) < count:
                return None
            return [view for view in self.messages(chat) if view.by_bot and view.message_id > since]

        return list(await until(enough, timeout=timeout, what=f"{count} messages of the bot in {chat}"))

    @controlled
    async def wait_request(self, method: str, count: int = 1, timeout: float = 5.0, since: int = 0) -> list[RequestLog]:
        """The answered requests of one method, once there are `count`; getUpdates counts as soon as it arrives."""
        waited = method.lower() == "getupdates"

        def enough() -> list[RequestLog] | None:
            if self._arrived[method.lower()] < count:
                return None
            found = [entry for entry in self.requests(since, method) if waited or entry.number not in self._running]
            return found if len(found) >= count else None

        return list(await until(enough, timeout=timeout, what=f"{count} requests {method}"))

    @controlled
    async def wait_listening(self, timeout: float = 5.0) -> None:
        """Waits until connections are accepted again; only from the process of the server."""
        await until(lambda: self._site is not None, timeout=timeout, what="connections accepted again")

    @controlled
    async def wait_confirmed(self, update_id: int, timeout: float = 5.0) -> int:
        """Waits until an update is confirmed."""
        updates = self.world.updates
        await until(lambda: updates.confirmed >= update_id, timeout=timeout, what=f"update {update_id} confirmed")
        return updates.confirmed

    async def _answered(self, query_id: str, timeout: float) -> list[dict[str, Any]]:
        if query_id not in self.methods.queries:
            raise ControlError(f"there is no query {query_id}")
        answers = self.methods.queries[query_id].answers
        await until(lambda: answers, timeout=timeout, what=f"an answer to query {query_id}")
        return answers


def _method_of(entry: RequestLog) -> str:
    return entry.path.rpartition("/")[2]
