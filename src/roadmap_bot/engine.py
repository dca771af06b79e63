"""Turns every request into a reply: finds the command, guards it, runs it, and turns errors into something of use."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from roadmap_bot.core.action import decode
from roadmap_bot.core.command import Command, Request
from roadmap_bot.core.errors import BadToken, UserError
from roadmap_bot.core.reply import Notice, Reply
from roadmap_bot.core.speech import Speech
from roadmap_bot.features.context import Context

_log = logging.getLogger(__name__)
_SHOWN_COMMAND = 40
# Longer than anything a person asks; a whole page pasted into a chat is cut here, before anybody looks at it.
LONGEST_ARGUMENT = 2_000
_MOST_ARGUMENTS = 32
# Where people stand is a convenience, not a fact worth a database: the last so many are remembered.
_REMEMBERED = 10_000


class Engine:
    """Answers requests. Ordinary synchronous code, safe to call from several threads.

    `speech` finds the language for a tag; without it everything is said in English.
    """

    def __init__(self, context: Context, speech: Callable[[str], Speech] = Speech) -> None:
        self.context = context
        self.speech = speech
        self.commands: dict[str, Command[Context]] = {}
        self._places: OrderedDict[tuple[str, str, str], str] = OrderedDict()
        self._placing = threading.Lock()
        for command in context.commands:
            for name in (command.name, *command.names):
                if name in self.commands:
                    raise ValueError(f"two commands are called {name!r}")
                self.commands[name] = command

    def read(self, line: str) -> tuple[str, tuple[str, ...]]:
        """The command and arguments of a typed line.

        "/search lora" runs `search`; the slash may be left out of a line that is nothing but a command's name; any
        other line is a question.
        """
        text = line[:LONGEST_ARGUMENT].strip()
        if text.startswith("/"):
            name, *rest = text[1:].split(maxsplit=1) or ("",)
            return name.lower(), tuple(rest)
        if text.lower() in self.commands:
            return text.lower(), ()
        return "ask", (text,)

    def press(self, token: str, request: Request) -> Reply:
        """The reply to a pressed button; `request` tells by whom and where."""
        try:
            command, args = decode(token)
        except BadToken as error:
            return self._answer(replace(request, command="press"), error)
        return self.handle(replace(request, command=command, args=args))

    def handle(self, request: Request) -> Reply:
        """The reply to a request. Never raises: what went wrong on our side is logged, and said without details."""
        return self._answer(request)

    def speech_in(self, platform: str, chat: str, locale: str) -> Speech:
        """The language for a chat: the one it has chosen, else that of the reader's client."""
        chats = self.context.chats
        chosen = chats.get(platform, chat).language if chats and chat else None
        return self.speech(chosen or locale)

    def _answer(self, request: Request, refused: UserError | None = None) -> Reply:
        started = time.perf_counter()
        outcome, say = "answered", self.speech(request.locale)
        try:
            say = self.speech_in(request.platform, request.chat, request.locale)
            if refused:
                raise refused
            reply = self._run(self._placed(request), say)
            self._remember(request, reply)
        except UserError as error:
            outcome, reply = "refused", _sorry(say(error.template, **error.values))
        except Exception:
            outcome = "failed"
            _log.exception("command %s failed", self._named(request))
            reply = _sorry(
                say("Something went wrong on our side; it has been written to the log. Try it again in other words.")
            )
        taken = (time.perf_counter() - started) * 1000
        facts = {"platform": request.platform, "command": self._named(request), "outcome": outcome}
        _log.info("%s %s %s in %.1f ms", *facts.values(), taken, extra={**facts, "milliseconds": round(taken, 1)})
        return replace(reply, language=say.locale)

    def _named(self, request: Request) -> str:
        """The command as the log may show it: a name that is none is anybody's text and stays out."""
        return request.command if request.command in (*self.commands, "press") else "unknown"

    def _run(self, request: Request, say: Speech) -> Reply:
        command = self.commands.get(request.command)
        if command is None:
            shown = request.command[:_SHOWN_COMMAND]
            raise UserError("There is no command “{name}”. Type /help to see all of them, or just ask.", name=shown)
        if command.for_admins and not request.admin:
            raise UserError("Only those who manage this chat can change that. Ask one of them to do it.")
        return command.run(replace(self.context, say=say), request)

    def _placed(self, request: Request) -> Request:
        """The request cut to a sane size, and with the place where the person stands."""
        args = tuple(argument[:LONGEST_ARGUMENT] for argument in request.args[:_MOST_ARGUMENTS])
        here = request.here or self._places.get((request.platform, request.chat, request.who))
        return replace(request, args=args, here=here)

    def _remember(self, request: Request, reply: Reply) -> None:
        if reply.here is None or not request.who:
            return
        with self._placing:
            self._places[request.platform, request.chat, request.who] = reply.here
            self._places.move_to_end((request.platform, request.chat, request.who))
            if len(self._places) > _REMEMBERED:
                self._places.popitem(last=False)


def _sorry(sentence: str) -> Reply:
    return Reply(Notice((sentence,), "error"), private=True)
