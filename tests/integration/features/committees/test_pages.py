"""A committee on its pages: members pasted, agenda, roll call, a vote; and what is typed wrong."""

import re

import httpx
import pytest

from events_app.infra.world import World
from tests.factories import make_event

HOME = "/org/events/comite/sitting"


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers.update({"authorization": f"Bearer {organiser_key}", "accept-language": "en"})
    return client


async def seated(desk: httpx.AsyncClient, world: World) -> list[str]:
    """Three members, the second with a substitute; the ids of their seats."""
    await make_event(world, slug="comite", title="Comité syndical", format="committee")
    made = await desk.post("/org/assemblies", data={"name": "Comité", "family": "closed_syndicate"})
    assert made.status_code == 303, made.text
    lines = "Ana Boli; Lens; Présidente\nBo Cary\tLiévin\t\tDan Eve\nFay Gil"
    pasted = await desk.post(f"{made.headers['location']}/seats", data={"lines": lines})
    assert pasted.status_code == 303, pasted.text
    shown = (await desk.get(made.headers["location"])).text
    assert "3 members in office." in shown
    assert "Which committee meets?" in (await desk.get(HOME)).text
    assert (await desk.post(HOME, data={"assembly": "comite"})).status_code == 303
    return re.findall(r"/seats/([0-9a-f-]{36})", shown)


async def test_a_sitting_from_its_agenda_to_a_vote(desk: httpx.AsyncClient, world: World) -> None:
    seats = await seated(desk, world)
    written = await desk.post(f"{HOME}/items/new", data={"title": "Budget", "kind": "deliberation"})
    assert written.status_code == 303, written.text
    assert (await desk.post(f"{HOME}/state", data={"do": "open"})).headers["location"] == f"{HOME}/roll"

    roll = (await desk.get(f"{HOME}/roll")).text
    assert "0 present of 3: 2 are needed." in roll
    assert roll.index("Dan Eve") < roll.index("Fay Gil")
    for seat, sitter in ((seats[0], ""), (seats[1], "Dan Eve")):
        tapped = await desk.post(f"{HOME}/roll", data={"seat": seat, "state": "present", "sitter": sitter})
        assert tapped.headers["location"] == f"{HOME}/roll#s-{seat}"
    assert "The quorum is reached: 2 present of 3." in (await desk.get(f"{HOME}/roll")).text

    sitting = (await desk.get(HOME)).text
    vote = re.search(rf'href="({HOME}/items/[^"]+/vote)"', sitting)
    assert vote is not None
    assert "2 votes can be cast" in (await desk.get(vote[1])).text
    too_many = await desk.post(vote[1], data={"against": "3"})
    assert (too_many.status_code, "These are 3 votes" in too_many.text) == (422, True)
    assert (await desk.post(vote[1], data={"against": "0"})).status_code == 303
    assert "Adopted: 2 for, 0 against, 0 abstentions." in (await desk.get(HOME)).text
    assert "Adopted" in (await desk.get(f"{HOME}/screen")).text
    assert (await desk.post(vote[1], data={"do": "back"})).status_code == 303
    assert "Adopted" not in (await desk.get(HOME)).text


async def test_a_line_of_members_that_is_wrong_is_named_and_kept(
    desk: httpx.AsyncClient, world: World
) -> None:
    made = await desk.post("/org/assemblies", data={"name": "Comité", "family": "free"})
    address = f"{made.headers['location']}/seats"

    answer = await desk.post(address, data={"lines": "Ana Boli\nBo Cary; Liévin; ; ; nowhere"})

    assert answer.status_code == 422
    assert "Line 2: " in answer.text
    assert "Bo Cary; Liévin" in answer.text
    assert "members in office" in answer.text
    assert "Ana Boli</th>" not in answer.text  # nothing was added


async def test_items_are_put_in_order_and_taken_away(desk: httpx.AsyncClient, world: World) -> None:
    await seated(desk, world)
    for title in ("Un", "Deux", "Trois"):
        await desk.post(f"{HOME}/items/new", data={"title": title, "kind": "information"})

    async def items() -> list[tuple[str, str]]:
        sitting = (await desk.get("/api/v1/events/comite/sitting")).json()
        return [(each["title"], each["id"]) for each in sitting["items"]]

    ids = dict(await items())
    await desk.post(f"{HOME}/items/{ids['Trois']}/move", data={"do": "up"})
    assert [title for title, _ in await items()] == ["Un", "Trois", "Deux"]
    await desk.post(f"{HOME}/items/{ids['Un']}/move", data={"do": "remove"})
    assert [title for title, _ in await items()] == ["Trois", "Deux"]
    await desk.post(f"{HOME}/items/new", data={"title": "Quatre", "kind": "information"})
    assert [title for title, _ in await items()] == ["Trois", "Deux", "Quatre"]


async def test_without_a_quorum_the_page_says_so_and_nothing_is_decided(
    desk: httpx.AsyncClient, world: World
) -> None:
    await seated(desk, world)
    await desk.post(f"{HOME}/items/new", data={"title": "Budget", "kind": "deliberation"})
    await desk.post(f"{HOME}/state", data={"do": "open"})
    sitting = (await desk.get(HOME)).text
    assert "A second sitting, which needs none, can be held from" in sitting
    vote = re.search(rf'href="({HOME}/items/[^"]+/vote)"', sitting)
    assert vote is not None

    refused = await desk.post(vote[1], data={"against": "0"})

    assert refused.status_code == 409
    assert "Nothing can be decided." in refused.text
