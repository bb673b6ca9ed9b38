"""The way back of one person, and one deed for many: each as if it had been asked for alone."""

from typing import Any

import httpx
import pytest

from events_app.features.events.queries import counts_of_one
from events_app.features.registration import approval, erasure, restoring, withdrawal
from events_app.features.registration.model import Companion, RegistrationStatus
from events_app.features.registration.queries import registrations_of
from events_app.features.registration.rules import (
    AlreadyRegistered,
    NoPlaceLeft,
    NotPossibleNow,
    RegistrationClosed,
)
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import again, make_event, make_registration

LIST = "/org/events/monkey-time/registrations"
SOMEBODY = "018f3a52-6d1e-7c40-9d0a-6a0f5a3c9b11"
BULK = "/api/v1/events/monkey-time/registrations/bulk"


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers.update({"authorization": f"Bearer {organiser_key}", "accept-language": "en"})
    return client


async def mails() -> list[str]:
    return [each["kind"] for each in await db.rows("SELECT kind FROM job ORDER BY kind")]


async def test_whoever_withdrew_is_registered_again(database: str, world: World) -> None:
    event = await make_event(world)
    person = await make_registration(world, event)
    await withdrawal.cancel(world, SYSTEM, person.id)

    restored = await restoring.restore(world, SYSTEM, person.id)

    assert restored.status is RegistrationStatus.CONFIRMED
    assert restored.arrival > person.arrival
    assert (await counts_of_one(event.id)).confirmed == 1
    assert await mails() == ["mail.cancelled", "mail.confirmation", "mail.confirmation"]


async def test_restoring_takes_nobody_s_place(database: str, world: World) -> None:
    event = await make_event(world, capacity=1)
    first, second, third = [await make_registration(world, event) for _ in range(3)]
    await withdrawal.cancel(world, SYSTEM, first.id)

    restored = await restoring.restore(world, SYSTEM, first.id)

    assert restored.status is RegistrationStatus.WAITING
    assert (await again(second)).status is RegistrationStatus.CONFIRMED
    waiting = await registrations_of(event.id, "waiting")
    assert [each.id for each in waiting] == [third.id, first.id]


async def test_a_group_comes_back_whole_and_a_companion_alone(database: str, world: World) -> None:
    event = await make_event(world, capacity=3, max_companions=2)
    lead = await make_registration(
        world, event, companions=[Companion("Ana", "Petit"), Companion("Bea", "Grand")]
    )
    group = await registrations_of(event.id)
    await withdrawal.cancel(world, SYSTEM, group[1].id)
    await withdrawal.cancel(world, SYSTEM, lead.id)
    with pytest.raises(NotPossibleNow):
        await restoring.restore(world, SYSTEM, group[1].id)  # whoever brings it is away

    await restoring.restore(world, SYSTEM, lead.id)

    assert {each.status for each in await registrations_of(event.id)} == {RegistrationStatus.CONFIRMED}


async def test_a_companion_does_not_wait_alone(database: str, world: World) -> None:
    event = await make_event(world, capacity=2, max_companions=1)
    await make_registration(world, event, companions=1)
    companion = (await registrations_of(event.id))[1]
    await withdrawal.cancel(world, SYSTEM, companion.id)
    await make_registration(world, event)

    with pytest.raises(NoPlaceLeft):
        await restoring.restore(world, SYSTEM, companion.id)


async def test_who_registered_anew_meanwhile_is_not_there_twice(database: str, world: World) -> None:
    event = await make_event(world)
    person = await make_registration(world, event, email="nour@example.org")
    await withdrawal.cancel(world, SYSTEM, person.id)
    await make_registration(world, event, email="nour@example.org")

    with pytest.raises(AlreadyRegistered):
        await restoring.restore(world, SYSTEM, person.id)


async def test_no_way_back_from_an_erasure_nor_to_a_cancelled_event(database: str, world: World) -> None:
    event = await make_event(world)
    erased, other = await make_registration(world, event), await make_registration(world, event)
    await erasure.erase(world, SYSTEM, erased.id)
    await withdrawal.cancel(world, SYSTEM, other.id)
    with pytest.raises(NotPossibleNow):
        await restoring.restore(world, SYSTEM, erased.id)

    await db.execute("UPDATE event SET status = 'cancelled' WHERE id = {}", event.id)
    with pytest.raises(RegistrationClosed):
        await restoring.restore(world, SYSTEM, other.id)


