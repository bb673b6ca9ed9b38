"""What each person may be given: wishes, less what is barred or locked."""

from events_app.matching.workshops.problem import PlacementProblem


class Choices:
    """For each person: locked places by slot, and the open slots of each workshop they may be given."""

    def __init__(self, problem: PlacementProblem) -> None:
        self.locked: dict[int, dict[int, int]] = {}
        self.possible = True
        """False where locks contradict each other."""
        self._barred = set(problem.barred)
        group_of = {person: group for group in problem.groups() for person in group}
        for lock in problem.locks:
            for person in group_of[lock.person]:
                row = self.locked.setdefault(person, {})
                if row.setdefault(lock.slot, lock.workshop) != lock.workshop:
                    self.possible = False
        for person, row in self.locked.items():
            seats = {(person, workshop, slot) for slot, workshop in row.items()}
            sessions = {(workshop, slot) for slot, workshop in row.items()}
            clash = any(sessions.issuperset(pair) for pair in problem.clashes)
            if len(set(row.values())) < len(row) or seats & self._barred or clash:
                self.possible = False
        self.ranked = [[w for w, _ in problem.choices(person)] for person in range(problem.people)]
        self.slots: list[dict[int, tuple[int, ...]]] = []
        for person in range(problem.people):
            self.slots.append(self._open(problem, person, group_of[person]))

    def _open(
        self, problem: PlacementProblem, person: int, group: tuple[int, ...]
    ) -> dict[int, tuple[int, ...]]:
        locked = self.locked.get(person, {})
        blocked = {
            other
            for pair in problem.clashes
            for one, other in (pair, pair[::-1])
            if locked.get(one[1]) == one[0]
        }
        found = {}
        for workshop in self.ranked[person]:
            if workshop in locked.values() or not all(workshop in self.ranked[one] for one in group):
                continue
            slots = tuple(
                slot
                for slot in range(problem.slots)
                if slot not in locked
                and problem.seats(workshop, slot) > 0
                and (workshop, slot) not in blocked
                and not (self._barred and any((one, workshop, slot) in self._barred for one in group))
            )
            if slots:
                found[workshop] = slots
        return found
