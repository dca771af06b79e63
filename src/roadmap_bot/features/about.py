"""What the bot says of itself: help, about, sources, and good-bye."""

from __future__ import annotations

from roadmap_bot.core.action import Action
from roadmap_bot.core.command import Argument, Command, Request
from roadmap_bot.core.errors import UserError
from roadmap_bot.core.reply import Entry, Field, Listing, Notice, Reply, Span, Text
from roadmap_bot.features.context import Context


def help_(context: Context, request: Request) -> Reply:
    """All commands, or one in detail."""
    say = context.say
    name = request.args[0].strip().lstrip("/").lower() if request.args else ""
    if name:
        return _one(context, name)
    lines = (
        say("Type a title, a name such as LoRA, or a question in your own words."),
        say("Or use a command; /help search tells more about one."),
    )
    shown = [command for command in context.commands if not command.hidden]
    fields = tuple(Field(f"/{command.name}", say(command.about)) for command in shown)
    return Reply(Notice(lines, title=say("What you can do"), fields=fields), private=True)


def _one(context: Context, name: str) -> Reply:
    command = next((one for one in context.commands if name in (one.name, *one.names)), None)
    if command is None or command.hidden:
        raise UserError("There is no command “{name}”. Type /help to see all of them.", name=name[:40])
    say = context.say
    fields = []
    for argument in command.arguments:
        text = say(argument.about)
        text = text if argument.required else say("{about} (may be left out)", about=text)
        fields.append(Field(say.name(argument.name), text))
    example = Field(say("For example"), (Span(f"/{command.example}", "code"),))
    about_it = say("{about}.", about=say(command.about))
    return Reply(Notice((about_it,), title=f"/{command.name}", fields=(*fields, example)), private=True)


def about(context: Context, _request: Request) -> Reply:
    """What this bot and its roadmap are."""
    catalogue = context.catalogue
    say = context.say
    works = say.count(len(catalogue.resource_ids()), "{number} work", "{number} works")
    chapters = say.count(len(catalogue.chapters()), "{number} chapter", "{number} chapters")
    below = sum(1 for section in catalogue.sections.values() if section.parent)
    sections = say.count(below, "{number} section", "{number} sections")
    asked = say.count(len(catalogue.questions()), "{number} question", "{number} questions")
    holds = say("{works} in {chapters} and {sections}.", works=works, chapters=chapters, sections=sections)
    lines: list[Text] = [catalogue.about] if catalogue.about else []
    lines.append(holds)
    if catalogue.questions():
        lines.append(say("{questions} to test yourself.", questions=asked))
    version = say("roadmap_bot {version}.", version=context.version)
    ways = say("Type /help to see what you can do, /sources to see where all this is from.")
    lines.append(f"{version} {ways}")
    return Reply(Notice(tuple(lines), title=catalogue.title), (Action(say("Browse the roadmap"), "browse"),))


def sources(context: Context, _request: Request) -> Reply:
    """The documents the roadmap was made from."""
    documents = context.catalogue.documents
    if not documents:
        raise UserError("This roadmap names no source documents. Type /about to see what it says of itself.")
    entries = tuple(Entry(document.title, "", document.about) for document in documents)
    say = context.say
    introduction = say("Titles, names, dates and links are from these documents; every sentence is the roadmap's own.")
    return Reply(Listing(say("Where the roadmap comes from"), entries, len(entries), introduction=(introduction,)))


def welcome(context: Context, _request: Request) -> Reply:
    """The first words to somebody new."""
    catalogue, say = context.catalogue, context.say
    works = say.count(len(catalogue.resource_ids()), "{number} work", "{number} works")
    lines = (
        say(
            "I know the roadmap “{title}”: {works}, each with what it is and where it sits.",
            title=catalogue.title,
            works=works,
        ),
        say("Ask me for a title, a name such as LoRA, or a topic in your own words."),
    )
    ways = (
        Action(say("Browse the roadmap"), "browse"),
        Action(say("Where to start"), "next"),
        Action(say("Something at random"), "random"),
        Action(say("What you can do"), "help"),
    )
    return Reply(Notice(lines, title=say("Welcome")), ways)


def quit_(context: Context, _request: Request) -> Reply:
    """Leaves a chat that can be left."""
    return Reply(Notice((context.say("Good-bye."),)), ends=True)


HELP = Command(
    "help", "What you can do here", "help search", help_, (Argument("command", "A command to read about", "command"),)
)
ABOUT = Command("about", "What this bot and its roadmap are", "about", about)
SOURCES = Command("sources", "The documents the roadmap was made from", "sources", sources)
WELCOME = Command("start", "The first words to somebody new", "start", welcome, hidden=True)
QUIT = Command("quit", "Leave the chat", "quit", quit_, names=("exit", "bye", "q"))
