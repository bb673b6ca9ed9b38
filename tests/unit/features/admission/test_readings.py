"""Texts that are codes: the server and the door page agree on the same vectors."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from events_app.features.admission.readings import Reading, Verifier, bare_code, read_code
from events_app.features.admission.scan import Reason
from tests.vectors import make_readings

ROOT = Path(__file__).parents[4]
VECTORS = json.loads(make_readings.FILE.read_text("utf-8"))
TICKETS = make_readings.TICKETS
VERIFIER = Verifier(
    deployment_id=bytes.fromhex(TICKETS["deployment_id"]),
    public_keys={
        int(slot): Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        for slot, key in TICKETS["public_keys"].items()
    },
)
# Where a QWERTY scanner's keys are on an AZERTY computer: what it reads for each key.
AZERTY = dict(zip("AQWZM234567", "qawz,é\"'(-è", strict=True))


def kind(reading: Reading) -> str:
    if reading.unreadable is Reason.UNKNOWN_CODE:
        return ""
    if reading.opaque_proof is not None:
        return "opaque"
    return "signed" if reading.event_number is not None else "short"


def test_the_vectors_are_those_that_are_described() -> None:
    assert make_readings.build() == VECTORS


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["kind"] or "none")
def test_the_server_reads_the_vectors(vector: dict[str, str]) -> None:
    assert bare_code(vector["text"]).strip() == vector["bare"].strip()
    assert kind(read_code(vector["text"], VERIFIER)) == vector["kind"]


LONG = "T" + "A" * 25, "A" * 122
PIECES = ("http://", "//", "/tickets/", "[", "]", ":", "@", "%", "?", "#", ".svg", "\x00", *LONG)


@given(st.text() | st.lists(st.sampled_from(PIECES)).map("".join))
def test_no_text_is_an_error(text: str) -> None:
    reading = read_code(text, VERIFIER)
    assert (reading.unreadable is None) == (reading.ticket_id is not None)


def keys_of(code: str, layout: dict[str, str]) -> list[dict[str, str]]:
    """The keys of a scanner set to QWERTY, as a computer with this layout reads them."""
    return [
        {
            "key": layout.get(character, character.lower()),
            "code": f"Digit{character}" if character.isdigit() else f"Key{character}",
        }
        for character in code
    ]


def test_the_door_page_reads_the_vectors_and_scanners_that_type() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node was not found: apt-get install nodejs")
    codes = [each["code"] for each in TICKETS["signed"]]
    given: dict[str, Any] = {
        "texts": [vector["text"] for vector in VECTORS],
        "bursts": [keys_of(code, layout) for code in codes for layout in ({}, AZERTY)],
    }
    done = subprocess.run(
        [node, str(ROOT / "tests/readers/read_codes.mjs")],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(done.stdout)
    assert answer["texts"] == [{"bare": vector["bare"], "kind": vector["kind"]} for vector in VECTORS]
    read = [read_code(text, VERIFIER).ticket_id for text in answer["bursts"]]
    assert read == [each["fields"]["ticket_id"] for each in TICKETS["signed"] for _ in range(2)]
