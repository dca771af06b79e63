"""What Discord refuses in components of messages and modals: a table by component type, and what holds across them.

Source unless noted: Discord API docs, Component Reference, and the request schemas of Discord's OpenAPI document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.fakes.discord.checks import (
    Check,
    Place,
    Problems,
    address,
    anything,
    both,
    many,
    one_of,
    record,
    snowflake,
    switch,
    text,
    whole,
)

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
ENTITY_SELECTS = (5, 6, 7, 8)
SELECTS = (STRING_SELECT, *ENTITY_SELECTS)
SECTION, TEXT_DISPLAY, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17
LABEL, UPLOAD, RADIO, CHECKBOXES, CHECKBOX = 18, 19, 21, 22, 23
V2_TOP = (ROW, SECTION, TEXT_DISPLAY, GALLERY, FILE, SEPARATOR, CONTAINER)
V2_IN_CONTAINER = (ROW, SECTION, TEXT_DISPLAY, GALLERY, FILE, SEPARATOR)
IN_LABEL = (TEXT_INPUT, *SELECTS, UPLOAD, RADIO, CHECKBOXES, CHECKBOX)
LINK, PREMIUM = 5, 6

MOST_ROWS = 5  # legacy messages
MOST_COMPONENTS = 40  # with components V2, nested ones included
MOST_TEXT = 4000  # with components V2, all text displays together
MOST_IN_MODAL = 5  # interactions: Modal

_ID = whole(0, 2**31 - 1)
_CUSTOM_ID = text(100, least=1)
_EMOJI = record({"id": snowflake, "name": text(32), "animated": switch})
_MEDIA = record({"url": address(2048, schemes=("http", "https", "attachment"))}, required=("url",))
_ATTACHED = record({"url": address(2048, schemes=("attachment",))}, required=("url",))
_ENTITY = record({"id": snowflake, "type": one_of("user", "role", "channel")}, required=("id", "type"))
_OPTION_TEXTS: dict[str, Check] = {
    "label": text(100, least=1),
    "value": text(100, least=1),
    "description": text(100),
    "default": switch,
}


def child(*types: int) -> Check:
    """A component of one of these types, checked by its own entry of the table."""

    def check(value: Any, place: Place, problems: Problems) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if isinstance(kind, bool) or kind not in types:
            message = f'Value of field "type" must be one of {types}.'
            problems.add((*place, "type"), "UNION_TYPE_CHOICES", message)
        else:
            TABLE[kind](value, place, problems)

    return check


def _component(required: tuple[str, ...] = (), /, **fields: Check) -> Check:
    return record({"type": anything, "id": _ID, **fields}, required=("type", *required))


def _button(value: Any, place: Place, problems: Problems) -> None:
    style = value.get("style")
    needed: tuple[str, ...]
    refused: tuple[str, ...]
    if style == PREMIUM:
        needed, refused = ("sku_id",), ("custom_id", "url", "label", "emoji")
    else:
        needed, refused = (("url",), ("custom_id",)) if style == LINK else (("custom_id",), ("url",))
        if not value.get("label") and not value.get("emoji"):
            problems.add((*place, "label"), "BUTTON_COMPONENT_LABEL_OR_EMOJI", "A button needs a label or an emoji")
    for name in needed:
        if value.get(name) is None:
            problems.add((*place, name), "BASE_TYPE_REQUIRED", "This field is required")
    for name in refused:
        if value.get(name) is not None:
            problems.add((*place, name), "BUTTON_COMPONENT_FIELD_NOT_ALLOWED", f"Not with button style {style}")


def _range(value: Any, place: Place, problems: Problems) -> None:
    least, most = value.get("min_values"), value.get("max_values")
    if least is not None and most is not None and isinstance(least, int) and isinstance(most, int) and least > most:
        problems.add((*place, "min_values"), "COMPONENT_MIN_OVER_MAX", "min_values is more than max_values")


def _options(value: Any, place: Place, problems: Problems) -> None:
    options = [option for option in value.get("options") or [] if isinstance(option, dict)]
    values = [option.get("value") for option in options]
    if len(set(map(str, values))) < len(values):
        code, message = "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used"
        problems.add((*place, "options"), code, message)
    chosen = sum(option.get("default") is True for option in options)
    most = 1 if value.get("type") == RADIO else value.get("max_values") or (1 if value["type"] == STRING_SELECT else 10)
    if isinstance(most, int) and chosen > most:
        problems.add((*place, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULTS", f"Only {most} can be chosen")


def _row(value: Any, place: Place, problems: Problems) -> None:
    kinds = [part.get("type") for part in value.get("components") or [] if isinstance(part, dict)]
    if len(kinds) > 1 and any(kind != BUTTON for kind in kinds):
        message = "A row holds up to five buttons, or one select"
        problems.add((*place, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message)


def _lengths(value: Any, place: Place, problems: Problems) -> None:
    least, most = value.get("min_length") or 0, value.get("max_length") or 4000
    given = value.get("value")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        problems.add((*place, "min_length"), "TEXT_INPUT_MIN_OVER_MAX", "min_length is more than max_length")
    elif isinstance(given, str) and len(given) > most:
        problems.add((*place, "value"), "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")


_SELECT: dict[str, Check] = {
    "custom_id": _CUSTOM_ID,
    "placeholder": text(150),
    "min_values": whole(0, 25),
    "max_values": whole(1, 25),
    "disabled": switch,
    "required": switch,
}
_ENTITY_SELECT = both(
    _component(
        ("custom_id",),
        **_SELECT,
        default_values=many(_ENTITY, most=25),
        channel_types=many(whole(0, 16), most=20, unique=True),
    ),
    _range,
)
_CHOICE = record(_OPTION_TEXTS, required=("label", "value"))
TABLE: dict[int, Check] = {
    ROW: both(_component(("components",), components=many(child(BUTTON, *SELECTS), least=1, most=5)), _row),
    BUTTON: both(
        _component(
            ("style",),
            style=whole(1, 6),
            custom_id=_CUSTOM_ID,
            label=text(80),
            url=address(512, schemes=("http", "https", "discord")),
            emoji=_EMOJI,
            sku_id=snowflake,
            disabled=switch,
        ),
        _button,
    ),
    STRING_SELECT: both(
        _component(
            ("custom_id", "options"),
            **_SELECT,
            options=many(record({**_OPTION_TEXTS, "emoji": _EMOJI}, required=("label", "value")), least=1, most=25),
        ),
        _range,
        _options,
    ),
    **dict.fromkeys(ENTITY_SELECTS, _ENTITY_SELECT),
    SECTION: _component(
        ("components", "accessory"),
        components=many(child(TEXT_DISPLAY), least=1, most=3),
        accessory=child(BUTTON, THUMBNAIL),
    ),
    TEXT_DISPLAY: _component(("content",), content=text(MOST_TEXT, least=1)),
    THUMBNAIL: _component(("media",), media=_MEDIA, description=text(1024, least=1), spoiler=switch),
    GALLERY: _component(
        ("items",),
        items=many(
            record({"media": _MEDIA, "description": text(1024, least=1), "spoiler": switch}, required=("media",)),
            least=1,
            most=10,
        ),
    ),
    FILE: _component(("file",), file=_ATTACHED, spoiler=switch),
    SEPARATOR: _component(divider=switch, spacing=one_of(1, 2)),
    CONTAINER: _component(
        ("components",),
        components=many(child(*V2_IN_CONTAINER), least=1, most=MOST_COMPONENTS),
        accent_color=whole(0, 0xFFFFFF),
        spoiler=switch,
    ),
    TEXT_INPUT: both(
        _component(
            ("custom_id", "style"),
            custom_id=_CUSTOM_ID,
            style=one_of(1, 2),
            label=text(45, least=1),
            value=text(4000),
            placeholder=text(100),
            required=switch,
            min_length=whole(0, 4000),
            max_length=whole(1, 4000),
        ),
        _lengths,
    ),
    LABEL: _component(
        ("label", "component"), label=text(45, least=1), description=text(100, least=1), component=child(*IN_LABEL)
    ),
    UPLOAD: both(
        _component(
            ("custom_id",),
            custom_id=_CUSTOM_ID,
            min_values=whole(0, 10),
            max_values=whole(1, 10),
            required=switch,
        ),
        _range,
    ),
    RADIO: both(
        _component(
            ("custom_id", "options"), custom_id=_CUSTOM_ID, required=switch, options=many(_CHOICE, least=2, most=10)
        ),
        _options,
    ),
    CHECKBOXES: both(
        _component(
            ("custom_id", "options"),
            custom_id=_CUSTOM_ID,
            min_values=whole(0, 10),
            max_values=whole(1, 10),
            required=switch,
            options=many(_CHOICE, least=1, most=10),
        ),
        _range,
        _options,
    ),
    CHECKBOX: _component(("custom_id",), custom_id=_CUSTOM_ID, default=switch),
}


def every(components: Any) -> Iterator[dict[str, Any]]:
    """All components, nested ones after their parents."""
    for component in components if isinstance(components, list) else []:
        if isinstance(component, dict):
            yield component
            yield from every(component.get("components"))
            yield from every([component.get("accessory"), component.get("component")])


def message_components(value: Any, problems: Problems, *, v2: bool, place: Place = ("components",)) -> None:
    """The components of a message, with or without the flag for components V2."""
    if v2:
        many(child(*V2_TOP), most=MOST_COMPONENTS)(value, place, problems)
        if (count := sum(1 for _ in every(value))) > MOST_COMPONENTS:
            message = f"{count} components, nested ones included; {MOST_COMPONENTS} are allowed"
            problems.add(place, "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", message)
        if (size := sum(len(str(part.get("content", ""))) for part in every(value))) > MOST_TEXT:
            message = f"{size} characters of text; {MOST_TEXT} are allowed in all"
            problems.add(place, "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message)
    else:
        many(child(ROW), most=MOST_ROWS)(value, place, problems)
    _unique(value, place, problems)


def modal_components(value: Any, problems: Problems, *, place: Place) -> None:
    """The components of a modal: labels, texts, or rows of one text input."""
    many(_in_modal, least=1, most=MOST_IN_MODAL)(value, place, problems)
    _unique(value, place, problems)


def _in_modal(value: Any, place: Place, problems: Problems) -> None:
    if isinstance(value, dict) and value.get("type") == ROW:
        _component(("components",), components=many(child(TEXT_INPUT), least=1, most=1))(value, place, problems)
        for index, part in enumerate(value.get("components") or []):
            if isinstance(part, dict) and part.get("label") is None:
                problems.add((*place, "components", index, "label"), "BASE_TYPE_REQUIRED", "This field is required")
    else:
        child(LABEL, TEXT_DISPLAY)(value, place, problems)


def _unique(value: Any, place: Place, problems: Problems) -> None:
    for field in ("custom_id", "id"):
        # An id of 0 asks Discord to give one.
        counts = Counter(str(part[field]) for part in every(value) if part.get(field))
        for repeated in (name for name, count in counts.items() if count > 1):
            code, message = f"COMPONENT_{field.upper()}_DUPLICATED", f"Component {field} is used twice: {repeated}"
            problems.add(place, code, message)
