"""Ticket codes as QR: what `qrcode` takes at ticket size, as we call it and by its defaults."""

import time
from collections.abc import Callable
from io import BytesIO

import qrcode
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from qrcode.image.svg import SvgPathImage

from events_app.features.admission.token import TicketFields, sign_ticket
from events_app.outputs.qrcodes import qr_svg

Report = Callable[[str, float, str, str], None]
COUNT = 300


def main(report: Report) -> None:
    key = Ed25519PrivateKey.generate()
    codes = [sign_ticket(_fields(number), key, bytes(16)) for number in range(COUNT)]
    report("QR of a ticket as SVG", _milliseconds(lambda code: qr_svg(code, "Billet"), codes), "ms", "<= 1.5")
    report("the same by qrcode's defaults", _milliseconds(_by_default, codes[:40]), "ms", "")


def _fields(number: int) -> TicketFields:
    return TicketFields(
        event_number=1, ticket_id=number * 7919, generation=0, rights_profile=0, day_mask=0xFF, key_slot=0
    )


def _milliseconds(make: Callable[[str], object], codes: list[str]) -> float:
    make(codes[0])
    started = time.perf_counter()
    for code in codes[1:]:
        make(code)
    return 1000 * (time.perf_counter() - started) / (len(codes) - 1)


def _by_default(code: str) -> None:
    made = qrcode.QRCode(image_factory=SvgPathImage)
    made.add_data(code)
    made.make_image().save(BytesIO())
