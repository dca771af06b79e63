"""Walking the roadmap: chapters, sections, the next section to study, something at random."""

from __future__ import annotations

from roadmap_bot.catalogue.course import study_order
from roadmap_bot.core.action import Action
from roadmap_bot.core.command import Argument, Command, Request
from roadmap_bot.core.errors import UserError
from roadmap_bot.core.records import Section
from roadmap_bot.core.reply import Listing, Notice, Reply, Span, Text
from roadmap_bot.features.context import Context
from roadmap_bot.features.show import resource_entry, resource_reply, section_entry, section_reply

_SHOWN_OF_NEXT = 8


def browse(context: Context, request: Request) -> Reply:
    """The chapters, or a section when one is named."""
    if request.args and request.args[0].strip():
        return section(context, request)
    catalogue = context.catalogue
    entries = tuple(section_entry(context, chapter) for chapter in catalogue.chapters())
    introduction: tuple[Text, ...] = (catalogue.about,) if catalogue.about else ()
    listing = Listing(catalogue.title, entries, len(entries), introduction=introduction)
    order = study_order(catalogue.sections, catalogue.counts)
    # Not `next`, which goes on from where the person stands.
    start = (Action(context.say("Where to start"), "section", (order[0],)),) if order else ()
    return Reply(listing, (*start, Action(context.say("Something at random"), "random")))


def section(context: Context, request: Request) -> Reply:
    """A section by its slug or name."""
    text = request.args[0].strip() if request.args else ""
    if not text:
        if request.here is None:
            raise UserError("Name a section, for example: /section prompting. Type /browse to see what there is.")
        text = request.here
    return section_reply(context, _find(context, text), request.args[1:])


def next_section(context: Context, request: Request) -> Reply:
    """The section to study after the one given, or after the one last looked at; the first one to begin with."""
    catalogue, say = context.catalogue, context.say
    order = study_order(catalogue.sections, catalogue.counts)
    if not order:
        raise UserError("This roadmap has no sections with anything to read yet. Add some, then try again.")
    named = request.args[0].strip() if request.args else ""
    after = _find(context, named).slug if named else request.here
    place = _place_after(order, catalogue.sections[after], catalogue.sections) if after in catalogue.sections else 0
    if place >= len(order):
        last = say("That was the last section of the roadmap. Open the first one again, or take a surprise.")
        surprise = Action(say("Something at random"), "random")
        ways = (Action(say("From the beginning"), "section", (order[0],)), surprise)
        return Reply(Notice((last,)), ways)
    chosen = catalogue.section(order[place])
    entries = tuple(
        resource_entry(context, resource) for resource in catalogue.resources_in(chosen.slug)[:_SHOWN_OF_NEXT]
    )
    entries = entries or tuple(section_entry(context, child) for child in catalogue.children(chosen.slug))
    introduction: list[Text] = [chosen.introduction] if chosen.introduction else []
    before = [catalogue.section(slug).title for slug in chosen.prerequisites]
    if before:
        introduction.append((Span(say("Builds on: "), "faint"), Span(", ".join(before))))
    lead = say("Next: {section}", section=chosen.title) if place else say("Start with: {section}", section=chosen.title)
    listing = Listing(
        title=lead,
        entries=entries,
        total=catalogue.counts[chosen.slug],
        place=tuple(chosen.path.split(" > ")[:-1]),
        introduction=tuple(introduction),
        accent=catalogue.chapter_of(chosen.slug).slug,
    )
    skip = Action(say("Skip to the next"), "next", (chosen.slug,))
    actions = (Action(say("Open section"), "section", (chosen.slug,)), skip)
    return Reply(listing, actions, here=chosen.slug)


def _place_after(order: list[str], after: Section, sections: dict[str, Section]) -> int:
    """The place of the first section to study after one.

    After a chapter that is the first one inside it; after a section with nothing to read, the first one below it on
    the roadmap.
    """
    if after.slug in order:
        return order.index(after.slug) + 1
    inside = [place for place, slug in enumerate(order) if _within(sections[slug], after.slug, sections)]
    below = [place for place, slug in enumerate(order) if sections[slug].order > after.order]
    return min(inside or below, default=len(order))


def _within(section: Section, slug: str, sections: dict[str, Section]) -> bool:
    above = sections.get(section.parent or "")
    return above is not None and (above.slug == slug or _within(above, slug, sections))


def random(context: Context, _request: Request) -> Reply:
    """Any work of the roadmap."""
    identities = context.catalogue.resource_ids()
    if not identities:
        raise UserError("This roadmap has no entries yet. Import a document with `roadmap-bot import FILE`.")
    resource = context.catalogue.resource(identities[context.chance(len(identities))])
    return resource_reply(context, resource, (Action(context.say("Another"), "random"),))


def _find(context: Context, text: str) -> Section:
    for section in context.catalogue.sections.values():
        if text in (section.slug, section.path):
            return section
    answer = context.search.ask(f"{text} section", 40)
    found = next((hit for hit in answer.hits if hit.is_section), None)
    # Opening the nearest section for a name that none has would be a lie; only what answers is opened.
    if found and answer.certainty == "confident":
        return context.catalogue.section(found.id)
    shown = text if len(text) <= 60 else f"{text[:59]}…"
    raise UserError("There is no section called “{name}”. Type /browse to see what there is.", name=shown)


_SECTION = Argument("name", "The name of a section", "section")
_PAGE = Argument("page", "The page of the section", "number")

BROWSE = Command("browse", "Walk the roadmap: chapters, sections, entries", "browse", browse, (_SECTION, _PAGE))
SECTION = Command("section", "Open a section", "section prompting", section, (_SECTION, _PAGE))
NEXT = Command("next", "The next section to study, and what it holds", "next", next_section, (_SECTION,))
RANDOM = Command("random", "Something at random", "random", random, names=("surprise",))
