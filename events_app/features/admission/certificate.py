"""The certificate of attendance: who was there, when and for how long, as the doors read it."""

from events_app.features.admission.attendance import Attendance, attended, readings_of
from events_app.features.admission.letters import UNDRAWN_NOTE
from events_app.features.events.calendar import venue_line
from events_app.features.events.model import EventRecord, EventStatus
from events_app.features.events.queries import sessions_of
from events_app.features.registration.hooks import PersonalSection
from events_app.features.registration.links import manage_path
from events_app.features.registration.model import RegistrationRecord
from events_app.infra.i18n import Translator, translator
from events_app.infra.world import World
from events_app.kernel.errors import N_, Conflict
from events_app.outputs.documents import Document, Grid, Paragraph


class NoCertificate(Conflict):
    type = "no-attendance"
    title = N_("There is no certificate")
    detail = N_("A certificate is made once the event is over, for whoever was seen at the entrance.")


_BASIS = N_("From when the ticket was read at the entrance, until it was read on leaving or the day ended.")


async def attendance_of(world: World, event: EventRecord, registration: RegistrationRecord) -> Attendance:
    sessions = await sessions_of(event.id)
    return attended(event, sessions, await readings_of(registration.id), world.now())


async def certificate_of(
    world: World, event: EventRecord, registration: RegistrationRecord, language: str
) -> Document:
    """Raises `NoCertificate`."""
    attendance = await attendance_of(world, event, registration)
    if not _is_certified(world, event, attendance):
        raise NoCertificate
    return certificate(event.spoken_in(language), registration, attendance, translator(language))


def certificate(
    event: EventRecord, registration: RegistrationRecord, attendance: Attendance, words: Translator
) -> Document:
    _ = words.gettext
    body = event.body_article + event.body_name if words.language == "fr" else event.body_name
    rows = [
        (
            words.date(each.day),
            _("Morning") if each.is_morning else _("Afternoon"),
            words.times(each.came_at, each.left_at, event.timezone),
            _duration(each.minutes),
        )
        for each in attendance.half_days
    ]
    who = ", ".join(part for part in (registration.name, registration.organisation) if part)
    return Document(
        language=words.language,
        sender=event.body_name,
        title=_("Certificate of attendance"),
        subtitle=event.title,
        blocks=[
            Paragraph(
                _("%(body)s certifies that the person named below attended “%(event)s”.")
                % {"body": body[:1].upper() + body[1:], "event": event.title}
            ),
            Paragraph(who, strong=True),
            Paragraph(
                "\n".join(
                    part
                    for part in (
                        words.when(event.starts_at, event.ends_at, event.timezone),
                        venue_line(event),
                    )
                    if part
                )
            ),
            Grid((_("Day"), _("Half-day"), _("Hours"), _("Duration")), rows),
            Paragraph(_("In all: %(duration)s") % {"duration": _duration(attendance.minutes)}, strong=True),
            Paragraph(_(_BASIS)),
        ],
        undrawn_note=_(UNDRAWN_NOTE),
    )


async def my_certificate(
    world: World, event: EventRecord, registration: RegistrationRecord
) -> PersonalSection | None:
    home = manage_path(world, registration)
    return await _section(world, event, registration, home)


async def certificate_on_desk(
    world: World, event: EventRecord, registration: RegistrationRecord
) -> PersonalSection | None:
    home = f"/org/events/{event.slug}/registrations/{registration.id}"
    return await _section(world, event, registration, home)


async def _section(
    world: World, event: EventRecord, registration: RegistrationRecord, home: str
) -> PersonalSection | None:
    if not event.is_over(world.now()):
        return None
    attendance = await attendance_of(world, event, registration)
    if not _is_certified(world, event, attendance):
        return None
    data = {"url": f"{home}/certificate.pdf", "duration": _duration(attendance.minutes)}
    return PersonalSection("admission/_certificate.html", data)


def _is_certified(world: World, event: EventRecord, attendance: Attendance) -> bool:
    took_place = event.status is EventStatus.PUBLISHED and event.is_over(world.now())
    return took_place and attendance.minutes > 0


def _duration(minutes: int) -> str:
    """« 3 h 30 », in both languages."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}\u00a0min"
    return f"{hours}\u00a0h\u00a0{rest:02}" if rest else f"{hours}\u00a0h"
