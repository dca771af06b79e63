"""Servers, people and a running bot for the scenarios; afterwards every request that was made is looked over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.fakes.checked import look_over
from tests.fakes.serving import spawn
from tests.scenarios.people import DiscordPerson, Person, TelegramPerson
from tests.scenarios.process import Bot, running

PEOPLE: dict[str, tuple[str, Callable[[Any], Person]]] = {
    "discord": ("tests.fakes.discord_server", DiscordPerson),
    "telegram": ("tests.fakes.telegram_server", TelegramPerson),
}


@pytest.fixture(params=PEOPLE)
def person(request: pytest.FixtureRequest) -> Iterator[Person]:
    """Somebody on a platform of their own, once for each."""
    module, kind = PEOPLE[request.param]
    with spawn(module) as server:
        yield kind(server)
        look_over(server)


@pytest.fixture
def bot(person: Person, tmp_path: Path, bundled_cache: Path) -> Iterator[Bot]:
    """The bot, running and ready on that platform."""
    with running(tmp_path, bundled_cache, person.environment) as bot:
        person.wait_ready()
        yield bot
        assert "Traceback" not in bot.log, bot.log
