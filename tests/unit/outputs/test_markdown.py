"""Markdown of strangers, as HTML and as plain text."""

import re
import subprocess
import sys
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events_app.outputs.markdown import safe_html

TAGS = {
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
}


class Inspector(HTMLParser):
    """Fails on any tag, attribute or link that the allow-list does not hold."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        for name, value in attrs:
            assert (tag, name) in {("a", "href"), ("a", "title"), ("a", "rel"), ("ol", "start")}
            if name == "href":
                assert re.match("(?i)(https?://|mailto:)", value or "")

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = unknown_decl = handle_pi = handle_comment  # type: ignore[assignment]


def test_what_organisers_write() -> None:
    text = (
        "# Titre\n\nDu *texte*, un [lien](https://pma.example/a?b=c&d).\n\n"
        "- un\n- deux\n\n1. premier\n2. second"
    )
    assert safe_html(text) == (
        "<h3>Titre</h3>\n"
        '<p>Du <em>texte</em>, un <a href="https://pma.example/a?b=c&amp;d" rel="nofollow noopener">'
        "lien</a>.</p>\n"
        "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>\n<ol>\n<li>premier</li>\n<li>second</li>\n</ol>"
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x](/org/delete)", '<p><a rel="nofollow noopener">x</a></p>'),
        ("[x](//evil.example)", '<p><a rel="nofollow noopener">x</a></p>'),
        ("[x](ftp://a.example)", '<p><a rel="nofollow noopener">x</a></p>'),
        ("![Une *photo*](https://spy.example/pixel.png)", "<p>Une *photo*</p>"),
        (
            "<https://a.example>",
            '<p><a href="https://a.example" rel="nofollow noopener">https://a.example</a></p>',
        ),
        ("###### six", "<h6>six</h6>"),
        ("```python\nx < 1\n```", "<pre><code>x &lt; 1\n</code></pre>"),
        ("3. trois", '<ol start="3">\n<li>trois</li>\n</ol>'),
        ("a\x00\x1b[31m\ud800b", "<p>a[31mb</p>"),
        ("", ""),
    ],
)
def test_html_case(text: str, html: str) -> None:
    assert safe_html(text) == html


pieces = st.sampled_from([*"ab<>[]()!*_`#-+.1&\"'\\\n \t:/=~|{}@", "javascript:", "http://x", "](", "<a "])
marks = st.lists(pieces, max_size=120).map("".join)


@settings(max_examples=100, deadline=None)
@given(st.one_of(marks, st.text(alphabet=st.characters())))
def test_any_text_is_safe(text: str) -> None:
    Inspector().feed(safe_html(text))


@pytest.mark.parametrize(
    "text", ["> " * 3000, "[" * 6000, "*a " * 3000, "- " * 3000, "`" * 6000, "![" * 3000, "<" * 9000]
)
def test_hostile_texts_take_no_time(text: str) -> None:
    started = time.perf_counter()
    safe_html(text)
    assert time.perf_counter() - started < 2


def test_neither_library_is_loaded_before_it_is_needed() -> None:
    program = "import sys, events_app.outputs.markdown; print({'nh3', 'markdown_it'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "set()"


def test_lines_and_bare_addresses_as_they_were_typed() -> None:
    text = "Accès\nParking (https://pma.example/plan?a=b).\nwww.artois.example, ecrire@pma.example"
    assert safe_html(text) == (
        "<p>Accès<br>\nParking ("
        '<a href="https://pma.example/plan?a=b" rel="nofollow noopener">https://pma.example/plan?a=b</a>).<br>\n'
        '<a href="https://www.artois.example" rel="nofollow noopener">www.artois.example</a>, '
        '<a href="mailto:ecrire@pma.example" rel="nofollow noopener">ecrire@pma.example</a></p>'
    )


def test_no_link_within_a_link_in_code_or_to_a_script() -> None:
    assert safe_html("[https://a.example](https://b.example)").count("<a ") == 1
    assert "<a " not in safe_html("`https://a.example`")
    assert "<a " not in safe_html("javascript:alert(1) data:text/html,x ftp://a.example")
