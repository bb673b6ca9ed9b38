"""Branch and bound over which sessions run, for what a flow sees but for the minimums.

The flow that forgets minimums is the bound. Where it leaves a session with too few people, either nobody
goes there or at least the minimum does, and both cases start from the parent's flow (Land and Doig 1960).
Where it breaks a rule that it does not see, the search ends: the bound so far is a bound all the same.
"""

from collections.abc import Callable

from msgspec import Struct

from events_app.matching.workshops.certificate import Refused, check_places
from events_app.matching.workshops.counting import Places, person_cost
from events_app.matching.workshops.network import Network
from events_app.matching.workshops.problem import PlacementProblem, Session
from events_app.matching.workshops.proof import Bounding, Split
from events_app.matching.workshops.slots import spread


class _Case:
    """A node of the tree: its relaxation (None where nothing is possible), its bound, its proof."""

    def __init__(self, network: Network, possible: bool) -> None:
        self.network = network if possible else None
        self.bound = network.total() if possible else network.beyond
        self.prices = network.prices(failed=not possible)
        self.session: tuple[Session, _Case, _Case] | None = None

    def proof(self) -> Bounding:
        if self.session is not None:
            (workshop, slot), closed, running = self.session
            return Split(workshop, slot, closed.proof(), running.proof())
        return self.prices


class Found(Struct, frozen=True):
    """The best places of the search (None: none found), their cost, a bound that `proof` shows.

    `impossible`: the proof shows that there is no placement. Costs are without the model's constant."""

    places: Places | None
    cost: int
    bound: int
    proof: Bounding
    impossible: bool


class Search:
    """The cheapest placement below a root network, depth first, the cheaper case first."""

    def __init__(self, root: Network, possible: bool, improved: Callable[[int, int], None]) -> None:
        self.problem, self.model = root.problem, root.model
        self.first = _Case(root, possible)
        self.waiting = [self.first]
        self.improved = improved
        self.best: Places | None = None
        self.best_cost = self.beyond = root.beyond

    def run(self, out_of_time: Callable[[], bool]) -> Found:
        """Until the best is proven, time runs out, or a rule is met that the flow does not see."""
        while self.waiting and not out_of_time():
            case = self.waiting.pop()
            network = case.network
            if case.bound >= self.best_cost or network is None:
                continue
            result = spread(network)
            if result.session is not None:
                self._split(case, network, result.session)
            elif result.places is None or not allowed(self.problem, result.places):
                self.waiting.append(case)
                break
            else:
                self._offer(result.places, case)
        bound = min([self.best_cost, *(case.bound for case in self.waiting)])
        return Found(self.best, self.best_cost, bound, self.first.proof(), bound >= self.beyond)

    def _offer(self, places: Places, case: _Case) -> None:
        cost = sum(person_cost(self.problem, self.model, p, row) for p, row in enumerate(places))
        if cost < self.best_cost:
            self.best, self.best_cost = places, cost
            self.improved(cost, min([cost, case.bound, *(other.bound for other in self.waiting)]))

    def _split(self, case: _Case, network: Network, session: Session) -> None:
        """Both cases for one session. A case that cannot be keeps its proof and needs no search."""
        children = []
        for decide in (Network.close, Network.run):
            child = network.copy()
            possible = decide(child, session)
            children.append(_Case(child, possible))
        case.session = (session, children[0], children[1])
        case.network = None
        self.waiting.extend(sorted(children, key=lambda child: -child.bound))


def allowed(problem: PlacementProblem, places: Places) -> bool:
    """Whether these places keep every rule."""
    try:
        check_places(problem, places)
    except Refused:
        return False
    return True
