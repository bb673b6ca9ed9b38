"""Checks that a placement obeys every rule and that none can be better. Knows nothing of any solver.

The bound is Lagrangian: give each session a price per seat, let every person take what is cheapest
for them alone, and take the value of the seats off again. Whatever the prices, no placement can cost
less than that; for the right prices the bound is the cost (Geoffrion 1974). A `Split` adds a case
distinction, each case with prices of its own; `Apart` adds up bounds over slots. A `Word` is believed, and
the placement has to say whose it is.
"""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from events_app.matching.workshops.apart import only
from events_app.matching.workshops.counting import rank_counts, total_cost
from events_app.matching.workshops.draw import drawn_order
from events_app.matching.workshops.objectives import TOP, CostModel, cost_model
from events_app.matching.workshops.problem import UNPLACED, Objective, Placement, PlacementProblem, Session
from events_app.matching.workshops.proof import Apart, Bounding, Prices, Proof, Split, Word
from events_app.matching.workshops.rules import clashing, members, unbalanced
from events_app.matching.workshops.serial import by_turns

Places = Sequence[Sequence[int]]


class Refused(ValueError):
    """The placement or its certificate is wrong; the message says where, for engineers."""


def check(problem: PlacementProblem, placement: Placement) -> None:
    """Raise `Refused` unless the placement is allowed, its value right and its certificate shows its bound.

    Where `closed_by` names a solver, the places, rules and values are checked, and the solver is believed
    that nothing is better. A draw is replayed.
    """
    check_places(problem, placement.places)
    counts, unplaced, unranked = rank_counts(problem, placement.places)
    if (counts, unplaced, unranked) != (placement.rank_counts, placement.unplaced, placement.unranked):
        raise Refused("rank_counts: do not agree with the places")
    order = drawn_order(problem.people, placement.seed)
    model = cost_model(problem, placement.objective, order)
    total = total_cost(problem, model, placement.places)
    if model.criteria(total) != placement.value:
        raise Refused("value: does not agree with the places")
    if placement.proven and placement.bound != placement.value:
        raise Refused("bound: proven, and still not the value")
    if placement.objective == Objective.DRAW:
        if placement.places != by_turns(problem, order):
            raise Refused("places: not what the draw gives")
    elif placement.certificate is None:
        raise Refused("certificate: there is none")
    else:
        _check_bound(problem, model, placement, total)


def _check_bound(problem: PlacementProblem, model: CostModel, placement: Placement, total: int) -> None:
    """Prices prove the draw at the end too, a word the criteria alone."""
    assert placement.certificate is not None  # noqa: S101 - looked at above
    if words(placement.certificate) != ({placement.closed_by} if placement.closed_by else set()):
        raise Refused("closed_by: does not say whose word is taken")
    lower = proven_bound(problem, model, placement.certificate)
    if lower is None:
        raise Refused("certificate: would prove that there is no placement")
    whole = placement.proven and not placement.closed_by
    if lower < total if whole else model.criteria(lower) < placement.bound:
        raise Refused(f"certificate: proves {lower}, which is less than {total}")


def words(proof: Proof) -> set[str]:
    """Who has to be believed."""
    of = proof.proofs if isinstance(proof, Apart) else (proof,)
    return {one.by for one in of if isinstance(one, Word)}


def check_places(problem: PlacementProblem, places: Places) -> None:
    """Raise `Refused` unless every rule of the problem holds."""
    if [len(row) for row in places] != [problem.slots] * problem.people:
        raise Refused("places: one workshop for each person and slot is needed")
    for lock in problem.locks:
        if places[lock.person][lock.slot] != lock.workshop:
            raise Refused(f"places[{lock.person}][{lock.slot}]: locked to {lock.workshop}")
    by_hand = {(lock.person, lock.slot) for lock in problem.locks}
    for person, workshop, slot in problem.barred:
        if places[person][slot] == workshop:
            raise Refused(f"places[{person}][{slot}]: barred from {workshop}")
    for person, slot in sorted(problem.kept):
        if places[person][slot] == UNPLACED:
            raise Refused(f"places[{person}][{slot}]: without the place to be kept")
    for group in problem.groups():
        if any(tuple(places[person]) != tuple(places[group[0]]) for person in group):
            raise Refused(f"places[{group[0]}]: apart from their companions")
        locked = {slot for person, slot in by_hand if person in group} if by_hand else set()
        for person in group:
            _check_row(problem, person, places[person], locked)
    _check_sessions(problem, places)


