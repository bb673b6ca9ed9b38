"""The code inside a ticket's QR: sign it, read it back, with no database and no network.

A signed code is 76 bytes (12 of payload, 64 of Ed25519 signature, RFC 8032) in Base32 (RFC 4648, upper case,
no padding): 122 characters of QR alphanumeric mode, exactly version 5-M. Ed25519 is deterministic, so the
server stores the fields and makes the code again whenever it is asked for; no code is ever stored.

An opaque code, 26 characters, says nothing by itself: it is looked up. The first character tells the kinds
apart: C or D opens a signed code (the format nibble 1), T an opaque one.
"""

from base64 import b32decode, b32encode
from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Struct

SIGNED_LENGTH: Final = 122
OPAQUE_LENGTH: Final = 26
ALWAYS: Final = 0xFF
"""Day mask of a ticket that opens every day."""

_FORMAT: Final = 1
_PAYLOAD_BYTES: Final = 12
_SIGNATURE_BYTES: Final = 64
_DEPLOYMENT_ID_BYTES: Final = 16
_CONTEXT: Final = b"convive ticket v1\x00"
_OPAQUE_PREFIX: Final = "T"
_ALPHABET: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
_LAST_LETTERS: Final = frozenset("AEIMQUY4")  # whose two last bits are 0
_FIELD_BITS: Final = {
    "key_slot": 4,
    "event_number": 24,
    "ticket_id": 40,
    "generation": 8,
    "rights_profile": 8,
    "day_mask": 8,
}
# What a scanner that types sends when its layout (QWERTY or AZERTY) is not the computer's: A and Q, W and Z
# change places, M becomes the key beside L or N, digits become the other half of their key.
_LAYOUT_REPAIR: Final = str.maketrans(
    {"A": "Q", "Q": "A", "W": "Z", "Z": "W"}
    | dict.fromkeys(",?;:", "M")
    | {"É": "2", '"': "3", "'": "4", "(": "5", "-": "6", "§": "6", "È": "7"}
    | {"@": "2", "#": "3", "$": "4", "%": "5", "^": "6", "&": "7"}
)


class TicketFields(Struct, frozen=True):
    """What a signed code says. Every field is an unsigned integer of the width that DOOR's table gives."""

    event_number: int
    ticket_id: int
    """40 random bits, unique in the event."""
    generation: int = 0
    """Grows when the ticket is issued again or handed over; below the event's minimum it is revoked."""
    rights_profile: int = 0
    """Index into the event's signed list of rights: category, sessions, times."""
    day_mask: int = ALWAYS
    """Bit 0 is the event's first day, bit 7 all days from the eighth on."""
    key_slot: int = 0
    """Which of the deployment's sixteen keys signed: keys rotate without voiding older tickets."""


class TicketCodeError(ValueError):
    """A text that is not a ticket of this deployment."""


class MalformedCode(TicketCodeError):
    """Not the form of a signed code: another QR, a damaged reading, a format of the future."""


class UnknownKey(TicketCodeError):
    """Well formed, but no public key is known for its slot."""

    def __init__(self, key_slot: int) -> None:
        super().__init__(key_slot)
        self.key_slot = key_slot


class BadSignature(TicketCodeError):
    """Well formed, but not signed by this deployment: forged, altered, or from another Convive."""


def derive_signing_key(secret: bytes, key_slot: int) -> Ed25519PrivateKey:
    """The signing key of a slot, by HKDF-SHA256 (RFC 5869) from the deployment's secret.

    Raises ValueError for a secret under 32 bytes or a slot outside 0-15.
    """
    if len(secret) < 32:
        raise ValueError("the ticket secret must have at least 32 bytes")
    _require_width("key_slot", key_slot)
    info = b"convive ticket signing key\x00" + bytes([key_slot])
    return Ed25519PrivateKey.from_private_bytes(
        HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret)
    )


def sign_ticket(fields: TicketFields, key: Ed25519PrivateKey, deployment_id: bytes) -> str:
    """The 122 characters of a signed code. The same fields and key always give the same code.

    Raises ValueError when a field does not fit its width.
    """
    payload = _pack(fields)
    return _encode(payload + key.sign(_signed_message(payload, deployment_id)))


