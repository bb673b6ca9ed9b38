"""Every pair of colours that the style sheets put together can be read, in both schemes."""

import re
from pathlib import Path

import pytest

TEXT_CONTRAST = 4.5  # WCAG 2.2 SC 1.4.3, text of normal size
SHAPE_CONTRAST = 3.0  # SC 1.4.11, borders of fields and parts of pictures
TOKENS = Path(__file__).parents[3] / "events_app/static/css/tokens.css"

TEXT_PAIRS = [
    *(
        (ink, ground)
        for ground in ("ground", "surface", "sunken")
        for ink in ("text", "text-soft", "canal", "brick")
    ),
    *(
        (ink, ground)
        for ground in ("ground", "surface")
        for ink in ("terril", "amber", "slate", "canal-deep")
    ),
    *((tone, f"{tone}-soft") for tone in ("brick", "terril", "amber", "canal", "slate")),
    *(("text", f"{tone}-soft") for tone in ("brick", "terril", "amber", "canal", "slate")),
    *((ink, "brick-soft") for ink in ("text-soft", "brick-deep")),
    ("text-soft", "terril-soft"),
    ("text-soft", "slate-soft"),
    ("canal-deep", "canal-soft"),
    ("on-primary", "primary"),
    ("on-primary", "primary-deep"),
    ("on-coal", "coal"),
    ("on-coal-soft", "coal"),
]
SHAPE_PAIRS = [
    *(
        (shape, ground)
        for ground in ("ground", "surface")
        for shape in ("line-strong", "focus", "primary", "terril")
    ),
    ("terril", "slate-soft"),
    ("amber", "slate-soft"),
    ("primary", "slate-soft"),
    ("focus", "sunken"),
]


def _palettes() -> dict[str, dict[str, str]]:
    light, dark = TOKENS.read_text("utf-8").split("@media (prefers-color-scheme: dark)")
    read = {
        scheme: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", text))
        for scheme, text in (("light", light), ("dark", dark))
    }
    assert set(read["light"]) == set(read["dark"]), "a colour lacks its counterpart in the other scheme"
    return read


PALETTES = _palettes()


def luminance(colour: str) -> float:
    """WCAG 2.2 relative luminance of `#rrggbb`: 0 (black) to 1 (white)."""

    def linear(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("ink", "ground", "published"), [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48)]
)
def test_the_measure_is_the_published_one(ink: str, ground: str, published: float) -> None:
    assert round(contrast(ink, ground), 2) == published


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("pairs", "wanted"), [(TEXT_PAIRS, TEXT_CONTRAST), (SHAPE_PAIRS, SHAPE_CONTRAST)], ids=["text", "shapes"]
)
def test_pairs_can_be_read(scheme: str, pairs: list[tuple[str, str]], wanted: float) -> None:
    palette = PALETTES[scheme]
    measured = {pair: round(contrast(palette[pair[0]], palette[pair[1]]), 2) for pair in pairs}
    assert {pair: value for pair, value in measured.items() if value < wanted} == {}
