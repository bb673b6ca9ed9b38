"""Wanting no more: the link of a mail, and the one click of a mail program (RFC 8058)."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from events_app.features.accounts import digests
from events_app.features.events.queries import event_by_id
from events_app.features.mailing import unsubscribing
from events_app.features.mailing.unsubscribing import REMINDERS
from events_app.features.registration.consents import standing_of
from events_app.features.registration.model import RegistrationRecord
from events_app.infra.world import World
from events_app.web.forms import read_form
from events_app.web.pages import page

AnyRequest = Request[Any, Any, Any]
PRIVATE = {"cache-control": "private, no-store", "x-robots-tag": "noindex"}


@get("/unsubscribe/{registration_id:uuid}/{what:str}/{proof:str}")
async def ask(
    request: AnyRequest,
    registration_id: FromPath[UUID],
    what: FromPath[str],
    proof: FromPath[str],
    world: NamedDependency[World],
) -> Response[Any]:
    """A button, since programs that check mails open every link."""
    registration = await unsubscribing.asked_by(world, registration_id, what, proof)
    return await _page(request, registration, what)


@post("/unsubscribe/{registration_id:uuid}/{what:str}/{proof:str}", status_code=200)
async def act(
    request: AnyRequest,
    registration_id: FromPath[UUID],
    what: FromPath[str],
    proof: FromPath[str],
    world: NamedDependency[World],
) -> Response[Any]:
    registration = await unsubscribing.asked_by(world, registration_id, what, proof)
    form = await read_form(request)
    if form.deed("deed", ("stop", "again"), absent="stop") == "again":
        await unsubscribing.begin_again(world, registration, what)
    else:
        await unsubscribing.stop(world, registration, what)
    return await _page(request, registration, what)


async def _page(request: AnyRequest, registration: RegistrationRecord, what: str) -> Response[Any]:
    event = await event_by_id(registration.event_id)
    if what == REMINDERS or event is None:
        stopped, purpose = await unsubscribing.wants_none(registration.id), ""
    else:
        (state,) = [each for each in await standing_of(event, registration) if each.code == what]
        stopped, purpose = not state.given, state.purpose
    return page(
        request,
        "mailing/unsubscribe.html",
        headers=PRIVATE,
        event=event,
        registration=registration,
        stopped=stopped,
        purpose=purpose,
    )


@get("/unsubscribe-digest/{account_id:uuid}/{proof:str}")
async def ask_digest(
    request: AnyRequest, account_id: FromPath[UUID], proof: FromPath[str], world: NamedDependency[World]
) -> Response[Any]:
    return _digest_page(request, await digests.asked_to_stop(world, account_id, proof))


@post("/unsubscribe-digest/{account_id:uuid}/{proof:str}", status_code=200)
async def act_digest(
    request: AnyRequest, account_id: FromPath[UUID], proof: FromPath[str], world: NamedDependency[World]
) -> Response[Any]:
    await digests.asked_to_stop(world, account_id, proof)
    form = await read_form(request)
    again = form.deed("deed", ("stop", "again"), absent="stop") == "again"
    frequency = digests.Frequency.DAILY if again else digests.Frequency.NEVER
    await digests.set_frequency(world, account_id, frequency)
    return _digest_page(request, frequency)


def _digest_page(request: AnyRequest, frequency: digests.Frequency) -> Response[Any]:
    stopped = frequency is digests.Frequency.NEVER
    return page(request, "mailing/unsubscribe_digest.html", headers=PRIVATE, stopped=stopped)


ROUTES = [ask, act, ask_digest, act_digest]
