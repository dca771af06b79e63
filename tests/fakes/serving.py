"""What the local servers of both platforms share: a served thread, the log of requests, and control from outside.

A server keeps all its state on one event loop in a thread of its own. Its public methods are marked `@controlled`:
called from a test's thread they run on that loop and give back their result; asked for as `POST /control/<method>` they
do the same for a test in another process, which calls them on a `Remote` by the same names. Such a call blocks: a test
that runs its client on a loop of the same thread goes through `asyncio.to_thread`. Nothing here knows a platform.
"""

from __future__ import annotations

import asyncio
import functools
import http.client
import inspect
import json
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, is_dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Self, TypeVar

from aiohttp import web

ROOT = Path(__file__).parents[2]
CALL_SECONDS = 10.0
LARGEST_BODY = 64 * 1024**2

_Method = TypeVar("_Method", bound=Callable[..., Any])


class ControlError(Exception):
    """A test asked a server for something that cannot be done; the text says what and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLog:
    """One request as the server saw it. `status` is what was answered; 0 means cut, or not answered yet."""

    number: int
    time: float
    platform: str
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    status: int = 0
    problems: tuple[str, ...] = ()


class RequestBook:
    """The requests a server has received, in the order of their arrival; numbers start at 1 and are never reused."""

    def __init__(self, platform: str) -> None:
        self.platform = platform
        self._last = 0
        self._entries: dict[int, RequestLog] = {}

    def arrived(self, request: web.BaseRequest, body: Any) -> int:
        """Notes a request and gives its number; `finished` adds what became of it."""
        self._last += 1
        self._entries[self._last] = RequestLog(
            number=self._last,
            time=time.monotonic(),
            platform=self.platform,
            method=request.method,
            path=request.path,
            query=dict(request.query),
            headers=dict(request.headers),
            body=body,
        )
        return self._last

    def finished(self, number: int, *, status: int, problems: tuple[str, ...] = ()) -> None:
        """Adds what was answered; status 0 for a connection that was cut."""
        # A request that was running while the log was cleared is gone from it.
        if number in self._entries:
            self._entries[number] = replace(self._entries[number], status=status, problems=problems)

    def entries(self, since: int = 0) -> list[RequestLog]:
        """The requests with a number above `since`."""
        return [entry for number, entry in self._entries.items() if number > since]

    def clear(self) -> None:
        """Forgets the requests; numbers go on."""
        self._entries.clear()


async def body_of(request: web.Request) -> Any:
    """The body as JSON value, or a form as dict (a file as a dict about it); None without one."""
    if not request.body_exists:
        return None
    if request.content_type.startswith("multipart/") or request.content_type == "application/x-www-form-urlencoded":
        return {name: _field(value) for name, value in (await request.post()).items()}
    text = await request.text()
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


def _field(value: Any) -> Any:
    if isinstance(value, web.FileField):
        content = value.file.read()
        value.file.close()
        about = {"filename": value.filename, "content_type": value.content_type, "size": len(content)}
        return about | {"text": content.decode(errors="replace")}
    return value.decode(errors="replace") if isinstance(value, (bytes, bytearray)) else value


def cut(request: web.BaseRequest) -> None:
    """Resets the connection of a request: what is answered afterwards reaches nobody."""
    _reset(request.transport)


def _reset(transport: asyncio.BaseTransport | None) -> None:
    if isinstance(transport, asyncio.Transport) and not transport.is_closing():
        # Without lingering, closing sends a TCP reset and not an orderly end.
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()


async def until(condition: Callable[[], Any], *, timeout: float, what: str) -> Any:
    """Waits on the server's loop for a condition to hold and gives its value; TimeoutError names `what` was missed."""
    deadline = time.monotonic() + timeout
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {timeout:g} s: {what}")
        await asyncio.sleep(0.005)
    return value


def controlled(method: _Method) -> _Method:
    """Marks a method (sync or async) of a `Served` as callable from any thread, and over `/control/<name>`.

    From another thread it blocks until the result is there; on the server's own loop an async one is awaited as usual.
    """

    @functools.wraps(method)
    def anywhere(self: Served, *args: Any, **kwargs: Any) -> Any:
        if threading.get_ident() == self.thread_id:
            return method(self, *args, **kwargs)

        async def there() -> Any:
            result = method(self, *args, **kwargs)
            return await result if inspect.isawaitable(result) else result

        return self.call(there, seconds=CALL_SECONDS + _patience(method, self, args, kwargs))

    anywhere.controlled = True  # type: ignore[attr-defined]
    return anywhere  # type: ignore[return-value]


def _patience(method: Callable[..., Any], *call: Any) -> float:
    """How long a method was itself asked to wait: its `timeout`, given or by default."""
    server, args, kwargs = call
    with suppress(TypeError):  # wrong arguments are the method's own to complain about
        bound = inspect.signature(method).bind(server, *args, **kwargs)
        bound.apply_defaults()
        return float(bound.arguments.get("timeout") or 0)
    return 0.0


