"""A local server that writes down what a real client library sends and answers what a test wants; it judges nothing.

It is no model of a platform: the servers in `tests/fakes` are. It only keeps a library content, so that its requests
can be shown to the published descriptions.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiohttp import WSMsgType, web

LARGEST_BODY = 8 * 1024**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One request; `body` is the parsed JSON, the fields of a form (a file as {"filename": …}), or None."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Any


Answer = Callable[[Recorded], Any]


class Recorder:
    """Serves on 127.0.0.1 while it is entered; `answer` gives the JSON for each request, None for status 204."""

    def __init__(self, answer: Answer) -> None:
        self.requests: list[Recorded] = []
        self.sent: list[dict[str, Any]] = []
        self.received: list[dict[str, Any]] = []
        self.greeting: list[tuple[str, dict[str, Any]]] = []
        self._answer = answer
        self._sockets: list[web.WebSocketResponse] = []
        self._sequence = 0

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=LARGEST_BODY)
        application.router.add_get("/gateway", self._gateway)
        application.router.add_route("*", "/{address:.*}", self._request)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port: int = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for socket in self._sockets:
            await socket.close()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The address of the server, without a path."""
        return f"http://127.0.0.1:{self.port}"

    async def push(self, event: str, data: Mapping[str, Any]) -> None:
        """Sends an event to the client that is connected to the gateway."""
        self._sequence += 1
        await self._send({"op": 0, "t": event, "s": self._sequence, "d": dict(data)})

    async def _send(self, payload: dict[str, Any]) -> None:
        self.received.append(payload)
        await self._sockets[-1].send_str(json.dumps(payload))

    async def _request(self, request: web.Request) -> web.Response:
        recorded = Recorded(
            method=request.method, path=request.path, query=dict(request.query), body=await _body(request)
        )
        self.requests.append(recorded)
        answer = self._answer(recorded)
        if answer is None:
            return web.Response(status=204)
        # discord.py takes nothing for JSON whose content type says a word more than this.
        return web.Response(body=json.dumps(answer).encode(), headers={"Content-Type": "application/json"})

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.append(socket)
        await self._send({"op": 10, "t": None, "s": None, "d": {"heartbeat_interval": 41250}})
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            payload = json.loads(message.data)
            self.sent.append(payload)
            if payload["op"] == 1:
                await self._send({"op": 11, "t": None, "s": None})
            elif payload["op"] == 2:
                for event, data in self.greeting:
                    await self.push(event, data)
            elif payload["op"] == 6:
                await self.push("RESUMED", {})
        return socket


async def _body(request: web.Request) -> Any:
    if not request.body_exists:
        return None
    if request.content_type.startswith(("multipart/", "application/x-www-form-urlencoded")):
        return {
            name: {"filename": value.filename} if isinstance(value, web.FileField) else value
            for name, value in (await request.post()).items()
        }
    text = await request.text()
    return json.loads(text) if text else None


async def until(condition: Callable[[], Any], seconds: float = 5) -> None:
    """Waits until the condition holds.

    Raises:
        TimeoutError: it does not hold in time.
    """
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)
