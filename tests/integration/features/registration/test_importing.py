"""People from a file: tried first, then taken, each line by itself."""

import re
from typing import Any

import httpx
import pytest

from events_app.features.events.model import Question
from events_app.features.events.queries import counts_of_one, sessions_of
from events_app.features.registration.queries import preferences_of_one, registrations_of
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.outputs.workbooks import workbook_bytes
from tests.factories import make_event, make_registration, make_session

IMPORT = "/api/v1/events/monkey-time/registrations/import"
PAGE = "/org/events/monkey-time/registrations/import"
CSV = {"content-type": "text/csv"}


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers.update({"authorization": f"Bearer {organiser_key}", "accept-language": "en"})
    return client


async def sent(desk: httpx.AsyncClient, text: str | bytes, **query: str) -> dict[str, Any]:
    content = text.encode() if isinstance(text, str) else text
    answer = await desk.post(IMPORT, content=content, headers=CSV, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def jobs() -> int:
    found = await db.row("SELECT count(*) AS n FROM job")
    assert found is not None
    return int(found["n"])


PERSON = ["nour@example.org", "Nour", "Delattre", "ACME"]
PEOPLE = """email;given_name;family_name;organisation;insee;profile;preferences
nour@example.org;Nour;Delattre;Ville de Lens;62498;student;confiance;
zoe@example.org;Zoé;Petit;;99999;;
not an address;Ana;Grand;;;;
nour@example.org;Nour;Delattre;;;;
"""


async def test_each_line_has_its_fate(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, profiles=["student"])
    await make_session(world, event, "confiance")

    said = await sent(desk, PEOPLE)

    assert (said["created"], said["duplicates"], said["errors"]) == (1, 1, 2)
    assert [(row["line"], row["outcome"]) for row in said["rows"]] == [
        (2, "created"),
        (3, "error"),
        (4, "error"),
        (5, "duplicate"),
    ]
    assert [fault["field"] for row in said["rows"] for fault in row["errors"]] == ["insee", "email"]
    [person] = await registrations_of(event.id)
    assert said["rows"][0]["registration"] == said["rows"][3]["registration"] == str(person.id)
    assert (person.organisation, person.commune, person.profile) == ("Ville de Lens", "Lens", "student")


async def test_a_dry_run_says_the_same_and_writes_nothing(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, profiles=["student"])
    await make_session(world, event, "confiance")
    before = await jobs()

    tried = await sent(desk, PEOPLE, dry_run="true")

    assert await registrations_of(event.id) == []
    assert (await counts_of_one(event.id)).all == 0
    assert await jobs() == before
    assert [row["registration"] for row in tried["rows"]] == [None] * 4  # nobody has these ids
    taken = await sent(desk, PEOPLE)
    without_ids = [{**row, "registration": None} for row in taken["rows"]]
    assert [{**row, "registration": None} for row in tried["rows"]] == without_ids


async def test_capacity_holds_for_files_too(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, capacity=2)
    lines = "email,prénom,nom\n" + "".join(f"p{n}@example.org,Ana,Nom{n}\n" for n in range(4))

    await sent(desk, lines)

    counts = await counts_of_one(event.id)
    assert (counts.confirmed, counts.waiting) == (2, 2)


async def test_nobody_is_written_to_where_that_is_asked(desk: httpx.AsyncClient, world: World) -> None:
    await make_event(world)

    await sent(desk, "email,prénom,nom\nnour@example.org,Nour,Delattre\n", notify="false")
    assert await jobs() == 0
    await sent(desk, "email,prénom,nom\nzoe@example.org,Zoé,Petit\n")
    assert await jobs() == 1


async def test_states_are_as_the_file_says(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, approval=True)

    said = await sent(
        desk,
        "email,prénom,nom,status\na@example.org,Ana,A,\nb@example.org,Bea,B,en attente\n"
        "b2@example.org,Bea,B,To be approved\nc@example.org,Cléo,C,invited\nd@example.org,Dan,D,perhaps\n",
    )

    people = {each.email: each.status.value for each in await registrations_of(event.id)}
    assert people == {"a@example.org": "confirmed", "b2@example.org": "pending"}
    assert [row["outcome"] for row in said["rows"]] == ["created", "error", "created", "created", "error"]
    assert (await db.row("SELECT email FROM invitation"))["email"] == "c@example.org"  # type: ignore[index]


async def test_answers_come_by_the_codes_of_questions(desk: httpx.AsyncClient, world: World) -> None:
    questions: list[dict[str, Any]] = [
        {"code": "jours", "label": "Jours", "kind": "several_choices", "choices": ["lundi", "mardi"]},
        {"code": "train", "label": "En train", "kind": "yes_no"},
        {"code": "age", "label": "Âge", "kind": "number"},
    ]
    event = await make_event(world, questions=questions)

    said = await sent(
        desk,
        "email,prénom,nom,Jours,train,Âge\n"
        'a@example.org,Ana,A,"lundi;mardi",oui,42\nb@example.org,Bea,B,jeudi,,\n'
        "c@example.org,Cléo,C,,peut-être,\n",
    )

    [person] = await registrations_of(event.id)
    assert person.answers == {"jours": ["lundi", "mardi"], "train": True, "age": 42}
    assert [fault["field"] for row in said["rows"] for fault in row["errors"]] == ["jours", "train"]


@pytest.mark.parametrize(
    "content",
    [b"", b"email\n", b"name\nNour\n", b"PK\x03\x04broken", b"\x00", b"given_name;email_of\nA;B\n"],
)
async def test_a_file_that_says_nothing_is_refused(
    desk: httpx.AsyncClient, world: World, content: bytes
) -> None:
    await make_event(world)

    answer = await desk.post(IMPORT, content=content, headers=CSV)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/file"]


async def test_the_page_shows_what_would_happen_then_does_it(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world)
    book = workbook_bytes("Feuille", ["Courriel", "Prénom", "Nom", "Boîte"], [PERSON])
    files = {"file": ("liste.xlsx", book, "application/octet-stream")}

    preview = await desk.post(PAGE, data={"notify": "on"}, files=files)
    assert "Take 1 line" in preview.text
    assert await registrations_of(event.id) == []

    form = {
        "lines": "Courriel;Prénom;Nom;Boîte\n" + ";".join(PERSON),
        "column.0": "email",
        "column.1": "given_name",
        "column.2": "family_name",
        "column.3": "organisation",
        "sure": "1",
    }
    done = await desk.post(PAGE, data=form)
    assert "Imported" in done.text
    [person] = await registrations_of(event.id)
    assert (person.email, person.family_name, person.organisation) == ("nour@example.org", "Delattre", "ACME")
    assert await jobs() == 0  # the box was not ticked


async def test_people_are_written_to_unless_the_box_is_emptied(desk: httpx.AsyncClient, world: World) -> None:
    await make_event(world)

    assert re.search(r'name="notify" value="yes" checked', (await desk.get(PAGE)).text)
    lines = "Courriel;Prénom;Nom\nnour@example.org;Nour;Delattre\n"
    preview = await desk.post(PAGE, data={"lines": lines, "notify": "yes"})
    assert 'type="hidden" name="notify"' in preview.text
    await desk.post(PAGE, data={"lines": lines, "notify": "on", "sure": "1"})
    assert await jobs() == 1


async def test_a_wrong_file_on_the_page_keeps_the_form(desk: httpx.AsyncClient, world: World) -> None:
    await make_event(world)

    answer = await desk.post(PAGE, data={"lines": "only one line"})

    assert answer.status_code == 422
    assert "no line below the names" in answer.text
    assert "only one line" in answer.text


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
async def test_our_own_export_is_read_back(
    desk: httpx.AsyncClient, world: World, language: str, ending: str
) -> None:
    """Numbers, dates, choices, wishes and names as we write them, in both languages."""
    questions = [
        Question("age", "Âge", "number"),
        Question("born", "Né le", "date"),
        Question("food", "Régime", "several_choices", choices=["Sans sel, sans gras", "Sans ; rien"]),
        Question("bus", "En bus", "yes_no"),
        Question("why", "Pourquoi", "one_choice", choices=["Par goût", "Par hasard"]),
    ]
    source = await make_event(world, questions=questions, profiles=["student"])
    target = await make_event(world, questions=questions, profiles=["student"])
    for event in (source, target):
        for code in ("confiance", "mental"):
            await make_session(world, event, code, title=f"Atelier {code}")
    answers = {
        "age": 1234.5,
        "born": "1990-04-01",
        "food": ["Sans sel, sans gras", "Sans ; rien"],
        "bus": False,
        "why": "Par hasard",
    }
    person = await make_registration(
        world,
        source,
        given_name="Áki",
        family_name="d’Hénin",
        commune="Hénin-Beaumont",
        profile="student",
        answers=answers,
        preferences=["mental", "confiance"],
    )
    path = f"/org/events/{source.slug}/registrations.{ending}"
    exported = await desk.get(path, headers={"accept-language": language})
    assert exported.status_code == 200, exported.text

    said = await desk.post(
        f"/api/v1/events/{target.slug}/registrations/import", content=exported.content, headers=CSV
    )

    assert said.json()["errors"] == 0, said.text
    [again] = await registrations_of(target.id)
    for name in ("name", "email", "insee", "commune", "profile", "answers", "language"):
        assert getattr(again, name) == getattr(person, name), name
    titles = {session.id: session.code for session in await sessions_of(target.id)}
    assert [titles[wish] for wish in await preferences_of_one(again.id)] == ["mental", "confiance"]
