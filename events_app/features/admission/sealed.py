"""Names that only their own ticket opens: what a door device keeps of people while it has no network.

The key of a name is made from the signature in the ticket's code, which no list holds; so a lost phone names
only those whose tickets are held before it.
"""

import asyncio
from base64 import b64encode
from collections.abc import Collection, Sequence
from hashlib import sha256
from hmac import digest
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct

from events_app.features.admission.door_list import PARTS, list_id
from events_app.features.admission.tickets import Keyring
from events_app.features.admission.token import signature_of
from events_app.features.events.model import EventRecord
from events_app.infra.database import rows

_CONTEXT: Final = b"convive sealed name v1\x00"
_NONCE_BYTES: Final = 12
_PAGE: Final = 500


class SealedNames(Struct, frozen=True):
    """By id as in the manifest: Base64 of 12 bytes of nonce and AES-128-GCM over the JSON of a list, name and
    organisation. Key: the first 16 bytes of SHA-256 over a context and the ticket's signature."""

    names: dict[str, str]


def seal(keys: Keyring, code: str, name: str, organisation: str) -> str:
    """The same as long as they are called the same: the nonce is a secret digest of what is sealed."""
    key = sha256(_CONTEXT + signature_of(code)).digest()[:16]
    plain = msgspec.json.encode([name, organisation])
    nonce = digest(keys.secret_digest, _CONTEXT + code.encode() + plain, "sha256")[:_NONCE_BYTES]
    return b64encode(nonce + AESGCM(key).encrypt(nonce, plain, None)).decode()


async def sealed_names(keys: Keyring, event: EventRecord, parts: Collection[int]) -> SealedNames:
    """Of these parts of the list, made in threads: a signature for each person."""
    names: dict[str, str] = {}
    after = -1
    while page := await rows(  # index registration_arrival
        "SELECT arrival, ticket_id, ticket_generation, given_name, family_name, organisation, erased_at"
        f" FROM registration WHERE event = {{}} AND arrival > {{}} ORDER BY arrival LIMIT {_PAGE}",
        event.id,
        after,
    ):
        after = page[-1]["arrival"]
        names.update(await asyncio.to_thread(_sealed_page, keys, event, page, frozenset(parts)))
    return SealedNames(names)


def _sealed_page(
    keys: Keyring, event: EventRecord, page: Sequence[dict[str, Any]], wanted: frozenset[int]
) -> dict[str, str]:
    sealed = {}
    for each in page:
        listed = list_id(keys.verifier.deployment_id, event.number, each["ticket_id"])
        if each["erased_at"] is None and int(listed[:2], 16) % PARTS in wanted:
            code = keys.code(event.number, each["ticket_id"], each["ticket_generation"])
            name = f"{each['given_name']} {each['family_name']}".strip()
            sealed[listed] = seal(keys, code, name, each["organisation"])
    return sealed
