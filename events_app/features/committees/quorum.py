"""Who counts towards the quorum of one item, and who may vote on it. Pure.

A seat is present where its member or a substitute sits. A proxy is given by a seat that is not present to one
that is; whoever holds more than the rules allow has those given first.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from uuid import UUID

import msgspec

from events_app.features.committees.rules import RuleSet


class Quorum(msgspec.Struct, frozen=True):
    """`in_office`: of how many a majority is needed; `needed`: how many; `counted`: how many there are.
    `voters`: how many votes can be cast on this item, proxies included."""

    in_office: int
    needed: int
    counted: int
    reached: bool
    voters: int


class Room(msgspec.Struct, frozen=True):
    """Seats as they are at one moment. `proxies`: who has given theirs to whom, in the order of arrival."""

    in_office: frozenset[UUID]
    present: frozenset[UUID]
    proxies: Mapping[UUID, UUID] = {}


def valid_proxies(room: Room, rules: RuleSet, recused: Collection[UUID] = ()) -> dict[UUID, UUID]:
    """By giver. Whoever steps aside for the item neither votes nor is voted for."""
    there = (room.present & room.in_office) - set(recused)
    held: Counter[UUID] = Counter()
    valid = {}
    for giver, holder in room.proxies.items():
        able = giver in room.in_office and giver not in room.present and giver not in recused
        if able and holder in there and held[holder] < rules.proxies_each:
            held[holder] += 1
            valid[giver] = holder
    return valid


def voters(room: Room, rules: RuleSet, recused: Collection[UUID] = ()) -> frozenset[UUID]:
    """The seats whose vote can be cast: by who sits there, or by whom they gave their proxy to."""
    there = (room.present & room.in_office) - set(recused)
    return there | valid_proxies(room, rules, recused).keys()


def quorum_of(room: Room, rules: RuleSet, recused: Collection[UUID] = (), *, second: bool = False) -> Quorum:
    """The majority of the members in office (CGCT L2121-17); `second`: a second sitting, which needs none
    where the rules know of such, but for somebody being there."""
    office = room.in_office if rules.recused_in_office else room.in_office - set(recused)
    there = (room.present & room.in_office) - set(recused)
    counted = len(there)
    if rules.proxies_count:
        counted += len(valid_proxies(room, rules, recused))
    needed = 1 if second and rules.second_after_days is not None else len(office) // 2 + 1
    return Quorum(
        in_office=len(office),
        needed=needed,
        counted=counted,
        reached=counted >= needed,
        voters=len(voters(room, rules, recused)),
    )
