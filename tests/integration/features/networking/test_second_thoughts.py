"""A publication taken back, two people who change places and back again, what cards and pages say besides."""

from io import BytesIO
from typing import Any

import httpx
import pytest
from pypdf import PdfReader

from events_app.features.events.model import ConsentPurpose
from events_app.features.networking.queries import seats_of
from events_app.features.registration import consents, links
from events_app.features.registration.access import participant
from events_app.features.workshops.model import PlaceSource
from events_app.features.workshops.seating import NewPlace, replace_places
from events_app.infra.world import World
from events_app.kernel.clock import FixedClock
from tests.factories import make_event, make_registration, make_session
from tests.integration.features.networking.test_room import PAGE, ROOM, evening, form, proposed, seats


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers.update({"authorization": f"Bearer {organiser_key}", "accept-language": "en"})
    return client


async def published(desk: httpx.AsyncClient, **wanted: Any) -> dict[str, Any]:
    plan = await proposed(desk, **wanted)
    answer = await desk.post(f"/api/v1/plans/{plan['id']}/publish")
    assert answer.status_code == 200, answer.text
    return plan


async def test_a_publication_is_taken_back_and_the_one_before_may_be_published_again(
    desk: httpx.AsyncClient, world: World
) -> None:
    _, people = await evening(world, 8)
    first, second = await published(desk), await published(desk, seed=4)

    back = await desk.post(f"/api/v1/plans/{second['id']}/unpublish")

    assert (back.status_code, back.json()["status"], back.json()["published_at"]) == (200, "proposed", None)
    assert await seats_of([person.id for person in people]) == {}
    assert (await desk.post(f"/api/v1/plans/{second['id']}/unpublish")).json()["status"] == "proposed"
    again = await desk.post(f"/api/v1/plans/{first['id']}/publish")
    assert again.json()["status"] == "published"
    own = await seats_of([people[0].id])
    assert [seat.table for seat in own[people[0].id]] == [
        seats(first)[str(people[0].id), number] for number in (1, 2, 3, 4)
    ]


async def test_a_publication_is_taken_back_on_the_page_after_being_asked(
    desk: httpx.AsyncClient, world: World
) -> None:
    await evening(world, 8)
    made = await desk.post(PAGE, data=form(deed="propose"))
    plan = made.headers["location"]
    assert "unpublish" not in (await desk.get(plan)).text
    await desk.post(f"{plan}/publish")
    assert f'href="{plan}/unpublish"' in (await desk.get(plan)).text

    assert "No mail is sent" in (await desk.get(f"{plan}/unpublish")).text
    assert (await desk.post(f"{plan}/unpublish")).status_code == 303

    shown = (await desk.get(plan)).text
    assert "This plan is published" not in shown
    assert f'href="{plan}/publish"' in shown


@pytest.mark.parametrize("how", ["announced", "by the clock"])
async def test_what_people_sit_by_is_not_taken_back(desk: httpx.AsyncClient, world: World, how: str) -> None:
    event, _ = await evening(world, 8)
    plan = await published(desk)
    if how == "announced":
        begun = await desk.post(f"{ROOM}/next", json={"round": 1})
        assert begun.status_code < 300, begun.text
    else:
        assert isinstance(world.clock, FixedClock)
        world.clock.advance(event.starts_at - world.now())

    refused = await desk.post(f"/api/v1/plans/{plan['id']}/unpublish")

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/rounds-announced")
    assert (await desk.get(f"/api/v1/plans/{plan['id']}")).json()["status"] == "published"


async def test_once_a_round_is_announced_no_page_leads_to_another_plan(
    desk: httpx.AsyncClient, world: World
) -> None:
    await evening(world, 8)
    other = await proposed(desk, seed=9)
    plan = await published(desk)
    assert f"{other['id']}/publish" in (await desk.get(f"{PAGE}/plans/{other['id']}")).text

    await desk.post(f"{ROOM}/next", json={"round": 1})

    shown = (await desk.get(f"{PAGE}/plans/{other['id']}")).text
    assert f"{other['id']}/publish" not in shown
    assert "The rounds of the published plan have begun" in shown
    assert "unpublish" not in (await desk.get(f"{PAGE}/plans/{plan['id']}")).text
    assert "Propose a seat plan" not in (await desk.get(PAGE)).text


@pytest.mark.parametrize("left_empty", ["table=&partner=", "table=", "partner=nobody", "table=two"])
async def test_a_move_without_a_destination_asks_again(
    desk: httpx.AsyncClient, world: World, left_empty: str
) -> None:
    _, people = await evening(world, 4)
    made = await desk.post(PAGE, data=form(deed="propose"))
    address = f"{made.headers['location']}/move?registration={people[0].id}&round_number=1"

    asked = await desk.get(f"{address}&{left_empty}")

    assert asked.status_code == 200
    assert "The effect" not in asked.text


