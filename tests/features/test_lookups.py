"""Looking things up: ask, paper, search and similar, as messages in and replies out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from roadmap_bot.core.action import Action, Visit, encode, fits
from roadmap_bot.core.command import Request
from roadmap_bot.core.records import Resource
from roadmap_bot.core.reply import Card, Listing, Notice, Reply, Span, plain
from roadmap_bot.engine import Engine


def ask(engine: Engine, text: str) -> Reply:
    """The reply to a typed line."""
    return engine.handle(Request(*engine.read(text)))


def titles(reply: Reply) -> list[str]:
    """What a listing lists."""
    assert isinstance(reply.body, Listing), reply
    return [plain(entry.title) for entry in reply.body.entries]


def words(reply: Reply) -> str:
    """A notice's sentences, or those above a listing."""
    assert isinstance(reply.body, Listing | Notice), reply
    said = reply.body.introduction if isinstance(reply.body, Listing) else reply.body.paragraphs
    return " ".join(plain(text) for text in said)


def pressed(engine: Engine, reply: Reply, label: str) -> Reply:
    """The reply to the button of that label, through its token."""
    action = next(action for action in reply.actions if action.label == label)
    assert isinstance(action, Action), action
    return engine.press(encode(action), Request("", here=reply.here))


@pytest.mark.parametrize("question", ["ZephyrNet", "zephyrnet", "ZephyrNet: Guessing Gusts from Grass", "zefyrnet"])
def test_a_name_however_written_shows_its_card(small_engine: Engine, question: str) -> None:
    reply = ask(small_engine, question)
    assert isinstance(reply.body, Card)
    assert plain(reply.body.title) == "ZephyrNet: Guessing Gusts from Grass"


def test_a_card_tells_everything_the_roadmap_knows(small_engine: Engine) -> None:
    reply = ask(small_engine, "ZephyrNet")
    card = reply.body
    assert isinstance(card, Card)
    assert card.title == (
        Span("ZephyrNet: Guessing Gusts from Grass", "strong", "https://kites.example/zephyrnet.pdf"),
    )
    assert card.subtitle == "paper · 2 May 2019 · Windy Hill Workshop 2019"
    assert card.place == ("Ground School", "Reading the Wind")
    assert card.accent == "ground"
    assert plain(card.paragraphs[0]).startswith("Tells what a beginner should know")
    assert {field.name: plain(field.text) for field in card.fields} == {
        "What to read": "Section 2",
        "Authors": "Ada Brisk, Bo Calm, Cy Draught et al.",
        "Also in": "Loops and Turns",
        "Links": "Paper · Code",
    }
    assert reply.here == "wind"
    assert Visit("Code", "https://kites.example/zephyrnet-code") in reply.actions


def test_a_card_tells_the_names_that_its_title_does_not(engine: Engine) -> None:
    transformer, lora = (ask(engine, name).body for name in ("attention is all you need", "LoRA"))
    assert isinstance(transformer, Card)
    assert isinstance(lora, Card)
    assert any(field.name == "Also called" for field in transformer.fields)
    assert not any(field.name == "Also called" for field in lora.fields)


def test_the_last_page_takes_along_what_would_not_fill_one(engine: Engine) -> None:
    everything = engine.handle(Request("search", ("diffusion",))).body
    assert isinstance(everything, Listing)
    assert len(everything.entries) == everything.total == 9


def test_a_card_leaves_out_what_is_not_known(small_engine: Engine) -> None:
    reply = ask(small_engine, "A Field Guide to Weather Vanes")
    assert isinstance(reply.body, Card)
    assert reply.body.subtitle == "book · 2007"
    assert reply.body.fields == ()
    assert reply.body.title == (Span("A Field Guide to Weather Vanes", "strong", None),)
    assert not any(isinstance(action, Visit) for action in reply.actions)


def test_a_card_leads_to_its_section_and_to_similar_works_and_back(small_engine: Engine) -> None:
    card = ask(small_engine, "ZephyrNet")
    assert "ZephyrNet: Guessing Gusts from Grass" in titles(
        pressed(small_engine, card, "Open section: Reading the Wind")
    )
    alike = pressed(small_engine, card, "Similar")
    assert "ZephyrNet: Guessing Gusts from Grass" not in titles(alike)
    back = pressed(small_engine, alike, "Back to the work")
    assert back.body == card.body


