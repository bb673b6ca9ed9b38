"""QR codes (ISO/IEC 18004) as SVG and PNG: black on white whatever the theme, quiet zone of four modules.

`qrcode` spends most of its time choosing a mask among eight; a fixed mask is read just as well, so the mask
is given and the picture is drawn here from the matrix.
"""

import io
import re
from functools import lru_cache
from html import escape
from typing import Final

from events_app.kernel.text import clean_line

QUIET_ZONE_MODULES: Final = 4

_MASK_PATTERN: Final = 2
# The characters of alphanumeric mode; not a run of zeros, for `qrcode` 8.2 fails where a whole block of its
# error correction (32 bytes or more, 46 zeros) is null. As bytes, zeros are not null.
_ALPHANUMERIC: Final = re.compile(r"(?!.*0{40})[0-9A-Z $%*+\-./:]+")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
# The two kinds of ticket code (see features/admission/token.py) fill these symbols exactly or nearly, so that
# all tickets of an event have the same size: characters to version and correction level.
_FIXED_SYMBOLS: Final = {122: (5, "M"), 26: (2, "Q")}

Matrix = tuple[tuple[bool, ...], ...]


class NotEncodable(ValueError):
    """Longer than any QR code of this correction level can be (2,331 bytes), or with control characters."""


@lru_cache(maxsize=64)
def qr_matrix(text: str) -> Matrix:
    """The dark modules of a code, without quiet zone; correction level M, the smallest version that fits.

    Texts of the QR alphanumeric set use that mode, others UTF-8 bytes. Raises NotEncodable.
    """
    # With Pillow, which it loads, 30 ms: for the first code drawn, not for every start.
    import qrcode.util
    from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
    from qrcode.exceptions import DataOverflowError

    if _CONTROL.search(text):
        raise NotEncodable
    alphanumeric = _ALPHANUMERIC.fullmatch(text) is not None
    version, level = (_FIXED_SYMBOLS.get(len(text)) if alphanumeric else None) or (None, "M")
    correction = {"M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q}[level]
    mode = qrcode.util.MODE_ALPHA_NUM if alphanumeric else qrcode.util.MODE_8BIT_BYTE
    code = qrcode.QRCode(version=version, error_correction=correction, border=0, mask_pattern=_MASK_PATTERN)
    code.add_data(qrcode.util.QRData(text.encode("utf-8", "replace"), mode=mode, check_data=False))
    try:
        code.make(fit=version is None)
    # The library refuses its own choice of a version above 40 by a ValueError of its setter.
    except (DataOverflowError, ValueError) as error:
        raise NotEncodable from error
    return tuple(tuple(map(bool, row)) for row in code.modules)


def qr_svg(text: str, title: str, size_mm: float | None = None) -> str:
    """An SVG image, one path, that names itself to screen readers; it fills its box unless given a size.

    `title` is cleaned and escaped here. Raises NotEncodable.
    """
    matrix = qr_matrix(text)
    side = len(matrix) + 2 * QUIET_ZONE_MODULES
    size = "" if size_mm is None else f' width="{size_mm:g}mm" height="{size_mm:g}mm"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"{size} role="img" '
        f'shape-rendering="crispEdges"><title>{escape(clean_line(title))}</title>'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{_path(matrix)}"/></svg>'
    )


def qr_png(text: str, module_pixels: int = 8) -> bytes:
    """A two-colour PNG whose modules are whole pixels, so that no edge is ever grey. Raises NotEncodable."""
    from PIL import Image  # as late as `qrcode`, which loads it too

    matrix = qr_matrix(text)
    side = len(matrix) + 2 * QUIET_ZONE_MODULES
    light_row = b"\xff" * side
    margin = b"\xff" * QUIET_ZONE_MODULES
    rows = [margin + bytes(0 if dark else 255 for dark in row) + margin for row in matrix]
    rows = [light_row] * QUIET_ZONE_MODULES + rows + [light_row] * QUIET_ZONE_MODULES
    image = Image.frombytes("L", (side, side), b"".join(rows)).convert("1")
    image = image.resize((side * module_pixels, side * module_pixels), Image.Resampling.NEAREST)
    output = io.BytesIO()
    image.save(output, "PNG")
    return output.getvalue()


def _path(matrix: Matrix) -> str:
    """One rectangle a run of dark modules; relative moves keep the path short."""
    parts = []
    for y, row in enumerate(matrix, QUIET_ZONE_MODULES):
        start = None
        for x, dark in enumerate((*row, False), QUIET_ZONE_MODULES):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                parts.append(f"M{start} {y}h{x - start}v1H{start}z")
                start = None
    return "".join(parts)
