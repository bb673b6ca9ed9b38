"""Sessions of an event by the public contract (v1)."""

from typing import Any

from litestar import Request, Response, delete, get, patch, post
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody
from msgspec.structs import replace

from events_app.features.events import hooks, sessions
from events_app.features.events.access import may_look_into
from events_app.features.events.consequences import Saving
from events_app.features.events.content import NewSession, SessionPatch
from events_app.features.events.model import EventRecord, SessionRecord
from events_app.features.events.overlaps import warnings_of
from events_app.features.events.queries import sessions_of, visible_event
from events_app.features.events.schemas import SessionAnswer, SessionPage, people_concerned, session_answer
from events_app.infra.deployment import addresses
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.kernel.actor import Actor
from events_app.web.guards import ORGANISING, requires
from events_app.web.idempotency import answer_once
from events_app.web.pages import language_of
from events_app.web.revisions import etag_of, expected_revision

TAGS = ["sessions"]
ETAG = [
    ResponseHeader(
        name="ETag", description="The revision; send it back as If-Match.", documentation_only=True
    )
]

AnyRequest = Request[Any, Any, Any]


@post(
    "/events/{slug:str}/sessions",
    guards=[requires(*ORGANISING)],
    responses={201: ResponseSpec(SessionAnswer, description="The session", media_type="application/json")},
    tags=TAGS,
    operation_id="addSession",
    summary="Add a session to the programme",
    description="Sessions of one `slot` run at the same time: a person has one place in each slot.",
    security=[{"key": []}],
)
async def add_session(
    request: AnyRequest,
    slug: FromPath[str],
    data: JSONBody[NewSession],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[bytes]:
    async def work() -> SessionAnswer:
        event, session = await sessions.add_session(world, actor, slug, data)
        return await _warned(request, event, await _answer_of(world, actor, event, session))

    return await answer_once(request, world, work)


@get(
    "/events/{slug:str}/sessions",
    tags=TAGS,
    operation_id="listSessions",
    summary="The programme, in its order",
)
async def list_sessions(
    request: AnyRequest, slug: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> SessionPage:
    event = await visible_event(actor, slug)
    found, at = await sessions_of(event.id), await addresses(world)
    taken, exact = await hooks.occupancy(event.id), may_look_into(actor, event)
    items = [session_answer(at, event, each, taken.get(each.id, 0), exact=exact) for each in found]
    return SessionPage(items, None, warnings_of(found, translator(language_of(request))))


@get(
    "/events/{slug:str}/sessions/{code:str}",
    tags=TAGS,
    operation_id="readSession",
    summary="One session",
    response_headers=ETAG,
)
async def read_session(
    slug: FromPath[str], code: FromPath[str], world: NamedDependency[World], actor: NamedDependency[Actor]
) -> Response[SessionAnswer]:
    event, session = await sessions.one_session(actor, slug, code)
    answer = await _answer_of(world, actor, event, session)
    return Response(answer, headers={"etag": etag_of(session.revision)})


@patch(
    "/events/{slug:str}/sessions/{code:str}",
    guards=[requires(*ORGANISING)],
    tags=TAGS,
    operation_id="changeSession",
    summary="Change a session",
    description="Whom it concerns is told by mail, unless `notify` is false; `warnings` says whom.",
    response_headers=ETAG,
    security=[{"key": []}],
)
async def change_session(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    data: JSONBody[SessionPatch],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> Response[SessionAnswer]:
    saving = Saving(tell=data.notify, noted=[])
    revision = expected_revision(request)
    event, session = await sessions.edit_session(world, actor, slug, code, data, revision, saving)
    answer = await _warned(request, event, await _answer_of(world, actor, event, session))
    concerned = people_concerned(saving.noted, [session.code])
    answer = replace(answer, warnings=[*answer.warnings, *concerned])
    return Response(answer, headers={"etag": etag_of(session.revision)})


@delete(
    "/events/{slug:str}/sessions/{code:str}",
    guards=[requires(*ORGANISING)],
    tags=TAGS,
    operation_id="deleteSession",
    summary="Delete a session; 409 `session-in-use` while people are placed in it",
    security=[{"key": []}],
)
async def delete_session(
    request: AnyRequest,
    slug: FromPath[str],
    code: FromPath[str],
    world: NamedDependency[World],
    actor: NamedDependency[Actor],
) -> None:
    await sessions.delete_session(world, actor, slug, code, expected_revision(request))


async def _answer_of(world: World, actor: Actor, event: EventRecord, session: SessionRecord) -> SessionAnswer:
    taken = (await hooks.occupancy(event.id)).get(session.id, 0)
    return session_answer(await addresses(world), event, session, taken, exact=may_look_into(actor, event))


async def _warned(request: AnyRequest, event: EventRecord, answer: SessionAnswer) -> SessionAnswer:
    """With what this session makes difficult for the people of the event."""
    found = warnings_of(await sessions_of(event.id), translator(language_of(request)))
    return replace(answer, warnings=[warning for warning in found if answer.code in warning.sessions])


ROUTES = [add_session, list_sessions, read_session, change_session, delete_session]
