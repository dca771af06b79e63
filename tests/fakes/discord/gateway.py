"""The gateway: websocket sessions that identify, beat, resume and are sent events, and the ways it can go wrong.

Opcodes, close codes and intents are those of the Discord API documentation (Gateway; Opcodes and Status Codes).
"""

from __future__ import annotations

import asyncio
import json
import secrets
import zlib
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web
from tests.fakes.discord.world import Json, World
from tests.fakes.serving import cut

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, MEMBERS, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 8, 9, 10, 11
IGNORED = (3, 4)  # presence, voice state
GUILDS, MESSAGE_CONTENT = 1 << 0, 1 << 15
PRIVILEGED = (1 << 1) | (1 << 8) | MESSAGE_CONTENT  # members, presences, message content
ALL_INTENTS = ((1 << 17) - 1) | (1 << 20) | (1 << 21) | (1 << 24) | (1 << 25)
KEPT_EVENTS = 2000
# The intent an event needs in a guild, and the one in a direct message; what is not here always comes.
INTENTS = (
    (("GUILD_MEMBER_",), 1 << 1, 1 << 1),
    (("GUILD_", "CHANNEL_", "THREAD_"), GUILDS, GUILDS),
    (("MESSAGE_REACTION_",), 1 << 10, 1 << 13),
    (("MESSAGE_POLL_",), 1 << 24, 1 << 25),
    (("MESSAGE_",), 1 << 9, 1 << 12),
    (("TYPING_",), 1 << 11, 1 << 14),
)
CLOSE_CODES = (1000, 1001)  # from the client, these end its session


@dataclass(slots=True, eq=False)
class Connection:
    """One open websocket; what is to be sent waits in a queue, so that the order is the order of the calls."""

    request: web.Request
    socket: web.WebSocketResponse
    queue: asyncio.Queue[str | int] = field(default_factory=asyncio.Queue)
    session: Session | None = None
    ended_here: bool = False

    async def write(self, compress: str | None) -> None:
        """Sends what is queued; a number closes the socket with that code."""
        deflate = zlib.compressobj() if compress == "zlib-stream" else None
        with suppress(ConnectionError, RuntimeError):
            while isinstance(item := await self.queue.get(), str):
                if deflate is None:
                    await self.socket.send_str(item)
                else:
                    packed = deflate.compress(item.encode()) + deflate.flush(zlib.Z_SYNC_FLUSH)
                    await self.socket.send_bytes(packed)
            await self.socket.close(code=item)

    def send(self, opcode: int, data: Any = None) -> None:
        """Queues a payload that is no event."""
        self.queue.put_nowait(json.dumps({"op": opcode, "d": data, "s": None, "t": None}))

    def close(self, code: int) -> None:
        """Closes the socket after what is queued."""
        self.leave()
        self.queue.put_nowait(code)

    def leave(self) -> None:
        """Takes the session off this connection: what happens from now on waits for its next one."""
        if self.session is not None and self.session.connection is self:
            self.session.connection = None


@dataclass(slots=True, eq=False)
class Session:
    """One identified client; it outlives its connections and keeps its events for a resume."""

    intents: int
    shard: tuple[int, int]
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    sequence: int = 0
    ready: bool = False
    connection: Connection | None = None
    events: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=KEPT_EVENTS))

    def push(self, event: str, data: Any) -> None:
        """Sends an event, or keeps it for the resume."""
        self.sequence += 1
        text = json.dumps({"op": DISPATCH, "d": data, "s": self.sequence, "t": event})
        self.events.append((self.sequence, text))
        if self.connection is not None:
            self.connection.queue.put_nowait(text)


