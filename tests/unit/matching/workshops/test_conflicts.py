"""The rules named are a smallest conflict: against all sets of rules, and within bounded time."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from itertools import combinations, product

import pytest
from msgspec.structs import replace

from events_app.features.workshops.errors import (
    ManyRulesContradict,
    PlacementImpossible,
    RulesContradict,
    impossible,
)
from events_app.features.workshops.solving import Impossible, solve_and_check
from events_app.matching.files.planning import PlanOptions, PlanRefused
from events_app.matching.files.workshops import solve as plan
from events_app.matching.workshops import conflicts, placing, relaxation
from events_app.matching.workshops.assignment import solve
from events_app.matching.workshops.certificate import Refused, check_places
from events_app.matching.workshops.conflicts import Conflict, settle
from events_app.matching.workshops.exchanges import broken_alike
from events_app.matching.workshops.hitting_sets import Choice
from events_app.matching.workshops.problem import (
    UNPLACED,
    Balance,
    Infeasible,
    Lock,
    Objective,
    PlacementProblem,
    Quota,
    Rule,
    RuleKind,
    Session,
)
from events_app.matching.workshops.rulebook import Rulebook
from events_app.matching.workshops.rules import members
from tests.unit.matching.workshops.brute_force import RULES, random_problem

needs_highs = pytest.mark.skipif(not relaxation.available(), reason="HiGHS is missing: make setup-dev")

Places = tuple[tuple[int, ...], ...]


def rules_of(problem: PlacementProblem) -> list[Rule]:
    """Every rule that can be changed, also where it could never matter."""
    found = []
    for w, s in product(range(problem.workshops), range(problem.slots)):
        found.append(Rule(RuleKind.CAPACITY, workshop=w, slot=s, number=problem.capacity[w][s]))
        if problem.least(w, s):
            found.append(Rule(RuleKind.MINIMUM, workshop=w, slot=s, number=problem.least(w, s)))
    if problem.balance is not None:
        found += [Rule(RuleKind.SHARE)] if problem.balance.most_share else []
        found += [Rule(RuleKind.PRESENT, number=n) for n in range(len(problem.balance.present))]
        for n, quota in enumerate(problem.balance.quotas):
            found.append(Rule(RuleKind.QUOTA, workshop=quota.workshop, slot=quota.slot, number=n))
    for n, ((w, s), _) in enumerate(problem.clashes):
        found.append(Rule(RuleKind.CLASH, workshop=w, slot=s, number=n))
    found += [Rule(RuleKind.TOGETHER, number=n) for n in range(len(problem.together))]
    found += [Rule(RuleKind.BARRED, *seat) for seat in set(problem.barred)]
    return found + [Rule(RuleKind.LOCK, lock.person, lock.workshop, lock.slot) for lock in set(problem.locks)]


def kept(problem: PlacementProblem, rule: Rule, places: Places, inside: dict[Session, list[int]]) -> bool:
    """Whether places keep a rule, read off its definition; `inside` are the people of each session."""
    profile_of, balance = problem.profile_of, problem.balance or Balance()
    there, running = inside.get((rule.workshop, rule.slot), []), inside.values()
    match rule.kind:
        case RuleKind.LOCK:
            return rule.person in there
        case RuleKind.BARRED:
            return rule.person not in there
        case RuleKind.CAPACITY:
            return len(there) <= rule.number
        case RuleKind.MINIMUM:
            return not there or len(there) >= rule.number
        case RuleKind.CLASH:
            (one, s), (other, t) = problem.clashes[rule.number]
            return not any(row[s] == one and row[t] == other for row in places)
        case RuleKind.TOGETHER:
            return len({places[p] for p in problem.together[rule.number]}) == 1
        case RuleKind.QUOTA:
            quota = balance.quotas[rule.number]
            return sum(profile_of[p] == quota.profile for p in there) <= quota.most
        case RuleKind.PRESENT:
            return all(any(profile_of[p] in balance.present[rule.number] for p in one) for one in running)
    part, whole = balance.most_share or (1, 1)
    return all(
        sum(profile_of[q] == profile_of[p] for q in one) * whole <= part * len(one)
        for one in running
        for p in one
    )


def all_kept(problem: PlacementProblem) -> list[frozenset[Rule]]:
    """The rules that some places keep, for all places that are worth a look."""
    group_of = {p: group for group in problem.groups() for p in group}
    locked = {(p, k.workshop, k.slot) for k in problem.locks for p in group_of[k.person]}

    def rows(p: int) -> Iterator[tuple[int, ...]]:
        wished = {w for w, _ in problem.choices(p)}
        for row in product(range(UNPLACED, problem.workshops), repeat=problem.slots):
            seats = [(w, s) for s, w in enumerate(row) if w != UNPLACED]
            may = all(w in wished or (p, w, s) in locked for w, s in seats)
            if may and len({w for w, _ in seats}) == len(seats):
                yield row

    rules = rules_of(problem)
    found = set()
    for places in product(*map(list, map(rows, range(problem.people)))):
        inside = members(places)
        found.add(frozenset(rule for rule in rules if kept(problem, rule, places, inside)))
    return [one for one in found if not any(one < other for other in found)]


def contradict(rules: frozenset[Rule], ways: list[frozenset[Rule]]) -> bool:
    return not any(rules <= way for way in ways)


def some_problem(case: int) -> PlacementProblem:
    chance = random.Random(case)
    rules = [rule for rule in RULES if chance.random() < 0.5]
    problem = random_problem(chance, "locks", *rules, slots=chance.choice((1, 1, 2)))
    while problem.people * problem.workshops > 9:
        problem = random_problem(chance, "locks", *rules, slots=chance.choice((1, 1, 2)))
    more = {Lock(p, chance.randrange(problem.workshops), 0) for p in range(problem.people)}
    return replace(
        problem, locks=(*problem.locks, *chance.sample(sorted(more), chance.randint(1, len(more))))
    )


def test_no_fewer_rules_contradict_each_other() -> None:
    kinds: Counter[RuleKind] = Counter()
    for case in range(1000):
        problem = some_problem(case)
        found = settle(problem, seconds=60)
        if not isinstance(found, Conflict):
            assert found is not None
            check_places(problem, found)
            continue
        ways, rules = all_kept(problem), frozenset(found.rules)
        assert found.smallest
        assert contradict(rules, ways)
        fewer = combinations(rules_of(problem), len(rules) - 1)
        assert not any(contradict(frozenset(some), ways) for some in fewer)
        kinds.update({rule.kind for rule in rules})
    assert kinds[RuleKind.LOCK] > 700
    assert set(kinds) == set(RuleKind)


def test_what_is_said_for_all_places_alike_is_true_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is broken instead, as the demand says: there are places that break no more than that."""
    said: list[tuple[Rulebook, tuple[frozenset[int], ...]]] = []
    exchanged = 0

    def listening(book: Rulebook, rows: dict[int, tuple[int, ...]]) -> object:
        nonlocal exchanged
        broken = broken_alike(book, rows)
        exchanged += any(one.need > 1 for one in broken.demand)
        ways = [combinations(sorted(one.of), len(one.of) - one.need + 1) for one in broken.demand]
        said.extend((book, tuple(map(frozenset, instead))) for instead in product(*ways))
        return broken

    monkeypatch.setattr(conflicts, "broken_alike", listening)
    for case in range(100):
        chance = random.Random(case)
        slots = chance.choice((1, 1, 2))
        people = range(5 if slots == 1 else 3)
        problem = PlacementProblem(
            wishes=tuple(tuple(chance.sample(range(3), chance.randint(0, 3))) for _ in people),
            capacity=tuple(tuple(chance.randint(1, 4) for _ in range(slots)) for _ in range(3)),
            minimum=tuple(tuple(chance.choice((0, 0, 1, 3)) for _ in range(slots)) for _ in range(3)),
            locks=tuple(Lock(p, chance.randrange(3), s) for p in people for s in range(slots)),
            barred=((0, 0, 0),),
        )
        said.clear()
        if not isinstance(settle(problem, seconds=60), Conflict):
            continue
        ways = all_kept(problem)
        for book, instead in said:
            broken = {book.rules[number] for part in instead for number in part}
            assert not contradict(frozenset(book.rules) - broken, ways)
    assert exchanged > 50


