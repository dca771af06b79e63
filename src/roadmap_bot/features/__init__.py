"""What people can do, one file each, and the one list of it from which every platform's commands follow."""

from __future__ import annotations

from roadmap_bot.core.command import Command
from roadmap_bot.features import about, browse, search, settings
from roadmap_bot.features.context import Context

COMMANDS: tuple[Command[Context], ...] = (
    search.ASK,
    search.PAPER,
    search.SEARCH,
    search.SIMILAR,
    browse.BROWSE,
    browse.SECTION,
    browse.NEXT,
    browse.RANDOM,
    about.SOURCES,
    about.ABOUT,
    about.HELP,
    about.WELCOME,
    settings.SETTINGS,
    settings.LANGUAGE,
)
"""What can be done anywhere."""

TERMINAL_COMMANDS = (*COMMANDS, about.QUIT)
"""What can be done in a chat that can be left."""
