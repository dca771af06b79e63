"""A local Discord server for tests: REST, gateway, a small world, people who act in it, faults, and what was seen.

In a test's own process: `with DiscordServer() as discord:`; in a process of its own: `with
spawn("tests.fakes.discord_server") as discord:`; both have the same methods. discord.py comes here when
`discord.http.Route.BASE` is `api_url` and `DiscordWebSocket.DEFAULT_GATEWAY` is `gateway_url`.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web
from tests.fakes.discord import world as w
from tests.fakes.discord.acting import Acting, Id
from tests.fakes.discord.governing import Governing
from tests.fakes.discord.messages import shown
from tests.fakes.discord.rest import PREFIX, Rest
from tests.fakes.discord.rules import EPHEMERAL
from tests.fakes.discord.state import Answer, Interaction, State
from tests.fakes.discord.world import Json
from tests.fakes.serving import (
    LARGEST_BODY,
    ControlError,
    RequestBook,
    RequestLog,
    Served,
    controlled,
    serve_process,
    until,
)

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GfakeX.not-a-real-token-but-shaped-like-one"  # noqa: S105


class DiscordServer(Acting, Governing, Served):
    """The server; people are in `Acting`, world and faults in `Governing`, what was seen is here. Ids are strings."""

    platform = "discord"

    def __init__(self) -> None:
        super().__init__()
        self.token = TOKEN
        self.state = State(token=TOKEN, url=lambda: self.gateway_url)
        self.book = RequestBook(self.platform)
        self.rest = Rest(self.state, self.book)
        world = self.state.world
        self.bot_id, self.application_id = world.bot, world.application_id
        self.user_id, self.other_user_id, self.owner_id = world.user, world.other_user, world.owner
        self.guild_id, self.channel_id, self.news_id = world.guild, world.text_channel, world.news_channel
        self.forum_id, self.dm_id = world.forum, world.dm_channel
        self.foreign_guild_id, self.foreign_channel_id = world.foreign_guild, world.foreign_channel

    @property
    def api_url(self) -> str:
        """What stands before every path of the REST API."""
        return f"http://127.0.0.1:{self.port}{PREFIX}"

    @property
    def gateway_url(self) -> str:
        """Where the gateway listens."""
        return f"ws://127.0.0.1:{self.port}/gateway"

    def addresses(self) -> dict[str, Any]:
        """Addresses, token and the ids of the world as it is at the start."""
        ids = {name: value for name, value in vars(self).items() if name.endswith("_id") and isinstance(value, str)}
        return ids | {"token": self.token, "api_url": self.api_url, "gateway_url": self.gateway_url}

    def build(self) -> web.Application:
        """The routes: the gateway, and everything else to the REST server."""
        application = web.Application(client_max_size=LARGEST_BODY)
        application.router.add_get("/gateway", self.state.gateway.serve)
        application.router.add_get("/gateway/", self.state.gateway.serve)
        application.router.add_route("*", f"{PREFIX}/{{path:.*}}", self.rest.serve)
        return application

    # what was seen

    @controlled
    def requests(self, since: int = 0, *, method: str | None = None, path: str | None = None) -> list[RequestLog]:
        """The REST requests with a number above `since`; `method`, and a part of the `path`, narrow them down."""
        entries = self.book.entries(since)
        return [one for one in entries if method in {None, one.method} and (path is None or path in one.path)]

    @controlled
    def problems(self) -> list[str]:
        """What the rules refused, and routes that do not exist: `METHOD path: place: sentence (CODE)`."""
        return [f"{one.method} {one.path}: {line}" for one in self.book.entries() for line in one.problems]

    @controlled
    async def wait_request(
        self,
        method: str,
        path: str,
        count: int = 1,
        *,
        since: int = 0,
        timeout: float = 5,
    ) -> list[RequestLog]:
        """Waits until so many requests have come whose path has this part."""

        def those() -> list[RequestLog] | None:
            found = [one for one in self.book.entries(since) if one.method == method and path in one.path]
            return found if len(found) >= count else None

        return await until(those, timeout=timeout, what=f"{count} {method} {path}")

    @controlled
    def responses(self, interaction_id: Id) -> list[Answer]:
        """What the bot did about an interaction, in order."""
        return list(self._interaction(interaction_id).answers)

    @controlled
    async def wait_response(
        self,
        interaction_id: Id,
        count: int = 1,
        timeout: float = 5,
    ) -> list[Answer]:
        """Waits until the bot did so many things about an interaction; a deferral is one of them."""
        interaction = self._interaction(interaction_id)
        what = f"{count} answers to interaction {interaction_id}"
        await until(lambda: len(interaction.answers) >= count, timeout=timeout, what=what)
        return list(interaction.answers)

    @controlled
    async def wait_reply(self, interaction_id: Id, timeout: float = 5) -> Json:
        """Waits until a person sees the original response to an interaction, and gives it as it is now."""
        interaction = self._interaction(interaction_id)

        def there() -> bool:
            return interaction.original is not None and not interaction.loading

        await until(there, timeout=timeout, what=f"a message in answer to interaction {interaction_id}")
        assert interaction.original is not None
        return _read(interaction.original)

    @controlled
    def messages(self, channel_id: Id | None = None) -> list[Json]:
        """The messages of a channel as readers see them now, oldest first; ephemeral ones say whom they are for."""
        known = self.state.world.messages.get(str(channel_id or self.channel_id))
        if known is None:
            raise ControlError(f"no channel {channel_id}")
        return [_read(message) for message in known.values()]

    @controlled
    async def wait_message(
        self,
        channel_id: Id | None = None,
        count: int = 1,
        *,
        timeout: float = 5,
    ) -> list[Json]:
        """Waits until the bot has so many messages in a channel, and gives these."""

        def those() -> list[Json] | None:
            own = [one for one in self.messages(channel_id) if one["author"]["id"] == self.bot_id]
            return own if len(own) >= count else None

        return await until(those, timeout=timeout, what=f"{count} messages of the bot in channel {channel_id}")

    @controlled
    def commands(self, guild: Id | None = None) -> list[Json]:
        """The commands registered now, globally or for a guild."""
        return list(self.state.commands.get(None if guild is None else str(guild), {}).values())

    @controlled
    def typing(self) -> list[str]:
        """The channels in which the bot was typing, in order."""
        return list(self.state.typing)

    @controlled
    def sessions(self) -> Json:
        """What the gateway has seen since the start."""
        gateway = self.state.gateway
        return {
            "identified": gateway.identified,
            "resumed": gateway.resumed,
            "refused_resumes": gateway.refused_resumes,
            "heartbeats": gateway.heartbeats,
            "open_sockets": len(gateway.connections),
            "ready": len(gateway.connected()),
            "client_close_codes": list(gateway.client_close_codes),
            "server_close_codes": list(gateway.server_close_codes),
        }

    @controlled
    async def wait_ready(
        self,
        *,
        identified: int = 0,
        resumed: int = 0,
        timeout: float = 10,
    ) -> None:
        """Waits for a session with its guilds and an open socket, and for so many identifies and resumes in all."""
        gateway = self.state.gateway

        def ready() -> bool:
            return bool(gateway.connected()) and gateway.identified >= identified and gateway.resumed >= resumed

        await until(ready, timeout=timeout, what=f"a session that is ready; seen: {self.sessions()}")

    @controlled
    async def wait_gone(self, *, timeout: float = 10) -> None:
        """Waits until no socket is open."""
        await until(lambda: not self.state.gateway.connections, timeout=timeout, what="the last socket closed")

    @controlled
    def reset(self) -> None:
        """Forgets requests, messages, interactions, nonces and faults; keeps sessions, commands and the world."""
        self.book.clear()
        self.clear_faults()
        self.state.interactions.clear()
        self.state.nonces.clear()
        self.state.typing.clear()
        for known in self.state.world.messages.values():
            known.clear()

    def _interaction(self, interaction_id: Id) -> Interaction:
        if (found := self.state.interactions.get(str(interaction_id))) is None:
            raise ControlError(f"no interaction {interaction_id}")
        return found


def _read(message: w.Message) -> Json:
    data = shown(message.data) | {"attachments": message.data["attachments"]}
    return data | {"ephemeral": bool(data["flags"] & EPHEMERAL), "ephemeral_for": message.ephemeral_for}


if __name__ == "__main__":
    serve_process(DiscordServer)
