"""Who is calling, behind proxies: the last hop that no proxy of ours is (docs/hosting.md).

Each proxy appends the address that it was called from, so the line is read from its end: whatever stands
before the first hop that we do not trust was written by the caller and may be anything.
"""

from collections.abc import Collection, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_MOST_CHARACTERS = 64
_IPV6_OF_ONE_CALLER = 64  # bits: a household or a telephone has all the rest to itself


def caller_of(peer: str, forwarded: Sequence[str], trusted: Collection[Network]) -> str:
    """What a caller is known by. `forwarded`: the X-Forwarded-For fields, as they came."""
    hops = [hop for field in forwarded for hop in field.split(",") if hop.strip()]
    caller = peer
    while hops and _is_trusted(caller, trusted):
        caller = hops.pop()
    return known_by(caller)


def known_by(text: str) -> str:
    """One name for each caller: IPv4 also inside IPv6, the /64 of an IPv6 address; a text that is no address
    is itself."""
    address = parsed(text)
    if address is None:
        return text.strip()[:_MOST_CHARACTERS]
    if isinstance(address, IPv6Address):
        return str(ip_network((address, _IPV6_OF_ONE_CALLER), strict=False))
    return str(address)


def parsed(text: str) -> Address | None:
    """`192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]:4711`, `fe80::1%eth0`; quoted or not."""
    text = text.strip().strip('"').strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _is_trusted(text: str, trusted: Collection[Network]) -> bool:
    address = parsed(text)
    return address is not None and any(
        address.version == network.version and address in network for network in trusted
    )
