"""Mails about a workshop that does not take place, to those who wished for it and to whoever leads it."""

from events_app.features.events.calendar import venue_line
from events_app.features.events.model import EventStatus
from events_app.features.events.queries import event_by_id, sessions_of
from events_app.features.mailing.event_letters import event_facts_of, from_body
from events_app.features.mailing.model import Letter
from events_app.features.registration.job_kinds import AboutRegistration
from events_app.features.registration.links import manage_url
from events_app.features.registration.queries import group_of, registration_by_id
from events_app.features.workshops.job_kinds import AboutCoached
from events_app.features.workshops.personal import closed_wishes
from events_app.features.workshops.queries import places_of_each
from events_app.infra.database import row
from events_app.infra.job_kinds import ClaimedJob
from events_app.infra.world import World
from events_app.outputs.calendar import Mailbox


async def closed(world: World, _: ClaimedJob, about: AboutRegistration) -> Letter | None:
    """To somebody whose own place stays as it is; None where all that was wished for takes place again."""
    lead = await registration_by_id(about.registration_id)
    event = await event_by_id(lead.event_id) if lead else None
    if lead is None or event is None or lead.erased_at or not lead.email:
        return None
    workshops = await closed_wishes(world, event, lead)
    if event.status is not EventStatus.PUBLISHED or not workshops:
        return None
    group = [
        member
        for member in await group_of(lead.group_id)
        if member.status is lead.status and member.erased_at is None
    ]
    places = await places_of_each([member.id for member in group])
    return Letter(
        template="workshop_closed",
        to=Mailbox(lead.email, lead.name),
        language=lead.language,
        facts={
            **event_facts_of(world, event),
            "name": lead.name,
            "closed": workshops,
            "places": [
                (member.name if len(group) > 1 else "", place)
                for member in group
                for place in places.get(member.id, [])
            ],
            "manage_url": manage_url(world, lead),
        },
        registration_id=lead.id,
        names=tuple(member.id for member in group),
        **from_body(event),
    )


async def coached_closed(world: World, job: ClaimedJob, about: AboutCoached) -> Letter | None:
    """None where it takes place again, or somebody else leads it now."""
    event = await event_by_id(job.event_id) if job.event_id else None
    account = await row(
        "SELECT email, name, language FROM account WHERE id = {} AND disabled_at IS NULL", about.account_id
    )
    found = [each for each in await sessions_of(event.id) if each.id == about.session_id] if event else []
    if event is None or account is None or not found or event.status is not EventStatus.PUBLISHED:
        return None
    session = found[0]
    if session.takes_place or session.coach_account_id != about.account_id:
        return None
    return Letter(
        template="coached_closed",
        to=Mailbox(account["email"], account["name"]),
        language=account["language"],
        facts={
            "event": event,
            "where": venue_line(event),
            "name": account["name"] or account["email"],
            "session": session,
            "coach_url": world.url("/org/coach"),
        },
        **from_body(event),
    )
