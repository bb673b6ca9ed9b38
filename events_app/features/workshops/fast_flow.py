"""The flow of `network.py` with OR-tools (`convive[solvers]`), for thousands of people.

Only for worker processes: importing this module loads OR-tools. It computes with 64 bits and multiplies
costs by the number of nodes, so the weights are the least that tell any two optima apart: an improving
cycle passes each workshop at most once, and so exchanges at most one seat more than there are workshops.
The prices of the certificate come from one shortest-path pass over the residual network with the full
weights. Arcs are added one by one: loading numpy, to add them all at once, would take longer.
"""

import time

from msgspec.structs import replace
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from events_app.features.workshops.assignment import answer
from events_app.features.workshops.counting import total_cost
from events_app.features.workshops.draw import drawn_order
from events_app.features.workshops.objectives import TOP, CostModel, cost_model
from events_app.features.workshops.problem import UNPLACED, Objective, Placement, PlacementProblem
from events_app.features.workshops.proof import Prices

Places = tuple[tuple[int, ...], ...]
Option = tuple[int, int]
"""(workshop, rank from 0)."""

_MOST_SCALED_COST = 2**61


def solve(problem: PlacementProblem, objective: Objective, seed: int) -> Placement | None:
    """A proven placement with its certificate; None where this flow cannot say: minimums are not met,
    or the weights are beyond 64 bits."""
    started = time.perf_counter()
    order = drawn_order(problem.people, seed)
    flow = FastFlow(problem, objective, order)
    places = flow.places()
    if places is None:
        return None
    model = cost_model(problem, objective, order)
    prices = flow.prices(model)
    if prices is None:
        return None
    cost = total_cost(problem, model, places)
    placement = answer(problem, model, objective, seed, places, cost, time.perf_counter() - started)
    return replace(placement, certificate=prices)


def best_places(problem: PlacementProblem, objective: Objective, seed: int) -> Places | None:
    """As `solve`, without the proof."""
    return FastFlow(problem, objective, drawn_order(problem.people, seed)).places()


