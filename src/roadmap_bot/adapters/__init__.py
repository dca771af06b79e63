"""One folder for each platform: a thin shell that turns what people send into requests and replies into messages."""

from __future__ import annotations

import asyncio
from typing import Protocol


class Adapter(Protocol):
    """A chat platform: takes what people send, hands it to the engine and shows the replies.

    `name` is the platform as people write it, "Discord".
    """

    name: str

    async def serve(self, stopping: asyncio.Event) -> None:
        """Serves until `stopping` is set; then takes nothing new, finishes what is being answered, and returns.

        An outage of the platform is waited out inside. Raises UserError for what only a person can mend, such as a
        token that the platform refuses.
        """
        ...
