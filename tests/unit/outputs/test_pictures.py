"""Uploaded pictures: what is kept of them, and what is refused before it costs anything."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from PIL import Image

from events_app.outputs.pictures import MOST_BYTES, NotAPicture, TooManyPixels, prepared


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


def chunked(*chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG of these chunks."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


HEAD = (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
ROWS = (b"IDAT", zlib.compress(b"\0" * 4))
END = (b"IEND", b"")


def forms_of(picture: Image.Image, form: str, **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, form, **options)  # type: ignore[arg-type]
    return out.getvalue()


@pytest.mark.parametrize(
    "chunks",
    [
        [HEAD, (b"iCCP", data), ROWS, END]
        for data in (
            b"",
            b"x",
            b"x\0",
            b"x\0\0",
            b"x\0\0\xff\xff",
            b"x\0\1abc",
            b"x" * 200,
            b"\0\0" + zlib.compress(b"no"),
        )
    ]
    + [
        [HEAD, (name, data), ROWS, END]
        for name in (
            b"iCCP",
            b"tRNS",
            b"eXIf",
            b"gAMA",
            b"cHRM",
            b"sRGB",
            b"pHYs",
            b"iTXt",
            b"zTXt",
            b"tEXt",
            b"acTL",
            b"fcTL",
            b"fdAT",
            b"PLTE",
        )
        for data in (b"", b"\0", b"\xff" * 3, b"\0" * 25)
    ]
    + [[HEAD, (b"IHDR", b""), ROWS, END], [(b"IHDR", b""), ROWS, END], [ROWS, HEAD, END], [HEAD, END], []],
)
def test_an_odd_chunk_is_a_picture_or_none_and_never_more(chunks: list[tuple[bytes, bytes]]) -> None:
    with suppress(NotAPicture):
        assert prepared(chunked(*chunks)).media_type == "image/webp"


@pytest.mark.parametrize(
    "content",
    [
        forms_of(Image.new("CMYK", (40, 30)), "JPEG"),
        forms_of(Image.new("L", (40, 30)), "JPEG", progressive=True),
        forms_of(Image.new("P", (40, 30)), "PNG"),
        forms_of(Image.new("1", (40, 30)), "PNG"),
        forms_of(Image.new("LA", (40, 30)), "PNG"),
        forms_of(
            Image.new("RGB", (40, 30)),
            "PNG",
            save_all=True,
            append_images=[Image.new("RGB", (40, 30), "red")],
        ),
        forms_of(
            Image.new("RGB", (40, 30)),
            "WEBP",
            save_all=True,
            append_images=[Image.new("RGB", (40, 30), "red")],
        ),
        forms_of(Image.new("RGB", (40, 30)), "JPEG") + b"<script>alert(1)</script>PK\3\4",
    ],
)
def test_unusual_pictures_become_plain_ones(content: bytes) -> None:
    picture = prepared(content)
    assert (picture.width, picture.height) == (40, 30)
    kept = opened(picture.content)
    assert (kept.mode in ("RGB", "RGBA"), getattr(kept, "n_frames", 1)) == (True, 1)
    assert b"script" not in picture.content


@pytest.mark.parametrize("cut", [10, 40, 100, 300, 600])
@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_picture_that_was_cut_off_is_refused(form: str, cut: int) -> None:
    content = encoded(Image.effect_noise((64, 64), 90).convert("RGB"), form)
    with pytest.raises(NotAPicture):
        prepared(content[:cut])


@pytest.mark.parametrize("size", [(7_700, 7_700), (60_000, 1_000), (1, 2**31 - 1), (100_000, 100_000)])
def test_too_many_pixels_are_known_from_the_head(size: tuple[int, int]) -> None:
    with pytest.raises(NotAPicture):
        prepared(bomb(*size))
    with pytest.raises(TooManyPixels):
        prepared(bomb(7_700, 7_700))


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
