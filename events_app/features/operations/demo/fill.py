"""Fills an empty installation with the demo, through the same services that people use."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID

from msgspec import UNSET
from msgspec.structs import replace
from piccolo.table import Table

from events_app.features.accounts.bodies import add_body, change_body
from events_app.features.accounts.legal import LegalFacts, save_facts
from events_app.features.accounts.members import add_member
from events_app.features.accounts.service import ensure_first_body
from events_app.features.counting.model import Site
from events_app.features.counting.service import set_up
from events_app.features.events.content import NewEvent, SessionChanges, VenueChanges
from events_app.features.events.formats import FORMATS
from events_app.features.events.model import EventRecord, Question, SessionRecord
from events_app.features.events.queries import event_by_slug, sessions_of
from events_app.features.events.service import create_event, publish_event
from events_app.features.events.sessions import edit_session
from events_app.features.mailing.jobs import MAILS
from events_app.features.operations.demo.committee import seat_committee
from events_app.features.operations.demo.cycle import make_series
from events_app.features.operations.demo.evening import play_evening
from events_app.features.operations.demo.forum import fill_forum
from events_app.features.operations.demo.people import InventedPerson, invent
from events_app.features.operations.demo.programme import BODIES, EVENTS, MONKEY_TIME, PAST_EVENING, DemoEvent
from events_app.features.registration.approval import approve
from events_app.features.registration.model import RegistrationRequest, Source
from events_app.features.registration.service import register
from events_app.infra.counters import count_up
from events_app.infra.database import execute, row, unit_of_work
from events_app.infra.pending_jobs import drop_all_but
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from events_app.kernel.civil_time import DEFAULT_ZONE, to_instant, to_wall
from events_app.kernel.clock import FixedClock

SEED = "Monkey Time, Lens, 10 avril 2018"
STAFF = (
    ("administratrice@example.org", "Odile Delattre", "administrator"),
    ("organisateur@example.org", "Rémi Vasseur", "organiser"),
    ("accueil@example.org", "Wendy Caron", "door"),
    ("coach@example.org", "Sylvie Marchal", "coach"),
)
NAMED = "le Pôle métropolitain de l’Artois"
CONTACT = "evenements@example.org"
FACTS = LegalFacts(
    publisher="Pôle métropolitain de l’Artois (démonstration)",
    publisher_address="Adresse inventée, 62300 Lens\n03 00 00 00 00",
    director="Odile Delattre",
    host="La personne qui fait tourner cette démonstration",
    data_contact="donnees@example.org",
)
SITES = [
    Site("Parc des Cytises, Bénifontaine", ["Entrée principale", "Étang"], 800),
    Site("Base 11/19, Loos-en-Gohelle", ["Terrils jumeaux", "Culture Commune"], 1_500),
    Site("Parc de la Glissoire, Avion", ["Nord", "Sud"], 600),
    Site("Val du Flot, Wingles", []),
]
_MARK = "demo"  # a counter that says: this database is the demo's
# Some workshops draw more wishes than others: the placement has something to decide.
_APPEAL = {"reorienter": 5, "confiance": 4, "reseauter": 3, "communiquer": 2, "mental": 1}


async def is_empty() -> bool:
    found = await row("SELECT (SELECT count(*) FROM event) + (SELECT count(*) FROM account) AS n")
    return found is not None and found["n"] == 0


async def is_demo() -> bool:
    return await row("SELECT value FROM counter WHERE name = {}", _MARK) is not None


async def fill(world: World) -> None:
    """Everything in one transaction: a demo is there or it is not."""
    rng = Random(SEED)  # noqa: S311 - invented people, no secret
    async with unit_of_work():
        await count_up(_MARK)
        own_body, own_slug = await _bodies(world)
        accounts = {
            name: await add_member(world, SYSTEM, own_body, email, role, name, invite=False)
            for email, name, role in STAFF
        }
        await change_body(world, SYSTEM, own_slug, NAMED, CONTACT)
        await save_facts(world, SYSTEM, FACTS)
        for demo_event in EVENTS:
            event = await _event(world, demo_event, own_slug, accounts)
            if event.format == "festival":
                await set_up(world, SYSTEM, event, SITES)
            if event.format == "cycle":
                await make_series(world, event)
            if event.format == "committee":
                await seat_committee(world, event)
            if event.format == "speed_dating":
                await fill_forum(world, rng, event, demo_event.people)
            else:
                await _people(world, rng, event, demo_event)
        await _past_evening(world, rng, own_slug, accounts)
        # The outbox shows the Monkey Time's mails; hundreds of others would only hide them.
        monkey_time = await event_by_slug(MONKEY_TIME)
        assert monkey_time is not None  # noqa: S101 - one of EVENTS
        await drop_all_but(monkey_time.id, [done.kind.name for done in MAILS])


async def _past_evening(world: World, rng: Random, own_slug: str, accounts: dict[str, UUID]) -> None:
    """By a clock that begins three weeks before that evening."""
    starts_at = _start(world, PAST_EVENING)
    then = replace(world, clock=FixedClock(starts_at - timedelta(days=21)))
    event = await _event(then, replace(PAST_EVENING, day=21), own_slug, accounts)
    await _people(then, rng, event, PAST_EVENING)
    await play_evening(then, rng, event)


async def _bodies(world: World) -> tuple[UUID, str]:
    """The territory's own, found or made, and others beside it; id and slug of the own."""
    own_id = await ensure_first_body(world)
    own = await row("SELECT slug FROM body WHERE id = {}", own_id)
    for slug, name in BODIES:
        await add_body(world, SYSTEM, name, slug=slug)
    return own_id, own["slug"] if own else ""


