"""`/door/{slug}`: what door staff hold all day, its live counters, and enrolling a borrowed phone."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import ServerSentEvent

from events_app.features.admission import devices, live
from events_app.features.admission.doors import event_at_door
from events_app.features.admission.scan import OVERRIDABLE
from events_app.features.admission.wording import WORDS
from events_app.features.events.access import may_edit, may_scan
from events_app.features.events.model import EventRecord
from events_app.features.events.queries import event_by_id, sessions_of
from events_app.infra.i18n import Translator, translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor, ActorKind
from events_app.kernel.errors import NotAllowed, NotFound
from events_app.web.assets import asset_url
from events_app.web.entrance import DEVICE_COOKIE
from events_app.web.guards import SCANNING, requires
from events_app.web.pages import go_to, language_of, page, secure_cookie

AnyRequest = Request[Any, Any, Any]

_DECODER = "zxing-wasm/dist/es/reader/index.js"
_WASM = "zxing-wasm/dist/reader/zxing_reader.wasm"
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
        may_organise=may_edit(actor, event),
        config={
            "slug": event.slug,
            "api": f"/api/v1/events/{event.slug}",
            "live": f"/door/{event.slug}/live",
            "server_time": int(world.now().timestamp() * 1000),
            "decoder": _decoder(),
            "overridable": sorted(OVERRIDABLE) if may_edit(actor, event) else [],
            "words": _words(translator(language_of(request))),
        },
    )


def _decoder() -> dict[str, str] | None:
    """Addresses of the worker and of what it loads; None when npm has installed nothing: no camera then."""
    module, wasm = asset_url(_DECODER), asset_url(_WASM)
    if not module or not wasm:
        return None
    return {"decoder": asset_url("js/door/decoder.js"), "module": module, "wasm": wasm}


def _words(words: Translator) -> dict[str, Any]:
    """What the page's scripts say."""
    _ = words.gettext
    return {
        "outcomes": {outcome.value: _(word) for outcome, word in WORDS.items()}
        | {"waiting": _("No network"), "reading": _("Read")},
        "no_network": _("No network. The scan is sent again by itself; you may scan the next person."),
        "nobody": _("Nobody of this name. Try fewer letters."),
        "unnamed": _("Gate without a name"),
        "out": _("Way out"),
        "let_in": _("Let in by a supervisor"),
        "table": _("Table {number}"),
        "no_camera": _("No camera here. Type the code, search for the name, or use a scanner."),
        "camera_refused": _("The camera is not allowed. Allow it in the browser's settings, then start it."),
        "states": {
            "inside": _("Inside"),
            "out": _("Gone out"),
            "expected": _("Expected"),
            "waiting": _("On the waiting list"),
            "pending": _("To be approved"),
            "cancelled": _("Withdrawn"),
            "refused": _("Declined"),
        },
    }


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
    return go_to(request, f"/door/{done.event_slug}", cookies=[cookie])


async def _door_held(world: World, actor: Actor, token: str) -> str | None:
    """Where to go with a link that has nothing left to give. Raises `NotFound`."""
    device = await devices.linked(token)
    if device.state(world.now()) == "offered":
        return None
    event = await event_by_id(device.event_id)
    return f"/door/{event.slug}" if event is not None and may_scan(actor, event) else None


@post("/door/{slug:str}/give-back", status_code=303, guards=[requires(*SCANNING, or_device=True)])
async def give_back(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[None]:
    """The borrowed phone is its owner's again."""
    await devices.give_back(world, actor, await scannable_event(actor, slug))
    return go_to(request, "/", "given-back", [secure_cookie(DEVICE_COOKIE, "", world.settings, max_age=0)])


ROUTES = [door, door_live, enrolment, enrol, give_back]
