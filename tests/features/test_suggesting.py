"""What is offered while somebody types, in a slash command or in any chat."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from roadmap_bot.core.reply import Card, Listing
from roadmap_bot.engine import Engine
from roadmap_bot.features.suggest import inline, pick_of, suggest
from roadmap_bot.translations import speech

TODAY = date(2026, 11, 21)


def test_a_title_is_offered_by_what_was_typed_of_it(engine: Engine) -> None:
    offered = suggest(engine.context, "title", "attention is a", 25)
    assert offered[0].title == "Attention Is All You Need"
    assert engine.context.catalogue.resource(offered[0].value).title == offered[0].title
    assert offered[0].detail.startswith("paper · June 2017")


def test_only_sections_are_offered_for_a_section(engine: Engine) -> None:
    offered = suggest(engine.context, "section", "prompt", 25)
    assert offered
    assert all(one.value in engine.context.catalogue.sections for one in offered)


def test_before_anything_is_typed_the_chapters_are_offered(engine: Engine) -> None:
    chapters = [one.title for one in engine.context.catalogue.chapters()]
    assert [one.title for one in suggest(engine.context, "section", " ", 25)] == chapters


@pytest.mark.parametrize(("tag", "typed"), [("en", "sea"), ("zh-CN", "搜"), ("zh-CN", "sea"), ("en", "/SEA")])
def test_commands_are_offered_by_either_of_their_names(engine: Engine, tag: str, typed: str) -> None:
    offered = suggest(replace(engine.context, say=speech(tag)), "command", typed, 25)
    assert [one.value for one in offered] == ["search"]


def test_nothing_is_offered_for_a_text_or_a_number(engine: Engine) -> None:
    assert suggest(engine.context, "text", "lora", 25) == suggest(engine.context, "number", "1", 25) == []


def test_inline_results_page_to_the_end_without_repeating(engine: Engine) -> None:
    seen: list[str] = []
    start: int | None = 0
    while start is not None:
        results, start = inline(engine.context, "diffusion models", start, TODAY)
        assert results
        seen += [result.value for result in results]
    assert len(seen) == len(set(seen)) > 10


def test_an_inline_result_brings_the_whole_reply(engine: Engine) -> None:
    results, _ = inline(engine.context, "LoRA", 0, TODAY)
    assert results[0].title.startswith("LoRA")
    assert isinstance(results[0].reply.body, Card)
    sections, _ = inline(engine.context, "efficient finetuning section", 0, TODAY)
    assert isinstance(sections[0].reply.body, Listing)


def test_nothing_is_made_up_for_a_line_that_finds_nothing(engine: Engine) -> None:
    assert inline(engine.context, "pizza recipe", 0, TODAY) == ([], None)
    assert inline(engine.context, "LoRA", 4_000, TODAY) == ([], None)


def test_an_empty_line_offers_the_pick_of_the_day(engine: Engine) -> None:
    results, following = inline(engine.context, " ", 0, TODAY)
    assert [result.value for result in results] == [pick_of(engine.context, TODAY)]
    assert following is None


def test_no_work_is_picked_twice_before_all_have_been(engine: Engine) -> None:
    count = len(engine.context.catalogue.resource_ids())
    picks = [pick_of(engine.context, TODAY + timedelta(days=day)) for day in range(count)]
    assert len(set(picks)) == count
    assert pick_of(engine.context, TODAY) == picks[0]
