"""What to offer while somebody types: titles, sections and commands, for completion and inline results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import gcd

from roadmap_bot.core.command import ArgumentKind
from roadmap_bot.core.reply import Reply
from roadmap_bot.features.context import Context
from roadmap_bot.features.show import kind_line, resource_reply, section_reply

_INLINE_PAGE = 10
_MOST_INLINE = 40


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to choose: `value` is an id or a name that the command takes, `title` what a person reads."""

    value: str
    title: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class InlineResult:
    """A whole reply offered under its title; `value` is the id of what it shows."""

    value: str
    title: str
    detail: str
    reply: Reply


def suggest(context: Context, kind: ArgumentKind, text: str, most: int) -> list[Suggestion]:
    """The best `most` completions of an argument of this kind; none for kinds that cannot be completed."""
    say = context.say
    if kind == "command":
        start = text.strip().lstrip("/").lower()
        named = [command for command in context.commands if not command.hidden]
        found = [one for one in named if one.name.startswith(start) or say.name(one.name).startswith(start)]
        return [Suggestion(one.name, say.name(one.name), say(one.about)) for one in found][:most]
    if kind not in ("title", "section"):
        return []
    catalogue = context.catalogue
    if not text.strip():
        chapters = [Suggestion(one.slug, one.title, say("section")) for one in catalogue.chapters()]
        return chapters[:most]
    found_hits = context.search.complete(text, most if kind == "title" else 2 * most)
    offered = []
    for hit in found_hits:
        if hit.is_section:
            offered.append(Suggestion(hit.id, hit.title, say("section")))
        elif kind == "title":
            offered.append(Suggestion(hit.id, hit.title, kind_line(say, catalogue.resource(hit.id))))
    return offered[:most]


def inline(context: Context, text: str, start: int, today: date) -> tuple[list[InlineResult], int | None]:
    """A page of whole replies for a line typed in any chat, and where the next page starts (None: this was the last).

    Nothing typed offers the pick of the day.
    """
    if not text.strip():
        picked = pick_of(context, today)
        return ([_offered_work(context, picked)] if picked else []), None
    answer = context.search.ask(text, _MOST_INLINE)
    hits = answer.hits if answer.certainty == "confident" else ()
    shown = hits[start : start + _INLINE_PAGE]
    following = start + _INLINE_PAGE
    results = [_offered_section(context, hit.id) if hit.is_section else _offered_work(context, hit.id) for hit in shown]
    return results, following if following < len(hits) else None


def pick_of(context: Context, today: date) -> str | None:
    """The id of the work of a day: the same for everybody, and no work twice before all have had their day."""
    identities = context.catalogue.resource_ids()
    if not identities:
        return None
    # A step that shares no divisor with the number of works visits all of them, far apart from day to day.
    count = len(identities)
    step = next(step for step in range(max(1, count * 5 // 8), count + 1) if gcd(step, count) == 1)
    return identities[today.toordinal() * step % count]


def _offered_work(context: Context, identity: str) -> InlineResult:
    resource = context.catalogue.resource(identity)
    detail = " · ".join(part for part in (kind_line(context.say, resource), resource.summary) if part)
    return InlineResult(resource.id, resource.title, detail, resource_reply(context, resource))


def _offered_section(context: Context, slug: str) -> InlineResult:
    section = context.catalogue.section(slug)
    detail = " · ".join(part for part in (context.say("section"), section.introduction) if part)
    return InlineResult(section.slug, section.title, detail, section_reply(context, section))
