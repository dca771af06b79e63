"""What a chat can set for itself: today the language of the answers."""

from __future__ import annotations

from roadmap_bot.core.action import Action
from roadmap_bot.core.command import Argument, Command, Request
from roadmap_bot.core.errors import UserError
from roadmap_bot.core.reply import Notice, Reply, Span
from roadmap_bot.features.context import Context

# Each language is called what its readers call it, whatever language the question about it is asked in.
LANGUAGES = {"en": "English", "zh-CN": "简体中文"}
_AUTOMATIC = "auto"


def settings(context: Context, request: Request) -> Reply:
    """How this chat is set, and buttons to change it."""
    say = context.say
    if context.chats is None:
        sentence = say("Here the language is that of your system. Set chat.language in the configuration to change it.")
        return Reply(Notice((sentence,), title=say("Settings")), private=True)
    chosen = context.chats.get(request.platform, request.chat).language
    shown = LANGUAGES.get(chosen or "", say("as each reader's app is set"))
    lines = [say.text("Language of the answers: {language}", language=Span(shown, "strong"))]
    if not request.admin:
        lines.append((Span(say("Those who manage this chat can change it with /settings.")),))
        return Reply(Notice(tuple(lines), title=say("Settings")), private=True)
    ways = [Action(name, "language", (tag,)) for tag, name in LANGUAGES.items() if tag != chosen]
    if chosen:
        ways.append(Action(say("As each reader's app is set"), "language", (_AUTOMATIC,)))
    return Reply(Notice(tuple(lines), title=say("Settings")), tuple(ways), private=True)


def language(context: Context, request: Request) -> Reply:
    """Sets the language of a chat; what is said of it is said in that language from the next reply on."""
    wanted = request.args[0] if request.args else ""
    if context.chats is None or wanted not in (*LANGUAGES, _AUTOMATIC):
        raise UserError("That is no language I know. Type /settings to see which there are.")
    kept = None if wanted == _AUTOMATIC else wanted
    context.chats.set_language(request.platform, request.chat, kept, context.now())
    confirmed = {"en": "From now on I answer in English here.", "zh-CN": "从现在起，我在这里用中文回答。"}
    sentence = confirmed.get(wanted) or context.say("From now on I answer each reader in the language of their app.")
    return Reply(Notice((sentence,)), private=True)


SETTINGS = Command("settings", "How the bot behaves in this chat", "settings", settings, knows_admins=True)
LANGUAGE = Command(
    "language",
    "Set the language of this chat",
    "language zh-CN",
    language,
    (Argument("language", "A language tag", "text", required=True),),
    hidden=True,
    for_admins=True,
)
