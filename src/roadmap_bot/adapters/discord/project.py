"""Turns the bot's commands into Discord's: slash commands with typed options, completion, names in each language."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any, Final

import discord
from discord import app_commands
from discord.app_commands import Choice, Range, locale_str

from roadmap_bot.adapters.discord.buttons import short
from roadmap_bot.core.command import Argument, Command
from roadmap_bot.core.speech import ENGLISH, Sentence, Speech, sentence
from roadmap_bot.core.wording import utf16
from roadmap_bot.engine import LONGEST_ARGUMENT, Engine
from roadmap_bot.features.suggest import suggest

FIND: Final = sentence("Find on the roadmap")
"""The entry in the menu of a message."""

# Discord API docs, Application Commands: naming, option and choice limits.
_NAME = re.compile(r"[-_'\w]{1,32}")
_DESCRIPTION = 100
MOST_CHOICES: Final = 25
_CHOICE = 100
_LAST_PAGE = 99
_COMPLETED = ("title", "section", "command")

Interaction = discord.Interaction[Any]
Answer = Callable[[Interaction, str, tuple[str, ...]], Awaitable[None]]
"""Answers a command with its arguments."""
Find = Callable[[Interaction, discord.Message], Awaitable[None]]
Slash = app_commands.Command[Any, ..., None]


def slash_commands(engine: Engine, answer: Answer) -> list[Slash]:
    """A slash command for every command that people type."""
    shown = [command for command in engine.context.commands if not command.hidden]
    names = [command.name for command in shown]
    return [_slash(engine, command, answer, names) for command in shown]


def find_menu(find: Find) -> app_commands.ContextMenu:
    """The entry in the menu of a message that looks its text up."""

    async def callback(interaction: Interaction, message: discord.Message) -> None:
        await find(interaction, message)

    # The library reads annotations where the function was written, and these are only names there.
    callback.__annotations__ = {"interaction": discord.Interaction, "message": discord.Message, "return": None}
    return app_commands.ContextMenu(name=_localised(str(FIND), FIND), callback=callback)


class Translations(app_commands.Translator):
    """Says names and descriptions in the languages of the bot; what Discord would refuse as a name stays English."""

    def __init__(self, speech: Callable[[str], Speech]) -> None:
        self._speech = speech

    async def translate(
        self,
        string: locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,  # noqa: ARG002 - what to do is known from the string itself
    ) -> str | None:
        """The string in the language of `locale`, or None where English is right."""
        say = self._speech(str(locale))
        if say.locale == ENGLISH:
            return None
        unsaid = string.extras.get("sentence")
        if isinstance(unsaid, Sentence):
            return short(say.say(unsaid), 32) or None
        beside = string.extras.get("beside")
        if beside is None:
            said = short(say(string.message), _DESCRIPTION)
            return said if said != string.message else None
        return _name(say, string.message, beside)


async def payload_of(tree: app_commands.CommandTree[Any], translations: Translations) -> list[dict[str, Any]]:
    """What the library would register, in all languages."""
    commands = tree.get_commands()
    return [await command.get_translated_payload(tree, translations) for command in commands]


def digest_of(payload: Sequence[dict[str, Any]]) -> str:
    """A short text that changes when any command does."""
    return sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()


def arguments_of(values: Sequence[object]) -> tuple[str, ...]:
    """The values of a command's options in their order as the engine takes them, without those left out at the end."""
    args = ["" if value is None else str(value) for value in values]
    while args and not args[-1]:
        args.pop()
    return tuple(args)


def choices(engine: Engine, argument: Argument, text: str, locale: str) -> list[Choice[str]]:
    """What to offer for an argument while it is typed."""
    context = replace(engine.context, say=engine.speech(locale))
    found: dict[str, Choice[str]] = {}
    for one in suggest(context, argument.kind, text, MOST_CHOICES):
        full = f"{one.title} · {one.detail}" if one.detail else one.title
        # Half a detail says nothing; the title alone may have to be cut as well.
        name = short(full if utf16(full) <= _CHOICE else one.title, _CHOICE)
        value = one.value if 0 < utf16(one.value) <= _CHOICE else short(one.title, _CHOICE)
        if name and value:
            found.setdefault(value, Choice(name=name, value=value))
    return list(found.values())[:MOST_CHOICES]


def _slash(engine: Engine, command: Command[Any], answer: Answer, names: Collection[str]) -> Slash:
    async def callback(interaction: Interaction, **options: object) -> None:
        values = [options.get(_parameter(argument.name)) for argument in command.arguments]
        await answer(interaction, command.name, arguments_of(values))

    # The library learns the options from a signature; Python wants those without a default first.
    ordered = sorted(command.arguments, key=lambda argument: not argument.required)
    parameters = [
        inspect.Parameter(
            _parameter(argument.name),
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=inspect.Parameter.empty if argument.required else None,
            annotation=_annotation(argument),
        )
        for argument in ordered
    ]
    first = inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=discord.Interaction)
    callback.__signature__ = inspect.Signature([first, *parameters])  # type: ignore[attr-defined]
    beside = [argument.name for argument in command.arguments]
    described = {_parameter(one.name): locale_str(short(one.about, _DESCRIPTION)) for one in ordered}
    renamed = {_parameter(one.name): locale_str(one.name, beside=beside) for one in ordered}
    completed = {_parameter(one.name): _completer(engine, one) for one in ordered if one.kind in _COMPLETED}
    decorated: Any = callback
    for decorate, given in (
        (app_commands.describe, described),
        (app_commands.rename, renamed),
        (app_commands.autocomplete, completed),
    ):
        decorated = decorate(**given)(decorated) if given else decorated
    return app_commands.Command(
        name=locale_str(command.name, beside=names),
        description=locale_str(short(command.about, _DESCRIPTION)),
        callback=decorated,
        auto_locale_strings=False,
    )


def _parameter(name: str) -> str:
    """The name of an argument as a parameter of a function."""
    return f"given_{name.replace('-', '_')}"


def _annotation(argument: Argument) -> Any:
    wanted: Any = Range[int, 1, _LAST_PAGE] if argument.kind == "number" else Range[str, 1, LONGEST_ARGUMENT]
    return wanted if argument.required else wanted | None


def _completer(engine: Engine, argument: Argument) -> Callable[[Interaction, str], Awaitable[list[Choice[str]]]]:
    async def complete(interaction: Interaction, text: str) -> list[Choice[str]]:
        # In place: it takes a millisecond, and a thread would take as long to wake.
        return choices(engine, argument, text, str(interaction.locale))

    return complete


def _localised(shown: str, unsaid: Sentence) -> locale_str:
    return locale_str(shown, sentence=unsaid)


def _name(say: Speech, word: str, beside: Collection[str]) -> str | None:
    """`word` in another language, if Discord takes it as a name and no other beside it is called so."""
    said = say.name(word)
    taken = {say.name(other) for other in beside if other != word}
    fit = bool(_NAME.fullmatch(said)) and said == said.lower() and utf16(said) <= 32
    return said if fit and said != word and said not in taken else None