class Gateway:
    """All sessions and connections, what was seen of them, and the faults set."""

    def __init__(self, world: World, *, token: str, url: Callable[[], str]) -> None:
        self.world = world
        self.token = token
        self.url = url
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.allowed_intents = 0  # of the privileged ones
        self.heartbeat_ms = 41_250
        self.identified = self.resumed = self.refused_resumes = self.heartbeats = 0
        self.client_close_codes: list[int] = []
        self.server_close_codes: list[int] = []
        self.refuse_connects = 0
        self.muted = False

    def emit(self, event: str, data: Json, *, guild_id: str | None = None) -> None:
        """Sends an event to every session that asked for it and may see it."""
        if guild_id is not None and guild_id not in self.world.bot_guilds:
            return
        for session in self.sessions.values():
            if _wanted(session, event, guild_id):
                session.push(event, self._seen(session, event, data, guild_id))

    def connected(self) -> list[Session]:
        """The sessions that are ready and have an open connection."""
        return [session for session in self.sessions.values() if session.ready and session.connection is not None]

    def fault(self, kind: str, *, code: int = 4000, resumable: bool = True, times: int = 1) -> int:
        """Does something to all open connections, or sets what happens to the next; gives how many are concerned."""
        # Those that have not identified yet are on their way and not meant.
        opened = [connection for connection in self.connections if connection.session is not None]
        if kind == "refuse":
            self.refuse_connects = times
        elif kind == "mute_heartbeat":
            self.muted = True
        elif kind == "forget":
            self.sessions.clear()
        elif kind not in {"close", "drop", "reconnect", "invalid_session"}:
            raise ValueError(f"no such fault of the gateway: {kind}")
        else:
            for connection in opened:
                self._disturb(connection, kind, code=code, resumable=resumable)
        return len(opened)

    def _disturb(self, connection: Connection, kind: str, *, code: int, resumable: bool) -> None:
        if kind == "close":
            self._close(connection, code)
        elif kind == "drop":
            connection.leave()
            connection.ended_here = True
            cut(connection.request)
        elif kind == "reconnect":
            connection.send(RECONNECT)
            connection.leave()
        else:
            connection.send(INVALID, resumable)
            connection.leave()
            if not resumable and connection.session is not None:
                self.sessions.pop(connection.session.id, None)

    def clear_faults(self) -> None:
        """Back to normal."""
        self.refuse_connects = 0
        self.muted = False

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One websocket, from its opening to its end."""
        if self.refuse_connects > 0:
            self.refuse_connects -= 1
            return web.Response(status=503, text="upstream connect error")
        socket = web.WebSocketResponse(max_msg_size=0, compress=False)
        await socket.prepare(request)
        connection = Connection(request, socket)
        self.connections.add(connection)
        connection.send(HELLO, {"heartbeat_interval": self.heartbeat_ms})
        writer = asyncio.create_task(connection.write(request.query.get("compress")))
        if request.query.get("v") not in {"9", "10"}:
            self._close(connection, 4012)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._received(connection, message.data)
        finally:
            writer.cancel()
            connection.leave()
            self.connections.discard(connection)
        code = socket.close_code
        if code is not None and not connection.ended_here:
            self.client_close_codes.append(int(code))
            if code in CLOSE_CODES and connection.session is not None:
                self.sessions.pop(connection.session.id, None)
        return socket

    def _close(self, connection: Connection, code: int) -> None:
        self.server_close_codes.append(code)
        connection.ended_here = True
        connection.close(code)

    def _received(self, connection: Connection, text: str) -> None:
        try:
            payload = json.loads(text)
            opcode, data = payload["op"], payload.get("d")
        except (ValueError, TypeError, KeyError):
            self._close(connection, 4002)
            return
        if opcode == HEARTBEAT:
            self.heartbeats += 1
            if not self.muted:
                connection.send(ACK)
        elif opcode == IDENTIFY:
            self._identify(connection, data)
        elif opcode == RESUME:
            self._resume(connection, data)
        elif connection.session is None:
            self._close(connection, 4003)
        elif opcode == MEMBERS:
            self._members(connection.session, data)
        elif opcode not in IGNORED:
            self._close(connection, 4001)

    def _identify(self, connection: Connection, data: Json) -> None:
        intents, shard = data.get("intents"), data.get("shard") or [0, 1]
        if connection.session is not None:
            code = 4005
        elif data.get("token") != self.token:
            code = 4004
        elif not 0 <= shard[0] < shard[1]:
            code = 4010
        elif not isinstance(intents, int) or intents & ~ALL_INTENTS:
            code = 4013
        elif intents & PRIVILEGED & ~self.allowed_intents:
            code = 4014
        else:
            self._open(connection, Session(intents, (shard[0], shard[1])))
            return
        self._close(connection, code)

    def _open(self, connection: Connection, session: Session) -> None:
        self.identified += 1
        self.sessions[session.id] = session
        session.connection, connection.session = connection, session
        world = self.world
        guilds = [guild_id for guild_id in sorted(world.bot_guilds) if _in_shard(session, guild_id)]
        ready = {
            "v": 10,
            "user": world.users[world.bot] | {"verified": True, "mfa_enabled": True, "email": None, "flags": 0},
            "guilds": [{"id": guild_id, "unavailable": True} for guild_id in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url(),
            "shard": list(session.shard),
            "application": {"id": world.application_id, "flags": 0},
        }
        session.push("READY", ready)
        for guild_id in guilds:
            if session.intents & GUILDS and guild_id not in world.unavailable:
                session.push("GUILD_CREATE", world.gateway_guild(guild_id))
        session.ready = True

    def _resume(self, connection: Connection, data: Json) -> None:
        session = self.sessions.get(data.get("session_id") or "")
        if data.get("token") != self.token:
            self._close(connection, 4004)
        elif session is None:
            self.refused_resumes += 1
            connection.send(INVALID, False)
        elif not isinstance(data.get("seq"), int) or data["seq"] > session.sequence:
            self._close(connection, 4007)
        else:
            if session.connection is not None:
                session.connection.close(4000)
            self.resumed += 1
            for sequence, text in session.events:
                if sequence > data["seq"]:
                    connection.queue.put_nowait(text)
            session.connection, connection.session = connection, session
            session.push("RESUMED", {"_trace": []})

    def _members(self, session: Session, data: Json) -> None:
        guild_id = str(data["guild_id"])
        members, wanted = self.world.members_of(guild_id), {str(one) for one in data.get("user_ids") or []}
        members = [member for member in members if not wanted or member["user"]["id"] in wanted]
        chunk = {"guild_id": guild_id, "members": members, "chunk_index": 0, "chunk_count": 1, "not_found": []}
        session.push("GUILD_MEMBERS_CHUNK", chunk | {"nonce": data.get("nonce")})

    def _seen(self, session: Session, event: str, data: Json, guild_id: str | None) -> Json:
        """An event as this session sees it: without the privileged intent, most messages have no content.

        Discord API docs, Gateway: Message Content Intent, with its exceptions.
        """
        if event not in {"MESSAGE_CREATE", "MESSAGE_UPDATE"} or guild_id is None or session.intents & MESSAGE_CONTENT:
            return data
        bot = self.world.bot
        if data["author"]["id"] == bot or any(user["id"] == bot for user in data["mentions"]):
            return data
        blank: Json = {"content": "", "embeds": [], "attachments": [], "components": []}
        seen = data | blank
        seen.pop("poll", None)
        # A reply quotes the message it answers; the bot's own stays readable.
        quoted = seen.get("referenced_message")
        if quoted and quoted["author"]["id"] != bot:
            seen["referenced_message"] = quoted | blank
        return seen


def _wanted(session: Session, event: str, guild_id: str | None) -> bool:
    if guild_id is None and session.shard[0] != 0:
        return False
    if guild_id is not None and not _in_shard(session, guild_id):
        return False
    for prefixes, in_guild, in_direct in INTENTS:
        if event.startswith(prefixes):
            return bool(session.intents & (in_guild if guild_id is not None else in_direct))
    return True


def _in_shard(session: Session, guild_id: str) -> bool:
    # Discord API docs, Gateway: Sharding.
    return (int(guild_id) >> 22) % session.shard[1] == session.shard[0]
