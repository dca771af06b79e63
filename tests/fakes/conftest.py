"""A local Telegram and the real client library connected to it, for the tests of that server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.fakes.telegram.client import Client, client
from tests.fakes.telegram_server import TelegramServer


@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    """A server with its default world."""
    with TelegramServer() as server:
        yield server


@pytest.fixture
def bot(telegram: TelegramServer) -> Iterator[Client]:
    """The library, connected."""
    with client(telegram) as connected:
        yield connected
