"""Moving and locking one person, without JavaScript: choose, see the effect, confirm."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter

from events_app.features.workshops import hand
from events_app.features.workshops.errors import SessionFull
from events_app.features.workshops.hand import WantedPlace
from events_app.features.workshops.pages.frame import AnyRequest, RunView, event_to_edit, frame, run_view
from events_app.features.workshops.tally import sizes_of
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import InvalidInput, NotFound
from events_app.web.forms import Form, read_form
from events_app.web.guards import ORGANISING, requires
from events_app.web.pages import go_to, page

NOWHERE = "-"

# `session` and `slot` as query parameters; the names of the form's fields.
Who = Annotated[UUID, QueryParameter(name="registration")]
Where = Annotated[str, QueryParameter(name="session")]
When = Annotated[str, QueryParameter(name="slot")]


@get("/org/events/{slug:str}/placement/{run_id:uuid}/move", guards=[requires(*ORGANISING)])
async def ask_to_move(
    request: AnyRequest,
    slug: FromPath[str],
    run_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    who: Who,
    when: When,
    where: Where = "",
) -> Response[Any]:
    """Without `session` the choice; with it also the effect, and the button that does it."""
    event = await event_to_edit(actor, slug)
    view = await run_view(event, run_id)
    form = Form(initial={"session": where})
    effect = None
    if where:
        try:
            effect = await hand.effect_of(actor, run_id, [_wanted(who, where, when)])
        except SessionFull as full:
            form.error("session", full.detail, **full.fields)
        except InvalidInput as refused:
            form.absorb(refused, within="places.0.")
    return await _move_page(request, event, view, who, when, form, effect, 422 if form.errors else 200)


@post("/org/events/{slug:str}/placement/{run_id:uuid}/move", guards=[requires(*ORGANISING)])
async def move(
    request: AnyRequest,
    slug: FromPath[str],
    run_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    event = await event_to_edit(actor, slug)
    view = await run_view(event, run_id)
    form = await read_form(request)
    who, when, where = _person(form), form.line("slot"), form.line("session", required=True)
    if not form.errors:
        try:
            await hand.adjust(world, actor, run_id, [_wanted(who, where, when)])
            return go_to(request, f"/org/events/{event.slug}/placement/{run_id}", notice="saved")
        except SessionFull as full:
            form.error("session", full.detail, **full.fields)
        except InvalidInput as refused:
            form.absorb(refused, within="places.0.")
    return await _move_page(request, event, view, who, when, form, None, 422)


@post("/org/events/{slug:str}/placement/{run_id:uuid}/lock", guards=[requires(*ORGANISING)])
async def lock(
    request: AnyRequest,
    slug: FromPath[str],
    run_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    event = await event_to_edit(actor, slug)
    await run_view(event, run_id)
    form = await read_form(request)
    wanted = WantedPlace(_person(form), slot=form.line("slot"), locked=form.flag("locked"))
    await hand.adjust(world, actor, run_id, [wanted])
    return go_to(request, f"/org/events/{event.slug}/placement/{run_id}#p-{wanted.registration}")


def _person(form: Form) -> UUID:
    try:
        return UUID(form.line("registration"))
    except ValueError as error:
        raise NotFound from error


def _wanted(who: UUID, where: str, when: str) -> WantedPlace:
    return WantedPlace(who, session=None if where == NOWHERE else where, slot=when)


async def _move_page(
    request: AnyRequest,
    event: Any,
    view: RunView,
    who: UUID,
    when: str,
    form: Form,
    effect: hand.Effect | None,
    status_code: int,
) -> Response[Any]:
    person = view.inputs.person_by_id.get(who)
    place = next((p for p in view.places if (p.registration_id, p.slot) == (who, when)), None)
    if person is None or place is None:
        raise NotFound
    return page(
        request,
        "workshops/move.html",
        status_code=status_code,
        view=view,
        run=view.run,
        person=person,
        place=place,
        present=view.inputs.session_by_id.get(place.session_id) if place.session_id else None,
        sessions=view.inputs.in_slot(when),
        ranks={session.id: view.inputs.rank(person, session.id) for session in view.inputs.in_slot(when)},
        sizes=sizes_of(view.places),
        nowhere=NOWHERE,
        form=form,
        effect=effect,
        slot=when,
        **frame(request, event),
    )


ROUTES = [ask_to_move, move, lock]
