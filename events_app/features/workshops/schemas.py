"""What the API takes and answers about placements."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from events_app.features.workshops.hand import Effect, WantedPlace
from events_app.features.workshops.inputs import Inputs, digests_of
from events_app.features.workshops.model import (
    Outcome,
    RunPlaceRecord,
    RunRecord,
    RunStatus,
    SlotOutcome,
)
from events_app.features.workshops.standing import Standing
from events_app.features.workshops.tally import closings_of
from events_app.features.workshops.why import WishStory

MOST_CHANGES = 1000


class PlaceChanges(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    places: Annotated[list[WantedPlace], msgspec.Meta(min_length=1, max_length=MOST_CHANGES)]


class Publishing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`closings`: codes of the workshops of which one has seen that they will not take place; every one that
    took place until now must be named. Left out: all of `closed` of the proposal, as it was read."""

    closings: list[str] | None = None


class ObjectiveAnswer(msgspec.Struct, frozen=True):
    """`rank_counts`: places at wish 1, 2... of those that the person made in that slot. `unassigned`: people,
    each once, who asked for a workshop in a slot (or whom the request seats) and have no place there;
    `nothing_asked`: people without any place who asked for none. `slots`: the same, slot by slot. `moved`:
    published places that the run changes. `proven`: nothing better exists, as the certificate shows, and
    nothing has changed since."""

    name: str
    rank_counts: list[int]
    outside_wishes: int
    unassigned: int
    nothing_asked: int
    moved: int
    proven: bool
    slots: list[SlotOutcome]


class PlaceAnswer(msgspec.Struct, frozen=True):
    """`session` null: nowhere, for the `reason`. `rank`: among the wishes of the person that can be had in
    that slot; null: none of them."""

    registration: UUID
    session: str | None
    slot: str
    rank: int | None
    reason: str
    locked: bool


class FreeAnswer(msgspec.Struct, frozen=True):
    """`seats` null: no limit."""

    session: str
    seats: int | None


class GainAnswer(msgspec.Struct, frozen=True):
    """Somebody who could have a better place at once, worse for nobody; `before` null: has none."""

    registration: UUID
    before: str | None
    after: str


class ShiftAnswer(msgspec.Struct, frozen=True):
    """Somebody who would go elsewhere; null: nowhere."""

    registration: UUID
    before: str | None
    after: str | None


class WishAnswer(msgspec.Struct, frozen=True):
    """`found`: held, not_offered, not_running, full, seats_left. `ranks`: how many of those there had it as
    wish 1, 2...; `drawn_before`: of those who wished for it as much. `at_no_cost`: giving it would be no
    worse for the whole; `worse`: how many others would lose by it. Null: not to be had, or not known."""

    workshop: str
    rank: int
    found: str
    there: int
    ranks: list[int]
    unranked: int
    drawn_before: int
    at_no_cost: bool | None
    worse: int | None
    shifts: list[ShiftAnswer]


class WhyAnswer(msgspec.Struct, frozen=True):
    registration: UUID
    wishes: list[WishAnswer]


class MovedAnswer(msgspec.Struct, frozen=True):
    registration: UUID
    slot: str
    session: str | None
    rank: int | None


class WhatIfAnswer(msgspec.Struct, frozen=True):
    """`before`: the best placement as people, wishes and workshops are now; `after`: with the change."""

    before: Outcome
    after: Outcome
    moved: list[MovedAnswer]


class StandingAnswer(msgspec.Struct, frozen=True):
    """Of a published placement, as things are now. `current`: nothing changed since it was computed; the
    counts say what did. `better_exists`: somebody could have a better place, worse for nobody."""

    current: bool
    withdrawals: int
    arrivals: int
    moves: int
    wishes_changed: bool
    programme_changed: bool
    free: list[FreeAnswer]
    better_exists: bool
    gains: list[GainAnswer]


