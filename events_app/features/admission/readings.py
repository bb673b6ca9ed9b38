"""From what a camera, a scanner or a hand gave to a ticket: signed or opaque, short code, or an address.

Pure; nothing is looked up. The browser has the same first step (static/js/door/codes.js); both are held to
tests/vectors/readings.json.
"""

import re
from base64 import b32decode
from collections.abc import Mapping
from hmac import compare_digest
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Struct

from events_app.features.admission.scan import Reason
from events_app.features.admission.token import (
    MalformedCode,
    TicketCodeError,
    is_opaque,
    possible_readings,
    read_ticket,
)
from events_app.kernel.short_code import (
    MalformedShortCode,
    ShortCodeMistyped,
    parse_short_code,
)

MOST_CHARACTERS: Final = 1000  # of an address around a code
_FILE_ENDINGS: Final = (".svg", ".png", ".pdf")
_SYMBOLOGY: Final = re.compile(r"^\s*\][A-Za-z][0-9A-Za-z]")  # "]Q1": ISO/IEC 15424
_UNSEEN: Final = "\ufeff\u200b\u200e\u200f"  # what keyboards and copied texts put around a code
_END_OF_CODE: Final = re.compile("[/?#]")


class Reading(Struct, frozen=True):
    """A ticket id and what else the code said, or why it could not be read."""

    ticket_id: int | None = None
    event_number: int | None = None
    generation: int | None = None
    opaque_proof: bytes | None = None
    """The rest of an opaque code: to be compared with what this deployment would have written."""
    unreadable: Reason | None = None

    @property
    def says_generation(self) -> bool:
        """A code typed by hand names only the person."""
        return self.generation is not None or self.opaque_proof is not None


class Verifier(Struct, frozen=True):
    """What is needed to tell our codes from others."""

    deployment_id: bytes
    public_keys: Mapping[int, Ed25519PublicKey]


def bare_code(text: str) -> str:
    """The code inside a ticket's address, without a scanner's prefix; any other text unchanged."""
    text = _SYMBOLOGY.sub("", text.strip(_UNSEEN))
    if "/tickets/" not in text:
        return text
    code = _END_OF_CODE.split(text.rpartition("/tickets/")[2].strip(), maxsplit=1)[0]
    for ending in _FILE_ENDINGS:
        code = code.removesuffix(ending)
    return code


def read_code(text: str, verifier: Verifier) -> Reading:
    """Never raises: what cannot be read says why in `unreadable`."""
    text = bare_code(text) if len(text) <= MOST_CHARACTERS else ""
    try:
        fields = read_ticket(text, verifier.public_keys, verifier.deployment_id)
    except MalformedCode:
        return _read_without_signature(text)
    except TicketCodeError:
        return Reading(unreadable=Reason.BAD_SIGNATURE)
    return Reading(ticket_id=fields.ticket_id, event_number=fields.event_number, generation=fields.generation)


def _read_without_signature(text: str) -> Reading:
    for code in possible_readings(text):
        if is_opaque(code):
            raw = b32decode(code[1:] + "A" + "=" * 6)
            return Reading(ticket_id=int.from_bytes(raw[:5], "big"), opaque_proof=raw[5:])
    try:
        return Reading(ticket_id=parse_short_code(text))
    except ShortCodeMistyped:
        return Reading(unreadable=Reason.MISTYPED)
    except MalformedShortCode:
        return Reading(unreadable=Reason.UNKNOWN_CODE)


def proof_agrees(reading: Reading, expected: bytes) -> bool:
    """Whether the opaque code that was read is the one that we would write; true of other kinds."""
    return reading.opaque_proof is None or compare_digest(reading.opaque_proof, expected)
