"""The networking problems of `convive plan`: one JSON object in, one out (docs/networking-mathematics.md)."""

import re
from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import Struct

from events_app.matching.files.planning import PlanOptions
from events_app.matching.invalid import InvalidProblem
from events_app.matching.speed_dating.session import SpeedProblem, plan_required, plan_session
from events_app.matching.speed_dating.speed import MOST_SCORE
from events_app.matching.tables.bounds import pairs_of, table_sizes
from events_app.matching.tables.seating_plan import TablesProblem
from events_app.matching.tables.tables import USUAL_EFFORT, plan_tables

MOST_ROUNDS = 1000
MOST_CELLS = 2_500_000
"""Pairs of a speed-dating problem; meetings of a tables problem."""

SAFETY_SECONDS = 0.3
"""Left of the time limit for starting up, checking and printing."""

LONGEST_EFFORT = 12.0
"""Where a plan of tables is far below the bound, it is searched again with at most so much effort."""


class SpeedInput(Struct, frozen=True, forbid_unknown_fields=True):
    problem: Literal["speed"]
    side_a: int
    side_b: int
    rounds: int
    eligible: list[list[int]]
    score: list[list[int]]
    available_a: list[list[int]] | None = None
    available_b: list[list[int]] | None = None
    rooms: int | None = None
    breaks: list[int] = []


class SpeedRequiredInput(Struct, frozen=True, forbid_unknown_fields=True):
    problem: Literal["speed_required"]
    side_a: int
    side_b: int
    required: list[tuple[int, int]]


class TablesInput(Struct, frozen=True, forbid_unknown_fields=True):
    problem: Literal["tables"]
    people: int
    tables: int
    size: int
    rounds: int
    organisation: list[int] | None = None
    hosts: list[tuple[int, int]] = []
    apart: list[tuple[int, int]] = []
    wishes: list[tuple[int, int]] = []


Answer = dict[str, Any]
Input = TypeVar("Input")


def solve(data: Mapping[str, Any], options: PlanOptions) -> Answer:
    """The answer to one problem. Raises InvalidProblem naming the field, or Infeasible naming the rules."""
    started = monotonic()
    kind = data.get("problem")
    solver = SOLVERS.get(kind) if isinstance(kind, str) else None
    if solver is None:
        raise InvalidProblem("problem", f"must be one of {', '.join(SOLVERS)}")
    return {**solver(data, options), "seconds": round(monotonic() - started, 4)}


def solve_speed(data: Mapping[str, Any], options: PlanOptions) -> Answer:
    given = _read(data, SpeedInput)
    _within("side_a", given.side_a, 1)
    _within("side_b", given.side_b, 1)
    _within("rounds", given.rounds, 1, MOST_ROUNDS)
    if given.side_a * given.side_b > MOST_CELLS:
        raise InvalidProblem("side_a", f"side_a times side_b is more than {MOST_CELLS}")
    _matrix("eligible", given.eligible, given.side_a, given.side_b, binary=True)
    _matrix("score", given.score, given.side_a, given.side_b)
    for i, row in enumerate(given.score):
        if max(map(abs, row)) > MOST_SCORE:
            raise InvalidProblem(f"score[{i}]", f"must be from -{MOST_SCORE} to {MOST_SCORE}")
    if given.rooms is not None:
        _within("rooms", given.rooms, 1)
    for i, turn in enumerate(given.breaks):
        _within(f"breaks[{i}]", turn, 0, given.rounds - 1)
    plan = plan_session(
        SpeedProblem(
            rounds=given.rounds,
            eligible=given.eligible,
            score=given.score,
            there_a=_masks("available_a", given.available_a, given.side_a, given.rounds),
            there_b=_masks("available_b", given.available_b, given.side_b, given.rounds),
            rooms=given.rooms,
            breaks=frozenset(given.breaks),
        ),
        seed=options.seed,
    )
    return {
        "rounds": plan.rounds,
        "meetings": plan.meetings,
        "score": sum(given.score[a][b] for met in plan.rounds for a, b in met),
        "bound": plan.bound,
        "ratio": plan.ratio,
        "proven": plan.proven,
    }


def solve_required(data: Mapping[str, Any], options: PlanOptions) -> Answer:
    given = _read(data, SpeedRequiredInput)
    _within("side_a", given.side_a, 1, MOST_CELLS)
    _within("side_b", given.side_b, 1, MOST_CELLS)
    _pairs("required", given.required, given.side_a, given.side_b)
    if len(set(given.required)) < len(given.required):
        raise InvalidProblem("required", "a pair is named twice")
    rounds = plan_required(given.required, given.side_a, given.side_b)
    return {"rounds": rounds, "bound": len(rounds), "ratio": 1.0, "proven": True}