async def test_a_refused_request_is_accepted_by_restoring_it(database: str, world: World) -> None:
    event = await make_event(world, approval=True)
    person = await make_registration(world, event)
    await approval.refuse(world, SYSTEM, person.id)

    assert (await restoring.restore(world, SYSTEM, person.id)).status is RegistrationStatus.CONFIRMED


async def test_many_are_decided_each_by_itself(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, approval=True, capacity=2, waiting_list=False)
    people = [await make_registration(world, event) for _ in range(4)]
    await withdrawal.cancel(world, SYSTEM, people[0].id)

    answer = await desk.post(BULK, json={"action": "approve", "ids": [str(each.id) for each in people]})

    said: dict[str, Any] = answer.json()
    assert said["done"] == [str(people[1].id), str(people[2].id)]
    assert [(each["id"], each["type"]) for each in said["refused"]] == [
        (str(people[0].id), "/problems/not-possible-now"),
        (str(people[3].id), "/problems/no-place-left"),
    ]
    assert all(each["detail"] for each in said["refused"])


async def test_a_filter_means_the_people_of_the_list(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, approval=True)
    people = [await make_registration(world, event) for _ in range(3)]
    await approval.approve(world, SYSTEM, people[0].id)

    answer = await desk.post(BULK, json={"action": "refuse", "filter": {"status": "pending"}})

    assert answer.json()["done"] == [str(people[1].id), str(people[2].id)]
    assert (await again(people[0])).status is RegistrationStatus.CONFIRMED


@pytest.mark.parametrize(
    "body",
    [
        {"action": "cancel"},
        {"action": "cancel", "filter": {}},
        {
            "action": "cancel",
            "ids": ["018f3a52-6d1e-7c40-9d0a-6a0f5a3c9b11"],
            "filter": {"status": "pending"},
        },
        {"action": "promote", "ids": ["018f3a52-6d1e-7c40-9d0a-6a0f5a3c9b11"]},
        {"action": "cancel", "filter": {"session": "nowhere"}},
        {"action": "cancel", "filter": {"colour": "blue"}},
    ],
)
async def test_nobody_is_meant_by_mistake(
    desk: httpx.AsyncClient, world: World, body: dict[str, Any]
) -> None:
    event = await make_event(world)
    person = await make_registration(world, event)

    assert (await desk.post(BULK, json=body)).status_code in (400, 422)
    assert (await again(person)).status is RegistrationStatus.CONFIRMED


async def test_somebody_of_another_event_is_not_touched(desk: httpx.AsyncClient, world: World) -> None:
    await make_event(world)
    stranger = await make_registration(world, await make_event(world, slug="ailleurs"))

    answer = await desk.post(BULK, json={"action": "cancel", "ids": [str(stranger.id)]})

    assert answer.json()["refused"][0]["type"] == "/problems/not-found"
    assert (await again(stranger)).status is RegistrationStatus.CONFIRMED


async def test_the_list_asks_says_and_takes_back(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world)
    people = [await make_registration(world, event) for _ in range(3)]
    chosen = [("id", str(each.id)) for each in people[:2]]
    shown = (await desk.get(LIST)).text
    assert all(f'name="id" value="{each.id}"' in shown for each in people)

    asked = await desk.post(f"{LIST}/many", data=_form(("action", "cancel"), *chosen))
    assert "2 people are concerned. No mail is sent from here: please tell them." in asked.text
    assert (await counts_of_one(event.id)).confirmed == 3

    done = await desk.post(f"{LIST}/many", data=_form(("action", "cancel"), ("sure", "1"), *chosen))
    assert "Done for 2 people." in done.text
    assert (await counts_of_one(event.id)).confirmed == 1

    back = await desk.post(f"{LIST}/many", data=_form(("action", "restore"), ("sure", "1"), *chosen))
    assert "Done for 2 people." in back.text
    assert (await counts_of_one(event.id)).confirmed == 3


async def test_a_person_s_own_page_has_the_way_back(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world)
    person = await make_registration(world, event, email="nour@example.org")
    await withdrawal.cancel(world, SYSTEM, person.id)
    home = f"{LIST}/{person.id}"
    assert f"{home}/restore" in (await desk.get(home)).text

    newer = await make_registration(world, event, email="nour@example.org")
    refused = await desk.post(f"{home}/restore")
    assert refused.status_code == 409
    assert "registered for this event already" in refused.text

    await withdrawal.cancel(world, SYSTEM, newer.id)
    assert (await desk.post(f"{home}/restore")).status_code == 303
    assert (await again(person)).status is RegistrationStatus.CONFIRMED


def _form(*fields: tuple[str, str]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in fields:
        values.setdefault(name, []).append(value)
    return values
