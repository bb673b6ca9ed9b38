"""From "who goes to which workshops" to "in which slot": edge colouring, one slot at a time.

Every slot takes a share of what is left, chosen by a flow with bounds: whoever has as many workshops
left as there are slots left must go now, and no session may leave more to the later slots than they
can hold. Where every workshop has the same seats in every slot this cannot fail, and the sizes of a
workshop's sessions differ by at most one (de Werra 1971); with two slots it fails only where no way
exists.
"""

from collections import Counter

from msgspec import Struct

from events_app.matching.workshops.flow import NOTHING, Flow, Option
from events_app.matching.workshops.network import Network
from events_app.matching.workshops.problem import UNPLACED, Session

Places = tuple[tuple[int, ...], ...]


_MUST_GO = 1_000_000
"""Dearer than all else in a slot together, for 12 slots and tens of thousands of people."""


class Spread(Struct, frozen=True):
    """Places that keep minimums and slots; or a session, or a person's workshops, to decide about."""

    places: Places | None = None
    session: Session | None = None
    person: int | None = None


def spread(network: Network) -> Spread:
    """The flow's workshops, spread over the slots."""
    chosen = network.chosen()
    sizes = Counter(workshop for workshops in chosen for workshop in workshops)
    open_slots: dict[int, list[int]] = {}
    for workshop in sorted({w for w, _ in network.arcs}):
        running = _running(network, workshop, sizes[workshop])
        if isinstance(running, Spread):
            return running
        open_slots[workshop] = sorted(running)
    if _all_alike(network, chosen, open_slots):
        return Spread(places=coloured(chosen, network.problem.slots))
    return _Spreading(network, chosen, open_slots).result()


def _all_alike(network: Network, chosen: list[list[int]], open_slots: dict[int, list[int]]) -> bool:
    """Whether everybody may have their workshops in any slot, and nobody is anywhere yet."""
    slots = network.problem.slots
    if network.locked or network.problem.current:
        return False
    may_go = network.choices.slots
    return all(
        len(open_slots[workshop]) == slots and len(may_go[person][workshop]) == slots
        for person, workshops in enumerate(chosen)
        for workshop in workshops
    )


def coloured(chosen: list[list[int]], slots: int) -> Places:
    """Each person's workshops in different slots, the sizes of a workshop's sessions differing by one.

    Edge colouring along alternating paths (Konig 1916), each workshop cut into pieces of as many people as
    there are slots.
    """
    rows = [[UNPLACED] * slots for _ in chosen]  # the piece that a person has in a slot
    there: list[list[int]] = []  # the person whom a piece has in a slot
    workshop_of: list[int] = []
    piece_of: dict[int, int] = {}
    for person, workshops in enumerate(chosen):
        row = rows[person]
        for workshop in workshops:
            piece = piece_of.get(workshop)
            if piece is None or UNPLACED not in there[piece]:
                piece = piece_of[workshop] = len(there)
                there.append([UNPLACED] * slots)
                workshop_of.append(workshop)
            mine, its = row.index(UNPLACED), there[piece].index(UNPLACED)
            for slot in range(slots):
                if row[slot] == UNPLACED and there[piece][slot] == UNPLACED:
                    mine = its = slot
            if mine != its:
                _swap(rows, there, person, its, mine)
            row[its], there[piece][its] = piece, person
    return tuple(
        tuple(UNPLACED if piece == UNPLACED else workshop_of[piece] for piece in row) for row in rows
    )


def _swap(rows: list[list[int]], there: list[list[int]], person: int, busy: int, free: int) -> None:
    """Along the path of places in these two slots from a person, who has one of them only."""
    path = []
    while person != UNPLACED and (piece := rows[person][busy]) != UNPLACED:
        path.append((person, piece, busy))
        person, other = there[piece][free], free
        if person == UNPLACED:
            break
        path.append((person, piece, other))
    for person, piece, slot in path:
        rows[person][slot] = there[piece][slot] = UNPLACED
    for person, piece, slot in path:
        other = free if slot == busy else busy
        rows[person][other], there[piece][other] = piece, person


def _running(network: Network, workshop: int, size: int) -> list[int] | Spread:
    """The slots that run, as many as `size` people can keep above the minimum.

    Or the session to decide about, where no choice of slots suits that many people.
    """
    slots = [
        s
        for s in range(network.problem.slots)
        if (workshop, s) in network.arcs and (workshop, s) not in network.closed
    ]
    needs = {s: max(network.needed((workshop, s)), 0) for s in slots}
    free = {s: network.free((workshop, s)) for s in slots}
    may = [s for s in slots if needs[s] > 0 and (workshop, s) not in network.running]
    may.sort(key=lambda s: needs[s])
    must = [s for s in slots if s not in may]
    count = len(may)
    while count and sum(needs[s] for s in must + may[:count]) > size:
        count -= 1
    kept = must + may[:count]
    if may and (sum(needs[s] for s in kept) > size or sum(free[s] for s in kept) < size):
        return Spread(session=(workshop, may[-1]))
    return kept