def _tables_problem(given: TablesInput) -> TablesProblem:
    for field in ("people", "tables", "size"):
        _within(field, getattr(given, field), 1, MOST_CELLS)
    _within("rounds", given.rounds, 1, MOST_ROUNDS)
    if given.people > given.tables * given.size:
        raise InvalidProblem(
            "people", f"{given.people} people do not fit at {given.tables} tables of {given.size}"
        )
    if given.tables > given.people:
        raise InvalidProblem("tables", f"{given.tables} tables for {given.people} people leave some empty")
    if given.rounds * sum(map(pairs_of, table_sizes(given.people, given.tables))) > MOST_CELLS:
        raise InvalidProblem("size", f"more than {MOST_CELLS} meetings to plan")
    if given.organisation is not None and len(given.organisation) != given.people:
        raise InvalidProblem(
            "organisation", f"has {len(given.organisation)} entries for {given.people} people"
        )
    _pairs("hosts", given.hosts, given.people, given.tables)
    _pairs("apart", given.apart, given.people, given.people)
    _pairs("wishes", given.wishes, given.people, given.people)
    _hosts_fit(given)
    return TablesProblem(
        people=given.people,
        tables=given.tables,
        rounds=given.rounds,
        organisation=tuple(given.organisation) if given.organisation else None,
        hosts=tuple(given.hosts),
        apart=tuple(given.apart),
        wishes=tuple(given.wishes),
    )


def solve_tables(data: Mapping[str, Any], options: PlanOptions) -> Answer:
    problem = _tables_problem(_read(data, TablesInput))
    seconds = max(options.seconds - SAFETY_SECONDS, 0.05)
    end = monotonic() + seconds
    plan = plan_tables(problem, effort=min(seconds, USUAL_EFFORT), seconds=seconds, seed=options.seed)
    more = min(seconds - USUAL_EFFORT, LONGEST_EFFORT)
    if not plan.good and more > 0:
        again = plan_tables(problem, effort=more, seconds=end - monotonic(), seed=options.seed)
        plan = min(plan, again, key=lambda one: one.measure)
    return {
        "rounds": plan.rounds,
        "distinct": plan.distinct,
        "repeats": plan.measure.repeats,
        "bound": plan.bounds.distinct,
        "ratio": plan.ratio,
        "least_repeats": plan.bounds.repeats,
        "same_organisation": plan.measure.same_organisation,
        "apart_broken": plan.measure.apart_broken,
        "wishes_missed": plan.measure.wishes_missed,
        "proven": plan.proven,
    }


SOLVERS: dict[str, Callable[[Mapping[str, Any], PlanOptions], Answer]] = {
    "speed": solve_speed,
    "speed_required": solve_required,
    "tables": solve_tables,
}


def _read(data: Mapping[str, Any], kind: type[Input]) -> Input:
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        message = str(error)
        named = re.search(r"(?:unknown|required) field `([^`]*)`", message)
        if named:
            what = "is not known" if "unknown" in message else "is missing"
            raise InvalidProblem(named[1], what) from error
        reason, _, path = message.partition(" - at `$")
        raise InvalidProblem(path.strip(".`") or "problem", reason) from error


def _within(field: str, value: int, least: int, most: int | None = None) -> None:
    if value < least or (most is not None and value > most):
        limits = f"from {least} to {most}" if most is not None else f"at least {least}"
        raise InvalidProblem(field, f"must be {limits}, not {value}")


def _matrix(field: str, rows: Sequence[Sequence[int]], height: int, width: int, binary: bool = False) -> None:
    if len(rows) != height:
        raise InvalidProblem(field, f"has {len(rows)} rows instead of {height}")
    for i, row in enumerate(rows):
        if len(row) != width:
            raise InvalidProblem(f"{field}[{i}]", f"has {len(row)} entries instead of {width}")
        if binary and not {0, 1}.issuperset(row):
            raise InvalidProblem(f"{field}[{i}]", "must hold only 0 and 1")


def _masks(field: str, rows: list[list[int]] | None, height: int, rounds: int) -> list[int] | None:
    if rows is None:
        return None
    _matrix(field, rows, height, rounds, binary=True)
    return [sum(yes << turn for turn, yes in enumerate(row)) for row in rows]


def _pairs(field: str, pairs: Sequence[tuple[int, int]], first: int, second: int) -> None:
    for i, (x, y) in enumerate(pairs):
        if not (0 <= x < first and 0 <= y < second):
            raise InvalidProblem(f"{field}[{i}]", f"{x}, {y} is out of range")


def _hosts_fit(given: TablesInput) -> None:
    at_table: dict[int, int] = {}
    if len({person for person, _ in given.hosts}) < len(given.hosts):
        raise InvalidProblem("hosts", "a person hosts two tables")
    for _, table in given.hosts:
        at_table[table] = at_table.get(table, 0) + 1
    sizes = table_sizes(given.people, given.tables)
    for table, hosts in at_table.items():
        if hosts > sizes[table]:
            raise InvalidProblem("hosts", f"table {table} has {hosts} hosts and {sizes[table]} seats")
    for field in ("apart", "wishes"):
        for i, (x, y) in enumerate(getattr(given, field)):
            if x == y:
                raise InvalidProblem(f"{field}[{i}]", f"names person {x} twice")
