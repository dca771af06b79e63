"""The settings: the file that comes with the bot, what the environment overrides, and where a mistake is."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadmap_bot.config import FILE_NAME, PREFIX, Settings, bundled, load
from roadmap_bot.core.errors import UserError

SHIPPED = bundled("config") / FILE_NAME


def keys(record: object, above: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """The paths of all settings below a record."""
    found: set[tuple[str, ...]] = set()
    for one in fields(record):  # type: ignore[arg-type]
        value = getattr(record, one.name)
        found |= keys(value, (*above, one.name)) if is_dataclass(value) else {(*above, one.name)}
    return found


KEYS = keys(Settings())


def written(folder: Path, text: str) -> Path:
    """A configuration file with this text."""
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def refused(path: Path | None, environment: dict[str, str]) -> str:
    """The sentence with which settings are refused."""
    with pytest.raises(UserError) as error:
        load(path, environment)
    return error.value.sentence


def test_the_file_that_comes_with_the_bot_holds_exactly_the_defaults() -> None:
    assert load(SHIPPED, {}) == load(None, {}) == Settings()


def test_every_setting_stands_in_that_file_below_a_comment_that_explains_it() -> None:
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    found: set[tuple[str, ...]] = set()
    path: list[str] = []
    for before, line in zip(["", *lines], lines, strict=False):
        if written_key := re.fullmatch(r"((?:  )*)(\w+):(.*)", line):
            depth = len(written_key[1]) // 2
            path[depth:] = [written_key[2]]
            if written_key[3]:
                found.add(tuple(path))
                assert before.startswith(f"{'  ' * depth}# "), f"{line!r} has no comment above it"
    assert found == KEYS


def test_a_file_changes_what_it_names_and_leaves_the_rest(tmp_path: Path) -> None:
    mine = load(written(tmp_path, "chat:\n  page_size: 12\nroadmap:\n  folder: ~/kites\n"), {})
    assert (mine.chat.page_size, mine.roadmap.folder) == (12, "~/kites")
    assert mine.log == Settings().log


@pytest.mark.parametrize("text", ["", "# nothing\n", "chat:\n", "chat: {}\n", "chat: null\n", "~\n", "---\n...\n"])
def test_an_empty_file_means_the_defaults(tmp_path: Path, text: str) -> None:
    assert load(written(tmp_path, text), {}) == Settings()


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        (
            "chats:\n  page_size: 3\n",
            1,
            "there is no section 'chats'; expected one of roadmap, chat, discord, telegram, state, log",
        ),
        (
            "\n\nchat:\n  # more\n  pages: 3\n",
            5,
            "there is no key 'pages' in chat; expected one of history, language, page_size",
        ),
        ("chat:\n  page_size: many\n", 2, "chat.page_size is wrong: Expected int, got str"),
        ("chat:\n  page_size: '3'\n", 2, "chat.page_size is wrong: Expected int, got str"),
        ("chat:\n  page_size: true\n", 2, "chat.page_size is wrong: Expected int, got bool"),
        ("chat:\n  page_size: null\n", 2, "chat.page_size is wrong"),
        ("chat:\n  page_size: [1]\n", 2, "chat.page_size is wrong"),
        ("chat:\n  page_size: 0\n", 2, "chat.page_size must be from 1 to 50, not 0"),
        ("chat:\n  page_size: 51\n", 2, "chat.page_size must be from 1 to 50, not 51"),
        ("log:\n  level: loud\n", 2, "log.level must be one of debug, info, warning, error, not 'loud'"),
        ("roadmap:\n  folder: 2024\n", 2, "roadmap.folder is wrong"),
        ("roadmap:\n  folder: 2024-02-30\n", 2, "roadmap.folder is no plain value"),
        ("roadmap:\n  folder: !!python/object:os.system x\n", 2, "roadmap.folder is no plain value"),
        ("roadmap:\n  folder: !mine x\n", 2, "roadmap.folder is no plain value"),
        ("log:\n  format: xml\n", 2, "log.format must be one of text, json, not 'xml'"),
        ("discord:\n  api_url: discord.com\n", 2, "discord.api_url must be an address that starts with http:// or"),
        ("discord:\n  gateway_url: http://x\n", 2, "discord.gateway_url must be an address that starts with ws://"),
        ("telegram:\n  messages_per_second: 0\n", 2, "telegram.messages_per_second must be from 1 to 1000, not 0"),
        ("telegram:\n  webhook:\n    path: x\n", 3, "there is no key 'path' in telegram.webhook; expected one of"),
        ("telegram:\n  webhook:\n    listen: '80'\n", 3, "telegram.webhook.listen must be a host and a port"),
        ("telegram:\n  webhook: https://x\n", 2, "expected a mapping of keys here"),
        ("- chat\n", 1, "expected a mapping of keys here"),
        ("chat: 8\n", 1, "expected a mapping of keys here"),
        ("chat:\n  - page_size: 8\n", 2, "expected a mapping of keys here"),
        ("just words\n", 1, "expected a mapping of keys here"),
        ("chat:\n  ? [a, b]\n  : 1\n", 2, "a key is a word"),
        ("chat:\n  page_size: 3\n  page_size: 4\n", 3, "the key 'page_size' stands twice"),
        ("chat: {}\nlog: {}\nchat: {}\n", 3, "the key 'chat' stands twice"),
        ("chat:\n  page_size: [3\n", 3, "this is not YAML"),
        ("chat:\n\tpage_size: 3\n", 2, "this is not YAML"),
        ("a: 1\n---\nb: 2\n", 2, "this is not YAML"),
        ("chat: *nobody\n", 1, "this is not YAML"),
        ("chat: \x00\n", 1, "this is not YAML"),
        ("chat:\n  history: \x1b\n", 2, "this is not YAML"),
    ],
)
def test_a_mistake_in_the_file_names_file_and_line_and_what_is_wrong(
    tmp_path: Path, text: str, line: int, part: str
) -> None:
    path = written(tmp_path, text)
    sentence = refused(path, {})
    assert sentence.startswith(f"{path}:{line}: {part}")
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "picture.yaml"
    path.write_bytes(b"\x89PNG\xff\xfe\x00\xd8")
    assert refused(path, {}).startswith(f"{path}")
    assert "not YAML" in refused(path, {})


def test_a_file_nested_without_end_is_refused(tmp_path: Path) -> None:
    assert "this is not YAML" in refused(written(tmp_path, "[" * 3_000), {})


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path / "nowhere.yaml", {}) == (
        f"The configuration {tmp_path / 'nowhere.yaml'} cannot be read (No such file or directory). Check the path."
    )
    assert "Is a directory" in refused(tmp_path, {})


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "chat:\n  page_size: 12\n  history: kept.txt\n")
    mine = load(path, {"ROADMAP_BOT_CHAT__PAGE_SIZE": "3"})
    assert (mine.chat.page_size, mine.chat.history) == (3, "kept.txt")


@pytest.mark.parametrize("key", sorted(KEYS), ids=".".join)
def test_every_setting_can_be_set_in_the_environment(key: tuple[str, ...]) -> None:
    example = {
        "page_size": "7",
        "level": "debug",
        "format": "json",
        "messages_per_second": "30",
        "api_url": "http://127.0.0.1:8081",
        "gateway_url": "ws://127.0.0.1:8080/gateway",
        "listen": "0.0.0.0:80",
    }
    value = example.get(key[-1], "https://somewhere.example/")
    setting: object = load(None, {PREFIX + "__".join(key).upper(): value})
    for name in key:
        setting = getattr(setting, name)
    assert str(setting) == value


@pytest.mark.parametrize(
    ("value", "folder"),
    [("2024", "2024"), ("true", "true"), ("", ""), ("null", None), ("None", None), ("1e3", "1e3"), ("[a]", "[a]")],
)
def test_a_folder_from_the_environment_is_text_whatever_it_looks_like(value: str, folder: str | None) -> None:
    assert load(None, {"ROADMAP_BOT_ROADMAP__FOLDER": value}).roadmap.folder == folder


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("ROADMAP_BOT_CHAT__PAGE_SIZE", "many", "chat.page_size is wrong: Expected int"),
        ("ROADMAP_BOT_CHAT__PAGE_SIZE", "", "chat.page_size is wrong: Expected int"),
        ("ROADMAP_BOT_CHAT__PAGE_SIZE", "1.5", "chat.page_size is wrong: Expected int"),
        ("ROADMAP_BOT_CHAT__PAGE_SIZE", "none", "chat.page_size is wrong: Expected int"),
        ("ROADMAP_BOT_CHAT__PAGE_SIZE", "9" * 10_000, "chat.page_size is wrong: Integer value out of range"),
        ("ROADMAP_BOT_CHAT__PAGE_SIZE", "-1", "chat.page_size must be from 1 to 50, not -1"),
        ("ROADMAP_BOT_LOG__LEVEL", "loud", "log.level must be one of"),
        ("ROADMAP_BOT_CHAT__PAGES", "3", "there is no key 'pages' in chat"),
        ("ROADMAP_BOT_CAT__PAGE_SIZE", "3", "there is no section 'cat'"),
        ("ROADMAP_BOT___", "3", "there is no"),
    ],
)
def test_a_mistake_in_the_environment_names_the_variable(name: str, value: str, part: str) -> None:
    assert refused(None, {name: value}).startswith(f"{name}: {part}")


def test_a_mistake_in_the_file_is_not_blamed_on_the_environment(tmp_path: Path) -> None:
    path = written(tmp_path, "chats:\n  page_size: 3\n")
    assert refused(path, {"ROADMAP_BOT_CHATS__HISTORY": "x"}).startswith(f"{path}:1: there is no section")


def test_variables_that_are_no_settings_are_left_alone() -> None:
    environment = {"ROADMAP_BOT_DEBUG": "1", "ROADMAP_BOT_CONFIG": "x", "HOME": "/", "MY_ROADMAP_BOT_CHAT__X": "1"}
    assert load(None, environment) == Settings()


pieces = (
    "chat: |log:|roadmap:|page_size: |level: |3|debug|~|\n|\n  |\n  |- |? |: |&a |*a|!!int |!!binary |{|}|[|]|'|---|#"
)


@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(pieces.split("|")), max_size=14).map("".join)))
@settings(max_examples=150)
def test_any_text_as_a_file_gives_settings_or_a_sentence(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = written(tmp_path_factory.getbasetemp(), text)
    try:
        answer: Settings | str = load(path, {})
    except UserError as error:
        answer = error.sentence
    assert isinstance(answer, Settings) or str(path) in answer


def test_the_shipped_file_tells_how_to_name_a_variable_that_works() -> None:
    (example,) = re.findall(r"(ROADMAP_BOT_[A-Z_]+)=(\w+)", SHIPPED.read_text(encoding="utf-8"))
    assert load(None, dict([example])) != Settings()
