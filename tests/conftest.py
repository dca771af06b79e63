"""What all tests share: the bundled roadmap built once, a small one of invented works, and engines over both."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from roadmap_bot.app import build_catalogue, make_engine
from roadmap_bot.catalogue.building import build
from roadmap_bot.catalogue.reading import Catalogue
from roadmap_bot.catalogue.search import Search
from roadmap_bot.config import RoadmapSettings, Settings
from roadmap_bot.engine import Engine
from sample_roadmap import write_roadmap

# What a developer's own shell may set must not decide how a test ends.
_OUTSIDE = ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLUMNS", "LINES", "COLORTERM")


@pytest.fixture(autouse=True, scope="session")
def clean_environment() -> None:
    """Takes away the variables of the shell that the bot and its libraries listen to."""
    for name in list(os.environ):
        if name in _OUTSIDE or name.startswith("ROADMAP_BOT_"):
            del os.environ[name]


@pytest.fixture(scope="session")
def bundled_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder with the bundled roadmap built into it."""
    cache = tmp_path_factory.mktemp("bundled-cache")
    build_catalogue(Settings(roadmap=RoadmapSettings(cache=str(cache))))
    return cache


@pytest.fixture(scope="session")
def bundled(bundled_cache: Path) -> Iterator[Catalogue]:
    """The catalogue of the bundled roadmap."""
    settings = Settings(roadmap=RoadmapSettings(cache=str(bundled_cache)))
    with Catalogue.open(build_catalogue(settings)[0]) as catalogue:
        yield catalogue


@pytest.fixture(scope="session")
def search(bundled: Catalogue) -> Search:
    """The search over the bundled roadmap."""
    return Search(bundled)


@pytest.fixture(scope="session")
def engine(bundled: Catalogue) -> Engine:
    """The engine over the bundled roadmap."""
    return _predictable(make_engine(Settings(), bundled))


@pytest.fixture(scope="session")
def small_catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """The catalogue of the small roadmap in `sample_roadmap`, as it stands there."""
    folder = tmp_path_factory.mktemp("small")
    build(write_roadmap(folder / "roadmap"), folder / "small.sqlite")
    with Catalogue.open(folder / "small.sqlite") as catalogue:
        yield catalogue


@pytest.fixture(scope="session")
def small_engine(small_catalogue: Catalogue) -> Engine:
    """The engine over the small roadmap."""
    return _predictable(make_engine(Settings(), small_catalogue))


@pytest.fixture
def engine_over(tmp_path: Path) -> Iterator[Callable[..., Engine]]:
    """Builds an engine over a changed small roadmap: `engine_over(sections=[...])`, see `sample_roadmap.roadmap`."""
    opened: list[Catalogue] = []

    def build_engine(**changes: object) -> Engine:
        folder = tmp_path / f"roadmap-{len(opened)}"
        build(write_roadmap(folder, **changes), folder.with_suffix(".sqlite"))
        opened.append(Catalogue.open(folder.with_suffix(".sqlite")))
        return _predictable(make_engine(Settings(), opened[-1]))

    yield build_engine
    for catalogue in opened:
        catalogue.close()


def _predictable(engine: Engine) -> Engine:
    """The same engine with a source of chance that draws the same in every run."""
    return Engine(replace(engine.context, chance=Random(20_24).randrange), engine.speech)
