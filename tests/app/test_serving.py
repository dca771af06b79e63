"""The supervisor: a platform that breaks is started again, one that refuses us is let go, and a stop is orderly."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from roadmap_bot.app import serving
from roadmap_bot.core.errors import UserError


@dataclass
class Platform:
    """A platform made of a function, for what no real one can be made to do on demand."""

    name: str
    work: Callable[[asyncio.Event, int], Awaitable[None]]
    starts: int = 0

    async def serve(self, stopping: asyncio.Event) -> None:
        """Counts its starts and does its work."""
        self.starts += 1
        await self.work(stopping, self.starts)


async def patient(stopping: asyncio.Event, _start: int) -> None:
    """Serves until it is stopped."""
    await stopping.wait()


def run(*platforms: Platform, stop_after: float | None = None) -> bool:
    """Serves platforms, and stops with SIGTERM after a while."""

    async def main() -> bool:
        if stop_after is not None:
            asyncio.get_running_loop().call_later(stop_after, os.kill, os.getpid(), signal.SIGTERM)
        return await serving.serve(platforms)

    return asyncio.run(main())


def test_a_signal_stops_all_platforms_in_order() -> None:
    finished = []

    async def finishing(stopping: asyncio.Event, _start: int) -> None:
        await stopping.wait()
        await asyncio.sleep(0.05)
        finished.append("answered")

    assert run(Platform("One", patient), Platform("Two", finishing), stop_after=0.05)
    assert finished == ["answered"]


def test_a_platform_that_never_finishes_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "_PATIENCE", 0.1)

    async def stubborn(_stopping: asyncio.Event, _start: int) -> None:
        await asyncio.sleep(60)

    started = time.monotonic()
    assert run(Platform("One", stubborn), stop_after=0.05)
    assert time.monotonic() - started < 5


def test_a_platform_that_breaks_is_started_again_and_the_other_never_notices(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(serving, "_FIRST_PAUSE", 0.01)

    async def breaking(stopping: asyncio.Event, start: int) -> None:
        if start < 4:
            raise RuntimeError("kite down")
        await stopping.wait()

    broken, steady = Platform("One", breaking), Platform("Two", patient)
    assert run(broken, steady, stop_after=0.5)
    assert (broken.starts, steady.starts) == (4, 1)
    assert caplog.text.count("One broke down") == 3


def test_a_platform_that_refuses_us_is_named_once_and_the_other_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    async def refusing(_stopping: asyncio.Event, _start: int) -> None:
        raise UserError("The token is wrong. Copy it again.")

    refused, steady = Platform("One", refusing), Platform("Two", patient)
    with caplog.at_level(logging.INFO):
        assert run(refused, steady, stop_after=0.2)
    assert refused.starts == 1
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR] == [
        "The token is wrong. Copy it again."
    ]


def test_when_all_refuse_us_serving_ends_by_itself() -> None:
    async def refusing(_stopping: asyncio.Event, _start: int) -> None:
        raise UserError("The token is wrong. Copy it again.")

    assert not run(Platform("One", refusing), Platform("Two", refusing))


SECOND_SIGNAL = """
import asyncio
from roadmap_bot.app.serving import serve

class Stubborn:
    name = "Stubborn"
    async def serve(self, stopping):
        print("ready", flush=True)
        await asyncio.sleep(60)

asyncio.run(serve([Stubborn()]))
"""


def test_a_second_signal_ends_it_at_once() -> None:
    process = subprocess.Popen([sys.executable, "-c", SECOND_SIGNAL], stdout=subprocess.PIPE)
    assert process.stdout
    with process, process.stdout:
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=3) == 128 + signal.SIGTERM
        assert time.monotonic() - started < 2
