"""Four doors that lose the network again and again: no scan is lost, none invented, each double one found."""

import shutil

import pytest

from tests.doors_apart import run
from tests.servers import ROOT


@pytest.mark.slow
def test_no_scan_is_lost_or_invented_and_each_double_admission_is_found() -> None:
    if shutil.which("node") is None or not (ROOT / "node_modules/fake-indexeddb").is_dir():
        pytest.skip("needs node and what npm installs: apt-get install nodejs npm, make setup-dev")
    figures = run(scans=2000, people=300, seed=7)
    assert figures["scans"] == 2000
    assert figures["tickets that let several in"] > 50
