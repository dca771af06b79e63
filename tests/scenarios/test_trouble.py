"""What goes wrong, the same on both platforms: restarts, limits, cut connections, refused tokens, crowds, shutdowns."""

from __future__ import annotations

import json
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.fakes.checked import look_over
from tests.fakes.serving import spawn
from tests.scenarios.conftest import PEOPLE
from tests.scenarios.people import Person
from tests.scenarios.process import Bot, running, until


@pytest.mark.parametrize("ending", ["stop", "kill"])
def test_old_buttons_work_after_a_restart(bot: Bot, person: Person, ending: str) -> None:
    card, listing = person.ask("LoRA"), person.command("search", "diffusion models")
    person.settled()
    assert bot.stop() == 0 if ending == "stop" else bot.kill() is None
    before = person.moment()
    bot.start()
    person.wait_ready(since=before)
    assert "Similar to LoRA" in person.press(card, "Similar").text
    assert person.press(listing, "More").text != listing.text


def test_a_limit_is_waited_out_and_the_answer_comes(bot: Bot, person: Person) -> None:
    assert bot.pid
    person.refuse_once(1)
    started = time.monotonic()
    assert "LoRA: Low-Rank" in person.ask("LoRA").text
    assert time.monotonic() - started > 0.9


def test_a_cut_connection_is_taken_up_again(bot: Bot, person: Person) -> None:
    assert bot.pid
    for _ in range(2):
        person.cut()
        assert "LoRA: Low-Rank" in person.ask("LoRA").text


def test_a_crowd_is_answered_in_order(bot: Bot, person: Person) -> None:
    answers = person.many(200, chats=100)
    assert sum(map(len, answers.values())) == 200
    numbers = sorted(number for texts in answers.values() for number in _numbers(texts))
    assert numbers == list(range(200))
    for texts in answers.values():
        assert _numbers(texts) == sorted(_numbers(texts))
    assert bot.log.count("ask answered in") == 200


def _numbers(texts: list[str]) -> list[int]:
    return [int(text.split("zzzz")[1].split("qqq")[0]) for text in texts]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_shutdown_under_load_finishes_what_was_begun(bot: Bot, person: Person, number: int) -> None:
    crowd = threading.Thread(target=_until_it_ends, args=(person.type, "diffusion"), daemon=True)
    crowd.start()
    time.sleep(0.3)
    started = time.monotonic()
    assert bot.stop(number) == 0
    assert time.monotonic() - started < 5
    crowd.join(15)
    assert "Traceback" not in bot.log
    assert "never retrieved" not in bot.log
    assert "Unclosed" not in bot.log


def _until_it_ends(work: Callable[[str], Any], text: str) -> None:
    try:
        for _ in range(200):
            work(text)
    except Exception:
        return


@pytest.mark.parametrize("platform", PEOPLE)
def test_a_refused_token_is_one_sentence_and_the_other_platform_goes_on(
    platform: str, tmp_path: Path, bundled_cache: Path
) -> None:
    (other,) = set(PEOPLE) - {platform}
    with spawn(PEOPLE[platform][0]) as refusing, spawn(PEOPLE[other][0]) as serving:
        stranger, person = PEOPLE[platform][1](refusing), PEOPLE[other][1](serving)
        wrong = {f"{platform.upper()}_TOKEN": "987654321:AAwrongwrongwrongwrongwrongwrongwro"}
        with running(tmp_path, bundled_cache, stranger.environment | person.environment | wrong) as bot:
            person.wait_ready()
            said = until(lambda: "does not accept this token" in bot.log and bot.log, "the refusal is said", within=20)
            assert said.count("does not accept this token") == 1
            assert said.count(platform.capitalize()) >= 1
            assert "wrongwrong" not in bot.log
            assert "LoRA: Low-Rank" in person.ask("LoRA").text
            assert bot.stop() == 0
        with running(tmp_path, bundled_cache, stranger.environment | wrong) as alone:
            assert alone.wait(20) == 2
        look_over(serving)


def test_nothing_written_at_the_finest_level_shows_a_token(person: Person, tmp_path: Path, bundled_cache: Path) -> None:
    finest = {"ROADMAP_BOT_LOG__LEVEL": "debug", "ROADMAP_BOT_LOG__FORMAT": "json", "PYTHONASYNCIODEBUG": "1"}
    with running(tmp_path, bundled_cache, person.environment | finest) as bot:
        person.wait_ready()
        person.ask("LoRA")
        person.refuse_once(1)
        person.ask("attention")
        person.cut()
        person.press_forged(person.ask("diffusion"), "garbage!")
        # From here on nothing works any more: what is said then must not say the token either.
        person.server.fault(500 if person.server.platform == "discord" else "server_error", times=None)
        time.sleep(0.5)
        bot.stop()
        token = person.server.token
        secret = token.partition(":")[2] or token
        assert secret not in bot.log
        rows = [json.loads(line) for line in bot.log.splitlines() if line.startswith("{")]
        answered = [row for row in rows if row.get("outcome") == "answered"]
        assert {"platform", "command", "milliseconds"} <= set(answered[0])
        assert "attention" not in bot.log


def test_an_outage_at_the_start_is_waited_out(person: Person, tmp_path: Path, bundled_cache: Path) -> None:
    if person.server.platform == "discord":
        person.server.fault(502, path="users/@me", times=1)
        person.server.gateway_fault("refuse", times=1)
    else:
        person.server.fault("bad_gateway", method="getMe", times=2)
    with running(tmp_path, bundled_cache, person.environment) as bot:
        person.wait_ready()
        assert "LoRA: Low-Rank" in person.ask("LoRA").text
        assert bot.log.count("out of reach") <= 1
        assert bot.stop() == 0
