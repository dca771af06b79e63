"""What a feature may use: the catalogue, the search over it, a source of chance, and the commands there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from roadmap_bot.catalogue.reading import Catalogue
from roadmap_bot.catalogue.search import Search
from roadmap_bot.core.ports import Chance, Clock
from roadmap_bot.core.speech import Speech

if TYPE_CHECKING:
    from roadmap_bot.core.command import Command
    from roadmap_bot.state.chats import Chats


@dataclass(frozen=True)
class Context:
    """Handed to every command by the engine; built once by the composition root.

    `say` is the language of whoever asks, put there by the engine; `chats` is what is kept of each chat, None where
    nothing is kept.
    """

    catalogue: Catalogue
    search: Search
    chance: Chance
    version: str
    now: Clock
    page_size: int = 8
    say: Speech = field(default_factory=Speech)
    chats: Chats | None = None
    commands: tuple[Command[Context], ...] = field(default=())