def _check_sessions(problem: PlacementProblem, places: Places) -> None:
    for session, people in members(places).items():
        size = len(people)
        if size > problem.capacity[session[0]][session[1]]:
            raise Refused(f"session {session}: {size} people, too many")
        if size < problem.least(*session):
            raise Refused(f"session {session}: {size} people, below the minimum")
        broken = unbalanced(problem, session, people)
        if broken is not None:
            raise Refused(f"session {session}: {broken[0].kind} is not kept")


def _check_row(problem: PlacementProblem, person: int, row: Sequence[int], by_hand: set[int]) -> None:
    seated = [workshop for workshop in row if workshop != UNPLACED]
    if len(set(seated)) < len(seated):
        raise Refused(f"places[{person}]: the same workshop twice")
    for slot, workshop in enumerate(row):
        wished = person in problem.anywhere or workshop in problem.wishes[person]
        if workshop != UNPLACED and slot not in by_hand and not wished:
            raise Refused(f"places[{person}][{slot}]: not wished for")
    for _, pair in clashing(problem, row):
        raise Refused(f"places[{person}]: both of {pair}")


class Case(Struct, frozen=True):
    """What a branch of the proof supposes."""

    closed: frozenset[Session] = frozenset()
    running: frozenset[Session] = frozenset()


def proven_bound(problem: PlacementProblem, model: CostModel, proof: Proof) -> int | None:
    """A number that no allowed placement can cost less than; None when there is no placement."""
    if isinstance(proof, Word):
        return _word(model, proof) + model.constant
    if not isinstance(proof, Apart):
        bound = _bound(problem, model, proof)
        return None if bound is None else bound + model.constant
    if sorted(slot for slots in proof.slots for slot in slots) != list(range(problem.slots)):
        raise Refused("certificate: a slot is missing, or there twice")
    total = model.constant
    for slots, part in zip(proof.slots, proof.proofs, strict=True):
        bound = _word(model, part) if isinstance(part, Word) else _bound(only(problem, slots), model, part)
        if bound is None:
            return None
        total += bound
    return total


def _word(model: CostModel, word: Word) -> int:
    if len(word.bound) != len(model.names):
        raise Refused("certificate: another number of criteria")
    return model.folded(word.bound)


def _bound(problem: PlacementProblem, model: CostModel, proof: Bounding) -> int | None:
    """Without the model's constant."""
    lowest: int | None = None
    cases: list[tuple[Bounding, Case]] = [(proof, Case())]
    while cases:
        part, case = cases.pop()
        if isinstance(part, Split):
            session = frozenset({(part.workshop, part.slot)})
            cases.append((part.closed, replace(case, closed=case.closed | session)))
            cases.append((part.running, replace(case, running=case.running | session)))
        else:
            bound = price_bound(problem, model, part, case)
            if bound is not None:
                lowest = bound if lowest is None else min(lowest, bound)
    return lowest


def price_bound(
    problem: PlacementProblem, model: CostModel, prices: Prices, case: Case = Case()
) -> int | None:
    """No placement within `case` costs less than this; None when there is none within it."""
    bound = 0
    running = case.running | {(lock.workshop, lock.slot) for lock in problem.locks}
    for session in problem.sessions():
        workshop, slot = session
        price = prices.seat[workshop][slot]
        if session in case.closed:
            if session in running:
                return None
        elif price >= 0:
            bound -= price * problem.seats(workshop, slot)
        elif session in running:
            bound -= price * problem.least(workshop, slot)
        else:
            raise Refused(f"certificate: a negative price for session {session}, which need not run")
    rows = _Rows(problem, model, prices, case)
    for group in problem.groups():
        cheapest = rows.cheapest(group)
        if cheapest is None:
            return None
        bound += cheapest
    return None if rows.contradict() else bound


