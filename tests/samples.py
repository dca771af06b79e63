"""One of every reply the features can make, and replies no feature should make, for whatever shows replies to try."""

from __future__ import annotations

from roadmap_bot.core.action import Action, Visit
from roadmap_bot.core.command import Request
from roadmap_bot.core.reply import Card, Entry, Field, Listing, Notice, Reply, Span
from roadmap_bot.engine import Engine

# What the bundled roadmap is asked; the names tell which form of reply a request is there for.
REQUESTS: dict[str, Request] = {
    "ask: a card with other results": Request("ask", ("LoRA",)),
    "ask: a section": Request("ask", ("Efficient Finetuning",)),
    "ask: results": Request("ask", ("what should I read about long context",)),
    "ask: results in Chinese": Request("ask", ("扩散模型 编辑",)),
    "ask: the nearest things": Request("ask", ("pizza recipe",)),
    "ask: nothing": Request("ask", ("zzzzqqq",)),
    "ask: nothing asked": Request("ask"),
    "paper: a card": Request("paper", ("ZeRO",)),
    "paper: nothing": Request("paper", ("zzzzqqq",)),
    "search: a first page": Request("search", ("diffusion models",)),
    "search: a second page": Request("search", ("diffusion models", "2")),
    "search: narrowed": Request("search", ("diffusion year:2022 has:code",)),
    "search: misspelled": Request("search", ("difusion modles",)),
    "search: a filter that is none": Request("search", ("diffusion year:soon",)),
    "search: too long for a button": Request("search", ("diffusion models that edit images, 扩散模型 编辑, " * 3,)),
    "similar: works": Request("similar", ("lora",)),
    "similar: an old button": Request("similar", ("gone-since",)),
    "browse: chapters": Request("browse"),
    "section: a page": Request("section", ("diffusion",)),
    "section: unknown": Request("section", ("zzzzqqq",)),
    "next: the first": Request("next"),
    "next: another": Request("next", here="background-training"),
    "random: a card": Request("random"),
    "sources: documents": Request("sources"),
    "about: the roadmap": Request("about"),
    "help: all commands": Request("help"),
    "help: one command": Request("help", ("search",)),
    "help: no command": Request("help", ("frobnicate",)),
    "start: the first words": Request("start"),
    "settings: where nothing is kept": Request("settings"),
    "language: where nothing is kept": Request("language", ("en",), admin=True),
    "language: somebody else": Request("language", ("en",)),
    "quit: good-bye": Request("quit"),
    "no command": Request("frobnicate"),
}
HOSTILE = (
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b]8;;https://evil.example\x1b\\here",
    "\x9b31m \x90q\x9c \x85 C1",
    "tab\tnul\x00bell\x07back\x08\x7fdel\rreturn\vform\ffeed\x1c\x1d\x1e\x1f",
    "\u2028line\u2029paragraph\u202eoverride\u202c\u2066isolate\u2069",
    "[bold]markup[/bold] [link=https://evil.example]x[/link] :smile: `code` <b>tag</b> *star* _under_",
    "一二三四五六七八九十" * 12,
    "🪁👩‍👩‍👧‍👦🏳️‍🌈" * 12,
    "שלום עולם مرحبا بالعالم " * 6,
    "Z̷͓̈́a̶͉͝l̸̰̈g̵̫̃ò̵̧" * 6,
    "oneverylongwordwithoutanyblankinit" * 9,
    "lone \ud83d surrogate",
    "line\nbreak\r\nand another",
    "\u200bzero\u200d\ufeff width\u00a0blank\u3000wide",
    r"$\alpha_1$-divergence, $O(n \log n)$ and \textbf{bold} \beta-VAE, $\frac{a}{b}$ of $5",
    "**bold** _it_ ~~d~~ ||s|| # head\n> quote\n- list\n1. one\n-# small",
    "<@1> <#2> <t:3:R> @everyone https://kites.example now",
    "Learning " * 44 + "Kite",
    "",
    " ",
)


def every_reply(engine: Engine) -> dict[str, Reply]:
    """The replies to `REQUESTS` over the bundled roadmap."""
    return {name: engine.handle(request) for name, request in REQUESTS.items()}


def hostile_replies() -> dict[str, Reply]:
    """Replies of every form whose texts try to break out of their place."""
    replies: dict[str, Reply] = {}
    for text in HOSTILE:
        spans = (Span(text, "strong", f"https://example.org/{text}"), Span(text, "faint"), Span(text, "code"))
        action, visit = Action(text, "paper", (text,)), Visit(text, f"https://example.org/?{text}")
        fields = (Field(text, text), Field("Links", spans), Field(text * 2, spans[1:]))
        entries = (Entry(text, text, text, action), Entry(spans, spans, spans), Entry(text, "", "", action))
        replies[f"card {text!r}"] = Reply(
            Card(spans, text, (text, text), (text, spans), fields, text), (action, visit, action)
        )
        replies[f"listing {text!r}"] = Reply(Listing(spans, entries, 99, 98, (text,), (text, spans)), (visit, action))
        replies[f"notice {text!r}"] = Reply(Notice((text, spans), "error", spans), (action,))
    return replies
