"""Settings: the YAML file and the environment as one frozen record; a key that is unknown or wrong names its line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, is_dataclass
from pathlib import Path
from typing import Any, Final, NoReturn, get_type_hints
from urllib.parse import urlsplit

import msgspec

from roadmap_bot.core.errors import UserError

PREFIX = "ROADMAP_BOT_"
CONFIG_VARIABLE = "ROADMAP_BOT_CONFIG"
FILE_NAME = "roadmap-bot.yaml"
LEVELS = ("debug", "info", "warning", "error")
FORMATS = ("text", "json")
Key = tuple[str, ...]
_SECTION: Final = object()


@dataclass(frozen=True, slots=True)
class RoadmapSettings:
    """Which roadmap is served; None means the bundled one, and this system's cache folder."""

    folder: str | None = None
    cache: str | None = None


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """How the bot talks; `history` and `language` are the terminal's, "" is no history, None what the system says."""

    page_size: int = 8
    history: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class DiscordSettings:
    """Where Discord is reached; None is its own gateway."""

    api_url: str = "https://discord.com/api/v10"
    gateway_url: str | None = None


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """The public address at which Telegram delivers updates, None to fetch them; `listen` is what we bind to."""

    url: str | None = None
    listen: str = "127.0.0.1:8443"


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """Where Telegram is reached, and how fast it is written to in all."""

    api_url: str = "https://api.telegram.org"
    messages_per_second: int = 27
    webhook: WebhookSettings = field(default_factory=WebhookSettings)


@dataclass(frozen=True, slots=True)
class StateSettings:
    """The database of what people set and do; None is a file in this system's data folder."""

    url: str | None = None


