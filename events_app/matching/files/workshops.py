"""The workshop problems of `convive plan`: from JSON to the engine and back."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from events_app.matching.files.planning import PlanOptions, PlanRefused, read_problem
from events_app.matching.workshops.bending import fewest_moves
from events_app.matching.workshops.place import place
from events_app.matching.workshops.problem import (
    UNPLACED,
    Balance,
    Infeasible,
    InvalidProblem,
    Lock,
    Objective,
    OutOfTime,
    Placement,
    PlacementProblem,
    Rule,
    RuleKind,
)
from events_app.matching.workshops.validation import validate

MOST_RANKS = 10_000
"""As many numbers of people are in the answer."""

_File = TypeVar("_File")
Table = tuple[tuple[int, ...], ...]


class Diversity(Struct, frozen=True, forbid_unknown_fields=True):
    """For every session in which somebody is; a profile, or any of a list of profiles, must be there."""

    max_share_of_one_profile: float | None = None
    at_least_one_of_profiles: tuple[int | tuple[int, ...], ...] | None = None


class WorkshopFile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`capacity` and `minimum` are per slot, per workshop; `locks` are (person, workshop, slot).

    Beyond the common fields: `together` (groups), `barred` (person, workshop, slot), `clashes` (pairs
    of (workshop, slot)), `anywhere` (people to be seated in what they did not rank, too).
    """

    problem: str
    participants: int
    workshops: int
    slots: int
    ranks: int
    prefs: Table
    capacity: Table
    minimum: Table | None = None
    profile_of: tuple[int, ...] | None = None
    diversity: Diversity | None = None
    locks: tuple[tuple[int, int, int], ...] | None = None
    together: Table | None = None
    barred: tuple[tuple[int, int, int], ...] | None = None
    clashes: tuple[tuple[tuple[int, int], tuple[int, int]], ...] | None = None
    anywhere: tuple[int, ...] | None = None


