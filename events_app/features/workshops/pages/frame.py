"""What every placement page needs: the event, the rights, the run with its people."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request

from events_app.features.events.access import may_edit
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import visible_event
from events_app.features.workshops.inputs import Inputs, digests_of, read_inputs
from events_app.features.workshops.model import RequestedLock, RunPlaceRecord, RunRecord, RunStatus
from events_app.features.workshops.queries import run_by_id, run_places
from events_app.features.workshops.standing import Since, Standing, since, standing_of_run
from events_app.features.workshops.tally import Requests, present_places
from events_app.infra.database import read_snapshot
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, NotAllowed, NotFound
from events_app.web.navigation import event_tabs
from events_app.web.pages import language_of

AnyRequest = Request[Any, Any, Any]

OBJECTIVES = {
    "guarantee": (
        N_("One of the first two wishes for everybody, if possible"),
        N_("Recommended. Then as few low wishes as possible."),
    ),
    "generous": (
        N_("Nobody far down their list"),
        N_("As few people as possible get their last wish, then the last but one, and so on."),
    ),
    "greedy": (
        N_("As many first wishes as possible"),
        N_("Then second wishes, and so on; some people may get a low wish."),
    ),
    "squares": (
        N_("A balance between the two"),
        N_("A third wish weighs as much as nine first ones."),
    ),
    "draw": (
        N_("Each in turn, in the order of a draw"),
        N_("Nothing is gained by mixing one’s wishes; fewer people get what they prefer."),
    ),
}


class RunView(msgspec.Struct, frozen=True):
    """`stale`: people, wishes, workshops or places changed since it was computed; `since`: what did.
    `standing`: of the published one."""

    run: RunRecord
    inputs: Inputs
    places: list[RunPlaceRecord]
    stale: bool
    since: Since
    standing: Standing | None

    @property
    def requests(self) -> Requests:
        """What was asked for: of all slots, or of each."""
        return self.run.request if self.standing is None else self.standing.requests

    @property
    def is_open(self) -> bool:
        return self.run.status is RunStatus.PROPOSED

    def locks(self) -> list[RequestedLock]:
        """Of people and workshops that are still there."""
        sessions, people = self.inputs.session_by_id, self.inputs.person_by_id
        return [
            RequestedLock(place.registration_id, sessions[place.session_id].code)
            for place in self.places
            if place.locked and place.session_id in sessions and place.registration_id in people
        ]


async def event_to_edit(actor: Actor, slug: str) -> EventRecord:
    event = await visible_event(actor, slug)
    if not may_edit(actor, event):
        raise NotAllowed
    return event


async def run_view(event: EventRecord, run_id: UUID) -> RunView:
    """Raises `NotFound` for a run of another event."""
    async with read_snapshot():
        run = await run_by_id(run_id)
        if run is None or run.event_id != event.id:
            raise NotFound
        inputs = await read_inputs(event.id, run.slot or None)
        computed = await run_places(run.id)
        now = await standing_of_run(run, inputs) if run.status is RunStatus.PUBLISHED else None
    changes = since(inputs, run, computed)
    if now is None:
        changes = msgspec.structs.replace(changes, moves=0)
    return RunView(
        run,
        inputs,
        computed if now is None else present_places(inputs),
        stale=run.status is RunStatus.PROPOSED and digests_of(inputs) != run.digests,
        since=changes,
        standing=now,
    )


def frame(request: AnyRequest, event: EventRecord) -> dict[str, Any]:
    """What the templates of this folder read."""
    return {
        "event": event,
        "event_tabs": event_tabs(event, language_of(request)),
        "here": f"/org/events/{event.slug}/placement",
        "objectives": OBJECTIVES,
    }
