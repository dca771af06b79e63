"""Tests of robustness: whatever is typed, the search answers, and answers in order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from roadmap_bot.catalogue.reading import Catalogue
from roadmap_bot.catalogue.search import Answer, Search
from roadmap_bot.features.rows import explanation

# Words the roadmap knows between everything that means something to FTS5, SQL, the filters or a terminal.
PIECES = (
    *"\" ' * ( ) { } [ ] ^ - + : ; % _ \\ / ? ! . , # @ & | ~ ` < > = $".split(),
    *"AND OR NOT NEAR NEAR(a,b) NEAR/3 -- /* */ %s {0} title:x names:lora rowid MATCH NULL '' \"lora".split(),
    *"year: year:2023 year:.. kind: kind:survey has:code venue:iclr author:'x tag:* foo:bar year：２０２３".split(),
    *"lora attention diffusion LLM agents DINOv2 llama attentoin is the survey 2023 iclr since with code".split(),
    *"扩散模型 编辑 论文 年 的 是什么 ２０２３年 ＬｏＲＡ 、 。 「」 ㍿ ㎏ ﷺ".split(),
    *(
        "\0",
        "\x1b[31m",
        "\ud800",
        "\udfff",
        "\u202e",
        "\u200b",
        "\ufeff",
        "\u0301",
        "👩‍👩‍👧",
        "𝔏𝔬𝔯𝔞",
        "İ",
        "ß",
        "\n",
        "\t",
        " ",
    ),
)
anything = st.text(alphabet=st.characters(exclude_categories=()), max_size=300)
mixtures = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30).flatmap(
    lambda parts: st.sampled_from(["", " "]).map(lambda mark: mark.join(parts))
)


def check(answer: Answer, limit: int) -> None:
    """What every answer must be, whatever was asked."""
    assert answer.certainty in ("confident", "closest", "nothing")
    assert (answer.certainty == "nothing") == (not answer.hits)
    assert len(answer.hits) <= limit
    assert len({hit.id for hit in answer.hits}) == len(answer.hits)
    scores = [hit.score for hit in answer.hits]
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)
    for hit in answer.hits:
        # A query of nothing but filters has nothing to explain.
        assert hit.reasons or hit.score == 1.0
        assert all(explanation(hit))
    assert not answer.exact or answer.certainty == "confident"


@settings(max_examples=250, deadline=None)
@example(text="kind:\ud800 has:\ud800", limit=5)
@example(text='NEAR("lora" *) OR NOT {title : x}', limit=5)
@given(text=mixtures | anything, limit=st.integers(1, 30))
def test_any_text_is_answered_twice_alike(search: Search, text: str, limit: int) -> None:
    answer = search.ask(text, limit, explained=True)
    check(answer, limit)
    assert search.ask(text, limit, explained=True) == answer


@settings(max_examples=150, deadline=None)
@example(text='"\ud800 lora*', limit=5)
@given(text=mixtures | anything, limit=st.integers(1, 30))
def test_any_text_can_be_completed(search: Search, text: str, limit: int) -> None:
    found = search.complete(text, limit)
    assert len(found) <= limit
    assert len({hit.id for hit in found}) == len(found)
    assert search.complete(text, limit) == found


@settings(max_examples=60, deadline=None)
@given(text=mixtures, limits=st.tuples(st.integers(1, 10), st.integers(11, 40)))
def test_a_longer_list_begins_like_the_shorter_one(search: Search, text: str, limits: tuple[int, int]) -> None:
    few, many = (search.ask(text, limit, explained=True) for limit in limits)
    assert many.hits[: len(few.hits)] == few.hits
    assert many.certainty == few.certainty


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10_000,
        "lora " * 2_000,
        "attentoin " * 1_000,
        "扩散模型" * 2_500,
        '"' * 10_000,
        "(" * 10_000,
        "kind:survey " * 800,
        "year:2023.." * 900,
        "".join(map(chr, range(1, 10_001))),
        "\u0301" * 10_000,
        "x" * 5_000 + " lora",
        " " * 9_990 + "lora",
        "-".join(["dino", "v2"] * 1_500),
    ],
    ids=range(13),
)
def test_ten_thousand_characters_are_cut_and_answered(search: Search, text: str) -> None:
    check(search.ask(text, explained=True), 10)
    search.complete(text)


def test_what_stands_after_the_cut_does_not_count(search: Search) -> None:
    text = "long context " * 20
    assert search.ask(text + "pizza recipe") == search.ask(text + "diffusion")


def test_a_long_question_is_still_understood_by_its_beginning(search: Search) -> None:
    answer = search.ask("LoRA: Low-Rank Adaptation of Large Language Models " + "and then " * 1_000)
    assert answer.hits[0].id == "lora"


def test_threads_share_a_search(bundled: Catalogue) -> None:
    queries = [
        "LoRA",
        "long context",
        "attentoin is al you need",
        "扩散模型 编辑",
        "agents from 2023",
        "pizza recipe",
    ] * 6
    fresh = Search(bundled)
    expected = [Search(bundled).ask(query) for query in queries]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(fresh.ask, queries)) == expected


def test_every_result_explains_itself(search: Search) -> None:
    best = search.ask("long context", explained=True).hits[0]
    assert any("long context" in line or "long" in line for line in explanation(best))
    assert any(line.startswith("share of the question covered: ") for line in explanation(best))
    assert any(line.startswith("called so") for line in explanation(search.ask("LoRA", explained=True).hits[0]))
