"""Puts the features together: the only module that knows them all."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any
from uuid import UUID

from litestar import Litestar, Request, Router
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.types import ASGIApp, ControllerRouterHandler

from events_app.api_v1 import api_router
from events_app.features.accounts import hooks as account_hooks
from events_app.features.accounts import jobs as accounts_jobs
from events_app.features.accounts import pages as accounts_pages
from events_app.features.accounts.authentication import authenticator
from events_app.features.accounts.service import KEY_PREFIX
from events_app.features.admission import pages as admission_pages
from events_app.features.admission.certificate import certificate_on_desk, my_certificate
from events_app.features.admission.columns import came_in, presence_columns
from events_app.features.admission.devices import actor_of_device
from events_app.features.admission.erasure import forget_name
from events_app.features.admission.letters import paper_warnings
from events_app.features.admission.own_data import own_entrances
from events_app.features.admission.places import BookedPlace, BookedTable, read_places_with
from events_app.features.admission.queries import seen_inside
from events_app.features.admission.schemas import DoorPlace
from events_app.features.admission.tickets import ticket_code_of
from events_app.features.calendars import pages as calendar_pages
from events_app.features.committees import pages as committees_pages
from events_app.features.counting import pages as counting_pages
from events_app.features.events import hooks as event_hooks
from events_app.features.events import jobs as events_jobs
from events_app.features.events import pages as events_pages
from events_app.features.events.model import SessionRecord
from events_app.features.events.queries import events_by_ids
from events_app.features.inbound.mailbox import look_into_mailbox
from events_app.features.inbound.on_desk import answer_of, own_answer
from events_app.features.inbound.service import forget_answer
from events_app.features.mailing import hooks as mailing_hooks
from events_app.features.mailing import jobs as mailing_jobs
from events_app.features.mailing import pages as mailing_pages
from events_app.features.mailing.announcements import tell_of_session, tell_the_registered, told_of_session
from events_app.features.mailing.digest import tell_organisers
from events_app.features.mailing.on_desk import mails_of
from events_app.features.mailing.reminders import remind
from events_app.features.mailing.thanks import thank
from events_app.features.messages import jobs as messages_jobs
from events_app.features.messages import pages as messages_pages
from events_app.features.messages.wording import MAIL_NAMES
from events_app.features.networking import jobs as networking_jobs
from events_app.features.networking import pages as networking_pages
from events_app.features.networking.contacts import forget_person
from events_app.features.networking.erasure import forget_wishes
from events_app.features.networking.own_data import own_meetings
from events_app.features.networking.personal import my_tables, tables_of_each
from events_app.features.networking.presence import read_door_with
from events_app.features.networking.queries import seated_in_published
from events_app.features.operations import pages as operations_pages
from events_app.features.registration import hooks as registration_hooks
from events_app.features.registration import jobs as registration_jobs
from events_app.features.registration import pages as registration_pages
from events_app.features.registration.queries import anybody_registered
from events_app.features.registration.reading import actor_by_link
from events_app.features.registration.renaming import follow as answers_follow
from events_app.features.registration.service import promote_waiting
from events_app.features.registration.used import agreed_otherwise, answers_lost, beyond_limits, wishes_for
from events_app.features.series import pages as series_pages
from events_app.features.workshops import pages as workshops_pages
from events_app.features.workshops.choices_shown import my_choices
from events_app.features.workshops.choosing import chosen_by_each, keep_what_fits, seat
from events_app.features.workshops.contributions import (
    double_places,
    own_places,
    place_columns,
    placement_tasks,
)
from events_app.features.workshops.late import free_place, seat_late, session_changed
from events_app.features.workshops.model import PlaceRecord
from events_app.features.workshops.personal import my_places
from events_app.features.workshops.queries import (
    occupancy_of,
    places_in,
    places_of_each,
    places_of_event,
    seated_in,
)
from events_app.infra import connections, housekeeping, jobs, logs, nightly
from events_app.infra.database import close_database, make_engine, open_database, use_engine
from events_app.infra.hops import Hops
from events_app.infra.job_kinds import Done, Kind, Nothing, by_name
from events_app.infra.processes import close_helpers
from events_app.infra.settings import load_settings
from events_app.infra.world import World
from events_app.kernel.actor import ANONYMOUS, Actor, Authenticate, Credentials
from events_app.kernel.clock import SystemClock
from events_app.kernel.ids import SystemEntropy
from events_app.web import assets, health, problems
from events_app.web.entrance import Entrance
from events_app.web.pages import actor_of
from events_app.web.requests import BodyRequest

PAGES: list[ControllerRouterHandler] = [
    *registration_pages.ROUTES,
    *admission_pages.ROUTES,
    *counting_pages.ROUTES,
    *committees_pages.ROUTES,
    *series_pages.ROUTES,
    *accounts_pages.ROUTES,
    *events_pages.ROUTES,
    *workshops_pages.ROUTES,
    *networking_pages.ROUTES,
    *operations_pages.ROUTES,
    *calendar_pages.ROUTES,
    *mailing_pages.ROUTES,
    *messages_pages.ROUTES,
]
"""The route handlers of every feature's `pages.py`."""

