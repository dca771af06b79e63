"""Draws a scene as a page of the client it belongs to."""

from __future__ import annotations

from tests.fakes.telegram.entities import formatted
from tests.gallery import discord_page, telegram_page
from tests.gallery.scenes import Scene


def named(scene: Scene) -> str:
    """The name of a scene among those of all platforms."""
    return f"{scene.platform}-{scene.name}"


def drawn(scene: Scene) -> str:
    """The page of a scene."""
    title = named(scene)
    match scene.platform, scene.form:
        case "discord", "choices":
            offered = scene.payload
            return discord_page.choices_page(
                title, scene.asked.lstrip("/"), offered["option"], offered["typed"], offered["choices"]
            )
        case "discord", _:
            return discord_page.message_page(title, scene.asked, scene.payload)
        case _, "alert":
            return telegram_page.alert_page(title, scene.payload["text"])
        case _, "inline":
            return telegram_page.inline_page(title, scene.asked, scene.payload)
        case _:
            # Telegram's own reading: what it would refuse is refused here, what it finds in a text is found.
            read = formatted(scene.payload["text"], entities=scene.payload["entities"])
            shown = {**scene.payload, "text": read.text, "entities": read.entities}
            return telegram_page.message_page(title, scene.asked, shown, group=scene.group)
