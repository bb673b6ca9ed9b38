"""Who goes to which workshop: the only entry.

    placement = place(PlacementProblem(wishes=..., capacity=..., minimum=...), Objective.GUARANTEE, seed=2018)

gives the best placement with a certificate, or raises `InvalidProblem`, `Infeasible`, `OutOfTime` or
`Cancelled`.

Slots that share nothing are placed apart. The exact flow sees wishes and places, its branch and bound the
minimums; where that ends at a rule which a flow does not see, HiGHS goes on with all of them.
"""

import time
from collections.abc import Callable
from threading import Event

from msgspec import Struct
from msgspec.structs import replace

from events_app.matching import highs
from events_app.matching.workshops.apart import apart, only
from events_app.matching.workshops.certificate import Refused, check_places, price_bound
from events_app.matching.workshops.conflict import conflict
from events_app.matching.workshops.counting import Places, rank_counts, total_cost
from events_app.matching.workshops.draw import drawn_order
from events_app.matching.workshops.even import evened
from events_app.matching.workshops.exchange import exchanged
from events_app.matching.workshops.minimums import Found, Search, allowed
from events_app.matching.workshops.model import Model, alike
from events_app.matching.workshops.network import Network
from events_app.matching.workshops.objectives import CostModel, cost_model
from events_app.matching.workshops.problem import (
    Cancelled,
    InvalidProblem,
    Objective,
    OutOfTime,
    Placement,
    PlacementProblem,
)
from events_app.matching.workshops.proof import Apart, Bounding, Proof, Word
from events_app.matching.workshops.serial import by_turns
from events_app.matching.workshops.validation import validate

SOLVER = "HiGHS"

SPREADING_SECONDS = 3.0
"""So long chosen workshops are spread over the slots; mostly it takes a tenth of a second."""

NEAR = 2
"""At first within so many people of the sizes that the choice was made for."""

CONFLICT_SECONDS = 5.0
"""So long a conflict is made smaller, whatever time is left."""

Progress = Callable[[float, tuple[int, ...] | None, tuple[int, ...] | None], None]


def quiet(_share: float, _value: tuple[int, ...] | None, _bound: tuple[int, ...] | None) -> None:
    """Progress that nobody watches."""


def place(
    problem: PlacementProblem,
    objective: Objective = Objective.GUARANTEE,
    *,
    seed: int = 0,
    time_limit: float = 60.0,
    progress: Progress = quiet,
    cancel: Event | None = None,
    start: Places | None = None,
) -> Placement:
    """The best placement by `objective`; people who are equal to it are told apart by the draw of `seed`.

    After `time_limit` seconds the best found is returned, `proven` False and with its `bound`.
    `progress(share of the seats looked at, best value so far, bound)` is called now and then, from this
    thread; `cancel` ends the work from any other. `start`: allowed places known already. What is returned
    keeps every rule.
    """
    validate(problem)
    order = drawn_order(problem.people, seed)
    model = cost_model(problem, objective, order)
    task = Task(problem, model, order, seed, time.perf_counter(), time_limit, progress, cancel or Event())
    if objective == Objective.DRAW:
        return _answer(
            task, objective, _by_the_draw(problem, order), None, model.folded([0] * len(model.names))
        )
    parts = apart(problem, model)
    tally = _Tally(task, len(parts))
    found = []
    for number, slots in enumerate(parts):
        rows = start and tuple(tuple(row[slot] for slot in slots) for row in start)
        part = _Part(task, only(problem, slots), rows, lambda *news, n=number: tally.hear(n, *news))
        found.append(part.run())
        tally.hear(number, 1.0, found[-1].cost, found[-1].bound)
    rows_of = [[-1] * problem.slots for _ in range(problem.people)]
    for slots, part_found in zip(parts, found, strict=True):
        for row, placed in zip(rows_of, part_found.places, strict=True):
            for slot, workshop in zip(slots, placed, strict=True):
                row[slot] = workshop
    places = evened(problem, tuple(map(tuple, rows_of)))
    proof = found[0].proof if len(found) == 1 else Apart(tuple(parts), tuple(one.proof for one in found))
    return _answer(task, objective, places, proof, model.constant + sum(one.bound for one in found))