@dataclass(frozen=True, slots=True)
class LogSettings:
    """What is logged, and how; a `level` of None is info for a bot that runs and warning for everything else."""

    level: str | None = None
    format: str = "text"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set."""

    roadmap: RoadmapSettings = field(default_factory=RoadmapSettings)
    chat: ChatSettings = field(default_factory=ChatSettings)
    discord: DiscordSettings = field(default_factory=DiscordSettings)
    telegram: TelegramSettings = field(default_factory=TelegramSettings)
    state: StateSettings = field(default_factory=StateSettings)
    log: LogSettings = field(default_factory=LogSettings)


def bundled(name: str) -> Path:
    """The folder `name` ("data", "config") that came with the package, or that of the checkout it runs from."""
    packed = Path(__file__).parent / "bundled" / name
    return packed if packed.is_dir() else Path(__file__).parents[2] / name


def load(path: Path | None, environment: Mapping[str, str]) -> Settings:
    """The settings from `path`, or the defaults without one, overridden by `environment`.

    Raises UserError, naming file and line or the variable, for what is unknown or of the wrong type.
    """
    values: dict[Key, Any] = {}
    origin: dict[Key, str] = {}
    if path:
        for key, (value, line) in _read(path).items():
            values[key], origin[key] = value, f"{path}:{line}"
    overridden = set()
    for name in sorted(environment):
        if name.startswith(PREFIX) and "__" in name:
            key = tuple(name.removeprefix(PREFIX).lower().split("__"))
            values[key] = _parsed(environment[name])
            origin[key] = name
            overridden.add(key)
    settings = Settings(**_built(Settings, (), values, origin, overridden))
    _check(settings, origin)
    return settings


def _parsed(text: str) -> Any:
    """A value from the environment: text, or nothing where it says so. What else it is, its setting knows."""
    return None if text.lower() in ("null", "none") else text


def _read(path: Path) -> dict[Key, tuple[Any, int]]:
    """The values of a file and their lines, by their path of keys; a section has its line and no value."""
    # Imported only where there is a file to read: most questions are asked without one, and wait for every import.
    import yaml

    try:
        text = path.read_text(encoding="utf-8")
        tree = yaml.compose(text, yaml.SafeLoader)
    except OSError as error:
        raise UserError(f"The configuration {path} cannot be read ({error.strerror}). Check the path.") from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        mark, position = getattr(error, "problem_mark", None), getattr(error, "position", None)
        line = mark.line + 1 if mark else None if position is None else text.count("\n", 0, position) + 1
        where = f"{path}:{line}" if line else str(path)
        raise UserError(f"{where}: this is not YAML. Compare it with the file that came with roadmap-bot.") from error

    def plain(key: Key, node: Any) -> Any:
        try:
            return yaml.safe_load(yaml.serialize(node))
        except (yaml.YAMLError, ValueError) as error:
            where = f"{path}:{node.start_mark.line + 1}"
            raise UserError(f"{where}: {'.'.join(key)} is no plain value. Write a word or a number.") from error

    def walk(above: Key, node: Any) -> None:
        for name, value in _pairs(node, path):
            key = (*above, name.value)
            line = name.start_mark.line + 1
            if len(key) == 1 or is_dataclass(_form(Settings, key)):
                found[key] = (_SECTION, line)
                walk(key, value)
            else:
                found[key] = (plain(key, value), line)

    found: dict[Key, tuple[Any, int]] = {}
    walk((), tree)
    return found


def _pairs(node: Any, path: Path) -> list[tuple[Any, Any]]:
    if node is None or (node.id == "scalar" and node.value in ("", "null", "~")):
        return []
    if node.id != "mapping":
        line = node.start_mark.line + 1
        raise UserError(
            f"{path}:{line}: expected a mapping of keys here. Compare it with the file that came with the bot."
        )
    seen: set[str] = set()
    for key, _ in node.value:
        line = key.start_mark.line + 1
        if key.id != "scalar":
            raise UserError(f"{path}:{line}: a key is a word. Compare it with the file that came with the bot.")
        if key.value in seen:
            raise UserError(f"{path}:{line}: the key {key.value!r} stands twice. Keep one of them.")
        seen.add(key.value)
    return list(node.value)


def _form(form: type, key: Key) -> type | None:
    """The type of the setting at `key` below `form`; None where there is none."""
    for name in key:
        if not is_dataclass(form):
            return None
        form = get_type_hints(form).get(name)  # type: ignore[assignment]
    return form


def _built(
    form: type, at: Key, values: Mapping[Key, Any], origin: Mapping[Key, str], overridden: Collection[Key]
) -> dict[str, Any]:
    """The arguments for the section `form` at the path `at`."""
    hints = get_type_hints(form)
    built: dict[str, Any] = {}
    for key, value in values.items():
        if key[: len(at)] != at or len(key) == len(at):
            continue
        name, here = key[len(at)], origin[key]
        if name not in hints:
            raise UserError(_unknown(name, at, hints, here))
        if is_dataclass(hints[name]):
            if len(key) == len(at) + 1 and value is not _SECTION:
                raise UserError(f"{here}: {'.'.join(key)} is a section. Set one of its keys instead.")
            inner = hints[name]
            built[name] = inner(**_built(inner, (*at, name), values, origin, overridden))
            continue
        if len(key) > len(at) + 1:
            raise UserError(f"{here}: there is no key {key[-1]!r} in {'.'.join(key[:-1])}, which is a plain value.")
        try:
            # A variable of the environment is always text, so "12" is a number there, and a folder may be "2024".
            built[name] = msgspec.convert(value, hints[name], strict=key not in overridden)
        except msgspec.ValidationError as error:
            problem = str(error).split(" - at ")[0].replace("`", "")
            raise UserError(f"{here}: {'.'.join(key)} is wrong: {problem}. Mend it and start again.") from error
    return built


def _unknown(name: str, at: Key, hints: Mapping[str, Any], here: str) -> str:
    if not at:
        return f"{here}: there is no section {name!r}; expected one of {', '.join(hints)}."
    return f"{here}: there is no key {name!r} in {'.'.join(at)}; expected one of {', '.join(sorted(hints))}."


def _check(settings: Settings, origin: Mapping[Key, str]) -> None:
    def refuse(key: Key, problem: str) -> NoReturn:
        name = ".".join(key)
        raise UserError(f"{origin.get(key, name)}: {name} must be {problem}.")

    chat, log = settings.chat, settings.log
    if not 1 <= chat.page_size <= 50:
        refuse(("chat", "page_size"), f"from 1 to 50, not {chat.page_size}")
    if log.level is not None and log.level not in LEVELS:
        refuse(("log", "level"), f"one of {', '.join(LEVELS)}, not {log.level!r}")
    if log.format not in FORMATS:
        refuse(("log", "format"), f"one of {', '.join(FORMATS)}, not {log.format!r}")
    if not 1 <= settings.telegram.messages_per_second <= 1_000:
        refuse(("telegram", "messages_per_second"), f"from 1 to 1000, not {settings.telegram.messages_per_second}")
    webhook = settings.telegram.webhook
    addresses: tuple[tuple[Key, str | None, tuple[str, ...]], ...] = (
        (("discord", "api_url"), settings.discord.api_url, ("http", "https")),
        (("discord", "gateway_url"), settings.discord.gateway_url, ("ws", "wss")),
        (("telegram", "api_url"), settings.telegram.api_url, ("http", "https")),
        (("telegram", "webhook", "url"), webhook.url, ("http", "https")),
    )
    for key, address, schemes in addresses:
        parts = urlsplit(address or f"{schemes[0]}://nowhere")
        if parts.scheme not in schemes or not parts.hostname:
            refuse(key, f"an address that starts with {' or '.join(f'{one}://' for one in schemes)}, not {address!r}")
    host, _, port = webhook.listen.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65_535:
        refuse(("telegram", "webhook", "listen"), f"a host and a port such as 127.0.0.1:8443, not {webhook.listen!r}")
