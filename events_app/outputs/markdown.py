"""Markdown that organisers write, as safe HTML for pages.

CommonMark without raw HTML, then an allow-list: two fences, for the first is a parser and parsers have bugs.
"""

import re
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Final

from events_app.kernel.text import clean_block

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

# Descriptions stand below a page's h1 and a section's h2.
_HEADING_SHIFT: Final = 2
_TAGS: Final = frozenset(
    (
        "p",
        "br",
        "hr",
        "h3",
        "h4",
        "h5",
        "h6",
        "strong",
        "em",
        "ul",
        "ol",
        "li",
        "blockquote",
        "code",
        "pre",
        "a",
    )
)
_ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES: Final = ("http", "https", "mailto")
# Never longer than a line: each alternative moves forward only.
_BARE: Final = re.compile(
    r"(?<![\w@./:-])(?:https?://[^\s<>\"]{1,500}|www\.[^\s<>\"]{1,500}"
    r"|[\w.+-]{1,64}@[a-z0-9](?:[a-z0-9-]{0,62}\.[a-z0-9-]{1,63}){1,8})",
    re.IGNORECASE,
)
_NOT_AT_THE_END: Final = ".,;:!?'\"*_~\u2019\u00bb\u00a0\u202f"
_LINK_STARTS: Final = ("http://", "https://", "mailto:")


def safe_html(markdown: str) -> str:
    """Headings from h3 down, an image's words instead of it, links to the web and to mailboxes only."""
    import nh3  # loaded, like the parser, by the first description shown and not at start-up

    parser = _parser()
    tokens = parser.parse(clean_block(markdown))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + _HEADING_SHIFT)}"
        for child in token.children or ():
            if child.type == "image":
                child.type = "text"
        if token.children:
            token.children = _with_links(token.children)
    return nh3.clean(
        parser.renderer.render(tokens, parser.options, {}),
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        attribute_filter=_only_absolute_links,
        url_schemes=set(_SCHEMES),
        link_rel="nofollow noopener",
    ).strip()


def linked(text: str) -> str:
    """One line of plain text as HTML, in which bare addresses are links."""
    from markdown_it.token import Token

    shown = ""
    for piece in _linked(Token("text", "", 0, content=text)):
        if piece.type == "link_open":
            shown += f'<a href="{escape(str(piece.attrs["href"]))}" rel="nofollow noopener">'
        else:
            shown += "</a>" if piece.type == "link_close" else escape(piece.content)
    return shown


def _only_absolute_links(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href" and not value.lower().startswith(_LINK_STARTS):
        return None
    return value


def _with_links(children: "list[Token]") -> "list[Token]":
    """Bare web and mail addresses become links, outside of links that were written as such."""
    found: list[Token] = []
    depth = 0
    for child in children:
        depth += {"link_open": 1, "link_close": -1}.get(child.type, 0)
        if child.type == "text" and depth == 0:
            found += _linked(child)
        else:
            found.append(child)
    return found


def _linked(text: "Token") -> "list[Token]":
    from markdown_it.token import Token

    parts: list[Token] = []
    end = 0
    for match in _BARE.finditer(text.content):
        bare = match[0].rstrip(_NOT_AT_THE_END)
        if bare.endswith(")") and bare.count(")") > bare.count("("):
            bare = bare[:-1].rstrip(_NOT_AT_THE_END)
        if "@" in bare and "/" not in bare:
            href = f"mailto:{bare}"
        else:
            href = bare if "://" in bare else f"https://{bare}"
        parts.append(Token("text", "", 0, content=text.content[end : match.start()]))
        parts.append(Token("link_open", "a", 1, attrs={"href": href}))
        parts.append(Token("text", "", 0, content=bare))
        parts.append(Token("link_close", "a", -1))
        end = match.start() + len(bare)
    return [*parts, Token("text", "", 0, content=text.content[end:])]


@lru_cache(maxsize=1)
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    # A line break that somebody typed is one.
    return MarkdownIt("commonmark", {"html": False, "breaks": True})
