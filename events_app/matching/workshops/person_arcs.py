"""The arcs of a flow with people in it: person, top wishes of the person, workshops, outside."""

from collections.abc import Iterator, Sequence

from events_app.matching.workshops.objectives import TOP, CostModel

Option = tuple[int, int]
"""(workshop, rank from 0)."""


class PersonArcs:
    """Nodes are the people, then once more the people for their top options (the first of which earns the
    bonus), then the workshops, then outside (`end`).

    `arcs` are (tail, head, capacity); `spans` (person, first arc, arc after the last), those who are
    placed already left out; the arcs of the workshops come last, from `seats_from` on.
    """

    def __init__(
        self, options: list[list[Option]], seats: Sequence[int], slots: int, placed: set[int], bonus: bool
    ) -> None:
        self.people, self.options, self.slots = len(options), options, slots
        self.first = 2 * self.people
        self.end = self.first + len(seats)
        self.shared = bonus and slots > 1
        """With one slot the bonus is a part of the price of a top option."""
        self.arcs: list[tuple[int, int, int]] = []
        self.spans: list[tuple[int, int, int]] = []
        for person in range(self.people):
            if person not in placed:
                start = len(self.arcs)
                self.arcs.extend(self._of(person))
                self.spans.append((person, start, len(self.arcs)))
        self.seats_from = len(self.arcs)
        self.arcs.extend((self.first + workshop, self.end, most) for workshop, most in enumerate(seats))

    def _of(self, person: int) -> Iterator[tuple[int, int, int]]:
        top = person + self.people if self.shared else person
        for workshop, rank in self.options[person]:
            yield (top if rank < TOP else person), self.first + workshop, 1
        yield person, self.end, self.slots
        if self.shared:
            yield person, top, 1
            yield person, top, self.slots - 1

    def costs(self, model: CostModel) -> list[int]:
        """One a unit for each arc."""
        costs: list[int] = []
        alone = 0 if self.shared else model.top_bonus
        for person, _, _ in self.spans:
            seat = model.seat[person]
            costs += [seat[rank] - alone if rank < TOP else seat[rank] for _, rank in self.options[person]]
            costs.append(model.unplaced[person])
            if self.shared:
                costs += [-model.top_bonus, 0]
        return costs + [0] * (len(self.arcs) - self.seats_from)

    def held(self, units: Sequence[int]) -> list[list[int]]:
        """The workshops that each person gets."""
        held: list[list[int]] = [[] for _ in range(self.people)]
        for person, start, _ in self.spans:
            held[person] = [w for arc, (w, _) in enumerate(self.options[person], start) if units[arc]]
        return held
