"""Many whole numbers side by side in one: Python adds and compares them all at once, word by word.

Each number has a lane of some bytes, whose highest bit is its sign (Lamport 1975, "Multiple byte processing
with full-word instructions"). For 200 lanes this is five to ten times faster than a list.
"""

from array import array
from collections.abc import Sequence

_TYPES = {array(code).itemsize: code for code in "HIQ"}
_DIGITS = b"0" + b"1" * 255


class Lanes:
    """`count` lanes of `size` bytes: sums must stay from -2**(8 * size - 1) to 2**(8 * size - 1) - 1."""

    def __init__(self, count: int, size: int) -> None:
        self.size = size
        self.bits = 8 * size
        self.ones = int.from_bytes((b"\1" + bytes(size - 1)) * count, "little")
        self._total = count * size
        self._signs = self.ones << self.bits - 1
        self._below = self._signs - self.ones

    @staticmethod
    def size_for(most: int) -> int:
        """The fewest bytes for numbers from -`most` to `most`, of those that are quick to pack."""
        size = most.bit_length() // 8 + 1
        return min((known for known in _TYPES if known >= size), default=size)

    def pack(self, numbers: Sequence[int]) -> int:
        """One integer for the numbers, none of them negative, the first in the lowest lane."""
        if self.size in _TYPES:
            return int.from_bytes(array(_TYPES[self.size], numbers).tobytes(), "little")
        return int.from_bytes(
            b"".join([number.to_bytes(self.size, "little") for number in numbers]), "little"
        )

    def zeros(self, packed: int) -> int:
        """A mask of the lanes that hold 0, after packed numbers were added and subtracted."""
        other = packed + self._signs ^ self._signs
        return self._mask(~((other & self._below) + self._below | other) & self._signs)

    def negatives(self, packed: int) -> int:
        """A mask of the lanes that hold less than 0."""
        below = ~(packed + self._signs) & self._signs
        return self._mask(below) if below else 0

    def _mask(self, signs: int) -> int:
        """One bit for each lane."""
        return int(signs.to_bytes(self._total, "big")[:: self.size].translate(_DIGITS), 2)
