"""The composition root: settings in, a working bot out. The only place that puts the parts together."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import hashlib
import logging
import os
import secrets
import sys
import tempfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path, user_config_path, user_data_path, user_state_path

from roadmap_bot import __version__
from roadmap_bot.app import logs
from roadmap_bot.app.tokens import read_tokens
from roadmap_bot.catalogue.reading import Catalogue, catalogue_path, digest_of
from roadmap_bot.catalogue.search import Search
from roadmap_bot.config import CONFIG_VARIABLE, FILE_NAME, Settings, bundled, load
from roadmap_bot.core.errors import UserError
from roadmap_bot.core.speech import ENGLISH
from roadmap_bot.engine import Engine
from roadmap_bot.features import COMMANDS, TERMINAL_COMMANDS
from roadmap_bot.features.context import Context
from roadmap_bot.translations import speech

if TYPE_CHECKING:
    from roadmap_bot.adapters import Adapter
    from roadmap_bot.core.command import Command
    from roadmap_bot.state.chats import Chats
    from roadmap_bot.state.database import Database

NAME = "roadmap-bot"
REFUSED = 2
_log = logging.getLogger(__name__)


def read_settings(path: Path | None, environment: Mapping[str, str]) -> Settings:
    """The settings from the file named, else the one in the environment, else the user's own, else the defaults."""
    named = path or (Path(environment[CONFIG_VARIABLE]) if environment.get(CONFIG_VARIABLE) else None)
    own = user_config_path(NAME) / FILE_NAME
    return load(named or (own if own.is_file() else None), environment)


def roadmap_folder(settings: Settings) -> Path:
    """The folder of the roadmap that is served."""
    return Path(settings.roadmap.folder).expanduser() if settings.roadmap.folder else bundled("data")


def catalogue_file(settings: Settings) -> Path:
    """Where the built catalogue of the roadmap is kept, whether it is there yet or not."""
    cache = Path(settings.roadmap.cache).expanduser() if settings.roadmap.cache else user_cache_path(NAME)
    if not settings.roadmap.cache and not _writable(cache):
        # A read-only home (a container, a service account) still has a place for temporary files.
        cache = Path(tempfile.gettempdir()) / f"{NAME}-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
    return catalogue_path(roadmap_folder(settings), cache)


def _writable(folder: Path) -> bool:
    existing = folder
    while not existing.exists() and existing != existing.parent:
        existing = existing.parent
    return os.access(existing, os.W_OK)


def build_catalogue(settings: Settings, *, force: bool = False) -> tuple[Path, bool]:
    """The built catalogue, made new only when the roadmap or the code that builds it has changed."""
    folder, target = roadmap_folder(settings), catalogue_file(settings)
    if not force and is_current(folder, target):
        return target, False
    # Imported here: building needs sqlite-utils and a dictionary, which a question must not wait for.
    from roadmap_bot.catalogue.building import build

    try:
        build(folder, target)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError(
            f"The catalogue cannot be written to {target} ({reason}). Set roadmap.cache to another folder."
        ) from error
    return target, True


def is_current(folder: Path, target: Path) -> bool:
    """Whether `target` was built from what is in `folder` now, by this code."""
    if not target.is_file() or not (folder / "roadmap.yaml").is_file():
        return False
    try:
        with Catalogue.open(target) as catalogue:
            return catalogue.digest == digest_of(folder)
    except UserError:
        return False


def open_catalogue(settings: Settings) -> Catalogue:
    """The catalogue, built first where it has to be."""
    return Catalogue.open(build_catalogue(settings)[0])


def make_engine(
    settings: Settings,
    catalogue: Catalogue,
    *,
    commands: tuple[Command[Context], ...] = TERMINAL_COMMANDS,
    chats: Chats | None = None,
) -> Engine:
    """The engine over an open catalogue, with all commands; `chats` is what is kept of each chat, if anything is."""
    context = Context(
        catalogue=catalogue,
        search=Search(catalogue),
        chance=secrets.randbelow,
        version=__version__,
        now=lambda: datetime.now(UTC),
        page_size=settings.chat.page_size,
        chats=chats,
        commands=commands,
    )
    return Engine(context, speech)


