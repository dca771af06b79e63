"""Walking the roadmap: chapters, sections, pages, the next section to study, and something at random."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from roadmap_bot.core.action import Action, encode
from roadmap_bot.core.command import Request
from roadmap_bot.core.reply import Card, Listing, Notice, Reply, plain
from roadmap_bot.engine import Engine
from sample_roadmap import DOCUMENTS, SECTIONS, work


def send(engine: Engine, command: str, *args: str, here: str | None = None) -> Reply:
    """The reply to a command."""
    return engine.handle(Request(command, args, here=here))


def press(engine: Engine, reply: Reply, label: str, here: str | None = None) -> Reply:
    """The reply to the button, or the entry, of that label."""
    entries = reply.body.entries if isinstance(reply.body, Listing) else ()
    offered = [*reply.actions, *(entry.action for entry in entries)]
    action = next(action for action in offered if isinstance(action, Action) and action.label == label)
    return engine.press(encode(action), Request("", here=here))


def listing(reply: Reply) -> Listing:
    """The listing that a reply is."""
    assert isinstance(reply.body, Listing), reply
    return reply.body


def titles(reply: Reply) -> list[str]:
    """What a listing lists."""
    return [plain(entry.title) for entry in listing(reply).entries]


def sentence(reply: Reply) -> str:
    """The words of a notice."""
    assert isinstance(reply.body, Notice), reply
    return " ".join(plain(text) for text in reply.body.paragraphs)


def test_browsing_goes_from_chapters_to_sections_to_works(small_engine: Engine) -> None:
    chapters = send(small_engine, "browse")
    assert titles(chapters) == ["Ground School", "In the Air", "Night Flying"]
    assert [plain(entry.detail) for entry in listing(chapters).entries] == [
        "section · 3 entries",
        "section · 22 entries",
        "section · 0 entries",
    ]
    sections = press(small_engine, chapters, "In the Air")
    assert titles(sections) == ["Loops and Turns", "Launching"]
    works = press(small_engine, sections, "Loops and Turns")
    assert titles(works) == ["The Figure Eight Explained", "ZephyrNet: Guessing Gusts from Grass"]
    assert isinstance(press(small_engine, works, "The Figure Eight Explained").body, Card)


def test_breadcrumbs_lead_from_the_chapter_down_and_up_goes_back(engine: Engine) -> None:
    for section in engine.context.catalogue.sections.values():
        reply = send(engine, "section", section.slug)
        assert " > ".join((*listing(reply).place, section.title)) == section.path
        up = next(action for action in reply.actions if action.label.startswith("Up: "))
        above = press(engine, reply, up.label)
        assert section.title in _all_titles(engine, above)
        assert listing(above).title == (up.label.removeprefix("Up: ") if section.parent else listing(above).title)
    assert titles(press(engine, send(engine, "section", "llm"), "Up: all chapters")) == titles(send(engine, "browse"))


def test_a_section_introduces_itself_and_what_to_read_before_on_its_first_page_only(small_engine: Engine) -> None:
    first = send(small_engine, "section", "loops")
    assert [plain(text) for text in listing(first).introduction] == [
        "Figures in the sky, for everybody who can launch already.",
        "Read first: Launching",
    ]
    second = send(small_engine, "section", "launch", "2")
    assert listing(second).introduction == ()


def test_pages_turn_forth_and_back_and_hold_every_work_once(small_engine: Engine) -> None:
    page = first = send(small_engine, "section", "launch")
    seen = titles(page)
    assert [action.label for action in page.actions] == ["More", "Up: In the Air", "Next section"]
    while any(action.label == "More" for action in page.actions):
        page = press(small_engine, page, "More")
        assert listing(page).first == len(seen) + 1
        seen += titles(page)
    assert sorted(seen) == sorted(f"Launch Diary, Day {number}" for number in range(1, 21))
    assert [action.label for action in page.actions] == ["Back", "Up: In the Air", "Next section"]
    while any(action.label == "Back" for action in page.actions):
        page = press(small_engine, page, "Back")
    assert page == replace(first, replaces=True)


@pytest.mark.parametrize("size", [1, 3, 20, 50])
def test_a_page_is_as_long_as_the_settings_say(small_engine: Engine, size: int) -> None:
    engine = Engine(replace(small_engine.context, page_size=size))
    assert len(titles(send(engine, "section", "launch"))) == min(size, 20)


@pytest.mark.parametrize(("page", "first"), [("99", 17), ("0", 1), ("-3", 1), ("two", 1), ("99999", 1), ("³", 1)])
def test_a_page_that_does_not_exist_shows_one_that_does(small_engine: Engine, page: str, first: int) -> None:
    assert listing(send(small_engine, "section", "launch", page)).first == first


@pytest.mark.parametrize("slug", ["knots", "night"])
def test_an_empty_section_still_shows_where_it_is_and_leads_on(small_engine: Engine, slug: str) -> None:
    reply = send(small_engine, "section", slug)
    assert titles(reply) == []
    assert listing(reply).introduction
    assert [action.label.partition(":")[0] for action in reply.actions] == ["Up", "Next section"]


def test_a_work_in_two_sections_is_listed_in_both_and_counted_once(small_engine: Engine) -> None:
    assert "ZephyrNet: Guessing Gusts from Grass" in titles(send(small_engine, "section", "wind"))
    assert "ZephyrNet: Guessing Gusts from Grass" in titles(send(small_engine, "section", "loops"))
    assert small_engine.context.catalogue.counts["air"] == 22


@pytest.mark.parametrize("name", ["wind", "Reading the Wind", "reading the wind", "Ground School > Reading the Wind"])
def test_a_section_is_found_by_slug_by_name_and_by_path(small_engine: Engine, name: str) -> None:
    assert listing(send(small_engine, "section", name)).title == "Reading the Wind"
    assert send(small_engine, "browse", name) == send(small_engine, "section", name)


def test_every_section_is_found_by_its_name_and_its_path(engine: Engine) -> None:
    for section in engine.context.catalogue.sections.values():
        assert listing(send(engine, "section", section.title)).title == section.title
        assert listing(send(engine, "section", section.path)).place == tuple(section.path.split(" > ")[:-1])


@pytest.mark.parametrize("command", ["section", "browse", "next"])
@pytest.mark.parametrize("name", ["pizza recipe", "zzzz", '"', "no-such-slug", "x" * 10_000, "football results"])
def test_no_section_is_opened_for_a_name_that_none_has(engine: Engine, command: str, name: str) -> None:
    told = sentence(send(engine, command, name))
    assert told.startswith("There is no section called “")
    assert told.endswith("Type /browse to see what there is.")
    assert len(told) < 160


def test_the_nearest_section_is_not_opened_for_a_name_that_none_has(engine: Engine) -> None:
    names = [f"wedding {word}" for word in ("video", "agents", "memory", "attention", "evaluation", "editing")]
    answers = {name: engine.context.search.ask(f"{name} section", 40) for name in names}
    unsure = [name for name, answer in answers.items() if answer.certainty == "closest"]
    assert any(hit.is_section for name in unsure for hit in answers[name].hits)
    for name in unsure:
        assert "There is no section called" in sentence(send(engine, "section", name))


def test_section_without_a_name_opens_the_one_the_person_stands_in(small_engine: Engine) -> None:
    assert send(small_engine, "section", here="wind").body == send(small_engine, "section", "wind").body
    assert "Name a section" in sentence(send(small_engine, "section"))


def test_a_section_that_is_gone_since_is_answered_kindly(small_engine: Engine) -> None:
    assert "There is no section" in sentence(send(small_engine, "section", here="zzz-gone"))
    assert listing(send(small_engine, "next", here="zzz-gone")).title.startswith("Start with:")


def test_next_begins_with_the_first_section(small_engine: Engine) -> None:
    reply = send(small_engine, "next")
    assert listing(reply).title == "Start with: Reading the Wind"
    assert reply.here == "wind"
    assert titles(press(small_engine, reply, "Open section"))[0] == titles(reply)[0]


def test_next_comes_after_its_prerequisites_even_where_the_roadmap_lists_it_before(small_engine: Engine) -> None:
    after_wind = send(small_engine, "next", here="wind")
    assert listing(after_wind).title == "Next: Launching"
    after_launching = send(small_engine, "next", "Launching")
    assert listing(after_launching).title == "Next: Loops and Turns"
    assert [plain(text) for text in listing(after_launching).introduction][-1] == "Builds on: Launching"


def test_next_shows_the_beginning_of_a_long_section_and_says_how_long_it_is(small_engine: Engine) -> None:
    reply = send(small_engine, "next", here="wind")
    assert listing(reply).total == 20
    assert 0 < len(titles(reply)) < 20


def test_next_after_a_chapter_is_the_first_section_inside_it(small_engine: Engine) -> None:
    assert listing(send(small_engine, "next", "air")).title == "Next: Launching"


def test_next_after_an_empty_section_goes_on_instead_of_starting_over(small_engine: Engine) -> None:
    assert listing(send(small_engine, "next", here="knots")).title == "Next: Launching"
    assert "That was the last section" in sentence(send(small_engine, "next", here="night"))


@pytest.mark.parametrize("way", ["typed", "pressed"])
def test_next_walks_through_all_sections_once_and_ends_kindly(engine: Engine, way: str) -> None:
    catalogue = engine.context.catalogue
    walked: list[str] = []
    reply = send(engine, "next")
    while reply.here:
        walked.append(reply.here)
        assert len(walked) <= len(catalogue.sections)
        reply = press(engine, reply, "Skip to the next") if way == "pressed" else send(engine, "next", here=walked[-1])
    worth_reading = [slug for slug, section in catalogue.sections.items() if section.parent and catalogue.counts[slug]]
    assert sorted(walked) == sorted(worth_reading)
    for place, slug in enumerate(walked):
        assert set(catalogue.section(slug).prerequisites) & set(walked) <= set(walked[:place]), slug
    assert "That was the last section of the roadmap." in sentence(reply)
    assert press(engine, reply, "From the beginning").here == walked[0]
    assert isinstance(press(engine, reply, "Something at random").body, Card)


def test_where_to_start_starts_at_the_start_wherever_one_stands(small_engine: Engine) -> None:
    started = press(small_engine, send(small_engine, "browse"), "Where to start", here="loops")
    assert started.here == "wind"


def test_random_draws_every_work_and_nothing_else(small_engine: Engine) -> None:
    identities = small_engine.context.catalogue.resource_ids()
    drawn = []
    for number in range(len(identities)):
        engine = Engine(replace(small_engine.context, chance=lambda bound, number=number: min(number, bound - 1)))
        reply = send(engine, "random")
        assert isinstance(reply.body, Card)
        assert [action.label for action in reply.actions][-1] == "Another"
        drawn.append(plain(reply.body.title))
    assert len(set(drawn)) == len(identities)


def test_a_roadmap_without_anything_in_it_says_so_in_every_command(engine_over: Callable[..., Engine]) -> None:
    nothing = engine_over(sections=[], resources={}, questions={}, documents=[], vocabulary=None, about="")
    assert titles(send(nothing, "browse")) == []
    assert "no sections with anything to read yet" in sentence(send(nothing, "next"))
    assert "no entries yet" in sentence(send(nothing, "random"))
    assert "names no source documents" in sentence(send(nothing, "sources"))
    assert "Nothing on the roadmap" in sentence(send(nothing, "ask", "kites"))
    assert "There is no section" in sentence(send(nothing, "section", "kites"))
    assert "0 works" in sentence(send(nothing, "about"))
    assert [action.label for action in send(nothing, "browse").actions] == ["Something at random"]


def test_prerequisites_in_a_circle_lose_no_section(engine_over: Callable[..., Engine]) -> None:
    circle = [
        {"slug": "all", "title": "All", "introduction": "", "sections": [
            {"slug": "egg", "title": "Egg", "introduction": "", "prerequisites": ["hen"]},
            {"slug": "hen", "title": "Hen", "introduction": "", "prerequisites": ["egg"]},
        ]},
    ]  # fmt: skip
    works = {"all": [work("shells", "On Shells", ["egg"]), work("feathers", "On Feathers", ["hen"])]}
    engine = engine_over(sections=circle, resources=works, questions={}, documents=DOCUMENTS)
    first = send(engine, "next")
    second = send(engine, "next", here=first.here)
    assert {first.here, second.here} == {"egg", "hen"}
    assert "last section" in sentence(send(engine, "next", here=second.here))


def test_the_small_roadmap_has_the_shapes_these_tests_speak_of() -> None:
    slugs = [section["slug"] for chapter in SECTIONS for section in (chapter, *chapter.get("sections", ()))]
    assert slugs == ["ground", "wind", "knots", "air", "loops", "launch", "night"]


def _all_titles(engine: Engine, reply: Reply) -> list[str]:
    found = titles(reply)
    while any(action.label == "More" for action in reply.actions):
        reply = press(engine, reply, "More")
        found += titles(reply)
    return found