def test_the_name_of_a_section_opens_the_section(small_engine: Engine) -> None:
    reply = ask(small_engine, "Reading the Wind")
    assert isinstance(reply.body, Listing)
    assert reply.body.title == "Reading the Wind"
    assert reply.here == "wind"


def test_a_topic_lists_results_that_open_when_pressed(small_engine: Engine) -> None:
    reply = ask(small_engine, "launch diary")
    assert isinstance(reply.body, Listing)
    first = reply.body.entries[0]
    assert first.action
    opened = small_engine.press(encode(first.action), Request(""))
    assert isinstance(opened.body, Card)
    assert plain(opened.body.title) == plain(first.title)


def test_other_results_of_a_question_answered_with_a_card_are_one_press_away(engine: Engine) -> None:
    card = ask(engine, "LoRA")
    others = pressed(engine, card, "Other results")
    assert isinstance(card.body, Card)
    assert titles(others)[0] == plain(card.body.title)
    assert len(titles(others)) > 1


def test_a_chinese_question_finds_the_chinese_title(small_engine: Engine) -> None:
    reply = ask(small_engine, "风筝入门")
    assert isinstance(reply.body, Card)
    assert plain(reply.body.title) == "风筝入门"


@pytest.mark.parametrize("question", ["zzzzqqq", "%%%", '"', "' OR ''='' --", "🪁", "the", "NEAR(", "*", "-"])
def test_what_is_not_on_the_roadmap_gets_no_results_but_ways_on(small_engine: Engine, question: str) -> None:
    reply = ask(small_engine, question)
    assert isinstance(reply.body, Notice), reply
    assert reply.body.tone == "nothing"
    assert question in words(reply)
    browsing = pressed(small_engine, reply, "Browse the roadmap")
    assert titles(browsing) == ["Ground School", "In the Air", "Night Flying"]
    assert isinstance(pressed(small_engine, reply, "Something at random").body, Card)


def test_pizza_is_not_sold_here(engine: Engine) -> None:
    reply = ask(engine, "pizza recipe")
    assert not isinstance(reply.body, Card)
    assert "Nothing exact" in words(reply) or "Nothing on the roadmap" in words(reply)
    assert {"Browse the roadmap", "Something at random"} <= {action.label for action in reply.actions}


def test_a_well_known_name_the_roadmap_lacks_is_said_to_be_missing(small_engine: Engine) -> None:
    assert "HurricaneNet is not on this roadmap" in words(ask(small_engine, "HurricaneNet"))


@pytest.mark.parametrize("command", ["ask", "paper", "search", "similar"])
@pytest.mark.parametrize("args", [(), ("",), ("  \t ",)])
def test_an_empty_question_is_asked_back(small_engine: Engine, command: str, args: tuple[str, ...]) -> None:
    reply = small_engine.handle(Request(command, args))
    assert isinstance(reply.body, Notice)
    assert reply.body.tone == "error"
    assert words(reply).startswith(("Type what you look for", "Type what to search", "Name a work", "Open a work"))


@pytest.mark.parametrize("command", ["ask", "paper", "search", "similar"])
@pytest.mark.parametrize(
    "text", ["kite " * 20_000, "x" * 100_000, "风" * 50_000, "🪁" * 10_000, "\n" * 10 + "a b " * 9_000]
)
def test_a_very_long_question_is_answered_shortly(small_engine: Engine, command: str, text: str) -> None:
    reply = small_engine.handle(Request(command, (text,)))
    body = reply.body
    assert isinstance(body, Listing | Notice | Card)
    shown = plain(body.title) + (words(reply) if not isinstance(body, Card) else "")
    assert "went wrong" not in shown
    assert len(shown) < 400


def test_a_search_turns_its_pages_forth_and_back(small_engine: Engine) -> None:
    first = small_engine.handle(Request("search", ("launch diary",)))
    everything, page = titles(first), first
    while any(action.label == "More" for action in page.actions):
        page = pressed(small_engine, page, "More")
        everything += titles(page)
    assert isinstance(first.body, Listing)
    assert len(everything) == len(set(everything)) == first.body.total
    assert len(everything) > small_engine.context.page_size * 2
    while any(action.label == "Back" for action in page.actions):
        page = pressed(small_engine, page, "Back")
    assert page == replace(first, replaces=True)


