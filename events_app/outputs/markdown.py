"""Markdown that organisers write, as safe HTML for pages and as plain text for calendars and mails.

CommonMark without raw HTML, then an allow-list: two fences, for the first is a parser and parsers have bugs.
"""

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from events_app.kernel.text import clean_block

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    return nh3.clean(
        parser.renderer.render(tokens, parser.options, {}),
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        attribute_filter=_only_absolute_links,
        url_schemes=set(_SCHEMES),
        link_rel="nofollow noopener",
    ).strip()


def plain_text(markdown: str) -> str:
    """The words without the marks: paragraphs apart, list items behind a dash or number, links after them."""
    text = ""
    counters: list[int | None] = []
    marker, listed = "", False
    for token in _parser().parse(clean_block(markdown)):
        match token.type:
            case "bullet_list_open":
                counters.append(None)
            case "ordered_list_open":
                counters.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                counters.pop()
            case "list_item_open":
                number = counters[-1]
                marker = "- " if number is None else f"{number}. "
                counters[-1] = None if number is None else number + 1
            case "inline" | "fence" | "code_block":
                content = token.content.rstrip() if token.children is None else _words(token.children)
                indent = "  " * (len(counters) - bool(marker))
                gap = "\n" if marker and listed else "\n\n"
                text += gap + indent + marker + content.replace("\n", "\n" + "  " * len(counters))
                marker, listed = "", bool(counters)
            case _:
                pass  # the other tokens open and close what needs no mark in plain text
    return text.strip()


def _words(tokens: "Sequence[Token]") -> str:
    """The text of one block's content; the address of a link follows it unless it is the text itself."""
    parts: list[str] = []
    opened: list[tuple[str, int]] = []
    for token in tokens:
        if token.type == "link_open":
            opened.append((str(token.attrGet("href") or ""), len(parts)))
        elif token.type == "link_close":
            address, start = opened.pop()
            address = address.removeprefix("mailto:")
            if address and "".join(parts[start:]) != address:
                parts.append(f" ({address})")
        elif token.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        else:
            parts.append(token.content)
    return "".join(parts)


def _only_absolute_links(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href" and not value.lower().startswith(_LINK_STARTS):
        return None
    return value


@lru_cache(maxsize=1)
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False})
