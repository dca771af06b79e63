"""Finds the tokens of the platforms: in the environment or in the files it names, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from roadmap_bot.core.errors import UserError

PLATFORMS = ("discord", "telegram")
NOTHING_TO_RUN = (
    "There is no token yet, so there is nothing to run: put the one from the Bot page of your application in Discord's "
    "developer portal into DISCORD_TOKEN, or the one that @BotFather gives you on Telegram into TELEGRAM_TOKEN (or "
    "their files into DISCORD_TOKEN_FILE and TELEGRAM_TOKEN_FILE); `make chat` works without any."
)


def read_tokens(environment: Mapping[str, str]) -> dict[str, str]:
    """The token of each platform that has one; raises UserError when none has, or when one cannot be read."""
    found = {platform: _token(platform, environment) for platform in PLATFORMS}
    tokens = {platform: token for platform, token in found.items() if token}
    if not tokens:
        raise UserError(NOTHING_TO_RUN)
    return tokens


def _token(platform: str, environment: Mapping[str, str]) -> str:
    name = f"{platform.upper()}_TOKEN"
    where, token = name, environment.get(name, "").strip()
    path = environment.get(f"{name}_FILE", "").strip()
    if not token and path:
        where, token = f"The file named by {name}_FILE", _read(Path(path).expanduser(), f"{name}_FILE")
        if not token:
            raise UserError(f"{where} ({path}) is empty. Write the token of your bot into it.")
    # Whatever stands there, it is a secret: the sentence does not repeat it.
    if not token.isprintable() or not token.isascii() or " " in token:
        raise UserError(f"{where} holds something that is no token. Copy the token of your bot again, nothing else.")
    return token


def _read(path: Path, variable: str) -> str:
    try:
        with path.open("rb") as stream:
            return stream.read(4_096).decode("utf-8-sig").strip()
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError(f"{variable} names {path}, which cannot be read ({reason}). Check the path.") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{variable} names {path}, which is no text. Write the token of your bot into it.") from error
