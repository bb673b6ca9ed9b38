"""The host of a web address, in the forms that mails and calendars can carry. Pure."""

import re
from ipaddress import IPv4Address, IPv6Address
from typing import Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

import idna

_HOST: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?")
_NOT_IN_A_NAME: Final = re.compile(r"[^a-z0-9.-]+")


class NoHost(ValueError):
    """The address names no host that can be reached."""


def with_ascii_host(address: str) -> str:
    """The address with its host as it travels: `https://événements.example.fr` has `xn--vnements-90ab`.

    Raises `NoHost`.
    """
    parts = urlsplit(address)
    host = ascii_host(parts)
    try:
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError as error:
        raise NoHost(address) from error
    return urlunsplit(parts._replace(netloc=f"[{host}]{port}" if ":" in host else host + port))


def ascii_host(parts: SplitResult) -> str:
    """By today's rules (IDNA 2008, UTS 46), as browsers spell it. Raises `NoHost`."""
    host = (parts.hostname or "").lower()
    if ":" in host:
        try:
            return str(IPv6Address(host))
        except ValueError as error:
            raise NoHost(host) from error
    try:
        found = host if host.isascii() else idna.encode(host, uts46=True).decode()
    except UnicodeError as error:
        raise NoHost(host) from error
    if len(found) > 253 or not _HOST.fullmatch(found):
        raise NoHost(host)
    return found


def mail_host(address: str) -> str:
    """What stands behind the `@` of a Message-ID or a UID: letters, digits, hyphens and dots for any host.

    `convive_app` becomes `convive-app`, `::1` becomes `ipv6-1`: names that nobody looks up, only legal ones.
    """
    try:
        host = ascii_host(urlsplit(address))
    except ValueError:  # also what urlsplit itself raises
        return "localhost"
    prefix = "ipv6-" if ":" in host else ""
    labels = _NOT_IN_A_NAME.sub("-", host).strip("-.").split(".")
    return prefix + (".".join(label.strip("-") for label in labels if label.strip("-")) or "localhost")


def greeting_name(address: str) -> str:
    """How a machine at this address greets mail servers (RFC 5321 section 4.1.3): a name or `[192.0.2.1]`."""
    try:
        host = ascii_host(urlsplit(address))
        return f"[IPv6:{host}]" if ":" in host else f"[{IPv4Address(host)}]"
    except ValueError:
        return mail_host(address)
