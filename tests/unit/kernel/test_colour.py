"""Contrast against published values, and any brand colour made readable."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events_app.kernel.colour import (
    BLACK,
    TEXT_CONTRAST,
    WHITE,
    Rgb,
    brand_colours,
    brand_sheet,
    contrast,
    made_readable,
    parse_hex,
    readable_on,
)

channels = st.integers(min_value=0, max_value=255)
colours = st.builds(Rgb, channels, channels, channels)


@pytest.mark.parametrize(
    ("ink", "ground", "expected"),
    [
        ("#000", "#fff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#9d3a25", "#faf7f2", 6.4),
        ("#f00", "#fff", 4.0),
    ],
)
def test_contrast_of_known_pairs(ink: str, ground: str, expected: float) -> None:
    assert contrast(parse_hex(ink), parse_hex(ground)) == pytest.approx(expected, abs=0.05)


@pytest.mark.parametrize("text", ["", "#12", "#12345", "red", "#gggggg", "#1234567", "#9d3a25;}"])
def test_other_spellings_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text) or "^$"):
        parse_hex(text)


@given(colours)
def test_hex_round_trip(colour: Rgb) -> None:
    assert parse_hex(colour.hex) == colour


@given(colours)
def test_black_or_white_reads_on_every_ground(ground: Rgb) -> None:
    assert contrast(readable_on(ground), ground) >= TEXT_CONTRAST


@given(colours, colours)
def test_made_readable_reads_and_leaves_good_colours_alone(colour: Rgb, ground: Rgb) -> None:
    shade = made_readable(colour, ground)
    assert contrast(shade, ground) >= TEXT_CONTRAST
    if contrast(colour, ground) >= TEXT_CONTRAST:
        assert shade == colour


@given(colours, st.sampled_from([parse_hex("#faf7f2"), parse_hex("#161413")]))
def test_brand_buttons_can_be_told_and_read(brand: Rgb, ground: Rgb) -> None:
    painted = brand_colours(brand, ground)
    assert contrast(painted.primary, ground) >= TEXT_CONTRAST
    assert contrast(painted.on_primary, painted.primary) >= TEXT_CONTRAST
    assert contrast(painted.on_primary, painted.primary_deep) >= TEXT_CONTRAST


def test_brand_sheet_paints_both_schemes() -> None:
    assert brand_sheet(parse_hex("#004f9f"), WHITE, BLACK) == (
        "@layer tokens{:root{--primary:#004f9f;--primary-deep:#003e7c;--on-primary:#ffffff}"
        "@media (prefers-color-scheme:dark){:root{--primary:#3d79b6;--primary-deep:#6896c6;"
        "--on-primary:#000000}}}\n"
    )
