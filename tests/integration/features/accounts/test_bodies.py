"""The first administrator says who they are; bodies are made and renamed; the legal notice is complete."""

import asyncio
import re
from pathlib import Path
from uuid import UUID

import httpx
import msgspec
import pytest

from events_app.app import JOB_HANDLERS
from events_app.features.accounts import members, sign_in
from events_app.features.accounts.bodies import add_body, change_body, first_body
from events_app.features.accounts.legal import LegalFacts, published_facts, save_facts
from events_app.features.accounts.rules import LINK_LIFE, PLACEHOLDER_EMAIL
from events_app.features.accounts.service import ensure_first_body
from events_app.features.events.queries import event_by_id
from events_app.infra import jobs
from events_app.infra.database import rows
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from events_app.kernel.errors import InvalidInput
from tests.factories import make_event
from tests.integration.test_serve import convive

ANSWER = {
    "name": "Odile Delattre",
    "email": "odile@lens.example",
    "body_name": "la Communauté de Lens",
    "contact_email": "evenements@lens.example",
    "publisher": "Communauté de Lens",
    "publisher_address": "21 rue Marcel-Sembat, 62300 Lens\n03 21 00 00 00",
    "director": "Odile Delattre",
    "host": "La Régie numérique, 1 rue du Bac, Lens",
    "data_contact": "dpo@lens.example",
}


async def test_nobody_stays_whom_nobody_is(database: str, world: World) -> None:
    body_id = await ensure_first_body(world)
    assert await members.first_administrator_link(world, body_id) is not None
    await members.add_member(world, SYSTEM, body_id, "odile@example.org", "administrator", invite=False)
    assert [each["email"] for each in await rows("SELECT email FROM account")] == ["odile@example.org"]


@pytest.fixture
async def first_administrator(client: httpx.AsyncClient, database: str, world: World) -> httpx.AsyncClient:
    """Signed in by the link that the first start prints."""
    link = await members.first_administrator_link(world, await ensure_first_body(world))
    assert link is not None
    answer = await client.post(link.removeprefix(world.settings.base_url))
    assert answer.status_code == 303
    return client


async def administrator(client: httpx.AsyncClient, world: World, body_id: UUID | None = None) -> UUID:
    """Signed in, of the territory's own body unless said."""
    account = await members.add_member(
        world,
        SYSTEM,
        body_id or await ensure_first_body(world),
        "odile@example.org",
        "administrator",
        "Odile Delattre",
        invite=False,
    )
    link = await sign_in.make_link(world, account, LINK_LIFE)
    await client.post(link.removeprefix(world.settings.base_url))
    return account


async def test_until_the_first_administrator_has_answered_nothing_else_is_open(
    first_administrator: httpx.AsyncClient,
) -> None:
    for path in ("/", "/org", "/org/account", "/org/members", "/org/events/new", "/nowhere"):
        for method in ("GET", "POST"):
            answer = await first_administrator.request(method, path)
            assert (answer.status_code, answer.headers.get("location")) == (303, "/org/welcome")
    for path in ("/api/v1/events", "/api/v1/nowhere"):
        for method in ("GET", "POST"):
            answer = await first_administrator.request(method, path)
            assert answer.status_code == 403
            assert answer.json()["type"] == "/problems/introduction-needed"
            assert "/org/welcome" in answer.json()["detail"]


async def test_the_questions_the_legal_notice_and_the_way_out_are_open(
    first_administrator: httpx.AsyncClient,
) -> None:
    for path in ("/org/welcome", "/legal", "/privacy", "/accessibility", "/health/live"):
        assert (await first_administrator.get(path)).status_code == 200
    assert (await first_administrator.post("/sign-out")).headers["location"] == "/"
    assert (await first_administrator.get("/")).status_code == 200


async def test_an_answer_names_the_administrator_the_body_and_the_publisher(
    first_administrator: httpx.AsyncClient, world: World
) -> None:
    english = {"accept-language": "en"}
    answer = await first_administrator.post("/org/welcome", data=ANSWER, headers=english)
    assert (answer.status_code, answer.headers["location"]) == (303, "/org")
    assert (await first_administrator.get("/org")).status_code == 200
    accounts = await rows("SELECT name, email, language FROM account")
    assert accounts == [{"name": "Odile Delattre", "email": "odile@lens.example", "language": "en"}]
    body = await first_body()
    assert body is not None
    assert (body.article, body.name, body.slug) == ("la ", "Communauté de Lens", "communaute-de-lens")
    notice = (await first_administrator.get("/legal")).text
    for said in (*ANSWER["publisher_address"].splitlines(), ANSWER["host"], ANSWER["data_contact"]):
        assert said in notice
    assert "evenements@lens.example" in notice
    assert (await published_facts(world.settings)).missing == ()
    again = await first_administrator.post("/org/welcome", data=ANSWER | {"name": "Autre"})
    assert again.headers["location"] == "/org"
    assert (await rows("SELECT name FROM account"))[0]["name"] == "Odile Delattre"


