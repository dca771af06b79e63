"""Tab completion in the terminal chat, from the same ranked pool that answers questions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from roadmap_bot.core.command import ArgumentKind
from roadmap_bot.core.speech import ENGLISH
from roadmap_bot.engine import Engine
from roadmap_bot.features.suggest import suggest

_MOST = 12


class RoadmapCompleter(Completer):
    """Completes commands after a slash, and titles and sections everywhere else."""

    def __init__(self, engine: Engine, language: str = ENGLISH) -> None:
        self._engine = engine
        self._context = replace(engine.context, say=engine.speech(language))

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:  # noqa: ARG002
        """Completions for the line up to the cursor."""
        line = document.text_before_cursor
        if line.startswith("/") and " " not in line:
            yield from self._commands(line[1:])
            return
        kind: ArgumentKind = "title"
        text = line
        if line.startswith("/"):
            name, _, text = line[1:].partition(" ")
            command = self._engine.commands.get(name.lower())
            kind = command.arguments[0].kind if command and command.arguments else "text"
        if kind == "command":
            yield from self._commands(text)
        elif text.strip():
            for one in suggest(self._context, kind, text, _MOST):
                yield Completion(one.title, start_position=-len(text), display_meta=one.detail)

    def _commands(self, start: str) -> Iterable[Completion]:
        for one in suggest(self._context, "command", start, len(self._engine.commands)):
            yield Completion(one.value, start_position=-len(start), display_meta=one.detail)
