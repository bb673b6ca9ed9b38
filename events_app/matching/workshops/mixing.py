"""Whether a session could run at all if everybody who may come did: counting people by profile."""

from collections import Counter, defaultdict

from events_app.matching.workshops.choices import Choices
from events_app.matching.workshops.problem import PlacementProblem, Session


def cannot_run(problem: PlacementProblem, choices: Choices) -> bool:
    """Whether some session with locks is impossible by itself: by size, shares, quotas or who must be there.

    A search would have to leave out people one by one to see it.
    """
    balance = problem.balance
    if balance is None:
        return False
    locked: dict[Session, Counter[int]] = defaultdict(Counter)
    others: dict[Session, Counter[int]] = defaultdict(Counter)
    for person, row in choices.locked.items():
        for slot, workshop in row.items():
            locked[workshop, slot][problem.profile_of[person]] += 1
    for person, workshops in enumerate(choices.slots):
        for workshop, slots in workshops.items():
            for slot in slots:
                others[workshop, slot][problem.profile_of[person]] += 1
    return any(not _can_run(problem, session, there, others[session]) for session, there in locked.items())


def _can_run(problem: PlacementProblem, session: Session, there: Counter[int], others: Counter[int]) -> bool:
    """Whether some size would do for one session. Sets of profiles are looked at one by one."""
    balance = problem.balance
    assert balance is not None  # noqa: S101 - asked above
    most = there + others
    for quota in balance.quotas:
        if (quota.workshop, quota.slot) == session:
            most[quota.profile] = min(most[quota.profile], quota.most)
    if any(count > most[profile] for profile, count in there.items()):
        return False
    if any(not any(most[profile] for profile in profiles) for profiles in balance.present):
        return False
    part, whole = balance.most_share or (1, 1)
    least = max(problem.least(*session), there.total())
    for size in range(least, min(problem.seats(*session), most.total()) + 1):
        share = part * size // whole
        fits = all(count <= share for count in there.values())
        if fits and sum(min(count, share) for count in most.values()) >= size:
            return True
    return False
