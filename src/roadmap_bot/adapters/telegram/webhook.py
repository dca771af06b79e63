"""Receives the updates Telegram delivers at a public address; only those that know the secret get past the door."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging

from aiohttp import web
from telegram import Update
from telegram.ext import ExtBot

from roadmap_bot.adapters.telegram.handling import Handling
from roadmap_bot.adapters.telegram.requests import checked
from roadmap_bot.core.errors import UserError

_log = logging.getLogger(__name__)
_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_LARGEST = 1024**2
# Delivered updates are remembered as long as Telegram might repeat them.
_KEPT = 1_000
_FORGOTTEN_AT_ONCE = 100


def secret_of(token: str) -> str:
    """The secret Telegram sends along: derived from the token, so there is nothing to set and nothing to keep."""
    return hmac.new(token.encode(), b"roadmap-bot webhook", hashlib.sha256).hexdigest()


class Webhook:
    """Listens at `listen` (host:port) for one bot's updates. A delivery is accepted once the update is handled."""

    def __init__(self, bot: ExtBot[str], handling: Handling, listen: str) -> None:
        self._bot = bot
        self._handling = handling
        self._host, _, port = listen.rpartition(":")
        self._port = int(port)
        self._secret = secret_of(bot.token).encode()
        self._runner: web.AppRunner | None = None
        self._closing = False

    async def open(self) -> None:
        """Listens. Raises UserError when the address is taken or not ours."""
        application = web.Application(client_max_size=_LARGEST)
        application.router.add_post("/{path:.*}", self._delivered)
        self._runner = web.AppRunner(application, access_log=None, handle_signals=False, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host.strip("[]"), self._port)
        try:
            await site.start()
        except OSError as error:
            await self.close()
            raise UserError(
                "Nobody can listen at {host}:{port} ({reason}). Set telegram.webhook.listen to a free address.",
                host=self._host,
                port=self._port,
                reason=error.strerror or type(error).__name__,
            ) from error

    def refuse(self) -> None:
        """Takes nothing new: Telegram keeps it and delivers it later."""
        self._closing = True

    async def close(self) -> None:
        """Stops listening."""
        runner, self._runner = self._runner, None
        if runner:
            await runner.cleanup()

    async def _delivered(self, request: web.Request) -> web.Response:
        given = request.headers.get(_HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._secret):
            return web.Response(status=403)
        if self._closing or self._handling.full:
            return web.Response(status=503)
        try:
            raw = json.loads(await request.read())
        except (ValueError, RecursionError):
            raw = None
        known = checked(raw)
        if known is not None:
            update = Update.de_json(known, self._bot)
            await self._handling.take([update])
            await self._handling.done(update.update_id)
            if update.update_id % _FORGOTTEN_AT_ONCE == 0:
                await self._handling.confirmed(update.update_id - _KEPT)
        # Also for what is malformed: refused, it would be delivered again and again.
        return web.Response()
