"""Signing in by link and password, out everywhere; members; keys."""

import re
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from events_app.features.accounts import members, sign_in
from events_app.features.accounts.job_kinds import SEND_LINK
from events_app.features.accounts.rules import LINK_LIFE
from events_app.features.accounts.service import create_api_key, ensure_first_body
from events_app.infra.database import row, rows
from events_app.infra.job_kinds import ClaimedJob
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM, Role
from events_app.kernel.clock import FixedClock


@pytest.fixture
async def administrator(database: str, world: World) -> UUID:
    body_id = await ensure_first_body(world)
    return await members.add_member(
        world, SYSTEM, body_id, "odile.delattre@example.org", "administrator", "Odile Delattre", invite=False
    )


async def open_session(client: httpx.AsyncClient, world: World, account_id: UUID) -> None:
    link = await sign_in.make_link(world, account_id, LINK_LIFE)
    answer = await client.post(link.removeprefix(world.settings.base_url))
    assert answer.status_code == 303, answer.text


async def test_a_link_signs_in_once(client: httpx.AsyncClient, world: World, administrator: UUID) -> None:
    link = (await sign_in.make_link(world, administrator, LINK_LIFE)).removeprefix(world.settings.base_url)
    looked = await client.get(link)
    assert looked.status_code == 200
    first = await client.post(link)
    assert (first.status_code, first.headers["location"]) == (303, "/org")
    assert (await client.get("/org/account")).status_code == 200
    second = await client.post(link)
    assert second.status_code == 410


async def test_an_old_link_is_refused(client: httpx.AsyncClient, world: World, administrator: UUID) -> None:
    link = (await sign_in.make_link(world, administrator, LINK_LIFE)).removeprefix(world.settings.base_url)
    assert isinstance(world.clock, FixedClock)
    world.clock.advance(LINK_LIFE + timedelta(seconds=1))
    assert (await client.get(link)).status_code == 410
    assert (await client.post(link)).status_code == 410


async def test_the_session_changes_at_each_sign_in(
    client: httpx.AsyncClient, world: World, administrator: UUID
) -> None:
    client.cookies.set("convive_session", "planted-by-somebody", domain="testserver.local")
    await open_session(client, world, administrator)
    first = client.cookies["convive_session"]
    assert first != "planted-by-somebody"
    await open_session(client, world, administrator)
    assert client.cookies["convive_session"] != first
    assert len(await rows("SELECT id FROM login_session")) == 1
    stored = await row("SELECT token_hash FROM login_session")
    assert stored is not None
    assert client.cookies["convive_session"] not in stored["token_hash"]


async def test_signing_out_ends_all_sessions(
    client: httpx.AsyncClient, world: World, administrator: UUID
) -> None:
    await open_session(client, world, administrator)
    elsewhere = client.cookies["convive_session"]
    client.cookies.clear()
    await open_session(client, world, administrator)
    assert (await client.post("/sign-out")).status_code == 303
    client.cookies.set("convive_session", elsewhere, domain="testserver.local")
    answer = await client.get("/org/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Forg%2Faccount")


async def test_asking_for_a_link_tells_nothing(
    client: httpx.AsyncClient, world: World, administrator: UUID
) -> None:
    known = await client.post("/sign-in", data={"email": "odile.delattre@example.org"})
    unknown = await client.post("/sign-in", data={"email": "nobody.at.all@example.org"})
    assert known.status_code == unknown.status_code == 200
    strip = re.compile(r"[\w.]+@example\.org")
    assert strip.sub("", known.text) == strip.sub("", unknown.text)
    jobs = await rows("SELECT kind, payload FROM job")
    assert [job["kind"] for job in jobs] == ["accounts.send_link"] * 2, "the same work, whoever it is"
    for found in jobs:
        claimed = ClaimedJob(world.new_id(), found["kind"], found["payload"], None, 1, world.now())
        await sign_in.send_asked_link(world, claimed, SEND_LINK.read(claimed.payload))
    sent = await rows("SELECT payload FROM job WHERE kind = 'mail.sign_in'")
    assert len(sent) == 1
    assert "token" not in sent[0]["payload"]


