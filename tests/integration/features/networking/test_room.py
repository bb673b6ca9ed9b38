"""A networking session from its settings to the tables that each person, the door and the papers say."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import httpx
import pytest
from pypdf import PdfReader

from events_app.features.admission.schemas import ScanRequest
from events_app.features.admission.service import record_scan
from events_app.features.admission.tickets import ticket_code_of
from events_app.features.events.model import EventRecord
from events_app.features.networking.queries import seats_of
from events_app.features.registration import links, withdrawal
from events_app.features.registration.model import RegistrationRecord
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import make_event, make_registration, make_session

ROOM = "/api/v1/events/monkey-time/sessions/rev3/room"
PAGE = "/org/events/monkey-time/networking/rev3"
ORGANISATIONS = ("Ville de Lens", "CCI Artois", "Rev3 Capital")


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers.update({"authorization": f"Bearer {organiser_key}", "accept-language": "en"})
    return client


async def evening(world: World, people: int) -> tuple[EventRecord, list[RegistrationRecord]]:
    event = await make_event(world)
    await make_session(
        world,
        event,
        "rev3",
        title="Session REV3",
        kind="networking",
        slot="",
        room="Grande salle",
        capacity_min=None,
        capacity_max=None,
    )
    registered = [
        await make_registration(
            world, event, family_name=f"Numéro{n:02}", organisation=ORGANISATIONS[n % len(ORGANISATIONS)]
        )
        for n in range(people)
    ]
    return event, registered


async def proposed(desk: httpx.AsyncClient, **wanted: Any) -> dict[str, Any]:
    answer = await desk.post(f"{ROOM}/proposals", json={"seed": 3} | wanted)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def seats(plan: dict[str, Any]) -> dict[tuple[str, int], int]:
    """Tables by person and round."""
    return {
        (person, each["number"]): int(table["name"])
        for each in plan["rounds"]
        for table in each["tables"]
        for person in table["people"]
    }


async def test_sensible_values_stand_there_before_anything_is_set(
    desk: httpx.AsyncClient, world: World
) -> None:
    await evening(world, 12)

    room = (await desk.get(ROOM)).json()

    assert room["saved"] is False
    assert (room["people"], room["tables"], room["settings"]["rounds"]) == (12, 2, 4)


async def test_a_plan_seats_everybody_once_in_each_round(desk: httpx.AsyncClient, world: World) -> None:
    _, people = await evening(world, 13)
    settings = {"rounds": 3, "minutes": 20, "pause_minutes": 5, "tables": 4}
    assert (await desk.put(ROOM, json=settings)).status_code == 200

    plan = await proposed(desk)

    everybody = {str(person.id) for person in people}
    for each in plan["rounds"]:
        assert sorted(p for table in each["tables"] for p in table["people"]) == sorted(everybody)
        sizes = [len(table["people"]) for table in each["tables"]]
        assert max(sizes) - min(sizes) <= 1
    assert plan["quality"]["repeats"] == 0
    assert plan["quality"]["distinct"] <= plan["quality"]["possible"]


async def test_a_published_plan_is_said_alike_everywhere(desk: httpx.AsyncClient, world: World) -> None:
    event, people = await evening(world, 8)
    await desk.put(ROOM, json={"rounds": 3, "minutes": 20, "pause_minutes": 5, "tables": 2})
    plan = await proposed(desk)
    assert (await desk.post(f"/api/v1/plans/{plan['id']}/publish")).json()["status"] == "published"
    said = seats(plan)

    own = await seats_of([person.id for person in people])
    assert {(str(p), seat.round): seat.table for p, found in own.items() for seat in found} == said

    person = people[0]
    mine = (await desk.get(links.manage_url(world, person))).text
    for number in (1, 2, 3):
        assert f"Table {said[str(person.id), number]}" in mine

    code = await ticket_code_of(world, event, person)
    second_round = event.starts_at + timedelta(minutes=30)
    scan = ScanRequest(scan_id="un", ticket_code=code, gate="Nord", scanned_at=second_round)
    answer = await record_scan(world, SYSTEM, event, scan)
    assert answer.registration is not None
    assert [place.table for place in answer.registration.places] == [said[str(person.id), 2]]

    for kind in ("cards", "tables", "wall"):
        pdf = await desk.get(f"/api/v1/plans/{plan['id']}/{kind}.pdf")
        assert pdf.headers["content-type"] == "application/pdf"
        text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf.content)).pages)
        assert all(each.family_name in text for each in people)


async def test_whoever_withdraws_leaves_the_plan_and_makes_it_stale(
    desk: httpx.AsyncClient, world: World
) -> None:
    _, people = await evening(world, 8)
    plan = await proposed(desk)
    await withdrawal.cancel(world, SYSTEM, people[2].id)

    shown = (await desk.get(f"/api/v1/plans/{plan['id']}")).json()
    refused = await desk.post(f"/api/v1/plans/{plan['id']}/publish")

    assert str(people[2].id) not in {person for person, _ in seats(shown)}
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/plan-stale")


async def test_a_later_publication_replaces_the_earlier_one(desk: httpx.AsyncClient, world: World) -> None:
    _, people = await evening(world, 8)
    first, second = await proposed(desk), await proposed(desk, seed=4)
    for plan in (first, second):
        await desk.post(f"/api/v1/plans/{plan['id']}/publish")

    assert (await desk.get(f"/api/v1/plans/{first['id']}")).json()["status"] == "superseded"
    assert (await desk.post(f"/api/v1/plans/{first['id']}/publish")).status_code == 409
    found = await seats_of([people[0].id])
    assert [seat.table for seat in found[people[0].id]] == [
        seats(second)[str(people[0].id), number] for number in (1, 2, 3, 4)
    ]


async def test_moves_are_made_whole_or_not_at_all(desk: httpx.AsyncClient, world: World) -> None:
    _, people = await evening(world, 8)
    await desk.put(ROOM, json={"rounds": 2, "minutes": 20, "tables": 2})
    plan = await proposed(desk)
    address, person = f"/api/v1/plans/{plan['id']}", str(people[0].id)
    other = 3 - seats(plan)[person, 1]
    good = {"registration": person, "round": 1, "table": other}

    bad = await desk.patch(address, json={"moves": [good, {**good, "round": 3}, {**good, "table": 9}]})
    assert bad.status_code == 422
    assert [error["pointer"] for error in bad.json()["errors"]] == ["/moves/1/round", "/moves/2/table"]
    assert seats((await desk.get(address)).json()) == seats(plan)

    stale = await desk.patch(address, json={"moves": [good]}, headers={"if-match": '"7"'})
    assert stale.status_code == 412
    done = await desk.patch(address, json={"moves": [good]}, headers={"if-match": '"1"'})
    assert seats(done.json()) == seats(plan) | {(person, 1): other}


async def test_rules_that_cannot_be_kept_name_the_people(desk: httpx.AsyncClient, world: World) -> None:
    _, people = await evening(world, 4)
    rule = {"kind": "apart", "registrations": [str(people[0].id), str(people[1].id)]}
    answer = await desk.put(ROOM, json={"rounds": 1, "minutes": 20, "tables": 1, "rules": [rule]})
    assert answer.status_code == 200, answer.text

    refused = await desk.post(f"{ROOM}/proposals", json={})

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/rules-contradict")
    assert people[0].name in refused.json()["detail"]
    assert people[1].name in refused.json()["detail"]


@pytest.mark.parametrize("people", [0, 1])
async def test_one_person_alone_has_no_plan(desk: httpx.AsyncClient, world: World, people: int) -> None:
    await evening(world, people)

    assert (await desk.post(f"{ROOM}/proposals", json={})).json()["type"] == "/problems/nobody-to-seat"
    shown = await desk.post(PAGE, data=form(tables="1", deed="propose"))
    assert "Two confirmed people at least" in shown.text


@pytest.mark.parametrize(
    "moment", ["2018-04-10T14:00:00", "9999-12-31T23:59:00Z", "0001-01-01T00:00:00Z", "demain"]
)
async def test_a_first_round_at_no_possible_time_is_refused(
    desk: httpx.AsyncClient, world: World, moment: str
) -> None:
    await evening(world, 4)

    refused = await desk.put(ROOM, json={"rounds": 1, "minutes": 10, "tables": 1, "starts_at": moment})

    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/starts_at"]


async def test_a_workshop_is_no_networking_room(desk: httpx.AsyncClient, world: World) -> None:
    event, _ = await evening(world, 2)
    await make_session(world, event, "mental")

    assert (await desk.get(ROOM.replace("rev3", "mental"))).status_code == 404
    assert (await desk.get(PAGE.replace("rev3", "mental"))).status_code == 404


def form(**changed: str) -> dict[str, str]:
    usual = {"rounds": "3", "minutes": "20", "pause_minutes": "5", "tables": "2", "mix": "organisation"}
    return usual | {"deed": "save"} | changed


async def test_an_organiser_goes_from_settings_to_publication(desk: httpx.AsyncClient, world: World) -> None:
    _, people = await evening(world, 8)
    assert "Propose a seat plan" in (await desk.get(PAGE)).text

    made = await desk.post(PAGE, data=form(deed="propose"))
    assert made.status_code == 303, made.text
    plan = made.headers["location"]
    shown = (await desk.get(plan)).text
    assert all(person.name in shown for person in people)
    assert "Everybody meets" in shown or "Each person meets" in shown

    person = people[0].id
    seat = await db.row("SELECT table_number FROM seat WHERE registration = {} AND round_number = 1", person)
    assert seat is not None
    target = str(3 - seat["table_number"])
    effect = await desk.get(f"{plan}/move?registration={person}&round_number=1&table={target}")
    assert "Before and after" in effect.text
    moved = await desk.post(
        f"{plan}/move", data={"registration": str(person), "round_number": "1", "table": target}
    )
    assert moved.status_code == 303

    assert "8 people find their tables" in (await desk.get(f"{plan}/publish")).text
    assert (await desk.post(f"{plan}/publish")).status_code == 303
    assert "This plan is published" in (await desk.get(plan)).text
    assert "A plan is published." in (await desk.get(PAGE)).text


async def test_a_pair_is_added_and_taken_away_on_the_page(desk: httpx.AsyncClient, world: World) -> None:
    _, people = await evening(world, 4)
    pair = {"kind": "wish", "first": str(people[0].id), "second": str(people[1].id)}

    same = await desk.post(f"{PAGE}/rules", data=pair | {"second": str(people[0].id)})
    assert same.status_code == 422
    assert "two different people" in same.text
    assert (await desk.post(f"{PAGE}/rules", data=pair)).status_code == 303
    rules = (await desk.get(ROOM)).json()["settings"]["rules"]
    assert rules == [{"kind": "wish", "registrations": [str(people[0].id), str(people[1].id)]}]
    assert (
        await desk.post(f"{PAGE}/rules", data={"remove": f"wish.{people[0].id}.{people[1].id}"})
    ).status_code == 303
    assert (await desk.get(ROOM)).json()["settings"]["rules"] == []


async def test_wrong_input_keeps_what_was_typed(desk: httpx.AsyncClient, world: World) -> None:
    await evening(world, 4)

    answer = await desk.post(PAGE, data=form(rounds="many", tables="9"))

    assert answer.status_code == 422
    assert 'value="many"' in answer.text


async def test_a_move_of_a_stranger_is_not_found(desk: httpx.AsyncClient, world: World) -> None:
    await evening(world, 4)
    made = await desk.post(PAGE, data=form(deed="propose"))
    plan = made.headers["location"]

    assert (await desk.get(f"{plan}/move?registration={UUID(int=1)}&round_number=1")).status_code == 404
    answer = await desk.post(
        f"{plan}/move", data={"registration": str(UUID(int=1)), "round_number": "1", "table": "1"}
    )
    assert answer.status_code == 422


async def test_who_is_together_and_who_hosts_stay_so_in_every_round(
    desk: httpx.AsyncClient, world: World
) -> None:
    _, people = await evening(world, 12)
    a, b, host = (str(person.id) for person in people[:3])
    settings = {
        "rounds": 3,
        "minutes": 10,
        "tables": 3,
        "rules": [{"kind": "together", "registrations": [a, b]}],
        "hosts": [{"registration": host, "table": 2}],
    }
    assert (await desk.put(ROOM, json=settings)).status_code == 200

    at = seats(await proposed(desk))

    assert [at[host, number] for number in (1, 2, 3)] == [2, 2, 2]
    assert all(at[a, number] == at[b, number] for number in (1, 2, 3))


async def test_rules_that_contradict_are_named_by_the_fewest_people(
    desk: httpx.AsyncClient, world: World
) -> None:
    _, people = await evening(world, 8)
    a, b, c, d = (str(person.id) for person in people[:4])

    def rule(kind: str, *pair: str) -> dict[str, Any]:
        return {"kind": kind, "registrations": list(pair)}

    base = {"rounds": 2, "minutes": 10, "tables": 4}
    chain = [rule("together", a, b), rule("together", b, c), rule("together", c, d), rule("apart", a, c)]
    refused = await desk.put(ROOM, json=base | {"rules": chain})
    assert refused.status_code == 422
    said = refused.json()["errors"][0]
    assert said["pointer"] == "/rules/3/registrations"
    assert all(person.name in said["detail"] for person in people[:3])
    assert people[3].name not in said["detail"]

    hosts = [{"registration": a, "table": 1}, {"registration": b, "table": 2}]
    apart = await desk.put(ROOM, json=base | {"rules": [rule("together", a, b)], "hosts": hosts})
    assert [error["pointer"] for error in apart.json()["errors"]] == ["/hosts/1/table"]
    twice = await desk.put(ROOM, json=base | {"hosts": [hosts[0], {"registration": a, "table": 9}]})
    assert [error["pointer"] for error in twice.json()["errors"]] == [
        "/hosts/1/registration",
        "/hosts/1/table",
    ]

    together = [rule("together", a, b), rule("together", b, c)]
    assert (await desk.put(ROOM, json=base | {"rules": together})).status_code == 200
    crowded = await desk.post(f"{ROOM}/proposals", json={})
    assert crowded.status_code == 422
    assert "A table has 2 people" in crowded.json()["errors"][0]["detail"]


async def test_a_host_is_noted_on_the_page_and_kept_by_the_form(
    desk: httpx.AsyncClient, world: World
) -> None:
    _, people = await evening(world, 4)
    who = str(people[0].id)
    far = await desk.post(f"{PAGE}/hosts", data={"host": who, "host_table": "9"})
    assert far.status_code == 422
    assert (await desk.post(f"{PAGE}/hosts", data={"host": who, "host_table": "1"})).status_code == 303
    assert (await desk.post(PAGE, data=form())).status_code == 303
    assert (await desk.get(ROOM)).json()["settings"]["hosts"] == [{"registration": who, "table": 1}]
    await desk.post(f"{PAGE}/hosts", data={"remove": who})
    assert (await desk.get(ROOM)).json()["settings"]["hosts"] == []