class _Spreading:
    """One slot after the other takes its people."""

    def __init__(self, network: Network, chosen: list[list[int]], open_slots: dict[int, list[int]]) -> None:
        self.network, self.open_slots = network, open_slots
        slots = network.problem.slots
        self.left = [
            {w: [s for s in open_slots[w] if network.may_go(p, w, s)] for w in workshops}
            for p, workshops in enumerate(chosen)
        ]
        self.rows = [
            [network.locked.get(p, {}).get(s, UNPLACED) for s in range(slots)] for p in range(len(chosen))
        ]
        self.degree: dict[int, int] = {}
        for workshops in chosen:
            for workshop in workshops:
                self.degree[workshop] = self.degree.get(workshop, 0) + 1

    def result(self) -> Spread:
        for slot in range(self.network.problem.slots):
            stuck = self._fill(slot)
            if stuck is not None:
                return Spread(person=stuck)
        return Spread(places=tuple(tuple(row) for row in self.rows))

    def _bounds(self, workshop: int, slot: int) -> tuple[int, int]:
        """How many may go now so that the later slots can hold the others."""
        network, left = self.network, self.degree.get(workshop, 0)
        now = [s for s in self.open_slots[workshop] if s >= slot]
        needs = [max(network.needed((workshop, s)), 0) for s in now]
        seats = [network.free((workshop, s)) for s in now]
        same = len(now) == network.problem.slots - slot and len(set(zip(needs, seats, strict=True))) == 1
        # Even sizes, unless people are there already: then staying matters more.
        if same and not network.problem.current:
            return left // len(now), min(-(-left // len(now)), seats[0])
        return max(needs[0], left - sum(seats[1:])), min(seats[0], left - sum(needs[1:]))

    def _fill(self, slot: int) -> int | None:
        """Seat people in this slot; the person who cannot be seated, if any."""
        here = [w for w, slots in self.open_slots.items() if slot in slots]
        place_of = {workshop: place for place, workshop in enumerate(here)}
        flow = Flow(len(here))
        arcs = []
        for workshop in here:
            low, high = self._bounds(workshop, slot)
            if low > high:
                return self._somebody(workshop)
            arcs.append((flow.add_arc(place_of[workshop], flow.outside, high), low, workshop))
        going: list[tuple[int, list[int]]] = []
        for person, workshops in enumerate(self.left):
            if not workshops or self.rows[person][slot] != UNPLACED:
                continue
            options, now = self._options(person, slot)
            if options is None:
                return person
            flow.add_person(
                [Option(place_of[w], self._cost(person, w, slot)) for w in options],
                _MUST_GO if now else 0,
            )
            going.append((person, options))
        for number in range(len(going)):
            flow.seat(number)
        for arc, low, workshop in arcs:
            if not flow.require(arc, low):
                return self._somebody(workshop)
        for number, (person, options) in enumerate(going):
            held = flow.held[number][0]
            if held == NOTHING:
                if flow.nothing[number] > 0:
                    return person
                continue
            workshop = options[held]
            self.rows[person][slot] = workshop
            del self.left[person][workshop]
            self.degree[workshop] -= 1
        return None

    def _cost(self, person: int, workshop: int, slot: int) -> int:
        """Those who could also go later wait; those who are there already stay."""
        current = self.network.problem.current
        if current and current[person][slot] == workshop:
            return -1
        return sum(s > slot for s in self.left[person][workshop])

    def _options(self, person: int, slot: int) -> tuple[list[int] | None, bool]:
        """What the person may take in this slot (None: they are stuck), and whether they must go now."""
        workshops = self.left[person]
        later = sum(row == UNPLACED for row in self.rows[person][slot + 1 :])
        urgent = [w for w, slots in workshops.items() if slots and max(slots) == slot]
        options = urgent or [w for w, slots in workshops.items() if slot in slots]
        now = bool(urgent) or len(workshops) > later
        stuck = len(urgent) > 1 or len(workshops) > later + 1 or (now and not options)
        return (None if stuck else options), now

    def _somebody(self, workshop: int) -> int:
        """Anybody who still has this workshop before them."""
        return next(person for person, workshops in enumerate(self.left) if workshop in workshops)
