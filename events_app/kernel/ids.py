"""Identifiers and unguessable tokens; their randomness is a parameter."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from typing import Protocol
from uuid import UUID

TOKEN_BYTES = 16  # 128 bits: RFC 6749 section 10.10 asks for a guess probability of at most 2^-128


class Entropy(Protocol):
    def bytes(self, count: int) -> bytes:
        """`count` bytes that nobody can predict (or, in tests, that repeat with a seed)."""
        ...


class SystemEntropy:
    def bytes(self, count: int) -> bytes:
        return secrets.token_bytes(count)


class SeededEntropy:
    """Repeatable bytes for the demo and for tests: SHA-256 in counter mode. Never for secrets in use."""

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode()
        self._counter = 0

    def bytes(self, count: int) -> bytes:
        out = b""
        while len(out) < count:
            out += hashlib.sha256(self._seed + self._counter.to_bytes(8, "big")).digest()
            self._counter += 1
        return out[:count]


def new_id(entropy: Entropy, unix_ms: int) -> UUID:
    """A version 7 UUID (RFC 9562 section 5.7): sorts by creation time, so indexes grow at one end."""
    random = int.from_bytes(entropy.bytes(10), "big")
    value = (unix_ms & (2**48 - 1)) << 80
    value |= 0x7 << 76 | (random >> 62 & 0xFFF) << 64
    value |= 0b10 << 62 | random & (2**62 - 1)
    return UUID(int=value)


def new_token(entropy: Entropy) -> str:
    """A URL-safe secret of 128 bits, 22 characters."""
    return _text(entropy.bytes(TOKEN_BYTES))


def derived_token(secret: bytes, purpose: str, subject: str) -> str:
    """The token of one subject for one purpose: can be written again in a later mail, is stored nowhere.

    HMAC-SHA-256 cut to 128 bits; only its `token_hash` stands in the database.
    """
    return _text(hmac.digest(secret, f"{purpose}\0{subject}".encode(), "sha256")[:TOKEN_BYTES])


def token_hash(token: str) -> str:
    """What is stored of a token. A plain hash suffices: 128 random bits cannot be searched."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
