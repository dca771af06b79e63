"""Lets the real discord.py send many kinds of correct requests to a recorder and gives back what it sent."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import yarl
from discord import app_commands, ui
from discord.gateway import DiscordWebSocket
from discord.http import Route
from tests.oracles import discord_payloads as world
from tests.oracles.recorder import Recorded, Recorder, until

QUIET = discord.AllowedMentions.none()


@dataclass(frozen=True, slots=True)
class Traffic:
    """All that went over the wire: HTTP requests, gateway payloads of the client, and those of the server."""

    requests: list[Recorded]
    sent: list[dict[str, Any]]
    received: list[dict[str, Any]]


def discord_traffic() -> Traffic:
    """What discord.py sends in every scenario of this module, in one session."""
    return asyncio.run(_run())


async def _run() -> Traffic:
    async with Recorder(_answer) as recorder, _client(recorder) as client:
        for scenario in (_messages, _plain_components, _layouts, _edits, _channels, _commands, _moderation, _gateway):
            await scenario(client)
        for answer in _ANSWERS:
            await _interact(client, recorder, answer)
        await _resume(client, recorder)
        return Traffic(recorder.requests, recorder.sent, recorder.received)


class _Client(discord.Client):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True, members=True), max_messages=None)
        self.interactions: asyncio.Queue[discord.Interaction] = asyncio.Queue()

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        await self.interactions.put(interaction)


@asynccontextmanager
async def _client(recorder: Recorder) -> AsyncIterator[_Client]:
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    socket = f"{recorder.url.replace('http', 'ws')}/gateway"
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = f"{recorder.url}/api/v10", yarl.URL(socket)
    recorder.greeting = [("READY", world.ready(socket)), ("GUILD_CREATE", world.guild())]
    client = _Client()
    running = asyncio.create_task(client.start("NDI.fake.token"))
    try:
        await until(lambda: running.done() or client.get_guild(int(world.GUILD_ID)))
        yield client
    finally:
        # Cancelled first: closing a client under its own start() races with it over the socket.
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await client.close()
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


def _answer(request: Recorded) -> Any:
    """What Discord would say, as far as discord.py looks at it."""
    path = request.path.removeprefix("/api/v10")
    body = request.body if isinstance(request.body, dict) else {}
    for pattern, answer in _ADDRESSES:
        if found := re.fullmatch(pattern, f"{request.method} {path}"):
            return answer(found, body) if callable(answer) else answer
    return None


def _posted(found: re.Match[str], body: dict[str, Any]) -> dict[str, Any]:
    kept = {name: body[name] for name in ("content", "flags", "nonce") if body.get(name) is not None}
    return world.message(found[1], **kept)


_ADDRESSES: tuple[tuple[str, Any], ...] = (
    (r"GET /users/@me", world.BOT),
    (r"GET /oauth2/applications/@me", world.APPLICATION),
    (r"POST /users/@me/channels", {"id": world.DM_ID, "type": 1, "recipients": [world.PERSON]}),
    (r"(?:POST|GET|PATCH) /channels/(\d+)/messages(?:/\d+)?(?:/crosspost)?", _posted),
    (r"POST /channels/(\d+)/polls/\d+/expire", _posted),
    (r"POST /channels/(\d+)/messages/\d+/threads", lambda found, body: world.thread(found[1], body["name"])),
    (
        r"POST /channels/(\d+)/threads",
        lambda found, body: world.thread(found[1], body["name"]) | {"message": world.message(found[1])},
    ),
    (r"PATCH /channels/(\d+)", lambda _, body: world.thread(world.TEXT_ID, body.get("name", "a name"))),
    (r"PUT /applications/\d+/(?:guilds/\d+/)?commands", []),
    (
        r"POST /interactions/(\d+)/.*/callback",
        lambda found, body: {"interaction": {"id": found[1], "type": 2}, "resource": {"type": body.get("type", 4)}},
    ),
    (r"POST /webhooks/\d+/.*", lambda *_: world.message(world.TEXT_ID)),
    (r"(?:GET|PATCH) /webhooks/\d+/.*/messages/.*", lambda *_: world.message(world.TEXT_ID)),
    (r"GET /channels/\d+/polls/.*", {"users": []}),
    (r"POST /guilds/\d+/prune", {"pruned": 0}),
)


def _embed() -> discord.Embed:
    embed = discord.Embed(
        title="Denoising Diffusion Probabilistic Models",
        description="The paper that made diffusion work.",
        url="https://example.org/ddpm",
        colour=discord.Colour.blurple(),
        timestamp=datetime(2026, 1, 2, tzinfo=UTC),
    )
    embed.set_author(name="Ho, Jain, Abbeel", url="https://example.org", icon_url="https://example.org/a.png")
    embed.set_footer(text="Diffusion", icon_url="https://example.org/f.png")
    embed.set_image(url="https://example.org/i.png").set_thumbnail(url="attachment://t.png")
    return embed.add_field(name="Year", value="2020", inline=True).add_field(name="Next", value="Score SDE")


async def _messages(client: _Client) -> None:
    channel = client.get_partial_messageable(int(world.TEXT_ID), guild_id=int(world.GUILD_ID))
    await channel.send("x" * 2000)
    await channel.send("With a mark", nonce="roadmap-1-2026-01-02", allowed_mentions=QUIET, silent=True)
    await channel.send("With a number", nonce=12345)
    await channel.send(embed=_embed(), suppress_embeds=True)
    await channel.send(embeds=[discord.Embed(description=str(number)) for number in range(10)])
    allowed = discord.AllowedMentions(everyone=False, users=[discord.Object(5)], roles=[discord.Object(6)])
    sent = await channel.send("Two people", allowed_mentions=allowed, tts=True)
    await channel.send("An answer", reference=sent, mention_author=False)
    await channel.send("Another", reference=sent.to_reference(fail_if_not_exists=False))
    await channel.send(reference=sent.to_reference(type=discord.MessageReferenceType.forward))
    upload = discord.File(io.BytesIO(b"a,b"), filename="progress.csv", description="Your progress")
    await channel.send("A file", file=upload, nonce="roadmap-2")
    await channel.send("Stickers", stickers=[discord.Object(7)])  # type: ignore[list-item]
    poll = discord.Poll("What shall we read next?", timedelta(hours=32), multiple=True)
    poll.add_answer(text="Score SDE", emoji="📄").add_answer(text="Consistency models")
    with_poll = await channel.send(poll=poll)
    await client.http.end_poll(with_poll.channel.id, with_poll.id)
    await client.http.get_poll_answer_voters(with_poll.channel.id, with_poll.id, 1, after=9, limit=50)
    await sent.add_reaction("👍")
    await sent.remove_reaction("👍", client.user or discord.Object(1))
    await sent.pin(reason="weekly")
    await sent.unpin()
    await client.get_partial_messageable(int(world.NEWS_ID)).get_partial_message(sent.id).publish()
    async with channel.typing():
        pass
    await channel.fetch_message(sent.id)
    await sent.delete()
    person = await client.create_dm(discord.Object(int(world.PERSON["id"])))
    await person.send("Your reviews are due.")


async def _plain_components(client: _Client) -> None:
    channel = client.get_partial_messageable(int(world.TEXT_ID))
    view = ui.View()
    styles = (discord.ButtonStyle.primary, discord.ButtonStyle.secondary, discord.ButtonStyle.danger)
    for style in styles:
        view.add_item(ui.Button(style=style, label="L" * 80, custom_id=f"{style.name}-".ljust(100, "x"), row=0))
    view.add_item(ui.Button(label="Read", url="https://example.org", emoji="📄", row=0))
    options = [discord.SelectOption(label=f"Chapter {number}", value=str(number)) for number in range(25)]
    view.add_item(ui.Select(custom_id="chapter", placeholder="Chapter", options=options, max_values=25, row=1))
    view.add_item(ui.UserSelect(custom_id="who", default_values=[discord.Object(8, type=discord.User)], row=2))
    kinds = [discord.ChannelType.text, discord.ChannelType.news, discord.ChannelType.media]
    view.add_item(ui.ChannelSelect(custom_id="where", channel_types=kinds, row=3))
    view.add_item(ui.RoleSelect(custom_id="role", min_values=0, disabled=True, row=4))
    await channel.send("Choose", view=view)
    view.stop()


def _layout() -> ui.LayoutView:
    layout = ui.LayoutView()
    page: ui.Container[Any] = ui.Container(accent_colour=discord.Colour.blurple(), spoiler=True)
    thumbnail: ui.Thumbnail[Any] = ui.Thumbnail("https://example.org/i.png", description="A sketch")
    page.add_item(ui.TextDisplay("# Diffusion"))
    page.add_item(ui.Section("**DDPM**", "2020", accessory=thumbnail))
    page.add_item(ui.Section("Ready?", accessory=ui.Button(label="Quiz me", custom_id="v1-quiz")))
    page.add_item(ui.Separator(visible=True, spacing=discord.SeparatorSpacing.large))
    page.add_item(ui.MediaGallery(discord.MediaGalleryItem("https://example.org/i.png", description="A plot")))
    row: ui.ActionRow[Any] = ui.ActionRow()
    row.add_item(ui.Button(label="Next", custom_id="v1-next")).add_item(ui.Button(label="Read", url="https://a.org"))
    page.add_item(row)
    layout.add_item(page).add_item(ui.File("attachment://progress.csv"))
    return layout


async def _layouts(client: _Client) -> None:
    channel = client.get_partial_messageable(int(world.TEXT_ID))
    layout = _layout()
    upload = discord.File(io.BytesIO(b"a,b"), filename="progress.csv")
    sent = await channel.send(view=layout, file=upload, allowed_mentions=QUIET)
    await sent.edit(view=layout)
    layout.stop()


async def _edits(client: _Client) -> None:
    message = client.get_partial_messageable(int(world.TEXT_ID)).get_partial_message(int(world.snowflake()))
    await message.edit(content="Corrected", allowed_mentions=QUIET)
    await message.edit(embed=_embed(), view=ui.View().add_item(ui.Button(label="Next", custom_id="v1-next")))
    await message.edit(content=None, view=None, attachments=[])


async def _channels(client: _Client) -> None:
    guild = client.get_guild(int(world.GUILD_ID))
    assert guild is not None
    text, forum = guild.get_channel(int(world.TEXT_ID)), guild.get_channel(int(world.FORUM_ID))
    assert isinstance(text, discord.TextChannel)
    assert isinstance(forum, discord.ForumChannel)
    message = text.get_partial_message(int(world.snowflake()))
    thread = await message.create_thread(name="N" * 100, auto_archive_duration=1440, slowmode_delay=5)
    await text.create_thread(name="Alone", type=discord.ChannelType.public_thread, invitable=False)
    await forum.create_thread(name="A question", content="Why?", applied_tags=[forum.available_tags[0]], embed=_embed())
    await thread.edit(name="Solved", archived=True, locked=False, auto_archive_duration=60)
    await thread.join()
    await thread.add_user(discord.Object(9))
    await thread.leave()
    everybody = discord.PermissionOverwrite(send_messages=False, read_messages=True)
    await text.set_permissions(guild.default_role, overwrite=everybody)


async def _moderation(client: _Client) -> None:
    guild = client.get_guild(int(world.GUILD_ID))
    assert guild is not None
    await guild.ban(discord.Object(9), delete_message_seconds=60)
    await guild.unban(discord.Object(9))
    await guild.prune_members(days=7, compute_prune_count=False, roles=[guild.default_role])
    await guild.leave()


async def _commands(client: _Client) -> None:
    tree = app_commands.CommandTree(client)

    @tree.command(name="search", description="D" * 100, nsfw=True)
    @app_commands.describe(words="What to look for")
    @app_commands.choices(kind=[app_commands.Choice(name=str(number), value=number) for number in range(25)])
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    @app_commands.default_permissions(manage_guild=True)
    async def search(
        interaction: discord.Interaction,
        words: app_commands.Range[str, 1, 256],
        kind: app_commands.Choice[int] | None = None,
        share: app_commands.Range[float, 0.0, 1.0] = 0.5,
        number: app_commands.Range[int, 1, 10] = 1,
        person: discord.Member | None = None,
        where: discord.TextChannel | discord.Thread | None = None,
        file: discord.Attachment | None = None,
        private: bool = False,
    ) -> None: ...

    @search.autocomplete("words")
    async def words(interaction: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:  # noqa: ARG001
        return []

    digest = app_commands.Group(name="digest", description="A paper a day", guild_only=True)
    inner = app_commands.Group(name="filter", description="Which papers", parent=digest)

    @inner.command(name="year", description="From which year on")
    async def year(interaction: discord.Interaction, year: int) -> None: ...

    @tree.context_menu(name="Explain with roadmap")
    async def explain(interaction: discord.Interaction, message: discord.Message) -> None: ...

    @tree.context_menu(name="Progress")
    async def progress(interaction: discord.Interaction, member: discord.Member) -> None: ...

    class German(app_commands.Translator):
        async def translate(
            self, string: app_commands.locale_str, locale: discord.Locale, _: app_commands.TranslationContextTypes
        ) -> str | None:
            return string.message if locale is discord.Locale.german else None

    tree.add_command(digest)
    await tree.set_translator(German())
    await tree.sync()
    tree.copy_global_to(guild=discord.Object(int(world.GUILD_ID)))
    await tree.sync(guild=discord.Object(int(world.GUILD_ID)))


async def _gateway(client: _Client) -> None:
    await client.change_presence(activity=discord.Game("with noise"), status=discord.Status.idle)
    await client.change_presence(activity=discord.CustomActivity("Reading"))
    await client.ws.request_chunks(int(world.GUILD_ID), query="a", limit=1, nonce="n")
    await client.ws.voice_state(int(world.GUILD_ID), None)
    await client.ws.send_heartbeat({"op": 1, "d": None})


async def _resume(client: _Client, recorder: Recorder) -> None:
    await client.ws.close(4000)
    await until(lambda: recorder.received[-1].get("t") == "RESUMED")


_SLASH = {"id": world.snowflake(), "name": "search", "type": 1}
_PRESS = {"id": 2, "component_type": 2, "custom_id": "v1-next"}
_Answer = Callable[[discord.Interaction], Coroutine[Any, Any, None]]


async def _interact(client: _Client, recorder: Recorder, answer: tuple[int, dict[str, Any], _Answer]) -> None:
    kind, data, act = answer
    more = {"message": world.message(world.TEXT_ID)} if kind == 3 else {}
    await recorder.push("INTERACTION_CREATE", world.interaction(kind, data, **more))
    async with asyncio.timeout(5):
        await act(await client.interactions.get())


async def _reply(interaction: discord.Interaction) -> None:
    view = ui.View().add_item(ui.Button(label="Next", custom_id="v1-next"))
    await interaction.response.send_message("Found", embed=_embed(), view=view, ephemeral=True)
    await interaction.edit_original_response(content="Found more", allowed_mentions=QUIET)
    await interaction.followup.send("And this", embed=_embed(), ephemeral=True, allowed_mentions=QUIET)
    sent = await interaction.followup.send(view=_layout(), file=discord.File(io.BytesIO(b"x"), "x.txt"), wait=True)
    await interaction.followup.edit_message(sent.id, content="Changed", view=None)
    await interaction.followup.delete_message(sent.id)
    await interaction.original_response()
    await interaction.delete_original_response()
    view.stop()


async def _reply_with_poll(interaction: discord.Interaction) -> None:
    poll = discord.Poll("Which?", timedelta(hours=1)).add_answer(text="This")
    await interaction.response.send_message(poll=poll, silent=True)


async def _defer(interaction: discord.Interaction) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    await interaction.edit_original_response(view=_layout())


async def _complete(interaction: discord.Interaction) -> None:
    choices = [app_commands.Choice(name="N" * 100, value=f"{number}".ljust(100, "x")) for number in range(25)]
    await interaction.response.autocomplete(choices)


async def _complete_nothing(interaction: discord.Interaction) -> None:
    await interaction.response.autocomplete([])


async def _ask(interaction: discord.Interaction) -> None:
    modal = ui.Modal(title="T" * 45, custom_id="report")
    field: ui.TextInput[Any] = ui.TextInput(style=discord.TextStyle.paragraph, max_length=4000, required=True)
    modal.add_item(ui.Label(text="What is wrong?", description="In a sentence or two", component=field))
    options = [discord.RadioGroupOption(label=day, value=day) for day in ("Monday", "Friday")]
    days: ui.RadioGroup[Any] = ui.RadioGroup(options=options)
    modal.add_item(ui.Label(text="When", component=days)).add_item(ui.TextDisplay("Thank you."))
    await interaction.response.send_modal(modal)
    modal.stop()


async def _update(interaction: discord.Interaction) -> None:
    await interaction.response.edit_message(content="Page 2", embed=_embed(), view=None, allowed_mentions=QUIET)


async def _turn_page(interaction: discord.Interaction) -> None:
    await interaction.response.edit_message(view=_layout())


async def _acknowledge(interaction: discord.Interaction) -> None:
    await interaction.response.defer()
    await interaction.edit_original_response(embeds=[_embed()])


_ANSWERS: tuple[tuple[int, dict[str, Any], _Answer], ...] = (
    (2, _SLASH, _reply),
    (2, _SLASH, _reply_with_poll),
    (2, _SLASH, _defer),
    (2, _SLASH, _ask),
    (4, _SLASH | {"options": [{"name": "words", "type": 3, "value": "dif", "focused": True}]}, _complete),
    (4, _SLASH | {"options": [{"name": "words", "type": 3, "value": "", "focused": True}]}, _complete_nothing),
    (3, _PRESS, _update),
    (3, _PRESS, _turn_page),
    (3, _PRESS, _acknowledge),
    (3, _PRESS, _ask),
)
