"""Registrations as the API shows them; a constant number of queries for any number of them."""

from collections.abc import Sequence
from uuid import UUID

from events_app.features.events.access import may_read_registrations
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import sessions_of
from events_app.features.registration import hooks, links
from events_app.features.registration.access import may_change
from events_app.features.registration.consents import consents_of, standing
from events_app.features.registration.line import places_in_line
from events_app.features.registration.model import RegistrationAnswer, RegistrationRecord, RegistrationStatus
from events_app.features.registration.queries import preferences_of_each, preferences_of_one
from events_app.features.registration.schemas import (
    ConsentView,
    PlaceView,
    RegistrationReceipt,
    RegistrationView,
)
from events_app.features.registration.tags import tags_of
from events_app.infra.world import World
from events_app.kernel.actor import Actor


async def receipt(world: World, event: EventRecord, answer: RegistrationAnswer) -> RegistrationReceipt:
    registration = answer.registration
    return RegistrationReceipt(
        id=answer.receipt_id,
        status=answer.status,
        waiting_position=answer.waiting_position,
        ticket_code=await hooks.ticket_code(world, event, registration) if registration else None,
        manage_url=links.manage_url(world, registration) if registration else None,
        calendar_url=links.calendar_url(world, registration) if registration else None,
    )


async def view_one(
    world: World, actor: Actor, event: EventRecord, registration: RegistrationRecord
) -> RegistrationView:
    wishes = {registration.id: await preferences_of_one(registration.id)}
    return (await _views(world, actor, event, [registration], wishes))[0]


async def view_many(
    world: World, actor: Actor, event: EventRecord, registrations: Sequence[RegistrationRecord]
) -> list[RegistrationView]:
    wishes = await preferences_of_each([each.id for each in registrations])
    return await _views(world, actor, event, registrations, wishes)


async def _views(
    world: World,
    actor: Actor,
    event: EventRecord,
    registrations: Sequence[RegistrationRecord],
    wishes: dict[UUID, list[UUID]],
) -> list[RegistrationView]:
    codes = {session.id: session.code for session in await sessions_of(event.id)}
    consents = await consents_of([each.id for each in registrations])
    waiting = await places_in_line(event.id, registrations)
    tags = await tags_of([each.id for each in registrations])
    chosen = await hooks.chosen_by_each([each.id for each in registrations])
    places = await hooks.stops_of_each([each.id for each in registrations])
    return [
        RegistrationView(
            id=each.id,
            event=event.slug,
            group_id=each.group_id,
            status=each.status,
            event_status=event.status.value,
            waiting_position=waiting.get(each.group_id)
            if each.status is RegistrationStatus.WAITING
            else None,
            email=each.email,
            given_name=each.given_name,
            family_name=each.family_name,
            organisation=each.organisation,
            insee=each.insee,
            commune=each.commune,
            profile=each.profile,
            language=each.language,
            answers=each.answers,
            preferences=[codes[session_id] for session_id in wishes.get(each.id, [])],
            accepts_any=each.accepts_any,
            sessions=sorted(codes[session_id] for session_id in chosen.get(each.id, [])),
            places=[
                PlaceView(place.session, place.title, place.starts_at, place.ends_at, place.room)
                for place in places.get(each.id, [])
            ],
            consents=[
                ConsentView(state.code, state.given, state.at, state.withdrawn_at)
                for state in standing(event.consents, consents.get(each.id, []))
            ],
            tags=tags.get(each.id, []) if may_read_registrations(actor, event) else [],
            status_reason=each.status_reason,
            short_code=each.short_code if may_change(actor, event, each) else None,
            ticket_code=await hooks.ticket_code(world, event, each)
            if may_change(actor, event, each)
            else None,
            manage_url=links.manage_url(world, each) if may_change(actor, event, each) else None,
            calendar_url=links.calendar_url(world, each) if may_change(actor, event, each) else None,
            source=each.source,
            created_at=each.created_at,
            revision=each.revision,
        )
        for each in registrations
    ]
