"""Registering by the service: places, the waiting list, groups, the same person twice."""

import pytest

from events_app.features.events.queries import counts_of_one
from events_app.features.registration.model import Companion, RegistrationRequest, Source
from events_app.features.registration.queries import group_of, preferences_of, registrations_of
from events_app.features.registration.rules import AlreadyRegistered, EventFull, RegistrationClosed
from events_app.features.registration.service import register
from events_app.features.registration.withdrawal import cancel
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import ANONYMOUS, SYSTEM
from events_app.kernel.errors import InvalidInput
from tests.factories import again, make_event, make_registration, make_workshops

pytestmark = pytest.mark.usefixtures("database")


def request(email: str = "lea@example.org", **fields: object) -> RegistrationRequest:
    return RegistrationRequest(**{"email": email, "given_name": "Léa", "family_name": "Martin"} | fields)  # type: ignore[arg-type]


async def jobs_of(kind: str) -> int:
    found = await db.row("SELECT count(*) AS n FROM job WHERE kind = {}", kind)
    return int(found["n"]) if found else 0


async def test_places_then_the_waiting_list(world: World) -> None:
    event = await make_event(world, capacity=2)
    made = [await make_registration(world, event) for _ in range(4)]
    assert [each.status for each in made] == ["confirmed", "confirmed", "waiting", "waiting"]
    assert [each.arrival for each in made] == [1, 2, 3, 4]
    assert (await jobs_of("mail.confirmation"), await jobs_of("mail.waiting")) == (2, 2)


async def test_a_withdrawn_place_goes_to_the_next(world: World) -> None:
    event = await make_event(world, capacity=2)
    first, _, third, fourth = [await make_registration(world, event) for _ in range(4)]
    await cancel(world, SYSTEM, first.id)
    assert (await again(third)).status == "confirmed"
    assert (await again(fourth)).status == "waiting"
    assert await jobs_of("mail.promoted") == 1


async def test_a_group_waits_whole_and_is_promoted_whole(world: World) -> None:
    event = await make_event(world, capacity=3, max_companions=2)
    singles = [await make_registration(world, event) for _ in range(3)]
    lead = await make_registration(world, event, companions=1)
    late = await make_registration(world, event)
    await cancel(world, SYSTEM, singles[0].id)
    assert [each.status for each in await group_of(lead.id)] == ["waiting", "waiting"]
    assert (await again(late)).status == "waiting"  # nobody passes anybody
    await cancel(world, SYSTEM, singles[1].id)
    assert [each.status for each in await group_of(lead.id)] == ["confirmed", "confirmed"]
    assert (await again(late)).status == "waiting"


async def test_companions_have_tickets_of_their_own_and_leave_alone(world: World) -> None:
    event = await make_event(world, max_companions=3)
    lead = await make_registration(
        world, event, given_name="Léa", family_name="Martin", companions=[Companion(), Companion("Tom", "Bo")]
    )
    group = await group_of(lead.id)
    assert [each.name for each in group] == ["Léa Martin", "Léa Martin (+1)", "Tom Bo"]
    assert len({each.short_code for each in group}) == 3
    await cancel(world, SYSTEM, group[2].id)
    assert [each.status for each in await group_of(lead.id)] == ["confirmed", "confirmed", "cancelled"]
    await cancel(world, SYSTEM, lead.id)
    assert {each.status for each in await group_of(lead.id)} == {"cancelled"}


async def test_the_same_person_twice_learns_nothing_and_gets_one_mail_an_hour(world: World) -> None:
    event = await make_event(world)
    answers = [
        await register(world, ANONYMOUS, event, request(email))
        for email in ("lea@example.org", "LEA@Example.org")
    ]
    again_ = await register(world, ANONYMOUS, event, request())
    assert [each.status for each in (*answers, again_)] == ["confirmed"] * 3
    assert {each.registration for each in (*answers, again_)} == {None}
    assert len({each.receipt_id for each in (*answers, again_)}) == 3
    assert (await counts_of_one(event.id)).confirmed == 1
    assert (await jobs_of("mail.confirmation"), await jobs_of("mail.already_registered")) == (1, 1)