class AssignmentSummary(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    event: str
    status: str
    slot: str | None
    seed: int
    objective: ObjectiveAnswer
    revision: int
    created_at: datetime
    created_by: str
    published_at: datetime | None
    standing: StandingAnswer | None


class AssignmentAnswer(AssignmentSummary, frozen=True, kw_only=True):
    """`certificate`: problem, placement and proof as one JSON object; null once people were moved by hand.
    `closed`: codes of workshops that do not take place with it, for want of people."""

    closed: list[str]
    places: list[PlaceAnswer]
    certificate: msgspec.Raw


class AssignmentPage(msgspec.Struct, frozen=True):
    items: list[AssignmentSummary]
    next_cursor: str | None


def summary_of(slug: str, run: RunRecord, inputs: Inputs, now: Standing | None) -> AssignmentSummary:
    """A published run is counted as its places are `now`; what it moved when it was published stays."""
    outcome, proven = run.outcome, run.proven
    if now is not None:
        outcome, proven = msgspec.structs.replace(now.outcome, moved=run.outcome.moved), now.proven
    elif run.status is RunStatus.PROPOSED:
        proven = run.proven and digests_of(inputs) == run.digests
    return AssignmentSummary(
        id=run.id,
        event=slug,
        status=run.status.value,
        slot=run.slot or None,
        seed=run.seed,
        objective=_objective(run, outcome, proven),
        revision=run.revision,
        created_at=run.created_at,
        created_by=run.created_by,
        published_at=run.published_at,
        standing=_standing(now) if now else None,
    )


def answer_of(
    slug: str, run: RunRecord, inputs: Inputs, places: list[RunPlaceRecord], now: Standing | None
) -> AssignmentAnswer:
    """`places`: of a published run as they are now."""
    code = {session.id: session.code for session in inputs.sessions}
    if run.status is RunStatus.PUBLISHED:
        closed = [session.code for session in inputs.sessions if not session.takes_place]
    else:
        closed = [closing.session.code for closing in closings_of(inputs, places)]
    return AssignmentAnswer(
        **msgspec.structs.asdict(summary_of(slug, run, inputs, now)),
        closed=closed,
        certificate=run.certificate,
        places=[
            PlaceAnswer(
                registration=place.registration_id,
                session=code.get(place.session_id) if place.session_id else None,
                slot=place.slot,
                rank=place.rank,
                reason=place.reason,
                locked=place.locked,
            )
            for place in places
        ],
    )


def why_answer(registration_id: UUID, stories: list[WishStory]) -> WhyAnswer:
    def known(story: WishStory) -> bool:
        forced = story.wish.forced
        return forced is not None and not forced.conflict and bool(forced.change)

    return WhyAnswer(
        registration_id,
        [
            WishAnswer(
                workshop=story.title,
                rank=story.wish.rank,
                found=story.wish.found.value,
                there=story.there,
                ranks=list(story.wish.ranks),
                unranked=story.wish.unranked,
                drawn_before=story.wish.drawn_before,
                at_no_cost=story.at_no_cost if known(story) else None,
                worse=story.worse if known(story) else None,
                shifts=[
                    ShiftAnswer(
                        shift.person.registration_id,
                        shift.before.code if shift.before else None,
                        shift.after.code if shift.after else None,
                    )
                    for shift in story.shifts
                ],
            )
            for story in stories
        ],
    )


def what_if_answer(inputs: Inputs, effect: Effect) -> WhatIfAnswer:
    code = {session.id: session.code for session in inputs.sessions}
    return WhatIfAnswer(
        before=effect.before,
        after=effect.after,
        moved=[
            MovedAnswer(
                place.registration_id,
                place.slot,
                code[place.session_id] if place.session_id else None,
                place.rank,
            )
            for place in effect.changed
        ],
    )


def _standing(now: Standing) -> StandingAnswer:
    return StandingAnswer(
        current=not now.since.anything,
        withdrawals=now.since.withdrawals,
        arrivals=now.since.arrivals,
        moves=now.since.moves,
        wishes_changed=now.since.wishes,
        programme_changed=now.since.programme,
        free=[FreeAnswer(seats.session.code, seats.seats) for seats in now.free],
        better_exists=now.better_exists,
        gains=[
            GainAnswer(
                gain.person.registration_id, gain.before.code if gain.before else None, gain.after.code
            )
            for gain in now.gains
        ],
    )


def _objective(run: RunRecord, outcome: Outcome, proven: bool) -> ObjectiveAnswer:
    return ObjectiveAnswer(
        name=run.objective,
        rank_counts=outcome.rank_counts,
        outside_wishes=outcome.outside_wishes,
        unassigned=outcome.unassigned,
        nothing_asked=outcome.nothing_asked,
        moved=outcome.moved,
        proven=proven,
        slots=outcome.slots,
    )
