"""How much a search may do. Steps decide the result; the clock only stops a machine that is too slow."""

from collections.abc import Callable

from msgspec import Struct


class Budget(Struct, frozen=True):
    steps: int
    seed: int
    late: Callable[[], bool] = lambda: False
