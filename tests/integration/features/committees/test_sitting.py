"""A committee from its members to its minutes: 6 April and 20 September 2018 by the API."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import docx
import httpx
import pytest
from pypdf import PdfReader

from events_app.features.events.model import EventRecord
from events_app.infra.world import World
from events_app.kernel.clock import FixedClock
from tests.factories import make_event

API = "/api/v1"
SITTING = f"{API}/events/comite/sitting"


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers.update({"authorization": f"Bearer {organiser_key}", "accept-language": "en"})
    return client


async def committee(
    desk: httpx.AsyncClient, world: World, members: int = 22, **wanted: Any
) -> tuple[EventRecord, list[str]]:
    """An event whose assembly is seated; the ids of its seats. Every other member has a substitute."""
    event = await make_event(world, slug="comite", title="Comité syndical", format="committee")
    made = await desk.post(
        f"{API}/assemblies", json={"name": "Comité syndical", "family": "closed_syndicate"} | wanted
    )
    assert made.status_code == 201, made.text
    slug = made.json()["slug"]
    seats = [
        {
            "name": f"Membre {number:02}",
            "represents": f"Commune {number:02}",
            "substitutes": [f"Suppléant {number:02}"] if number % 2 else [],
        }
        for number in range(members)
    ]
    listed = await desk.post(f"{API}/assemblies/{slug}/seats", json={"seats": seats})
    assert listed.status_code == 201, listed.text
    seated = await desk.put(SITTING, json={"assembly": slug})
    assert seated.status_code == 200, seated.text
    return event, [seat["id"] for seat in listed.json()["items"]]


async def opened(desk: httpx.AsyncClient, **more: Any) -> None:
    answer = await desk.post(f"{SITTING}/changes", json={"is_open": True} | more)
    assert answer.status_code == 200, answer.text


async def item(desk: httpx.AsyncClient, title: str, **more: Any) -> int:
    answer = await desk.post(f"{API}/events/comite/items", json={"title": title} | more)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["number"])


async def tap(desk: httpx.AsyncClient, seat: str, state: str = "present", sitter: str = "") -> dict[str, Any]:
    tapped = {"seat": seat, "state": state, "sitter": sitter}
    answer = await desk.post(f"{API}/events/comite/roll", json=tapped)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def vote(desk: httpx.AsyncClient, number: int, **said: Any) -> httpx.Response:
    return await desk.post(f"{API}/events/comite/items/{number}/vote", json=said)


async def test_nineteen_of_twenty_two_decide_and_the_minutes_say_it(
    desk: httpx.AsyncClient, world: World
) -> None:
    """Seventeen members, two substitutes; one proxy, one excused, one who does not come."""
    _, seats = await committee(desk, world, siret="20001234500017")
    await desk.put(f"{API}/events/comite/seats/{seats[19]}/answer", json={"kind": "proxy", "to": seats[0]})
    await desk.put(f"{API}/events/comite/seats/{seats[20]}/answer", json={"kind": "excused"})
    number = await item(desk, "Budget primitif 2018", matter="7.1", rapporteur="Membre 00")
    await opened(desk, chair=seats[0], secretary=seats[2])

    for at in range(11):
        quorum = await tap(desk, seats[at])
    assert (quorum["counted"], quorum["in_office"], quorum["needed"], quorum["reached"]) == (
        11,
        22,
        12,
        False,
    )
    assert quorum["sentence"] == "11 present of 22: 12 are needed."
    refused = await vote(desk, number, counts={"votes_for": 12, "against": 0})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/no-quorum")
    for at in range(11, 17):
        await tap(desk, seats[at])
    await tap(desk, seats[17], sitter="Suppléant 17")
    quorum = await tap(desk, seats[21], sitter="Suppléant 21")
    assert quorum["sentence"] == "The quorum is reached: 19 present of 22."
    assert quorum["voters"] == 20

    wrong = await vote(desk, number, counts={"votes_for": 20, "against": 1})
    assert [error["pointer"] for error in wrong.json()["errors"]] == ["/counts/votes_for"]
    held = (await vote(desk, number, counts={"votes_for": 18, "against": 1, "abstentions": 1})).json()
    assert held["vote"]["outcome"] == "adopted"
    again = await vote(desk, number, counts={"votes_for": 20, "against": 0})
    assert again.json()["type"] == "/problems/vote-held"
    await tap(desk, seats[3], "left")
    assert (await desk.get(f"{API}/events/comite/quorum?item={number}")).json()["counted"] == 19

    await desk.post(f"{SITTING}/changes", json={"is_open": False})
    text = pdf_text((await desk.get(f"{SITTING}/minutes.pdf")).content)
    for said in (
        "Present (17)",
        "Replaced by their substitute (2)",
        "Membre 17 (Commune 17, Suppléant 17)",
        "Represented by proxy (1)",
        "Membre 19 (Commune 19, Membre 00)",
        "Excused members (1)",
        "Absent (1)",
        "The quorum is reached: 19 present of 22.",
        "Adopted: 18 for, 1 against, 1 abstention.",
        "Chair: Membre 00.",
        "Secretary: Membre 02.",
    ):
        assert said in text
    word = docx.Document(BytesIO((await desk.get(f"{SITTING}/minutes.docx")).content))
    paragraphs = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert "Adopted: 18 for, 1 against, 1 abstention." in paragraphs
    [row] = csv.DictReader(StringIO((await desk.get(f"{SITTING}/deliberations.csv")).text))
    assert (row["DELIB_MATIERE_CODE"], row["VOTE_EFFECTIF"], row["VOTE_REEL"]) == ("7.1", "22", "20")
    assert (row["VOTE_POUR"], row["VOTE_CONTRE"], row["VOTE_ABSTENTION"]) == ("18", "1", "1")


def pdf_text(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


async def test_three_vice_presidents_are_elected_by_secret_ballot(
    desk: httpx.AsyncClient, world: World
) -> None:
    _, seats = await committee(desk, world)
    first, second, third = [await item(desk, f"Vice-président {n}", kind="election") for n in (1, 2, 3)]
    await opened(desk)
    for seat in seats[:18]:
        await tap(desk, seat)

    done = (await vote(desk, first, round={"votes": {"Ana": 15}, "blank": 3})).json()["vote"]
    assert (done["outcome"], done["elected"]) == ("elected", "Ana")
    again = (await vote(desk, second, round={"votes": {"Bo": 8, "Cleo": 7, "Dan": 3}})).json()["vote"]
    assert again["outcome"] == "another_round"
    done = (await vote(desk, second, round={"votes": {"Bo": 8, "Cleo": 10}})).json()["vote"]
    assert (done["outcome"], done["elected"], len(done["rounds"])) == ("elected", "Cleo", 2)
    for _ in range(2):
        await vote(desk, third, round={"votes": {"Eve": 9, "Fay": 9}})
    equal = (await vote(desk, third, round={"votes": {"Eve": 9, "Fay": 9}})).json()["vote"]
    assert (equal["outcome"], sorted(equal["equal"])) == ("equal", ["Eve", "Fay"])
    assert (await vote(desk, third, oldest="Gil")).status_code == 422
    done = (await vote(desk, third, oldest="Fay")).json()["vote"]
    assert (done["outcome"], done["elected"], len(done["rounds"])) == ("elected", "Fay", 3)
    assert (await vote(desk, third, round={"votes": {"Eve": 19}})).status_code == 409
    over = await vote(desk, await item(desk, "Une autre", kind="election"), round={"votes": {"Eve": 19}})
    assert [error["pointer"] for error in over.json()["errors"]] == ["/round/votes"]


async def test_a_public_vote_is_by_name_and_the_chair_decides_what_is_equal(
    desk: httpx.AsyncClient, world: World
) -> None:
    _, seats = await committee(desk, world, members=4)
    number = await item(desk, "Convention", ballot="public")
    await opened(desk, chair=seats[0])
    for seat in seats:
        await tap(desk, seat)

    missing = await vote(desk, number, by_name={seats[0]: "for"})
    assert len(missing.json()["errors"]) == 3
    words = dict(zip(seats, ["for", "for", "against", "against"], strict=True))
    held = (await vote(desk, number, by_name=words)).json()["vote"]
    assert held["outcome"] == "adopted"
    assert held["by_name"] == {f"Membre {n:02}": word for n, word in enumerate(words.values())}


async def test_who_steps_aside_is_neither_counted_nor_votes(desk: httpx.AsyncClient, world: World) -> None:
    _, seats = await committee(desk, world, members=5)
    number = await item(desk, "Subvention", recused=[seats[0]])
    await opened(desk)
    for seat in seats[:3]:
        await tap(desk, seat)

    whole = (await desk.get(f"{API}/events/comite/quorum")).json()
    of_the_item = (await desk.get(f"{API}/events/comite/quorum?item={number}")).json()

    assert (whole["counted"], whole["reached"]) == (3, True)
    assert (of_the_item["counted"], of_the_item["voters"], of_the_item["reached"]) == (2, 2, False)


@pytest.mark.parametrize(
    ("said", "pointer"),
    [
        ({"kind": "proxy"}, "/to"),
        ({"kind": "proxy", "to": "SELF"}, "/to"),
        ({"kind": "proxy", "to": "EXCUSED"}, "/to"),
        ({"kind": "proxy", "to": "HOLDER"}, "/to"),
        ({"kind": "substitute", "substitute": "Suppléant 03"}, "/substitute"),
    ],
)
async def test_answers_that_cannot_be(
    desk: httpx.AsyncClient, world: World, said: dict[str, Any], pointer: str
) -> None:
    _, seats = await committee(desk, world, members=6)
    answers = f"{API}/events/comite/seats/{{}}/answer"
    assert (await desk.put(answers.format(seats[2]), json={"kind": "excused"})).status_code == 204
    assert (
        await desk.put(answers.format(seats[4]), json={"kind": "proxy", "to": seats[5]})
    ).status_code == 204
    names = {"SELF": seats[1], "EXCUSED": seats[2], "HOLDER": seats[5]}
    if "to" in said:
        said = said | {"to": names[said["to"]]}

    refused = await desk.put(answers.format(seats[1]), json=said)

    assert refused.status_code == 422, refused.text
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]


async def test_the_delay_of_the_letters_is_reckoned_in_clear_days(
    desk: httpx.AsyncClient, world: World
) -> None:
    event, _ = await committee(desk, world, members=3)
    sitting = event.starts_at.date()
    assert isinstance(world.clock, FixedClock)
    world.clock.advance(event.starts_at - timedelta(hours=1) - world.now())
    for days, in_time in ((6, True), (5, False)):
        sent = sitting.fromordinal(sitting.toordinal() - days).isoformat()
        answer = (await desk.post(f"{API}/events/comite/convocation", json={"sent_on": sent})).json()
        assert (answer["clear_days"], answer["needed"], answer["in_time"]) == (days - 1, 5, in_time)
    tomorrow = (world.now() + timedelta(days=1)).date().isoformat()
    assert (
        await desk.post(f"{API}/events/comite/convocation", json={"sent_on": tomorrow})
    ).status_code == 422


async def test_nothing_is_tapped_before_it_is_open_nor_after_it_is_closed(
    desk: httpx.AsyncClient, world: World
) -> None:
    _, seats = await committee(desk, world, members=3)
    tapped = {"seat": seats[0], "state": "present"}
    early = await desk.post(f"{API}/events/comite/roll", json=tapped)
    assert early.json()["type"] == "/problems/sitting-not-open"
    await opened(desk)
    await tap(desk, seats[0])
    await desk.post(f"{SITTING}/changes", json={"is_open": False})
    late = await desk.post(f"{API}/events/comite/roll", json=tapped)
    assert late.json()["type"] == "/problems/sitting-over"
    again = await desk.post(f"{SITTING}/changes", json={"is_open": True})
    assert again.json()["seats"][0]["sitter"] == "Membre 00"


async def test_a_second_sitting_decides_without_a_quorum(desk: httpx.AsyncClient, world: World) -> None:
    _, seats = await committee(desk, world)
    slug = (await desk.get(SITTING)).json()["assembly"]
    await desk.put(SITTING, json={"assembly": slug, "second": True})
    number = await item(desk, "Compte administratif")
    await opened(desk)
    quorum = await tap(desk, seats[0])
    assert quorum["sentence"] == "1 present of 22: a second sitting needs no quorum."
    held = await vote(desk, number, counts={"votes_for": 1, "against": 0})
    assert held.json()["vote"]["outcome"] == "adopted"


async def test_a_sitting_that_has_begun_becomes_no_second_one(desk: httpx.AsyncClient, world: World) -> None:
    """What was voted on would read as decided without need of a quorum."""
    _, seats = await committee(desk, world, members=3)
    slug = (await desk.get(SITTING)).json()["assembly"]
    await opened(desk)
    await tap(desk, seats[0])
    refused = await desk.put(SITTING, json={"assembly": slug, "second": True})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/sitting-begun")
    assert (await desk.put(SITTING, json={"assembly": slug})).status_code == 200


async def test_an_association_has_no_second_sitting(desk: httpx.AsyncClient, world: World) -> None:
    await committee(desk, world, members=3, family="association")
    slug = (await desk.get(SITTING)).json()["assembly"]
    refused = await desk.put(SITTING, json={"assembly": slug, "second": True})
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/second"]
    page = await desk.post("/org/events/comite/sitting", data={"assembly": slug, "second": "yes"})
    assert (page.status_code, "know of no second sitting" in page.text) == (422, True)


async def test_who_sat_cannot_be_removed_but_may_leave_office(desk: httpx.AsyncClient, world: World) -> None:
    event, seats = await committee(desk, world, members=3)
    slug = (await desk.get(SITTING)).json()["assembly"]
    address = f"{API}/assemblies/{slug}/seats"
    await opened(desk)
    await tap(desk, seats[0])
    assert (await desk.delete(f"{address}/{seats[0]}")).json()["type"] == "/problems/seat-used"
    assert (await desk.delete(f"{address}/{seats[1]}")).status_code == 204
    day_before = event.starts_at.date().fromordinal(event.starts_at.date().toordinal() - 1).isoformat()
    left = await desk.put(f"{address}/{seats[0]}", json={"name": "Membre 00", "until": day_before})
    assert left.status_code == 204
    assert (await desk.get(f"{API}/events/comite/quorum")).json()["in_office"] == 1


async def test_what_the_open_data_need_is_named(desk: httpx.AsyncClient, world: World) -> None:
    _, seats = await committee(desk, world, members=1)
    number = await item(desk, "Voeu")
    await opened(desk)
    await tap(desk, seats[0])
    await vote(desk, number, counts={"votes_for": 1, "against": 0})

    refused = await desk.get(f"{SITTING}/deliberations.csv")

    assert refused.status_code == 409
    assert "SIRET" in refused.json()["detail"]
    assert "Voeu" in refused.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {"name": "", "family": "free"},
        {"name": "A", "family": "monarchy"},
        {"name": "A", "family": "free", "siret": "123"},
        {"name": "A", "family": "free", "statutes": {"clear_days": -1}},
        {"name": "A", "family": "free", "body": "nobody"},
    ],
)
async def test_an_assembly_that_cannot_be(desk: httpx.AsyncClient, body: dict[str, Any]) -> None:
    assert (await desk.post(f"{API}/assemblies", json=body)).status_code == 422
