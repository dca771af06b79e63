"""The gallery shows what the platforms are sent: every text, none of it as HTML, and nothing from outside."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from tests.gallery import chromium
from tests.gallery.__main__ import FAILED, NO_BROWSER, README_PICTURES, WIDTHS, exhibit
from tests.gallery.discord_markdown import blocks
from tests.gallery.discord_page import COMPONENTS_V2, Kind, component, message_page
from tests.gallery.drawing import drawn, named
from tests.gallery.scenes import Scene, gallery_engine, scenes
from tests.gallery.telegram_entities import formatted_html

from roadmap_bot.catalogue.reading import Catalogue
from roadmap_bot.core.wording import clean, readable
from roadmap_bot.state.chats import Chats
from roadmap_bot.state.database import Database

_NEVER_CLOSED = {"meta"}
_TAGS = set(
    "html head meta title style body main header article section div span p b i u s em strong small code pre h1 h2 h3"
    " blockquote ul ol li time svg path".split()
)
_ATTRIBUTES = {"lang", "charset", "name", "content", "class", "title", "style", "start", "viewbox", "d", "aria-hidden"}


@dataclass
class Node:
    """An element of a page."""

    tag: str
    attributes: dict[str, str]
    inside: list[Node | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(one if isinstance(one, str) else one.text for one in self.inside)

    def all(self, kind: str) -> Iterator[Node]:
        """Everything inside of a class, in its order."""
        for one in self.inside:
            if isinstance(one, Node):
                if kind in one.attributes.get("class", "").split():
                    yield one
                yield from one.all(kind)


class Page(HTMLParser):
    """Reads a page strictly: an element that is not closed where it should be is an error."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.root = Node("", {})
        self._open = [self.root]
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(source)
        self.close()
        assert self._open == [self.root], f"not closed: {[node.tag for node in self._open]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.tags.add(tag)
        self.attributes |= set(node.attributes)
        self._open[-1].inside.append(node)
        if tag not in _NEVER_CLOSED:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self._open[-1].inside.append(data)