class FastFlow:
    """One problem that `large.fits`; `held[p]` is what the cheapest flow gives each person, if it exists."""

    def __init__(self, problem: PlacementProblem, objective: Objective, order: tuple[int, ...]) -> None:
        self.problem = problem
        self.outside = problem.workshops
        self.locked = {lock.person: lock.workshop for lock in problem.locks}
        self.seats = [
            sum(problem.seats(w, s) for s in range(problem.slots)) for w in range(problem.workshops)
        ]
        for workshop in self.locked.values():
            self.seats[workshop] -= 1
        barred = {(person, workshop) for person, workshop, _ in problem.barred}
        self.options: list[list[Option]] = [
            []
            if p in self.locked
            else [(w, r) for w, r in problem.choices(p) if self.seats[w] > 0 and (p, w) not in barred]
            for p in range(problem.people)
        ]
        narrow = cost_model(problem, objective, order, exchanged=problem.workshops + 1)
        self.held = self._solved(narrow)

    def _solved(self, model: CostModel) -> list[list[Option]] | None:
        """None: the weights are beyond 64 bits, or there are more locks than seats.

        Nodes are the people, then once more the people for their top options (the first of which earns
        the bonus), then the workshops, then outside.
        """
        problem, people, bonus = self.problem, self.problem.people, model.top_bonus
        end = 2 * people + self.outside
        if max(model.unplaced, default=0) * (end + 2) > _MOST_SCALED_COST or min(self.seats, default=0) < 0:
            return None
        flow = SimpleMinCostFlow()
        add = flow.add_arc_with_capacity_and_unit_cost
        shared = bonus > 0 and problem.slots > 1
        alone = 0 if shared else bonus
        for person, options in enumerate(self.options):
            seat = model.seat[person]
            for workshop, rank in options:
                if rank < TOP:
                    tail = person + people if shared else person
                    add(tail, 2 * people + workshop, 1, seat[rank] - alone)
                else:
                    add(person, 2 * people + workshop, 1, seat[rank])
        going = 0
        for person, unplaced in enumerate(model.unplaced):
            if person in self.locked:
                continue
            add(person, end, problem.slots, unplaced)
            if shared:
                add(person, person + people, 1, -bonus)
                add(person, person + people, problem.slots - 1, 0)
            flow.set_node_supply(person, problem.slots)
            going += problem.slots
        for workshop, seats in enumerate(self.seats):
            add(2 * people + workshop, end, seats, 0)
        flow.set_node_supply(end, -going)
        if flow.solve() != flow.OPTIMAL:
            return None
        units = map(flow.flow, range(flow.num_arcs()))
        return [[option for option in options if next(units)] for options in self.options]

    def places(self) -> Places | None:
        """Who goes where and when; None where there was no flow or a minimum is not met."""
        if self.held is None:
            return None
        problem = self.problem
        rows = [[UNPLACED] * problem.slots for _ in range(problem.people)]
        for person, workshop in self.locked.items():
            rows[person][0] = workshop
        left = [[workshop for workshop, _ in options] for options in self.held]
        for slot in range(problem.slots):
            sizes = [0] * self.outside
            going = self._going(left, slot)
            if going is None:
                return None
            for person, workshop in going:
                rows[person][slot] = workshop
                left[person].remove(workshop)
            for row in rows:
                if row[slot] != UNPLACED:
                    sizes[row[slot]] += 1
            if any(0 < size < problem.least(workshop, slot) for workshop, size in enumerate(sizes)):
                return None
        return tuple(map(tuple, rows))

    def _going(self, left: list[list[int]], slot: int) -> list[tuple[int, int]] | None:
        """(person, workshop) in this slot, so that the later slots can hold what is left then.

        Whoever has as many workshops left as slots must go now. None: that cannot be.
        """
        problem, later = self.problem, self.problem.slots - slot - 1
        if later == 0:
            return [(person, workshop) for person, workshops in enumerate(left) for workshop in workshops]
        bounds = self._sizes(left, slot)
        people, end = problem.people, problem.people + self.outside
        must = 2 * sum(map(len, left)) + 1  # dearer than all else together
        flow = SimpleMinCostFlow()
        add = flow.add_arc_with_capacity_and_unit_cost
        pairs = [(person, workshop) for person, workshops in enumerate(left) for workshop in workshops]
        for person, workshop in pairs:
            cost = 0
            if problem.current and workshop in problem.current[person]:
                cost = (workshop in problem.current[person][slot + 1 :]) - (
                    problem.current[person][slot] == workshop
                )
            add(person, people + workshop, 1, cost)
        going = 0
        for person, workshops in enumerate(left):
            if workshops:
                add(person, end, 1, must if len(workshops) > later else 0)
                flow.set_node_supply(person, 1)
                going += 1
        for workshop, (low, high) in enumerate(bounds):
            if low > high:
                return None
            add(people + workshop, end, low, -must)
            add(people + workshop, end, high - low, 0)
        flow.set_node_supply(end, -going)
        if flow.solve() != flow.OPTIMAL:
            return None
        taken = [pair for arc, pair in enumerate(pairs) if flow.flow(arc)]
        sizes, gone = [0] * self.outside, set()
        for person, workshop in taken:
            sizes[workshop] += 1
            gone.add(person)
        stuck = any(len(workshops) > later and p not in gone for p, workshops in enumerate(left))
        short = any(size < low for size, (low, _) in zip(sizes, bounds, strict=True))
        return None if stuck or short else taken

    def _sizes(self, left: list[list[int]], slot: int) -> list[tuple[int, int]]:
        """The least and most of each workshop in this slot. Even sizes, unless people are there already:
        then staying matters more."""
        problem, later = self.problem, self.problem.slots - slot - 1
        degree = [0] * self.outside
        for workshops in left:
            for workshop in workshops:
                degree[workshop] += 1
        if not problem.current:
            return [(count // (later + 1), -(-count // (later + 1))) for count in degree]
        bounds = []
        for workshop, count in enumerate(degree):
            seats = problem.seats(workshop, slot)
            least = problem.least(workshop, slot) if count else 0
            bounds.append((max(least, count - seats * later), min(seats, count - least * later)))
        return bounds

    def prices(self, model: CostModel) -> Prices | None:
        """What a seat in each session costs beyond the wishes; None where the flow is not the cheapest."""
        if self.held is None:
            return None
        arcs = self._exchanges(self.held, model)
        load = [0] * self.outside
        for held in self.held:
            for workshop, _ in held:
                load[workshop] += 1
        arcs += [(w, self.outside, 0) for w, size in enumerate(load) if size < self.seats[w]]
        arcs += [(self.outside, w, 0) for w, size in enumerate(load) if size > 0]
        distance = [0] * (self.outside + 1)
        for _ in range(self.outside + 2):
            changed = False
            for tail, head, cost in arcs:
                if distance[tail] + cost < distance[head]:
                    distance[head] = distance[tail] + cost
                    changed = True
            if not changed:
                seats = [max(distance[self.outside] - at, 0) for at in distance[: self.outside]]
                return Prices(tuple((price,) * self.problem.slots for price in seats))
        return None  # a cycle that costs less than nothing

    def _exchanges(self, held: list[list[Option]], model: CostModel) -> list[tuple[int, int, int]]:
        """(place, other place, least that it costs any one person to go from the one to the other)."""
        outside, bonus = self.outside, model.top_bonus
        least: list[dict[int, int]] = [{} for _ in range(outside + 1)]
        for person, mine in enumerate(held):
            if person in self.locked:
                continue
            seat, nothing = model.seat[person], (outside, model.unplaced[person], False)
            others = [(w, seat[r], r < TOP) for w, r in self.options[person] if (w, r) not in mine]
            others.append(nothing)
            tops = sum(rank < TOP for _, rank in mine)
            given = [(w, seat[r], r < TOP) for w, r in mine]
            if len(mine) < self.problem.slots:
                given.append(nothing)
            for place, paid, top in given:
                from_here = least[place]
                paid -= bonus if tops else 0
                kept = bonus if tops > top else 0
                for other, price, gains in others:
                    cost = price - paid - (bonus if gains else kept)
                    if other not in from_here or cost < from_here[other]:
                        from_here[other] = cost
        return [(place, other, cost) for place, row in enumerate(least) for other, cost in row.items()]
