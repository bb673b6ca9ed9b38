"""The way back of one person, and one deed for many: each as if it had been asked for alone."""

import re
from typing import Any

import httpx
import pytest

from events_app.features.events.queries import counts_of_one
from events_app.features.registration import approval, erasure, links, restoring, withdrawal
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


async def test_many_carry_a_tag_by_which_they_are_found(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world)
    people = [await make_registration(world, event) for _ in range(3)]
    ids = [str(each.id) for each in people[:2]]

    first = await desk.post(BULK, json={"action": "tag", "ids": [*ids, SOMEBODY], "tag": " à  rappeler "})
    await desk.post(BULK, json={"action": "tag", "ids": ids, "tag": "À RAPPELER"})

    assert first.json()["done"] == ids
    assert [each["id"] for each in first.json()["refused"]] == [SOMEBODY]
    found = (await desk.get("/api/v1/events/monkey-time/registrations", params={"tag": "à rappeler"})).json()[
        "items"
    ]
    assert [(each["id"], each["tags"]) for each in found] == [(each, ["à rappeler"]) for each in ids]

    taken = await desk.post(
        BULK, json={"action": "untag", "filter": {"tag": "à rappeler"}, "tag": "à rappeler"}
    )
    assert taken.json()["done"] == ids
    assert await db.rows("SELECT 1 AS one FROM registration_tag") == []


@pytest.mark.parametrize("tag", ["", "   ", "x" * 41])
async def test_a_tag_is_a_few_words(desk: httpx.AsyncClient, world: World, tag: str) -> None:
    person = await make_registration(world, await make_event(world))

    answer = await desk.post(BULK, json={"action": "tag", "ids": [str(person.id)], "tag": tag})
    assert answer.status_code == 422
    page = await desk.post(
        f"{LIST}/many", data=_form(("action", "tag"), ("id", str(person.id)), ("new_tag", tag))
    )
    assert page.status_code == 422
    assert (await desk.post(f"{LIST}/{person.id}/tag", data={"tag": tag})).status_code == 422


async def test_tags_go_with_the_person_s_data(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world)
    person = await make_registration(world, event)
    await desk.post(f"{LIST}/{person.id}/tag", data={"tag": "parle"})
    assert "parle" in (await desk.get(f"{LIST}/{person.id}")).text

    await erasure.erase(world, SYSTEM, person.id)

    assert await db.rows("SELECT 1 AS one FROM registration_tag") == []
    again_tagged = await desk.post(BULK, json={"action": "tag", "ids": [str(person.id)], "tag": "parle"})
    assert again_tagged.json()["done"] == []


async def test_a_refusal_is_asked_about_and_says_its_reason(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, approval=True)
    person = await make_registration(world, event)
    page = (await desk.get(f"{LIST}/{person.id}")).text
    assert f'href="{LIST}/{person.id}/refuse"' in page
    assert f'action="{LIST}/{person.id}/refuse"' not in page
    asked = (await desk.get(f"{LIST}/{person.id}/refuse")).text
    assert 'name="reason"' in asked
    assert (await again(person)).status is RegistrationStatus.PENDING

    too_long = await desk.post(f"{LIST}/{person.id}/refuse", data={"reason": "x" * 501})
    assert too_long.status_code == 422
    assert (await again(person)).status is RegistrationStatus.PENDING

    await desk.post(f"{LIST}/{person.id}/refuse", data={"reason": "Réservé aux <b>élus</b>."})
    refused = await again(person)
    assert (refused.status, refused.status_reason) == (
        RegistrationStatus.REFUSED,
        "Réservé aux <b>élus</b>.",
    )
    token = links.manage_token(world, person.id, person.token_generation)
    assert "Réservé aux &lt;b&gt;élus&lt;/b&gt;." in (await desk.get(f"/me/{token}")).text

    await restoring.restore(world, SYSTEM, person.id)
    assert (await again(person)).status_reason == ""


async def test_many_are_refused_with_one_reason(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, approval=True)
    people = [await make_registration(world, event) for _ in range(2)]
    ids = [str(each.id) for each in people]

    too_long = await desk.post(BULK, json={"action": "refuse", "ids": ids, "reason": "x" * 501})
    assert too_long.status_code == 422
    assert (await again(people[0])).status is RegistrationStatus.PENDING
    await desk.post(BULK, json={"action": "refuse", "ids": ids, "reason": "Complet."})

    assert [(await again(each)).status_reason for each in people] == ["Complet.", "Complet."]


async def test_one_request_after_the_other_is_decided(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, approval=True)
    people = [await make_registration(world, event) for _ in range(3)]

    first = await desk.post(f"{LIST}/{people[1].id}/approve", data={"next": "1"})
    assert first.headers["location"] == f"{LIST}/{people[2].id}"
    second = await desk.post(f"{LIST}/{people[2].id}/refuse", data={"next": "1"})
    assert second.headers["location"] == f"{LIST}/{people[0].id}"
    third = await desk.post(f"{LIST}/{people[0].id}/approve", data={"next": "1"})
    assert third.headers["location"] == f"{LIST}?status=pending"


async def test_forty_eight_requests_are_decided_in_three_pages(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, approval=True, capacity=60)
    for _ in range(60):
        await make_registration(world, event)
    await db.execute("UPDATE registration SET status = 'confirmed' WHERE arrival > 48")

    shown = await desk.get(f"{LIST}?status=pending&columns=1&column=email&column=compact")
    assert 'name="status" value="pending"' in shown.text
    asked = await desk.post(
        f"{LIST}/many", data=_form(("action", "approve"), ("everyone", "1"), ("status", "pending"))
    )
    ids = [("id", each) for each in re.findall(r'name="id" value="([^"]+)"', asked.text)]
    assert len(ids) == 48
    done = await desk.post(f"{LIST}/many", data=_form(("action", "approve"), ("sure", "1"), *ids))
    assert "Done for 48 people." in done.text
    assert (await counts_of_one(event.id)).confirmed == 60


async def test_filters_stand_beside_the_list_and_are_taken_away_one_by_one(
    desk: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(world)
    await make_registration(world, event, given_name="Nour", commune="Lens")
    await make_registration(world, event, given_name="Tom", commune="Liévin")

    shown = (await desk.get(f"{LIST}?status=confirmed&commune=lens")).text

    assert "Nour" in shown
    assert "Tom" not in shown
    assert f'href="{LIST}?commune=Lens"' in shown
    assert f'href="{LIST}?status=confirmed"' in shown


async def test_columns_are_chosen_and_kept(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world)
    await make_registration(world, event, email="nour@example.org", organisation="Lycée Condorcet")

    usual = (await desk.get(LIST)).text
    chosen = await desk.get(f"{LIST}?columns=1&column=email&column=wishes&column=nonsense%0A")
    kept = (await desk.get(LIST)).text

    assert "Lycée Condorcet" in usual
    for each in (chosen.text, kept):
        assert "nour@example.org" in each
        assert "Lycée Condorcet" not in each
