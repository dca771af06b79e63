"""`roadmap-bot run` before any platform is reached: what it asks for, and that it can be stopped at any moment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from roadmap_bot.app.tokens import NOTHING_TO_RUN

COMMAND = [sys.executable, "-m", "roadmap_bot", "run"]
# The same, saying when Python itself is up: before that nobody can listen for signals.
SAYING_WHEN = "import sys; print(flush=True); sys.argv[1:] = ['run']; from roadmap_bot.__main__ import main; main()"
# Nothing listens there: whatever would reach a platform waits, as it does in an outage.
NOWHERE = {
    "ROADMAP_BOT_DISCORD__API_URL": "http://127.0.0.1:9/api/v10",
    "ROADMAP_BOT_DISCORD__GATEWAY_URL": "ws://127.0.0.1:9/gateway",
    "ROADMAP_BOT_TELEGRAM__API_URL": "http://127.0.0.1:9",
    "DISCORD_TOKEN": "abc.def.ghi",
    "TELEGRAM_TOKEN": "123456789:AAExampleExampleExampleExampleExampl",
}


@pytest.fixture
def environment(tmp_path: Path, bundled_cache: Path) -> dict[str, str]:
    """An environment in which a bot keeps everything in a folder of its own."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "ROADMAP_BOT_ROADMAP__CACHE": str(bundled_cache),
        "ROADMAP_BOT_STATE__URL": f"sqlite:///{tmp_path}/state/state.sqlite",
    }


def test_without_a_token_it_says_how_to_get_one(environment: dict[str, str]) -> None:
    done = subprocess.run(COMMAND, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", NOTHING_TO_RUN + "\n")


def test_a_database_that_cannot_be_opened_is_one_sentence(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way", encoding="utf-8")
    done = subprocess.run(COMMAND, env=environment | NOWHERE, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("after", [0.03, 0.06, 0.1, 0.2, 0.4, 0.8, 1.6])
def test_a_stop_at_any_moment_is_orderly(environment: dict[str, str], number: signal.Signals, after: float) -> None:
    command = [sys.executable, "-c", SAYING_WHEN]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment | NOWHERE, **pipes) as process:  # type: ignore[call-overload]
        process.stdout.readline()
        time.sleep(after)
        process.send_signal(number)
        started = time.monotonic()
        try:
            _, said = process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        assert time.monotonic() - started < 5
    assert process.returncode == 0, said
    assert "Traceback" not in said
    assert "AAExample" not in said


SWALLOWED = """
import sys, os, signal, weakref
sys.argv[1:] = ["run"]
from roadmap_bot import early
early.listen()

class Thing:
    pass

thing = Thing()
# What a handler raises inside such a callback is printed and dropped by Python.
kept = weakref.ref(thing, lambda _: os.kill(os.getpid(), signal.SIGTERM))
del thing
print("alive", flush=True)
from roadmap_bot.cli import run
sys.exit(run())
"""


def test_a_stop_that_python_swallows_is_remembered(environment: dict[str, str]) -> None:
    command = [sys.executable, "-c", SWALLOWED]
    done = subprocess.run(command, env=environment | NOWHERE, capture_output=True, text=True, check=False, timeout=20)
    assert (done.returncode, done.stdout) == (0, "alive\n"), done.stderr
