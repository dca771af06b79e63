"""What the gallery shows: what people ask the bot on each platform, and the messages as they are sent to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from random import Random
from typing import Any, Final, Literal, assert_never

from tests.gallery.discord_page import BOT, COMPONENTS_V2, EPHEMERAL
from tests.samples import HOSTILE, REQUESTS

from roadmap_bot.adapters.discord.project import MOST_CHOICES, choices
from roadmap_bot.adapters.discord.render import DiscordRenderer
from roadmap_bot.adapters.telegram.inline import inline_answer
from roadmap_bot.adapters.telegram.render import alert, render
from roadmap_bot.app import make_engine
from roadmap_bot.catalogue.reading import Catalogue
from roadmap_bot.config import Settings
from roadmap_bot.core.command import Request
from roadmap_bot.core.reply import Body, Card, Entry, Listing, Notice, Reply, plain
from roadmap_bot.engine import Engine
from roadmap_bot.features import COMMANDS
from roadmap_bot.state.chats import Chats

Platform = Literal["discord", "telegram"]
Form = Literal["message", "choices", "inline", "alert"]
TODAY: Final = date(2026, 3, 2)
_NOW: Final = datetime(2026, 3, 2, 10, 24, tzinfo=UTC)
_CHINESE: Final = "zh-CN"
_TRICKS: Final = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> &amp; </div>",
    "# heading **bold** ||hidden|| [link](https://evil.example) <@1234567890> @everyone :smile: <t:0:R>",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One picture: what somebody did, and what the platform was sent for it.

    `asked` is the command or the words that were typed, "" for a press; `payload` the body of the message, of the
    choices, or of the answer to an inline query; `words` are texts a reader must find in it. In a `group` the answer
    stands among other people's messages.
    """

    name: str
    platform: Platform
    asked: str
    payload: dict[str, Any]
    form: Form = "message"
    group: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A reply that both platforms get, and how it was asked for on each."""

    name: str
    request: Request
    discord: str
    telegram: str
    group: bool = False


def gallery_engine(catalogue: Catalogue, chats: Chats) -> Engine:
    """The engine as it runs on the platforms, with the same chance and the same time in every run."""
    engine = make_engine(Settings(), catalogue, commands=COMMANDS, chats=chats)
    return Engine(replace(engine.context, chance=Random(20_24).randrange, now=lambda: _NOW), engine.speech)


def scenes(engine: Engine) -> list[Scene]:
    """All of them, in the order in which a newcomer would meet them."""
    discord = DiscordRenderer(engine.speech, [chapter.slug for chapter in engine.context.catalogue.chapters()])
    found: list[Scene] = []
    for one in _requests(engine):
        on_discord = engine.handle(replace(one.request, platform="discord"))
        on_telegram = engine.handle(replace(one.request, platform="telegram"))
        found.append(_on_discord(one.name, one.discord, on_discord, discord))
        found.append(_on_telegram(one.name, one.telegram, on_telegram, engine, group=one.group))
    forged = engine.press("1_section_gone-since", Request(""))
    hostile = Reply(_hostile())
    for name, asked, reply in (("error-pressed", "", forged), ("hostile", "what is this", hostile)):
        found.append(_on_discord(name, asked and f"@{BOT} {asked}", reply, discord))
        found.append(_on_telegram(name, asked, reply, engine))
    for name, typed, locale in (("empty", "", "en-US"), ("english", "lor", "en-US"), ("chinese", "扩散", _CHINESE)):
        found.append(_choices(engine, f"completion-{name}", typed, locale))
    for name, typed, locale in (("empty", "", "en"), ("english", "diffusion", "en"), ("chinese", "扩散模型", _CHINESE)):
        found.append(_inline(engine, f"inline-{name}", typed, locale))
    found.append(_inline(engine, "inline-nothing", "zzzzqqq", "en"))
    return found


def _requests(engine: Engine) -> Iterator[_Asked]:
    fullest, group = _fullest(engine.context.catalogue), f"/start@{BOT.lower()}_bot"
    yield _Asked("welcome", Request("start"), f"@{BOT}", group, group=True)
    yield _mentioned("card", "LoRA")
    yield _commanded("card-full", Request("paper", (fullest,)))
    yield _mentioned("results", "what should I read about long context")
    yield _commanded("search", REQUESTS["search: a first page"])
    # In place of the first page, below the same question.
    yield _Asked("search-second-page", REQUESTS["search: a second page"], "/search", "/search diffusion")
    yield _commanded("search-narrowed", REQUESTS["search: narrowed"])
    yield _commanded("section", Request("section", ("efficient-finetuning",)))
    yield _commanded("section-with-sections", REQUESTS["section: a page"])
    yield _commanded("chapters", REQUESTS["browse: chapters"])
    yield _commanded("next", REQUESTS["next: the first"])
    yield _Asked("similar", REQUESTS["similar: works"], "", "")
    yield _mentioned("nothing", "zzzzqqq")
    yield _mentioned("nearest", "flash attention 9")
    yield _commanded("help", REQUESTS["help: all commands"])
    yield _commanded("help-one", REQUESTS["help: one command"])
    yield _commanded("settings", Request("settings", admin=True))
    yield _commanded("about", REQUESTS["about: the roadmap"])
    yield _commanded("sources", REQUESTS["sources: documents"])
    yield _commanded("error", REQUESTS["section: unknown"])
    yield _mentioned("card-chinese", "LoRA", _CHINESE)
    yield _mentioned("results-chinese", "扩散模型 编辑", _CHINESE)
    yield _commanded("help-chinese", Request("help", locale=_CHINESE))
    yield _commanded("longest", max(REQUESTS.values(), key=lambda request: _length(engine.handle(request).body)))


def _mentioned(name: str, words: str, locale: str = "en") -> _Asked:
    return _Asked(name, Request("ask", (words,), locale=locale), f"@{BOT} {words}", words)


def _commanded(name: str, request: Request) -> _Asked:
    return _Asked(name, request, f"/{request.command}", " ".join((f"/{request.command}", *request.args)))


def _fullest(catalogue: Catalogue) -> str:
    """The id of the work with most to show of it."""

    def much(identity: str) -> int:
        work = catalogue.resource(identity)
        facts = (work.summary, work.read, work.venue, work.aliases, len(work.sections) > 1)
        return 4 * sum(map(bool, facts)) + 2 * len(work.links) + len(work.aliases) + min(len(work.authors), 3)

    return max(catalogue.resource_ids(), key=much)


def _hostile() -> Listing:
    """A list of texts that try to break out of their place."""
    entries = tuple(Entry(text, text, text) for text in (*_TRICKS, *HOSTILE[:5], HOSTILE[8]))
    return Listing(_TRICKS[0], entries, len(entries), place=(_TRICKS[1],), introduction=(_TRICKS[1],))


def _on_discord(name: str, asked: str, reply: Reply, renderer: DiscordRenderer) -> Scene:
    # In a server a press is answered to the presser alone.
    private = reply.private or not asked
    payload = {
        "flags": COMPONENTS_V2 | (EPHEMERAL if private else 0),
        "components": renderer.view(reply).to_components(),
    }
    return Scene(name=name, platform="discord", asked=asked, payload=payload, words=_words(reply.body))


def _on_telegram(name: str, asked: str, reply: Reply, engine: Engine, *, group: bool = False) -> Scene:
    words = None if asked else alert(reply)
    if words is not None:
        shown = {"text": words, "show_alert": True}
        return Scene(name=name, platform="telegram", asked="", payload=shown, form="alert", words=(words,))
    payload = telegram_message(reply, engine)
    return Scene(name=name, platform="telegram", asked=asked, payload=payload, group=group, words=_words(reply.body))


def telegram_message(reply: Reply, engine: Engine) -> dict[str, Any]:
    """The body of a sendMessage for a reply."""
    rendered = render(reply, engine.speech(reply.language))
    return {
        "text": rendered.text,
        "entities": [entity.to_dict() for entity in rendered.entities],
        "link_preview_options": rendered.preview.to_dict(),
        **({"reply_markup": rendered.keyboard.to_dict()} if rendered.keyboard else {}),
    }


def _choices(engine: Engine, name: str, typed: str, locale: str) -> Scene:
    command = engine.commands["ask"]
    say, argument = engine.speech(locale), command.arguments[0]
    offered = [choice.to_dict() for choice in choices(engine, argument, typed, locale)]
    assert 0 < len(offered) <= MOST_CHOICES
    shown = {"option": say.name(argument.name), "typed": typed, "choices": offered}
    words = tuple(one["name"] for one in offered)
    asked = f"/{say.name(command.name)}"
    return Scene(name=name, platform="discord", asked=asked, payload=shown, form="choices", words=words)


def _inline(engine: Engine, name: str, typed: str, locale: str) -> Scene:
    answer = inline_answer(engine, typed, "", who="1", locale=locale, today=TODAY)
    payload = {
        "results": [result.to_dict() for result in answer.results],
        **({"button": answer.button.to_dict()} if answer.button else {}),
    }
    words = tuple(result["title"] for result in payload["results"]) or (payload["button"]["text"],)
    asked = f"@{BOT.lower()}_bot {typed}"
    return Scene(name=name, platform="telegram", asked=asked, payload=payload, form="inline", words=words)


def _words(body: Body) -> tuple[str, ...]:
    """What a reader must find of a body, in its order."""
    match body:
        case Card():
            found = (
                body.title,
                *body.paragraphs,
                *(text for field in body.fields for text in (field.name, field.text)),
            )
        case Listing():
            found = (body.title, *body.introduction, *(entry.title for entry in body.entries))
        case Notice():
            found = (body.title, *body.paragraphs)
        case _:
            assert_never(body)
    return tuple(plain(text) for text in found if plain(text))


def _length(body: Body) -> int:
    return sum(map(len, _words(body)))
