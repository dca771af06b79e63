"""One client of Discord: what arrives over its connection goes to the answers; commands are registered when changed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Final, Protocol

import discord
from discord import app_commands

from roadmap_bot.adapters.discord.answering import PLATFORM, Answering
from roadmap_bot.adapters.discord.outages import CUT_OFF
from roadmap_bot.adapters.discord.project import (
    Translations,
    arguments_of,
    digest_of,
    find_menu,
    payload_of,
    slash_commands,
)
from roadmap_bot.adapters.discord.render import DiscordRenderer
from roadmap_bot.core.command import Request
from roadmap_bot.core.ports import Clock
from roadmap_bot.core.speech import ENGLISH
from roadmap_bot.engine import Engine

if TYPE_CHECKING:
    from roadmap_bot.state.marks import Marks

_log = logging.getLogger(__name__)

_LONGEST_RATE_LIMIT = 60.0
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 900.0
_MARK: Final = "discord.commands"
_WRITTEN = (discord.MessageType.default, discord.MessageType.reply)

Interaction = discord.Interaction[Any]


class Watcher(Protocol):
    """Is told when the connection is there and when it is not."""

    def reached(self) -> None:
        """The gateway has taken us, for the first time or again."""

    def lost(self, why: str) -> None:
        """The connection is gone; the library makes it again."""


class RoadmapClient(discord.Client):
    """Good for one connection and its resumptions; a new attempt from nothing takes a new client."""

    def __init__(self, engine: Engine, *, marks: Marks, now: Clock, watcher: Watcher) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = intents.dm_messages = True
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=_LONGEST_RATE_LIMIT,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            # Nothing here waits for every server to be known, and the library's own wait would outlive a quick end.
            guild_ready_timeout=0.0,
        )
        self._engine = engine
        self._marks = marks
        self._now = now
        self._watcher = watcher
        chapters = [chapter.slug for chapter in engine.context.catalogue.chapters()]
        self._answering = Answering(engine, DiscordRenderer(engine.speech, chapters))
        self.tree = _Tree(self)
        self._translations = Translations(engine.speech)
        for slash in slash_commands(engine, self.command):
            self.tree.add_command(slash)
        self.tree.add_command(find_menu(self._find))
        self._taking = True
        self._running: set[asyncio.Task[Any]] = set()
        self._syncing: asyncio.Task[None] | None = None
        self._silenced: set[int] = set()
        self.connected = False

    async def drain(self, seconds: float) -> None:
        """Takes nothing new and finishes what is being answered, for so long at most."""
        # What arrived before us in this turn of the loop has had its chance to begin.
        await asyncio.sleep(0)
        self._taking = False
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def close(self) -> None:
        """Ends the connection and everything that runs beside it."""
        if self._syncing:
            self._syncing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._syncing
            self._syncing = None
        await super().close()

    # --- what the library calls --------------------------------------------------------------------------------------

    async def setup_hook(self) -> None:
        """Logged in, not yet connected: registering commands must not hold up the connection."""
        await self.tree.set_translator(self._translations)
        self._syncing = asyncio.create_task(self._sync())

    async def on_connect(self) -> None:
        """A new session."""
        self.connected = True
        self._watcher.reached()

    async def on_resumed(self) -> None:
        """The old session again."""
        self._watcher.reached()

    async def on_disconnect(self) -> None:
        """The connection was lost, or never came to be."""
        self._watcher.lost("the connection was lost")

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        """An event that broke: a defect of ours, without the event's contents."""
        _log.exception("the Discord event %s failed", event_method)

    async def on_interaction(self, interaction: Interaction) -> None:
        """Something was pressed. Commands come by way of the command tree.

        Not by way of views and dynamic items: those let a press fall whose component is not found in its message.
        """
        if interaction.type is discord.InteractionType.component:
            await self._run(self._answering.press(interaction))

    async def on_message(self, message: discord.Message) -> None:
        """A message to the bot: any in a direct conversation, elsewhere one that mentions it by name."""
        if self.user is None or message.author.bot or message.webhook_id or message.type not in _WRITTEN:
            return
        text = message.content
        if message.guild is not None:
            mention = re.compile(rf"<@!?{self.user.id}>")
            # Not `message.mentions`: a reply to the bot mentions it too, and need not be meant for it.
            if not mention.search(text):
                return
            text = mention.sub(" ", text).strip()
        command, args = self._engine.read(text) if text or message.guild is None else ("start", ())
        await self._run(self._reply(message, command, args))

    # --- answering ---------------------------------------------------------------------------------------------------

    async def command(self, interaction: Interaction, name: str, args: tuple[str, ...]) -> None:
        """A slash command was run."""
        await self._run(self._answering.command(interaction, name, args))

    async def broken(self, interaction: Interaction) -> None:
        """A command of ours broke before it could be answered."""
        await self._run(self._answering.failed(interaction))

    async def _find(self, interaction: Interaction, message: discord.Message) -> None:
        await self._run(self._answering.find(interaction, message))

    async def _run(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs what answers somebody, so that an end of the bot can wait for it."""
        task = asyncio.current_task()
        if not self._taking or task is None:
            work.close()
            return
        self._running.add(task)
        try:
            await work
        finally:
            self._running.discard(task)

    async def _reply(self, message: discord.Message, command: str, args: tuple[str, ...]) -> None:
        author, guild = message.author, message.guild
        permissions = author.guild_permissions if isinstance(author, discord.Member) else None
        request = Request(
            command,
            args,
            who=str(author.id),
            chat=str(message.channel.id),
            locale=str(guild.preferred_locale) if guild else ENGLISH,
            platform=PLATFORM,
            admin=guild is None or bool(permissions and permissions.manage_guild),
        )
        reply = await asyncio.to_thread(self._engine.handle, request)
        try:
            await message.channel.send(
                view=self._answering.drawn(reply),
                reference=message.to_reference(fail_if_not_exists=False),
                mention_author=False,
            )
        except (discord.HTTPException, discord.RateLimited, *CUT_OFF) as error:
            self._unsent(message.channel.id, error)

    def _unsent(self, channel: int, error: Exception) -> None:
        """Says that a channel cannot be answered in; once, since people go on trying."""
        if channel not in self._silenced:
            self._silenced.add(channel)
            why = getattr(error, "code", None) or type(error).__name__
            _log.warning("an answer could not be sent to the Discord channel %s (%s)", channel, why)

    # --- registering commands ----------------------------------------------------------------------------------------

    async def _sync(self) -> None:
        """Registers the commands if they have changed; tries again until it is done, without the bot waiting for it."""
        pause = _FIRST_PAUSE
        while True:
            try:
                await self._sync_once()
                return
            except app_commands.CommandSyncFailure:
                _log.exception("Discord refuses the commands as they are; those registered before stay")
                return
            except Exception as error:
                wait = max(pause, getattr(error, "retry_after", 0.0))
                if pause == _FIRST_PAUSE:
                    why = getattr(error, "status", None) or type(error).__name__
                    _log.warning("The commands could not be registered with Discord (%s); it is tried again.", why)
                await asyncio.sleep(wait)
                pause = min(2 * pause, _LONGEST_PAUSE)

    async def _sync_once(self) -> None:
        name = f"{_MARK}.{self.application_id}"
        digest = digest_of(await payload_of(self.tree, self._translations))
        if await asyncio.to_thread(self._marks.get, name) == digest:
            return
        await self.tree.sync()
        await asyncio.to_thread(self._marks.set, name, digest, self._now())
        _log.info("The commands have been registered with Discord.")


class _Tree(app_commands.CommandTree[RoadmapClient]):
    """The library's table of commands, which here also answers for commands that it does not have (any more)."""

    def __init__(self, client: RoadmapClient) -> None:
        super().__init__(
            client,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )

    async def on_error(
        self, interaction: discord.Interaction[RoadmapClient], error: app_commands.AppCommandError
    ) -> None:
        """Answers what a person's app still offers and we have changed; everything else is a defect."""
        if interaction.type is discord.InteractionType.autocomplete:
            with contextlib.suppress(discord.DiscordException, *CUT_OFF):
                await interaction.response.autocomplete([])
        elif isinstance(error, app_commands.CommandNotFound | app_commands.CommandSignatureMismatch):
            data: Any = interaction.data or {}
            values = [option.get("value") for option in data.get("options", ())]
            await self.client.command(interaction, str(data.get("name", "")).lower(), arguments_of(values))
        else:
            _log.error("a Discord command broke", exc_info=error)
            await self.client.broken(interaction)