def test_the_pages_of_a_search_count_on(small_engine: Engine) -> None:
    second = small_engine.handle(Request("search", ("launch diary", "2")))
    assert isinstance(second.body, Listing)
    assert second.body.first == small_engine.context.page_size + 1


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "1.5", "٣٣٣٣٣", "²", "999", "99999999999"])
def test_a_page_that_does_not_exist_shows_one_that_does(small_engine: Engine, page: str) -> None:
    assert titles(small_engine.handle(Request("search", ("launch diary", page))))


def test_a_question_too_long_for_a_button_shows_all_its_results_at_once(small_engine: Engine) -> None:
    question = "Launch Diary " * 6
    assert not fits(Action("More", "search", (question, "99")))
    reply = small_engine.handle(Request("search", (question,)))
    assert isinstance(reply.body, Listing)
    assert len(reply.body.entries) == reply.body.total > small_engine.context.page_size
    assert reply.actions == ()


def test_a_long_question_answered_with_a_card_goes_without_the_button_it_cannot_have(small_engine: Engine) -> None:
    question = "ZephyrNet: Guessing Gusts from Grass, by Ada Brisk and Bo Calm, 风筝"
    assert not fits(Action("Other results", "search", (question,)))
    reply = small_engine.handle(Request("paper", (question,)))
    assert isinstance(reply.body, Card)
    assert plain(reply.body.title).startswith("ZephyrNet")


def test_filters_are_named_and_hold(engine: Engine) -> None:
    reply = engine.handle(Request("search", ("diffusion year:2022 has:code",)))
    assert "Narrowed to" in words(reply)
    assert isinstance(reply.body, Listing)
    for resource in _works(engine, reply):
        assert resource.year == 2022
        assert resource.links_labelled("code")


def test_a_filter_nobody_understands_is_explained(small_engine: Engine) -> None:
    assert "year:soon" in words(small_engine.handle(Request("search", ("launch diary year:soon",))))


def test_a_misspelled_question_tells_how_it_was_read(engine: Engine) -> None:
    reply = engine.handle(Request("search", ("difusion modles",)))
    assert "Read as diffusion models" in words(reply)


def test_paper_takes_an_id_a_title_and_a_name(small_engine: Engine) -> None:
    cards = [
        small_engine.handle(Request("paper", (text,))).body for text in ("figure-eight", "Figure Eight", "FIGURE EIGHT")
    ]
    assert all(card == cards[0] for card in cards)
    assert isinstance(cards[0], Card)


def test_paper_never_opens_a_section(engine: Engine) -> None:
    for section in engine.context.catalogue.sections.values():
        reply = engine.handle(Request("paper", (section.title,)))
        assert isinstance(reply.body, Card) or words(reply).startswith("Nothing"), section.title


def test_every_work_is_found_by_its_title_and_each_of_its_other_names(engine: Engine) -> None:
    shared = _shared_names(engine)
    lost = []
    for resource in engine.context.catalogue.resources():
        for name in (resource.title, *resource.aliases):
            body = engine.handle(Request("paper", (name,))).body
            if name.casefold() not in shared and not (isinstance(body, Card) and plain(body.title) == resource.title):
                lost.append((name, plain(body.title)))
    assert lost == []


def test_every_work_has_a_card_whose_buttons_work(engine: Engine) -> None:
    for resource in engine.context.catalogue.resources():
        reply = engine.handle(Request("paper", (resource.id,)))
        assert isinstance(reply.body, Card), resource.id
        assert all(fits(action) for action in reply.actions if isinstance(action, Action)), resource.id


def _works(engine: Engine, reply: Reply) -> Iterator[Resource]:
    assert isinstance(reply.body, Listing)
    for entry in reply.body.entries:
        assert entry.action
        assert entry.action.command == "paper"
        yield engine.context.catalogue.resource(entry.action.args[0])


def _shared_names(engine: Engine) -> set[str]:
    """Names that two works have; either may be shown."""
    seen: set[str] = set()
    shared: set[str] = set()
    for resource in engine.context.catalogue.resources():
        names = {name.casefold() for name in (resource.title, *resource.aliases)}
        shared |= names & seen
        seen |= names
    return shared
