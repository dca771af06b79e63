"""The updates that wait for the bot: given out by long polling or posted to its webhook, and forgotten once confirmed.

What an update says is decided elsewhere. All of it runs on the server's loop.
"""

from __future__ import annotations

import asyncio
import copy
import time
from typing import Any

import aiohttp
from tests.fakes.telegram.refusals import Refused

SILENT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})  # only sent when asked for by name
FIRST_UPDATE = 700_000_001
TERMINATED = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_IS_SET = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


class Updates:
    """The queue of one bot, with its webhook."""

    def __init__(self) -> None:
        self.confirmed = 0
        self.allowed: list[str] | None = None
        self.webhook: dict[str, Any] = {}
        self.webhook_retry = 0.2  # seconds until a refused delivery is tried again
        self.attempts: list[dict[str, Any]] = []  # every delivery to the webhook, with the status it got
        self._pending: dict[int, dict[str, Any]] = {}
        self._next = FIRST_UPDATE
        self._poll = 0
        self._change: asyncio.Future[None] | None = None

    def add(self, kind: str, body: dict[str, Any]) -> int | None:
        """Queues one update as it is now; None when the bot did not ask for this kind."""
        if kind not in self.allowed if self.allowed else kind in SILENT:
            return None
        return self.add_raw({kind: copy.deepcopy(body)})

    def add_raw(self, update: dict[str, Any]) -> int:
        """Queues anything at all; a number is given unless it brings one."""
        given = update.get("update_id")
        number = given if type(given) is int else self._next
        self._next = max(self._next, number + 1)
        self._pending[number] = {"update_id": number, **update}
        self._wake()
        return number

    def pending(self) -> list[dict[str, Any]]:
        """What is not yet confirmed, oldest first."""
        return [self._pending[number] for number in sorted(self._pending)]

    def drop(self) -> None:
        """Forgets what is pending."""
        self._pending.clear()
        self.attempts.clear()

    async def poll(self, asked: dict[str, Any], gone: Any) -> list[dict[str, Any]]:
        """getUpdates: confirms what is below `offset`, then waits for something to give; `gone()` ends a lost poll."""
        if self.webhook:
            raise Refused(409, WEBHOOK_IS_SET)
        self._poll += 1
        mine = self._poll
        self._wake()  # an earlier poll that still waits ends with a conflict
        if "allowed_updates" in asked:
            self.allowed = asked["allowed_updates"] or None
        offset, limit = asked.get("offset", 0), asked.get("limit", 100)
        self._confirm(offset)
        deadline = time.monotonic() + max(asked.get("timeout", 0), 0)
        while not self._pending and (left := deadline - time.monotonic()) > 0 and not gone():
            # The wait is cut into pieces to notice a client that went away without a word.
            await self._changed(min(left, 0.5))
            if self._poll != mine:
                raise Refused(409, TERMINATED)
            if self.webhook:
                raise Refused(409, "Conflict: terminated by setWebhook request")
        return self.pending()[:limit]

    def _confirm(self, offset: int) -> None:
        numbers = sorted(self._pending)
        below = [number for number in numbers if number < offset] if offset >= 0 else numbers[:offset]
        for number in below:
            del self._pending[number]
            self.confirmed = max(self.confirmed, number)
        if offset > 0:
            self.confirmed = max(self.confirmed, min(offset, self._next) - 1)

    def set_webhook(self, asked: dict[str, Any]) -> None:
        """Takes an address (or none, which ends it) for the updates to be posted to."""
        self.webhook = {k: v for k, v in asked.items() if k != "drop_pending_updates"} if asked.get("url") else {}
        if "allowed_updates" in asked:
            self.allowed = asked["allowed_updates"] or None
        if asked.get("drop_pending_updates"):
            self.drop()
        self._wake()

    def webhook_info(self) -> dict[str, Any]:
        """WebhookInfo."""
        info = {"url": "", "has_custom_certificate": False, "pending_update_count": len(self._pending)}
        known = ("url", "max_connections", "ip_address", "last_error_date", "last_error_message")
        info.update({key: self.webhook[key] for key in known if key in self.webhook})
        return info | ({"allowed_updates": self.allowed} if self.allowed else {})

    async def deliver(self) -> None:
        """Posts updates to the webhook as long as the server lives, one after another, until each is answered 2xx."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as client:
            while True:
                if not self.webhook or not self._pending:
                    await self._changed()
                    continue
                number = min(self._pending)
                if await self._post(client, number, self._pending[number]):
                    self._pending.pop(number, None)
                    self.confirmed = max(self.confirmed, number)
                else:
                    await asyncio.sleep(self.webhook_retry)

    async def _post(self, client: aiohttp.ClientSession, number: int, update: dict[str, Any]) -> bool:
        hook = self.webhook
        secret = hook.get("secret_token")
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        status = 0
        try:
            async with client.post(hook["url"], json=update, headers=headers, allow_redirects=False) as answer:
                status = answer.status
                problem = f"Wrong response from the webhook: {status} {answer.reason}"
        except (aiohttp.ClientError, TimeoutError) as error:
            problem = f"Connection failed: {type(error).__name__}"
        self.attempts.append({"update_id": number, "status": status, "time": time.monotonic()})
        if 200 <= status < 300:
            return True
        hook.update(last_error_date=int(time.time()), last_error_message=problem)
        return False

    async def _changed(self, seconds: float | None = None) -> None:
        """Waits for the next change; a future of its own for each, so that no waiter can sleep through one."""
        if self._change is None:
            self._change = asyncio.get_running_loop().create_future()
        await asyncio.wait({self._change}, timeout=seconds)

    def _wake(self) -> None:
        if self._change is not None:
            self._change.set_result(None)
            self._change = None
