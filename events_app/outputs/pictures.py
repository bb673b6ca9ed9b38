"""Pictures that people upload: decoded, turned upright, shrunk and written anew, so that nothing of the
original file (its metadata, its place, whatever was hidden in it) is kept."""

from io import BytesIO

from msgspec import Struct

MOST_BYTES = 8_000_000
MOST_PIXELS = 60_000_000  # a phone's largest photograph; decoded it is at most 240 MB
LONGEST_SIDE = 1600
MEDIA_TYPE = "image/webp"


class NotAPicture(ValueError):
    """Not a PNG, JPEG or WebP that can be decoded, or one with too many pixels."""


class Picture(Struct, frozen=True):
    content: bytes
    width: int
    height: int
    media_type: str = MEDIA_TYPE


def prepared(content: bytes) -> Picture:
    """As WebP, its longest side at most 1600 pixels. Blocks (0.1 to 1 s): call it in a thread.

    Raises `NotAPicture`. The size is read from the header before anything is decoded.
    """
    if len(content) > MOST_BYTES:
        raise NotAPicture
    from PIL import Image, ImageOps, UnidentifiedImageError  # with the first upload, not at every start

    try:
        with Image.open(BytesIO(content), formats=("PNG", "JPEG", "WEBP")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise NotAPicture
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
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
    ) as error:
        raise NotAPicture from error
    return Picture(out.getvalue(), picture.width, picture.height)
