"""A local Telegram Bot API server for tests: real sockets for the real client library, and a world that tests move.

    with TelegramServer() as telegram:                        # in this process
    with spawn("tests.fakes.telegram_server") as telegram:    # in one of its own

Both have the same vocabulary: `people.People` is what people do, `watching.Watched` what a test sees, and this class
what goes wrong.
The bot's address is `f"{telegram.api_url}/bot"`, files are at `f"{telegram.api_url}/file/bot"`.
"""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any
from weakref import WeakSet

from aiohttp import web
from tests.fakes.serving import (
    body_of,
    controlled,
    cut,
    serve_process,
)
from tests.fakes.telegram import checking
from tests.fakes.telegram.faults import Fault, Faults
from tests.fakes.telegram.profile import snake
from tests.fakes.telegram.refusals import Refused
from tests.fakes.telegram.watching import Watched
from tests.fakes.telegram.world import CHANNEL, FORUM, GROUP, TOPICS, USER

__all__ = ["CHANNEL", "FORUM", "GROUP", "TOPICS", "USER", "TelegramServer"]

TOKEN = "123456789:AAmadeUpForTheLocalServerOfTheTests"  # noqa: S105 - opens nothing but this server
_TOKEN_SHAPE = re.compile(r"\d+:[A-Za-z0-9_-]{35}")
_BAD_GATEWAY = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body>\r\n</html>"
)
_COUNTED = re.compile(r"send(?!ChatAction)|forward|copy|edit")  # what flood control counts: messages and edits