class Task(Struct, frozen=True):
    """What is to be solved, since when and how long, and who listens."""

    problem: PlacementProblem
    model: CostModel
    order: tuple[int, ...]
    seed: int
    started: float
    seconds: float
    progress: Progress
    cancel: Event

    def left(self) -> float:
        return self.started + self.seconds - time.perf_counter()

    def stopped(self) -> bool:
        """Time is up. Raises `Cancelled`."""
        if self.cancel.is_set():
            raise Cancelled
        return self.left() <= 0


class _Tally:
    """Progress of all parts together, in criteria."""

    def __init__(self, task: Task, parts: int) -> None:
        self.task = task
        self.shares = [0.0] * parts
        self.costs: list[int | None] = [None] * parts
        self.bounds: list[int | None] = [None] * parts

    def hear(self, part: int, share: float, cost: int | None, bound: int | None) -> None:
        self.shares[part], self.costs[part] = share, cost
        self.bounds[part] = self.bounds[part] if bound is None else bound
        self.task.progress(sum(self.shares) / len(self.shares), self._sum(self.costs), self._sum(self.bounds))

    def _sum(self, numbers: list[int | None]) -> tuple[int, ...] | None:
        known = [number for number in numbers if number is not None]
        model = self.task.model
        return model.criteria(model.constant + sum(known)) if len(known) == len(numbers) else None


class _PartFound(Struct, frozen=True):
    """Costs and bounds without the model's constant."""

    places: Places
    cost: int
    bound: int
    proof: Bounding | Word


