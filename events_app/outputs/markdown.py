"""Markdown that organisers write, as safe HTML for pages.

CommonMark without raw HTML, then an allow-list: two fences, for the first is a parser and parsers have bugs.
"""

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from events_app.kernel.text import clean_block

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

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


def _only_absolute_links(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href" and not value.lower().startswith(_LINK_STARTS):
        return None
    return value


@lru_cache(maxsize=1)
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False})