def _start(world: World, event: DemoEvent) -> datetime:
    today = to_wall(world.now(), DEFAULT_ZONE).date()
    return to_instant(
        datetime.combine(today + timedelta(days=event.day), time.fromisoformat(event.at)), DEFAULT_ZONE
    )


async def _event(world: World, demo: DemoEvent, own_slug: str, accounts: dict[str, UUID]) -> EventRecord:
    """`accounts` by name: a coach who has one sees who comes."""
    template = FORMATS[demo.format]
    starts_at = _start(world, demo)
    new = NewEvent(
        slug=demo.slug,
        title=demo.title,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=demo.minutes or template.duration_minutes),
        body=demo.body or own_slug,
        format=template.code,
        summary=template.summary,
        description=template.description,
        venue=VenueChanges(
            name=demo.venue.name,
            address=demo.venue.address,
            insee=demo.venue.insee or None,
            commune=demo.venue.commune,
        ),
        capacity=demo.capacity or template.capacity,
        registration_required=template.registration_required,
        doors_open_at=world.now() if demo.doors_open_now else UNSET,
        visibility=demo.visibility or template.visibility,
        approval=template.approval,
        max_companions=template.max_companions,
        preferences_count=template.preferences_count,
        profiles=list(template.profiles),
        questions=list(template.questions),
        consents=list(template.consents),
    )
    event = await create_event(world, SYSTEM, new, template.sessions)
    for code, coach, room in demo.coaches:
        changes = SessionChanges(coach=coach, room=room, coach_account_id=accounts.get(coach))
        await edit_session(world, SYSTEM, event.slug, code, changes)
    return await publish_event(world, SYSTEM, event.slug) if demo.published else event


async def _people(world: World, rng: Random, event: EventRecord, demo: DemoEvent) -> None:
    workshops = [session for session in await sessions_of(event.id) if session.is_workshop]
    for person in invent(rng, demo.people, event.profiles):
        request = RegistrationRequest(
            email=person.email,
            given_name=person.given_name,
            family_name=person.family_name,
            organisation=person.organisation,
            insee=person.insee,
            profile=person.profile,
            language="fr",
            consent={purpose.code: purpose.required or rng.random() < 0.6 for purpose in event.consents},
            answers=_answers(rng, event.questions, person),
            preferences=_wishes(rng, event, workshops),
        )
        answer = await register(world, SYSTEM, event, request, Source.DEMO)
        if event.format == "networking" and answer.registration and rng.random() < 0.94:
            await approve(world, SYSTEM, answer.registration.id)  # the others still wait for a yes


def _wishes(rng: Random, event: EventRecord, workshops: list[SessionRecord]) -> list[str]:
    """Ranked, the popular ones more often first."""
    left = {session.code: _APPEAL.get(session.code, 2) for session in workshops}
    wishes: list[str] = []
    while left and len(wishes) < (event.preferences_count or len(workshops)):
        chosen = rng.choices(list(left), weights=list(left.values()))[0]
        wishes.append(chosen)
        del left[chosen]
    return wishes


def _answers(rng: Random, questions: list[Question], person: InventedPerson) -> dict[str, object]:
    """Something sensible for each question that is needed and shown."""
    answers: dict[str, object] = {}
    for question in questions:
        shown = question.shown_when
        if not question.required or (shown and answers.get(shown.question) not in shown.any_of):
            continue
        match question.kind:
            case "one_choice":
                answers[question.code] = rng.choice(question.choices)
            case "several_choices":
                answers[question.code] = [rng.choice(question.choices)]
            case "yes_no":
                answers[question.code] = rng.random() < 0.5
            case "number":
                answers[question.code] = rng.randint(1, 5)
            case "date":
                answers[question.code] = "1998-03-14"
            case _:
                answers[question.code] = person.organisation or "À préciser sur place"
    return answers


async def empty(tables: Sequence[type[Table]]) -> None:
    """Delete every row of every table, those that refer to others first."""
    async with unit_of_work():
        for table in reversed(tables):
            await execute(f"DELETE FROM {table._meta.tablename}")
