"""How much a search may do. Steps decide the result; the clock only hurries a machine that is too slow."""

from math import inf
from time import monotonic

from msgspec import Struct, field


class Budget(Struct, frozen=True):
    """`deadline` is on the monotonic clock."""

    steps: int
    seed: int = 0
    deadline: float = inf
    started: float = field(default_factory=monotonic)

    def spent(self, steps: int) -> float:
        """The part of the budget that is used up, 1 and more when it ends.

        Where the clock is ahead of the steps it counts, so that annealing cools down in time.
        """
        clock = (monotonic() - self.started) / max(self.deadline - self.started, 1e-9)
        return max(steps / self.steps if self.steps else 1.0, clock)
