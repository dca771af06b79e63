"""The log: one line a record, for people or for programs, and no secret in it at any level."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from roadmap_bot.app import logs

DISCORD = "abcdefghijklmnopqrstuvwx.Yzabcd.abcdefghijklmnopqrstuvwxyz0"
TELEGRAM = "123456789:AAExampleExampleExampleExampleExampl"


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Leaves the log as it was found."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()
    root.handlers[:] = handlers
    root.setLevel(level)


def written(folder: Path, form: str = "text", level: str = "debug") -> str:
    """What ends up in the log of a process that says its secrets in every way there is."""
    file = folder / "log"
    logs.set_up(level, form, secrets=[DISCORD, TELEGRAM], file=file)
    log = logging.getLogger("roadmap_bot.test")
    log.info("calling https://api.example/bot%s/getMe", TELEGRAM)
    log.debug("Authorization: Bot %s", DISCORD)
    log.warning("another one: Bot %s", DISCORD.replace("a", "b"))
    log.info("a stranger's bot987654321:%s too", "B" * 35)
    log.info("command answered", extra={"platform": "discord", "milliseconds": 1.5, "secret": DISCORD})
    try:
        raise ValueError(f"refused {DISCORD}")
    except ValueError:
        log.exception("it broke")
    logging.getLogger("httpx").info("HTTP Request: POST https://api.example/bot%s/getMe", TELEGRAM)
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_secret_is_written_at_any_level(tmp_path: Path, form: str) -> None:
    text = written(tmp_path, form)
    assert "it broke" in text
    assert "Traceback" in text
    for secret in (DISCORD, TELEGRAM, "B" * 30, DISCORD.replace("a", "b")):
        assert secret not in text
    assert text.count("[token]") >= 5


def test_what_the_libraries_say_of_their_requests_stays_out(tmp_path: Path) -> None:
    assert "HTTP Request" not in written(tmp_path)


def test_programs_read_one_object_a_line_with_its_facts(tmp_path: Path) -> None:
    rows = [json.loads(line) for line in written(tmp_path, "json").splitlines()]
    (row,) = [row for row in rows if row["message"] == "command answered"]
    assert (row["platform"], row["milliseconds"], row["level"]) == ("discord", 1.5, "INFO")
    assert {"time", "logger"} <= set(row)


def test_the_level_is_kept(tmp_path: Path) -> None:
    assert "Authorization" not in written(tmp_path, level="info")
