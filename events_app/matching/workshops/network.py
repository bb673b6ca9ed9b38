"""The placement problem as a flow: who may go to which place, and which arcs are sessions."""

from collections.abc import Callable

from events_app.matching.workshops.choices import Choices
from events_app.matching.workshops.counting import person_cost
from events_app.matching.workshops.flow import NOTHING, Flow, Option
from events_app.matching.workshops.objectives import TOP, CostModel
from events_app.matching.workshops.problem import PlacementProblem, Session
from events_app.matching.workshops.proof import Prices


class Network:
    """A relaxation of the problem: minimums hold only for the sessions in `running`.

    With several slots a place is a workshop together with the slots in which somebody may go there;
    that a person's seats fall into different slots is left to `slots.spread`.
    """

    def __init__(self, problem: PlacementProblem, model: CostModel, order: tuple[int, ...]) -> None:
        self.problem, self.model, self.order = problem, model, order
        self.complete = True
        self.closed: frozenset[Session] = frozenset()
        self.running: frozenset[Session] = frozenset()
        self._out_of_reach: Session | None = None
        self.choices = Choices(problem)
        self.locked = self.choices.locked
        self.locked_in: dict[Session, int] = {}
        for locked in self.locked.values():
            for slot, workshop in locked.items():
                self.locked_in[workshop, slot] = self.locked_in.get((workshop, slot), 0) + 1
        costliest = model.empty + max(model.by_rank) + model.new_place + model.top_bonus
        costliest += (problem.people + 1) * (len(model.by_rank) + 2)
        self.part = next((problem.part(workshop) for workshop, _ in problem.sessions()), problem.slot_part(0))
        self.beyond = 4 * costliest * (problem.people * problem.slots + 1) + 1
        """More than any placement costs."""
        self._places: dict[tuple[int, tuple[int, ...]], int] = {}
        self._fixed_cost = sum(
            person_cost(problem, model, person, tuple(locked.values()))
            for person, locked in self.locked.items()
        )
        wished = self._wished_places()
        self.arcs: dict[Session, int] = {}
        self.flow = self._build(wished)

    @property
    def possible(self) -> bool:
        """Whether locks and decisions leave everybody a way, looked at one by one."""
        return self.choices.possible and all(self.free(session) >= 0 for session in self.locked_in)

    def _wished_places(self) -> list[list[tuple[int, int, int]]]:
        """For each person (place, workshop, rank), making a place for each workshop and set of slots."""
        places = self._places
        wished = []
        for person, slots_of in enumerate(self.choices.slots):
            mine = []
            for workshop, rank in self.problem.choices(person):
                slots = slots_of.get(workshop)
                if slots:
                    mine.append((places.setdefault((workshop, slots), len(places)), workshop, rank))
            wished.append(mine)
        return wished

    def _build(self, wished: list[list[tuple[int, int, int]]]) -> Flow:
        problem, model = self.problem, self.model
        of_workshop: dict[int, list[tuple[tuple[int, ...], int]]] = {}
        for (workshop, slots), place in self._places.items():
            of_workshop.setdefault(workshop, []).append((slots, place))
        gates = {w: len(kinds) > 1 for w, kinds in of_workshop.items()}
        first_gate = len(self._places)
        extra = sum(problem.slots for many in gates.values() if many)
        flow = Flow(first_gate + extra, model.top_bonus)
        for workshop, kinds in of_workshop.items():
            for slot in sorted({slot for slots, _ in kinds for slot in slots}):
                free = max(self.free((workshop, slot)), 0)
                start = kinds[0][1]
                if gates[workshop]:
                    start, first_gate = first_gate, first_gate + 1
                    for slots, place in kinds:
                        if slot in slots:
                            flow.add_arc(place, start, problem.people)
                self.arcs[workshop, slot] = flow.add_arc(start, flow.outside, free)
        for person, mine in enumerate(wished):
            locked = self.locked.get(person, {})
            served = any(problem.rank(person, w) <= TOP for w in locked.values())
            top = 0 if served or model.always_served(person, self.part) else TOP
            must = all(s in locked or (person, s) in problem.kept for s in range(problem.slots))
            flow.add_person(
                [
                    Option(place, model.seat(person, workshop, rank), rank <= top)
                    for place, workshop, rank in mine
                ],
                model.unplaced(person, self.part) + (self.beyond if must else 0),
            )
        return flow

    def seat_everybody(self, out_of_time: Callable[[], bool], seated: Callable[[int], None]) -> None:
        """The first optimum: seat by seat, in the order of the draw.

        When time runs out the seats that are left stay empty; the prices still prove a bound.
        """
        done = 0
        for turn in range(self.problem.slots):
            for person in self.order:
                if turn < self.problem.slots - len(self.locked.get(person, {})):
                    self.flow.seat(person)
                done += 1
                if done % 256 == 0:
                    seated(done)
                    if out_of_time():
                        self.complete = False
                        return

    def run_locked(self) -> bool:
        """Let every session run in which somebody is locked. False when there are not enough people."""
        return all(self.run(session) for session in sorted(self.locked_in))

    def total(self) -> int:
        """The cost of this relaxation without the model's constant: no placement below it costs less."""
        return self.flow.total() + self._fixed_cost

    def copy(self) -> "Network":
        other = Network.__new__(Network)
        other.__dict__.update(self.__dict__)
        other.flow = self.flow.copy()
        return other

    def close(self, session: Session) -> bool:
        """Nobody goes to the session, in which nobody is locked. False when that cannot be."""
        self.closed |= {session}
        return session not in self.arcs or self.flow.limit(self.arcs[session], 0)

    def run(self, session: Session) -> bool:
        """At least the minimum goes to the session. False when that cannot be."""
        self.running |= {session}
        needed = self.needed(session)
        if needed > 0 and session not in self.arcs:
            self._out_of_reach = session
            return False
        return needed <= 0 or self.flow.require(self.arcs[session], needed)

    def free(self, session: Session) -> int:
        """Seats that are not locked."""
        return self.problem.seats(*session) - self.locked_in.get(session, 0)

    def may_go(self, person: int, workshop: int, slot: int) -> bool:
        """Whether the person may be given that session."""
        return slot in self.choices.slots[person].get(workshop, ())

    def needed(self, session: Session) -> int:
        """How many have to join those who are locked in, so that the session may run."""
        return self.problem.least(*session) - self.locked_in.get(session, 0)

    def prices(self, failed: bool = False) -> Prices:
        """The price of a seat in each session at this optimum.

        After an operation that failed, the prices of what could not be reached are lowered so far
        that the bound they prove exceeds every cost.
        """
        flow, problem = self.flow, self.problem
        outside = flow.potential[flow.outside]
        rows = [[0] * problem.slots for _ in range(problem.workshops)]
        for (workshop, slot), arc in self.arcs.items():
            place = flow.tail[arc]
            price = outside - flow.potential[place]
            if failed and place in flow.cut:
                price -= self.beyond
            session = (workshop, slot)
            drawn_in = session in self.running and self.needed(session) > 0
            rows[workshop][slot] = price if drawn_in else max(price, 0)
        if failed and self._out_of_reach is not None:
            workshop, slot = self._out_of_reach
            rows[workshop][slot] = -self.beyond
        return Prices(tuple(tuple(row) for row in rows))

    def chosen(self) -> list[list[int]]:
        """For each person the workshops that the flow gives them."""
        workshop_at = {place: workshop for (workshop, _), place in self._places.items()}
        options = self.flow.options
        return [
            [workshop_at[options[p][i].place] for i in held if i != NOTHING]
            for p, held in enumerate(self.flow.held)
        ]