async def test_an_organiser_is_told_who_is_registered_already(world: World) -> None:
    event = await make_event(world)
    await register(world, SYSTEM, event, request())
    with pytest.raises(AlreadyRegistered):
        await register(world, SYSTEM, event, request())


async def test_who_withdrew_may_come_back_at_the_end_of_the_line(world: World) -> None:
    event = await make_event(world, capacity=1)
    first = await make_registration(world, event, email="lea@example.org")
    await make_registration(world, event)
    await cancel(world, SYSTEM, first.id)
    answer = await register(world, SYSTEM, event, request())
    assert (answer.status, answer.waiting_position) == ("waiting", 1)


async def test_full_without_a_waiting_list_is_said(world: World) -> None:
    event = await make_event(world, capacity=1, waiting_list=False)
    await make_registration(world, event)
    with pytest.raises(EventFull):
        await make_registration(world, event)
    assert (await counts_of_one(event.id)).all == 1


async def test_a_stale_event_does_not_decide(world: World) -> None:
    stale = await make_event(world, capacity=5)
    await db.execute("UPDATE event SET status = 'cancelled', revision = revision + 1")
    with pytest.raises(RegistrationClosed):
        await make_registration(world, stale)
    await db.execute("UPDATE event SET status = 'published', capacity = 1, revision = revision + 1")
    made = [await make_registration(world, stale) for _ in range(2)]
    assert [each.status for each in made] == ["confirmed", "waiting"]


async def test_wishes_are_kept_in_order(world: World) -> None:
    event = await make_event(world)
    sessions = await make_workshops(world, event)
    made = await make_registration(world, event, preferences=["orientation", "mental"])
    assert await preferences_of(event.id) == {made.id: [sessions[2].id, sessions[0].id]}


async def test_every_error_is_found_at_once_and_nothing_written(world: World) -> None:
    event = await make_event(world, preferences_count=2)
    await make_workshops(world, event)
    wrong = request(
        email="a@b, evil@x",
        given_name="🙂",
        family_name="x" * 10_000,
        insee="99999",
        profile="king",
        preferences=["mental", "mental", "other-event", "confiance"],
        companions=1,
    )
    with pytest.raises(InvalidInput) as refused:
        await register(world, SYSTEM, event, wrong)
    assert [(error.pointer, error.code) for error in refused.value.errors] == [
        ("/email", "invalid"),
        ("/given_name", "invalid"),
        ("/family_name", "too-long"),
        ("/insee", "unknown"),
        ("/profile", "unknown"),
        ("/preferences/1", "duplicate"),
        ("/preferences/2", "unknown"),
        ("/preferences/3", "too-many"),
        ("/companions", "too-many"),
    ]
    assert (await counts_of_one(event.id)).all == 0


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("hele", ["Hélène Dœuf"]),
        ("DOEUF hel", ["Hélène Dœuf"]),
        ("cd2e", ["Hélène Dœuf"]),
        ("o'b", ["Aoife O’Brien"]),
        ("brien@", ["Aoife O’Brien"]),
        ("%", ["Hélène Dœuf", "Aoife O’Brien"]),  # one letter searches nothing
        ("%%", []),
        ("\0\0", ["Hélène Dœuf", "Aoife O’Brien"]),
    ],
)
async def test_search(world: World, q: str, names: list[str]) -> None:
    event = await make_event(world)
    await make_registration(world, event, given_name="Hélène", family_name="Dœuf", organisation="CD2E")
    await make_registration(
        world, event, given_name="Aoife", family_name="O’Brien", email="aoife_o'brien@example.org"
    )
    assert [each.name for each in await registrations_of(event.id, q=q)] == names


async def test_search_by_short_code_however_it_is_typed(world: World) -> None:
    event = await make_event(world)
    made = await make_registration(world, event)
    code = made.short_code
    for typed in (code, code.lower(), f"{code[:3]}-{code[3:6]}-{code[6:]}", code[:4]):
        assert [each.id for each in await registrations_of(event.id, q=typed)] == [made.id]


async def test_a_walk_in_is_entered_after_registration_closed(world: World) -> None:
    event = await make_event(world, registration_closes_at=world.now())
    with pytest.raises(RegistrationClosed):
        await make_registration(world, event)
    answer = await register(world, SYSTEM, event, request(), Source.WALK_IN)
    assert answer.status == "confirmed"
