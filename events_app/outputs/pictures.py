"""Pictures that people upload: decoded, turned upright, shrunk and written anew, so that nothing of the
original file (its metadata, its place, whatever was hidden in it) is kept."""

from io import BytesIO
from typing import Any

from msgspec import Struct

MOST_BYTES = 8_000_000
MOST_PIXELS = 25_000_000  # decoded it is at most 100 MB
MOST_PIXELS_OF_A_PHOTOGRAPH = 60_000_000  # a JPEG is decoded at the scale it is needed in, row by row
LONGEST_SIDE = 1600
MEDIA_TYPE = "image/webp"


class NotAPicture(ValueError):
    """Not a PNG, JPEG or WebP that can be decoded."""


class TooManyPixels(NotAPicture):
    """Known from its head, before anything is decoded."""


class Picture(Struct, frozen=True):
    content: bytes
    width: int
    height: int
    media_type: str = MEDIA_TYPE


def prepared(content: bytes) -> Picture:
    """As WebP, its longest side at most 1600 pixels. Blocks (0.1 to 1 s): call it in a thread.

    Raises `NotAPicture`, `TooManyPixels`. The size is read from the header before anything is decoded.
    """
    if len(content) > MOST_BYTES:
        raise NotAPicture
    from PIL import Image, ImageOps  # with the first upload, not at every start

    try:
        with Image.open(BytesIO(content), formats=("PNG", "JPEG", "WEBP")) as opened:
            if opened.width * opened.height > _most_pixels(opened):
                raise TooManyPixels
            # A JPEG is decoded at the scale it is needed in.
            opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
            picture = upright.convert(
                "RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB"
            )
            out = BytesIO()
            picture.save(out, "WEBP", quality=80, method=4)
    except NotAPicture:
        raise
    except Image.DecompressionBombError:
        raise TooManyPixels from None
    except Exception as error:  # decoders raise whatever their formats' corners lead to
        raise NotAPicture(type(error).__name__) from None
    return Picture(out.getvalue(), picture.width, picture.height)


def _most_pixels(opened: Any) -> int:
    """A progressive JPEG is kept whole while it is decoded, as the other formats are."""
    is_plain_photograph = opened.format == "JPEG" and not opened.info.get("progressive")
    return MOST_PIXELS_OF_A_PHOTOGRAPH if is_plain_photograph else MOST_PIXELS
