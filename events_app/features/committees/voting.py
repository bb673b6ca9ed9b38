"""A vote is held on an item, as it is then: who is there, who steps aside, whether the quorum is reached."""

from typing import Literal
from uuid import UUID

import msgspec

from events_app.features.committees.agenda import item_in
from events_app.features.committees.errors import NoQuorum, NotOpen, VoteHeld
from events_app.features.committees.model import Attendance, Item, ItemKind, SeatNow, SittingNow, Vote
from events_app.features.committees.queries import items_of
from events_app.features.committees.quorum import quorum_of, valid_proxies, voters
from events_app.features.committees.sittings import note, open_for_change
from events_app.features.committees.votes import (
    Ballot,
    Counts,
    Outcome,
    Round,
    count_errors,
    decided,
    elected,
    round_errors,
)
from events_app.features.events.model import EventRecord
from events_app.infra.database import execute, retried, unit_of_work
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, FieldError, InvalidInput

Said = Literal["for", "against", "abstention", "none"]


class VoteInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`counts` of an ordinary or secret vote; `by_name` of a public one: what the voter of each seat said;
    `round` of an election, which adds a round. `chair_for`: how the chair voted, asked where it is equal;
    `oldest`: of those who are equal in the third round."""

    counts: Counts | None = None
    by_name: dict[UUID, Said] = {}
    round: Round | None = None
    chair_for: bool | None = None
    oldest: str = ""


@retried
async def hold(world: World, actor: Actor, event: EventRecord, item_id: UUID, said: VoteInput) -> Item:
    """Raises `NotFound`, `NotAllowed`, `NotOpen`, `SittingOver`, `NoQuorum`, `VoteHeld`, `InvalidInput`."""
    async with unit_of_work():
        now = await open_for_change(actor, event)
        item = item_in(now, item_id)
        _check_may_vote(now, item)
        quorum = quorum_of(now.room, now.rules, item.recused, second=now.sitting.second)
        if not quorum.reached:
            raise NoQuorum(counted=quorum.counted, in_office=quorum.in_office, needed=quorum.needed)
        base = Vote(
            ballot=item.ballot,
            outcome=Outcome.REJECTED,
            quorum=quorum,
            at=world.now(),
            attendance=[_attendance(each, now, item) for each in now.seats],
            recused=[now.by_id[seat].name for seat in item.recused if seat in now.by_id],
        )
        if item.ballot is Ballot.ELECTION:
            vote = _election(base, item, now, said)
        elif item.ballot is Ballot.PUBLIC:
            vote = _by_name(base, item, now, said)
        else:
            vote = _counted(base, now, said)
        await _keep(item_id, vote)
        await note(world, actor, event, "sitting.voted", object_id=item_id)
        return next(each for each in await items_of(now.sitting.id) if each.id == item_id)


@retried
async def take_back(world: World, actor: Actor, event: EventRecord, item_id: UUID) -> None:
    """As if the item had not been voted on; of an election, its last round."""
    async with unit_of_work():
        now = await open_for_change(actor, event)
        vote = item_in(now, item_id).vote
        rounds = vote.rounds[:-1] if vote else []
        if vote is not None and rounds:
            outcome, name, equal = elected(rounds, now.rules)
            vote = msgspec.structs.replace(
                vote, rounds=rounds, outcome=outcome, elected=name, equal=list(equal)
            )
            await _keep(item_id, vote)
        else:
            await execute("UPDATE agenda_item SET vote = '' WHERE id = {}", item_id)
        await note(world, actor, event, "sitting.vote_taken_back", object_id=item_id)


def _check_may_vote(now: SittingNow, item: Item) -> None:
    if now.sitting.opened_at is None:
        raise NotOpen
    if item.kind is ItemKind.INFORMATION:
        raise InvalidInput.one("/item", "invalid", N_("Nothing is decided on an item for information."))
    if item.vote is not None and item.vote.outcome not in (Outcome.ANOTHER_ROUND, Outcome.EQUAL):
        raise VoteHeld


def _counted(base: Vote, now: SittingNow, said: VoteInput) -> Vote:
    if said.counts is None:
        raise InvalidInput.one("/counts", "required", N_("This field is needed."))
    if errors := count_errors(said.counts, base.quorum.voters):
        raise InvalidInput(
            [msgspec.structs.replace(each, pointer="/counts" + each.pointer) for each in errors]
        )
    outcome = decided(said.counts, now.rules, base.ballot, said.chair_for)
    return msgspec.structs.replace(base, counts=said.counts, chair_for=said.chair_for, outcome=outcome)


def _by_name(base: Vote, item: Item, now: SittingNow, said: VoteInput) -> Vote:
    able = voters(now.room, now.rules, item.recused)
    errors = [
        FieldError(f"/by_name/{seat}", "required", N_("This field is needed."))
        for seat in sorted(able - said.by_name.keys())
    ]
    errors += [
        FieldError(f"/by_name/{seat}", "unknown", N_("This person cannot vote on this item."))
        for seat in sorted(said.by_name.keys() - able)
    ]
    if errors:
        raise InvalidInput(errors)
    given = list(said.by_name.values())
    counts = Counts(
        given.count("for"), given.count("against"), given.count("abstention"), given.count("none")
    )
    chair = said.by_name.get(now.sitting.chair) if now.sitting.chair else None
    chair_for = None if chair is None else chair == "for"
    return msgspec.structs.replace(
        base,
        counts=counts,
        by_name={now.by_id[seat].name: word for seat, word in said.by_name.items()},
        chair_for=chair_for,
        outcome=decided(counts, now.rules, base.ballot, chair_for),
    )


def _election(base: Vote, item: Item, now: SittingNow, said: VoteInput) -> Vote:
    """A further round; or, after an equal third one, who of those is the oldest."""
    rounds = list(item.vote.rounds) if item.vote else []
    waits_for_age = item.vote is not None and item.vote.outcome is Outcome.EQUAL
    if said.round is not None and not waits_for_age:
        if errors := round_errors(said.round, base.quorum.voters):
            raise InvalidInput(
                [msgspec.structs.replace(each, pointer="/round" + each.pointer) for each in errors]
            )
        rounds.append(said.round)
    elif not waits_for_age:
        raise InvalidInput.one("/round", "required", N_("This field is needed."))
    outcome, name, equal = elected(rounds, now.rules, said.oldest)
    if waits_for_age and outcome is Outcome.EQUAL:
        raise InvalidInput.one("/oldest", "unknown", N_("Please choose one of the values offered."))
    return msgspec.structs.replace(base, rounds=rounds, outcome=outcome, elected=name, equal=list(equal))


def _attendance(each: SeatNow, now: SittingNow, item: Item) -> Attendance:
    seat = each.seat
    if each.sitter:
        return Attendance(
            seat.name,
            seat.represents,
            "substituted" if each.substituted else "present",
            each.sitter if each.substituted else "",
        )
    holder = valid_proxies(now.room, now.rules, item.recused).get(seat.id)
    if holder is not None:
        return Attendance(seat.name, seat.represents, "proxy", now.by_id[holder].name)
    excused = each.answer is not None
    return Attendance(seat.name, seat.represents, "excused" if excused else "absent")


async def _keep(item_id: UUID, vote: Vote) -> None:
    encoded = msgspec.json.encode(vote).decode()
    await execute("UPDATE agenda_item SET vote = {} WHERE id = {}", encoded, item_id)
