"""The parts of the documentation that follow from the code: the page of commands and the transcript of the README.

python -m tests.generated        writes them; a test says when they are stale
"""

from __future__ import annotations

import io
import re
import tempfile
from pathlib import Path

from tests import messages

from roadmap_bot.adapters.terminal import TerminalChat, TerminalRenderer
from roadmap_bot.app import make_engine, open_catalogue
from roadmap_bot.config import RoadmapSettings, Settings
from roadmap_bot.features import TERMINAL_COMMANDS

ROOT = Path(__file__).parents[1]
COMMANDS_PAGE = ROOT / "docs" / "commands.md"
README = ROOT / "README.md"
# What a newcomer might type; numbers press what the reply before offers.
TYPED = ("LoRA", "what should I read about long context", "attentoin is al you need", "扩散模型 编辑", "pizza recipe")
_TRANSCRIPT = re.compile(r"(?<=<!-- transcript -->\n```text\n).*?(?=```\n<!-- end -->)", re.DOTALL)
_WIDTH = 88


def commands_page() -> str:
    """docs/commands.md."""
    lines = [
        "# Commands",
        "",
        "This page is written by `make docs` from the commands themselves.",
        "",
        "On Discord these are slash commands with options, and a message that mentions the bot is a question. On",
        "Telegram and in the terminal a command starts with `/`, and everything else you type in a private chat is a",
        "question; a line that is nothing but a command's name (`browse`, `next`) needs no slash.",
        "",
        "In the terminal a number presses what the last reply offers under it, and so does the label of a button",
        "(`more`, `similar`, `up`). `/quit` is for the terminal only.",
    ]
    for command in TERMINAL_COMMANDS:
        if command.hidden:
            continue
        lines += ["", f"## /{command.name}", "", f"{command.about}."]
        if command.names:
            lines += ["", f"Also: {', '.join(f'`/{name}`' for name in command.names)}."]
        if command.arguments:
            lines += ["", "| argument | what it is | |", "| --- | --- | --- |"]
            for argument in command.arguments:
                lines.append(
                    f"| `{argument.name}` | {argument.about} | {'' if argument.required else 'may be left out'} |"
                )
        lines += ["", f"    /{command.example}"]
    return "\n".join(lines) + "\n"


def transcript(cache: Path) -> str:
    """The conversation in the README, as the terminal chat really has it."""
    settings = Settings(roadmap=RoadmapSettings(cache=str(cache)))
    stream = io.StringIO()
    with open_catalogue(settings) as catalogue:
        renderer = TerminalRenderer(stream, width=_WIDTH)
        chat = TerminalChat(make_engine(settings, catalogue), renderer)
        for line in TYPED:
            stream.write(f"› {line}\n")
            renderer.show(chat.answer(line))
    return "\n".join(line.rstrip() for line in stream.getvalue().strip().splitlines()) + "\n"


def readme(cache: Path) -> str:
    """README.md with a fresh transcript."""
    written = transcript(cache)
    return _TRANSCRIPT.sub(lambda _: written, README.read_text(encoding="utf-8"))


def main() -> None:
    """Writes all of them, and brings the translations in step with what is said."""
    messages.update()
    COMMANDS_PAGE.write_text(commands_page(), encoding="utf-8")
    with tempfile.TemporaryDirectory() as cache:
        README.write_text(readme(Path(cache)), encoding="utf-8")


if __name__ == "__main__":
    main()
