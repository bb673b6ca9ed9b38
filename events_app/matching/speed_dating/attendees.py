"""Who may meet whom, and how much they wish to: from what attendees said to a speed-dating problem."""

from collections.abc import Sequence

from msgspec import Struct

from events_app.matching.invalid import InvalidProblem


class Attendee(Struct, frozen=True, kw_only=True):
    """`name` identifies the person in `wishes` and `conflicts` of the others; conflicts work both ways."""

    name: str
    organisation: str | None = None
    languages: frozenset[str] = frozenset()
    wishes: frozenset[str] = frozenset()
    conflicts: frozenset[str] = frozenset()


MUTUAL, ONE_SIDED = 3, 1
"""A wish that both have counts more than two that only one has."""


def eligibility(
    side_a: Sequence[Attendee], side_b: Sequence[Attendee]
) -> tuple[list[list[int]], list[list[int]]]:
    """The `eligible` and `score` matrices.

    Nobody meets their own organisation, a conflict of interest, or somebody with whom they share no
    language (where both named theirs). Raises InvalidProblem where a person is named twice.
    """
    for field, side in (("side_a", side_a), ("side_b", side_b)):
        seen: set[str] = set()
        for person in side:
            if person.name in seen:
                raise InvalidProblem(field, f"{person.name} is named twice")
            seen.add(person.name)
    both = {person.name for person in side_a} & {person.name for person in side_b}
    if both:
        raise InvalidProblem("side_b", f"{min(both)} is on both sides")
    eligible = [[int(_may_meet(a, b)) for b in side_b] for a in side_a]
    score = [[_score(b.name in a.wishes, a.name in b.wishes) for b in side_b] for a in side_a]
    return eligible, score


def _may_meet(a: Attendee, b: Attendee) -> bool:
    if a.organisation is not None and a.organisation == b.organisation:
        return False
    if a.name in b.conflicts or b.name in a.conflicts:
        return False
    return not a.languages or not b.languages or bool(a.languages & b.languages)


def _score(one: bool, other: bool) -> int:
    return MUTUAL if one and other else ONE_SIDED * (one or other)
