"""Prints how fast the bot answers on each platform, beside an echo bot of the same library, and what it weighs.

    python -m tests.bench.platforms [--requests 10000]

Both run as processes of their own against the local servers of the tests; times are from an update to its answer.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.measure import row
from tests.fakes.serving import spawn
from tests.judged import QUERY_FILES, read_rows
from tests.scenarios.people import DiscordPerson, TelegramPerson
from tests.scenarios.process import Bot, running, until

ONE_BY_ONE, AT_ONCE, ROUNDS = 200, 300, 3
# Between one question and the next, so that none waits for what follows the answer before it.
BREATH = 0.02
_NO_BRAKE = {"ROADMAP_BOT_TELEGRAM__MESSAGES_PER_SECOND": "1000"}


def main() -> None:
    """Runs all measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000)
    requests = parser.parse_args().requests
    texts = [entry["query"] for name in QUERY_FILES for entry in read_rows(name)]
    os.environ["NO_PROXY"] = "127.0.0.1"
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) / "cache"
        _build(cache)
        for platform in ("discord", "telegram"):
            print(f"\n{platform}: from an update to its answer (milliseconds)\n", flush=True)
            _compare(platform, Path(folder), cache, texts)
        print("\nBoth platforms in one process\n", flush=True)
        _weigh(Path(folder), cache, texts, requests)


def _build(cache: Path) -> None:
    environment = os.environ | {"ROADMAP_BOT_ROADMAP__CACHE": str(cache)}
    subprocess.run([sys.executable, "-m", "roadmap_bot", "build", "--quiet"], env=environment, check=True)


def _compare(platform: str, folder: Path, cache: Path, texts: list[str]) -> None:
    kind: Callable[[Any], Any] = DiscordPerson if platform == "discord" else TelegramPerson
    taken: dict[str, list[float]] = {"echo bot": [], "roadmap_bot": []}
    rates: dict[str, list[float]] = {"echo bot": [], "roadmap_bot": []}
    # In turns, so that what else the machine does falls on both alike.
    for turn in range(ROUNDS):
        for name in taken:
            with spawn(f"tests.fakes.{platform}_server") as server:
                person = kind(server)
                started = (
                    _echo(person, platform)
                    if name == "echo bot"
                    else _ours(person, folder / f"{name}-{platform}-{turn}", cache)
                )
                with started:
                    person.wait_ready()
                    ask = _asker(platform, server)
                    mine = texts[turn * ONE_BY_ONE :][:ONE_BY_ONE]
                    [ask(text) for text in mine[:20]]
                    taken[name] += [ask(text) for text in mine if not time.sleep(BREATH)]
                    rates[name].append(_burst(platform, server, texts))
    for name, times in taken.items():
        rate = statistics.median(rates[name])
        print(f"{row(name, sorted(times))}   {rate:6.0f} answers a second when {AT_ONCE} come at once")
    ratio = statistics.median(taken["roadmap_bot"]) / statistics.median(taken["echo bot"])
    print(f"{'median, ours to the echo bot':40} {ratio:.2f}", flush=True)


@contextmanager
def _echo(person: Any, platform: str) -> Iterator[None]:
    server = person.server
    addresses = [server.api_url, server.token, *([server.gateway_url] if platform == "discord" else [])]
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.echo", platform, *addresses])
    try:
        yield
    finally:
        process.kill()
        process.wait(10)


@contextmanager
def _ours(person: Any, folder: Path, cache: Path) -> Iterator[Bot]:
    folder.mkdir(exist_ok=True)
    with running(folder, cache, person.environment | _NO_BRAKE) as bot:
        yield bot


def _asker(platform: str, server: Any) -> Callable[[str], float]:
    """Asks one thing and waits for the answer; milliseconds by the clock of the machine, which is everybody's."""

    def on_discord(text: str) -> float:
        asked = time.monotonic()
        interaction = server.slash("ask", {"query": text[:100]})
        server.wait_response(interaction)
        return (_arrived(server, "/callback") - asked) * 1000

    def on_telegram(text: str) -> float:
        chat = server.add_user()
        asked = time.monotonic()
        server.write(text, user=chat)
        server.wait_message(chat)
        return (_arrived(server, "/sendMessage") - asked) * 1000

    return on_discord if platform == "discord" else on_telegram


def _arrived(server: Any, path: str) -> float:
    """When the last request to `path` came: before the server has looked at it, which takes longer the more it says."""
    return max(float(entry["time"]) for entry in server.requests() if path in entry["path"])


def _burst(platform: str, server: Any, texts: list[str]) -> float:
    """Answers a second when very many ask at the same time."""
    started = time.monotonic()
    if platform == "telegram":
        before = len(server.deliveries())
        server.many(AT_ONCE, "what is lora {}")
        until(lambda: len(server.deliveries()) >= before + AT_ONCE, "all are answered", within=60)
        return AT_ONCE / (_arrived(server, "/sendMessage") - started)
    with ThreadPoolExecutor(16) as people:
        asked = list(people.map(lambda text: server.slash("ask", {"query": text[:100]}), texts[:AT_ONCE]))
    for interaction in asked:
        server.wait_response(interaction, timeout=30)
    return AT_ONCE / (_arrived(server, "/callback") - started)


def _weigh(folder: Path, cache: Path, texts: list[str], requests: int) -> None:
    (folder / "both").mkdir()
    with spawn("tests.fakes.discord_server") as one, spawn("tests.fakes.telegram_server") as two:
        people = DiscordPerson(one), TelegramPerson(two)
        environment = people[0].environment | people[1].environment | _NO_BRAKE
        started = time.monotonic()
        with running(folder / "both", cache, environment) as bot:
            for person in people:
                person.wait_ready()
            print(f"{'start to ready':40} {time.monotonic() - started:.2f} s")
            print(f"{'memory, ready':40} {_memory(bot.pid):.0f} MB", flush=True)
            asked = 0
            while asked < requests:
                for start in range(0, len(texts), 50):
                    _ask_both(one, two, texts[start : start + 50])
                    asked += 2 * len(texts[start : start + 50])
                one.reset()
                print(f"{f'memory after {asked} requests':40} {_memory(bot.pid):.0f} MB", flush=True)


def _ask_both(discord: Any, telegram: Any, texts: list[str]) -> None:
    interactions = [discord.slash("ask", {"query": text[:100]}) for text in texts]
    before = len(telegram.deliveries())
    for text in texts:
        telegram.write(text, user=telegram.add_user())
    for interaction in interactions:
        discord.wait_response(interaction, timeout=30)
    until(lambda: len(telegram.deliveries()) >= before + len(texts), "all are answered", within=60)


def _memory(pid: int) -> float:
    (line,) = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
