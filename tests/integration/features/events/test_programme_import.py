"""A programme from a file: looked at first, then taken, each line by itself."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from events_app.features.events.model import EventRecord
from events_app.features.events.queries import sessions_of
from events_app.infra.i18n import translator
from events_app.infra.world import World
from events_app.outputs.workbooks import workbook_bytes
from tests.factories import make_event, make_session

IMPORT = "/api/v1/events/monkey-time/programme/import"
PAGE = "/org/events/monkey-time/programme/import"
CSV = {"content-type": "text/csv"}

PROGRAMME = """Intitulé;Type;Date;Début;Fin;Salle;Intervenants;Jauge
Ouverture;Plénière;mardi 16 octobre 2018;9 h;10h30;Grand auditorium;Jeanne Martin;1 200
Les terrils demain;Atelier;17/10/2018;14:00;15:00;Salle 2;Karim Benali;30
Soirée;Autre;2018-10-17;22:00;01:00;Foyer;;
Une autre;Atelier;17/10/2018;14:30;15:30;Salle 2;Karim Benali et Léa Petit;beaucoup
"""


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers.update({"authorization": f"Bearer {organiser_key}", "accept-language": "en"})
    return client


async def forum(world: World) -> EventRecord:
    """Three days, with nothing in its programme."""
    return await make_event(
        world,
        starts_at=datetime(2018, 10, 16, 6, 0, tzinfo=UTC),
        ends_at=datetime(2018, 10, 18, 18, 0, tzinfo=UTC),
    )


async def sent(desk: httpx.AsyncClient, text: str | bytes, **query: str) -> dict[str, Any]:
    content = text.encode() if isinstance(text, str) else text
    answer = await desk.post(IMPORT, content=content, headers=CSV, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_each_line_has_its_fate(desk: httpx.AsyncClient, world: World) -> None:
    event = await forum(world)

    tried = await sent(desk, PROGRAMME, dry_run="true")
    assert await sessions_of(event.id) == []
    said = await sent(desk, PROGRAMME)

    assert tried == said
    assert [(row["line"], row["outcome"], row["session"]) for row in said["rows"]] == [
        (2, "created", "ouverture"),
        (3, "created", "les-terrils-demain"),
        (4, "created", "soiree"),
        (5, "error", None),
    ]
    assert [fault["field"] for row in said["rows"] for fault in row["errors"]] == ["capacity_max"]
    opening, workshop, evening = await sessions_of(event.id)
    assert opening.starts_at == datetime(2018, 10, 16, 7, 0, tzinfo=UTC)
    assert (opening.kind, opening.room, opening.coach) == ("plenary", "Grand auditorium", "Jeanne Martin")
    assert (opening.capacity_max, workshop.capacity_max) == (1200, 30)
    assert (evening.ends_at - evening.starts_at).total_seconds() == 3 * 3600


async def test_what_is_there_already_stays_as_it_is(desk: httpx.AsyncClient, world: World) -> None:
    event = await forum(world)
    await sent(desk, PROGRAMME)

    said = await sent(desk, PROGRAMME)
    same_code = await sent(
        desk,
        "code,title,starts_at,ends_at\nouverture,Autre,2018-10-16T09:00:00+02:00,2018-10-16T10:00:00Z\n",
    )

    assert (said["created"], said["duplicates"], said["errors"]) == (0, 3, 1)
    assert [fault["code"] for fault in same_code["rows"][0]["errors"]] == ["taken"]
    assert len(await sessions_of(event.id)) == 3


async def test_conflicts_of_the_whole_programme_are_named(desk: httpx.AsyncClient, world: World) -> None:
    event = await forum(world)
    hours = {
        "starts_at": datetime(2018, 10, 17, 12, 30, tzinfo=UTC),
        "ends_at": datetime(2018, 10, 17, 13, 30, tzinfo=UTC),
    }
    await make_session(world, event, "present", slot="b", room="salle 2", coach="Karim Benali", **hours)

    said = await sent(desk, PROGRAMME, dry_run="true")

    assert {(each["kind"], *sorted(each["sessions"])) for each in said["conflicts"]} == {
        (kind, "les-terrils-demain", "present") for kind in ("room", "speaker", "person")
    }


@pytest.mark.parametrize(
    ("start", "end", "field", "code"),
    [
        ("demain", "10:00", "starts_at", "invalid"),
        ("16/10/2018 09:00", "", "ends_at", "required"),
        ("09:00", "10:00", "starts_at", "invalid"),  # of which of the three days?
        ("16/10/2018 11:00", "16/10/2018 10:00", "ends_at", "before-start"),
        ("20/10/2018 09:00", "10:00", "ends_at", "outside-event"),
    ],
)
async def test_hours_that_cannot_be_are_refused_beside_their_column(
    desk: httpx.AsyncClient, world: World, start: str, end: str, field: str, code: str
) -> None:
    await forum(world)

    said = await sent(desk, f"titre;début;fin\nOuverture;{start};{end}\n")

    assert [(fault["field"], fault["code"]) for fault in said["rows"][0]["errors"]] == [(field, code)]


@pytest.mark.parametrize("content", ["", "titre\nOuverture\n", "titre;début\nOuverture;9 h\n"])
async def test_a_file_that_is_no_programme_is_refused(
    desk: httpx.AsyncClient, world: World, content: str
) -> None:
    await forum(world)

    answer = await desk.post(IMPORT, content=content.encode(), headers=CSV)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/file"]


async def test_a_workbook_is_looked_at_on_the_page_then_taken(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world)
    line = ["Accueil", "14:00", "14:30", "Hall"]
    book = workbook_bytes("Programme", ["Quoi", "Début", "Fin", "Salle"], [line])
    files = {"file": ("programme.xlsx", book, "application/octet-stream")}

    unknown = await desk.post(PAGE, files=files)
    assert unknown.status_code == 422  # no column is called as a title is: which is it?
    form = {"lines": "Quoi;Début;Fin;Salle\n" + ";".join(line)}
    form |= {"column.0": "title", "column.1": "starts_at", "column.2": "ends_at", "column.3": "room"}
    preview = await desk.post(PAGE, data=form)
    assert "Add 1 session" in preview.text
    assert await sessions_of(event.id) == []

    done = await desk.post(PAGE, data=form | {"sure": "1"})
    assert "Imported" in done.text
    [session] = await sessions_of(event.id)
    assert (session.title, session.room, session.code) == ("Accueil", "Hall", "accueil")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("shown", ["times", "when"])
async def test_hours_as_our_pages_print_them(
    desk: httpx.AsyncClient, world: World, language: str, shown: str
) -> None:
    event = await make_event(world)
    hours = getattr(translator(language), shown)(event.starts_at, event.ends_at, event.timezone)
    await sent(desk, f"Titre;Début;Fin\nOuverture;{hours};\n".encode())
    [session] = await sessions_of(event.id)
    assert (session.starts_at, session.ends_at) == (event.starts_at, event.ends_at)
