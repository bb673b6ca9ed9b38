"""The signed and opaque ticket codes."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from events_app.features.admission.token import (
    BadSignature,
    MalformedCode,
    TicketCodeError,
    TicketFields,
    UnknownKey,
    derive_signing_key,
    is_opaque,
    opaque_code,
    possible_readings,
    read_ticket,
    sign_ticket,
)
from tests.vectors import make_tickets

VECTORS = json.loads(make_tickets.FILE.read_text(encoding="utf-8"))
DEPLOYMENT_ID = bytes.fromhex(VECTORS["deployment_id"])
PUBLIC_KEYS = {
    int(slot): Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
    for slot, key in VECTORS["public_keys"].items()
}
ERRORS = {"malformed": MalformedCode, "unknown_key": UnknownKey, "bad_signature": BadSignature}
ticket_fields = st.builds(
    TicketFields,
    event_number=st.integers(0, 2**24 - 1),
    ticket_id=st.integers(0, 2**40 - 1),
    generation=st.integers(0, 255),
    rights_profile=st.integers(0, 255),
    day_mask=st.integers(0, 255),
    key_slot=st.sampled_from(sorted(PUBLIC_KEYS)),
)
KEYS = {slot: derive_signing_key(make_tickets.SECRET, slot) for slot in PUBLIC_KEYS}


def test_the_shared_vectors_are_what_this_code_makes() -> None:
    assert make_tickets.build() == VECTORS


@pytest.mark.parametrize("vector", VECTORS["signed"])
def test_signed_vectors_read_back(vector: dict) -> None:
    fields = TicketFields(**vector["fields"])
    assert len(vector["code"]) == 122
    assert vector["code"][0] in "CD"
    assert read_ticket(vector["code"], PUBLIC_KEYS, DEPLOYMENT_ID) == fields


@pytest.mark.parametrize("vector", VECTORS["typed"])
def test_what_a_keyboard_scanner_types_is_repaired(vector: dict) -> None:
    assert vector["code"] in possible_readings(vector["text"])
    expected = read_ticket(vector["code"], PUBLIC_KEYS, DEPLOYMENT_ID)
    assert read_ticket(vector["text"], PUBLIC_KEYS, DEPLOYMENT_ID) == expected


@pytest.mark.parametrize("vector", VECTORS["refused"])
def test_refused_vectors_say_why(vector: dict) -> None:
    with pytest.raises(TicketCodeError) as caught:
        read_ticket(vector["text"], PUBLIC_KEYS, DEPLOYMENT_ID)
    assert type(caught.value) is ERRORS[vector["error"]]


def test_an_unknown_key_names_its_slot() -> None:
    code = sign_ticket(
        TicketFields(event_number=1, ticket_id=2, key_slot=9),
        derive_signing_key(make_tickets.SECRET, 9),
        DEPLOYMENT_ID,
    )
    with pytest.raises(UnknownKey) as caught:
        read_ticket(code, PUBLIC_KEYS, DEPLOYMENT_ID)
    assert caught.value.key_slot == 9


@given(ticket_fields)
def test_any_fields_survive_the_journey(fields: TicketFields) -> None:
    code = sign_ticket(fields, KEYS[fields.key_slot], DEPLOYMENT_ID)
    assert read_ticket(code, PUBLIC_KEYS, DEPLOYMENT_ID) == fields
    assert not is_opaque(code)


@given(ticket_fields, st.integers(0, 121), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_no_single_change_is_accepted(fields: TicketFields, place: int, other: str) -> None:
    code = sign_ticket(fields, KEYS[fields.key_slot], DEPLOYMENT_ID)
    changed = code[:place] + other + code[place + 1 :]
    if changed != code:
        with pytest.raises(TicketCodeError):
            read_ticket(changed, PUBLIC_KEYS, DEPLOYMENT_ID)


@given(st.text(max_size=600))
def test_any_text_is_refused_and_nothing_else(text: str) -> None:
    with pytest.raises(MalformedCode):
        read_ticket(text, PUBLIC_KEYS, DEPLOYMENT_ID)


@pytest.mark.parametrize(
    "fields",
    [
        TicketFields(event_number=2**24, ticket_id=0),
        TicketFields(event_number=-1, ticket_id=0),
        TicketFields(event_number=0, ticket_id=2**40),
        TicketFields(event_number=0, ticket_id=0, generation=256),
        TicketFields(event_number=0, ticket_id=0, rights_profile=256),
        TicketFields(event_number=0, ticket_id=0, day_mask=256),
        TicketFields(event_number=0, ticket_id=0, key_slot=16),
    ],
)
def test_fields_that_do_not_fit_are_not_signed(fields: TicketFields) -> None:
    with pytest.raises(ValueError, match="must fit"):
        sign_ticket(fields, KEYS[0], DEPLOYMENT_ID)


def test_keys_differ_by_slot_and_secret_and_need_entropy() -> None:
    public = {
        derive_signing_key(secret, slot).public_key().public_bytes_raw()
        for secret in (b"a" * 32, b"b" * 32)
        for slot in range(16)
    }
    assert len(public) == 32
    with pytest.raises(ValueError, match="32 bytes"):
        derive_signing_key(b"short", 0)
    with pytest.raises(ValueError, match="key_slot"):
        derive_signing_key(b"a" * 32, 16)
    with pytest.raises(ValueError, match="16 bytes"):
        sign_ticket(make_tickets.PLAIN, KEYS[0], b"")


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16))
def test_opaque_codes_are_told_from_signed_ones(one: bytes, other: bytes) -> None:
    code = opaque_code(one)
    assert len(code) == 26
    assert is_opaque(code)
    # 125 of the 128 bits are kept.
    kept = int.from_bytes(one, "big") >> 3 == int.from_bytes(other, "big") >> 3
    assert (opaque_code(other) == code) == kept
    with pytest.raises(MalformedCode):
        read_ticket(code, PUBLIC_KEYS, DEPLOYMENT_ID)
