"""The published draw: one seed, one order of people, the same on every machine."""

from functools import lru_cache
from hashlib import sha256


@lru_cache(maxsize=8)
def drawn_order(people: int, seed: int) -> tuple[int, ...]:
    """People in the order of the draw. Anyone can replay it: sort by SHA-256 of "seed:person"."""
    return tuple(sorted(range(people), key=lambda person: sha256(f"{seed}:{person}".encode()).digest()))