class _Rows:
    """What groups may choose within a case, and what that costs them at the given prices."""

    def __init__(self, problem: PlacementProblem, model: CostModel, prices: Prices, case: Case) -> None:
        self.problem, self.model, self.prices, self.case = problem, model, prices, case
        self.locked: dict[int, dict[int, int]] = {}
        for lock in problem.locks:
            self.locked.setdefault(lock.person, {})[lock.slot] = lock.workshop
        self.barred = set(problem.barred)
        self.part_at = {part: at for at, part in enumerate(sorted(set(problem.parts) or {0}))}
        self.settled: dict[Session, set[int]] = {}

    def choices(self, group: tuple[int, ...], slot: int) -> list[tuple[int, int, int]]:
        """(cost, workshop, bits of (person, part) with a top wish there), cheapest first."""
        problem, model = self.problem, self.model
        locked = {self.locked[p][slot] for p in group if slot in self.locked.get(p, {})}
        settled = [UNPLACED] * problem.slots
        for person in group:
            for at, workshop in self.locked.get(person, {}).items():
                settled[at] = workshop
        found = []
        if not (locked or any((person, slot) in problem.kept for person in group)):
            part = problem.slot_part(slot)
            found.append((sum(model.unplaced(p, part) for p in group), UNPLACED, 0))
        ranks = [dict(problem.choices(person)) for person in group]
        for workshop in locked or set.intersection(*(set(rank) for rank in ranks)):
            if len(locked) > 1 or not self._open(group, workshop, slot):
                continue
            row = (*settled[:slot], workshop, *settled[slot + 1 :])
            if row.count(workshop) > 1 or any(True for _ in clashing(problem, row)):
                continue
            cost, tops = len(group) * self.prices.seat[workshop][slot], 0
            for at, person in enumerate(group):
                rank = ranks[at].get(workshop) or problem.rank(person, workshop)
                cost += model.seat(person, workshop, rank)
                bit = at * len(self.part_at) + self.part_at[problem.part(workshop)]
                tops |= (rank <= TOP and not model.always_served(person, problem.part(workshop))) << bit
            found.append((cost, workshop, tops))
            if locked:
                self.settled.setdefault((workshop, slot), set()).update(group)
        return sorted(found)

    def _open(self, group: tuple[int, ...], workshop: int, slot: int) -> bool:
        if (workshop, slot) in self.case.closed or self.problem.seats(workshop, slot) == 0:
            return False
        return not (self.barred and any((p, workshop, slot) in self.barred for p in group))

    def cheapest(self, group: tuple[int, ...]) -> int | None:
        """The least that the group alone would pay, over all ways to fill its slots; None: no way."""
        choices = [self.choices(group, slot) for slot in range(self.problem.slots)]
        if not all(choices):
            return None
        bonus, best = self.model.top_bonus, None
        # Without any rule the rest costs at least each slot's cheapest choice, less a bonus for each choice.
        rest = [0] * (len(choices) + 1)
        for slot in range(len(choices) - 1, -1, -1):
            rest[slot] = rest[slot + 1] + choices[slot][0][0]
        most = bonus * len(group) * len(self.part_at)
        stack: list[tuple[int, tuple[int, ...], int]] = [(0, (), 0)]
        while stack:
            cost, row, tops = stack.pop()
            missing = most - bonus * tops.bit_count()
            if best is not None and cost + rest[len(row)] - missing >= best:
                continue
            if len(row) == len(choices):
                best = cost
                continue
            for more, workshop, gained in reversed(choices[len(row)]):
                longer = (*row, workshop)
                if workshop != UNPLACED and (workshop in row or self._clashes(longer)):
                    continue
                stack.append((cost + more - bonus * (gained & ~tops).bit_count(), longer, tops | gained))
        return best

    def _clashes(self, row: tuple[int, ...]) -> bool:
        filled = (*row, *[UNPLACED] * (self.problem.slots - len(row)))
        return any(True for _ in clashing(self.problem, filled))

    def contradict(self) -> bool:
        """Whether more people are settled in a session than it has seats."""
        return any(len(people) > self.problem.seats(*session) for session, people in self.settled.items())
