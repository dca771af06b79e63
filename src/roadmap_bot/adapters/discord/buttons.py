"""Buttons and menus of a message: each carries the token of an action as its custom id, so it works for years.

`Controls` makes those of one message and keeps them apart; `pressed` reads one back. What a token does is the engine's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import discord

from roadmap_bot.adapters.discord.markup import is_seen, link_address
from roadmap_bot.core.action import Action, Visit, encode, fits
from roadmap_bot.core.reply import Entry, plain
from roadmap_bot.core.wording import clean, readable, shorten, utf16

# Discord API docs, Component Reference: Action Row, Button, String Select.
BUTTONS_IN_ROW: Final = 5
OPTIONS_IN_MENU: Final = 25
_LABEL = 80
_OPTION = 100
_PLACEHOLDER = 150
_MENU = "menu"
"""The beginning of a menu's own id; no token begins so. What was chosen in it are the tokens of its options."""


class Controls:
    """Makes what can be pressed in one message; an action that is there already, or cannot be one, is left out."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._menus = 0

    def button(self, action: Action, label: str | None = None) -> discord.ui.Button[Any] | None:
        """A button that runs `action`, under its own label or another one."""
        shown = short(action.label if label is None else label, _LABEL)
        token = self._token(action) if shown else None
        return None if token is None else discord.ui.Button(label=shown, custom_id=token)

    def ways(self, actions: Iterable[Action | Visit], most: int) -> list[discord.ui.Button[Any]]:
        """The first `most` buttons of a reply; addresses that cannot be linked have none."""
        made = (self.button(way) if isinstance(way, Action) else _link(way) for way in actions)
        return [button for button in made if button][:most]

    def menus(self, entries: Sequence[Entry], placeholder: str, most: int) -> tuple[list[discord.ui.Select[Any]], int]:
        """Up to `most` menus that offer `entries`, and how many of these found no place in one."""
        options: list[discord.SelectOption] = []
        for entry in entries:
            if len(options) < most * OPTIONS_IN_MENU and (option := self._option(entry)):
                options.append(option)
        menus: list[discord.ui.Select[Any]] = []
        for start in range(0, len(options), OPTIONS_IN_MENU):
            self._menus += 1
            menus.append(
                discord.ui.Select(
                    custom_id=f"{_MENU}-{self._menus}",
                    placeholder=short(placeholder, _PLACEHOLDER),
                    options=options[start : start + OPTIONS_IN_MENU],
                )
            )
        return menus, len(entries) - len(options)

    def _option(self, entry: Entry) -> discord.SelectOption | None:
        label = short(plain(entry.title), _OPTION)
        token = self._token(entry.action) if label and entry.action else None
        if token is None:
            return None
        return discord.SelectOption(label=label, value=token, description=short(plain(entry.detail), _OPTION) or None)

    def _token(self, action: Action) -> str | None:
        token = encode(action) if fits(action) else None
        if token is None or token in self._taken:
            return None
        self._taken.add(token)
        return token


def pressed(data: Mapping[str, Any]) -> str:
    """The token of what was pressed, or chosen in a menu, from the data of an interaction."""
    chosen = data.get("values") or ()
    return str(chosen[0] if chosen else data.get("custom_id", ""))


def short(text: str, limit: int) -> str:
    """`text` as a label: one line of at most `limit` UTF-16 units; "" where nothing of it can be seen."""
    line = " ".join(clean(readable(text)).split())
    return shorten(line, limit, utf16) if is_seen(line) else ""


def _link(visit: Visit) -> discord.ui.Button[Any] | None:
    label, address = short(visit.label, _LABEL), link_address(visit.url)
    return discord.ui.Button(style=discord.ButtonStyle.link, label=label, url=address) if label and address else None
