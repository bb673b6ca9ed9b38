"""The codes of tickets: this deployment's keys, and the code of one registration."""

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from hmac import digest
from typing import Final, Protocol
from weakref import WeakKeyDictionary

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec import Struct

from events_app.features.admission.envelope import letter_key
from events_app.features.admission.readings import Verifier
from events_app.features.admission.token import (
    TicketFields,
    derive_signing_key,
    opaque_code,
    sign_ticket,
)
from events_app.infra.database import Engine, engine
from events_app.infra.deployment import deployment_id
from events_app.infra.world import World

KEY_SLOT: Final = 0  # of new tickets; older ones verify with the key of their own slot
_KEY_SLOTS: Final = 16
_ID_BYTES: Final = 5


class TicketHolder(Protocol):
    """What a code needs to know of a registration."""

    @property
    def ticket_id(self) -> int: ...
    @property
    def ticket_generation(self) -> int: ...


class TicketedEvent(Protocol):
    @property
    def number(self) -> int: ...


class Keyring(Struct, frozen=True):
    """The keys of one deployment. Made once per process and database."""

    signing_key: Ed25519PrivateKey
    verifier: Verifier
    secret_digest: bytes
    letter_key: EllipticCurvePrivateKey

    def code(self, event_number: int, ticket_id: int, generation: int) -> str:
        return _signed(self.signing_key, self.verifier.deployment_id, event_number, ticket_id, generation)

    def opaque(self, event_number: int, ticket_id: int, generation: int) -> str:
        """26 characters for small badges: the ticket id and a proof that only this deployment can make."""
        proof = self.opaque_proof(event_number, ticket_id, generation)
        return opaque_code(ticket_id.to_bytes(_ID_BYTES, "big") + proof)

    def opaque_proof(self, event_number: int, ticket_id: int, generation: int) -> bytes:
        """As an opaque code carries it: 85 bits of HMAC-SHA-256, the last three bits of 11 bytes being 0."""
        subject = f"{self.verifier.deployment_id.hex()}|{event_number}|{ticket_id}|{generation % 256}"
        proof = digest(self.secret_digest, subject.encode(), "sha256")[:11]
        return proof[:-1] + bytes([proof[-1] & 0b11111000])

    def public_keys(self) -> Mapping[str, str]:
        """By slot, 32 bytes in hex (RFC 8032): what a device needs to verify offline."""
        return {
            str(slot): key.public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
            for slot, key in self.verifier.public_keys.items()
        }


@lru_cache(maxsize=8192)
def _signed(
    key: Ed25519PrivateKey, deployment_id: bytes, event_number: int, ticket_id: int, generation: int
) -> str:
    """31 µs a signature; a ticket is asked for again by its page, its mail and its picture."""
    fields = TicketFields(event_number, ticket_id, generation % 256, key_slot=KEY_SLOT)
    return sign_ticket(fields, key, deployment_id)


_keyrings: WeakKeyDictionary[Engine, Keyring] = WeakKeyDictionary()


async def keyring(world: World) -> Keyring:
    """The first call in a new database gives the deployment its identity."""
    current = engine()
    found = _keyrings.get(current)
    if found is None:
        secret = world.settings.secret_key.reveal().encode()
        keys = {slot: derive_signing_key(secret, slot) for slot in range(_KEY_SLOTS)}
        found = Keyring(
            signing_key=keys[KEY_SLOT],
            verifier=Verifier(
                deployment_id=(await deployment_id(world)).bytes,
                public_keys={slot: key.public_key() for slot, key in keys.items()},
            ),
            secret_digest=sha256(b"convive opaque ticket\x00" + secret).digest(),
            letter_key=letter_key(secret),
        )
        _keyrings[current] = found
    return found


async def ticket_code_of(world: World, event: TicketedEvent, registration: TicketHolder) -> str:
    """The 122 characters of this registration's signed ticket; the same until it is re-issued."""
    keys = await keyring(world)
    return keys.code(event.number, registration.ticket_id, registration.ticket_generation)


def ticket_path(code: str, ending: str = "") -> str:
    """The path of a ticket's page, or of its picture when `ending` is `.svg`, `.png` or `.pdf`."""
    return f"/tickets/{code}{ending}"
