"""What goes wrong inside is written to a file, not over the conversation."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from roadmap_bot import app
from roadmap_bot.config import Settings


def test_the_log_of_a_chat_goes_to_a_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        app._log_to_file(Settings(), tmp_path / "state" / "log")
        logging.getLogger("roadmap_bot.engine").error("the kite is stuck")
        assert "the kite is stuck" in (tmp_path / "state" / "log").read_text(encoding="utf-8")
        assert capfd.readouterr().err == ""
    finally:
        for handler in root.handlers:
            handler.close()
        root.handlers[:] = handlers
        root.setLevel(level)


def test_a_folder_that_cannot_be_written_leaves_the_log_where_it_was(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    before = logging.getLogger().handlers[:]
    app._log_to_file(Settings(), tmp_path / "file" / "log")
    assert logging.getLogger().handlers == before
