"""Who goes to which workshop: the entry to the exact placement.

    placement = solve(PlacementProblem(wishes=..., capacity=..., minimum=...), Objective.GUARANTEE, seed=2018)

gives the best placement with a certificate, or raises `InvalidProblem` or `Infeasible`.
"""

import time
from collections.abc import Callable

from msgspec.structs import replace

from events_app.matching.workshops.certificate import Refused, check_places
from events_app.matching.workshops.conflicts import Conflict, conflict, locks_contradict, settle
from events_app.matching.workshops.counting import rank_counts, total_cost
from events_app.matching.workshops.draw import drawn_order
from events_app.matching.workshops.network import Network
from events_app.matching.workshops.objectives import CostModel, cost_model
from events_app.matching.workshops.problem import (
    Infeasible,
    InvalidProblem,
    Objective,
    OutOfTime,
    Placement,
    PlacementProblem,
)
from events_app.matching.workshops.search import Found, Places, Search
from events_app.matching.workshops.serial import by_turns
from events_app.matching.workshops.validation import validate

Progress = Callable[[float, tuple[int, ...] | None, tuple[int, ...] | None], None]


CONFLICT_SECONDS = 5.0
"""At most so long a smallest conflict is looked for; at least a second, if time is up."""


def quiet(_share: float, _value: tuple[int, ...] | None, _bound: tuple[int, ...] | None) -> None:
    """Progress that nobody watches."""


def solve(
    problem: PlacementProblem,
    objective: Objective = Objective.GUARANTEE,
    *,
    seed: int = 0,
    time_limit: float = 60.0,
    progress: Progress = quiet,
    clock: Callable[[], float] = time.perf_counter,
) -> Placement:
    """The best placement by `objective`; people who are equal to it are told apart by the draw of `seed`.

    The same problem, objective and seed give the same places on every machine, if time suffices.
    After `time_limit` seconds the best found is returned, `proven` False and with its `bound`.
    `progress(share of the seats looked at, best value so far, bound)` is called now and then; an
    exception that it raises ends the work. Raises `InvalidProblem`, or `Infeasible` when no
    placement can keep the locks.
    """
    started = clock()
    validate(problem)

    def left() -> float:
        return min(max(time_limit - (clock() - started), 1.0), CONFLICT_SECONDS)

    some = _some(problem, left(), clock, glance=True)
    order = drawn_order(problem.people, seed)
    model = cost_model(problem, objective, order)
    if objective == Objective.DRAW:
        drawn = _by_the_draw(problem, order)
        cost = total_cost(problem, model, drawn)
        return answer(problem, model, objective, seed, drawn, cost, clock() - started)
    found = search(problem, model, order, lambda: clock() - started >= time_limit, progress)
    if found.places is None and found.impossible:
        raise _infeasible(conflict(problem, seconds=left(), clock=clock))
    places = some if found.places is None else found.places
    if places is None and (places := _some(problem, left(), clock)) is None:
        raise OutOfTime
    cost = total_cost(problem, model, places)
    placement = answer(problem, model, objective, seed, places, cost, clock() - started)
    if found.bound >= cost:
        return replace(placement, certificate=found.proof)
    return replace(placement, bound=model.criteria(found.bound), proven=False)


def search(
    problem: PlacementProblem,
    model: CostModel,
    order: tuple[int, ...],
    out_of_time: Callable[[], bool],
    progress: Progress = quiet,
    start: Places | None = None,
) -> Found:
    """The flow, then branch and bound over what it does not see. `start`: allowed places known already."""
    network = Network(problem, model, order)
    seats = max(problem.people * problem.slots, 1)
    network.seat_everybody(out_of_time, lambda done: progress(done / seats, None, None))
    possible = network.possible and network.run_locked()

    def improved(cost: int, bound: int) -> None:
        progress(1.0, model.criteria(cost), model.criteria(bound))

    searching = Search(network, possible, lambda places: total_cost(problem, model, places), improved)
    searching.know(start)
    return searching.run(out_of_time)


def _some(
    problem: PlacementProblem, seconds: float, clock: Callable[[], float], glance: bool = False
) -> Places | None:
    """Any places, where locks may contradict more than the flow sees: its search would look for long.

    Raises `Infeasible`.
    """
    many = problem.balance or problem.together or problem.clashes or problem.slots > 1
    if locks_contradict(problem):
        raise _infeasible(conflict(problem, seconds=seconds, clock=clock))
    if not (problem.locks and many):
        return None
    some = settle(problem, seconds=seconds, clock=clock, glance=glance)
    if isinstance(some, Conflict):
        raise _infeasible(some)
    return some


def _infeasible(found: Conflict) -> Infeasible:
    return Infeasible(found.rules, found.smallest)


def answer(
    problem: PlacementProblem,
    model: CostModel,
    objective: Objective,
    seed: int,
    places: Places,
    cost: int,
    seconds: float,
) -> Placement:
    """Places with all that is counted about them, said to be the best."""
    counts, unplaced, unranked = rank_counts(problem, places)
    value = model.criteria(cost)
    return Placement(
        places=places,
        rank_counts=counts,
        unplaced=unplaced,
        unranked=unranked,
        objective=objective,
        seed=seed,
        criteria=model.names,
        value=value,
        bound=value,
        proven=True,
        certificate=None,
        seconds=seconds,
    )


def _by_the_draw(problem: PlacementProblem, order: tuple[int, ...]) -> Places:
    places = by_turns(problem, order)
    try:
        check_places(problem, places)
    except Refused as error:
        raise InvalidProblem("objective", f"the draw alone cannot keep the rules ({error})") from error
    return places
