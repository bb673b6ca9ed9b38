"""Uploaded pictures: what is kept of them, and what is refused before it costs anything."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from events_app.outputs.pictures import MOST_BYTES, NotAPicture, prepared


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_it_becomes_webp_of_1600_pixels_at_most(form: str) -> None:
    picture = prepared(encoded(Image.new("RGB", (3200, 800), "#1d5d86"), form))
    assert (picture.width, picture.height, picture.media_type) == (1600, 400, "image/webp")
    assert opened(picture.content).format == "WEBP"
    assert opened(picture.content).size == (1600, 400)


def test_a_small_one_keeps_its_size_and_its_transparency() -> None:
    picture = prepared(encoded(Image.new("RGBA", (40, 30), (0, 0, 0, 0)), "PNG"))
    assert (picture.width, picture.height) == (40, 30)
    assert opened(picture.content).convert("RGBA").getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_it_stands_upright_and_its_metadata_is_gone() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned
    exif.get_ifd(0x8825)[1] = "N"  # where it was taken
    picture = prepared(encoded(Image.new("RGB", (40, 20)), "JPEG", exif=exif))
    assert (picture.width, picture.height) == (20, 40)
    assert not opened(picture.content).getexif()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a hundred bytes that says it is as large as that."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = chunk(b"IDAT", zlib.compress(b""))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + rows + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        encoded(Image.new("RGB", (10, 10)), "BMP"),
        encoded(Image.new("RGB", (200, 200)), "PNG")[:60],
        bomb(100_000, 100_000),
        bomb(20_000, 20_000),
        bomb(10, 10),
        bytes(MOST_BYTES + 1),
    ],
)
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(NotAPicture):
        prepared(content)
