"""What people do, the same on both platforms: ask, browse, turn pages, press, type, in two languages."""

from __future__ import annotations

import re

from tests.scenarios.people import Person
from tests.scenarios.process import Bot

# Everything here means something to one platform or the other; none of it may mean anything in a reply.
HOSTILE = (
    "<b>x</b> **y** _z_ `w` [l](https://evil.example) <@&1>",
    "@everyone <script>alert(1)</script> ||s|| # h\n> q \u202eabc",
    "<t:1:R> <:kite:1> ~~d~~ ^^u^^ \\*e\\* &amp; ${7*7}",
)


def test_a_whole_conversation(bot: Bot, person: Person) -> None:
    card = person.ask("LoRA")
    assert "LoRA: Low-Rank Adaptation of Large Language Models" in card.text
    assert "Freezes the pretrained weights" in card.text
    section = person.press(card, "Open section")
    assert section.text.startswith("Large Language Models (LLMs)")
    assert "Efficient Finetuning" in section.text
    assert person.press(section, "Up").text.count("\n") > 5
    similar = person.press(card, "Similar")
    assert "Similar to LoRA" in similar.text
    chapters = person.command("browse")
    assert "Diffusion Models" in chapters.text
    assert "What you can do" in person.command("help").text
    assert "Attention Is All You Need" in person.command("paper", "attentoin is al you need").text
    nothing = person.ask("pizza recipe")
    assert "Nothing on the roadmap answers “pizza recipe”" in nothing.text
    assert person.press(nothing, "Browse the roadmap").text == chapters.text
    assert " ask answered in " in bot.log
    assert "pizza" not in bot.log


def test_pages_turn_in_place_and_hold_every_entry_once(bot: Bot, person: Person) -> None:
    assert bot.pid
    page = first = person.command("search", "diffusion models")
    pages = [page.text]
    while any(label.startswith("More") for label in page.buttons):
        page = person.press(page, "More")
        assert page.id == first.id
        pages.append(page.text)
    assert len(pages) > 2
    assert len(set(pages)) == len(pages)
    while any(label.startswith("Back") for label in page.buttons):
        page = person.press(page, "Back")
    assert page.text == first.text


def test_an_entry_of_a_list_opens(bot: Bot, person: Person) -> None:
    assert bot.pid
    listing = person.command("search", "low-rank adaptation")
    label = next(label for label, token in listing.buttons.items() if token == "1_paper_lora")  # noqa: S105
    assert "LoRA: Low-Rank Adaptation" in person.press(listing, label).text


def test_typing_is_answered_from_the_ranked_pool(bot: Bot, person: Person) -> None:
    assert bot.pid
    assert person.type("attention is all")[0].startswith("Attention Is All You Need")
    assert len(person.type("diffusion")) > 5
    assert person.type("zzzzqqq") == []


def test_two_languages_are_spoken_at_once(bot: Bot, person: Person) -> None:
    assert bot.pid
    chinese, english = person.ask("LoRA", locale="zh"), person.ask("LoRA")
    assert "2021年6月" in chinese.text
    assert any(label.startswith("打开章节") for label in chinese.buttons)
    assert "June 2021" in english.text
    assert not re.search("[\u4e00-\u9fff]", english.text)


def test_hostile_text_is_shown_as_it_is_and_nothing_else(bot: Bot, person: Person) -> None:
    for text in HOSTILE:
        shown = re.sub(r"\s+", " ", person.ask(text).text.replace("\u200b", ""))
        assert re.sub(r"\s+", " ", text).replace("\u202e", "\ufffd")[:50] in shown
    assert "evil" not in bot.log
    for token in ("x" * 64, "1_paper_" + "Z" * 40, "../../etc", "1_ask_ZZ", "💥", "1_language_en_extra_args"):
        answer = person.press_forged(person.ask("LoRA"), token)
        assert answer.text
        assert "went wrong" not in answer.text


def test_a_forged_button_is_answered_kindly(bot: Bot, person: Person) -> None:
    assert bot.pid
    card = person.ask("LoRA")
    forged = person.press_forged(card, "1_similar_nothing-like-this")
    assert "not on the roadmap (any more)" in forged.text
    assert "from another time" in person.press_forged(card, "garbage!").text
