"""The real library's bot for tests that read from top to bottom: each of its coroutines is run to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from telegram.ext import ExtBot
from telegram.request import HTTPXRequest


class Client:
    """An `ExtBot` at a local server, on a loop of its own; every method of the bot by its name, without await."""

    def __init__(self, server: Any, token: str | None = None) -> None:
        self.runner = asyncio.Runner()
        # Proxies of the environment are not for a server on this machine.
        straight = [HTTPXRequest(httpx_kwargs={"trust_env": False}) for _ in range(2)]
        self.bot: ExtBot[None] = ExtBot(
            token or server.token,
            base_url=f"{server.api_url}/bot",
            base_file_url=f"{server.api_url}/file/bot",
            request=straight[0],
            get_updates_request=straight[1],
        )

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *args, **kwargs: self.runner.run(getattr(self.bot, name)(*args, **kwargs))


@contextmanager
def client(server: Any, token: str | None = None) -> Iterator[Client]:
    """A client that has introduced itself by getMe, and is shut down in the end."""
    connected = Client(server, token)
    with connected.runner:
        try:
            connected.initialize()
            yield connected
        finally:
            connected.shutdown()
