"""A formula in a title is readable on every platform."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pytest

from roadmap_bot.adapters.discord.render import DiscordRenderer
from roadmap_bot.adapters.telegram.render import render
from roadmap_bot.adapters.terminal import TerminalRenderer
from roadmap_bot.core.reply import Card, Entry, Listing, Notice, Reply
from roadmap_bot.core.speech import Speech

WRITTEN, SHOWN = r"Sorting in $O(n \log n)$ with $\alpha_1$-trees", "Sorting in O(n log n) with α₁-trees"


def on_discord(reply: Reply) -> str:
    """What goes over the wire to Discord, escapes aside."""
    return json.dumps(DiscordRenderer().view(reply).to_components(), ensure_ascii=False).replace("\\\\", "")


def on_telegram(reply: Reply) -> str:
    """The text of the message on Telegram."""
    return render(reply, Speech()).text


def in_a_terminal(reply: Reply) -> str:
    """What is drawn."""
    stream = io.StringIO()
    TerminalRenderer(stream, width=100).show(reply)
    return stream.getvalue()


@pytest.mark.parametrize("drawn", [on_discord, on_telegram, in_a_terminal])
@pytest.mark.parametrize("body", [Card(WRITTEN), Listing(WRITTEN, (Entry(WRITTEN),), 1), Notice((WRITTEN,))])
def test_a_formula_is_shown_as_characters(drawn: Callable[[Reply], str], body: Card | Listing | Notice) -> None:
    text = drawn(Reply(body))
    assert SHOWN in text
    assert "$" not in text
    assert "alpha" not in text