@pytest.fixture(scope="module")
def shown(bundled: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> list[Scene]:
    """All scenes."""
    file = tmp_path_factory.mktemp("gallery") / "state.sqlite"
    with Database.open(f"sqlite:///{file}") as database:
        return scenes(gallery_engine(bundled, Chats(database)))


@pytest.fixture(scope="module")
def pages(shown: list[Scene]) -> dict[str, str]:
    """The page of each scene, by its name."""
    return {named(scene): drawn(scene) for scene in shown}


def test_each_scene_is_on_both_platforms_or_made_for_one(shown: list[Scene]) -> None:
    names = [named(scene) for scene in shown]
    assert len(set(names)) == len(names)
    discord, telegram = ({one.name for one in shown if one.platform == platform} for platform in WIDTHS)
    assert {name.split("-")[0] for name in discord ^ telegram} == {"completion", "inline"}
    pictures = {f"{named(scene)}-{size}" for scene in shown for size in WIDTHS[scene.platform]}
    assert set(README_PICTURES) <= pictures


def test_pages_are_well_formed_and_need_nothing_from_outside(pages: dict[str, str]) -> None:
    for name, source in pages.items():
        page = Page(source)
        assert page.tags <= _TAGS, name
        assert page.attributes <= _ATTRIBUTES, name
        style = source[source.index("<style>") : source.index("</style>")]
        assert not re.search(r"url\(|@import|http", style), name


def test_hostile_texts_stay_texts(shown: list[Scene], pages: dict[str, str]) -> None:
    for name in ("discord-hostile", "telegram-hostile"):
        assert "<script" not in pages[name]
        assert "<img" not in pages[name]
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in pages[name]
        root = Page(pages[name]).root
        # What would be a mention, an emoji or a hidden text to Discord is words, and no link leads to the bad place.
        assert not list(root.all("pill"))
        assert not list(root.all("spoiler"))
        assert [link for link in root.all("link") if "evil" in link.attributes.get("title", "")] == []
    assert any("<script>" in word for scene in shown if scene.name == "hostile" for word in scene.words)


def test_a_page_shows_every_word_of_the_reply(shown: list[Scene], pages: dict[str, str]) -> None:
    for scene in shown:
        seen = _bare(Page(pages[named(scene)]).root.text)
        # A list that does not fit shows its beginning; a menu or a sentence offers the rest.
        words = scene.words[:8] if scene.name == "longest" else scene.words
        assert words
        missing = [word for word in words if _bare(readable(clean(word)))[:80] not in seen]
        assert missing == [], named(scene)


def test_telegram_texts_and_keys_are_shown_once_and_whole(shown: list[Scene], pages: dict[str, str]) -> None:
    for scene in (one for one in shown if one.platform == "telegram" and one.form == "message"):
        root = Page(pages[named(scene)]).root
        texts = [node.text for node in root.all("text")]
        assert [_bare(text) for text in texts] == [_bare(scene.payload["text"])]
        rows = scene.payload.get("reply_markup", {}).get("inline_keyboard", [])
        drawn_rows = [[key.text for key in row.all("key")] for row in root.all("keys")]
        assert drawn_rows == [[key["text"] for key in row] for row in rows]


def test_what_telegram_opens_over_a_chat_is_shown(shown: list[Scene], pages: dict[str, str]) -> None:
    by_name = {scene.name: scene for scene in shown if scene.platform == "telegram"}
    alert = by_name["error-pressed"]
    assert alert.form == "alert"
    assert alert.payload["text"] in Page(pages["telegram-error-pressed"]).root.text
    listed = Page(pages["telegram-inline-english"]).root
    results = by_name["inline-english"].payload["results"]
    titles = [words.inside[0].text for words in listed.all("words") if isinstance(words.inside[0], Node)]
    assert titles == [one["title"] for one in results]
    assert [node.text for node in listed.all("description")] == [one["description"] for one in results]
    assert by_name["inline-nothing"].payload["button"]["text"] in Page(pages["telegram-inline-nothing"]).root.text


def test_discord_components_are_shown_once_and_in_order(shown: list[Scene], pages: dict[str, str]) -> None:
    for scene in (one for one in shown if one.platform == "discord" and one.form == "message"):
        root = next(Page(pages[named(scene)]).root.all("components"))
        parts = list(_components(scene.payload["components"]))
        contents = [part["content"] for part in parts if part["type"] == Kind.TEXT]
        assert [_letters(node.text) for node in root.all("display")] == [_letters(_unlinked(one)) for one in contents]
        labels = [part["label"] for part in parts if part["type"] == Kind.BUTTON]
        assert [node.text for node in root.all("label")] == labels
        assert len(list(root.all("menu"))) == sum(part["type"] == Kind.MENU for part in parts)
        accents = [part["accent_color"] for part in parts if part.get("accent_color") is not None]
        styles = [node.attributes["style"] for node in root.all("accented")]
        assert styles == [f"--accent:#{accent:06x}" for accent in accents]


def test_private_answers_say_that_they_are(shown: list[Scene], pages: dict[str, str]) -> None:
    told = {scene.name for scene in shown if scene.platform == "discord" and "Only you can see" in pages[named(scene)]}
    assert {"help", "settings", "error", "error-pressed", "similar"} <= told
    assert not told & {"card", "results", "chapters", "welcome"}


def test_completion_shows_each_choice(shown: list[Scene], pages: dict[str, str]) -> None:
    for scene in (one for one in shown if one.form == "choices"):
        offered = [node.text for node in Page(pages[named(scene)]).root.all("choice")]
        assert offered == [one["name"] for one in scene.payload["choices"]]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("plain & <b>", '<div class="lines">plain &amp; &lt;b&gt;</div>'),
        ("### **a** b", "<h3><strong>a</strong> b</h3>"),
        ("-# small\nline\nline", '<small>small</small><div class="lines">line\nline</div>'),
        ("- a\n- b\n2. c", '<ul><li>a</li><li>b</li></ul><ol start="2"><li>c</li></ol>'),
        ("> a\n> b", "<blockquote>a\nb</blockquote>"),
        (r"\# a \*b\* \[c\](d) \\", r'<div class="lines"># a *b* [c](d) \</div>'),
        ("*a **b** c* _d_ __e__", '<div class="lines"><em>a <strong>b</strong> c</em> <em>d</em> <u>e</u></div>'),
        ("~~a~~ ||b||", '<div class="lines"><s>a</s> <span class="spoiler">b</span></div>'),
        ("`*a*` ``b`c``", '<div class="lines"><code>*a*</code> <code>b`c</code></div>'),
        ("a\n```py\n<b>\n```\nc", '<div class="lines">a</div><pre>&lt;b&gt;</pre><div class="lines">c</div>'),
        ("[a](https://e.org)", '<div class="lines"><span class="link" title="https://e.org">a</span></div>'),
        ("https://e.org.", '<div class="lines"><span class="link" title="https://e.org">https://e.org</span>.</div>'),
        ("[a](javascript:b)", '<div class="lines">[a](javascript:b)</div>'),
        ("<@12>", '<div class="lines"><span class="pill">&lt;@12&gt;</span></div>'),
        ("snake_case_name 2 * 3 * 4", '<div class="lines">snake_case_name 2 * 3 * 4</div>'),
    ],
)
def test_discord_markdown_is_read_as_discord_reads_it(source: str, expected: str) -> None:
    assert blocks(source) == expected


