"""Takes pictures of pages with a headless Chromium, through its DevTools protocol; finds the program and ends it."""

from __future__ import annotations

import asyncio
import base64
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final

import aiohttp

PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome")
LARGEST: Final = 250_000
"""The most bytes of a picture; a larger one is taken again with fewer pixels."""
_SCALES: Final = (2.0, 1.5, 1.0)
_FLAGS: Final = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions", "--hide-scrollbars",
    "--force-color-profile=srgb", "--remote-debugging-port=0", "about:blank",
)  # fmt: skip
_START_SECONDS = 30.0
_ANSWER_SECONDS = 30.0
_MOST_BYTES_OF_ANSWER = 64 * 1024 * 1024


class Trouble(Exception):
    """Chromium did not start, or did not do what it was asked; the message says what happened."""


def find() -> str | None:
    """The path of a Chromium, None where there is none."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


class Camera:
    """One tab of a running Chromium."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = count(1)

    async def picture(self, path: Path, width: int) -> bytes:
        """The page in `path`, `width` pixels of style wide and as long as it is, as a PNG."""
        image = b""
        for scale in _SCALES:
            await self._sized(width, 100, scale)
            await self._ask("Page.enable")
            await self._ask("Page.navigate", url=path.resolve().as_uri(), until="Page.loadEventFired")
            measured = await self._ask(
                "Runtime.evaluate",
                expression="[document.documentElement.scrollWidth, document.documentElement.scrollHeight]",
                returnByValue=True,
            )
            wide, long = measured["result"]["value"]
            if wide > width:
                raise Trouble(f"{path.name} is {wide} pixels wide, and there are {width}.")
            await self._sized(width, long, scale)
            taken = await self._ask("Page.captureScreenshot", format="png")
            image = base64.b64decode(taken["data"])
            if len(image) <= LARGEST:
                break
        return image

    async def _sized(self, width: int, height: int, scale: float) -> None:
        await self._ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False
        )

    async def _ask(self, method: str, *, until: str | None = None, **parameters: object) -> dict[str, Any]:
        """What Chromium answers; with `until` only when that event has come as well."""
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        answer: dict[str, Any] | None = None
        async with asyncio.timeout(_ANSWER_SECONDS):
            while answer is None or until:
                said = await self._socket.receive_json()
                if said.get("id") == number:
                    if "error" in said:
                        raise Trouble(f"Chromium refused {method}: {said['error']['message']}")
                    answer = said["result"]
                elif said.get("method") == until:
                    until = None
        return answer


@asynccontextmanager
async def camera(program: str) -> AsyncIterator[Camera]:
    """A Chromium that runs as long as the block."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            program,
            f"--user-data-dir={profile}",
            *_FLAGS,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            port = await _port(process, Path(profile) / "DevToolsActivePort")
            async with (
                aiohttp.ClientSession() as session,
                session.put(f"http://127.0.0.1:{port}/json/new?about:blank") as opened,
            ):
                address = (await opened.json())["webSocketDebuggerUrl"]
                async with session.ws_connect(address, max_msg_size=_MOST_BYTES_OF_ANSWER) as socket:
                    yield Camera(socket)
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


async def _port(process: asyncio.subprocess.Process, told_in: Path) -> int:
    """The port that Chromium listens on, which it writes into a file of its profile."""
    try:
        async with asyncio.timeout(_START_SECONDS):
            while process.returncode is None:
                lines = told_in.read_text(encoding="utf-8").split("\n") if told_in.is_file() else []
                if len(lines) > 1:
                    return int(lines[0])
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise Trouble(f"Chromium was not ready within {_START_SECONDS:.0f} seconds.") from None
    raise Trouble(f"Chromium ended at once, with status {process.returncode}.")
