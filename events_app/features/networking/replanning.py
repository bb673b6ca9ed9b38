"""The rounds to come, for those who are there. Pure."""

from collections.abc import Mapping
from uuid import UUID

from events_app.features.networking.arrangement import problem_of, together_groups
from events_app.features.networking.model import PlanRecord, Rounds
from events_app.features.networking.now import RoomNow
from events_app.features.networking.presence import State, mask_of
from events_app.features.networking.sides import (
    TwoSides,
    attendance_mask,
    meetings_in,
    meetings_problem,
    sides_of,
)
from events_app.matching.speed_dating.structures import StructuresProblem, replan_structures
from events_app.matching.tables.live import rearrange


def replanned(
    now: RoomNow, plan: PlanRecord, rounds: Rounds, announced: int, states: Mapping[UUID, State]
) -> Rounds:
    """With the rules and wishes of the plan; the first `announced` rounds stay as they are."""
    if plan.settings.sides is None:
        return _tables(now, plan, rounds, announced, states)
    return _pairs(now, plan, rounds, announced, states)


def _tables(
    now: RoomNow, plan: PlanRecord, rounds: Rounds, announced: int, states: Mapping[UUID, State]
) -> Rounds:
    ids = [guest.registration_id for guest in now.guests]
    place = {person: number for number, person in enumerate(ids)}
    problem = problem_of(now.guests, plan.settings)
    found = rearrange(
        [[[place[p] for p in table if p in place] for table in tables] for tables in rounds],
        announced,
        [mask_of(states[person], announced, len(rounds)) for person in ids],
        apart=problem.apart,
        organisation=problem.organisation,
        bound={person for person, _ in problem.hosts}.union(*together_groups(now.guests, plan.settings)),
    )
    later = [[[ids[p] for p in table] for table in tables] for tables in found.rounds[announced:]]
    return [*rounds[:announced], *later]


def _pairs(
    now: RoomNow, plan: PlanRecord, rounds: Rounds, announced: int, states: Mapping[UUID, State]
) -> Rounds:
    two = sides_of(now.guests, plan.settings.sides)
    tables = _tables_of_posts(two, rounds)
    problem = meetings_problem(two, plan.settings, now.wishes)
    there_a, there_b = (
        [
            attendance_mask(guest.registration_id, plan.settings)
            & mask_of(states[guest.registration_id], announced, len(rounds))
            * (side is two.candidates or guest.registration_id in tables)
            for guest in side
        ]
        for side in (two.candidates, two.posts)
    )
    candidate = {guest.registration_id: number for number, guest in enumerate(two.candidates)}
    post = {guest.registration_id: number for number, guest in enumerate(two.posts)}
    met: list[list[tuple[int, int]]] = [[] for _ in rounds]
    for number, _, person, host in meetings_in(rounds, two):
        met[number - 1].append((candidate[person], post[host]))
    problem = StructuresProblem(
        rounds=len(rounds),
        structure_of=problem.structure_of,
        eligible=problem.eligible,
        score=problem.score,
        there_a=there_a,
        there_b=there_b,
        rooms=problem.rooms,
    )
    later = replan_structures(problem, met, announced)[announced:]
    result = [[list(table) for table in tables] for tables in rounds[:announced]]
    for turn, pairs in enumerate(later, announced):
        seats: list[list[UUID]] = [[] for _ in range(plan.tables)]
        for person, number in tables.items():
            if there_b[post[person]] >> turn & 1:
                seats[number].append(person)
        for a, b in pairs:
            seats[tables[two.posts[b].registration_id]].append(two.candidates[a].registration_id)
        result.append(seats)
    return result


def _tables_of_posts(two: TwoSides, rounds: Rounds) -> dict[UUID, int]:
    """Who receives where, as planned: somebody who came to receive after the plan was made has no table."""
    receiving = {guest.registration_id for guest in two.posts}
    return {
        person: number
        for tables in rounds
        for number, table in enumerate(tables)
        for person in table
        if person in receiving
    }