class ReassignFile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`current` maps each person, as text, to their workshops; `base` is a `WorkshopFile` beside it."""

    problem: str
    base: str
    dropouts: tuple[int, ...]
    current: dict[str, tuple[int, ...]]


def solve(data: dict[str, Any], options: PlanOptions) -> dict[str, Any]:
    """The answer to one problem, ready for JSON. Raises `PlanRefused`."""
    try:
        if data.get("problem") == "workshop_reassign":
            return _reassign(_read(data, ReassignFile), options)
        return _place(_read(data, WorkshopFile), options)
    except InvalidProblem as error:
        field = error.field.replace("wishes", "prefs", 1)
        raise PlanRefused(f"{field}: {error.reason}") from error
    except Infeasible as error:
        raise PlanRefused(_infeasible([describe(rule) for rule in error.rules], error.irreducible)) from error
    except OutOfTime as error:
        raise PlanRefused(f"no placement found within {options.seconds:g} s") from error


def _read(data: dict[str, Any], kind: type[_File]) -> _File:
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        text, _, where = str(error).partition(" - at `$")
        field = where.rstrip("`").lstrip(".")
        raise PlanRefused(f"{field}: {text}" if field else text) from error


def _place(file: WorkshopFile, options: PlanOptions) -> dict[str, Any]:
    problem = _problem(file)
    validate(problem)
    for lock in problem.locks:
        if lock.workshop not in {workshop for workshop, _ in problem.choices(lock.person)}:
            wishes = f"person {lock.person} is only placed in a workshop that they ranked"
            raise PlanRefused(_infeasible([_lock(lock), wishes], True))
    placement = place(problem, Objective(options.objective), seed=options.seed, time_limit=options.seconds)
    counts = [*placement.rank_counts, *[0] * (file.ranks - problem.ranks)]
    return {
        "assign": placement.places,
        "profile": [*counts, placement.unplaced],
        "objective": placement.objective,
        "proven": placement.proven,
        "bound": placement.bound,
        "value": placement.value,
        "criteria": placement.criteria,
        "proven_by": _proven_by(placement),
        "unranked": placement.unranked,
        "seed": placement.seed,
        "seconds": round(placement.seconds, 6),
    }


def _proven_by(placement: Placement) -> str:
    if not placement.proven:
        return ""
    return placement.closed_by or ("certificate" if placement.certificate else "replay")


def _reassign(file: ReassignFile, options: PlanOptions) -> dict[str, Any]:
    if Path(file.base).name != file.base:
        raise PlanRefused("base: the name of a file in the same folder expected")
    try:
        problem = _problem(_read(read_problem(options.folder / file.base), WorkshopFile))
    except PlanRefused as error:
        raise PlanRefused(f"base: {error}") from error
    current, gone = _places_now(file, problem), frozenset(file.dropouts)
    for number, person in enumerate(file.dropouts):
        if not 0 <= person < problem.people:
            raise PlanRefused(f"dropouts[{number}]: there is no person {person}")
    placement = fewest_moves(
        problem,
        current,
        gone,
        Objective.GENEROUS,
        seed=options.seed,
        time_limit=options.seconds,
    )
    places = {
        str(person): [workshop for workshop in row if workshop != UNPLACED]
        for person, row in enumerate(placement.places)
        if person not in gone
    }
    absent = problem.slots * len(gone)
    return {
        "places": places,
        "new_places": sum(len(set(held) - set(current[int(name)])) for name, held in places.items()),
        "profile": [*placement.rank_counts, placement.unplaced - absent],
        "proven": placement.proven,
        "bound": [placement.bound[0] - absent, *placement.bound[1:]],
        "value": [placement.value[0] - absent, *placement.value[1:]],
        "criteria": placement.criteria,
        "seconds": round(placement.seconds, 6),
    }


def _places_now(file: ReassignFile, problem: PlacementProblem) -> list[tuple[int, ...]]:
    """Per person and slot; people who are not named are nowhere. Raises `PlanRefused`."""
    current: list[tuple[int, ...]] = [()] * problem.people
    for name, workshops in file.current.items():
        if not name.isdecimal() or int(name) >= problem.people:
            raise PlanRefused(f"current.{name}: there is no such person")
        for workshop in workshops:
            if not UNPLACED <= workshop < problem.workshops:
                raise PlanRefused(f"current.{name}: there is no workshop {workshop}")
        if len(workshops) > problem.slots:
            raise PlanRefused(f"current.{name}: more workshops than the {problem.slots} slots")
        current[int(name)] = (*workshops, *[UNPLACED] * (problem.slots - len(workshops)))
    return [row or (UNPLACED,) * problem.slots for row in current]


def _problem(file: WorkshopFile) -> PlacementProblem:
    for name, said, counted in (
        ("participants", file.participants, len(file.prefs)),
        ("workshops", file.workshops, len(file.capacity)),
    ):
        if said != counted:
            table = "prefs" if name == "participants" else "capacity"
            raise PlanRefused(f"{name}: {said}, but {table} has {counted}")
    if file.slots < 1:
        raise PlanRefused("slots: at least 1 needed")
    for name, rows in (("capacity", file.capacity), ("minimum", file.minimum or ())):
        for workshop, row in enumerate(rows):
            if len(row) != file.slots:
                raise PlanRefused(f"{name}[{workshop}]: {file.slots} slots expected, not {len(row)}")
    if not 0 <= file.ranks <= MOST_RANKS:
        raise PlanRefused(f"ranks: 0 to {MOST_RANKS} expected")
    for person, wishes in enumerate(file.prefs):
        if len(wishes) > file.ranks:
            raise PlanRefused(f"prefs[{person}]: {len(wishes)} wishes, more than ranks ({file.ranks})")
    return PlacementProblem(
        wishes=file.prefs,
        capacity=file.capacity,
        minimum=file.minimum or (),
        locks=tuple(Lock(*lock) for lock in file.locks or ()),
        profile_of=file.profile_of or (),
        balance=_balance(file.diversity),
        together=file.together or (),
        barred=file.barred or (),
        clashes=file.clashes or (),
        anywhere=frozenset(file.anywhere or ()),
    )


def _balance(diversity: Diversity | None) -> Balance | None:
    if diversity is None:
        return None
    share = diversity.max_share_of_one_profile
    if share is not None and not 0 < share <= 1:
        raise PlanRefused("diversity.max_share_of_one_profile: above 0 and at most 1 expected")
    part = (
        None if share is None else Fraction(repr(share))
    )  # 0.6 means three fifths, not its binary neighbour
    return Balance(
        most_share=None if part is None else (part.numerator, part.denominator),
        present=tuple(
            (one,) if isinstance(one, int) else one for one in diversity.at_least_one_of_profiles or ()
        ),
    )


def _infeasible(rules: Sequence[str], irreducible: bool) -> str:
    known = "none of which can be left out" if irreducible else "perhaps not all of them needed"
    return f"infeasible, these rules conflict: {'; '.join(rules)} ({known})"


def _lock(lock: Lock) -> str:
    return f"lock of person {lock.person} in workshop {lock.workshop}, slot {lock.slot}"


def describe(rule: Rule) -> str:
    """A rule in plain English, for engineers; screens make their own sentences."""
    session = f"workshop {rule.workshop}, slot {rule.slot}"
    match rule.kind:
        case RuleKind.LOCK:
            return f"lock of person {rule.person} in {session}"
        case RuleKind.CAPACITY:
            return f"capacity {rule.number} of {session}"
        case RuleKind.MINIMUM:
            return f"minimum {rule.number} of {session}"
        case RuleKind.BARRED:
            return f"person {rule.person} cannot attend {session}"
        case RuleKind.CLASH:
            return f"clashes[{rule.number}]"
        case RuleKind.TOGETHER:
            return f"together[{rule.number}]"
        case RuleKind.SHARE:
            return "diversity.max_share_of_one_profile"
        case RuleKind.PRESENT:
            return f"diversity.at_least_one_of_profiles[{rule.number}]"
        case RuleKind.QUOTA:
            return f"quota {rule.number}"
