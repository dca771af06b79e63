"""Looking things up: `ask` for anything, `paper` for one work, `search` for a list, `similar` from a card."""

from __future__ import annotations

from collections.abc import Sequence

from roadmap_bot.catalogue.search import Answer, Hit
from roadmap_bot.core.action import Action, fits
from roadmap_bot.core.command import Argument, Command, Request
from roadmap_bot.core.errors import NotFound, UserError
from roadmap_bot.core.reply import Entry, Listing, Notice, Reply, Span, Text
from roadmap_bot.core.speech import Speech
from roadmap_bot.features.context import Context
from roadmap_bot.features.show import hit_entry, paged, resource_reply, section_reply

_MOST_RESULTS = 40
_ASKED = 10
# The best result stands alone when it is called exactly as asked, or meant and so much better than the next.
_CLEAR = 1.3
_SHOWN_QUERY = 60


def ask(context: Context, request: Request) -> Reply:
    """The card of the work that is meant, the section, or the best results."""
    text = _wanted(request, "Type what you look for: a title, a name such as LoRA, or a topic in your own words.")
    answer = context.search.ask(text, _MOST_RESULTS)
    if answer.certainty != "confident":
        return _unsure(context, text, answer)
    best = answer.hits[0]
    clear = len(answer.hits) == 1 or best.score >= _CLEAR * answer.hits[1].score
    if not (answer.exact or (answer.meant and clear)) or answer.filters:
        return _results(context, text, answer, ())
    extra = []
    if len(answer.hits) > 1:
        others = Action(context.say("Other results"), "search", (text,))
        extra = [others] if fits(others) else []
    if best.is_section:
        return section_reply(context, context.catalogue.section(best.id))
    return resource_reply(context, context.catalogue.resource(best.id), extra)


def paper(context: Context, request: Request) -> Reply:
    """One work by its id, title or name."""
    text = _wanted(request, "Name a work, for example: /paper LoRA")
    try:
        return resource_reply(context, context.catalogue.resource(text))
    except NotFound:
        answer = context.search.ask(text, _ASKED)
    works = tuple(hit for hit in answer.hits if not hit.is_section)
    if answer.certainty == "confident" and works:
        return resource_reply(context, context.catalogue.resource(works[0].id))
    return _unsure(context, text, answer)


def search(context: Context, request: Request) -> Reply:
    """All results for a query, best first, in pages."""
    text = _wanted(request, "Type what to search for, for example: /search survey year:2023 has:code")
    answer = context.search.ask(text, _MOST_RESULTS)
    if answer.certainty != "confident":
        return _unsure(context, text, answer)
    return _results(context, text, answer, request.args[1:])


def best(context: Context, text: str, limit: int) -> Reply:
    """The best `limit` results on one page, for a caller that wants a list of this length."""
    answer = context.search.ask(text, limit)
    if answer.certainty != "confident":
        return _unsure(context, text, answer)
    return Reply(_listing(context, text, answer))


def similar(context: Context, request: Request) -> Reply:
    """Works close to one work."""
    resource = context.catalogue.resource(_wanted(request, "Open a work first, then press Similar on its card."))
    hits = context.search.similar(resource.id, context.page_size)
    entries = tuple(hit_entry(context, hit) for hit in hits)
    say = context.say
    listing = Listing(say("Similar to {title}", title=resource.title), entries, len(entries))
    return Reply(listing, (Action(say("Back to the work"), "paper", (resource.id,)),))


def _wanted(request: Request, sentence: str) -> str:
    text = request.args[0].strip() if request.args else ""
    if not text:
        raise UserError(sentence)
    return text


def _results(context: Context, text: str, answer: Answer, page: Sequence[str]) -> Reply:
    return paged(context, _listing(context, text, answer), page, Action("", "search", (text,)))


def _listing(context: Context, text: str, answer: Answer) -> Listing:
    entries = tuple(hit_entry(context, hit) for hit in answer.hits)
    title = context.say("Results for “{query}”", query=_short(text))
    return Listing(title, entries, len(entries), introduction=tuple(_remarks(context.say, answer)))


def _remarks(say: Speech, answer: Answer) -> list[Text]:
    remarks: list[Text] = [say.say(remark) for remark in answer.remarks]
    if answer.reading:
        remarks.append(say.text("Read as {reading}.", reading=Span(answer.reading, "strong")))
    if answer.missing:
        remarks.append(say("{name} itself is not on this roadmap.", name=answer.missing))
    if answer.filters:
        remarks.append(say.text("Narrowed to {filters}.", filters=Span(answer.filters, "code")))
    return remarks


def _unsure(context: Context, text: str, answer: Answer) -> Reply:
    """Nothing exact: the nearest things if there are any, and ways on in any case."""
    say = context.say
    ways = (Action(say("Browse the roadmap"), "browse"), Action(say("Something at random"), "random"))
    remarks: list[Text] = [say.say(remark) for remark in answer.remarks]
    if not answer.hits:
        if answer.missing:
            what = say("{name} is not on this roadmap.", name=answer.missing)
        elif answer.filters and answer.filters != text:
            what = say(
                "Nothing on the roadmap answers “{query}” within {filters}.", query=_short(text), filters=answer.filters
            )
        else:
            what = say("Nothing on the roadmap answers “{query}”.", query=_short(text))
        hint = say("Try other words, a shorter question, or browse what there is.")
        remarks.append(f"{what} {hint}")
        return Reply(Notice(tuple(remarks), "nothing"), ways)
    if answer.reading:
        remarks.append(say.text("Did you mean {reading}?", reading=Span(answer.reading, "strong")))
    if answer.missing:
        remarks.append(say("{name} is not on this roadmap. Closest are:", name=answer.missing))
    else:
        remarks.append(say("Nothing exact. Closest are:"))
    entries: tuple[Entry, ...] = tuple(hit_entry(context, hit) for hit in _nearest(answer.hits))
    title = say("No exact answer for “{query}”", query=_short(text))
    return Reply(Listing(title, entries, len(entries), introduction=tuple(remarks)), ways)


def _nearest(hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """Few enough to be a hint rather than a result: the first four, and the best section if none is among them."""
    nearest = hits[:4]
    section = next((hit for hit in hits if hit.is_section), None)
    return (*nearest, section) if section and section not in nearest else nearest


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_QUERY else text[: _SHOWN_QUERY - 1].rstrip() + "…"


_QUERY = Argument("query", "A title, a name, or a topic in your own words", "title", required=True)

ASK = Command("ask", "Ask the roadmap anything", "ask what should I read about long context", ask, (_QUERY,))
PAPER = Command(
    "paper",
    "Show one work: what it is, where it sits, its links",
    "paper LoRA",
    paper,
    (Argument("title", "Its title or a name such as LoRA", "title", required=True),),
)
SEARCH = Command(
    "search",
    "List all results; filters such as year:2023 or has:code narrow them",
    "search diffusion year:2021..2023 has:code",
    search,
    (_QUERY, Argument("page", "The page of the results", "number")),
)
SIMILAR = Command(
    "similar",
    "Works close to one work",
    "similar lora",
    similar,
    (Argument("title", "The id of a work", "title", required=True),),
    hidden=True,
)
