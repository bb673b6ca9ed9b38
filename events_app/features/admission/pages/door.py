"""`/door/{slug}`: what door staff hold all day, its live counters, and enrolling a borrowed phone."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import ServerSentEvent

from events_app.features.admission import devices, live
from events_app.features.admission.doors import event_at_door
from events_app.features.admission.envelope import address_of
from events_app.features.admission.pages.shell import SERVICE_WORKER, decoder_addresses
from events_app.features.admission.pages.words import kiosk_words, page_words
from events_app.features.admission.scan import OVERRIDABLE
from events_app.features.admission.tickets import keyring
from events_app.features.events.access import may_edit, may_read_tickets, may_scan
from events_app.features.events.model import EventRecord, Visibility
from events_app.features.events.queries import event_by_id, sessions_of
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor, ActorKind
from events_app.kernel.errors import NotAllowed, NotFound
from events_app.web.entrance import DEVICE_COOKIE
from events_app.web.guards import SCANNING, requires
from events_app.web.pages import go_to, language_of, page, secure_cookie

AnyRequest = Request[Any, Any, Any]

# Camera, worker, WebAssembly; scripts only of ours, also for workers (Trusted Types).
DOOR_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; media-src 'self' blob:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types convive-door"
)


async def scannable_event(actor: Actor, slug: str) -> EventRecord:
    """Raises `NotFound`, `NotAllowed`."""
    event = await event_at_door(actor, slug)
    if not may_scan(actor, event):
        raise NotAllowed
    return event


@get("/door/{slug:str}", guards=[requires(*SCANNING, or_device=True)])
async def door(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[str]:
    event = await scannable_event(actor, slug)
    return page(
        request,
        "admission/door.html",
        headers={"content-security-policy": DOOR_POLICY, "cache-control": "no-store"},
        event=event,
        sessions=await sessions_of(event.id),
        gate=actor.gate,
        gate_is_fixed=actor.kind is ActorKind.DOOR_DEVICE,
        is_long=event.ends_at - event.starts_at > timedelta(days=1),
        may_organise=may_edit(actor, event),
        config={
            "slug": event.slug,
            "api": f"/api/v1/events/{event.slug}",
            "live": f"/door/{event.slug}/live",
            "server_time": int(world.now().timestamp() * 1000),
            "decoder": decoder_addresses(),
            "overridable": sorted(OVERRIDABLE) if may_edit(actor, event) else [],
            "timezone": event.timezone,
            "capacity": event.capacity,
            "opens_at": event.doors_from.isoformat(),
            "closes_at": event.ends_at.isoformat(),
            "walk_in": {
                "address": address_of((await keyring(world)).letter_key).hex(),
                "invited": may_edit(actor, event)
                or not (event.approval or event.visibility is Visibility.INVITED),
            },
            "service_worker": SERVICE_WORKER,
            "words": page_words(translator(language_of(request))),
        },
    )


@get("/kiosk/{slug:str}", guards=[requires(*SCANNING, or_device=True)])
async def kiosk(request: AnyRequest, slug: FromPath[str], actor: NamedDependency[Actor]) -> Response[str]:
    """People stand before it alone, and let themselves in by their code."""
    event = await event_at_door(actor, slug)
    if not may_read_tickets(actor, event):
        raise NotAllowed
    words = translator(language_of(request))
    return page(
        request,
        "admission/kiosk.html",
        headers={"content-security-policy": DOOR_POLICY, "cache-control": "no-store"},
        event=event,
        config={
            "slug": event.slug,
            "api": f"/api/v1/events/{event.slug}",
            "gate": actor.gate or words.gettext("Kiosk"),
            "decoder": decoder_addresses(),
            "words": kiosk_words(words),
        },
    )


@get("/door/{slug:str}/live", guards=[requires(*SCANNING, or_device=True)])
async def door_live(slug: FromPath[str], actor: NamedDependency[Actor]) -> ServerSentEvent:
    event = await scannable_event(actor, slug)
    return counters_stream(event)


def counters_stream(event: EventRecord) -> ServerSentEvent:
    """`counters` events with JSON, a comment now and then; ends when the server stops."""

    async def messages() -> AsyncIterator[dict[str, Any]]:
        async for counters in live.watch(event.id):
            if counters is None:
                yield {"comment": "still here"}
            else:
                yield {"event": "counters", "data": msgspec.json.encode(counters).decode()}

    return ServerSentEvent(
        messages(), headers={"cache-control": "no-store", "x-accel-buffering": "no"}, comment_message=None
    )


@get("/door/enrol/{token:str}")
async def enrolment(
    request: AnyRequest, token: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[Any]:
    """A page with a button: what previews links must not use this one up. Whoever holds the door already,
    by this link or by their account, is led to it."""
    if (door_path := await _door_held(world, actor, token)) is not None:
        return go_to(request, door_path)
    device = await devices.offered(world, token)
    event = await event_by_id(device.event_id)
    if event is None:
        raise NotFound
    return page(
        request,
        "admission/enrol.html",
        headers={"cache-control": "no-store", "referrer-policy": "no-referrer"},
        device=device,
        event=event,
    )


@post("/door/enrol/{token:str}", status_code=303)
async def enrol(
    request: AnyRequest, token: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[None]:
    if (door_path := await _door_held(world, actor, token)) is not None:
        return go_to(request, door_path)
    done = await devices.enrol(world, token)
    seconds = int((done.valid_until - world.now()).total_seconds())
    cookie = secure_cookie(DEVICE_COOKIE, done.device_token, world.settings, max_age=max(seconds, 0))
    return go_to(request, done.door_path, cookies=[cookie])


async def _door_held(world: World, actor: Actor, token: str) -> str | None:
    """Where to go with a link that has nothing left to give. Raises `NotFound`."""
    device = await devices.linked(token)
    if device.state(world.now()) == "offered":
        return None
    event = await event_by_id(device.event_id)
    if event is None or not may_read_tickets(actor, event):
        return None
    return devices.door_path(event.slug, actor.is_kiosk)


@post("/door/{slug:str}/give-back", status_code=303, guards=[requires(*SCANNING, or_device=True)])
async def give_back(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[None]:
    """The borrowed phone is its owner's again."""
    await devices.give_back(world, actor, await scannable_event(actor, slug))
    return go_to(request, "/", "given-back", [secure_cookie(DEVICE_COOKIE, "", world.settings, max_age=0)])


ROUTES = [door, kiosk, door_live, enrolment, enrol, give_back]
