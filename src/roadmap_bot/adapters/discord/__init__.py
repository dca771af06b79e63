"""The Discord adapter: slash commands, mentions and direct messages in, messages made of components out."""

import warnings

with warnings.catch_warnings():
    # The library imports a module for sound that newer Pythons drop, for calls that this bot never makes.
    warnings.filterwarnings("ignore", message="'audioop' is deprecated", category=DeprecationWarning)
    import discord as _discord  # noqa: F401 - the first import of it must be this one

from roadmap_bot.adapters.discord.bot import DiscordBot

__all__ = ["DiscordBot"]
