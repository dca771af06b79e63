"""Prints how fast and how good the search is, beside plain FTS5 and rapidfuzz in the same run. Figures, not tests.

    python -m tests.bench [--large]

`--large` adds a roadmap of 100,000 made-up entries, which takes some minutes to build.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench import large, plain
from tests.bench.measure import keystrokes, process_figures, row, timed
from tests.judged import QUERY_FILES, read_rows, report

from roadmap_bot.app import make_engine, settle
from roadmap_bot.catalogue.building import build
from roadmap_bot.catalogue.folder import load
from roadmap_bot.catalogue.reading import Catalogue
from roadmap_bot.catalogue.search import Search
from roadmap_bot.config import Settings, bundled

SIZE = 100_000
ODD_INPUTS = ("a" * 10_000, "lorem ipsum " * 900, "注意力" * 3_400, '"*(' * 3_300, "x1 " * 3_300, "\u0301" * 10_000)


def main() -> None:
    """Runs all measurements."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "small.sqlite"
        build(bundled("data"), target)
        roadmap = load(bundled("data")).roadmap
        queries = [row["query"] for name in QUERY_FILES for row in read_rows(name)]
        with Catalogue.open(target) as catalogue:
            print(f"Quality over {len(queries)} judged queries\n")
            for name in QUERY_FILES:
                print(report(name, catalogue))
            print(f"\nSpeed at {len(roadmap.resources)} entries (milliseconds)\n")
            _speed(_settled(catalogue), queries, plain.engines(roadmap))
            print("\nOdd inputs of 10,000 characters\n")
            search = Search(catalogue)
            for text in ODD_INPUTS:
                print(row(repr(text[:12]), timed(search.ask, [text] * 5)))
        print("\nWhole processes\n")
        for line in process_figures(Path(folder)):
            print(line)
        if "--large" in sys.argv[1:]:
            target = Path(folder) / "large.sqlite"
            print(f"\nBuilding {SIZE:,} entries …", flush=True)
            # In a process of its own: what building leaves behind in memory would slow down what is measured here.
            subprocess.run([sys.executable, "-m", "tests.bench.large", str(target), str(SIZE)], check=True)
            # So is answering: what the measurements above have left in memory would slow it down too.
            subprocess.run([sys.executable, "-m", "tests.bench", "--measure", str(target)], check=True)


def measure_large(target: Path) -> None:
    """The figures of the large roadmap built at `target`, beside those of plain engines over the same."""
    queries = [row["query"] for name in QUERY_FILES for row in read_rows(name)]
    with Catalogue.open(target) as catalogue:
        print(f"\nSpeed at {SIZE:,} entries (milliseconds)\n", flush=True)
        asked = large.queries([one.title for one in catalogue.resources()], queries)
        _ours(_settled(catalogue), asked)
    _plain(asked, plain.engines(large.roadmap(load(bundled("data")).roadmap, SIZE)))


def _settled(catalogue: Catalogue) -> Search:
    """The search as a process that serves people has it."""
    engine = make_engine(Settings(), catalogue)
    settle(engine)
    return engine.context.search


def _speed(search: Search, queries: list[str], engines: plain.Engines) -> None:
    _ours(search, queries)
    _plain(queries, engines)


def _ours(search: Search, queries: list[str]) -> None:
    print(row("roadmap_bot ask", timed(search.ask, queries)))
    print(row("roadmap_bot ask, again", timed(search.ask, queries)))
    print(row("roadmap_bot complete, per keystroke", timed(search.complete, keystrokes(queries[:120]))))


def _plain(queries: list[str], engines: plain.Engines) -> None:
    for name, ask in engines.items():
        sample = queries if name.startswith("FTS5") else queries[:: max(1, len(queries) // 60)]
        print(row(name, timed(ask, sample)))


if __name__ == "__main__":
    if "--measure" in sys.argv[1:]:
        measure_large(Path(sys.argv[-1]))
    else:
        main()
