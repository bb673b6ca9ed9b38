"""Who could go from one place to another most cheaply: heaps whose outdated entries are passed over."""

from collections.abc import Iterator
from heapq import heappop, heappush

Step = tuple[int, int, int]
"""(person, option given up, option taken), or (-1, arc, +1 or -1)."""


class Trades:
    """For each pair of places the trades of people, the cheapest first."""

    def __init__(self, places: int) -> None:
        self._version: list[int] = []
        self._heaps: list[dict[int, list[tuple[int, int, int, int, int]]]] = [{} for _ in range(places)]

    def copy(self) -> "Trades":
        """An independent state."""
        other = Trades(0)
        other._version = list(self._version)
        other._heaps = [{there: list(heap) for there, heap in row.items()} for row in self._heaps]
        return other

    def add_person(self) -> None:
        self._version.append(0)

    def renew(self, person: int) -> None:
        """What this person could do before is void."""
        self._version[person] += 1

    def enter(self, here: int, there: int, cost: int, step: Step) -> None:
        person, out, into = step
        entry = (cost, person, self._version[person], out, into)
        row = self._heaps[here]
        heap = row.get(there)
        if heap is None:
            row[there] = [entry]
        else:
            heappush(heap, entry)

    def leaving(self, here: int) -> Iterator[tuple[int, int, Step]]:
        """Where the person who can leave most cheaply would go, for each place: (place, cost, step)."""
        version = self._version
        for there, heap in self._heaps[here].items():
            while heap:
                cost, person, entered, out, into = heap[0]
                if version[person] == entered:
                    yield there, cost, (person, out, into)
                    break
                heappop(heap)
