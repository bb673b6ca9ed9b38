"""One deed for the people chosen in the list: asked about first, then told of each, with a way back."""

from typing import Any, cast
from uuid import UUID

import msgspec
from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.events.model import EventRecord
from events_app.features.events.queries import sessions_of
from events_app.features.registration import bulk
from events_app.features.registration.access import may_decide
from events_app.features.registration.bulk import Action
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.registration.pages.filters import Asked, asked_by
from events_app.features.registration.queries import registrations_by_ids
from events_app.features.registration.reading import readable_list
from events_app.features.registration.tags import known_tags
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, InvalidInput, NotAllowed
from events_app.web.forms import NOT_OFFERED, Form, read_form
from events_app.web.guards import ORGANISING, requires
from events_app.web.navigation import event_tabs
from events_app.web.pages import go_to, language_of, page
from events_app.web.problems import reasons_of

AnyRequest = Request[Any, Any, Any]

TAGGING = ("tag", "untag")
ACTIONS: tuple[Action, ...] = ("approve", "refuse", "cancel", "restore")
# What takes a deed back; a yes is taken back by a withdrawal, on the person's own page.
WAY_BACK: dict[Action, Action] = {"refuse": "restore", "cancel": "restore", "restore": "cancel"}
QUESTIONS = {
    "approve": N_("Accept these people?"),
    "refuse": N_("Refuse these people?"),
    "cancel": N_("Withdraw these registrations?"),
    "restore": N_("Register these people again?"),
}
FITTING = {
    "approve": (RegistrationStatus.PENDING, RegistrationStatus.WAITING),
    "refuse": (RegistrationStatus.PENDING, RegistrationStatus.WAITING),
    "cancel": (RegistrationStatus.PENDING, RegistrationStatus.WAITING, RegistrationStatus.CONFIRMED),
    "restore": (RegistrationStatus.CANCELLED, RegistrationStatus.REFUSED),
}


@post("/org/events/{slug:str}/registrations/many", status_code=200, guards=[requires(*ORGANISING)])
async def many(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    """Without `sure` it only says what would happen, and to whom."""
    event = await readable_list(actor, slug)
    if not may_decide(actor, event):
        raise NotAllowed
    form = await read_form(request)
    action = form.deed("action", (*ACTIONS, *TAGGING))
    here = f"/org/events/{slug}/registrations"
    asked = asked_by(form.values, event, await sessions_of(event.id), await known_tags(event.id))
    back = asked.address(here)
    chosen = await _chosen(form, event, asked)
    shown: dict[str, Any] = {
        "event": event,
        "tabs_of_event": event_tabs(event, language_of(request)),
        "action": action,
        "here": here,
        "back": back,
        "asked": asked.values,
        "form": form,
    }
    if action in TAGGING:
        return await _tag(request, world, actor, event, form, chosen, shown)
    return await _decide(request, world, actor, event, form, cast(Action, action), chosen, shown)


async def _tag(
    request: AnyRequest,
    world: World,
    actor: Actor,
    event: EventRecord,
    form: Form,
    chosen: list[UUID],
    shown: dict[str, Any],
) -> Response[Any]:
    """At once: it is seen in the list, taken off as it was put on, and nobody is written to."""
    try:
        typed = str(form.values.get("new_tag", ""))
        await bulk.put_tag(world, actor, event, chosen, typed, on=shown["action"] == "tag")
    except InvalidInput as refused:
        form.absorb(refused)
        return page(request, "registration/many_tag.html", status_code=422, chosen=chosen, **shown)
    return go_to(request, shown["back"], "saved")


async def _decide(
    request: AnyRequest,
    world: World,
    actor: Actor,
    event: EventRecord,
    form: Form,
    action: Action,
    chosen: list[UUID],
    shown: dict[str, Any],
) -> Response[Any]:
    if form.flag("sure"):
        try:
            outcome = await bulk.carry_out(
                world, actor, event, action, chosen, str(form.values.get("reason", ""))
            )
        except InvalidInput as refused:
            form.absorb(refused)
        else:
            return page(
                request,
                "registration/many_done.html",
                outcome=outcome,
                refused=[
                    (each, " ".join(reasons_of(each.error, language_of(request)))) for each in outcome.refused
                ],
                way_back=WAY_BACK.get(action),
                **shown,
            )
    people = await registrations_by_ids(event.id, chosen)
    fitting = [each for each in people if each.status in FITTING[action]]
    return page(
        request,
        "registration/many_ask.html",
        status_code=422 if form.errors else 200,
        question=QUESTIONS[action],
        people=fitting,
        others=[each for each in people if each not in fitting],
        mails=_mails(action, fitting),
        **shown,
    )


def _filter(asked: Asked) -> bulk.BulkFilter:
    return msgspec.convert(asked.values, bulk.BulkFilter)


async def _chosen(form: Form, event: EventRecord, asked: Asked) -> list[UUID]:
    """Those who were ticked, or all of the filter. Raises `InvalidInput` rather than dealing with more people
    than were named, or with fewer without a word."""
    if form.flag("everyone"):
        if asked.unknown:
            raise InvalidInput.one("/" + asked.unknown[0], "unknown", NOT_OFFERED)
        chosen = await bulk.chosen_by(event, _filter(asked))
    else:
        try:
            chosen = [UUID(text) for text in form.all("id")]
        except ValueError as error:
            raise InvalidInput.one("/id", "unknown", NOT_OFFERED) from error
        if len(await registrations_by_ids(event.id, chosen)) < len(set(chosen)):
            raise InvalidInput.one("/id", "unknown", N_("Somebody of those chosen is not on this list."))
    if not chosen:
        raise InvalidInput.one("/id", "required", N_("Please choose at least one person."))
    return chosen


def _mails(action: Action, people: list[RegistrationRecord]) -> int:
    """A yes or a no goes to each group once. So do withdrawing and restoring whoever leads it; companions
    alone have one each."""
    groups = {each.group_id for each in people}
    if action in ("approve", "refuse"):
        return len(groups)
    leads = {each.id for each in people if each.leads}
    return len(leads) + sum(each.group_id not in leads for each in people)


ROUTES = [many]
