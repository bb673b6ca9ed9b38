"""The rules named contradict each other, and none can be left out: against all places."""

import random
from collections import Counter
from collections.abc import Iterator
from itertools import product

import pytest
from msgspec.structs import replace

from events_app.features.workshops.errors import (
    LocksOverlap,
    ManyRulesContradict,
    PlacementImpossible,
    RulesContradict,
    impossible,
)
from events_app.features.workshops.solving import Impossible, solve_and_check
from events_app.matching.files.planning import PlanOptions, PlanRefused
from events_app.matching.files.workshops import solve as plan
from events_app.matching.workshops.certificate import Refused, check_places
from events_app.matching.workshops.conflict import conflict
from events_app.matching.workshops.place import place
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
from events_app.matching.workshops.rules import members
from tests.unit.matching.workshops.brute_force import RULES, random_problem

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


def test_the_rules_named_contradict_each_other_and_none_can_be_left_out() -> None:
    kinds: Counter[RuleKind] = Counter()
    for case in range(400):
        problem = some_problem(case)
        if contradict(frozenset(rules_of(problem)), ways := all_kept(problem)):
            found = refused(problem)
            rules = frozenset(found.rules)
            assert found.irreducible
            assert contradict(rules, ways)
            assert not any(contradict(rules - {rule}, ways) for rule in rules)
            kinds.update({rule.kind for rule in rules})
        else:
            check_places(problem, place(problem).places)
    assert kinds[RuleKind.LOCK] > 200
    assert set(kinds) == set(RuleKind)


def town(
    people: int, workshops: int, slots: int, seats: int, least: int, **rules: object
) -> PlacementProblem:
    chance = random.Random(1)
    rows = {"capacity": ((seats,) * slots,) * workshops, "minimum": ((least,) * slots,) * workshops}
    wishes = tuple(tuple(chance.sample(range(workshops), 5)) for _ in range(people))
    return PlacementProblem(**{"wishes": wishes, **rows, **rules})


def refused(problem: PlacementProblem) -> Infeasible:
    with pytest.raises(Infeasible) as raised:
        place(problem)
    return raised.value


def lock(person: int, workshop: int, slot: int = 0) -> Rule:
    return Rule(RuleKind.LOCK, person, workshop, slot)


def test_two_locks_of_one_person_are_named_alone() -> None:
    locks = (Lock(0, 1, 0), Lock(0, 2, 0), *(Lock(p, 3, 1) for p in range(5, 25)))
    found = refused(town(400, 20, 2, 30, 5, locks=locks))
    assert (found.rules, found.irreducible) == ((lock(0, 1), lock(0, 2)), True)


def test_more_locks_than_seats_are_proven_to_be_too_many() -> None:
    found = refused(town(5000, 60, 1, 150, 10, locks=tuple(Lock(p, 3, 0) for p in range(200))))
    assert Counter(rule.kind for rule in found.rules) == {RuleKind.LOCK: 151, RuleKind.CAPACITY: 1}
    assert found.irreducible


def test_a_share_that_too_many_locks_break_is_named_with_the_seats() -> None:
    profiles = tuple(p % 3 for p in range(400))
    locks = tuple(Lock(p, 3, 0) for p in range(0, 60, 3))
    problem = town(400, 20, 2, 30, 5, locks=locks, profile_of=profiles, balance=Balance(most_share=(1, 2)))
    kinds = Counter(rule.kind for rule in refused(problem).rules)
    assert kinds == {RuleKind.LOCK: 16, RuleKind.SHARE: 1, RuleKind.CAPACITY: 1}


def test_thousands_of_locks_do_not_hide_a_bar() -> None:
    locks = tuple(Lock(p, p % 60, 0) for p in range(3000))
    found = refused(town(3000, 60, 1, 150, 10, locks=locks, barred=((7, 7, 0),)))
    assert (found.rules, found.irreducible) == ((Rule(RuleKind.BARRED, 7, 7, 0), lock(7, 7)), True)


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


def test_people_whom_too_many_sessions_need_are_named_with_their_rule() -> None:
    found = refused(scarce())
    assert Counter(rule.kind for rule in found.rules) == {RuleKind.LOCK: 3, RuleKind.PRESENT: 1}


def test_two_locks_at_the_same_time_are_named_with_what_forbids_them() -> None:
    clashes = (((2, 0), (3, 1)), ((0, 0), (1, 1)))
    problem = PlacementProblem(
        wishes=((0, 1),) * 3,
        capacity=((3, 0), (0, 3), (3, 0), (0, 3)),
        locks=(Lock(0, 0, 0), Lock(1, 0, 0), Lock(1, 1, 1), Lock(2, 1, 1)),
        clashes=clashes,
    )
    rules = refused(problem).rules
    assert set(rules) == {Rule(RuleKind.CLASH, workshop=0, slot=0, number=1), lock(1, 0), lock(1, 1, 1)}
    assert impossible(rules, True) is LocksOverlap


def test_what_could_not_be_made_smaller_in_time_says_so() -> None:
    found = conflict(scarce(), seconds=0.0, stopped=lambda: False)
    assert not found.irreducible
    assert len(found.rules) > 4


def test_what_is_said_to_people_depends_on_the_rules_and_on_the_proof() -> None:
    least = Rule(RuleKind.MINIMUM, workshop=0, slot=0, number=3)
    assert impossible((least, lock(0, 0)), True) is PlacementImpossible
    assert impossible((Rule(RuleKind.SHARE), least, lock(0, 0)), True) is RulesContradict
    assert impossible((lock(0, 0), lock(0, 1)), True) is RulesContradict
    assert impossible((least, lock(0, 0)), False) is ManyRulesContradict


def test_a_conflict_is_an_answer() -> None:
    problem = PlacementProblem(wishes=((0,),), capacity=((1,),), minimum=((2,),), locks=(Lock(0, 0, 0),))
    answer = solve_and_check(problem, Objective.GUARANTEE, 1)
    least = Rule(RuleKind.MINIMUM, workshop=0, slot=0, number=2)
    assert answer == Impossible((least, lock(0, 0)), True)


def test_the_command_names_the_rules() -> None:
    data = {"problem": "workshop", "participants": 2, "workshops": 1, "slots": 1, "ranks": 1}
    data |= {"prefs": [[0], [0]], "capacity": [[1]], "locks": [[0, 0, 0], [1, 0, 0]]}
    expected = "conflict: capacity 1 of workshop 0, slot 0; .* \\(none of which can be left out\\)"
    with pytest.raises(PlanRefused, match=expected):
        plan(data, PlanOptions(seconds=5))


def test_a_conflict_is_refused_by_the_checker_too() -> None:
    problem = PlacementProblem(wishes=((0,),), capacity=((0,),), locks=(Lock(0, 0, 0),))
    assert refused(problem).rules == (Rule(RuleKind.CAPACITY, workshop=0, slot=0, number=0), lock(0, 0))
    with pytest.raises(Refused):
        check_places(problem, ((0,),))
