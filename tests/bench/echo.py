"""The least a bot can do with each library: answer every question with its own words. What ours is measured against.

python -m tests.bench.echo discord|telegram ADDRESS TOKEN [GATEWAY]
"""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import Any

logging.disable(logging.CRITICAL)


async def discord(address: str, token: str, gateway: str) -> None:
    """A discord.py client with one slash command."""
    import discord
    import yarl
    from discord import app_commands
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = address, yarl.URL(gateway)

    class Echo(discord.Client):
        async def setup_hook(self) -> None:
            tree = app_commands.CommandTree(self)

            @tree.command(name="ask", description="Echo")
            async def ask(interaction: discord.Interaction, query: str) -> None:
                await interaction.response.send_message(query)

            globals()["discord_interaction"] = ask
            await tree.sync()

    async with Echo(intents=discord.Intents(guilds=True)) as client:
        await client.start(token)


async def telegram(address: str, token: str) -> None:
    """A python-telegram-bot application with one handler, updates handled concurrently."""
    from telegram import Update
    from telegram.ext import Application, MessageHandler, filters

    async def echo(update: Update, _context: Any) -> None:
        assert update.message
        assert update.message.text
        await update.message.reply_text(update.message.text)

    application = Application.builder().token(token).base_url(f"{address}/bot").concurrent_updates(64).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    async with application:
        await application.start()
        assert application.updater
        await application.updater.start_polling()
        await asyncio.Event().wait()


if __name__ == "__main__":
    platform, *arguments = sys.argv[1:]
    asyncio.run({"discord": discord, "telegram": telegram}[platform](*arguments))
