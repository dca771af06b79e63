"""Writes HTML: elements, escaped texts and whole pages that need nothing from outside; knows no platform."""

from __future__ import annotations

import html
from pathlib import Path
from string import Template
from typing import Final

PAGES: Final = Path(__file__).parent / "pages"


def text(value: str) -> str:
    """`value` as HTML that shows its characters; halves of a surrogate pair, which no file can hold, become "?"."""
    return html.escape(value.encode("utf-8", "replace").decode("utf-8"))


def element(tag: str, *inside: str, **attributes: str) -> str:
    """An element around HTML. Attributes that are empty are left out; `class_` is `class`."""
    written = "".join(f' {name.rstrip("_")}="{text(value)}"' for name, value in attributes.items() if value)
    return f"<{tag}{written}>{''.join(inside)}</{tag}>"


def page(client: str, title: str, body: str) -> str:
    """A whole page that looks like a client ("discord", "telegram"), with its style inside."""
    frame = Template((PAGES / "page.html").read_text(encoding="utf-8"))
    style = "".join((PAGES / f"{name}.css").read_text(encoding="utf-8") for name in ("page", client))
    return frame.substitute(title=text(title), style=style, body=body, client=client)