WRONG_ANSWERS = [
    ({"name": " "}, "name"),
    ({"email": ""}, "email"),
    ({"email": "odile"}, "email"),
    ({"email": PLACEHOLDER_EMAIL}, "email"),
    ({"email": "odile@convive.invalid"}, "email"),
    ({"email": "autre@example.org"}, "email"),
    ({"body_name": ""}, "body_name"),
    ({"body_name": "le "}, "body_name"),
    ({"body_name": "x" * 201}, "body_name"),
    ({"body_name": "🎉"}, "body_name"),
    ({"contact_email": "evenements"}, "contact_email"),
    ({"publisher": ""}, "publisher"),
    ({"host": "\n"}, "host"),
    ({"data_contact": "x" * 301}, "data_contact"),
]


async def test_an_answer_that_cannot_be_used_is_shown_again_and_nothing_is_kept(
    first_administrator: httpx.AsyncClient, world: World
) -> None:
    await members.ensure_account(world, "autre@example.org")
    before = await rows("SELECT email, name FROM account ORDER BY email"), await rows("SELECT name FROM body")
    for said, field in WRONG_ANSWERS:
        answer = await first_administrator.post("/org/welcome", data=ANSWER | said)
        assert answer.status_code == 422, said
        assert re.findall('id="e-([a-z_]+)"', answer.text) == [field]
    after = await rows("SELECT email, name FROM account ORDER BY email"), await rows("SELECT name FROM body")
    assert after == before
    assert (await first_administrator.get("/org")).headers["location"] == "/org/welcome"


async def test_all_errors_of_an_answer_are_named_at_once(first_administrator: httpx.AsyncClient) -> None:
    answer = await first_administrator.post("/org/welcome", data={})
    assert set(re.findall('id="e-([a-z_]+)"', answer.text)) == {
        "name",
        "email",
        "body_name",
        "contact_email",
        "publisher",
        "host",
    }


async def test_a_site_without_answers_says_what_its_legal_notice_lacks(
    client: httpx.AsyncClient, world: World
) -> None:
    for language, words in (("fr", "Il manque encore"), ("en", "Still missing: the publisher")):
        notice = (await client.get("/legal", headers={"accept-language": language})).text
        assert words in notice
        assert "convive.invalid" not in notice
    assert "convive.invalid" not in (await client.get("/privacy")).text
    assert "convive.invalid" not in (await client.get("/accessibility")).text


async def test_an_administrator_makes_and_renames_bodies(client: httpx.AsyncClient, world: World) -> None:
    account = await administrator(client, world)
    made = await client.post("/org/bodies", data={"name": "l'Agglomération de Béthune", "contact_email": ""})
    assert made.headers["location"] == "/org/members?body=agglomeration-de-bethune"
    assert (await client.get(made.headers["location"])).status_code == 200
    listed = (await client.get("/org/bodies")).text
    assert "Agglomération de Béthune" in listed
    form = (await client.get("/org/bodies/agglomeration-de-bethune")).text
    assert 'value="l’Agglomération de Béthune"' in form
    saved = await client.post("/org/bodies/agglomeration-de-bethune", data={"name": "la Ville de Béthune"})
    assert saved.headers["location"] == "/org/bodies"
    found = await rows(
        "SELECT b.name, b.article, m.account FROM body b JOIN membership m ON m.body = b.id"
        " WHERE b.slug = 'agglomeration-de-bethune'"
    )
    assert found == [{"name": "Ville de Béthune", "article": "la ", "account": account}]


async def test_the_administrator_of_another_body_changes_that_one_alone(
    client: httpx.AsyncClient, world: World
) -> None:
    first = await ensure_first_body(world)
    other = await add_body(world, SYSTEM, "la Ligue")
    await administrator(client, world, other.id)
    assert (await client.post("/org/bodies/ligue", data={"name": "La Ligue"})).status_code == 303
    own = next(each for each in await rows("SELECT id, slug FROM body") if each["id"] == first)
    assert (await client.get(f"/org/bodies/{own['slug']}")).status_code == 404
    assert (await client.post(f"/org/bodies/{own['slug']}", data={"name": "x"})).status_code == 404
    assert (await client.post("/org/bodies", data={"name": "la Troisième"})).status_code == 403
    assert (await client.get("/org/legal")).status_code == 403
    assert (await client.post("/org/legal", data={"publisher": "x"})).status_code == 403