@pytest.mark.parametrize("least", [0, 1, 2])
def test_nobody_takes_part_who_would_leave_too_few_behind(least: int) -> None:
    """Person 1 follows person 0 into workshop 2; person 2 could have, if workshop 1 can spare them."""
    problem = PlacementProblem(
        wishes=((2,), (0, 2), (1, 2), (1,)),
        capacity=((4,),) * 3,
        minimum=((0,), (least,), (2,)),
        locks=(Lock(0, 2, 0), Lock(1, 0, 0), Lock(2, 1, 0), Lock(3, 1, 0)),
    )
    book = Rulebook(problem)
    first, other = book.number[lock(1, 0)], book.number[lock(2, 1)]
    said = broken_alike(book, {0: (2,), 1: (2,), 2: (1,), 3: (1,)})
    assert said.rules == {first}
    alike = Choice(frozenset({first, other}), 2) if least < 2 else Choice(frozenset({first}))
    assert said.demand == (alike,)


def town(
    people: int, workshops: int, slots: int, seats: int, least: int, **rules: object
) -> PlacementProblem:
    chance = random.Random(1)
    rows = {"capacity": ((seats,) * slots,) * workshops, "minimum": ((least,) * slots,) * workshops}
    wishes = tuple(tuple(chance.sample(range(workshops), 5)) for _ in range(people))
    return PlacementProblem(**{"wishes": wishes, **rows, **rules})