async def test_a_password_signs_in(client: httpx.AsyncClient, world: World, administrator: UUID) -> None:
    await open_session(client, world, administrator)
    saved = await client.post(
        "/org/account",
        data={"name": "Odile Delattre", "language": "fr", "password": "trois terrils sous la neige"},
    )
    assert saved.status_code == 303
    client.cookies.clear()
    wrong = await client.post("/sign-in", data={"email": "odile.delattre@example.org", "password": "non"})
    assert wrong.status_code == 422
    assert "non" not in re.findall(r'value="([^"]*)"', wrong.text)
    right = await client.post(
        "/sign-in", data={"email": "Odile.Delattre@example.org", "password": "trois terrils sous la neige"}
    )
    assert (right.status_code, right.headers["location"]) == (303, "/org")
    stored = await row("SELECT password_hash FROM account")
    assert stored is not None
    assert stored["password_hash"].startswith("$argon2id$")


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
async def test_sign_in_leads_nowhere_else(
    client: httpx.AsyncClient, world: World, administrator: UUID, target: str
) -> None:
    await open_session(client, world, administrator)
    answer = await client.get("/sign-in", params={"next": target})
    assert answer.headers["location"] == "/org"


async def test_guessing_is_slowed(client: httpx.AsyncClient, world: World, administrator: UUID) -> None:
    answers = [
        (
            await client.post("/sign-in", data={"email": "guess@example.org", "password": f"essai {n}"})
        ).status_code
        for n in range(12)
    ]
    assert answers[-1] == 429


async def test_the_last_administrator_stays(
    client: httpx.AsyncClient, world: World, administrator: UUID
) -> None:
    await open_session(client, world, administrator)
    body = await row("SELECT slug FROM body")
    assert body is not None
    answer = await client.post(f"/org/members/{administrator}/remove", data={"body": body["slug"]})
    assert answer.status_code == 409


async def test_members_are_invited_and_removed(
    client: httpx.AsyncClient, world: World, administrator: UUID
) -> None:
    await open_session(client, world, administrator)
    refused = await client.post("/org/members", data={"email": "a@b, evil@x", "role": "organiser"})
    assert refused.status_code == 422
    assert "a@b, evil@x" in refused.text
    added = await client.post("/org/members", data={"email": "coach@example.org", "role": "coach"})
    assert added.status_code == 303
    assert "coach@example.org" in (await client.get("/org/members")).text
    invited = await row("SELECT kind FROM job")
    assert invited == {"kind": "mail.member_invited"}


async def test_a_key_is_shown_once_and_can_be_revoked(
    client: httpx.AsyncClient, world: World, administrator: UUID
) -> None:
    await open_session(client, world, administrator)
    made = await client.post("/org/keys", data={"name": "Borne", "role": "door"})
    found = re.search(r"cvv_[\w-]{22}", made.text)
    assert found is not None
    key = found.group()
    assert key not in (await client.get("/org/keys")).text
    headers = {"authorization": f"Bearer {key}"}
    assert (await client.get("/health/live", headers=headers)).status_code == 200
    stored = await row("SELECT id, key_hash FROM api_key")
    assert stored is not None
    assert stored["key_hash"] != key
    assert (await client.post(f"/org/keys/{stored['id']}/revoke")).status_code == 303
    assert (await client.get("/api/v1/openapi.json", headers=headers)).status_code == 401


async def test_another_bodys_key_cannot_be_revoked(
    client: httpx.AsyncClient, world: World, administrator: UUID
) -> None:
    from events_app.features.accounts.tables import Body

    other = Body(id=world.new_id(), slug="voisins", name="Les voisins", created_at=world.now())
    await other.save()
    await create_api_key(world, SYSTEM, other.id, "la leur", Role.READER)
    theirs = await row("SELECT id FROM api_key")
    assert theirs is not None
    await open_session(client, world, administrator)
    assert (await client.post(f"/org/keys/{theirs['id']}/revoke")).status_code == 404


async def test_the_first_start_prints_one_link_until_it_is_used(
    client: httpx.AsyncClient, database: str, world: World
) -> None:
    body_id = await ensure_first_body(world)
    old = await members.first_administrator_link(world, body_id)
    new = await members.first_administrator_link(world, body_id)
    assert old is not None
    assert old == new, "a second server beside the first prints the same"
    assert (await client.post(new.removeprefix(world.settings.base_url))).status_code == 303
    assert (await client.post(old.removeprefix(world.settings.base_url))).status_code == 410
    assert await members.first_administrator_link(world, body_id) is None
