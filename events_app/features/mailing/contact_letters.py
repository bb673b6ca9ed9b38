"""The mail with the contacts of those who would like to meet again, where both said so."""

from events_app.features.events.queries import event_by_id
from events_app.features.mailing.model import Letter
from events_app.features.networking.contacts import contacts_of
from events_app.features.networking.job_kinds import AboutMeeting
from events_app.features.networking.queries import session_by_id
from events_app.features.registration.links import manage_url
from events_app.features.registration.queries import registration_by_id
from events_app.infra.job_kinds import ClaimedJob
from events_app.infra.world import World
from events_app.kernel.errors import NotFound
from events_app.kernel.text import called
from events_app.outputs.calendar import Mailbox


async def contacts(world: World, _: ClaimedJob, asked: AboutMeeting) -> Letter | None:
    """To whoever brought them, for companions. None where nobody's contact is left to pass."""
    person = await registration_by_id(asked.registration_id)
    lead = await registration_by_id(person.group_id) if person else None
    event = await event_by_id(person.event_id) if person else None
    if person is None or lead is None or event is None or person.erased_at or not lead.email:
        return None
    try:
        session = await session_by_id(asked.session_id)
    except NotFound:
        return None
    found = await contacts_of(session.id, person.id)
    if not found:
        return None
    return Letter(
        template="contacts",
        to=Mailbox(lead.email, lead.name),
        sender_name=event.body_name,
        reply_to=Mailbox(event.body_email, event.body_name) if event.body_email else None,
        language=lead.language,
        facts={
            "name": called(person.given_name, person.family_name),
            "event": event,
            "session": session.title,
            "contacts": found,
            "manage_url": manage_url(world, lead),
        },
        event_id=event.id,
        registration_id=lead.id,
        names=(person.id, *(each.registration_id for each in found)),
        # Others' addresses: they are theirs who read them, so the mail is not kept once it is sent.
        secret_link=world.url(f"/events/{event.slug}"),
    )