def settle(engine: Engine) -> None:
    """Readies a process that will answer for a long time: what it keeps for good is read now and never collected.

    Without this the garbage collector walks over all of it again and again, and of a large roadmap that takes longer
    than any question.
    """
    engine.context.search.warm()
    gc.collect()
    gc.freeze()


def run(settings: Settings, environment: Mapping[str, str]) -> int:
    """The bot on every platform it has a token for, until it is told to stop; the exit status."""
    tokens = read_tokens(environment)
    log(settings, serving=True, hide=tokens.values())
    logs.catch_all()
    # Imported here: the platforms' libraries are the slowest thing in the house to load.
    from roadmap_bot.app.serving import serve
    from roadmap_bot.state.chats import Chats
    from roadmap_bot.state.database import Database

    url = settings.state.url or f"sqlite:///{user_data_path(NAME) / 'state.sqlite'}"
    with contextlib.ExitStack() as opened:
        catalogue = opened.enter_context(open_catalogue(settings))
        database = opened.enter_context(contextlib.closing(Database.open(url)))
        engine = make_engine(settings, catalogue, commands=COMMANDS, chats=Chats(database))
        adapters = make_adapters(settings, tokens, engine, database)
        settle(engine)
        names = " and ".join(adapter.name for adapter in adapters)
        _log.info("roadmap_bot %s for %s, state in %s %s", __version__, names, database.engine_name, database.version)
        return 0 if asyncio.run(serve(adapters)) else REFUSED


def make_adapters(settings: Settings, tokens: Mapping[str, str], engine: Engine, database: Database) -> list[Adapter]:
    """An adapter for every platform that has a token."""
    adapters: list[Adapter] = []
    if "discord" in tokens:
        from roadmap_bot.adapters.discord import DiscordBot
        from roadmap_bot.state.marks import Marks

        adapters.append(
            DiscordBot(
                engine,
                token=tokens["discord"],
                api_url=settings.discord.api_url,
                gateway_url=settings.discord.gateway_url,
                marks=Marks(database),
                now=engine.context.now,
            )
        )
    if "telegram" in tokens:
        from roadmap_bot.adapters.telegram import TelegramBot

        adapters.append(
            TelegramBot(
                engine,
                token=tokens["telegram"],
                api_url=settings.telegram.api_url,
                per_second=settings.telegram.messages_per_second,
                webhook_url=settings.telegram.webhook.url,
                webhook_listen=settings.telegram.webhook.listen,
                database=database,
                now=engine.context.now,
                lock=_lock_file(tokens["telegram"]),
            )
        )
    return adapters


def _lock_file(token: str) -> Path:
    """The lock that a process holds while it fetches for this token, in a place that all of one user's share."""
    return user_state_path(NAME) / f"telegram-{hashlib.sha256(token.encode()).hexdigest()[:16]}.lock"


def terminal_language(settings: Settings, environment: Mapping[str, str]) -> str:
    """The language of the person at this terminal: as set, else as the system says."""
    named = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return settings.chat.language or next((name for name in named if name), ENGLISH)


def chat(settings: Settings, language: str) -> int:
    """The conversation in this terminal, until it ends; the exit status."""
    from roadmap_bot.adapters.terminal import TerminalChat, TerminalRenderer

    # A closed stream is None; then nobody looks at a screen.
    if all(stream and stream.isatty() for stream in (sys.stdin, sys.stderr)):
        _log_to_file(settings, user_state_path(NAME) / "log")
    with open_catalogue(settings) as catalogue:
        engine = make_engine(settings, catalogue)
        return TerminalChat(engine, TerminalRenderer(speech=speech), _history(settings), language).run()


def log(settings: Settings, *, serving: bool = False, hide: Iterable[str] = (), file: Path | None = None) -> None:
    """Sets up the log for a short verb, or for a bot that serves and has secrets to hide."""
    level = settings.log.level or ("info" if serving else "warning")
    logs.set_up(level, settings.log.format, secrets=hide, file=file)


def _log_to_file(settings: Settings, path: Path) -> None:
    """Keeps what is logged off the screen on which somebody is chatting."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        log(settings, file=path)


def _history(settings: Settings) -> Path | None:
    if settings.chat.history is None:
        return user_state_path(NAME) / "history"
    return Path(settings.chat.history).expanduser() if settings.chat.history else None
