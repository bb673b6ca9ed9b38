"""The picture that goes with a link to an event, where the organiser has given none."""

from typing import cast

import msgspec

from events_app.kernel.text import clean_line
from events_app.outputs.papers import compiler_of, one_at_a_time

WIDTH, HEIGHT = 1200, 630


class Cover(msgspec.Struct, frozen=True):
    """Words in the event's own language."""

    language: str
    body: str
    title: str
    when: str
    where: str


def cover_png(cover: Cover) -> bytes:
    """1200 x 630 pixels, as link previews want it. Tens of milliseconds: for another process."""
    document = {name: clean_line(value) for name, value in msgspec.structs.asdict(cover).items()}
    with one_at_a_time:
        compiler = compiler_of("cover.typ", embedded_fonts_only=False)
        drawn = compiler.compile(
            format="png", ppi=72.0, sys_inputs={"cover": msgspec.json.encode(document).decode()}
        )
    return cast("bytes", drawn)
