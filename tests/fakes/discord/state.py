"""What the parts of the Discord server share: the world, its clock, the gateway, commands, interactions and polls.

Also how a change of the world is told to the gateway. What may be asked, and how it is answered, is decided elsewhere.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.messages import shown
from tests.fakes.discord.world import Clock, Json, Message, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One thing the bot did about an interaction: `kind` is callback, edit, followup or delete.

    `type` is the type of a callback, `data` what was sent, `message` what a reader then saw (None without a message),
    `seconds` the time since the interaction was made.
    """

    kind: str
    type: int | None
    data: Json
    message: Json | None
    seconds: float


@dataclass(slots=True, kw_only=True)
class Interaction:
    """An interaction and what has become of it."""

    id: str
    type: int
    data: Json
    user_id: str
    guild_id: str | None
    channel_id: str
    created: float
    metadata: Json
    user_only: bool = False
    source: Message | None = None  # the message of a component, or from which a modal was opened
    token: str = field(default_factory=lambda: secrets.token_urlsafe(80))
    acknowledged: int | None = None
    loading: bool = False
    original: Message | None = None
    modal: Json | None = None
    followups: dict[str, Message] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)


class State:
    """Everything that is kept."""

    def __init__(self, *, token: str, url: Callable[[], str]) -> None:
        self.token = token
        self.clock = Clock()
        self.world = World()
        self.gateway = Gateway(self.world, token=token, url=url)
        # By guild, None for the global ones; each by id, in the order of their registration.
        self.commands: dict[str | None, dict[str, Json]] = {}
        self.interactions: dict[str, Interaction] = {}
        self.nonces: dict[tuple[str, str, str], tuple[float, Json]] = {}
        self.nonce_seconds = 180.0
        self.typing: list[str] = []

    def emit(self, event: str, data: Json, *, channel_id: str | None = None, guild_id: str | None = None) -> None:
        """Tells the gateway of an event in a guild, or in the guild of a channel if it has one."""
        if channel_id is not None:
            guild_id = self.world.channels[channel_id].get("guild_id")
        self.gateway.emit(event, data, guild_id=guild_id)

    def publish(self, message: Message, *, event: str = "MESSAGE_CREATE") -> None:
        """Tells of a new or changed message, unless only one user sees it."""
        if message.ephemeral_for is None:
            self.emit(event, self.with_place(message), channel_id=message.data["channel_id"])

    def with_place(self, message: Message) -> Json:
        """A message as events carry it: with its guild and the author as member."""
        data = shown(message.data)
        guild_id = self.world.channels[data["channel_id"]].get("guild_id")
        if guild_id is None:
            return data
        member = self.world.members.get((guild_id, data["author"]["id"]))
        partial = {"member": {key: member[key] for key in member if key != "user"}} if member else {}
        return data | {"guild_id": guild_id} | partial

    def delete(self, message: Message) -> None:
        """Removes a message and tells of it."""
        channel_id, message_id = message.data["channel_id"], message.data["id"]
        del self.world.messages[channel_id][message_id]
        if message.ephemeral_for is None:
            guild_id = self.world.channels[channel_id].get("guild_id")
            place = {"guild_id": guild_id} if guild_id else {}
            event = {"id": message_id, "channel_id": channel_id} | place
            self.emit("MESSAGE_DELETE", event, channel_id=channel_id)

    def channel_changed(self, channel_id: str, *, thread: bool = False) -> None:
        """Tells of a changed channel or thread."""
        kind = "THREAD_UPDATE" if thread else "CHANNEL_UPDATE"
        self.emit(kind, self.world.channels[channel_id], channel_id=channel_id)

    def answered(self, interaction: Interaction, kind: str, data: Any, **about: Any) -> None:
        """Notes what the bot did about an interaction."""
        message: Message | None = about.get("message")
        interaction.answers.append(
            Answer(
                kind=kind,
                type=about.get("type"),
                data=dict(data or {}),
                message=shown(message.data) if message is not None else None,
                seconds=self.clock() - interaction.created,
            )
        )
