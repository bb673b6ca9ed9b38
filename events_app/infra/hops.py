"""Proxies that requests came through, noted for `convive doctor`: the server sees them, a command cannot."""

from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path

import msgspec

from events_app.infra import private_files

_FILE = "seen-proxy.json"
_MOST = 100  # callers of a network of one's own may come directly, each with an address


class Hop(msgspec.Struct, frozen=True):
    """`peer`: who called us; `host`: which site the request asked for."""

    peer: str
    host: str


class Hops:
    """Of one process. A file is written once for each hop that is new."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / _FILE
        self._seen: set[Hop] = set()
        self._kept: list[Hop] = []

    def note(self, peer: str, headers: Mapping[bytes, str]) -> None:
        """Only of our own networks: anybody on the internet may write such a header."""
        hop = Hop(peer, headers.get(b"host", ""))
        if hop in self._seen or len(self._seen) >= _MOST:
            return
        self._seen.add(hop)
        try:
            if ip_address(peer).is_private:
                self._kept.append(hop)
                content = msgspec.json.encode(self._kept).decode()
                private_files.write_whole(self._path, content, replace=True)
        except (ValueError, OSError):
            pass  # no address, or no room: it is for a doctor only


def seen_hops(data_dir: Path) -> list[Hop]:
    try:
        return msgspec.json.decode((data_dir / _FILE).read_bytes(), type=list[Hop])
    except (OSError, msgspec.MsgspecError):
        return []


def forget_hops(data_dir: Path) -> None:
    """At the start: what was wrong may have been mended."""
    (data_dir / _FILE).unlink(missing_ok=True)
