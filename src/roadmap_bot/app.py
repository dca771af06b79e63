"""The composition root: settings in, a working bot out. The only place that puts the parts together."""

from __future__ import annotations

import gc
import logging
import os
import secrets
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from platformdirs import user_cache_path, user_config_path, user_state_path

from roadmap_bot import __version__
from roadmap_bot.catalogue.reading import Catalogue, catalogue_path, digest_of
from roadmap_bot.catalogue.search import Search
from roadmap_bot.config import CONFIG_VARIABLE, FILE_NAME, Settings, bundled, load
from roadmap_bot.core.errors import UserError
from roadmap_bot.core.ports import Adapter
from roadmap_bot.engine import Engine
from roadmap_bot.features import COMMANDS
from roadmap_bot.features.context import Context

NAME = "roadmap-bot"
_LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def read_settings(path: Path | None, environment: Mapping[str, str]) -> Settings:
    """The settings from the file named, else the one in the environment, else the user's own, else the defaults."""
    named = path or (Path(environment[CONFIG_VARIABLE]) if environment.get(CONFIG_VARIABLE) else None)
    own = user_config_path(NAME) / FILE_NAME
    settings = load(named or (own if own.is_file() else None), environment)
    logging.basicConfig(level=settings.log.level.upper(), stream=sys.stderr, format=_LOG_FORMAT)
    return settings


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


def make_engine(settings: Settings, catalogue: Catalogue) -> Engine:
    """The engine over an open catalogue, with all commands."""
    context = Context(
        catalogue=catalogue,
        search=Search(catalogue),
        chance=secrets.randbelow,
        version=__version__,
        page_size=settings.chat.page_size,
        commands=COMMANDS,
    )
    return Engine(context)


def settle(engine: Engine) -> None:
    """Readies a process that will answer for a long time: what it keeps for good is read now and never collected.

    Without this the garbage collector walks over all of it again and again, and of a large roadmap that takes longer
    than any question.
    """
    engine.context.search.warm()
    gc.collect()
    gc.freeze()


def chat(settings: Settings) -> int:
    """The conversation in this terminal, until it ends; the exit status."""
    from roadmap_bot.adapters.terminal import TerminalChat, TerminalRenderer

    # A closed stream is None; then nobody looks at a screen.
    if all(stream and stream.isatty() for stream in (sys.stdin, sys.stderr)):
        _log_to_file(user_state_path(NAME) / "log")
    with open_catalogue(settings) as catalogue:
        adapter: Adapter = TerminalChat(make_engine(settings, catalogue), TerminalRenderer(), _history(settings))
        return adapter.run()


def _log_to_file(path: Path) -> None:
    """Keeps what is logged off the screen on which somebody is chatting."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.FileHandler(path, encoding="utf-8", delay=True)
    except OSError:
        return
    handler.setFormatter(logging.Formatter(_LOG_FORMAT))
    logging.basicConfig(level=logging.getLogger().level, handlers=[handler], force=True)


def _history(settings: Settings) -> Path | None:
    if settings.chat.history is None:
        return user_state_path(NAME) / "history"
    return Path(settings.chat.history).expanduser() if settings.chat.history else None