def read_ticket(text: str, public_keys: Mapping[int, Ed25519PublicKey], deployment_id: bytes) -> TicketFields:
    """The fields of a signed code whose signature verifies, however it was typed or scanned.

    Raises MalformedCode, UnknownKey or BadSignature (of the text as it stands, when no repair helped).
    """
    failure: TicketCodeError | None = None
    for code in possible_readings(text):
        try:
            return _read_exact(code, public_keys, deployment_id)
        except TicketCodeError as error:
            failure = failure or error
    raise failure or MalformedCode


def possible_readings(text: str) -> tuple[str, ...]:
    """What a scanned or typed text may stand for: as it is, and with a keyboard layout's exchange undone.

    Only readings made of the code's own alphabet are given; the straight one comes first.
    """
    if len(text) > 4 * SIGNED_LENGTH:
        return ()
    typed = "".join(text.split()).upper()
    straight = typed.replace("-", "")
    readings = dict.fromkeys((straight, typed.translate(_LAYOUT_REPAIR)))
    return tuple(reading for reading in readings if reading and _ALPHABET.issuperset(reading))


def opaque_code(random_bits: bytes) -> str:
    """A code of 26 characters from 16 random bytes, of which 125 bits are kept."""
    if len(random_bits) != 16:
        raise ValueError("an opaque code is made from 16 random bytes")
    return _OPAQUE_PREFIX + _encode(random_bits)[: OPAQUE_LENGTH - 1]


def signature_of(code: str) -> bytes:
    """The 64 bytes of a signed code's signature: known to whoever holds the ticket."""
    return b32decode(code + "=" * (-len(code) % 8))[_PAYLOAD_BYTES:]


def is_opaque(code: str) -> bool:
    """Whether this reading has the form of an opaque code, to be looked up."""
    return len(code) == OPAQUE_LENGTH and code[0] == _OPAQUE_PREFIX and _ALPHABET.issuperset(code)


def _read_exact(code: str, public_keys: Mapping[int, Ed25519PublicKey], deployment_id: bytes) -> TicketFields:
    if len(code) != SIGNED_LENGTH:
        raise MalformedCode
    raw = b32decode(code + "=" * (-len(code) % 8))
    # Two spare bits end the code: another value there would be a second spelling of the same ticket.
    if raw[0] >> 4 != _FORMAT or code[-1] not in _LAST_LETTERS:
        raise MalformedCode
    payload, signature = raw[:_PAYLOAD_BYTES], raw[_PAYLOAD_BYTES:]
    fields = _unpack(payload)
    public_key = public_keys.get(fields.key_slot)
    if public_key is None:
        raise UnknownKey(fields.key_slot)
    try:
        public_key.verify(signature, _signed_message(payload, deployment_id))
    except InvalidSignature:
        raise BadSignature from None
    return fields


def _signed_message(payload: bytes, deployment_id: bytes) -> bytes:
    """The context keeps these signatures from meaning anything elsewhere; the id, from another deployment."""
    if len(deployment_id) != _DEPLOYMENT_ID_BYTES:
        raise ValueError("a deployment id has 16 bytes")
    return _CONTEXT + deployment_id + payload


def _pack(fields: TicketFields) -> bytes:
    for name in _FIELD_BITS:
        _require_width(name, getattr(fields, name))
    return (
        bytes([_FORMAT << 4 | fields.key_slot])
        + fields.event_number.to_bytes(3, "big")
        + fields.ticket_id.to_bytes(5, "big")
        + bytes([fields.generation, fields.rights_profile, fields.day_mask])
    )


def _unpack(payload: bytes) -> TicketFields:
    return TicketFields(
        event_number=int.from_bytes(payload[1:4], "big"),
        ticket_id=int.from_bytes(payload[4:9], "big"),
        generation=payload[9],
        rights_profile=payload[10],
        day_mask=payload[11],
        key_slot=payload[0] & 0x0F,
    )


def _require_width(name: str, value: int) -> None:
    if not 0 <= value < 1 << _FIELD_BITS[name]:
        raise ValueError(f"{name} must fit {_FIELD_BITS[name]} bits")


def _encode(raw: bytes) -> str:
    return b32encode(raw).rstrip(b"=").decode("ascii")
