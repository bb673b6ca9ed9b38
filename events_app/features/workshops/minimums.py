"""Which sessions run: branch and bound over the sessions that would stay below their minimum.

The flow without minimums is the bound. Where it leaves a session with too few people, either nobody
goes there or at least the minimum does; both cases start from the parent's flow (Land and Doig 1960).
"""

from collections.abc import Callable

from msgspec import Struct

from events_app.features.workshops.network import Network, Session
from events_app.features.workshops.problem import Prices, Proof, Split
from events_app.features.workshops.slots import spread

Places = tuple[tuple[int, ...], ...]


class _Case:
    """A node of the tree: its relaxation (None where nothing is possible), its bound, its proof."""

    def __init__(self, network: Network | None, bound: int, prices: Prices) -> None:
        self.network, self.bound, self.prices = network, bound, prices
        self.split: tuple[Session, _Case, _Case] | None = None

    def proof(self) -> Proof:
        if self.split is None:
            return self.prices
        (workshop, slot), closed, running = self.split
        return Split(workshop, slot, closed.proof(), running.proof())


class Found(Struct, frozen=True):
    """The best placement of the search with its cost, a bound on every placement, and the proof."""

    places: Places
    cost: int
    bound: int
    proof: Proof


def search(
    root: Network,
    cost_of: Callable[[Places], int],
    out_of_time: Callable[[], bool],
    improved: Callable[[int, int], None],
) -> Found:
    """The cheapest placement below `root`, depth first, the cheaper case first.

    `improved(cost, bound)` is told of every better placement. When time runs out the best so far
    is returned with the least bound of the cases left open; there is always one, because closing
    every doubtful session leads to a placement without a search.
    """
    first = _Case(root, root.total(), root.prices())
    best: Places | None = None
    best_cost = 0
    waiting = [first]
    while waiting:
        case = waiting.pop()
        if best is not None and case.bound >= best_cost:
            continue
        if best is not None and out_of_time():
            waiting.append(case)
            break
        network = case.network
        if network is None:
            continue
        places, doubtful = spread(network)
        if places is not None:
            cost = cost_of(places)
            if best is None or cost < best_cost:
                best, best_cost = places, cost
                improved(cost, min([case.bound, *(other.bound for other in waiting)]))
        case.network = None
        if doubtful is not None and (best is None or case.bound < best_cost):
            waiting.extend(sorted(_split(case, network, doubtful), key=lambda child: -child.bound))
    if best is None:
        raise RuntimeError("a search without limits found no placement")
    bound = min([best_cost, *(case.bound for case in waiting)])
    return Found(best, best_cost, bound, first.proof())


def _split(case: _Case, network: Network, session: Session) -> list[_Case]:
    """Both cases for one session. A case that cannot be keeps its proof and needs no search."""
    children = []
    for decide in (Network.close, Network.run):
        child = network.copy()
        possible = decide(child, session)
        prices = child.prices(failed=not possible)
        bound = child.total() if possible else child.beyond
        children.append(_Case(child if possible else None, bound, prices))
    case.split = (session, children[0], children[1])
    return children
