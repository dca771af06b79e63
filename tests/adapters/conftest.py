"""What the tests of the adapters share: a Telegram to talk to, and a bot's home beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from running_telegram import Home
from tests.fakes.checked import look_over
from tests.fakes.telegram_server import TelegramServer

from roadmap_bot.engine import Engine


@pytest.fixture(autouse=True)
def straight(monkeypatch: pytest.MonkeyPatch) -> None:
    """httpx would go through the proxies of the environment."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    """A Telegram; afterwards everything that was sent to it is looked over."""
    with TelegramServer() as server:
        yield server
        look_over(server)


@pytest.fixture
def home(telegram: TelegramServer, tmp_path: Path, small_engine: Engine) -> Iterator[Home]:
    """Where bots on that Telegram live, one after the other."""
    made = Home(telegram, tmp_path, small_engine)
    yield made
    made.gate.open()
    made.database.close()
