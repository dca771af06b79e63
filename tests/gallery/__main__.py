"""Writes the gallery: a page for every scene, and pictures of the pages where there is a Chromium to take them.

    python -m tests.gallery [--out DIR] [--only NAME] [--readme]

`--only` takes the scenes whose names contain NAME ("discord-card"); `--readme` renews the pictures of the README.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.gallery import chromium, discord_page, telegram_page
from tests.gallery.drawing import drawn, named
from tests.gallery.elements import element, page, text
from tests.gallery.scenes import Scene, gallery_engine, scenes

from roadmap_bot.app import open_catalogue
from roadmap_bot.config import Settings
from roadmap_bot.state.chats import Chats
from roadmap_bot.state.database import Database

ROOT: Final = Path(__file__).parents[2]
WIDTHS: Final = {"discord": discord_page.WIDTHS, "telegram": telegram_page.WIDTHS}
# What the README shows, and under which names.
README_PICTURES: Final = {
    "discord-results-desktop": "discord-results",
    "telegram-card-phone": "telegram-card",
    "telegram-inline-english-phone": "telegram-inline",
}
FAILED: Final = 1
NO_BROWSER: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes pages and pictures; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.gallery", description="Pictures of what people see.")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "gallery", metavar="DIR")
    parser.add_argument("--only", default="", metavar="NAME", help="only scenes whose names contain this")
    parser.add_argument("--readme", action="store_true", help="renew the pictures in docs/pictures")
    chosen = parser.parse_args(arguments)
    shown = [scene for scene in _all_scenes() if chosen.only in named(scene)]
    if not shown:
        return _failed(f"No scene has {chosen.only!r} in its name.", FAILED)
    return exhibit(shown, chosen.out, chromium.find(), readme=chosen.readme)


def exhibit(shown: Sequence[Scene], out: Path, program: str | None, *, readme: bool = False) -> int:
    """Writes a page of each scene into `out`, and its pictures with the Chromium at `program`; the exit status."""
    out.mkdir(parents=True, exist_ok=True)
    for scene in shown:
        (out / f"{named(scene)}.html").write_text(drawn(scene), encoding="utf-8")
    if program is None:
        names = ", ".join(chromium.PROGRAMS)
        return _failed(
            f"There is no Chromium to take pictures with (looked for {names}). Install one and try again; until then"
            f" the pages are in {out}, for any browser.",
            NO_BROWSER,
        )
    try:
        asyncio.run(_photograph(program, shown, out, readme=readme))
    except chromium.Trouble as error:
        return _failed(str(error), FAILED)
    (out / "index.html").write_text(_index(shown), encoding="utf-8")
    sys.stdout.write(f"{len(shown)} scenes in {out / 'index.html'}\n")
    return 0


def _all_scenes() -> list[Scene]:
    with (
        tempfile.TemporaryDirectory() as folder,
        open_catalogue(Settings()) as catalogue,
        Database.open(f"sqlite:///{Path(folder) / 'state.sqlite'}") as database,
    ):
        return scenes(gallery_engine(catalogue, Chats(database)))


async def _photograph(program: str, shown: Sequence[Scene], out: Path, *, readme: bool) -> None:
    async with chromium.camera(program) as camera:
        for scene in shown:
            for size, width in WIDTHS[scene.platform].items():
                name = f"{named(scene)}-{size}"
                picture = await camera.picture(out / f"{named(scene)}.html", width)
                (out / f"{name}.png").write_bytes(picture)
                if readme and name in README_PICTURES:
                    (ROOT / "docs" / "pictures" / f"{README_PICTURES[name]}.png").write_bytes(picture)


def _index(shown: Sequence[Scene]) -> str:
    """A page with all pictures, to look through."""
    figures = [
        element(
            "figure",
            element("figcaption", text(f"{named(scene)}, {size}")),
            f'<img src="{named(scene)}-{size}.png" width="{width}" alt="">',
        )
        for scene in shown
        for size, width in WIDTHS[scene.platform].items()
    ]
    return page("index", "Gallery", "".join(figures))


def _failed(sentence: str, status: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
