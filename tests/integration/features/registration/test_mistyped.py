"""A mistyped address is put right on the page after the form, and nobody learns who is registered."""

import re
from datetime import timedelta

import httpx
import pytest

from events_app.features.registration import links
from events_app.features.registration.model import RegistrationRecord
from events_app.features.registration.queries import group_of, registrations_of
from events_app.infra import database as db
from events_app.infra.world import World
from tests.factories import again, make_event, make_registration

FORM = {
    "email": "anne@exemple.org",
    "given_name": "Anne",
    "family_name": "Petit",
    "companions": "1",
    "companions.0.given_name": "Jo",
    "companions.0.family_name": "Lis",
}
PAGE = "/events/monkey-time/registered"


async def register(client: httpx.AsyncClient, **fields: str) -> httpx.Response:
    return await client.post("/events/monkey-time/register", data=FORM | fields)


async def correct(client: httpx.AsyncClient, email: str) -> httpx.Response:
    return await client.post(PAGE, data={"email": email})


async def mails(registration: RegistrationRecord) -> list[str]:
    found = await db.rows("SELECT kind, payload FROM job ORDER BY id")
    return [each["kind"] for each in found if str(registration.id) in str(each["payload"])]


async def test_the_place_stays_and_what_was_sent_stops_working(
    client: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(world, capacity=2, max_companions=1)
    await register(client)
    await make_registration(world, event, email="derriere@example.org")  # who waits behind
    lead, *_ = await registrations_of(event.id, q="Petit")
    assert "Ce n’est pas la bonne adresse" in (await client.get(PAGE)).text
    for email in ("anne@example.org", "anne.petit@example.org"):  # also a second time
        done = await correct(client, email)
        assert (done.status_code, done.headers["location"]) == (303, f"{PAGE}?as=confirmed")
        assert f"<strong>{email}</strong>" in (await client.get(PAGE)).text
    after = await again(lead)
    assert (after.email, after.status, after.arrival) == ("anne.petit@example.org", "confirmed", lead.arrival)
    assert [each.name for each in await group_of(lead.id)] == ["Anne Petit", "Jo Lis"]
    assert (await client.get(links.manage_path(world, lead))).status_code in (404, 410)
    assert (await client.get(links.manage_path(world, after))).status_code == 200
    assert len(await registrations_of(event.id)) == 3


async def test_whoever_corrects_is_told_the_same_whoever_is_registered(
    client: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(world, max_companions=1)
    known = await make_registration(world, event, email="connue@example.org")
    also = await make_registration(world, event, email="aussi@example.org")
    pages = []
    for first, second in (
        ("connue@example.org", "un@example.org"),  # nothing was made: the form counts as sent anew
        ("neuve@example.org", "aussi@example.org"),  # what was made goes, and the other hears of it
        ("neuve2@example.org", "deux@example.org"),
        ("connue@example.org", "aussi@example.org"),
    ):
        client.cookies.clear()
        await register(client, email=first)
        done = await correct(client, second)
        assert (done.status_code, done.headers["location"]) == (303, f"{PAGE}?as=confirmed")
        pages.append(re.sub(re.escape(second), "-", (await client.get(PAGE)).text))
    assert len(set(pages)) == 1
    registered = {each.email: each.status.value for each in await registrations_of(event.id) if each.leads}
    assert registered == {
        "connue@example.org": "confirmed",
        "aussi@example.org": "confirmed",
        "un@example.org": "confirmed",
        "neuve@example.org": "cancelled",
        "deux@example.org": "confirmed",
    }
    assert (await again(known)).revision == known.revision
    assert "mail.already_registered" in await mails(also)


@pytest.mark.parametrize("wrong", ["", "anne", "anne@", "a@b@c.fr", "x" * 400 + "@example.org"])
async def test_what_is_no_address_is_said_beside_the_field(
    client: httpx.AsyncClient, world: World, wrong: str
) -> None:
    event = await make_event(world, max_companions=1)
    await register(client)
    answer = await correct(client, wrong)
    assert answer.status_code == 422
    assert 'id="e-email"' in answer.text
    assert 'details class="disclosure" open' in answer.text
    assert {each.email for each in await registrations_of(event.id) if each.leads} == {"anne@exemple.org"}


async def test_only_the_browser_that_sent_the_form_corrects_and_for_a_quarter_of_an_hour(
    client: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(world, max_companions=1)
    await make_event(world, slug="autre")
    await register(client)
    typed = client.cookies["convive_typed"]
    assert (await client.post("/events/autre/registered", data={"email": "b@example.org"})).status_code == 410
    content, signature = typed.split(".")
    for forged in ("", content, f"{content}.", f"{content[:-4]}AAAA.{signature}", f".{signature}", "é.é"):
        client.cookies.clear()
        answer = await client.post(
            PAGE, data={"email": "b@example.org"}, headers={"cookie": f"convive_typed={forged}".encode()}
        )
        assert answer.status_code == 410
        assert "trop tard" in answer.text
    client.cookies.set("convive_typed", typed)
    world.clock.advance(timedelta(minutes=16))  # type: ignore[attr-defined]
    assert (await correct(client, "b@example.org")).status_code == 410
    assert {each.email for each in await registrations_of(event.id) if each.leads} == {"anne@exemple.org"}


async def test_nothing_is_put_right_once_registration_is_over_nor_where_the_address_was_invited(
    client: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(world, max_companions=1)
    await register(client)
    await db.execute("UPDATE event SET status = 'cancelled' WHERE id = {}", event.id)
    assert (await correct(client, "b@example.org")).status_code == 409
    await db.execute("UPDATE event SET status = 'published' WHERE id = {}", event.id)
    client.cookies.clear()
    await register(client, email="invitee@example.org", invitation="x")
    assert "Utiliser cette adresse" not in (await client.get(PAGE)).text


async def test_nobody_is_written_to_again_and_again_by_corrections(
    client: httpx.AsyncClient, world: World
) -> None:
    """There and back writes to both each time; whoever is known is refused like anybody."""
    event = await make_event(world, max_companions=1)
    await make_registration(world, event, email="connue@example.org")
    for first in ("anne@exemple.org", "connue@example.org"):
        await register(client, email=first)
        answers = [
            (await correct(client, email)).status_code
            for _ in range(6)
            for email in (f"autre-{first}", first)
        ]
        assert answers.index(429) == 6
        assert set(answers[6:]) == {429}


async def test_nobody_is_written_to_again_and_again_by_a_person_who_asks_for_another_address(
    client: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(world)
    person = await make_registration(world, event)
    page = f"{links.manage_path(world, person)}/details"
    fields = {"given_name": "Anne", "family_name": "Petit", "email": "victime@example.org"}
    assert (await client.post(page, data=fields | {"language": "xx"})).status_code == 422
    assert await db.rows("SELECT id FROM job WHERE kind = 'mail.address_to_confirm'") == []
    fields["language"] = "fr"
    answers = [(await client.post(page, data=fields)).status_code for _ in range(10)]
    assert answers == [303] * 5 + [429] * 5
    assert len(await db.rows("SELECT id FROM job WHERE kind = 'mail.address_to_confirm'")) <= 6
