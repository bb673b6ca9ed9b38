"""The rules that a placement must keep, read off the places alone; shared by search and checker."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from events_app.matching.workshops.problem import UNPLACED, PlacementProblem, Rule, RuleKind, Session

Places = Sequence[Sequence[int]]


def members(places: Places) -> dict[Session, list[int]]:
    """The people of each session in which somebody is."""
    found: dict[Session, list[int]] = {}
    for person, row in enumerate(places):
        for slot, workshop in enumerate(row):
            if workshop != UNPLACED:
                found.setdefault((workshop, slot), []).append(person)
    return found


def unbalanced(
    problem: PlacementProblem, session: Session, people: Iterable[int]
) -> tuple[Rule, list[int]] | None:
    """The balance rule that these people would break, with the profiles that are too many or missing."""
    balance = problem.balance
    if balance is None:
        return None
    counts = Counter(problem.profile_of[person] for person in people)
    size = sum(counts.values())
    for number, quota in enumerate(balance.quotas):
        if (quota.workshop, quota.slot) == session and counts[quota.profile] > quota.most:
            return Rule(RuleKind.QUOTA, workshop=session[0], slot=session[1], number=number), [quota.profile]
    if size and balance.most_share is not None:
        part, whole = balance.most_share
        for profile, count in sorted(counts.items()):
            if count * whole > part * size:
                return Rule(RuleKind.SHARE, workshop=session[0], slot=session[1]), [profile]
    if size:
        for number, profiles in enumerate(balance.present):
            if not any(counts[profile] for profile in profiles):
                return Rule(RuleKind.PRESENT, workshop=session[0], slot=session[1], number=number), list(
                    profiles
                )
    return None


def clashing(problem: PlacementProblem, row: Sequence[int]) -> Iterator[tuple[Rule, tuple[Session, Session]]]:
    """The pairs of sessions in a person's row that nobody may both have."""
    for number, pair in enumerate(problem.clashes):
        if all(row[slot] == workshop for workshop, slot in pair):
            (workshop, slot), _ = pair
            yield Rule(RuleKind.CLASH, workshop=workshop, slot=slot, number=number), pair
