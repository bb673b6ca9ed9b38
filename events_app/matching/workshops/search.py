"""Branch and bound over what a flow cannot see: minimums, slots, companions, balance.

The flow that forgets these rules is the bound. Where it leaves a session with too few people, either
nobody goes there or at least the minimum does, and both cases start from the parent's flow. Where it
breaks another rule, some seat that matters is given or refused (Land and Doig 1960).
"""

from collections.abc import Callable, Iterator
from itertools import islice

from msgspec import Struct

from events_app.matching.workshops.choices import Decided
from events_app.matching.workshops.network import Network
from events_app.matching.workshops.problem import UNPLACED, Rule, RuleKind, Session
from events_app.matching.workshops.proof import Bounding, Seating, Split
from events_app.matching.workshops.repair import repair, thin
from events_app.matching.workshops.rules import clashing, members, unbalanced
from events_app.matching.workshops.slots import spread

Places = tuple[tuple[int, ...], ...]
Question = tuple[tuple[int, ...], int, int]
"""Does this group have that place: (group, workshop, slot)."""


_MEND_EVERY = 10
"""Questions between two attempts at a placement near one whose slots do not fit."""


class _Case:
    """A node of the tree: its relaxation (None where nothing is possible), its bound, its proof."""

    def __init__(self, network: Network, possible: bool) -> None:
        self.network = network if possible else None
        self.bound = network.total() if possible else network.beyond
        self.prices = network.prices(failed=not possible)
        self.session: tuple[Session, _Case, _Case] | None = None
        self.seat: tuple[Question, _Case, _Case] | None = None

    def proof(self) -> Bounding:
        if self.session is not None:
            (workshop, slot), closed, running = self.session
            return Split(workshop, slot, closed.proof(), running.proof())
        if self.seat is not None:
            (group, workshop, slot), elsewhere, there = self.seat
            return Seating(group, workshop, slot, elsewhere.proof(), there.proof())
        return self.prices


class Found(Struct, frozen=True):
    """The best placement of the search (None: there is none, or none in time), a bound, and the proof.

    `impossible`: the proof shows that there is no placement."""

    places: Places | None
    bound: int
    proof: Bounding
    impossible: bool