class Served:
    """An aiohttp server on 127.0.0.1 in a thread with its own loop; a context manager, or `start()` and `close()`."""

    platform: ClassVar[str] = ""

    def __init__(self) -> None:
        self.port = 0
        self.thread_id: int | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._background: set[asyncio.Task[Any]] = set()

    def build(self) -> web.Application:
        """The platform's application; called on the server's loop. `/control/<name>` is added to it."""
        raise NotImplementedError

    def addresses(self) -> dict[str, Any]:
        """What a client must know to come here: JSON values by name, `Remote` has them as attributes."""
        return {}

    async def closing(self) -> None:
        """For what must end before the sockets are closed, on the server's loop."""

    def start(self) -> Self:
        """Listens; `port` is known when this returns."""
        ready = threading.Event()
        failed: list[BaseException] = []
        self._thread = threading.Thread(
            target=self._live, args=(ready, failed), name=f"fake-{self.platform}", daemon=True
        )
        self._thread.start()
        if not ready.wait(CALL_SECONDS):
            raise TimeoutError("the server did not start")
        if failed:
            self._thread.join(CALL_SECONDS)
            raise failed[0]
        return self

    def close(self) -> None:
        """Ends the server, its connections and its thread; closing twice is fine."""
        thread, loop = self._thread, self._loop
        if thread is None or loop is None:
            return
        loop.call_soon_threadsafe(self._end.set)
        thread.join(CALL_SECONDS)
        if thread.is_alive():
            raise TimeoutError("the server did not end")
        self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exception: object) -> None:
        self.close()

    def call(self, function: Callable[..., Awaitable[Any]], *args: Any, seconds: float = CALL_SECONDS) -> Any:
        """Runs a coroutine function on the server's loop from another thread; TimeoutError when it takes too long."""
        if self._loop is None or self._thread is None:
            raise ControlError(f"the {self.platform} server is not running")

        async def there() -> Any:
            return await asyncio.wait_for(function(*args), seconds)

        return asyncio.run_coroutine_threadsafe(there(), self._loop).result(seconds + 1)

    def in_background(self, work: Coroutine[Any, Any, Any]) -> None:
        """Runs a coroutine beside the requests, on the server's loop; it is cancelled when the server closes."""
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def stop_listening(self, *, reset: bool = True) -> None:
        """Refuses new connections, and resets those that are open, until `listen_again()`."""
        if self._site is not None:
            await self._site.stop()
            self._site = None
        if reset:
            self.reset_connections()

    async def listen_again(self) -> None:
        """Accepts connections again, at the same port."""
        if self._site is None and self._runner is not None:
            self._site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
            await self._site.start()

    def reset_connections(self) -> None:
        """Cuts every open connection with a TCP reset."""
        server = self._runner.server if self._runner is not None else None
        for connection in list(server.connections) if server is not None else []:
            _reset(connection.transport)

    def _live(self, ready: threading.Event, failed: list[BaseException]) -> None:
        try:
            asyncio.run(self._serve(ready))
        except BaseException as error:  # whatever it was, start() must say it
            failed.append(error)
        finally:
            self._loop = self.thread_id = None
            ready.set()

    async def _serve(self, ready: threading.Event) -> None:
        self._loop, self.thread_id, self._end = asyncio.get_running_loop(), threading.get_ident(), asyncio.Event()
        application = self.build()
        application.router.add_post("/control/{name}", self._control)
        self._runner = web.AppRunner(application, access_log=None, handle_signals=False, shutdown_timeout=0.1)
        await self._runner.setup()
        self._site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await self._site.start()
        self.port = self._runner.addresses[0][1]
        ready.set()
        await self._end.wait()
        await self.closing()
        for task in list(self._background):
            task.cancel()
        self.reset_connections()
        await self._runner.cleanup()
        self._runner = self._site = None

    async def _control(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        method: Any = getattr(self, name, None)
        try:
            if not getattr(method, "controlled", False):
                raise ControlError(f"the {self.platform} server has no method {name!r} to control")
            given = await request.json()
            result = method(*given.get("args", []), **given.get("kwargs", {}))
            if inspect.isawaitable(result):
                result = await result
            return web.json_response({"result": result}, dumps=_dumps)
        except Exception as error:  # whatever went wrong is the caller's to know
            return web.json_response({"error": f"{error}" or repr(error), "kind": type(error).__name__})


def _dumps(value: Any) -> str:
    return json.dumps(value, default=_plain)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} cannot go to another process")


def serve_process(server_class: type[Served]) -> None:
    """The main of `python -m <module>`: one line of JSON on stdout, then serves until stdin closes or SIGTERM comes."""

    def end(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
    with suppress(KeyboardInterrupt), server_class() as server:
        sys.stdout.write(_dumps({"platform": server.platform, "port": server.port, **server.addresses()}) + "\n")
        sys.stdout.flush()
        sys.stdin.buffer.read()


class Record(dict[str, Any]):
    """A JSON object whose fields are attributes too, so that a result reads the same from near and from afar."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class Remote:
    """A server in another process: its addresses as attributes, its controlled methods as methods."""

    def __init__(self, addresses: dict[str, Any]) -> None:
        self.addresses = addresses

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name in self.addresses:
            return self.addresses[name]
        return functools.partial(self._ask, name)

    def _ask(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        # The method's own deadline ends a call that waits; this one is for a server that died.
        connection = http.client.HTTPConnection("127.0.0.1", self.addresses["port"], timeout=6 * CALL_SECONDS)
        try:
            body = json.dumps({"args": args, "kwargs": kwargs})
            connection.request("POST", f"/control/{name}", body, {"Content-Type": "application/json"})
            answer = json.loads(connection.getresponse().read(), object_hook=Record)
        finally:
            connection.close()
        if "error" in answer:
            raise (TimeoutError if answer["kind"] == "TimeoutError" else ControlError)(answer["error"])
        return answer["result"]


@contextmanager
def spawn(module: str) -> Iterator[Remote]:
    """Starts `python -m <module>` in a process of its own, gives a `Remote` to it, and ends it."""
    process = subprocess.Popen(
        [sys.executable, "-m", module], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        ready, _, _ = select.select([process.stdout], [], [], 2 * CALL_SECONDS)
        line = process.stdout.readline() if ready else ""
        if not line:
            raise ControlError(f"{module} did not start")
        yield Remote(json.loads(line))
    finally:
        process.stdin.close()
        try:
            process.wait(CALL_SECONDS / 2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(CALL_SECONDS)
        process.stdout.close()
