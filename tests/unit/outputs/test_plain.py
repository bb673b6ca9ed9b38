"""The last cleaning of text before bytes are made."""

import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from events_app.outputs.plain import printable_line, printable_text

anything = st.text(alphabet=st.characters())


def test_line_ends_become_newlines_and_controls_go() -> None:
    assert printable_text("a\r\nb\rc\x85d\u2028e\x00\x1b\ud800\ufffff\tg") == "a\nb\nc\nd\nef\tg"
    assert printable_line("  a\r\n b\tc  ") == "a b c"


def test_joined_emoji_and_right_to_left_text_are_kept() -> None:
    for text in ("👩🏽‍🔬", "שלום עולם", "مرحبا بالعالم", "e\u0301", "Hénin-Beaumont"):
        assert printable_line(text) == printable_text(text) == text


@given(anything)
def test_any_text_can_be_written(text: str) -> None:
    cleaned = printable_text(text)
    assert printable_text(cleaned) == cleaned
    root = ET.fromstring(b"<a>" + cleaned.replace("&", "").replace("<", "").encode("utf-8") + b"</a>")  # noqa: S314
    assert root.tag == "a"
    assert len(printable_line(text).splitlines()) <= 1