NIGHTLY: tuple[Kind[Nothing], ...] = (
    *mailing_jobs.NIGHTLY,
    *registration_jobs.NIGHTLY,
    *accounts_jobs.NIGHTLY,
    *housekeeping.NIGHTLY,
)
"""The kinds of job that are done once a day: all of them delete by time."""

JOBS: tuple[Done, ...] = (
    *mailing_jobs.HANDLERS,
    *messages_jobs.HANDLERS,
    *registration_jobs.HANDLERS,
    *accounts_jobs.HANDLERS,
    *events_jobs.HANDLERS,
    *networking_jobs.HANDLERS,
    *housekeeping.HANDLERS,
)
"""What the worker does."""

JOB_HANDLERS = by_name(nightly.when_believed(done) if done.kind in NIGHTLY else done for done in JOBS)

MAX_BODY_BYTES = 1_000_000  # a form or an API call; uploads ask for more on their own route


def make_world() -> World:
    return World(settings=load_settings(), clock=SystemClock(), entropy=SystemEntropy())


def create_app(world: World | None = None) -> Litestar:
    """`world` is given by tests; otherwise it is made from the environment."""
    introduce_features()

    def provide_world() -> World:
        served: World = app.state.world
        return served

    app = Litestar(
        route_handlers=[
            assets.router,
            health.live,
            health.ready,
            api_router(),
            Router("/", route_handlers=PAGES, include_in_schema=False),
        ],
        dependencies={
            "world": Provide(provide_world, sync_to_thread=False),
            "actor": Provide(provide_actor, sync_to_thread=False),
        },
        exception_handlers=problems.exception_handlers(),
        openapi_config=None,  # web/openapi.py describes the API
        lifespan=[_running],
        request_class=BodyRequest,
        request_max_body_size=MAX_BODY_BYTES,
        logging_config=None,
    )
    _serve(app, app.asgi_handler, world or make_world())
    return app


def serve_instead(app: Litestar, world: World) -> None:
    """Another world, as if the application had just been made: putting its routes together takes a fifth of
    a second, which each of a thousand tests would wait for."""
    entrance = app.asgi_handler
    assert isinstance(entrance, Entrance)  # noqa: S101
    _serve(app, entrance.next_app, world)


def _serve(app: Litestar, router: ASGIApp, world: World) -> None:
    app.state = State({"world": world})
    hops = Hops(world.settings.data_dir)
    app.asgi_handler = Entrance(
        router, _authenticator(world), problems.answer_for, hops, https=world.settings.https
    )


def _authenticator(world: World) -> Authenticate:
    """Keys and cookies, of people and of door devices; as a bearer token also the secret of a participant's
    personal link. Whoever is signed in on a borrowed phone is asked as that person."""
    known = authenticator(world)

    async def authenticate(credentials: Credentials) -> Actor:
        if credentials.bearer is not None and not credentials.bearer.startswith(KEY_PREFIX):
            participant = await actor_by_link(credentials.bearer)
            if participant is not None:
                return participant
        actor = await known(credentials)
        if actor is ANONYMOUS:
            for device in credentials.devices:
                if (found := await actor_of_device(device, world.now())) is not None:
                    return found
        return actor

    return authenticate


