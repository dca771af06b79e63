"""The languages the bot speaks: reads the message catalogues beside this file, each when somebody first needs it."""

from __future__ import annotations

import io
from functools import cache
from gettext import GNUTranslations
from importlib.resources import files

from roadmap_bot.core.speech import ENGLISH, Speech

CATALOGUES = {"zh-CN": "zh_CN.po"}
"""The message catalogue of each language but English, in which the sentences are written."""


def speech(tag: str) -> Speech:
    """The language for a tag as clients send it ("zh-CN", "zh-hans", "zh_TW.UTF-8"): the nearest, else English."""
    language = tag.replace("_", "-").split("-")[0].split(".")[0].lower()
    return _load(next((known for known in CATALOGUES if known.split("-")[0] == language), ENGLISH))


@cache
def _load(tag: str) -> Speech:
    if tag == ENGLISH:
        return Speech()
    # Imported here: whoever asks in English need not wait for it.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with (files(__name__) / CATALOGUES[tag]).open("rb") as stream:
        write_mo(compiled, read_po(stream, locale=tag.replace("-", "_")))
    compiled.seek(0)
    return Speech(tag, GNUTranslations(compiled))
