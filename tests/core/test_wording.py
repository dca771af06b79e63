"""Texts made ready for showing: formulas one can read, nothing that gives orders, lengths that fit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadmap_bot.core.reply import Span
from roadmap_bot.core.wording import clean, is_address, readable, shorten, shorten_spans, utf16


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (r"$\alpha_1$-divergence", "α₁-divergence"),
        (r"Sorting in $O(n \log n)$ steps", "Sorting in O(n log n) steps"),
        (r"\beta-VAE: learning", "β-VAE: learning"),
        (r"an L^2 norm of x_{12}", "an L² norm of x₁₂"),
        (r"$\mathcal{L}_{\text{CLIP}}$", "ℒ_CLIP"),
        (r"$$\frac{a}{b}$$", "(a)/(b)"),
        (r"$\sqrt{d_k}$", "√(dₖ)"),
        (r"\(x^2\) and \[y_1\]", "x² and y₁"),
        (r"\textbf{bold} claim", "bold claim"),
        (r"$E = mc^2$", "E = mc²"),
    ],
)
def test_formulas_become_readable(written: str, shown: str) -> None:
    assert readable(written) == shown


@pytest.mark.parametrize(
    "text",
    ["$5 or $10", "$100M (2023) to $200M", "snake_case_name", r"C:\Users\me", "GPT_4 and a_b", "a $ b", "", "^_^"],
)
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert readable(text) == text


@given(st.text(alphabet="$\\{}^_()[]ab1 αfrac", max_size=60))
def test_readable_never_fails_and_never_grows_without_bound(text: str) -> None:
    assert len(readable(text)) <= 2 * len(text) + 10


@given(st.text(alphabet=st.characters(), max_size=60))
def test_a_cleaned_text_can_be_sent_anywhere(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.encode("utf-8") or not text
    assert not any(ord(character) < 32 and character != "\n" for character in cleaned)
    assert clean(cleaned) == cleaned
    assert len(cleaned) == len(text)


mixed = st.text(alphabet="ab 文🪁\u0301\u200d👩é\n", max_size=80)
measures = st.sampled_from([len, utf16])


@given(mixed, st.integers(0, 60), measures)
def test_a_shortened_text_fits_and_is_cut_only_where_it_must(
    text: str, limit: int, measure: Callable[[str], int]
) -> None:
    short = shorten(text, limit, measure)
    assert measure(short) <= limit
    assert (short == text) == (measure(text) <= limit)
    if short != text and short:
        assert short.endswith("…")
        assert text.startswith(short[:-1])


def test_a_cut_falls_between_words_and_leaves_pictures_whole() -> None:
    assert shorten("Attention Is All You Need", 20) == "Attention Is All…"
    assert shorten("x" * 30, 10) == "x" * 9 + "…"
    assert shorten("kites 👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 20, utf16) == "kites 👩‍👩‍👧‍👦…"
    assert utf16("🪁a") == 3


@given(st.lists(mixed.map(Span), max_size=5), st.integers(1, 90), measures)
def test_shortened_spans_fit_together_and_keep_their_order(
    spans: list[Span], limit: int, measure: Callable[[str], int]
) -> None:
    short = shorten_spans(spans, limit, measure)
    whole, kept = "".join(span.text for span in spans), "".join(span.text for span in short)
    assert measure(kept) <= limit
    assert kept == whole or (kept.endswith("…") and whole.startswith(kept[:-1])) or not kept


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://example.org/a?b=c#d", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("tg://resolve?domain=x", False),
        ("https://", False),
        ("https://good.example@evil.example/", False),
        ("https://exa mple.org", False),
        ("https://example.org/\x00", False),
        ("https://[bad", False),
        ("//example.org", False),
        ("", False),
    ],
)
def test_only_addresses_of_the_web_are_linked(url: str, good: bool) -> None:
    assert is_address(url) is good
