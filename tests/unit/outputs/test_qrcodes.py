"""QR codes, read back by an independent decoder from the pixels and from the drawn path."""

import io
import re
import time
import xml.etree.ElementTree as ET

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from events_app.outputs.qrcodes import NotEncodable, qr_matrix, qr_png, qr_svg

SIGNED = "C" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" * 3 + "ABCDEFGHIJKLMNOPQRSTUVWXY"
OPAQUE = "T" + "ABCDEFGHIJKLMNOPQRSTUVWXY"
URL = "https://convive.example/i/9mB2x_k-4"


def decode(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image.convert("L"))]


def draw_svg(svg: str, module_pixels: int = 4) -> Image.Image:
    """The rectangles of the path, painted one by one: what a browser would show."""
    root = ET.fromstring(svg)  # noqa: S314 -- our own drawing
    side = int(root.attrib["viewBox"].split()[2])
    image = Image.new("L", (side, side), 255)
    for x, y, width, back in re.findall(r"M(\d+) (\d+)h(\d+)v1H(\d+)z", root[2].attrib["d"]):
        assert x == back
        image.paste(0, (int(x), int(y), int(x) + int(width), int(y) + 1))
    return image.resize((side * module_pixels, side * module_pixels), Image.Resampling.NEAREST)


@pytest.mark.parametrize(("text", "modules"), [(SIGNED, 37), (OPAQUE, 25), (URL, 29)])
def test_symbols_have_their_size_and_are_read(text: str, modules: int) -> None:
    assert len(qr_matrix(text)) == modules
    assert decode(draw_svg(qr_svg(text, "Billet"))) == [text]
    assert decode(Image.open(io.BytesIO(qr_png(text)))) == [text]


def test_a_signed_code_is_version_5_m_in_alphanumeric_mode() -> None:
    found = zxingcpp.read_barcode(Image.open(io.BytesIO(qr_png(SIGNED))).convert("L"))
    assert found is not None
    assert found.ec_level == "M"
    # In byte mode 122 characters would need version 7.
    assert len(qr_matrix(SIGNED)) == len(qr_matrix("A" * 122)) < len(qr_matrix("a" * 122))


def test_the_quiet_zone_is_white_and_modules_are_whole_pixels() -> None:
    image = Image.open(io.BytesIO(qr_png(SIGNED, module_pixels=3))).convert("L")
    assert image.size == (45 * 3, 45 * 3)
    assert {colour for _, colour in image.getcolors()} == {0, 255}
    assert Image.eval(image, lambda value: 255 - value).getbbox() == (12, 12, 45 * 3 - 12, 45 * 3 - 12)


def test_the_svg_names_itself_and_escapes_its_title() -> None:
    svg = qr_svg(URL, 'Billet de <b>Zoé</b> & "Léo"', size_mm=38)
    root = ET.fromstring(svg)  # noqa: S314 -- our own drawing
    assert root.attrib["role"] == "img"
    assert (root.attrib["width"], root.attrib["height"]) == ("38mm", "38mm")
    assert root[0].text == 'Billet de <b>Zoé</b> & "Léo"'
    assert root[1].attrib["fill"] == "#fff"
    assert "width" not in ET.fromstring(qr_svg(URL, "x")).attrib  # noqa: S314


@given(st.text(alphabet=st.characters()))
def test_any_title_gives_well_formed_xml(title: str) -> None:
    ET.fromstring(qr_svg(URL, title).encode("utf-8"))  # noqa: S314


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=120, alphabet=st.characters(codec="utf-8", exclude_categories=["C"])))
def test_any_text_is_read_back(text: str) -> None:
    assert decode(Image.open(io.BytesIO(qr_png(text, module_pixels=4)))) == [text]


@pytest.mark.parametrize("text", ["0" * 122, "C" + "0" * 400, "0" * 39 + "A", "A" * 122, " ", "7" * 200])
def test_monotonous_texts_are_read_back(text: str) -> None:
    """A block of null bytes stops the library's error correction."""
    assert decode(Image.open(io.BytesIO(qr_png(text, module_pixels=4)))) == [text]


@pytest.mark.parametrize("text", ["\x00" * 200, "a\nb", "\x7f"])
def test_control_characters_are_refused(text: str) -> None:
    with pytest.raises(NotEncodable):
        qr_matrix(text)


def test_a_text_that_no_code_can_hold_is_refused() -> None:
    assert len(qr_matrix("a" * 2331)) == 177
    with pytest.raises(NotEncodable):
        qr_matrix("a" * 2332)


def test_a_code_is_drawn_in_a_few_milliseconds() -> None:
    texts = [SIGNED[:-3] + f"{number:03b}".translate({48: "A", 49: "B"}) for number in range(8)]
    qr_svg(SIGNED, "warm")
    best = float("inf")
    for text in texts:
        started = time.perf_counter()
        qr_svg(text, "Billet")
        best = min(best, time.perf_counter() - started)
    assert best < 0.005  # 1.1 ms on an idle machine; `make bench` holds the exact figure
