"""Sets up what is logged: one format for people, one for programs, and no secret in either, at any level."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

_TEXT = "%(asctime)s %(levelname)s %(name)s %(message)s"
_FACTS = ("platform", "command", "outcome", "milliseconds")
# What a Telegram token looks like, also inside an address, and whatever follows "Bot " in a header of Discord.
_SHAPES = re.compile(r"(?<!\d)\d{6,}:[A-Za-z0-9_-]{30,}|(?<=Bot )[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_.-]{20,}")
_HIDDEN = "[token]"
# These write whole addresses and payloads, tokens and people's words included, or what no operator needs.
_TALKATIVE = (
    "alembic",
    "httpx",
    "httpcore",
    "telegram",
    "discord.http",
    "discord.gateway",
    "discord.webhook",
    "discord.state",
)


class Redacting(logging.Formatter):
    """Formats as another formatter does and then hides secrets, in tracebacks too."""

    def __init__(self, inner: logging.Formatter, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        """The line without secrets."""
        line = self._inner.format(record)
        for secret in self._secrets:
            line = line.replace(secret, _HIDDEN)
        return _SHAPES.sub(_HIDDEN, line)


def set_up(level: str, form: str = "text", *, secrets: Iterable[str] = (), file: Path | None = None) -> None:
    """Logs from `level` up to standard error, or to a file. Replaces what was set up before."""
    inner: logging.Formatter = logging.Formatter(_TEXT)
    if form == "json":
        # Imported here: no question waits for it.
        from pythonjsonlogger.json import JsonFormatter

        inner = JsonFormatter(
            "%(asctime)s %(levelname)s %(name)s %(message)s",
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
        )
    handler: logging.Handler
    handler = logging.FileHandler(file, encoding="utf-8", delay=True) if file else logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacting(inner, secrets))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def catch_all() -> None:
    """Sends what nobody caught through the log as well, where secrets are hidden, instead of straight to the screen."""
    log = logging.getLogger("roadmap_bot")

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.critical("ended by an error", exc_info=(kind, error, trace))

    sys.excepthook = hook
    logging.captureWarnings(capture=True)
