"""Answers interactions within Discord's three seconds, in the right place, and never leaves one without an answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from enum import Enum, auto
from typing import Any, Final, cast

import discord

from roadmap_bot.adapters.discord.buttons import pressed
from roadmap_bot.adapters.discord.outages import CUT_OFF
from roadmap_bot.adapters.discord.render import DiscordRenderer
from roadmap_bot.core.command import Request
from roadmap_bot.core.reply import Notice, Reply
from roadmap_bot.engine import Engine

_log = logging.getLogger(__name__)

PLATFORM: Final = "discord"
# Discord waits three seconds for a first answer; by then ours must have arrived there.
_DEFER_AFTER = 2.0
# Unknown webhook, unknown interaction, acknowledged already, token no longer valid: nobody waits any more.
_GONE = frozenset({10015, 10062, 40060, 50027})
_BAD_REQUEST, _FORBIDDEN, _NOT_FOUND = 400, 403, 404

Interaction = discord.Interaction[Any]


class Where(Enum):
    """Where an answer belongs: in place of the pressed message, for all to see, or for the asker only."""

    IN_PLACE = auto()
    OPEN = auto()
    PRIVATE = auto()


class Answering:
    """Turns interactions into requests and shows what the engine replies."""

    def __init__(self, engine: Engine, renderer: DiscordRenderer) -> None:
        self._engine = engine
        self._renderer = renderer

    async def command(self, interaction: Interaction, name: str, args: tuple[str, ...]) -> None:
        """Answers a slash command."""
        request = request_of(interaction, name, args)
        await self._answer(interaction, lambda: self._engine.handle(request))

    async def find(self, interaction: Interaction, message: discord.Message) -> None:
        """Looks up the text of a message."""
        request = request_of(interaction, "ask", (message.content,))
        work = self._nothing_to_find if not message.content.strip() else self._engine.handle
        await self._answer(interaction, lambda: work(request))

    async def press(self, interaction: Interaction) -> None:
        """Answers a button or a choice from a menu, however old it is and whoever made it."""
        token = pressed(cast("dict[str, Any]", interaction.data or {}))
        request = request_of(interaction, "press", ())
        await self._answer(interaction, lambda: self._engine.press(token, request))

    async def failed(self, interaction: Interaction) -> None:
        """Answers an interaction that something of ours broke over."""
        say = self._engine.speech(str(interaction.locale))
        await self._answer(interaction, lambda: self._sorry(say.locale))

    def drawn(self, reply: Reply) -> discord.ui.LayoutView:
        """The message for a reply; an apology where it cannot be drawn."""
        try:
            return self._renderer.view(reply)
        except Exception:
            _log.exception("a reply could not be drawn")
            return self._renderer.view(self._sorry(reply.language))

    async def _answer(self, interaction: Interaction, work: Callable[[], Reply]) -> None:
        working = asyncio.ensure_future(asyncio.to_thread(work))
        try:
            await asyncio.wait((working,), timeout=_DEFER_AFTER)
            if not working.done() and not await _attempted(interaction.response.defer()):
                return
            reply = await working
        finally:
            working.cancel()
        await self._show(interaction, reply)

    async def _show(self, interaction: Interaction, reply: Reply) -> None:
        where = place_of(interaction, reply)
        try:
            await _deliver(interaction, self.drawn(reply), where)
        except discord.HTTPException as error:
            if error.code in _GONE:
                _log.debug("an answer came too late for Discord (%s)", error.code)
            elif error.status == _BAD_REQUEST:
                _log.exception("Discord refused an answer")
                await _attempted(_deliver(interaction, self.drawn(self._sorry(reply.language)), Where.PRIVATE))
            elif error.status in (_FORBIDDEN, _NOT_FOUND) and where is not Where.PRIVATE:
                # What may not be shown in this channel, or no longer in place of a message, its asker may still see.
                await _attempted(_deliver(interaction, self.drawn(reply), Where.PRIVATE))
            else:
                _log.warning("an answer could not be shown on Discord (%s %s)", error.status, error.code)
        except (discord.InteractionResponded, *CUT_OFF) as error:
            _said(error)

    def _nothing_to_find(self, request: Request) -> Reply:
        say = self._engine.speech_in(request.platform, request.chat, request.locale)
        sentence = say("That message has no words to look for. Choose one that has, or type /ask.")
        return Reply(Notice((sentence,), "nothing"), private=True, language=say.locale)

    def _sorry(self, language: str) -> Reply:
        say = self._engine.speech(language)
        sentence = say("Something went wrong on our side; it has been written to the log. Try it again in other words.")
        return Reply(Notice((sentence,), "error"), private=True, language=say.locale)


def request_of(interaction: Interaction, command: str, args: tuple[str, ...]) -> Request:
    """The request that an interaction makes: by whom, where, and whether they manage the place."""
    permissions = interaction.permissions
    return Request(
        command,
        args,
        who=str(interaction.user.id),
        chat=str(interaction.channel_id or ""),
        locale=str(interaction.locale),
        platform=PLATFORM,
        admin=interaction.guild_id is None or permissions.manage_guild or permissions.administrator,
    )


def place_of(interaction: Interaction, reply: Reply) -> Where:
    """Where the reply to an interaction belongs.

    A page takes the place of the list it is of, for the one whose list it is; a press on what everybody sees is
    answered to the presser alone, so that a channel stays quiet. Alone with the bot everything is open.
    """
    alone = interaction.guild_id is None and interaction.context.dm_channel is True
    message = interaction.message
    if message is None:
        return Where.PRIVATE if reply.private and not alone else Where.OPEN
    private = message.flags.ephemeral
    if reply.replaces and (alone or private or _asker(message) == interaction.user.id):
        return Where.IN_PLACE
    return Where.OPEN if alone and not private else Where.PRIVATE


def _asker(message: discord.Message) -> int | None:
    """Whom a message of ours answers: who ran the command, or who wrote the message it replies to."""
    if message.interaction_metadata:
        return message.interaction_metadata.user.id
    asked = message.reference.resolved if message.reference else None
    return asked.author.id if isinstance(asked, discord.Message) else None


async def _deliver(interaction: Interaction, view: discord.ui.LayoutView, where: Where) -> None:
    private = where is Where.PRIVATE
    response = interaction.response
    if not response.is_done():
        if where is Where.IN_PLACE:
            await response.edit_message(view=view)
        else:
            await response.send_message(view=view, ephemeral=private)
    elif interaction.message is not None and where is not Where.IN_PLACE:
        await interaction.followup.send(view=view, ephemeral=private)
    elif not private:
        await interaction.edit_original_response(view=view)
    else:
        # Whether all see an answer was settled when it was put off, for the first follow-up too; once that answer is
        # gone, a new one can be for the asker alone (discord-api-docs issues 2866 and 2739).
        await interaction.delete_original_response()
        await interaction.followup.send(view=view, ephemeral=True)


async def _attempted(work: Any) -> bool:
    """Whether an answer reached Discord; why it did not is logged."""
    try:
        await work
    except (discord.HTTPException, discord.InteractionResponded, *CUT_OFF) as error:
        _said(error)
        return False
    return True


def _said(error: Exception) -> None:
    late = isinstance(error, discord.InteractionResponded) or getattr(error, "code", None) in _GONE
    _log.log(
        logging.DEBUG if late else logging.WARNING, "an answer could not be shown on Discord (%s)", type(error).__name__
    )