async def test_two_people_change_places_and_back(desk: httpx.AsyncClient, world: World) -> None:
    _, people = await evening(world, 8)
    await desk.put(ROOM, json={"rounds": 2, "minutes": 20, "tables": 2})
    plan = await proposed(desk)
    address, at = f"{PAGE}/plans/{plan['id']}", seats(plan)
    one = str(people[0].id)
    other = next(str(p.id) for p in people if at[str(p.id), 1] != at[one, 1])

    asked = await desk.get(f"{address}/move?registration={one}&round_number=1&table=&partner={other}")
    assert f"goes to table {at[other, 1]}" in asked.text
    deed = {"registration": one, "round_number": "1", "table": str(at[other, 1]), "partner": other}
    moved = await desk.post(f"{address}/move", data=deed)

    after = seats((await desk.get(f"/api/v1/plans/{plan['id']}")).json())
    assert after == at | {(one, 1): at[other, 1], (other, 1): at[one, 1]}
    undo = await desk.get(moved.headers["location"].partition("#")[0])
    assert f'name="partner" value="{other}"' in undo.text
    await desk.post(f"{address}/move", data=deed | {"table": str(at[one, 1]), "undone": "1"})
    assert seats((await desk.get(f"/api/v1/plans/{plan['id']}")).json()) == at


async def test_nobody_changes_places_with_a_stranger(desk: httpx.AsyncClient, world: World) -> None:
    _, people = await evening(world, 4)
    made = await desk.post(PAGE, data=form(deed="propose"))
    deed = {"registration": str(people[0].id), "round_number": "1", "table": "1", "partner": "somebody"}

    assert (await desk.post(f"{made.headers['location']}/move", data=deed)).status_code == 422


async def test_a_card_says_the_workshop_besides_the_tables_and_cards_lie_by_family_name(
    desk: httpx.AsyncClient, world: World
) -> None:
    event, people = await evening(world, 4)
    workshop = await make_session(world, event, "reseauter", title="Réseauter", room="Salle Zola")
    last = await make_registration(world, event, given_name="Aline", family_name="Zed")
    await replace_places(world, [], [NewPlace(last.id, workshop, 1, PlaceSource.RUN)])
    plan = await proposed(desk)

    pdf = PdfReader(BytesIO((await desk.get(f"/api/v1/plans/{plan['id']}/cards.pdf")).content))

    text = "\n".join(page.extract_text() for page in pdf.pages)
    assert text.count("Réseauter, Salle Zola") == 1
    order = [text.index(person.name) for person in [*people, last]]
    assert order == sorted(order)


async def test_one_reads_who_sits_at_one_s_table_of_those_who_agreed(
    desk: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(world, consents=[ConsentPurpose("noms", "Mon nom est montré à ma table")])
    await make_session(world, event, "rev3", kind="networking", slot="", capacity_min=None, capacity_max=None)
    willing = [await make_registration(world, event, family_name=f"Oui{n}") for n in range(2)]
    for person in willing:
        await consents.give(world, participant(person.id), person.id, "noms")
    silent = await make_registration(world, event, family_name="Discret")
    settings = {"rounds": 1, "minutes": 10, "tables": 1}
    await desk.put(ROOM, json=settings)
    await published(desk)
    page = links.manage_url(world, silent)
    assert "Oui0" not in (await desk.get(page)).text

    unknown = await desk.put(ROOM, json=settings | {"names_by": "autre"})
    assert [error["pointer"] for error in unknown.json()["errors"]] == ["/names_by"]
    await desk.post(PAGE, data=form(rounds="1", minutes="10", tables="1", names_by="noms"))

    assert "with Personne Oui0, Personne Oui1" in (await desk.get(page)).text
    theirs = (await desk.get(links.manage_url(world, willing[0]))).text
    assert "with Personne Oui1<" in theirs
    assert "Discret" not in theirs
    await consents.withdraw(world, participant(willing[1].id), willing[1].id, "noms")
    assert "Oui1" not in (await desk.get(page)).text


async def test_a_session_whose_tables_are_published_is_not_changed_unawares(
    desk: httpx.AsyncClient, world: World
) -> None:
    await evening(world, 4)
    session = ROOM.removesuffix("/room")
    free = await desk.patch(session, json={"title": "Le soir"})
    assert free.json()["warnings"] == []
    await desk.put(ROOM, json={"rounds": 1, "minutes": 10, "tables": 1})
    await published(desk)
    for change, warned in (
        ({"ends_at": "2018-04-10T13:30:00Z"}, "hours-moved"),
        ({"kind": "plenary"}, "other-kind"),
    ):
        answer = await desk.patch(session, json=change)
        assert answer.status_code == 200, answer.text
        assert [(each["kind"], each["people"]) for each in answer.json()["warnings"]] == [(warned, 4)]
    refused = await desk.delete(session)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/session-in-use")
    assert "4 people are placed" in refused.json()["detail"]
