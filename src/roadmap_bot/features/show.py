"""How a work, a section and a list of results look as replies; shared by the features that show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from roadmap_bot.catalogue.reading import Catalogue
from roadmap_bot.catalogue.search import Hit
from roadmap_bot.catalogue.text import tokens
from roadmap_bot.core.action import Action, Visit, fits
from roadmap_bot.core.records import OTHERS, Link, Resource, Section
from roadmap_bot.core.reply import Card, Entry, Field, Listing, Reply, Span, Text
from roadmap_bot.core.speech import Speech
from roadmap_bot.features.context import Context

MONTHS = (
    "January February March April May June July August September October November December"
).split()  # fmt: skip
LINK_NAMES = {
    "paper": "Paper",
    "code": "Code",
    "project": "Project page",
    "video": "Video",
    "translation": "Translation",
    "other": "Web page",
}
_SHOWN_AUTHORS = 3
_SPARE = 2


def date_text(say: Speech, date: str) -> str:
    """A partial date in words: "28 July 2024", "June 2024", "2015"."""
    year, *rest = date.split("-")
    if not rest:
        return year
    month = say(MONTHS[int(rest[0]) - 1])
    if len(rest) == 1:
        return say("{month} {year}", month=month, year=year)
    return say("{day} {month} {year}", day=int(rest[1]), month=month, year=year)


def authors_text(authors: Sequence[str]) -> str:
    """The first authors, and "et al." for those left out here or in the sources."""
    named = [author for author in authors if author != OTHERS]
    shown = named if len(named) <= _SHOWN_AUTHORS and len(named) == len(authors) else named[:_SHOWN_AUTHORS]
    return ", ".join(shown) + (" et al." if len(shown) < len(authors) else "")


def kind_line(say: Speech, resource: Resource) -> str:
    """Kind, date and venue on one line: "paper · June 2021 · ICLR 2022"."""
    parts = [say(resource.kind), date_text(say, resource.date) if resource.date else "", resource.venue or ""]
    return " · ".join(part for part in parts if part)


def place_of(catalogue: Catalogue, slug: str) -> tuple[str, ...]:
    """The titles from the chapter down to a section."""
    return tuple(catalogue.section(slug).path.split(" > "))


def resource_reply(context: Context, resource: Resource, extra: Sequence[Action] = ()) -> Reply:
    """The card of a work, with its section, similar works and code one press away."""
    catalogue, say = context.catalogue, context.say
    home = catalogue.section(resource.sections[0])
    elsewhere = [catalogue.section(slug).title for slug in resource.sections[1:]]
    fields = [
        Field(say("What to read"), resource.read or ""),
        Field(say("Authors"), authors_text(resource.authors)),
        Field(say("Also called"), ", ".join(alias for alias in resource.aliases if not _says(resource.title, alias))),
        Field(say("Also in"), ", ".join(elsewhere)),
        Field(say("Links"), _links(say, resource.links)),
    ]
    card = Card(
        title=(Span(resource.title, "strong", resource.url),),
        subtitle=kind_line(say, resource),
        place=place_of(catalogue, home.slug),
        paragraphs=tuple(text for text in (resource.summary or resource.note,) if text),
        fields=tuple(field for field in fields if field.text),
        accent=catalogue.chapter_of(home.slug).slug,
    )
    actions: list[Action | Visit] = [
        Action(say("Open section: {section}", section=home.title), "section", (home.slug,)),
        Action(say("Similar"), "similar", (resource.id,)),
    ]
    actions += [Visit(say("Code"), link.url) for link in resource.links_labelled("code")[:1]]
    return Reply(card, (*actions, *extra), here=home.slug)


def _says(title: str, alias: str) -> bool:
    """Whether a title says another name already."""
    return f" {' '.join(tokens(alias))} " in f" {' '.join(tokens(title))} "


def _links(say: Speech, links: Sequence[Link]) -> Text:
    spans: list[Span] = []
    labels = [link.label for link in links]
    for place, link in enumerate(links):
        name = say(LINK_NAMES[link.label])
        number = labels[: place + 1].count(link.label)
        name = f"{name} {number}" if labels.count(link.label) > 1 else name
        spans += [Span(" · ")] if spans else []
        spans.append(Span(name, url=link.url))
    return tuple(spans)


def resource_entry(context: Context, resource: Resource) -> Entry:
    """A work as a line of a listing."""
    return Entry(
        resource.title, kind_line(context.say, resource), action=Action(resource.title, "paper", (resource.id,))
    )


def section_entry(context: Context, section: Section, *, with_place: bool = False) -> Entry:
    """A section as a line of a listing."""
    say = context.say
    held = say.count(context.catalogue.counts[section.slug], "{number} entry", "{number} entries")
    above = section.path.split(" > ")[:-1]
    what = say("section in {section}", section=above[-1]) if with_place and above else say("section")
    return Entry(section.title, f"{what} · {held}", action=Action(section.title, "section", (section.slug,)))


def hit_entry(context: Context, hit: Hit) -> Entry:
    """A search result as a line of a listing."""
    catalogue = context.catalogue
    if hit.is_section:
        return section_entry(context, catalogue.section(hit.id), with_place=True)
    return resource_entry(context, catalogue.resource(hit.id))


def section_reply(context: Context, section: Section, page: Sequence[str] = ()) -> Reply:
    """A page of a section, the first where none is asked for: its sub-sections, then its works."""
    catalogue, say = context.catalogue, context.say
    entries = [section_entry(context, child) for child in catalogue.children(section.slug)]
    entries += [resource_entry(context, resource) for resource in catalogue.resources_in(section.slug)]
    introduction: list[Text] = [section.introduction] if page_number(page) == 1 and section.introduction else []
    before = [catalogue.section(slug).title for slug in section.prerequisites]
    if page_number(page) == 1 and before:
        introduction.append((Span(say("Read first: "), "faint"), Span(", ".join(before))))
    above = catalogue.section(section.parent) if section.parent else None
    up = Action(say("Up: {section}", section=above.title), "section", (above.slug,)) if above else None
    reply = paged(
        context,
        Listing(
            title=section.title,
            entries=tuple(entries),
            total=len(entries),
            place=tuple(section.path.split(" > ")[:-1]),
            introduction=tuple(introduction),
            accent=catalogue.chapter_of(section.slug).slug,
        ),
        page,
        Action("", "section", (section.slug,)),
    )
    ways = (up or Action(say("Up: all chapters"), "browse"), Action(say("Next section"), "next", (section.slug,)))
    return replace(reply, actions=(*reply.actions, *ways), here=section.slug)


def paged(context: Context, listing: Listing, asked: Sequence[str], turn: Action) -> Reply:
    """One page of `listing`, which holds all entries, and the buttons that turn pages by running `turn` again.

    `asked` is what stands where the page goes among the arguments of a request. A page beyond the end shows the last
    one. Where the buttons cannot be encoded the whole listing is the page.
    """
    say, size = context.say, context.page_size
    if not fits(replace(turn, args=(*turn.args, "99"))):
        size = max(len(listing.entries), 1)
    # One or two entries do not make a page of their own; the last one takes them along.
    pages = max(1, -(-(len(listing.entries) - _SPARE) // size))
    page = min(max(page_number(asked), 1), pages)
    first = (page - 1) * size
    last = first + size if page < pages else len(listing.entries)
    shown = Listing(
        title=listing.title,
        entries=listing.entries[first:last],
        total=listing.total,
        first=first + 1,
        place=listing.place,
        introduction=listing.introduction,
        accent=listing.accent,
    )
    turns = []
    if page < pages:
        turns.append(replace(turn, label=say("More"), args=(*turn.args, str(page + 1))))
    if page > 1:
        turns.append(replace(turn, label=say("Back"), args=(*turn.args, str(page - 1))))
    return Reply(shown, tuple(turns), replaces=bool(asked))


def page_number(asked: Sequence[str]) -> int:
    """The page asked for by the first of the arguments left; 1 where none is."""
    return int(asked[0]) if asked and asked[0].isdecimal() and len(asked[0]) < 5 else 1
