"""Who may say of whom that they would like to meet again, and whose contacts pass. Pure."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from itertools import combinations
from uuid import UUID

import msgspec

from events_app.features.events.model import SessionRecord
from events_app.features.networking.model import Rounds, RoundTime
from events_app.features.networking.sides import TwoSides

TIME_TO_SAY = timedelta(days=1)

Said = tuple[UUID, UUID]
"""Who says it of whom."""

Pair = tuple[UUID, UUID]
"""Two people, in the order of their ids."""


def passes_at(session: SessionRecord) -> datetime:
    """When contacts pass, unless the organiser says so earlier."""
    return session.ends_at + TIME_TO_SAY


def pair_of(one: UUID, other: UUID) -> Pair:
    return (one, other) if one < other else (other, one)


def mutual(said: Iterable[Said], taking_part: Collection[UUID]) -> list[Pair]:
    """Where both said so and both still take part."""
    known = set(said)
    return sorted(
        {
            pair_of(who, whom)
            for who, whom in known
            if (whom, who) in known and who in taking_part and whom in taking_part and who != whom
        }
    )


def met(rounds: Rounds, begun: Collection[int], two: TwoSides | None) -> set[Pair]:
    """Who sat together in rounds that have begun; of speed-dating candidates and who received them."""
    receiving = {guest.registration_id for guest in two.posts} if two else set()
    return {
        pair_of(one, other)
        for number, tables in enumerate(rounds, 1)
        if number in begun
        for table in tables
        for one, other in combinations(table, 2)
        if two is None or (one in receiving) != (other in receiving)
    }


def begun_rounds(times: Iterable[RoundTime], announced: Collection[int], now: datetime) -> set[int]:
    """Those that were announced; where nobody announces, those whose time has come."""
    if announced:
        return set(announced)
    return {time.number for time in times if time.starts_at <= now}


class Report(msgspec.Struct, frozen=True):
    """The four figures of the trade, as counts. `wishes`, `fulfilled`: wishes to meet, and those that came
    about; `people`, `met_two`: who was there, and met two others or more; `planned`, `held`: meetings (a pair
    once); `again`, `both`: held meetings of which one at least, or both, would like another."""

    wishes: int
    fulfilled: int
    people: int
    met_two: int
    planned: int
    held: int
    again: int
    both: int


def report_of(
    wishes: int,
    fulfilled: int,
    planned: int,
    held: Collection[Pair],
    said: Iterable[Said],
    there: Iterable[UUID],
) -> Report:
    """`there`: who sat in a round that has begun."""
    others: dict[UUID, int] = dict.fromkeys(there, 0)
    for one, other in held:
        for person in (one, other):
            others[person] = others.get(person, 0) + 1
    known = set(said)
    liked = {pair_of(who, whom) for who, whom in known} & set(held)
    return Report(
        wishes=wishes,
        fulfilled=fulfilled,
        people=len(others),
        met_two=sum(number >= 2 for number in others.values()),
        planned=max(planned, len(held)),
        held=len(held),
        again=len(liked),
        both=sum((one, other) in known and (other, one) in known for one, other in liked),
    )
