"""One sitting: which assembly, its agenda, who will come, open and closed."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.committees import sittings
from events_app.features.committees.minutes import delay_given, missing_for_deliberations
from events_app.features.committees.model import AnswerKind, SittingNow
from events_app.features.committees.queries import assemblies_of, sitting_of
from events_app.features.committees.rules import first_day_of_second, last_day_to_send
from events_app.features.committees.sittings import AnswerInput, SittingChanges
from events_app.features.committees.wording import quorum_sentence, rules_sentences, vote_sentence
from events_app.features.events.access import may_edit
from events_app.features.events.model import EventRecord
from events_app.infra.database import read_snapshot
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import InvalidInput, NotFound
from events_app.web.forms import Form, read_form
from events_app.web.guards import ORGANISING, READING, requires
from events_app.web.navigation import event_tabs
from events_app.web.pages import go_to, language_of, page

AnyRequest = Request[Any, Any, Any]
SITTING = "/org/events/{slug:str}/sitting"


def home_of(slug: str) -> str:
    return f"/org/events/{slug}/sitting"


async def sitting_to_show(actor: Actor, slug: str) -> tuple[EventRecord, SittingNow]:
    """Raises `NotFound`, `NotAllowed`."""
    async with read_snapshot():
        event = await sittings.event_for(actor, slug, to_change=False)
        return event, await sittings.now_of(event)


def sitting_page(
    request: AnyRequest,
    actor: Actor,
    event: EventRecord,
    now: SittingNow,
    template: str,
    status_code: int = 200,
    **more: Any,
) -> Response[Any]:
    language = language_of(request)
    words = translator(language)
    second = now.sitting.second
    return page(
        request,
        template,
        status_code=status_code,
        event=event,
        tabs_of_event=event_tabs(event, language),
        now=now,
        here=home_of(event.slug),
        edits=may_edit(actor, event),
        said=quorum_sentence(now.quorum, now.rules, words, second=second),
        quorums={
            each.item.id: quorum_sentence(each.quorum, now.rules, words, second=second) for each in now.items
        },
        results={each.item.id: vote_sentence(each.item.vote, words) for each in now.items if each.item.vote},
        **more,
    )


@get(SITTING, guards=[requires(*ORGANISING, *READING)])
async def sitting(request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]) -> Response[Any]:
    async with read_snapshot():
        event = await sittings.event_for(actor, slug, to_change=False)
        found = await sitting_of(event.id)
    if found is None:
        return await _choose(request, actor, event, Form())
    return await _overview(request, actor, slug, Form())


async def _choose(
    request: AnyRequest, actor: Actor, event: EventRecord, form: Form, status_code: int = 200
) -> Response[Any]:
    """Of an event whose assembly nobody named yet."""
    return page(
        request,
        "committees/choose.html",
        status_code=status_code,
        event=event,
        tabs_of_event=event_tabs(event, language_of(request)),
        assemblies=[(each.slug, each.name) for each in await assemblies_of([event.body_id])],
        here=home_of(event.slug),
        edits=may_edit(actor, event),
        form=form,
    )


async def _overview(
    request: AnyRequest, actor: Actor, slug: str, form: Form, status_code: int = 200
) -> Response[Any]:
    event, now = await sitting_to_show(actor, slug)
    words = translator(language_of(request))
    people = [(str(each.seat.id), each.seat.name) for each in now.seats]
    if not form.values:
        form.values = {
            "chair": str(now.sitting.chair or ""),
            "secretary": str(now.sitting.secretary or ""),
            "convened_on": now.sitting.convened_on.isoformat() if now.sitting.convened_on else "",
        }
    return sitting_page(
        request,
        actor,
        event,
        now,
        "committees/sitting.html",
        status_code,
        form=form,
        people=people,
        sentences=rules_sentences(now.rules, words),
        delay=delay_given(now),
        send_by=last_day_to_send(now.day, now.rules.clear_days),
        second_from=first_day_of_second(now.day, now.rules),
        missing=missing_for_deliberations(now, words),
        coming=sum(
            each.answer is not None and each.answer.kind in (AnswerKind.SITS, AnswerKind.SUBSTITUTE)
            for each in now.seats
        ),
        silent=[each.seat.name for each in now.seats if each.answer is None],
    )


@post(SITTING, guards=[requires(*ORGANISING)])
async def sitting_set(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    event = await sittings.event_for(actor, slug, to_change=True)
    form = await read_form(request)
    known = tuple(each.slug for each in await assemblies_of([event.body_id]))
    assembly = form.choice("assembly", known, required=True)
    second = form.flag("second")
    if not form.errors:
        try:
            await sittings.seat_assembly(world, actor, event, assembly, second=second)
            return go_to(request, home_of(slug), notice="saved")
        except InvalidInput as refused:
            form.absorb(refused)
    return await _choose(request, actor, event, form, 422)


@post(SITTING + "/state", guards=[requires(*ORGANISING)])
async def state(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    """`do`: open, close, or save who presides and when the letters went out."""
    event, now = await sitting_to_show(actor, slug)
    form = await read_form(request)
    deed = form.deed("do", ("open", "close", "save"))
    if deed != "save":
        await sittings.change(world, actor, event, SittingChanges(is_open=deed == "open"))
        return go_to(request, f"{home_of(slug)}/roll" if deed == "open" else home_of(slug), notice="saved")
    ids = tuple(str(each.seat.id) for each in now.seats)
    chair, secretary = form.choice("chair", ids), form.choice("secretary", ids)
    convened_on = form.day("convened_on")
    if form.errors:
        return await _overview(request, actor, slug, form, 422)
    changes = SittingChanges(
        chair=UUID(chair) if chair else None,
        secretary=UUID(secretary) if secretary else None,
        convened_on=convened_on,
    )
    try:
        await sittings.change(world, actor, event, changes)
    except InvalidInput as refused:
        form.absorb(refused)
        return await _overview(request, actor, slug, form, 422)
    return go_to(request, home_of(slug), notice="saved")


@get(SITTING + "/seats/{seat_id:uuid}", guards=[requires(*ORGANISING)])
async def answer_form(
    request: AnyRequest, slug: FromPath[str], seat_id: FromPath[UUID], actor: NamedDependency[Actor]
) -> Response[Any]:
    return await _answer_page(request, actor, slug, seat_id, Form())


async def _answer_page(
    request: AnyRequest, actor: Actor, slug: str, seat_id: UUID, form: Form, status_code: int = 200
) -> Response[Any]:
    await sittings.event_for(actor, slug, to_change=True)
    event, now = await sitting_to_show(actor, slug)
    each = next((each for each in now.seats if each.seat.id == seat_id), None)
    if each is None:
        raise NotFound
    if not form.values and each.answer:
        form.values = {
            "kind": each.answer.kind.value,
            "substitute": each.answer.substitute,
            "to": str(each.answer.to or ""),
        }
    others = [(str(o.seat.id), o.seat.name) for o in now.seats if o.seat.id != seat_id]
    return sitting_page(
        request, actor, event, now, "committees/answer.html", status_code, each=each, others=others, form=form
    )


@post(SITTING + "/seats/{seat_id:uuid}", guards=[requires(*ORGANISING)])
async def answer_post(
    request: AnyRequest,
    slug: FromPath[str],
    seat_id: FromPath[UUID],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[Any]:
    event = await sittings.event_for(actor, slug, to_change=True)
    now = await sittings.now_of(event)
    form = await read_form(request)
    kind = form.choice("kind", tuple(AnswerKind), required=True)
    to = form.choice("to", tuple(str(each.seat.id) for each in now.seats))
    substitute = form.line("substitute")
    if not form.errors:
        said = AnswerInput(AnswerKind(kind), substitute, UUID(to) if to else None)
        try:
            await sittings.answer(world, actor, event, seat_id, said)
            return go_to(request, f"{home_of(slug)}#members", notice="saved")
        except InvalidInput as refused:
            form.absorb(refused)
    return await _answer_page(request, actor, slug, seat_id, form, 422)


ROUTES = [sitting, sitting_set, state, answer_form, answer_post]
