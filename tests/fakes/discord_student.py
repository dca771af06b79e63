"""A small bot of discord.py with one of everything, and how it runs beside a test of the local Discord server."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import yarl

with warnings.catch_warnings():
    # Python 3.11 says at the import that `audioop`, which the library has for voice, will be gone in 3.13.
    warnings.simplefilter("ignore", DeprecationWarning)
    import discord
    from discord import app_commands, ui
    from discord.gateway import DiscordWebSocket

NOBODY = discord.AllowedMentions.none()


@contextmanager
def library_at(server: Any) -> Iterator[None]:
    """Lets discord.py go to this server, and to Discord again afterwards."""
    before = discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = server.api_url, yarl.URL(server.gateway_url)
    try:
        yield
    finally:
        discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


class Counter(ui.LayoutView):
    """A count that a button raises in place; a second button opens a form."""

    def __init__(self, count: int = 0) -> None:
        super().__init__(timeout=None)
        more: ui.Button[Counter] = ui.Button(label="More", custom_id="more")
        form: ui.Button[Counter] = ui.Button(label="Form", custom_id="form")
        more.callback, form.callback = self.more, self.form  # type: ignore[method-assign]
        self.count = count
        text: ui.TextDisplay[Counter] = ui.TextDisplay(f"Count {count}")
        section: ui.Section[Counter] = ui.Section(text, accessory=more)
        self.add_item(ui.Container(section, ui.Separator(), ui.ActionRow(form), accent_colour=0xABCDEF))

    async def more(self, interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(view=Counter(self.count + 1))

    async def form(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Form())


class Form(ui.Modal, title="Settings"):
    """A field and a choice."""

    words: ui.Label[Form] = ui.Label(text="Words", component=ui.TextInput(custom_id="words", max_length=20))
    zone: ui.Label[Form] = ui.Label(
        text="Pace",
        component=ui.RadioGroup(
            custom_id="pace",
            options=[
                discord.RadioGroupOption(label="Slow", value="s"),
                discord.RadioGroupOption(label="Fast", value="f"),
            ],
        ),
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        words, pace = self.words.component, self.zone.component
        assert isinstance(words, ui.TextInput)
        assert isinstance(pace, ui.RadioGroup)
        view = ui.LayoutView()
        view.add_item(ui.TextDisplay(f"{words.value}, {pace.value}"))
        await interaction.response.edit_message(view=view)


class Student(discord.Client):
    """A bot with one of everything; what goes wrong in it is kept in `failures`."""

    def __init__(self, *, intents: discord.Intents | None = None) -> None:
        wanted = intents or discord.Intents(guilds=True, messages=True)
        super().__init__(intents=wanted, max_ratelimit_timeout=60, guild_ready_timeout=0.05, allowed_mentions=NOBODY)
        self.failures: list[BaseException | str] = []
        self.tree = app_commands.CommandTree(self)
        self.tree.error(self.failed)
        command = self.tree.command
        command(name="count", description="Counts.")(self.count)
        look = command(name="look", description="Looks something up.")(self.look)
        look.autocomplete("topic")(self.complete)
        self.tree.add_command(app_commands.ContextMenu(name="Explain this", callback=self.explain))

    async def setup_hook(self) -> None:
        self.add_view(Counter())
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Does not wait the five seconds that the library grants Discord before a second identify."""

    async def on_error(self, event_method: str, *_: Any, **__: Any) -> None:
        self.failures.append(event_method)

    async def failed(self, _: discord.Interaction, error: app_commands.AppCommandError) -> None:
        self.failures.append(error)

    async def count(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(view=Counter())

    async def look(self, interaction: discord.Interaction, topic: str, many: int = 3) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send(f"{topic} {many}")
        await interaction.followup.send("and more", ephemeral=True)

    async def complete(self, _: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{current}…", value=f"id-{current}")]

    async def explain(self, interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"About: {message.content}", ephemeral=True)

    async def on_message(self, message: discord.Message) -> None:
        if message.author != self.user:
            await message.channel.send(f"Heard: {message.content!r}")


class Running:
    """A client in a thread of its own, as a bot is beside its users."""

    def __init__(self, client: Student, token: str) -> None:
        self.client, self.token = client, token
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.live)
        self.task: asyncio.Task[None] | None = None

    def live(self) -> None:
        """The life of the thread."""

        async def start() -> None:
            self.task = asyncio.current_task()
            # Cancelled like this, and not closed from beside, the library says good-bye with 1000.
            with suppress(asyncio.CancelledError):
                async with self.client:
                    await self.client.start(self.token)

        with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
            runner.run(start())

    def stop(self) -> None:
        """Ends the bot as an operator does."""
        assert self.task is not None
        self.loop.call_soon_threadsafe(self.task.cancel)
        self.thread.join(10)

    def wait(self, condition: Callable[[], bool]) -> None:
        """Waits until something holds in the client, where events arrive a little later than they are sent."""
        deadline = time.monotonic() + 5
        while not condition():
            assert time.monotonic() < deadline, "the client never got there"
            time.sleep(0.005)

    def do(self, work: Callable[[], Any]) -> Any:
        """Runs something of the client's on its loop."""
        return asyncio.run_coroutine_threadsafe(work(), self.loop).result(10)


@contextmanager
def running(server: Any, client: Student | None = None) -> Iterator[Running]:
    """A ready bot; at the end it must not have failed at anything, nor have sent what Discord refuses."""
    bot = Running(client or Student(), server.token)
    bot.thread.start()
    try:
        server.wait_ready()
        bot.wait(bot.client.is_ready)
        yield bot
    finally:
        bot.stop()
        server.wait_gone()
    assert bot.client.failures == []
    assert server.problems() == []


def ask(server: Any, method: str, path: str, body: Any = None, *, token: str | None = None) -> tuple[int, Any]:
    """A request by hand; gives status and JSON."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    headers = {"Authorization": f"Bot {token or server.token}", "Content-Type": "application/json"}
    try:
        connection.request(method, f"/api/v10{path}", None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text else None
    finally:
        connection.close()
