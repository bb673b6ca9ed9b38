"""Afterwards: ticks, contacts that pass, the report. Nobody reads what one person alone says."""

from datetime import timedelta
from itertools import combinations
from random import Random
from typing import Any
from uuid import UUID

import httpx
import pytest
from msgspec.structs import replace

from events_app.app import JOB_HANDLERS as APPLICATION
from events_app.features.mailing.contact_letters import contacts as contacts_letter
from events_app.features.networking import contacts
from events_app.features.networking.job_kinds import CONTACTS
from events_app.features.networking.jobs import HANDLERS
from events_app.features.networking.queries import networking_session
from events_app.features.registration import erasure, links, withdrawal
from events_app.features.registration.access import participant
from events_app.features.registration.model import RegistrationRecord
from events_app.infra import database as db
from events_app.infra.job_kinds import ClaimedJob
from events_app.infra.jobs import run_due
from events_app.infra.settings import Secret
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import mail_job
from tests.integration.features.networking.test_live import PAGE, ROOM, announce, evening, tap


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers.update({"authorization": f"Bearer {organiser_key}", "accept-language": "en"})
    return client


async def together(desk: httpx.AsyncClient, world: World, people: int = 4) -> list[RegistrationRecord]:
    """All at one table, in one round that is announced."""
    _, registered = await evening(desk, world, "networking", people)
    settings = {"rounds": 1, "minutes": 10, "tables": 1}
    await desk.put(ROOM, json=settings)
    plan = (await desk.post(f"{ROOM}/proposals", json={})).json()
    await desk.post(f"/api/v1/plans/{plan['id']}/publish")
    await announce(desk)
    return registered


async def say(
    desk: httpx.AsyncClient, who: RegistrationRecord, *others: RegistrationRecord
) -> httpx.Response:
    body = {"with": [str(other.id) for other in others]}
    return await desk.put(f"/api/v1/registrations/{who.id}/again", json=body)


async def seen_by(world: World, person: RegistrationRecord) -> set[UUID]:
    found = await db.row("SELECT session FROM seating_plan WHERE status = 'published'")
    assert found is not None
    return {each.registration_id for each in await contacts.contacts_of(found["session"], person.id)}


async def test_contacts_pass_where_both_said_so_and_only_to_them(
    desk: httpx.AsyncClient, world: World
) -> None:
    a, b, c, _ = await together(desk, world)
    assert (await say(desk, a, b, c)).status_code == 204
    assert (await say(desk, b, a)).status_code == 204
    assert (await desk.get(f"{ROOM}/mutual")).json()["pairs"] == []
    for person in (a, b, c):
        page = (await desk.get(links.manage_url(world, person))).text
        assert not [other for other in (a, b, c) if other.id != person.id and other.email in page]

    passed = (await desk.post(f"{ROOM}/release")).json()

    assert passed["pairs"] == [{"a": str(min(a.id, b.id)), "b": str(max(a.id, b.id))}]
    assert await seen_by(world, a) == {b.id}
    assert await seen_by(world, b) == {a.id}
    assert await seen_by(world, c) == set()
    assert b.email in (await desk.get(links.manage_url(world, a))).text
    assert a.email not in (await desk.get(links.manage_url(world, c))).text
    letters = await db.rows("SELECT payload FROM job WHERE kind = 'mail.contacts'")
    assert len(letters) == 2
    assert (await say(desk, c, a)).json()["type"] == "/problems/contacts-passed"
    assert (await desk.post(f"{ROOM}/release")).json()["pairs"] == passed["pairs"]
    assert await db.row("SELECT count(*) AS n FROM job WHERE kind = 'mail.contacts'") == {"n": 2}


async def test_the_mail_names_the_contact_and_is_not_kept(desk: httpx.AsyncClient, world: World) -> None:
    a, b, *_ = await together(desk, world)
    await say(desk, a, b)
    await say(desk, b, a)
    await desk.post(f"{ROOM}/release")
    session = await db.row("SELECT session AS id FROM seating_plan WHERE status = 'published'")
    assert session is not None
    asked = mail_job(world, CONTACTS, a, session_id=session["id"])

    letter = await contacts_letter(world, *asked)

    assert letter is not None
    assert letter.to.address == a.email
    assert [each.email for each in letter.facts["contacts"]] == [b.email]
    assert letter.secret_link
    await erasure.erase(world, SYSTEM, b.id)
    assert await contacts_letter(world, *asked) is None
    assert await seen_by(world, a) == set()


async def test_what_is_said_can_be_taken_back_until_then(desk: httpx.AsyncClient, world: World) -> None:
    a, b, *_ = await together(desk, world)
    await say(desk, a, b)
    await say(desk, b, a)
    link = links.manage_url(world, a)
    assert f'value="{b.id}" checked' in (await desk.get(link)).text

    taken_back = await desk.post(f"{link}/again/soir", data={})

    assert taken_back.status_code == 303
    assert (await desk.post(f"{ROOM}/release")).json()["pairs"] == []


async def test_only_those_who_have_met_can_be_named(desk: httpx.AsyncClient, world: World) -> None:
    _, people = await evening(desk, world, "networking")
    early = await say(desk, people[0], people[1])
    assert early.status_code == 422
    shown = await announce(desk)
    mine = next(
        [p["id"] for p in table["people"]]
        for table in shown["rounds"][0]["tables"]
        if str(people[0].id) in [p["id"] for p in table["people"]]
    )
    partner = next(person for person in people[1:] if str(person.id) in mine)
    stranger = next(person for person in people if str(person.id) not in mine)

    assert (await say(desk, people[0], partner)).status_code == 204
    refused = await say(desk, people[0], partner, stranger)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/with/1"


