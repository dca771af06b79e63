"""Tokens: where they are looked for, and that no sentence ever repeats one."""

from __future__ import annotations

from pathlib import Path

import pytest

from roadmap_bot.app.tokens import NOTHING_TO_RUN, read_tokens
from roadmap_bot.core.errors import UserError

TOKEN = "123456789:AAExampleExampleExampleExampleExampl"  # noqa: S105  (an example)


def refused(environment: dict[str, str]) -> str:
    """The sentence with which an environment is refused."""
    with pytest.raises(UserError) as error:
        read_tokens(environment)
    return error.value.sentence


def test_every_platform_with_a_token_is_served(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"\ufeff{TOKEN}\n", encoding="utf-8")
    assert read_tokens({"DISCORD_TOKEN": " abc.def.ghi "}) == {"discord": "abc.def.ghi"}
    assert read_tokens({"TELEGRAM_TOKEN_FILE": str(tmp_path / "token")}) == {"telegram": TOKEN}
    both = read_tokens({"DISCORD_TOKEN": "a.b.c", "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_TOKEN_FILE": "/nowhere"})
    assert both == {"discord": "a.b.c", "telegram": TOKEN}


@pytest.mark.parametrize("environment", [{}, {"DISCORD_TOKEN": ""}, {"TELEGRAM_TOKEN": " ", "TELEGRAM_TOKEN_FILE": ""}])
def test_without_any_token_one_sentence_says_how_to_get_each(environment: dict[str, str]) -> None:
    assert refused(environment) == NOTHING_TO_RUN
    for needed in ("DISCORD_TOKEN", "TELEGRAM_TOKEN", "developer portal", "@BotFather", "make chat"):
        assert needed in NOTHING_TO_RUN


def test_a_file_that_holds_no_token_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n", encoding="utf-8")
    (tmp_path / "picture").write_bytes(b"\xff\xd8\xff\x00")
    assert "cannot be read (No such file" in refused({"DISCORD_TOKEN_FILE": str(tmp_path / "nowhere")})
    assert "cannot be read (Is a directory" in refused({"DISCORD_TOKEN_FILE": str(tmp_path)})
    assert "is empty" in refused({"TELEGRAM_TOKEN_FILE": str(tmp_path / "empty")})
    assert "is no text" in refused({"TELEGRAM_TOKEN_FILE": str(tmp_path / "picture")})


@pytest.mark.parametrize("token", ["two words", "line\nbreak", "naïve", "tab\there"])
def test_what_cannot_be_a_token_is_refused_without_repeating_it(token: str) -> None:
    sentence = refused({"DISCORD_TOKEN": token})
    assert sentence.startswith("DISCORD_TOKEN holds something that is no token.")
    assert token not in sentence
