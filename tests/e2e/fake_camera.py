"""A film for Chromium's fake camera: YUV4MPEG2, 4:2:0, written here from a picture of a QR code."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image

from events_app.outputs.qrcodes import qr_png

WIDTH, HEIGHT = 1280, 720
FRAMES_PER_SECOND = 10
_GREY = 90


def write_film(path: Path, scenes: Sequence[tuple[str, float]]) -> Path:
    """`scenes`: what the code in the picture says ("" for an empty hall) and for how many seconds.

    Chromium plays the film over and over; each second takes 14 MB.
    """
    with path.open("wb") as film:
        film.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n".encode())
        for text, seconds in scenes:
            frame = b"FRAME\n" + _picture(text)
            for _ in range(max(1, round(seconds * FRAMES_PER_SECOND))):
                film.write(frame)
    return path


def _picture(text: str) -> bytes:
    """Luma, then both chroma planes at half the size, all neutral."""
    luma = Image.new("L", (WIDTH, HEIGHT), _GREY)
    if text:
        code = Image.open(BytesIO(qr_png(text, module_pixels=9))).convert("L")
        luma.paste(code, ((WIDTH - code.width) // 2, (HEIGHT - code.height) // 2))
    return luma.tobytes() + b"\x80" * (WIDTH * HEIGHT // 2)
