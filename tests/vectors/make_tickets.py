"""Writes tickets.json, what every implementation must agree on: `python -m tests.vectors.make_tickets`."""

import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec.structs import asdict, replace

from events_app.features.admission.token import (
    TicketFields,
    derive_signing_key,
    opaque_code,
    sign_ticket,
)
from events_app.kernel.short_code import short_code

FILE = Path(__file__).with_name("tickets.json")
SECRET = bytes(range(32))
DEPLOYMENT_ID = bytes.fromhex("00112233445566778899aabbccddeeff")
PLAIN = TicketFields(event_number=1, ticket_id=0x123456789A)
SAMPLES = (
    PLAIN,
    TicketFields(event_number=0, ticket_id=0, generation=0, rights_profile=0, day_mask=0),
    TicketFields(2**24 - 1, 2**40 - 1, 255, 255, 255, key_slot=15),
    TicketFields(410, 0xC0FFEE, generation=3, rights_profile=7, day_mask=0b101, key_slot=1),
)
# US keys of a scanner read by a computer set to French, and the reverse (unshifted digits, shifted digits).
QWERTY_READ_AS_AZERTY = str.maketrans("AQWZM234567", "QAZW?é\"'(-è")
AZERTY_READ_AS_QWERTY = str.maketrans("AQWZM234567", "QAZW:@#$%^&")


def build() -> dict[str, Any]:
    keys = {slot: derive_signing_key(SECRET, slot) for slot in (0, 1, 15)}
    codes = [sign_ticket(fields, keys[fields.key_slot], DEPLOYMENT_ID) for fields in SAMPLES]
    code = codes[0]
    unknown = sign_ticket(replace(PLAIN, key_slot=9), derive_signing_key(SECRET, 9), DEPLOYMENT_ID)
    foreign = sign_ticket(PLAIN, keys[0], bytes(16))
    exchanged = code[:30] + ("B" if code[30] == "A" else "A") + code[31:]
    refused = {
        "": "malformed",
        "https://example.org/": "malformed",
        code[:-1]: "malformed",
        code + "A": "malformed",
        "E" + code[1:]: "malformed",
        code[:-1] + chr(ord(code[-1]) + 1): "malformed",
        unknown: "unknown_key",
        foreign: "bad_signature",
        exchanged: "bad_signature",
    }
    return {
        "secret": SECRET.hex(),
        "deployment_id": DEPLOYMENT_ID.hex(),
        "public_keys": {
            str(slot): key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
            for slot, key in keys.items()
        },
        "signed": [
            {"code": code, "fields": asdict(fields)} for code, fields in zip(codes, SAMPLES, strict=True)
        ],
        "typed": [
            {"text": text, "code": code}
            for code in codes
            for text in (
                code.lower(),
                f" {code[:60]} \t{code[60:]}\r\n",
                code.translate(QWERTY_READ_AS_AZERTY),
                code.translate(AZERTY_READ_AS_QWERTY),
            )
        ],
        "refused": [{"text": text, "error": error} for text, error in refused.items()],
        "opaque": [
            {"random_bits": bits.hex(), "code": opaque_code(bits)} for bits in (bytes(16), b"\xff" * 16)
        ],
        "short": [
            {"ticket_id": ticket_id, "code": short_code(ticket_id)}
            for ticket_id in (0, 1, 31, 32, PLAIN.ticket_id, 0xC0FFEE, 2**39, 2**40 - 1)
        ],
        "short_typed": [
            {"text": "oil-oil-00y", "ticket_id": None, "error": "mistyped"},
            {"text": "ooo ooo ooo", "ticket_id": 0, "error": None},
            {"text": "000-000-00U", "ticket_id": None, "error": "malformed"},
            {"text": "000-000-00", "ticket_id": None, "error": "malformed"},
        ],
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(build(), indent=1) + "\n", encoding="utf-8")
