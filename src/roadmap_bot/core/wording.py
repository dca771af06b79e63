"""Readies texts for showing, on any platform: readable formulas, no characters that give orders, lengths that fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from roadmap_bot.core.reply import Span

Measure = Callable[[str], int]
ELLIPSIS: Final = "…"
# What steers a terminal or turns the direction of everything after it, wherever it stands.
_ORDERS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_FORMULA = re.compile(
    r"\$\$?(?P<formula>[^$\n]{1,200})\$\$?|\\\((?P<round>[^\n]{1,200}?)\\\)|\\\[(?P<square>.{1,200}?)\\\]"
)
_LOOSE = re.compile(
    r"\\[A-Za-z]+(?:\{[^{}$\\]{0,60}\})*(?:[_^][A-Za-z0-9](?![A-Za-z0-9_]))?|[A-Za-z0-9)\]][_^](?:\{[^{}$]{1,30}\}|[A-Za-z0-9](?![A-Za-z0-9_]))"
)
_IS_FORMULA = re.compile(r"[\\^_{}=]|^[A-Za-z]$|^[A-Za-z0-9]+\([A-Za-z0-9, ]+\)$")
_WORDS_OF_LATEX = re.compile(
    r"\\(?:operatorname|mathrm|mathbf|mathit|mathsf|texttt|textbf|textit|emph|text|rm|bf)\b\s*\{([^{}]*)\}"
)
_FUNCTIONS = re.compile(r"\\(log|ln|exp|sin|cos|tan|min|max|arg|sup|inf|lim|det|dim|ker|Pr|gcd|softmax)(?![A-Za-z])")
_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_ROOT = re.compile(r"\\sqrt\s*\{([^{}]*)\}")
_SPACES_OF_LATEX = re.compile(r"\\[,;:!> ]|\\(?:quad|qquad)(?![A-Za-z])|~|\\(?:left|right|big|Big|limits)(?![A-Za-z])")


def clean(text: str) -> str:
    """`text` without characters that are orders rather than letters; line feeds stay."""
    return _ORDERS.sub("\ufffd", text)


def readable(text: str) -> str:
    """`text` with its LaTeX as characters: "$\\alpha_1$" becomes "α₁". What is no formula ("$5 or $10") stays."""
    if not any(sign in text for sign in "$\\^_"):
        return text
    shown = _FORMULA.sub(_formula, text)
    return _LOOSE.sub(_loose, shown) if "\\" in shown or "^" in shown else shown


def _formula(match: re.Match[str]) -> str:
    inside = next(group for group in match.groups() if group is not None)
    if match["formula"] is not None and not _IS_FORMULA.search(inside.strip()):
        return match[0]
    return _unicode(inside.strip())


def _loose(match: re.Match[str]) -> str:
    written = match[0]
    function = _FUNCTIONS.fullmatch(written)
    if function:
        return function[1]
    shown = _unicode(written)
    # One sign for a command: what turned only a beginning ("\\here") was none.
    letters = sum(character.isascii() and character.isalpha() for character in shown)
    return written if written[0] == "\\" and "{" not in written and letters and len(shown) > 1 else shown


def _unicode(formula: str) -> str:
    # Imported here: hardly any text holds a formula.
    from unicodeit import replace as to_unicode

    plain = _SPACES_OF_LATEX.sub(" ", formula)
    plain = _FUNCTIONS.sub(r"\1 ", _WORDS_OF_LATEX.sub(r"\1", plain))
    plain = _ROOT.sub(r"√(\1)", _FRACTION.sub(r"(\1)/(\2)", plain))
    # A hyphen between words is no minus.
    shown: str = to_unicode(plain).replace("\u2212", "-")
    return re.sub(r" {2,}", " ", re.sub(r"[{}]", "", shown)).strip()


def utf16(text: str) -> int:
    """The length of `text` in UTF-16 units, as Telegram and Discord's clients count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def shorten(text: str, limit: int, measure: Measure = len) -> str:
    """`text` within `limit` units of `measure`; what is cut ends at a word if one is near, and in an ellipsis."""
    if measure(text) <= limit:
        return text
    if limit < measure(ELLIPSIS):
        return ""
    # A unit is at least one character, so the cut cannot lie beyond the limit.
    low, high = 0, min(len(text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(text[:middle]) + measure(ELLIPSIS) <= limit:
            low = middle
        else:
            high = middle - 1
    return _whole_words(text[:low], text[low : low + 1]) + ELLIPSIS


def _whole_words(kept: str, following: str) -> str:
    """`kept` up to its last whole word, unless too much would be lost, and without half a picture at its end."""
    while kept and (following in _JOINERS or kept[-1] == "\u200d"):
        kept, following = kept[:-1], kept[-1]
    if following and not following.isspace():
        blank = max(kept.rfind(" "), kept.rfind("\n"))
        if blank >= len(kept) * 2 // 3:
            kept = kept[:blank]
    return kept.rstrip()


# Zero-width joiner, variation selectors, combining marks and skin tones belong to the character before them.
_JOINERS = frozenset(["\u200d", "\ufe0f", "\ufe0e", *map(chr, range(0x300, 0x370)), *map(chr, range(0x1F3FB, 0x1F400))])


def shorten_spans(spans: Iterable[Span], limit: int, measure: Measure = len) -> tuple[Span, ...]:
    """As much of `spans` as fits within `limit` units together; the one that does not fit is cut."""
    whole = tuple(spans)
    if sum(measure(span.text) for span in whole) <= limit:
        return whole
    kept: list[Span] = []
    left = limit - measure(ELLIPSIS)
    for span in whole:
        size = measure(span.text)
        if size > left:
            # The ellipsis is added before the cut as well, so that a span that fits just without one is cut too.
            cut = shorten(span.text + ELLIPSIS, left + measure(ELLIPSIS), measure)
            return (*kept, replace(span, text=cut)) if cut else tuple(kept)
        kept.append(span)
        left -= size
    return tuple(kept)


def is_address(url: str) -> bool:
    """Whether `url` is one a platform may link: http or https, with a host, and no blanks or orders inside."""
    if any(character.isspace() for character in url) or clean(url) != url:
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False
