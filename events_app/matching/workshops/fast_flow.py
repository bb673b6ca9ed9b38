"""The flow of `network.py` with OR-tools (`convive[solvers]`), for thousands of people.

Only for worker processes: importing this module loads OR-tools. It computes with 64 bits and multiplies
costs by the number of nodes, so the weights are the least that tell any two optima apart: an improving
cycle passes each workshop at most once, and so exchanges at most one seat more than there are workshops.
Where even these are too large, there are several flows (`stages`). The prices of the certificate come from
one shortest-path pass over the residual network with the full weights.
"""

import time

from msgspec.structs import replace
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from events_app.matching.workshops import fast_slots
from events_app.matching.workshops.assignment import answer
from events_app.matching.workshops.counting import total_cost
from events_app.matching.workshops.draw import drawn_order
from events_app.matching.workshops.objectives import CostModel, cost_model
from events_app.matching.workshops.person_arcs import Option, PersonArcs
from events_app.matching.workshops.problem import Objective, Placement, PlacementProblem
from events_app.matching.workshops.proof import Prices
from events_app.matching.workshops.residual import leanings, potentials
from events_app.matching.workshops.stages import stages

Places = tuple[tuple[int, ...], ...]

MOST_SCALED_COST = 2**61


def solve(problem: PlacementProblem, objective: Objective, seed: int) -> Placement | None:
    """A proven placement with its certificate; None where this flow cannot say: minimums are not met,
    or there are criteria that 64 bits cannot hold even one by one."""
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
        self.locked = {lock.person: lock.workshop for lock in problem.locks}
        self.seats = [
            sum(problem.seats(w, s) for s in range(problem.slots)) for w in range(problem.workshops)
        ]
        for workshop in self.locked.values():
            self.seats[workshop] -= 1
        barred = {(person, workshop) for person, workshop, _ in problem.barred}
        options: list[list[Option]] = [
            []
            if p in self.locked
            else [(w, r) for w, r in problem.choices(p) if self.seats[w] > 0 and (p, w) not in barred]
            for p in range(problem.people)
        ]
        narrow = cost_model(problem, objective, order, exchanged=problem.workshops + 1)
        self.net = PersonArcs(options, self.seats, problem.slots, set(self.locked), narrow.top_bonus > 0)
        self.units: list[int] | None = None
        if min(self.seats, default=0) >= 0:
            self.units = self._by_stages(narrow)

    def _by_stages(self, model: CostModel) -> list[int] | None:
        """The units on each arc, by as many flows as 64 bits need: mostly one."""
        parts = stages(model, self.problem.workshops + 2, MOST_SCALED_COST // (self.net.end + 2))
        units = None
        lean = [0] * len(self.net.arcs)
        for number, part in enumerate(parts):
            costs = self.net.costs(part.model)
            if number > 0:
                costs = [cost + part.outweighs * way for cost, way in zip(costs, lean, strict=True)]
            units = self._cheapest(costs)
            if units is None:
                return None
            if number + 1 < len(parts):
                price = potentials(self.net, costs, units)
                more = None if price is None else leanings(self.net, costs, units, price)
                if more is None:
                    return None
                lean = more
        return units

    def _cheapest(self, costs: list[int]) -> list[int] | None:
        # One by one: loading numpy, to add them all at once, would take longer.
        flow = SimpleMinCostFlow()
        add = flow.add_arc_with_capacity_and_unit_cost
        for (tail, head, capacity), cost in zip(self.net.arcs, costs, strict=True):
            add(tail, head, capacity, cost)
        for person, _, _ in self.net.spans:
            flow.set_node_supply(person, self.problem.slots)
        flow.set_node_supply(self.net.end, -self.problem.slots * len(self.net.spans))
        if flow.solve() != flow.OPTIMAL:
            return None
        return list(map(flow.flow, range(flow.num_arcs())))

    def places(self) -> Places | None:
        """Who goes where and when; None where there was no flow or a minimum is not met."""
        if self.units is None:
            return None
        return fast_slots.places(self.problem, self.locked, self.net.held(self.units))

    def prices(self, model: CostModel) -> Prices | None:
        """What a seat in each session costs beyond the wishes; None where the flow is not the cheapest."""
        if self.units is None:
            return None
        price = potentials(self.net, self.net.costs(model), self.units)
        if price is None:
            return None
        seats = [max(one, 0) for one in price[: self.problem.workshops]]
        return Prices(tuple((one,) * self.problem.slots for one in seats))
