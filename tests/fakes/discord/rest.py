"""The REST server: a request is logged, meets a fault or a limit, or is answered by its route."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from typing import Any

from aiohttp import web
from tests.fakes.discord import answering, applications, channels, faults
from tests.fakes.discord.faults import Faults, Limits
from tests.fakes.discord.refusal import Refusal
from tests.fakes.discord.routing import Call, Router
from tests.fakes.discord.state import State
from tests.fakes.discord.world import Json
from tests.fakes.serving import RequestBook, body_of, cut

PREFIX = "/api/v10"
JSON_TYPE = {"Content-Type": "application/json"}
# With their own token, and so without the bot's.
_WITHOUT_LOGIN = re.compile(r"/interactions/|/webhooks/\d+/|/gateway$")
_UNKNOWN = "no such route on this server"


class Rest:
    """Answers the requests of the REST API."""

    def __init__(self, state: State, book: RequestBook) -> None:
        self.state = state
        self.book = book
        self.faults = Faults()
        self.limits = Limits(state.clock)
        self._router = Router([*answering.ROUTES, *applications.ROUTES, *channels.ROUTES])

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One request."""
        body, files = _split(await body_of(request))
        number = self.book.arrived(request, body)
        path = request.path.removeprefix(PREFIX)
        call = Call(method=request.method, path=path, query=dict(request.query), body=body, files=files)
        fault = self.faults.strike(request.method, path)
        kind = fault.kind if fault is not None else ""
        if kind == faults.CUT_BEFORE:
            cut(request)
            return web.Response()
        if fault is not None and kind == faults.HANG:
            await asyncio.sleep(float(fault.details.get("seconds", 3600)))
        answered = faults.answer(fault) if fault is not None else None
        limited, headers = self.limits.check(request.method, path) if answered is None else (None, {})
        problems: tuple[str, ...] = ()
        if answered is None and limited is None:
            authorized = request.headers.get("Authorization") == f"Bot {self.state.token}"
            status, reply, problems = self._answer(call, authorized=authorized)
            # What has no body is no JSON either; discord.py would try to read it.
            kind_of_body = {} if reply is None else JSON_TYPE
            answered = (
                status,
                kind_of_body | {"Via": "1.1 google"} | headers,
                "" if reply is None else json.dumps(reply),
            )
        status, headers, text = answered or limited or (500, {}, "")
        if kind == faults.CUT_AFTER:
            self.book.finished(number, status=0, problems=problems)
            cut(request)
            return web.Response()
        if fault is not None and kind == faults.HANG_AFTER:
            await asyncio.sleep(float(fault.details.get("seconds", 3600)))
        self.book.finished(number, status=status, problems=problems)
        if fault is not None and kind == faults.SLOW_BODY:
            return await _slowly(request, status, headers, text, seconds=float(fault.details.get("seconds", 1)))
        # Bytes, because for text aiohttp adds a charset, which discord.py does not take for JSON.
        return web.Response(status=status, headers=headers, body=text.encode() or None)

    def _answer(self, call: Call, *, authorized: bool) -> tuple[int, Any, tuple[str, ...]]:
        if not authorized and not _WITHOUT_LOGIN.match(call.path):
            return 401, {"message": "401: Unauthorized", "code": 0}, ()
        found = self._router.find(call.method, call.path)
        if found is None:
            return 404, {"message": "404: Not Found", "code": 0}, (f"{call.method} {call.path}: {_UNKNOWN}",)
        handler, parts = found
        try:
            if isinstance(call.body, str):
                raise Refusal(50109)
            status, reply = handler(self.state, replace(call, parts=parts))
        except Refusal as refusal:
            return refusal.status, refusal.body, refusal.lines
        except Exception as error:  # so that a test sees what this server could not do
            return 500, {"message": "500: Internal Server Error", "code": 0}, (f"this server failed: {error!r}",)
        return status, reply, ()


def _split(body: Any) -> tuple[Any, tuple[Json, ...]]:
    """The JSON of a request, and the files of a multipart one in their order."""
    if not isinstance(body, dict) or not any(isinstance(part, dict) and "filename" in part for part in body.values()):
        return (json.loads(body["payload_json"]) if isinstance(body, dict) and "payload_json" in body else body), ()
    files = [(name, part) for name, part in body.items() if isinstance(part, dict) and "filename" in part]
    if not all(re.fullmatch(r"files\[\d+\]", name) for name, _ in files):
        return body, ()
    return json.loads(body.get("payload_json") or "{}"), tuple(part for _, part in sorted(files, key=lambda f: f[0]))


async def _slowly(
    request: web.Request, status: int, headers: dict[str, str], text: str, *, seconds: float
) -> web.StreamResponse:
    """Sends the body in ten parts over some seconds."""
    response = web.StreamResponse(status=status, headers=headers)
    await response.prepare(request)
    data = text.encode()
    step = max(1, len(data) // 10)
    for start in range(0, len(data), step):
        await response.write(data[start : start + step])
        await asyncio.sleep(seconds / 10)
    await response.write_eof()
    return response
