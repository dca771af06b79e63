"""The conversation in a terminal: reads lines, presses what numbers and labels name, shows replies."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from roadmap_bot.adapters.terminal.render import TerminalRenderer, choices, first_choice
from roadmap_bot.core.action import Action, Visit
from roadmap_bot.core.command import Request
from roadmap_bot.core.reply import Card, Listing, Notice, Reply, Span
from roadmap_bot.core.speech import ENGLISH
from roadmap_bot.engine import Engine

if TYPE_CHECKING:
    from prompt_toolkit.history import History

_PROMPT = "› "
_SEPARATORS = (": ", "：")


class TerminalChat:
    """An adapter for one person at a terminal, or for a program that writes lines into a pipe."""

    def __init__(
        self, engine: Engine, renderer: TerminalRenderer, history: Path | None = None, language: str = ENGLISH
    ) -> None:
        self._engine = engine
        self._language = language
        self._say = engine.speech(language)
        self._renderer = renderer
        self._history = history
        # Every conversation stands somewhere of its own on the roadmap.
        self._chat = f"terminal-{id(self):x}"
        self._last: Reply | None = None

    def run(self) -> int:
        """Chats until the person leaves or the input ends; 0."""
        if sys.stdin is None:  # closed by whoever started us: there is nothing to read
            return 0
        interactive = sys.stdin.isatty() and self._renderer.interactive
        if interactive:
            self._greet()
        for line in self._typed() if interactive else _piped():
            if line.strip():
                reply = self.answer(line)
                self._renderer.show(reply)
                if reply.ends:
                    break
        return 0

    def answer(self, line: str) -> Reply:
        """The reply to a line: a number or a label presses a choice of the last reply, everything else is read."""
        pressed = self._pressed(line.strip())
        if isinstance(pressed, Reply):
            return pressed
        if isinstance(pressed, Visit):
            return Reply(Notice(((Span(f"{pressed.label}: "), Span(pressed.url, url=pressed.url)),)))
        command, args = (pressed.command, pressed.args) if pressed else self._engine.read(line)
        reply = self._engine.handle(Request(command, args, "terminal", self._chat, self._language, admin=True))
        if reply.actions or isinstance(reply.body, Card | Listing):
            self._last = reply
        return reply

    def _pressed(self, text: str) -> Action | Visit | Reply | None:
        last = self._last
        if last is None:
            return None
        offered = choices(last)
        first = first_choice(last)
        if text.isdecimal() and len(text) < 5:
            number = int(text)
            chosen = offered[number - first] if first <= number < first + len(offered) else None
            if chosen:
                return chosen
            numbers = [place for place, choice in enumerate(offered, first) if choice]
            if numbers and number < 1000:
                sentence = self._say(
                    "There is no choice {number} here. Type a number from {first} to {last}, or ask anything.",
                    number=number,
                    first=numbers[0],
                    last=numbers[-1],
                )
                return Reply(Notice((sentence,), "error"))
            return None
        for action in last.actions:
            # "up" presses "Up: Prompting", as far as no command is called so.
            label = action.label.casefold()
            names = {label, *(label.split(separator)[0] for separator in _SEPARATORS)}
            command = self._engine.commands.get(text.casefold())
            if text.casefold() in names and (command is None or command.hidden):
                return action
        return None

    def _greet(self) -> None:
        catalogue = self._engine.context.catalogue
        works = self._say.count(len(catalogue.resource_ids()), "{number} work", "{number} works")
        lines = (
            self._say("{works} at hand. Ask for a title, a name or a topic.", works=works),
            self._say("A number presses a button, Tab completes, /help lists commands, /quit leaves."),
        )
        self._renderer.show(Reply(Notice(lines, title=catalogue.title)))

    def _typed(self) -> Iterator[str]:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.enums import EditingMode

        from roadmap_bot.adapters.terminal.completion import RoadmapCompleter

        session: PromptSession[str] = PromptSession(
            history=self._opened_history(),
            completer=RoadmapCompleter(self._engine, self._language),
            complete_while_typing=False,
            editing_mode=EditingMode.EMACS,
        )
        while True:
            try:
                yield session.prompt(_PROMPT)
            except KeyboardInterrupt:
                continue
            except EOFError:
                return

    def _opened_history(self) -> History:
        from prompt_toolkit.history import FileHistory, InMemoryHistory

        if self._history is None:
            return InMemoryHistory()

        class KeptHistory(FileHistory):
            """A history file that a full disk cannot turn against the chat."""

            def store_string(self, string: str) -> None:
                with contextlib.suppress(OSError):
                    super().store_string(string)

        try:
            self._history.parent.mkdir(parents=True, exist_ok=True)
            self._history.touch(mode=0o600)
            with self._history.open("ab"):
                return KeptHistory(self._history)
        except OSError:
            # A home that cannot be written to is no reason not to chat.
            return InMemoryHistory()


def _piped(read: Callable[[], bytes] | None = None) -> Iterator[str]:
    """Lines of standard input, whatever bytes they hold."""
    read = read or sys.stdin.buffer.readline
    while line := read():
        yield line.decode("utf-8", errors="replace")
