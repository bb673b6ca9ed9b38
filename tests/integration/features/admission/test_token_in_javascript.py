"""A ticket signed here is verified by another implementation of Ed25519, from the shared vectors."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.vectors import make_tickets

READER = Path(__file__).parents[3] / "readers" / "read_tickets.mjs"


def test_web_crypto_reads_our_tickets() -> None:
    if shutil.which("node") is None:
        pytest.skip("node was not found: apt-get install nodejs")
    vectors = make_tickets.FILE.read_bytes()
    done = subprocess.run(["node", str(READER)], input=vectors, capture_output=True, timeout=30)
    assert done.returncode == 0, done.stderr.decode()
    signed = json.loads(vectors)["signed"]
    assert json.loads(done.stdout) == [{"verified": True, "fields": vector["fields"]} for vector in signed]