class _Part:
    """Slots that belong together."""

    def __init__(
        self,
        task: Task,
        problem: PlacementProblem,
        start: Places | None,
        hear: Callable[[float, int | None, int | None], None],
    ) -> None:
        self.task, self.problem, self.start, self.hear = task, problem, start, hear

    def run(self) -> _PartFound:
        found = self._by_flow()
        if found is not None and found.impossible:
            raise self._infeasible()
        if found is not None and found.places is not None and found.bound >= found.cost:
            return _PartFound(found.places, found.cost, found.bound, found.proof)
        return self._by_model(found)

    def _by_flow(self) -> Found | None:
        """None where not even its bound holds: several parts of the programme, each ranked apart."""
        problem, task = self.problem, self.task
        parts = {problem.part(workshop) for workshop, _ in problem.sessions()}
        parts |= {problem.slot_part(slot) for slot in range(problem.slots)}
        if len(parts) > 1 and (task.model.top_bonus or task.model.named):
            return None
        network = Network(problem, task.model, task.order)
        seats = max(problem.people * problem.slots, 1)
        network.seat_everybody(task.stopped, lambda done: self.hear(done / seats, None, None))
        if not network.complete:
            prices = network.prices()
            bound = price_bound(problem, task.model, prices) or 0
            return Found(None, network.beyond, bound, prices, impossible=False)
        possible = network.possible and network.run_locked()
        search = Search(network, possible, lambda cost, bound: self.hear(1.0, cost, bound))
        return search.run(task.stopped)

    def _by_model(self, found: Found | None) -> _PartFound:
        problem, task = self.problem, self.task
        model = Model(problem, task.model)
        start = self._start(model, found)
        lowest = (-(10**18),) * len(task.model.names)
        if found is not None:
            lowest = task.model.shares(found.bound)
        if start is not None:
            self.hear(1.0, model.cost_of(start), None)
        if task.left() > 0 and alike(problem):
            start, lowest = self._slots_aside(model, start, lowest)
        closed = start is not None and model.value_of(start) == lowest
        if closed or task.left() <= 0:
            return self._best(model, start, lowest, found)
        solved = self._solve(model, start, lowest)
        if solved.impossible:
            raise self._infeasible()
        places = None if solved.point is None else model.places(solved.point)
        return self._best(model, places, solved.bound, found)

    def _solve(self, model: Model, start: Places | None, lowest: tuple[int, ...]) -> highs.Solved:
        task = self.task

        def improved(point: list[int] | None, bound: tuple[int, ...]) -> None:
            known = None if point is None or model.summed else task.model.folded(model.value(point))
            self.hear(1.0, known, task.model.folded(bound))

        solved = highs.solve(
            model,
            None if start is None else model.point(start),
            lowest,
            seed=task.seed,
            time_left=task.left,
            improved=improved,
            stopped=task.cancel.is_set,
        )
        if task.cancel.is_set():
            raise Cancelled
        return solved

    def _slots_aside(
        self, model: Model, start: Places | None, lowest: tuple[int, ...]
    ) -> tuple[Places | None, tuple[int, ...]]:
        """Better places and a better bound by choosing the workshops first, then when each goes where."""
        problem, task = self.problem, self.task
        summed = Model(problem, task.model, summed=True)
        solved = self._solve(summed, start, lowest)
        if solved.point is None or task.left() <= 0:
            return start, solved.bound
        chosen = summed.chosen(solved.point)
        only_chosen = replace(problem, wishes=chosen, anywhere=frozenset(), parts=())
        known = [start]
        for most in (NEAR, problem.people):
            spreading = Model(only_chosen, cost_model(only_chosen, Objective.SQUARES, task.order))
            spreading.near(summed, solved.point, most)
            solver = highs.Solver(spreading, seed=task.seed, stopped=task.cancel.is_set)
            seconds = min(task.left() / 3, SPREADING_SECONDS)
            point, _, _ = solver.minimise(dict.fromkeys(spreading.seat.values(), -1), seconds)
            if point is not None:
                known.append(spreading.places(point))
                if sum(point[column] for column in spreading.seat.values()) == sum(map(len, chosen)):
                    break
        usable = [places for places in known if places is not None and allowed(problem, places)]
        return min(usable, key=model.cost_of, default=None), solved.bound

    def _start(self, model: Model, found: Found | None) -> Places | None:
        """The cheapest allowed places that are known: those given, the search's, or by the draw."""
        known = [self.start, found.places if found else None]
        if not self.problem.kept:
            known.append(by_turns(self.problem, self.task.order))
        usable = [places for places in known if places is not None and allowed(self.problem, places)]
        return min(usable, key=model.cost_of, default=None)

    def _best(
        self, model: Model, places: Places | None, bound: tuple[int, ...], found: Found | None
    ) -> _PartFound:
        if places is None:
            raise OutOfTime
        places = exchanged(self.problem, self.task.model, places)
        cost = model.cost_of(places)
        timed_out = bound != model.value_of(places)
        if found is not None and timed_out and bound <= self.task.model.shares(found.bound):
            return _PartFound(places, cost, min(found.bound, cost), found.proof)
        word = Word(SOLVER, bound)
        return _PartFound(places, cost, min(self.task.model.folded(bound), cost), word)

    def _infeasible(self) -> Exception:
        task = self.task
        return conflict(task.problem, max(task.left(), CONFLICT_SECONDS), task.cancel.is_set)


def _by_the_draw(problem: PlacementProblem, order: tuple[int, ...]) -> Places:
    places = by_turns(problem, order)
    try:
        check_places(problem, places)
    except Refused as error:
        raise InvalidProblem("objective", f"the draw alone cannot keep the rules ({error})") from error
    return places


def _answer(task: Task, objective: Objective, places: Places, proof: Proof | None, bound: int) -> Placement:
    """Places with all that is counted about them."""
    problem, model = task.problem, task.model
    check_places(problem, places)
    counts, unplaced, unranked = rank_counts(problem, places)
    total = total_cost(problem, model, places)
    value = model.criteria(total)
    word = any(isinstance(one, Word) for one in (proof.proofs if isinstance(proof, Apart) else (proof,)))
    known = value if proof is None else min(model.criteria(bound), value)
    return Placement(
        places=places,
        rank_counts=counts,
        unplaced=unplaced,
        unranked=unranked,
        objective=objective,
        seed=task.seed,
        criteria=model.names,
        value=value,
        bound=known,
        proven=known == value and (word or proof is None or bound >= total),
        certificate=proof,
        seconds=time.perf_counter() - task.started,
        closed_by=SOLVER if word else "",
    )
