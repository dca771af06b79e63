"""The sentences the bot says, gathered from the source, and the catalogues of their translations kept in step with it.

python -m tests.messages        adds new sentences to each catalogue and drops those that are no longer said
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from roadmap_bot import translations
from roadmap_bot.core.records import KINDS
from roadmap_bot.core.speech import COMMAND
from roadmap_bot.features import TERMINAL_COMMANDS
from roadmap_bot.features.show import LINK_NAMES, MONTHS

SOURCE = Path(__file__).parents[1] / "src" / "roadmap_bot"
# Where people are spoken to; the command line and the import speak English only.
_SPOKEN = ("core", "features", "adapters", "engine.py", "catalogue/reading.py", "catalogue/search")
_CALLS = dict.fromkeys(("say", "_say", "text", "sentence")) | {
    "count": (2, 3),
    "_wanted": (2,),
    "Command": (2,),
    "Argument": (2,),
}
# What an adapter raises keeps it from serving: that is for the operator, who reads English.
_ERRORS = dict.fromkeys(("UserError", "NotFound", "__init__"))
_HEADER = (
    "# What roadmap_bot says, in another language. `make docs` keeps the list of sentences in step with the source.\n"
)


def said() -> Catalog:
    """Every sentence, with the files it is said in."""
    catalogue = Catalog(project="roadmap_bot", charset="utf-8")
    for path in _files():
        place = path.relative_to(SOURCE).as_posix()
        calls = _CALLS if place.startswith("adapters/") else _CALLS | _ERRORS
        for _, message, _, _ in extract_from_file("python", str(path), keywords=calls):
            catalogue.add(message, locations=[(place, 0)])
    for word in (*KINDS, *MONTHS, *LINK_NAMES.values()):
        catalogue.add(word, locations=[("features/show.py", 0)])
    for command in TERMINAL_COMMANDS:
        for name in (command.name, *(argument.name for argument in command.arguments)):
            if not command.hidden:
                catalogue.add(name, context=COMMAND, locations=[("features/__init__.py", 0)])
    return catalogue


def read(tag: str) -> Catalog:
    """The catalogue of a language as it stands."""
    with path_of(tag).open("rb") as stream:
        return read_po(stream, locale=tag.replace("-", "_"))


def path_of(tag: str) -> Path:
    """The file of a language."""
    return Path(str(files(translations) / translations.CATALOGUES[tag]))


def update() -> None:
    """Brings every catalogue in step with what is said."""
    for tag in translations.CATALOGUES:
        path = path_of(tag)
        catalogue = read(tag) if path.exists() else Catalog(locale=tag.replace("-", "_"), project="roadmap_bot")
        catalogue.update(said(), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        fresh = Catalog(
            locale=tag.replace("-", "_"), project="roadmap_bot", header_comment=_HEADER.strip(), fuzzy=False
        )
        for message in catalogue:
            if message.id:
                locations = sorted({(place, 0) for place, _ in message.locations})
                fresh.add(message.id, message.string, locations=locations, context=message.context)
        with path.open("wb") as stream:
            write_po(stream, fresh, width=118, omit_header=False, sort_output=True, include_lineno=False)
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        # Dates and versions of tools would change the file where no sentence did.
        noise = (
            '"POT-Creation-Date',
            '"PO-Revision-Date',
            '"Generated-By',
            '"Last-Translator',
            '"Report-Msgid-Bugs-To',
        )
        path.write_text("".join(line for line in lines if not line.startswith(noise)), encoding="utf-8")


def _files() -> Iterator[Path]:
    for name in _SPOKEN:
        path = SOURCE / name
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


if __name__ == "__main__":
    update()
