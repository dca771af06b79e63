"""How a test rules over the Discord server: its world, its clock and limits, and what goes wrong.

Every method can be called from the test's thread and from another process. Ids are strings, and may be given as
numbers.
"""

from __future__ import annotations

from typing import Any

from tests.fakes.discord import world as w
from tests.fakes.discord.acting import Id
from tests.fakes.discord.rest import Rest
from tests.fakes.discord.state import State
from tests.fakes.discord.world import Json
from tests.fakes.serving import ControlError, controlled

CHANNEL_KINDS = {"text": w.TEXT, "announcement": w.NEWS, "forum": w.FORUM, "category": w.CATEGORY}


class Governing:
    """World, clock, limits and faults."""

    state: State
    rest: Rest

    # the world

    @controlled
    def add_user(self, name: str) -> str:
        """A new user, who is a member nowhere; gives the id."""
        return self.state.world.add_user(name, global_name=name.title())

    @controlled
    def add_guild(
        self,
        name: str,
        *,
        bot: bool = True,
        locale: str = "en-US",
        owner: Id | None = None,
        members: tuple[Id, ...] = (),
    ) -> str:
        """A new guild with a text channel; with the bot, which then learns of it, unless told otherwise."""
        world = self.state.world
        guild_id = world.add_guild(name, bot=bot, locale=locale, owner=None if owner is None else str(owner))
        for member in (world.user, *map(str, members)):
            world.add_member(guild_id, member)
        world.add_channel("general", guild=guild_id)
        self.state.emit("GUILD_CREATE", world.gateway_guild(guild_id) if bot else {}, guild_id=guild_id)
        return guild_id

    @controlled
    def add_member(self, guild: Id, user: Id) -> None:
        """Makes a user a member of a guild."""
        member = self.state.world.add_member(str(guild), str(user))
        self.state.emit("GUILD_MEMBER_ADD", member | {"guild_id": str(guild)}, guild_id=str(guild))

    @controlled
    def join_bot(self, guild: Id) -> None:
        """Invites the bot into a guild it is not in."""
        self.state.world.join_bot(str(guild))
        self.state.emit("GUILD_CREATE", self.state.world.gateway_guild(str(guild)), guild_id=str(guild))

    @controlled
    def kick_bot(self, guild: Id | None = None) -> None:
        """Throws the bot out of a guild."""
        guild_id = str(guild or self.state.world.guild)
        self.state.emit("GUILD_DELETE", {"id": guild_id}, guild_id=guild_id)
        self.state.world.leave_bot(guild_id)

    @controlled
    def guild_outage(self, guild: Id | None = None, *, over: bool = False) -> None:
        """Makes a guild unavailable, as an outage does, or available again when it is over."""
        world, guild_id = self.state.world, str(guild or self.state.world.guild)
        if over:
            world.unavailable.discard(guild_id)
            self.state.emit("GUILD_CREATE", world.gateway_guild(guild_id), guild_id=guild_id)
        else:
            world.unavailable.add(guild_id)
            self.state.emit("GUILD_DELETE", {"id": guild_id, "unavailable": True}, guild_id=guild_id)

    @controlled
    def add_channel(self, name: str, *, guild: Id | None = None, kind: str = "text") -> str:
        """A new channel: text, announcement, forum or category; gives the id."""
        if kind not in CHANNEL_KINDS:
            raise ControlError(f"no such kind of channel: {kind}; known are {', '.join(CHANNEL_KINDS)}")
        guild_id = str(guild or self.state.world.guild)
        channel_id = self.state.world.add_channel(name, guild=guild_id, kind=CHANNEL_KINDS[kind])
        self.state.emit("CHANNEL_CREATE", self.state.world.channels[channel_id], guild_id=guild_id)
        return channel_id

    @controlled
    def add_thread(self, name: str, *, channel: Id | None = None, user: Id | None = None) -> str:
        """A user starts a public thread; gives the id."""
        world = self.state.world
        thread_id = world.add_thread(name, parent=str(channel or world.text_channel), owner=str(user or world.user))
        thread = world.channels[thread_id] | {"newly_created": True}
        self.state.emit("THREAD_CREATE", thread, channel_id=thread_id)
        return thread_id

    @controlled
    def set_thread(self, thread: Id, *, archived: bool | None = None, locked: bool | None = None) -> None:
        """A moderator archives, opens or locks a thread."""
        metadata = self.state.world.channels[str(thread)]["thread_metadata"]
        metadata |= {key: on for key, on in (("archived", archived), ("locked", locked)) if on is not None}
        self.state.channel_changed(str(thread), thread=True)

    @controlled
    def delete_channel(self, channel: Id) -> None:
        """A moderator deletes a channel or thread."""
        known = self.state.world.channels[str(channel)]
        kind = "THREAD_DELETE" if known["type"] in w.THREADS else "CHANNEL_DELETE"
        self.state.emit(kind, known, channel_id=str(channel))
        self.state.world.remove_channel(str(channel))

    @controlled
    def set_permissions(self, permissions: int, *, user: Id | None = None, guild: Id | None = None) -> None:
        """Sets what a member (without `user` the bot) may do in a guild, through a role of the member's own."""
        world, guild_id = self.state.world, str(guild or self.state.world.guild)
        user_id = str(user or world.bot)
        known = len(world.guilds[guild_id]["roles"])
        role = world.give_role(guild_id, user_id, permissions)
        added = len(world.guilds[guild_id]["roles"]) > known
        event = f"GUILD_ROLE_{'CREATE' if added else 'UPDATE'}"
        self.state.emit(event, {"guild_id": guild_id, "role": role}, guild_id=guild_id)
        member = world.members[guild_id, user_id] | {"guild_id": guild_id}
        self.state.emit("GUILD_MEMBER_UPDATE", member, guild_id=guild_id)

    @controlled
    def overwrite(self, *, channel: Id | None = None, user: Id | None = None, allow: int = 0, deny: int = 0) -> None:
        """Allows and denies a member (without `user` the bot) permissions in one channel."""
        world = self.state.world
        channel_id, user_id = str(channel or world.text_channel), str(user or world.bot)
        entries = world.channels[channel_id]["permission_overwrites"]
        entries[:] = [entry for entry in entries if entry["id"] != user_id]
        entries.append({"id": user_id, "type": 1, "allow": str(allow), "deny": str(deny)})
        self.state.channel_changed(channel_id)

    @controlled
    def close_dm(self, user: Id | None = None, *, closed: bool = True) -> None:
        """A user lets the bot write no direct messages any more, or again."""
        user_id = str(user or self.state.world.user)
        (self.state.world.closed_to_bot.add if closed else self.state.world.closed_to_bot.discard)(user_id)

    # clock, limits, faults

    @controlled
    def advance(self, seconds: float) -> None:
        """Puts the server's clock forward, for the age of interactions and nonces and the windows of limits."""
        self.state.clock.ahead += seconds

    @controlled
    def configure(
        self, *, nonce_seconds: float | None = None, heartbeat_ms: int | None = None, allowed_intents: int | None = None
    ) -> None:
        """Settings: how long a nonce is remembered, the heartbeat interval, the privileged intents that are allowed."""
        if nonce_seconds is not None:
            self.state.nonce_seconds = nonce_seconds
        if heartbeat_ms is not None:
            self.state.gateway.heartbeat_ms = heartbeat_ms
        if allowed_intents is not None:
            self.state.gateway.allowed_intents = allowed_intents

    @controlled
    def limits(self, *, per_channel: tuple[int, float] | None = None, global_per_second: int | None = None) -> None:
        """Keeps rate limits from now on: messages per channel and seconds, requests per second; None for no limit."""
        limits = self.rest.limits
        limits.per_channel = None if per_channel is None else (int(per_channel[0]), float(per_channel[1]))
        limits.per_second = global_per_second
        limits.buckets.clear()
        limits.recent.clear()
        limits.violations = 0

    @controlled
    def violations(self) -> int:
        """How often a limit was broken since it was set."""
        return self.rest.limits.violations

    @controlled
    def fault(
        self,
        kind: str | int,
        *,
        path: str | None = None,
        method: str | None = None,
        times: int | None = 1,
        after: int = 0,
        probability: float | None = None,
        **details: Any,
    ) -> int:
        """Sets what befalls the next `times` requests (None: all) that fit, after `after` others that do.

        `kind` is a status (details: `retry_after`, `scope` for 429; `code`, `message`), "cloudflare" (its 429, without
        `Via`), "cut_before" and "cut_after" the request is processed, "hang" before and "hang_after" it (`seconds`), or
        "slow_body" (`seconds`). `path` is a regular expression, looked for in the whole path. Gives a number.
        """
        about = {"path": path, "method": method, "times": times, "after": after, "probability": probability}
        try:
            return self.rest.faults.add(str(kind), details=details, **about)
        except ValueError as error:
            raise ControlError(str(error)) from None

    @controlled
    def faults(self) -> list[Json]:
        """The faults that are set, with how often they struck."""
        return [{"number": one.number, "kind": one.kind, "hits": one.hits} for one in self.rest.faults.all]

    @controlled
    def clear_faults(self) -> None:
        """Nothing goes wrong on purpose any more, on REST and gateway."""
        self.rest.faults.clear()
        self.state.gateway.clear_faults()

    @controlled
    def gateway_fault(self, kind: str, *, code: int = 4000, resumable: bool = True, times: int = 1) -> int:
        """Disturbs the gateway; gives how many sockets are concerned.

        At once, on every open socket: "close" with a code, "drop" with a TCP reset, "reconnect", "invalid_session".
        From now on: "refuse" the next connections with 503, "mute_heartbeat", "forget" all sessions (a resume fails).
        """
        try:
            return self.state.gateway.fault(kind, code=code, resumable=resumable, times=times)
        except ValueError as error:
            raise ControlError(str(error)) from None

    @controlled
    def drop_sockets(self) -> int:
        """Cuts every gateway socket with a TCP reset; gives how many."""
        return self.state.gateway.fault("drop")
