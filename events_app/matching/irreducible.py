"""Which rules of a contradiction cannot be left out (deletion filter, Chinneck and Dravnieks 1991)."""

from collections.abc import Callable, Sequence
from typing import TypeVar

_Rule = TypeVar("_Rule")


def irreducible(
    rules: Sequence[_Rule], contradict: Callable[[Sequence[_Rule]], bool | None]
) -> tuple[tuple[_Rule, ...], bool]:
    """Rules that contradict each other still, and whether it is certain that none of them can be left out.

    `contradict` says whether nothing keeps some rules, None where that is not known. Many are left out at
    once first: of a thousand rules three are found in some dozens of questions.
    """
    left, size, certain = list(rules), max(len(rules) // 2, 1), True
    while True:
        at, before = 0, len(left)
        while at < len(left):
            rest = left[:at] + left[at + size :]
            answer = contradict(rest)
            if answer:
                left = rest
            else:
                at += size
                certain = certain and (answer is not None or size > 1)
        if size == 1:
            return tuple(left), certain
        size = size // 2 if len(left) == before else max(min(size // 2, len(left) // 2), 1)