def refused(problem: PlacementProblem) -> Infeasible:
    with pytest.raises(Infeasible) as raised:
        solve(problem)
    return raised.value


def lock(person: int, workshop: int, slot: int = 0) -> Rule:
    return Rule(RuleKind.LOCK, person, workshop, slot)


def test_two_locks_of_one_person_are_named_alone() -> None:
    locks = (Lock(0, 1, 0), Lock(0, 2, 0), *(Lock(p, 3, 1) for p in range(5, 25)))
    found = refused(town(400, 20, 2, 30, 5, locks=locks))
    assert (found.rules, found.smallest) == ((lock(0, 1), lock(0, 2)), True)


def test_more_locks_than_seats_are_proven_to_be_too_many() -> None:
    found = refused(town(5000, 60, 1, 150, 10, locks=tuple(Lock(p, 3, 0) for p in range(200))))
    assert Counter(rule.kind for rule in found.rules) == {RuleKind.LOCK: 151, RuleKind.CAPACITY: 1}
    assert found.smallest


def test_who_is_locked_elsewhere_is_counted_where_too_few_can_come() -> None:
    problem = town(400, 20, 2, 400, 1)
    wishing = [p for p, wishes in enumerate(problem.wishes) if 3 in wishes]
    least = [list(row) for row in problem.minimum]
    least[3][0] = len(wishing) - 30
    elsewhere = tuple(Lock(p, 10, 0) for p in wishing[1:45])
    found = refused(
        replace(problem, minimum=tuple(map(tuple, least)), locks=(Lock(wishing[0], 3, 0), *elsewhere))
    )
    assert Counter(rule.kind for rule in found.rules) == {RuleKind.LOCK: 32, RuleKind.MINIMUM: 1}
    assert found.smallest


def test_a_share_that_too_many_locks_break_is_named_with_the_seats() -> None:
    profiles = tuple(p % 3 for p in range(400))
    locks = tuple(Lock(p, 3, 0) for p in range(0, 60, 3))
    problem = town(400, 20, 2, 30, 5, locks=locks, profile_of=profiles, balance=Balance(most_share=(1, 2)))
    kinds = Counter(rule.kind for rule in refused(problem).rules)
    assert kinds == {RuleKind.LOCK: 16, RuleKind.SHARE: 1, RuleKind.CAPACITY: 1}