def introduce_features() -> None:
    """What lower features are given by higher ones, which they do not know."""
    read_places_with(_places_at_door)
    read_door_with(seen_inside)
    account_hooks.hand_over(account_hooks.Hooks(event_slugs=_slugs_of))
    event_hooks.hand_over(
        event_hooks.Hooks(
            announced_change=(tell_the_registered,),
            session_changed=(session_changed, tell_of_session),
            places_changed=(promote_waiting,),
            choices_renamed=(answers_follow,),
            tasks=(placement_tasks,),
            programme_warnings=(double_places,),
            paper_warnings=(paper_warnings,),
            told_of_session=told_of_session,
            session_uses=(wishes_for, places_in, seated_in_published),
            answers_lost=answers_lost,
            agreed_otherwise=agreed_otherwise,
            beyond=beyond_limits,
            occupancy=occupancy_of,
            anybody_registered=anybody_registered,
        )
    )
    mailing_hooks.hand_over(mailing_hooks.Hooks(mail_names=MAIL_NAMES))
    registration_hooks.hand_over(
        registration_hooks.Hooks(
            registered=(seat_late,),
            withdrawn=(free_place,),
            erased=(forget_name, forget_wishes, forget_person, forget_answer),
            sections=(my_certificate, my_choices, my_places, my_tables),
            desk_sections=(certificate_on_desk, my_choices, answer_of, mails_of),
            seat=seat,
            given_later=(keep_what_fits,),
            columns=(place_columns, presence_columns),
            ticket_code=ticket_code_of,
            seated_in=seated_in,
            own_data=(own_places, own_meetings, own_entrances, own_answer),
            stops=_stops_of,
            stops_of_each=_stops_of_each,
            chosen_by_each=chosen_by_each,
            came_in=came_in,
        )
    )


async def _slugs_of(event_ids: Sequence[UUID]) -> dict[UUID, str]:
    return {event.id: event.slug for event in await events_by_ids(event_ids)}


async def _stops_of(event_id: UUID) -> dict[UUID, list[registration_hooks.Stop]]:
    """Places in workshops and in sessions that people chose."""
    return _as_stops(await places_of_event(event_id))


async def _stops_of_each(registration_ids: Sequence[UUID]) -> dict[UUID, list[registration_hooks.Stop]]:
    return _as_stops(await places_of_each(list(registration_ids)))


def _as_stops(found: Mapping[UUID, Sequence[PlaceRecord]]) -> dict[UUID, list[registration_hooks.Stop]]:
    return {
        person: [
            registration_hooks.Stop(each.code, each.starts_at, each.ends_at, each.title, each.room)
            for each in (place.session for place in places)
        ]
        for person, places in found.items()
    }


async def _places_at_door(registration_ids: Sequence[UUID]) -> dict[UUID, list[BookedPlace]]:
    """Published workshop places and tables, as the door says them."""
    booked: dict[UUID, list[BookedPlace]] = defaultdict(list)
    for registration_id, places in (await places_of_each(list(registration_ids))).items():
        booked[registration_id] += [_booked(place.session, place.slot) for place in places]
    for registration_id, seated in (await tables_of_each(registration_ids)).items():
        booked[registration_id] += [
            _booked(
                session,
                session.slot_key,
                *(BookedTable(seat.round, seat.table, seat.starts_at, seat.ends_at) for seat in seats),
            )
            for session, seats in seated
        ]
    return booked


def _booked(session: SessionRecord, slot: str, *tables: BookedTable) -> BookedPlace:
    shown = DoorPlace(
        session=session.code,
        title=session.title,
        room=session.room,
        slot=slot,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        coach=session.coach,
    )
    return BookedPlace(session.id, session.slot_key, shown, tables)


def provide_actor(request: Request[Any, Any, Any], world: NamedDependency[World]) -> Actor:
    """It asks for `world` only to come after it: two independent dependencies cost a task group a request."""
    return actor_of(request)


@asynccontextmanager
async def _running(app: Litestar) -> AsyncIterator[None]:
    """The database is open and, unless `convive worker` does it, jobs are worked on."""
    world: World = app.state.world
    await open_database()
    stop = asyncio.Event()
    room = asyncio.create_task(connections.keep_room(world.settings.port, stop))
    worker = asyncio.create_task(run_worker(world, stop)) if world.settings.worker_in_process else None
    try:
        yield
    finally:
        stop.set()
        await room
        if worker is not None:
            await worker
        await close_helpers()
        await close_database()


async def run_worker(world: World, stop: asyncio.Event) -> None:
    """Do jobs until `stop` is set; the database is open."""
    introduce_features()
    await asyncio.gather(
        jobs.work(world, JOB_HANDLERS, jobs.holder_name(), stop),
        nightly.keep_nightly(world, NIGHTLY, stop, (remind, thank, tell_organisers, look_into_mailbox)),
    )


@cache
def application() -> Litestar:
    """The application of this process, for a server that imports it."""
    world = make_world()
    logs.configure(world.settings.log_level)
    use_engine(make_engine(world.settings.database_url))
    return create_app(world)
