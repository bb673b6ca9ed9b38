"""The organiser's pages of registrations, by HTTP and without JavaScript."""

import csv
import io
import re

import httpx
import pytest

from events_app.features.accounts.service import create_api_key
from events_app.features.accounts.tables import Body
from events_app.features.events.model import Question
from events_app.features.events.queries import counts_of_one
from events_app.features.registration import links
from events_app.features.registration.erasure import KEPT_AFTER_EVENT, erase_expired
from events_app.features.registration.invitations import invitations_of
from events_app.features.registration.queries import group_of, registrations_of
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM, Role
from events_app.kernel.clock import FixedClock
from tests.factories import again, make_event, make_registration, make_workshops

HERE = "/org/events/monkey-time/registrations"


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    """Signed in as an organiser of the event's own body."""
    client.headers["authorization"] = f"Bearer {organiser_key}"
    return client


def names(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return re.findall(r'<th scope="row">(?:<label.*?</label>)?<a href="[^"]+">([^<]+)</a>', answer.text)


async def test_the_list_is_searched_and_filtered(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, capacity=1)
    await make_workshops(world, event)
    await make_registration(world, event, given_name="Hélène", family_name="Dœuf", preferences=["mental"])
    await make_registration(world, event, given_name="<b>Tom</b>", family_name="=cmd()")
    everybody = await desk.get(HERE)
    assert names(everybody) == ["Hélène Dœuf", "&lt;b&gt;Tom&lt;/b&gt; =cmd()"]
    assert names(await desk.get(HERE + "?q=doeuf")) == ["Hélène Dœuf"]
    assert names(await desk.get(HERE + "?status=waiting")) == ["&lt;b&gt;Tom&lt;/b&gt; =cmd()"]
    assert names(await desk.get(HERE + "?session=mental")) == ["Hélène Dœuf"]
    assert names(await desk.get(HERE + "?status=x&session=x&after=x")) == names(everybody)
    fragment = await desk.get(HERE + "?q=doeuf", headers={"x-fragment": "1"})
    assert names(fragment) == ["Hélène Dœuf"]
    assert "<html" not in fragment.text


async def test_the_number_of_queries_does_not_grow_with_the_list(
    desk: httpx.AsyncClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = await make_event(world)
    engine = db.engine()
    asked = 0
    run = engine.run_raw

    async def counted(*args: object) -> object:
        nonlocal asked
        asked += 1
        return await run(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "run_raw", counted)
    await desk.get(HERE)  # notes the key's last use
    seen = []
    for _ in range(3):
        await make_registration(world, event)
        asked = 0
        await desk.get(HERE)
        seen.append(asked)
    assert len(set(seen)) == 1


async def test_pages_of_fifty(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, capacity=None)
    for _ in range(51):
        await make_registration(world, event)
    first = await desk.get(HERE)
    assert len(names(first)) == 50
    following = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert following is not None
    assert names(await desk.get(following[1])) == ["Personne Numéro 51"]


async def test_the_export_runs_nothing(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, questions=[Question("needs", "Besoins", "short_text")], max_companions=1)
    await make_workshops(world, event)
    await make_registration(
        world, event, family_name="=cmd()", answers={"needs": "@SUM(1)"}, preferences=["mental"], companions=1
    )
    answer = await desk.get(HERE + ".csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 3
    assert len({len(row) for row in rows}) == 1
    assert "'=cmd()" in rows[1]
    assert "'@SUM(1)" in rows[1]
    assert "Mental" in rows[1]
    assert "Personne =cmd()" in rows[2]


async def test_somebody_is_entered_by_hand(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(
        world,
        registration_closes_at=world.now(),
        questions=[Question("needs", "Besoins", "short_text", required=True)],
    )
    assert (await desk.get(HERE + "/new")).status_code == 200
    person = {"email": "lea@example.org", "given_name": "Léa", "family_name": "Martin", "language": "fr"}
    made = await desk.post(HERE + "/new", data=person)
    assert made.status_code == 303
    assert (await counts_of_one(event.id)).confirmed == 1
    assert "Léa Martin" in (await desk.get(made.headers["location"])).text
    twice = await desk.post(HERE + "/new", data=person)
    assert twice.status_code == 422
    assert 'id="e-email"' in twice.text


async def test_a_person_is_changed_accepted_refused_and_withdrawn(
    desk: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(world, approval=True, capacity=1)
    first, second, third = [await make_registration(world, event) for _ in range(3)]
    assert (await desk.post(f"{HERE}/{first.id}/approve")).status_code == 303
    await desk.post(f"{HERE}/{second.id}/approve")
    assert (await desk.post(f"{HERE}/{second.id}/approve")).status_code == 409
    await desk.post(f"{HERE}/{third.id}/refuse")
    assert [(await again(each)).status for each in (first, second, third)] == [
        "confirmed",
        "waiting",
        "refused",
    ]
    assert (await desk.get(f"{HERE}/{first.id}/cancel")).status_code == 200
    await desk.post(f"{HERE}/{first.id}/cancel")
    assert (await again(second)).status == "confirmed"
    assert (await desk.post(f"{HERE}/{second.id}/mail")).status_code == 303
    assert (await desk.post(f"{HERE}/{second.id}/dance")).status_code == 404
    edited = {"email": "new@example.org", "given_name": "Lia", "family_name": "Bo", "language": "en"}
    assert (await desk.get(f"{HERE}/{second.id}/edit")).status_code == 200
    assert (await desk.post(f"{HERE}/{second.id}/edit", data=edited)).status_code == 303
    assert (await again(second)).email == "new@example.org"
    assert (await desk.post(f"{HERE}/{second.id}/edit", data=edited | {"email": "x"})).status_code == 422


async def test_inviting_a_pasted_list(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, visibility="invited")
    url = "/org/events/monkey-time/invitations"
    refused = await desk.post(url, data={"addresses": "lea@example.org\nnot an address"})
    assert refused.status_code == 422
    assert await invitations_of(event.id) == []
    pasted = "Léa <lea@example.org>; tom@example.org\nTOM@example.org"
    assert (await desk.post(url, data={"addresses": pasted})).status_code == 303
    await desk.post(url, data={"addresses": pasted})
    invited = await invitations_of(event.id)
    assert [each.email for each in invited] == ["lea@example.org", "tom@example.org"]
    jobs = await db.rows("SELECT payload FROM job WHERE kind = 'mail.invitation'")
    assert len(jobs) == 2
    token = links.invitation_token(world, invited[0].id)
    form = await desk.get(f"/events/monkey-time/register?invitation={token}")
    assert 'value="lea@example.org"' in form.text
    person = {"given_name": "Léa", "family_name": "Martin", "invitation": token}
    other = await desk.post("/events/monkey-time/register", data=person | {"email": "x@example.org"})
    assert other.status_code == 422
    made = await desk.post("/events/monkey-time/register", data=person | {"email": "LEA@example.org"})
    assert made.status_code == 303
    await desk.post(f"{url}/{invited[1].id}/delete")
    assert [each.status for each in await invitations_of(event.id)] == ["confirmed"]


async def test_a_raised_capacity_lets_the_waiting_in(desk: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, capacity=1)
    made = [await make_registration(world, event) for _ in range(3)]
    changed = await desk.patch("/api/v1/events/monkey-time", json={"capacity": 2})
    assert changed.status_code == 200
    assert [(await again(each)).status for each in made] == ["confirmed", "confirmed", "waiting"]


async def test_another_body_sees_and_changes_nothing(client: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, max_companions=1)
    made = await make_registration(world, event, companions=1)
    body = Body(id=world.new_id(), slug="other", name="Other", created_at=world.now())
    await body.save()
    key = await create_api_key(world, SYSTEM, body.id, "tests", Role.ORGANISER)
    client.headers["authorization"] = f"Bearer {key}"
    for path in ("", ".csv", "/new", f"/{made.id}", f"/{made.id}/edit", f"/{made.id}/cancel"):
        assert (await client.get(HERE + path)).status_code == 403
    for path in ("/approve", "/cancel", "/erase", "/mail", "/edit"):
        assert (await client.post(f"{HERE}/{made.id}{path}")).status_code == 403
    other = await make_event(world, slug="theirs", body=body.id)
    assert other.body_id == body.id
    assert (await client.get(f"/org/events/theirs/registrations/{made.id}")).status_code == 404
    assert [member.status for member in await group_of(made.id)] == ["confirmed", "confirmed"]


async def test_people_of_long_ago_are_erased(database: str, world: World) -> None:
    event = await make_event(world, capacity=None)
    made = [await make_registration(world, event) for _ in range(3)]
    assert isinstance(world.clock, FixedClock)
    world.clock.instant = event.ends_at + KEPT_AFTER_EVENT
    assert await erase_expired(world) == 0
    world.clock.instant = event.ends_at + KEPT_AFTER_EVENT * 1.01
    assert await erase_expired(world) == 3
    assert await erase_expired(world) == 0
    erased = await registrations_of(event.id)
    assert {(each.name, each.email, each.status) for each in erased} == {("", "", "confirmed")}
    assert len({each.id for each in erased} & {each.id for each in made}) == 3
