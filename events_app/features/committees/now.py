"""A sitting as it now is: who sits, whose proxy counts, the quorum of each item."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from events_app.features.committees.model import (
    AnswerKind,
    Item,
    ItemNow,
    RollEntry,
    RollState,
    Seat,
    SeatAnswer,
    SeatNow,
    Sitting,
    SittingNow,
)
from events_app.features.committees.queries import (
    answers_of,
    assembly_by_id,
    items_of,
    last_of,
    roll_of,
    seats_of,
)
from events_app.features.committees.quorum import Quorum, Room, quorum_of
from events_app.features.committees.rules import RuleSet, rules_on
from events_app.features.events.model import EventRecord
from events_app.kernel.civil_time import to_wall
from events_app.kernel.errors import NotFound


def day_of(event: EventRecord) -> date:
    return to_wall(event.starts_at, event.timezone).date()


async def sitting_now(event: EventRecord, sitting: Sitting) -> SittingNow:
    """In a snapshot or a transaction. Five statements, whatever the number of seats and items."""
    assembly = await assembly_by_id(sitting.assembly_id)
    if assembly is None:
        raise NotFound
    day = day_of(event)
    rules = rules_on(assembly.family, day, assembly.statutes)
    members = [seat for seat in await seats_of(assembly.id) if seat.in_office(day)]
    answers = await answers_of(sitting.id)
    roll = await roll_of(sitting.id)
    room = room_of(members, answers, roll)
    items = await items_of(sitting.id)
    return SittingNow(
        assembly=assembly,
        sitting=sitting,
        rules=rules,
        day=day,
        seats=seats_now(members, answers, last_of(roll)),
        room=room,
        quorum=quorum_of(room, rules, second=sitting.second),
        items=[ItemNow(each, _quorum_of_item(each, room, sitting, rules)) for each in items],
    )


def room_of(members: Sequence[Seat], answers: Mapping[UUID, SeatAnswer], roll: Sequence[RollEntry]) -> Room:
    last = last_of(roll)
    ids = frozenset(seat.id for seat in members)
    return Room(
        in_office=ids,
        present=frozenset(
            seat for seat, entry in last.items() if entry.state is RollState.PRESENT and seat in ids
        ),
        proxies={
            seat: answer.to
            for seat, answer in answers.items()
            if answer.kind is AnswerKind.PROXY and answer.to is not None and seat in ids
        },
    )


def seats_now(
    members: Sequence[Seat], answers: Mapping[UUID, SeatAnswer], last: Mapping[UUID, RollEntry]
) -> list[SeatNow]:
    named = {seat.id: seat for seat in members}
    found = []
    for seat in members:
        entry, answer = last.get(seat.id), answers.get(seat.id)
        there = entry is not None and entry.state is RollState.PRESENT
        to = answer.to if answer and answer.kind is AnswerKind.PROXY else None
        found.append(
            SeatNow(
                seat=seat,
                answer=answer,
                sitter=(entry.sitter or seat.name) if entry and there else "",
                substituted=bool(entry and there and entry.sitter),
                left=entry is not None and entry.state is RollState.LEFT,
                proxy_to=named.get(to) if to else None,
            )
        )
    return found


def _quorum_of_item(item: Item, room: Room, sitting: Sitting, rules: RuleSet) -> Quorum:
    """Of a vote that was held as it was then."""
    if item.vote is not None:
        return item.vote.quorum
    return quorum_of(room, rules, item.recused, second=sitting.second)