async def test_a_participant_speaks_for_nobody_else(desk: httpx.AsyncClient, world: World) -> None:
    a, b, *_ = await together(desk, world)
    secret = links.manage_url(world, a).rpartition("/")[2]
    desk.headers["authorization"] = f"Bearer {secret}"

    assert (await say(desk, a, b)).status_code == 204
    assert (await say(desk, b, a)).status_code in (403, 404)
    assert (await desk.get(f"{ROOM}/mutual")).status_code in (401, 403)


async def test_contacts_pass_by_themselves_a_day_after_the_session(
    desk: httpx.AsyncClient, world: World
) -> None:
    a, b, *_ = await together(desk, world)
    await say(desk, a, b)
    await say(desk, b, a)
    due = await db.row("SELECT kind, payload, run_at FROM job WHERE kind = 'networking.release' LIMIT 1")
    session = await db.row("SELECT id, event, ends_at FROM session WHERE code = 'soir'")
    assert due is not None
    assert session is not None
    assert due["run_at"] == session["ends_at"] + timedelta(days=1)

    (release,) = HANDLERS
    job = ClaimedJob(world.new_id(), release.kind.name, due["payload"], session["event"], 1, world.now())

    later = session["ends_at"] + timedelta(days=30)
    await db.execute("UPDATE session SET ends_at = {} WHERE id = {}", later, session["id"])
    await release.handler(world, job)  # the session was moved: it asks again later
    assert await seen_by(world, a) == set()
    ended = world.now() - timedelta(days=2)
    await db.execute("UPDATE session SET ends_at = {} WHERE id = {}", ended, session["id"])
    await release.handler(world, job)
    await release.handler(world, job)
    assert await seen_by(world, a) == {b.id}


@pytest.mark.parametrize("seed", range(6))
async def test_no_order_of_ticks_and_withdrawals_leaks_a_contact(
    desk: httpx.AsyncClient, world: World, seed: int
) -> None:
    people = await together(desk, world, 5)
    rng = Random(seed)  # noqa: S311 - the same story for the same seed
    said: dict[UUID, set[UUID]] = {person.id: set() for person in people}
    here = {person.id for person in people}
    expected: set[frozenset[UUID]] = set()
    passed = False
    event = await db.row("SELECT id FROM event")
    assert event is not None
    for _ in range(25):
        person = rng.choice(people)
        deed = rng.choices(["say", "withdraw", "release"], weights=[12, 1, 1])[0]
        if deed == "withdraw" and len(here) > 2:
            await withdrawal.cancel(world, SYSTEM, person.id)
            here.discard(person.id)
        elif deed == "say" and person.id in here and not passed:
            others = [each.id for each in people if each.id != person.id and each.id in here]
            chosen = rng.sample(others, rng.randint(0, len(others)))
            await contacts.say_again(world, participant(person.id), person.id, "soir", chosen)
            said[person.id] = set(chosen)
        elif deed == "release" and not passed:
            await desk.post(f"{ROOM}/release")
            passed = True
            expected = {
                frozenset((one, other))
                for one, other in combinations(here, 2)
                if other in said[one] and one in said[other]
            }
        for each in people:
            wanted = {next(iter(pair - {each.id})) for pair in expected if each.id in pair}
            assert await seen_by(world, each) == wanted


async def test_the_report_counts_what_was_held(desk: httpx.AsyncClient, world: World) -> None:
    _, people = await evening(desk, world, "networking")
    empty = (await desk.get(f"{ROOM}/report")).json()
    assert (empty["held"], empty["people"]) == (0, 0)
    await tap(desk, people[0], "absent")
    for _ in range(3):
        await announce(desk)

    report: dict[str, Any] = (await desk.get(f"{ROOM}/report")).json()

    assert report["people"] == report["met_two"] == 11
    assert 0 < report["held"] < report["planned"]
    page = (await desk.get(f"{PAGE}/report")).text
    assert f"{report['held']} of {report['planned']} planned" in page


async def test_interest_of_speed_dating_is_said_of_those_who_met(
    desk: httpx.AsyncClient, world: World
) -> None:
    event, people = await evening(desk, world, "speed_dating", 6)
    for _ in range(3):
        await announce(desk)
    session = await networking_session(event, "soir")
    candidate = people[3]
    shown = await contacts.afterwards(world, session, candidate.id)
    assert shown is not None
    assert {each.registration_id for each in shown.met} <= {person.id for person in people[:3]}

    post = next(person for person in people[:3] if person.id == shown.met[0].registration_id)
    await say(desk, candidate, post)
    await say(desk, post, candidate)
    await desk.post(f"{ROOM}/release")

    assert await seen_by(world, candidate) == {post.id}
    assert post.email in (await desk.get(links.manage_url(world, candidate))).text


async def test_a_contact_that_waits_for_its_server_goes_with_whose_it_was(
    desk: httpx.AsyncClient, world: World
) -> None:
    a, b, *_ = await together(desk, world)
    await say(desk, a, b)
    await say(desk, b, a)
    await desk.post(f"{ROOM}/release")
    settings = replace(world.settings, smtp_url=Secret("smtp://127.0.0.1:1"))
    await run_due(replace(world, settings=settings), APPLICATION)
    held = "SELECT content FROM mail WHERE kind = 'mail.contacts' AND registration_id = {}"
    (waits,) = await db.rows(held, a.id)
    assert len(waits["content"]) > 0
    await erasure.erase(world, SYSTEM, b.id)
    assert [len(each["content"]) for each in await db.rows(held, a.id)] == [0]