class Search:
    """The cheapest placement below a root network, depth first, the cheaper case first."""

    def __init__(
        self,
        root: Network,
        possible: bool,
        cost_of: Callable[[Places], int],
        improved: Callable[[int, int], None],
    ) -> None:
        self.groups = root.problem.groups()
        self.group_of = {person: group for group in self.groups for person in group}
        self.first = _Case(root, possible)
        self.waiting = [self.first]
        self.cost_of, self.improved = cost_of, improved
        self.best: Places | None = None
        self.best_cost = self.beyond = root.beyond

    def know(self, places: Places | None) -> None:
        """Only what costs less than these is of interest."""
        if places is not None:
            self.best, self.best_cost = places, self.cost_of(places)

    def run(self, out_of_time: Callable[[], bool]) -> Found:
        """Work until the best is proven or time runs out."""
        repaired, asked = False, 0
        while self.waiting and not (out_of_time() and (self.best is not None or repaired)):
            case = self.waiting.pop()
            network = case.network
            if case.bound >= self.best_cost or network is None:
                continue
            result = spread(network)
            question = None
            if result.places is not None:
                broken = list(islice(self._questions(network, result.places), 1))
                if not broken:
                    self._offer(result.places, case)
                    continue
                question = broken[0]
                if question is None:
                    continue
            if not repaired:
                repaired = True
                self._offer(repair(network), case)
            if result.person is not None and asked % _MEND_EVERY == 0:
                near = spread(network, leave_out=True).places or ()
                self._offer(thin(network, [list(row) for row in near]), case)
            asked += result.session is None
            if result.session is not None:
                self._split(case, network, result.session)
            elif result.person is not None or question is not None:
                self._ask(case, network, question or self._seat_of(network, result.person or 0))
        bound = min([self.best_cost, *(case.bound for case in self.waiting)])
        return Found(self.best, bound, self.first.proof(), bound >= self.beyond)

    def _offer(self, places: Places | None, case: _Case) -> None:
        if places is None:
            return
        cost = self.cost_of(places)
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
        self._add(case, children)

    def _ask(self, case: _Case, network: Network, question: Question) -> None:
        """Both answers to one question, each with a flow of its own."""
        group, workshop, slot = question
        seats = frozenset((person, workshop, slot) for person in group)
        decided = network.decided
        answers = (
            Decided(decided.there, decided.elsewhere | seats),
            Decided(decided.there | seats, decided.elsewhere),
        )
        children = []
        for answer in answers:
            child = Network(network.problem, network.model, network.order, answer)
            possible = child.possible and not (network.closed & set(child.locked_in))
            if possible:
                child.seat_everybody(lambda: False, lambda _done: None)
                possible = (
                    child.run_locked()
                    and all(child.close(session) for session in sorted(network.closed))
                    and all(child.run(session) for session in sorted(network.running - child.running))
                )
            children.append(_Case(child, possible))
        case.seat = (question, children[0], children[1])
        self._add(case, children)

    def _add(self, case: _Case, children: list[_Case]) -> None:
        case.network = None
        self.waiting.extend(sorted(children, key=lambda child: -child.bound))

    def _seat_of(self, network: Network, person: int) -> Question:
        """A seat of somebody whose workshops do not fit into different slots."""
        workshop = network.chosen()[person][0]
        slot = next(s for s in network.choices.slots[person][workshop] if (workshop, s) not in network.closed)
        return self.group_of[person], workshop, slot

    def _questions(self, network: Network, places: Places) -> Iterator[Question | None]:
        """Seats to decide about where a rule is broken; then None, if all that matter are decided."""
        yield from self._apart(network, places)
        yield from self._missing(network, places)
        problem = network.problem
        if problem.clashes:
            for person, row in enumerate(places):
                for _, pair in clashing(problem, row):
                    for workshop, slot in pair:
                        if network.may_go(person, workshop, slot):
                            yield self.group_of[person], workshop, slot
                    yield None
        if problem.balance is not None:
            for session, people in sorted(members(places).items()):
                broken = unbalanced(problem, session, people)
                if broken is not None:
                    yield from self._balancing(network, session, people, *broken)
                    yield None

    def _missing(self, network: Network, places: Places) -> Iterator[Question | None]:
        """Places that somebody keeps, and has not."""
        for person, slot in sorted(network.problem.kept):
            if places[person][slot] == UNPLACED:
                for workshop, slots in network.choices.slots[person].items():
                    if slot in slots:
                        yield self.group_of[person], workshop, slot
                yield None

    def _apart(self, network: Network, places: Places) -> Iterator[Question]:
        """Places that some companions of a group have and others have not."""
        for group in self.groups:
            if all(places[person] == places[group[0]] for person in group):
                continue
            for person in group:
                for slot, workshop in enumerate(places[person]):
                    apart = any(places[one][slot] != workshop for one in group)
                    if workshop != UNPLACED and apart and network.may_go(person, workshop, slot):
                        yield group, workshop, slot

    def _balancing(
        self, network: Network, session: Session, people: list[int], rule: Rule, profiles: list[int]
    ) -> Iterator[Question]:
        """Who could leave or join a session out of balance: too many of the profiles, or too few."""
        wanted = rule.kind == RuleKind.PRESENT
        inside, profile_of = set(people), network.problem.profile_of
        may_go = [p for p in range(network.problem.people) if network.may_go(p, *session)]
        helpful = [p for p in may_go if profile_of[p] in profiles and (p in inside) != wanted]
        for person in (*helpful, *may_go):
            yield self.group_of[person], *session