def test_thousands_of_locks_do_not_hide_a_bar() -> None:
    locks = tuple(Lock(p, p % 60, 0) for p in range(3000))
    found = refused(town(3000, 60, 1, 150, 10, locks=locks, barred=((7, 7, 0),)))
    assert (found.rules, found.smallest) == ((Rule(RuleKind.BARRED, 7, 7, 0), lock(7, 7)), True)


def scarce() -> PlacementProblem:
    """Two people of a profile of which three sessions need one; only the two could go there, or anybody."""
    wishes = tuple((3, 4, 5) if p < 2 else (3 + p % 3, p % 3) for p in range(60))
    locks = (Lock(10, 4, 0), Lock(11, 5, 0), Lock(12, 3, 0))
    return PlacementProblem(
        wishes=wishes,
        capacity=((30,),) * 6,
        profile_of=tuple(int(p < 2) for p in range(60)),
        locks=locks,
        balance=Balance(present=((1,),), quotas=(Quota(0, 0, 0, 5),)),
    )


def test_a_search_without_end_is_bounded_and_says_that_it_proves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(conflicts, "STEPS", 20_000)
    started = time.perf_counter()
    assert settle(scarce(), seconds=20) is None
    found = conflicts.conflict(scarce(), seconds=20)
    assert not found.smallest
    assert time.perf_counter() - started < 5


@needs_highs
def test_what_only_highs_can_tell_is_a_conflict_and_not_out_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conflicts, "STEPS", 20_000)
    monkeypatch.setattr(placing, "FLOW_SECONDS", 0.1)
    with pytest.raises(Infeasible) as raised:
        placing.place(scarce(), time_limit=30)
    assert Counter(rule.kind for rule in raised.value.rules) == {RuleKind.LOCK: 3, RuleKind.PRESENT: 1}
    assert raised.value.smallest


@pytest.mark.parametrize("answer", [((3,),) * 60, ((UNPLACED,),) * 60])
def test_places_that_another_solver_makes_up_prove_nothing(
    monkeypatch: pytest.MonkeyPatch, answer: Places
) -> None:
    monkeypatch.setattr(conflicts, "STEPS", 20_000)
    assert settle(scarce(), seconds=20, beside=lambda _problem: answer) is None


def test_what_is_said_to_people_depends_on_the_rules_and_on_the_proof() -> None:
    least = Rule(RuleKind.MINIMUM, workshop=0, slot=0, number=3)
    assert impossible((least, lock(0, 0)), True) is PlacementImpossible
    assert impossible((Rule(RuleKind.SHARE), least, lock(0, 0)), True) is RulesContradict
    assert impossible((lock(0, 0), lock(0, 1)), True) is RulesContradict
    assert impossible((least, lock(0, 0)), False) is ManyRulesContradict


def test_a_conflict_travels_between_processes_as_data() -> None:
    problem = PlacementProblem(wishes=((0,),), capacity=((1,),), minimum=((2,),), locks=(Lock(0, 0, 0),))
    answer = solve_and_check(problem, Objective.GUARANTEE, 1)
    least = Rule(RuleKind.MINIMUM, workshop=0, slot=0, number=2)
    assert answer == Impossible((lock(0, 0), least), True)


def test_the_command_says_whether_fewer_rules_would_do() -> None:
    data = {"problem": "workshop", "participants": 2, "workshops": 1, "slots": 1, "ranks": 1}
    data |= {"prefs": [[0], [0]], "capacity": [[1]], "locks": [[0, 0, 0], [1, 0, 0]]}
    expected = (
        "infeasible, these rules conflict: capacity 1 of workshop 0, slot 0; .* \\(a smallest conflict\\)"
    )
    with pytest.raises(PlanRefused, match=expected):
        plan(data, PlanOptions(seconds=5))


def test_a_conflict_is_refused_by_the_checker_too() -> None:
    problem = PlacementProblem(wishes=((0,),), capacity=((0,),), locks=(Lock(0, 0, 0),))
    assert refused(problem).rules == (Rule(RuleKind.CAPACITY, workshop=0, slot=0, number=0), lock(0, 0))
    with pytest.raises(Refused):
        check_places(problem, ((0,),))
