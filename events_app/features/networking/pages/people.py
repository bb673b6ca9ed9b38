"""What is said of single people at one networking session: rules, attendance, hosts."""

from typing import Any, cast
from uuid import UUID

import msgspec
from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.networking import service
from events_app.features.networking.model import Attendance, Host, PairKind, PairRule
from events_app.features.networking.pages.room import home_of, room_page, room_to_edit, values_of
from events_app.features.networking.views import RoomView
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import InvalidInput
from events_app.web.forms import Form, read_form
from events_app.web.guards import ORGANISING, requires
from events_app.web.pages import go_to

AnyRequest = Request[Any, Any, Any]


@post("/org/events/{slug:str}/networking/{code:str}/rules", guards=[requires(*ORGANISING)])
async def change_rules(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    """Adds a rule about two people, or takes away the one that `remove` names by its kind and its people: a
    number would mean another one as soon as somebody else removes one."""
    view = await room_to_edit(actor, slug, code)
    form = await read_form(request)
    rules = list(view.settings.rules)
    if "remove" in form.values:
        named = {".".join((rule.kind, *map(str, rule.registrations))): rule for rule in rules}
        rules.remove(named[form.deed("remove", named)])
    else:
        kind = cast(PairKind, form.choice("kind", ("apart", "together", "wish"), required=True))
        pair = _person(form, "first", view), _person(form, "second", view)
        if pair[0] is not None and pair[1] is not None and not form.errors:
            rules.append(PairRule(kind, [pair[0], pair[1]]))
    return await _saved(request, world, actor, view, form, "second", rules=rules)


@post("/org/events/{slug:str}/networking/{code:str}/attendance", guards=[requires(*ORGANISING)])
async def change_attendance(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    """Somebody of speed-dating is there for some rounds only; or, with `remove`, all the time again."""
    view = await room_to_edit(actor, slug, code)
    form = await read_form(request)
    attendance = list(view.settings.attendance)
    if "remove" in form.values:
        gone = form.deed("remove", [str(each.registration) for each in attendance])
        attendance = [each for each in attendance if str(each.registration) != gone]
    else:
        person = _person(form, "who", view)
        first = form.integer("from_round", required=True, low=1, high=view.settings.rounds)
        last = form.integer("to_round", required=True, low=first or 1, high=view.settings.rounds)
        if person and first and last and not form.errors:
            attendance = [each for each in attendance if each.registration != person]
            attendance.append(Attendance(person, first, last))
    return await _saved(request, world, actor, view, form, "who", attendance=attendance)


@post("/org/events/{slug:str}/networking/{code:str}/hosts", guards=[requires(*ORGANISING)])
async def change_hosts(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    """Somebody stays at a table in all rounds; or, with `remove`, changes like the others."""
    view = await room_to_edit(actor, slug, code)
    form = await read_form(request)
    hosts = list(view.settings.hosts)
    if "remove" in form.values:
        gone = form.deed("remove", [str(host.registration) for host in hosts])
        hosts = [host for host in hosts if str(host.registration) != gone]
    else:
        person = _person(form, "host", view)
        table = form.integer("host_table", required=True, low=1, high=view.tables)
        if person and table and not form.errors:
            hosts = [host for host in hosts if host.registration != person]
            hosts.append(Host(person, table))
    return await _saved(request, world, actor, view, form, "host", hosts=hosts)


async def _saved(
    request: AnyRequest,
    world: World,
    actor: Actor,
    view: RoomView,
    form: Form,
    field: str,
    **changes: list[Any],
) -> Response[Any]:
    """With these settings instead, or the page again; what the service refuses stands at `field`."""
    if not form.errors:
        try:
            changed = msgspec.structs.replace(view.settings, **changes)
            await service.configure(world, actor, view.event, view.session.code, changed)
            return go_to(request, home_of(view.event.slug, view.session.code), notice="saved")
        except InvalidInput as refused:
            for error in refused.errors:
                form.error(field, error.message, **error.params)
    form.values = values_of(view) | form.values
    return room_page(request, view, form, status_code=422)


def _person(form: Form, name: str, view: RoomView) -> UUID | None:
    chosen = form.choice(name, tuple(str(guest.registration_id) for guest in view.guests), required=True)
    return UUID(chosen) if chosen else None


ROUTES = [change_rules, change_attendance, change_hosts]
