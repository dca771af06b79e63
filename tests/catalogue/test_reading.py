"""Tests of reading a built catalogue: by id, by section, by many threads at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from roadmap_bot.catalogue.building import build
from roadmap_bot.catalogue.folder import load
from roadmap_bot.catalogue.reading import Catalogue
from roadmap_bot.config import bundled as bundled_folder
from roadmap_bot.core.errors import NotFound
from sample_roadmap import write_roadmap


def test_everything_in_the_yaml_comes_back_as_it_was(tmp_path: Path) -> None:
    roadmap = load(write_roadmap(tmp_path / "roadmap")).roadmap
    build(tmp_path / "roadmap", tmp_path / "kites.sqlite")
    with Catalogue.open(tmp_path / "kites.sqlite") as catalogue:
        assert (catalogue.title, catalogue.about) == (roadmap.title, roadmap.about)
        assert catalogue.documents == roadmap.documents
        assert tuple(catalogue.sections.values()) == roadmap.sections
        assert tuple(catalogue.resources()) == roadmap.resources
        assert catalogue.questions() == roadmap.questions


def test_the_bundled_roadmap_comes_back_whole(bundled: Catalogue) -> None:
    roadmap = load(bundled_folder("data")).roadmap
    assert tuple(bundled.resources()) == roadmap.resources
    assert tuple(bundled.sections.values()) == roadmap.sections
    assert bundled.questions() == roadmap.questions
    assert len(roadmap.resources) >= 400
    assert len(bundled.chapters()) == 5
    assert len([one for one in roadmap.questions if one.origin == "roadmap"]) == 11


def test_counts_hold_every_work_once_with_those_of_the_sections_below(small_catalogue: Catalogue) -> None:
    # ZephyrNet is at home in "wind" and a guest in "loops": once in each, and once in each chapter.
    assert small_catalogue.counts == {
        "ground": 3,
        "wind": 3,
        "knots": 0,
        "air": 22,
        "loops": 2,
        "launch": 20,
        "night": 0,
    }


def test_counts_of_the_bundled_chapters_agree_with_a_count_by_hand(bundled: Catalogue) -> None:
    for chapter in bundled.chapters():
        inside = {slug for slug in bundled.sections if bundled.chapter_of(slug) == chapter}
        works = [one for one in bundled.resources() if inside & set(one.sections)]
        assert bundled.counts[chapter.slug] == len(works)


def test_residents_come_before_guests(small_catalogue: Catalogue) -> None:
    assert [one.id for one in small_catalogue.resources_in("loops")] == ["figure-eight", "zephyrnet"]
    assert small_catalogue.resources_in("knots") == ()


def test_the_chapter_of_a_section_is_the_one_at_the_top(small_catalogue: Catalogue, bundled: Catalogue) -> None:
    assert small_catalogue.chapter_of("launch").slug == "air"
    assert small_catalogue.chapter_of("air").slug == "air"
    assert bundled.chapter_of("llm-evaluation-metrics").slug == "llm"


def test_children_and_questions_of_a_section(small_catalogue: Catalogue) -> None:
    assert [one.slug for one in small_catalogue.children("air")] == ["loops", "launch"]
    assert small_catalogue.children("launch") == ()
    assert [one.id for one in small_catalogue.questions("launch")] == ["why-a-tail"]
    assert small_catalogue.questions("wind") == ()


@pytest.mark.parametrize("name", ["", "gone", "ZEPHYRNET ", "'; DROP TABLE resources", "\ud800", "\0", "a" * 10_000])
def test_what_is_not_there_is_not_found_in_a_sentence_with_a_next_step(small_catalogue: Catalogue, name: str) -> None:
    with pytest.raises(NotFound, match=r"not on the roadmap .+ Search for"):
        small_catalogue.resource(name)
    for ask in (small_catalogue.section, small_catalogue.resources_in, small_catalogue.chapter_of):
        with pytest.raises(NotFound, match=r"not on the roadmap .+ Type /browse"):
            ask(name)
    assert len(small_catalogue.resource_ids()) == 24


def test_threads_share_a_catalogue(small_catalogue: Catalogue) -> None:
    with Catalogue.open(small_catalogue.path) as catalogue:
        expected = [(one.id, one.title, catalogue.sections[one.sections[0]].path) for one in catalogue.resources()]

        def read(start: int) -> list[tuple[str, str, str]]:
            ids = catalogue.resource_ids()
            turned = ids[start:] + ids[:start]
            found = {one: catalogue.resource(one) for one in turned}
            return [(one, found[one].title, catalogue.section(found[one].sections[0]).path) for one in ids]

        with ThreadPoolExecutor(8) as pool:
            assert all(result == expected for result in pool.map(read, range(24)))


def test_a_catalogue_closed_by_one_thread_is_closed_for_all_and_can_be_read_again(
    small_catalogue: Catalogue,
) -> None:
    catalogue = Catalogue.open(small_catalogue.path)
    with ThreadPoolExecutor(2) as pool:
        assert pool.submit(catalogue.resource, "vanes").result().kind == "book"
        catalogue.close()
        assert len(catalogue.resource_ids()) == 24
        assert pool.submit(catalogue.resource_ids).result() == catalogue.resource_ids()
    catalogue.close()


def test_nobody_can_write_to_an_open_catalogue(small_catalogue: Catalogue) -> None:
    with pytest.raises(Exception, match="readonly"):
        small_catalogue.rows("DELETE FROM resources")
