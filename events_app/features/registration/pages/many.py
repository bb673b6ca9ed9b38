"""One deed for the people chosen in the list: asked about first, then told of each, with a way back."""

from typing import Any, cast
from uuid import UUID

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.registration import bulk
from events_app.features.registration.access import may_decide
from events_app.features.registration.bulk import Action
from events_app.features.registration.model import RegistrationRecord, RegistrationStatus
from events_app.features.registration.queries import registrations_by_ids
from events_app.features.registration.reading import readable_list
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.kernel.errors import N_, NotAllowed
from events_app.web.forms import Form, read_form
from events_app.web.guards import ORGANISING, requires
from events_app.web.navigation import event_tabs
from events_app.web.pages import go_to, language_of, page
from events_app.web.problems import reasons_of

AnyRequest = Request[Any, Any, Any]

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
    action = cast(Action, form.choice("action", ACTIONS))
    chosen = _ids(form)
    if not action or not chosen:
        return go_to(request, f"/org/events/{slug}/registrations")
    shown: dict[str, Any] = {
        "event": event,
        "tabs_of_event": event_tabs(event, language_of(request)),
        "action": action,
        "here": f"/org/events/{slug}/registrations",
    }
    if not form.flag("sure"):
        people = await registrations_by_ids(event.id, chosen)
        fitting = [each for each in people if each.status in FITTING[action]]
        return page(
            request,
            "registration/many_ask.html",
            question=QUESTIONS[action],
            people=fitting,
            others=[each for each in people if each not in fitting],
            mails=_mails(action, fitting),
            **shown,
        )
    outcome = await bulk.carry_out(world, actor, event, action, chosen)
    return page(
        request,
        "registration/many_done.html",
        outcome=outcome,
        refused=[(each, " ".join(reasons_of(each.error, language_of(request)))) for each in outcome.refused],
        way_back=WAY_BACK.get(action),
        **shown,
    )


def _ids(form: Form) -> list[UUID]:
    """What is no id was never on our page."""
    found = []
    for text in form.all("id"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found[: bulk.MOST_AT_ONCE]


def _mails(action: Action, people: list[RegistrationRecord]) -> int:
    """A yes or a no goes to each group once. So do withdrawing and restoring whoever leads it; companions
    alone have one each."""
    groups = {each.group_id for each in people}
    if action in ("approve", "refuse"):
        return len(groups)
    leads = {each.id for each in people if each.leads}
    return len(leads) + sum(each.group_id not in leads for each in people)


ROUTES = [many]
