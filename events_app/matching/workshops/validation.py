"""Refuses what is no problem at all, naming the field; knows the formats of neither command nor pages."""

from events_app.matching.workshops.problem import InvalidProblem, PlacementProblem

MOST_PEOPLE = 20_000
MOST_WORKSHOPS = 1_000
MOST_SLOTS = 12
MOST_WISHES = 2_000_000


def validate(problem: PlacementProblem) -> None:
    """Raise `InvalidProblem` for the first thing that makes no sense."""
    _sizes(problem)
    _wishes(problem)
    _table(problem, "capacity", problem.capacity)
    if problem.minimum:
        _table(problem, "minimum", problem.minimum)
    for number, lock in enumerate(problem.locks):
        field = f"locks[{number}]"
        _among(field, "person", lock.person, problem.people)
        _among(field, "workshop", lock.workshop, problem.workshops)
        _among(field, "slot", lock.slot, problem.slots)
    _rules(problem)


def _rules(problem: PlacementProblem) -> None:
    """What is said about people beyond their wishes."""
    for name, table in (("profile_of", problem.profile_of), ("current", problem.current)):
        if table and len(table) != problem.people:
            raise InvalidProblem(name, f"{problem.people} people expected, not {len(table)}")
    for number, seat in enumerate(problem.barred):
        _among(f"barred[{number}]", "person", seat[0], problem.people)
        _session(f"barred[{number}]", problem, seat[1:])
    if problem.parts and len(problem.parts) != problem.workshops:
        raise InvalidProblem("parts", f"{problem.workshops} workshops expected, not {len(problem.parts)}")
    for number, group in enumerate(problem.together):
        if not group:
            raise InvalidProblem(f"together[{number}]", "at least one person expected")
        for person in group:
            _among(f"together[{number}]", "person", person, problem.people)
    for number, pair in enumerate(problem.clashes):
        for session in pair:
            _session(f"clashes[{number}]", problem, session)
    _balance(problem)


def _balance(problem: PlacementProblem) -> None:
    if problem.balance is not None:
        if not problem.profile_of and problem.people:
            raise InvalidProblem("profile_of", "needed for the balance of profiles")
        share = problem.balance.most_share
        if share is not None and not 0 < share[0] <= share[1]:
            raise InvalidProblem("most_share", "a part above 0, up to the whole, expected")
        for number, quota in enumerate(problem.balance.quotas):
            _session(f"quotas[{number}]", problem, (quota.workshop, quota.slot))


def _session(field: str, problem: PlacementProblem, session: tuple[int, int]) -> None:
    _among(field, "workshop", session[0], problem.workshops)
    _among(field, "slot", session[1], problem.slots)


def _among(field: str, name: str, number: int, end: int) -> None:
    if not 0 <= number < end:
        raise InvalidProblem(field, f"there is no {name} {number}")


def _wishes(problem: PlacementProblem) -> None:
    for person, wishes in enumerate(problem.wishes):
        for place, workshop in enumerate(wishes):
            _among(f"wishes[{person}][{place}]", "workshop", workshop, problem.workshops)
        if len(set(wishes)) < len(wishes):
            raise InvalidProblem(f"wishes[{person}]", "the same workshop twice")
    for person in problem.anywhere:
        _among("anywhere", "person", person, problem.people)


def _table(problem: PlacementProblem, name: str, table: tuple[tuple[int, ...], ...]) -> None:
    if len(table) != problem.workshops:
        raise InvalidProblem(name, f"{problem.workshops} workshops expected, not {len(table)}")
    for workshop, row in enumerate(table):
        if len(row) != problem.slots:
            raise InvalidProblem(f"{name}[{workshop}]", f"{problem.slots} slots expected, not {len(row)}")
        for slot, seats in enumerate(row):
            if seats < 0:
                raise InvalidProblem(f"{name}[{workshop}][{slot}]", "below zero")


def _sizes(problem: PlacementProblem) -> None:
    if problem.people > MOST_PEOPLE:
        raise InvalidProblem("participants", f"{problem.people} people, more than {MOST_PEOPLE}")
    if problem.workshops > MOST_WORKSHOPS:
        raise InvalidProblem("workshops", f"{problem.workshops} workshops, more than {MOST_WORKSHOPS}")
    if not 1 <= problem.slots <= MOST_SLOTS:
        raise InvalidProblem("slots", f"{problem.slots} slots; 1 to {MOST_SLOTS} can be planned")
    if (
        sum(len(wishes) for wishes in problem.wishes) + len(problem.anywhere) * problem.workshops
        > MOST_WISHES
    ):
        raise InvalidProblem("wishes", f"more than {MOST_WISHES} in all")