class TelegramServer(Watched):
    """The Bot API for one bot, at `api_url`, for the one `token`."""

    platform = "telegram"
    token = TOKEN

    def __init__(self) -> None:
        super().__init__()
        self._faults = Faults()
        self._connections: WeakSet[asyncio.BaseTransport] = WeakSet()

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def bot(self) -> dict[str, Any]:
        """The bot as User."""
        return self.world.bot

    def build(self) -> web.Application:
        application = web.Application(client_max_size=64 * 1024**2)
        application.router.add_get("/file/bot{token}/{path:.*}", self._download)
        application.router.add_route("*", "/bot{token}/{method}", self._serve_method)
        application.router.add_route("*", "/{path:(?!control/).*}", self._elsewhere)
        self.in_background(self.world.updates.deliver())
        return application

    def addresses(self) -> dict[str, Any]:
        return {"api_url": self.api_url, "token": self.token, "bot": self.bot}

    # What a test decides

    @controlled
    def configure(
        self,
        *,
        privacy: bool | None = None,
        callback_age: float | None = None,
        inline_age: float | None = None,
        webhook_retry: float | None = None,
    ) -> None:
        """Privacy mode (on at first), for how many seconds queries can be answered, when the webhook is tried again."""
        if privacy is not None:
            self.world.privacy = privacy
        if callback_age is not None:
            self.methods.ages["callback"] = callback_age
        if inline_age is not None:
            self.methods.ages["inline"] = inline_age
        if webhook_retry is not None:
            self.world.updates.webhook_retry = webhook_retry

    @controlled
    def fault(
        self,
        kind: str,
        *,
        method: str | None = None,
        chat: int | str | None = None,
        times: int | None = 1,
        after: int = 0,
        probability: float | None = None,
        **details: Any,
    ) -> None:
        """Makes requests go wrong: `method` is a name or pattern (getUpdates must be named), `after` lets some pass,
        times=None is for good. Kinds: `faults.KINDS`; flood takes retry_after, migrated migrate_to_chat_id, error
        code, description and parameters, hang seconds and processed (True: done first), any a seed."""
        self._faults.add(
            kind, method=method, chat=chat, times=times, after=after, probability=probability, details=details
        )

    @controlled
    def clear_faults(self) -> None:
        """Nothing goes wrong any more."""
        self._faults.clear()

    @controlled
    def limits(self, overall: int = 30, per_chat: int = 1, per_group: int = 20) -> None:
        """Flood control from now on: sends and edits a second in all and in each private chat, a minute in each group;
        0 for no limit."""
        self._limits.set(overall=overall, per_chat=per_chat, per_group=per_group)

    @controlled
    async def down(self, seconds: float) -> None:
        """Refuses connections for a while, and cuts those of the bot; control from another process is cut off too."""
        await self.stop_listening(reset=False)
        for connection in list(self._connections):
            if isinstance(connection, asyncio.Transport):
                connection.abort()
        self.in_background(self._up_after(seconds))

    async def _up_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self.listen_again()

    @controlled
    def reset(self) -> None:
        """Forgets requests, messages, updates, queries, polls and faults; keeps the world and what is registered."""
        self._book.clear()
        self._arrived.clear()
        self._faults.clear()
        self._limits.violations.clear()
        self._limits.set(overall=0, per_chat=0, per_group=0)
        self.world.forget()
        self.methods.deliveries.clear()
        self.methods.sent.clear()
        self.methods.queries.clear()

    # Requests

    async def _serve_method(self, request: web.Request) -> web.StreamResponse:
        if request.transport is not None:
            self._connections.add(request.transport)
        name = checking.NAMES.get(request.match_info["method"].lower(), "")
        body = await body_of(request)
        raw = dict(request.query) | (body if isinstance(body, dict) else {})
        parameters = checking.decode(name, raw) if name else raw
        number = self._book.arrived(request, parameters)
        self._running.add(number)
        self._arrived[name.lower()] += 1
        problems: list[str] = []
        status = 0
        try:
            response = await self._answer(request, name, parameters, problems)
            gone = request.transport is None or request.transport.is_closing()
            status = 0 if response is None or gone else response.status
        finally:
            self._book.finished(number, status=status, problems=tuple(problems))
            self._running.discard(number)
        if response is None:
            cut(request)
            return web.Response()
        return response

    async def _answer(
        self, request: web.Request, name: str, parameters: dict[str, Any], problems: list[str]
    ) -> web.Response | None:
        """The response; None for a connection to cut."""
        try:
            token = request.match_info["token"]
            if not _TOKEN_SHAPE.fullmatch(token):
                raise Refused(404, "Not Found")
            if token != self.token:
                raise Refused(401, "Unauthorized")
            if not name:
                problems.append(f"there is no method {request.match_info['method']}")
                raise Refused(404, "Not Found")
            fault = self._faults.striking(name, parameters.get("chat_id"))
            if fault is not None:
                return await self._strike(fault, request, name, parameters, problems)
            return _ok(await self._do(request, name, parameters, problems))
        except Refused as refusal:
            return _refused(refusal)
        except Exception as error:
            problems.append(f"this server failed: {error!r}")  # not the bot's doing, but a test must not miss it
            raise

    async def _do(self, request: web.Request, name: str, parameters: dict[str, Any], problems: list[str]) -> Any:
        found = checking.problems(name, parameters)
        problems += found
        if found:
            raise Refused(400, f"Bad Request: {found[0]}")
        if name == "getUpdates":
            return await self.world.updates.poll(
                parameters, lambda: request.transport is None or request.transport.is_closing()
            )
        if _COUNTED.match(name) and "chat_id" in parameters:
            self._limits.check(name, self.world.chat(parameters["chat_id"]).id)
        result = getattr(self.methods, snake(name))(parameters)
        poll = result.get("poll") if isinstance(result, dict) and name == "sendPoll" else None
        if poll:
            self._close_in_time(poll)
        return result

    async def _strike(
        self, fault: Fault, request: web.Request, name: str, parameters: dict[str, Any], problems: list[str]
    ) -> web.Response | None:
        if refusal := fault.answer():
            raise refusal
        if fault.kind == "bad_gateway":
            return web.Response(status=502, text=_BAD_GATEWAY, content_type="text/html")
        if fault.kind == "cut_before":
            return None
        if fault.kind == "hang" and not fault.details.get("processed", True):
            await asyncio.sleep(fault.details.get("seconds", 30.0))
            return None
        if fault.kind == "malformed":
            parameters = parameters | {"timeout": 0}  # it comes at once, whether or not there is anything else
        result = await self._do(request, name, parameters, problems)
        if fault.kind == "cut_after":
            return None
        if fault.kind == "hang":
            await asyncio.sleep(fault.details.get("seconds", 30.0))
        elif fault.kind == "duplicate":
            result = [update for update in result for _ in range(2)]
        elif fault.kind == "malformed":
            broken: dict[str, Any] = {"message_id": "one", "from": [], "chat": None, "date": "yesterday"}
            number = result[0]["update_id"] if result else self.world.updates.confirmed + 1
            result = [fault.details.get("update", {"update_id": number, "message": broken}), *result]
        return _ok(result)

    def _close_in_time(self, poll: dict[str, Any]) -> None:
        seconds = poll.get("open_period") or poll.get("close_date", 0) - time.time()
        if seconds <= 0:
            return

        async def close() -> None:
            await asyncio.sleep(seconds)
            if poll["id"] in self.world.polls and not poll["is_closed"]:
                self.methods.close_poll(poll["id"])

        self.in_background(close())

    async def _download(self, request: web.Request) -> web.Response:
        identifier = request.match_info["path"].removeprefix("documents/")
        if request.match_info["token"] != self.token or identifier not in self.methods.files:
            return _refused(Refused(404, "Not Found"))
        return web.Response(body=bytes(self.methods.files[identifier]))

    async def _elsewhere(self, request: web.Request) -> web.Response:
        number = self._book.arrived(request, await body_of(request))
        self._book.finished(number, status=404, problems=(f"there is nothing at {request.path}",))
        return _refused(Refused(404, "Not Found"))


def _ok(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _refused(refusal: Refused) -> web.Response:
    body = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return web.json_response(body, status=refusal.code)


if __name__ == "__main__":
    serve_process(TelegramServer)
