"""Who is calling, behind proxies and without."""

from ipaddress import ip_network

import pytest

from events_app.web.callers import caller_of

PROXIES = [ip_network("172.16.0.0/12"), ip_network("127.0.0.1"), ip_network("2001:db8:ffff::/48")]


@pytest.mark.parametrize(
    ("peer", "forwarded", "caller"),
    [
        ("203.0.113.7", [], "203.0.113.7"),
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),  # no proxy of ours: whatever it says is its own
        ("172.18.0.2", ["198.51.100.1"], "198.51.100.1"),
        ("172.18.0.2", ["6.6.6.6, 198.51.100.1"], "198.51.100.1"),  # the caller wrote the first
        ("172.18.0.2", ["6.6.6.6", "198.51.100.1"], "198.51.100.1"),  # in two lines
        ("172.18.0.2", ["198.51.100.1", "172.19.0.1"], "198.51.100.1"),  # two proxies
        ("172.18.0.2", ["6.6.6.6, 198.51.100.1, 172.19.0.1"], "198.51.100.1"),
        ("172.18.0.2", ["172.19.0.1, 172.20.0.1"], "172.19.0.1"),  # a program on our own network
        ("172.18.0.2", ["198.51.100.1:4711"], "198.51.100.1"),
        ("172.18.0.2", ['"[2001:db8:1:2::9]:4711"'], "2001:db8:1:2::/64"),
        ("172.18.0.2", ["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
        ("172.18.0.2", ["[2001:db8:1:2::1]"], "2001:db8:1:2::/64"),
        ("172.18.0.2", ["fe80::1%eth0"], "fe80::/64"),
        ("172.18.0.2", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("::ffff:172.18.0.2", ["198.51.100.1"], "198.51.100.1"),
        ("2001:db8:ffff::1", ["198.51.100.1"], "198.51.100.1"),
        ("2001:db8:1:2::9", [], "2001:db8:1:2::/64"),
        ("172.18.0.2", [], "172.18.0.2"),
        ("172.18.0.2", ["", " , "], "172.18.0.2"),
        ("172.18.0.2", ["unknown"], "unknown"),
        ("172.18.0.2", ["6.6.6.6, unknown"], "unknown"),
        ("172.18.0.2", ["x" * 5000], "x" * 64),
    ],
)
def test_the_caller_is_the_last_hop_that_is_not_ours(peer: str, forwarded: list[str], caller: str) -> None:
    assert caller_of(peer, forwarded, PROXIES) == caller


def test_nobody_is_trusted_unless_said() -> None:
    assert caller_of("127.0.0.1", ["198.51.100.1"], []) == "127.0.0.1"