def test_telegram_entities_are_counted_in_utf16_units_and_may_stand_inside_each_other() -> None:
    bold = {"type": "bold", "offset": 3, "length": 5}
    code = {"type": "code", "offset": 6, "length": 2}
    assert formatted_html("🪁 ab <c", [code, bold]) == "🪁 <b>ab <code>&lt;c</code></b>"
    quote = {"type": "blockquote", "offset": 2, "length": 1}
    assert formatted_html("a\nb\nc", [quote]) == 'a\n<blockquote class="quote">b</blockquote>c'
    link = {"type": "text_link", "offset": 0, "length": 1, "url": 'https://e.org/"'}
    assert formatted_html("a", [link]) == '<span class="link" title="https://e.org/&quot;">a</span>'
    with pytest.raises(ValueError, match="overlap"):
        formatted_html("abcd", [{"type": "bold", "offset": 0, "length": 3}, {"type": "code", "offset": 1, "length": 3}])
    with pytest.raises(ValueError, match="no picture"):
        formatted_html("a", [{"type": "marquee", "offset": 0, "length": 1}])


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="type 99"):
        component({"type": 99})
    with pytest.raises(ValueError, match="made of components"):
        message_page("old", "/ask", {"flags": 0, "content": "text"})
    assert message_page("empty", "/ask", {"flags": COMPONENTS_V2, "components": []})


def test_without_a_chromium_the_pages_are_written_and_a_sentence_says_so(
    shown: list[Scene], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert chromium.find() is None
    assert exhibit(shown[:2], tmp_path / "out", None) == NO_BROWSER
    said = capsys.readouterr().err
    assert "There is no Chromium" in said
    assert all(name in said for name in chromium.PROGRAMS)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "discord-welcome.html",
        "telegram-welcome.html",
    ]


def test_a_chromium_that_does_not_start_is_told_of(
    shown: list[Scene], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exhibit(shown[:1], tmp_path, sys.executable) == FAILED  # it refuses the options of a browser
    assert "Chromium ended at once" in capsys.readouterr().err


def test_payloads_are_what_can_be_sent(shown: list[Scene]) -> None:
    assert all(json.loads(json.dumps(scene.payload)) == scene.payload for scene in shown)


def _components(parts: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for part in parts:
        yield part
        yield from _components(part.get("components", []))
        yield from _components([part["accessory"]] if "accessory" in part else [])


def _unlinked(markdown: str) -> str:
    """Markdown without the addresses behind its links."""
    return re.sub(r"\]\(https?://[^\s)]*\)", "]", markdown)


def _letters(text: str) -> str:
    """What no marks of Markdown are made of."""
    return "".join(character for character in text if character.isalnum())


def _bare(text: str) -> str:
    return "".join(text.split())
