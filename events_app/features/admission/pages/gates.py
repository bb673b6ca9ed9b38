"""`/org/events/{slug}/door`: gates and devices, how many came and when, the attendance as a file."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import ServerSentEvent

from events_app.features.admission import devices
from events_app.features.admission.counters import arrivals, door_counters, walk_ins
from events_app.features.admission.doors import event_at_door
from events_app.features.admission.news import ScanConflict, codes_of, conflicts_of
from events_app.features.admission.pages.door import counters_stream
from events_app.features.admission.queries import Attendance, attendance
from events_app.features.admission.wording import with_conflict_sentence
from events_app.features.events.access import may_edit
from events_app.features.events.model import EventRecord
from events_app.infra.i18n import Translator, translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.civil_time import to_wall
from events_app.kernel.errors import InvalidInput, NotAllowed
from events_app.outputs.qrcodes import qr_svg
from events_app.outputs.tables import Table, csv_bytes
from events_app.web.forms import Form, read_form
from events_app.web.guards import ORGANISING, requires
from events_app.web.navigation import event_tabs
from events_app.web.pages import go_to, language_of, page

AnyRequest = Request[Any, Any, Any]


async def _own_event(actor: Actor, slug: str) -> EventRecord:
    """Raises `NotFound`, `NotAllowed`."""
    event = await event_at_door(actor, slug)
    if not may_edit(actor, event):
        raise NotAllowed
    return event


@get("/org/events/{slug:str}/door", guards=[requires(*ORGANISING)])
async def gates(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[str]:
    return await _gates_page(request, world, await _own_event(actor, slug), Form())


async def _gates_page(
    request: AnyRequest,
    world: World,
    event: EventRecord,
    form: Form,
    link: str = "",
    status_code: int = 200,
) -> Response[str]:
    language = language_of(request)
    words = translator(language)
    came = await arrivals(event.id)
    counters = await door_counters(event.id)
    unnamed = words.gettext("Gate without a name")
    return page(
        request,
        "admission/gates.html",
        status_code=status_code,
        headers={"cache-control": "no-store"},
        event=event,
        tabs=event_tabs(event, language),
        counters=counters,
        walk_ins=await walk_ins(event.id),
        by_gate=[(gate.gate or unnamed, gate.present) for gate in counters.by_gate],
        conflicts=[
            (each, words.time(to_wall(each.scanned_at, event.timezone)))
            for each in await told_conflicts(event, words)
        ],
        devices=await devices.devices_of(event.id),
        now=world.now(),
        arrivals=[(words.time(to_wall(moment, event.timezone)), count) for moment, count in came],
        form=form,
        link=link,
        link_qr=qr_svg(link, words.gettext("Link for the phone")) if link else "",
        door_url=world.url(f"/door/{event.slug}"),
    )


async def told_conflicts(event: EventRecord, words: Translator) -> list[ScanConflict]:
    found = await conflicts_of(event.id, await codes_of(event.id))
    return [with_conflict_sentence(each, event, words) for each in found]


@post("/org/events/{slug:str}/door/devices", status_code=200, guards=[requires(*ORGANISING)])
async def offer_device(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[str]:
    """The link is shown on the answer itself and nowhere else: it is a secret for ten minutes."""
    event = await _own_event(actor, slug)
    form = await read_form(request)
    try:
        _, token = await devices.offer_enrolment(
            world, actor, event, form.line("gate"), form.line("label", most=120), kiosk=form.flag("kiosk")
        )
    except InvalidInput as refused:
        form.absorb(refused)
        return await _gates_page(request, world, event, form, status_code=422)
    return await _gates_page(request, world, event, Form(), link=world.url(f"/door/enrol/{token}"))


@post(
    "/org/events/{slug:str}/door/devices/{device_id:uuid}/revoke",
    status_code=303,
    guards=[requires(*ORGANISING)],
)
async def revoke_device(
    request: AnyRequest,
    slug: FromPath[str],
    device_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[None]:
    event = await _own_event(actor, slug)
    await devices.revoke(world, actor, event, device_id)
    return go_to(request, f"/org/events/{event.slug}/door", "saved")


@get("/org/events/{slug:str}/door/live", guards=[requires(*ORGANISING)])
async def gates_live(slug: FromPath[str], actor: NamedDependency[Actor]) -> ServerSentEvent:
    return counters_stream(await _own_event(actor, slug))


@get("/org/events/{slug:str}/door/attendance.csv", guards=[requires(*ORGANISING)])
async def attendance_file(
    request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]
) -> Response[bytes]:
    event = await _own_event(actor, slug)
    table = _attendance_table(await attendance(event.id), event, translator(language_of(request)))
    headers = {
        "content-disposition": f'attachment; filename="{event.slug}-presence.csv"',
        "cache-control": "no-store",
    }
    return Response(csv_bytes(table), media_type="text/csv; charset=utf-8", headers=headers)


def _attendance_table(people: list[Attendance], event: EventRecord, words: Translator) -> Table:
    _ = words.gettext
    columns = [
        _("Family name"),
        _("Given name"),
        _("Organisation"),
        _("Commune"),
        _("Came"),
        _("First entry"),
        _("Gate"),
        _("Sessions"),
    ]
    return Table(
        columns,
        [
            (
                person.family_name,
                person.given_name,
                person.organisation,
                person.commune,
                _("yes") if person.first_at else _("no"),
                to_wall(person.first_at, event.timezone) if person.first_at else None,
                person.first_gate,
                ", ".join(person.sessions),
            )
            for person in people
        ],
    )


ROUTES = [gates, offer_device, revoke_device, gates_live, attendance_file]