async def test_a_name_that_cannot_be_used_is_refused_everywhere(
    client: httpx.AsyncClient, world: World
) -> None:
    await administrator(client, world)
    await add_body(world, SYSTEM, "La Ligue")
    await add_body(world, SYSTEM, "ligue de Lens")
    other = await add_body(world, SYSTEM, "la Ville de Lens")
    for name in ("", "le ", "🎉", "x" * 201, "La  ligue", "la LIGUE DE LENS", "l' "):
        assert (await client.post("/org/bodies", data={"name": name})).status_code == 422
        assert (await client.post(f"/org/bodies/{other.slug}", data={"name": name})).status_code == 422
        for deed in (add_body(world, SYSTEM, name), change_body(world, SYSTEM, other.slug, name)):
            with pytest.raises(InvalidInput):
                await deed


async def test_of_two_bodies_of_one_name_at_once_one_is_made(database: str, world: World) -> None:
    await ensure_first_body(world)
    made = await asyncio.gather(
        *(add_body(world, SYSTEM, "la Ville de Lens") for _ in range(4)), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in made) == ["BodyRecord", *["InvalidInput"] * 3]


async def test_a_renamed_body_is_found_by_its_new_name_and_events_say_it(
    client: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(world)
    first = await first_body()
    assert first is not None
    assert "la Ville d’Avion" not in (await client.get(f"/events/{event.slug}")).text
    await change_body(world, SYSTEM, first.slug, "la Ville d’Avion")
    await jobs.run_due(world, JOB_HANDLERS, "tests")
    after = await event_by_id(event.id)
    assert after is not None
    assert after.revision == event.revision + 1
    found = (await client.get("/api/v1/events", params={"q": "avion"})).json()
    assert [each["slug"] for each in found["items"]] == [event.slug]
    assert "Ville d’Avion" in (await client.get(f"/events/{event.slug}")).text


async def test_the_legal_notice_is_changed_by_the_administrator(
    client: httpx.AsyncClient, world: World
) -> None:
    await administrator(client, world)
    assert (await client.post("/org/legal", data={"publisher": "Ville de Lens"})).status_code == 303
    await save_facts(world, SYSTEM, LegalFacts(publisher="Ville de Lens", host="Nous"))
    published = await published_facts(world.settings)
    assert msgspec.structs.asdict(published.facts)["host"] == "Nous"
    assert "the publisher" not in published.missing
    assert (await client.post("/org/legal", data={"host": "x" * 501})).status_code == 422


def test_the_command_makes_renames_and_lists_bodies(tmp_path: Path) -> None:
    added = convive(tmp_path, "body", "add", "la Ligue de l’enseignement", "--contact", "ligue@example.org")
    assert (added.returncode, added.stdout, added.stderr) == (0, "ligue-de-l-enseignement\n", "")
    twice = convive(tmp_path, "body", "add", "La ligue de l'enseignement")
    assert (twice.returncode, twice.stdout) == (1, "")
    assert twice.stderr == "convive body: There is an organisation of this name already.\n"
    renamed = convive(tmp_path, "body", "rename", "ligue-de-l-enseignement", "les Francas")
    assert (renamed.returncode, renamed.stdout) == (0, "ligue-de-l-enseignement: les Francas\n")
    lines = convive(tmp_path, "body", "list").stdout.splitlines()
    assert lines == [
        "ligue-de-l-enseignement\tles Francas\tligue@example.org\t0 people, 0 administrators",
        "pole-metropolitain-de-l-artois\tPôle métropolitain de l’Artois\tno contact address"
        "\t0 people, 0 administrators",
    ]


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    for arguments, sentence in (
        (("add", "x" * 201), "Please shorten this to 200 characters."),
        (
            ("add", " ", "--contact", "x"),
            "Please give the organisation a name.\nconvive body: This is not one",
        ),
        (("rename", "nowhere", "Autre"), "no organising body 'nowhere' (convive body list)"),
    ):
        done = convive(tmp_path, "body", *arguments)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith(f"convive body: {sentence}")


async def test_a_program_reads_which_bodies_it_works_for(
    client: httpx.AsyncClient, world: World, organiser_key: str
) -> None:
    await add_body(world, SYSTEM, "la Ligue")
    first = await first_body()
    assert first is not None
    await change_body(world, SYSTEM, first.slug, "le Pôle de Lens", "pole@example.org")
    found = await client.get("/api/v1/bodies", headers={"authorization": f"Bearer {organiser_key}"})
    own = {"slug": first.slug, "name": "Pôle de Lens", "article": "le ", "contact_email": "pole@example.org"}
    own["name_with_article"] = "le Pôle de Lens"
    assert found.json() == {"items": [own], "next_cursor": None}
