"""The bot on Discord: connects, waits out what keeps it from connecting, and stops in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING, Final

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from roadmap_bot.adapters.discord.client import RoadmapClient
from roadmap_bot.adapters.discord.outages import CUT_OFF
from roadmap_bot.core.errors import UserError
from roadmap_bot.core.ports import Clock
from roadmap_bot.engine import Engine

if TYPE_CHECKING:
    from roadmap_bot.state.marks import Marks

_log = logging.getLogger(__name__)

_OWN_GATEWAY: Final = DiscordWebSocket.DEFAULT_GATEWAY
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
# How long running answers may take when the bot stops; the whole process has a second more.
_PATIENCE = 3.0
_BAD_TOKEN = 4004
# These write a traceback for every attempt to connect and for every completion that came too late; what an operator
# needs of it is said here, once.
_TALKATIVE = ("discord.client", "discord.app_commands.tree")
_OUTAGES = (*CUT_OFF, discord.HTTPException, discord.GatewayNotFound, discord.RateLimited)


class DiscordBot:
    """An adapter. `gateway_url` None is Discord's own gateway; `marks` remember which commands are registered."""

    name = "Discord"

    def __init__(
        self, engine: Engine, *, token: str, api_url: str, gateway_url: str | None, marks: Marks, now: Clock
    ) -> None:
        self._engine = engine
        self._token = token
        self._api_url = api_url.rstrip("/")
        self._gateway = yarl.URL(gateway_url) if gateway_url else _OWN_GATEWAY
        self._marks = marks
        self._now = now
        self._down = False

    async def serve(self, stopping: asyncio.Event) -> None:
        """Answers people on Discord until `stopping` is set. Raises UserError when Discord refuses the token."""
        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        Route.BASE = self._api_url
        DiscordWebSocket.DEFAULT_GATEWAY = self._gateway
        pause = _FIRST_PAUSE
        while not stopping.is_set():
            # The library cannot begin anew with a client that has failed, so each attempt has its own.
            client = RoadmapClient(self._engine, marks=self._marks, now=self._now, watcher=self)
            error = await self._attempt(client, stopping)
            if stopping.is_set():
                break
            self.lost(type(error).__name__ if error else "the connection ended")
            pause = _FIRST_PAUSE if client.connected else pause
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def reached(self) -> None:
        """Says that Discord has been reached, if that is news."""
        _log.info("Connected to Discord again." if self._down else "Connected to Discord.")
        self._down = False

    def lost(self, why: str) -> None:
        """Says that Discord is not there; once, however often it is tried."""
        if not self._down:
            _log.warning("Discord is out of reach (%s); the bot tries until it is back.", why)
        self._down = True

    async def _attempt(self, client: RoadmapClient, stopping: asyncio.Event) -> BaseException | None:
        """Serves with one client until the end or an outage, which is given back. Raises what waiting cannot mend."""
        connection = asyncio.create_task(client.start(self._token))
        stop = asyncio.create_task(stopping.wait())
        try:
            await asyncio.wait((connection, stop), return_when=asyncio.FIRST_COMPLETED)
            if not connection.done():
                await client.drain(_PATIENCE)
        finally:
            # The connection goes first: closed under its hands it would end with code 4000, as after an error, and
            # Discord would keep the session for a resumption that never comes.
            connection.cancel()
            stop.cancel()
            await asyncio.gather(connection, stop, return_exceptions=True)
            await client.close()
        error = None if connection.cancelled() else connection.exception()
        if error is None or _is_outage(error, client):
            return error
        raise _mendable(error) from error


def _is_outage(error: BaseException, client: RoadmapClient) -> bool:
    if isinstance(error, discord.LoginFailure | discord.ConnectionClosed):
        return False
    # A first connection that fails makes the library stumble over the session it does not have (client.py, connect).
    return isinstance(error, _OUTAGES) or (isinstance(error, AttributeError) and not client.connected)


def _mendable(error: BaseException) -> BaseException:
    """What a person can do about it, where there is something."""
    refused = isinstance(error, discord.ConnectionClosed) and error.code == _BAD_TOKEN
    if refused or isinstance(error, discord.LoginFailure):
        return UserError(
            "Discord does not accept this token. Copy it anew from the Bot page of your application at"
            " discord.com/developers into DISCORD_TOKEN, and start the bot again."
        )
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return UserError(
            "Discord refuses this bot its intents, although it asks for none that need approval. Look at the Bot page"
            " of your application at discord.com/developers for what is wrong with it."
        )
    return error
