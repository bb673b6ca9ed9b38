"""What is said around registering is true for a new person and for somebody who is registered already."""

from html import unescape

import httpx

from events_app.features.registration.links import invitation_token
from events_app.features.registration.tables import Invitation
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.ids import token_hash
from tests.factories import make_event, make_registration


async def mails(event_id: object) -> list[str]:
    found = await db.rows("SELECT kind FROM job WHERE event_id = {}", event_id)
    return sorted(each["kind"] for each in found if each["kind"].startswith("mail."))


async def test_the_page_after_the_form_is_true_for_both_of_a_couple(
    client: httpx.AsyncClient, world: World
) -> None:
    await make_event(world)
    pages = []
    for name in ("Anne", "Paul"):
        form = {"email": "ensemble@example.org", "given_name": name, "family_name": "Petit"}
        sent = await client.post("/events/monkey-time/register", data=form)
        pages.append((await client.get(sent.headers["location"])).text.replace(name, "NAME"))
    assert pages[0] == pages[1]
    assert "Si cette adresse était déjà inscrite, rien n’a changé" in pages[0]
    assert "Votre inscription est notée" not in pages[0]


async def test_an_event_by_invitation_has_no_button_that_leads_nowhere(
    client: httpx.AsyncClient, world: World
) -> None:
    for capacity in (40, 1):
        event = await make_event(
            world, visibility="invited", slug=f"sur-invitation-{capacity}", capacity=capacity
        )
        if capacity == 1:
            await make_registration(world, event)
        page = (await client.get(f"/events/{event.slug}")).text
        assert f'href="/events/{event.slug}/register"' not in page
        assert f'href="/events/{event.slug}/invitation"' in page


async def test_an_invitation_is_sent_again_to_the_invited_alone(
    client: httpx.AsyncClient, world: World
) -> None:
    event = await make_event(world, visibility="invited")
    for email in ("invitee@example.org", "inscrite@example.org"):
        key = world.new_id()
        await Invitation(
            id=key,
            event=event.id,
            email=email,
            email_folded=email,
            token_hash=token_hash(invitation_token(world, key)),
            created_at=world.now(),
        ).save()
    await make_registration(world, event, email="inscrite@example.org")
    path = f"/events/{event.slug}/invitation"
    assert (await client.get(path)).status_code == 200
    answers = []
    for name in ("inconnue", "INVITEE", "inscrite", "invitee"):
        answer = await client.post(path, data={"email": f"{name}@example.org"})
        assert answer.status_code == 200
        answers.append(answer.text)
    assert len(set(answers)) == 1
    assert await mails(event.id) == ["mail.already_registered", "mail.confirmation", "mail.invitation"]
    assert (await client.post(path, data={"email": "personne"})).status_code == 422
    public = await make_event(world)
    assert (await client.get(f"/events/{public.slug}/invitation")).status_code == 404


async def test_the_page_after_the_form_says_what_was_typed_and_of_this_event_only(
    client: httpx.AsyncClient, world: World
) -> None:
    await make_event(world, title="Monkey Time", max_companions=1)
    await make_event(world, slug="autre", title="Un autre")
    form = {
        "email": "Anne <b>@example.org",
        "given_name": "Anne",
        "family_name": "<b>Petit</b>",
        "companions": "1",
        "companions.0.given_name": "Jo",
        "companions.0.family_name": "Lis",
    }
    assert (await client.post("/events/monkey-time/register", data=form)).status_code == 422
    sent = await client.post("/events/monkey-time/register", data=form | {"email": " anne@example.org"})
    shown = (await client.get(sent.headers["location"])).text
    assert "Monkey Time</h1>" in shown
    assert "Anne &lt;b&gt;Petit&lt;/b&gt;, Jo Lis" in shown
    assert "<strong>anne@example.org</strong>" in shown
    other = (await client.get("/events/autre/registered?as=confirmed")).text
    assert "anne@example.org" not in other
    for forged in ("", "%C3%A9", "!!!!", "bnVsbA==", "e30=", "A" * 5_000):
        client.cookies.set("convive_typed", forged)
        assert (await client.get("/events/monkey-time/registered")).status_code == 200


async def test_where_the_organiser_wants_it_the_ticket_is_there_at_once(
    client: httpx.AsyncClient, world: World
) -> None:
    await make_event(world, ticket_at_once=True, capacity=1)
    form = {"email": "anne@example.org", "given_name": "Anne", "family_name": "Petit"}
    first = await client.post("/events/monkey-time/register", data=form)
    assert first.headers["location"].startswith("/me/")
    shown = await client.get(first.headers["location"])
    assert "Code du billet" in shown.text
    again = await client.post("/events/monkey-time/register", data=form)
    assert again.headers["location"].startswith("/events/monkey-time/registered")
    program = await client.post("/api/v1/events/monkey-time/registrations", json=form | {"email": "b@x.fr"})
    assert program.status_code == 201
    assert "manage_url" not in program.json() or program.json()["manage_url"] is None


async def test_a_group_that_does_not_fit_reads_that_and_nothing_else(
    client: httpx.AsyncClient, world: World
) -> None:
    """Somebody alone still gets the last place: not all places are taken."""
    event = await make_event(world, capacity=2, max_companions=2, waiting_list=False)
    await make_registration(world, event)
    two = {"companions": "1", "companions.0.given_name": "Tom", "companions.0.family_name": "Bo"}
    typed = {"email": "nina@example.org", "given_name": "Nina", "family_name": "Bo", "language": "fr"}
    path = f"/events/{event.slug}/register"
    refused = await client.post(path, data=typed | two, headers={"accept-language": "fr"})
    assert refused.status_code == 409
    assert "pas assez de places libres pour vous tous" in unescape(refused.text)
    assert 'value="nina@example.org"' in refused.text
    assert "ou vous attendez" not in unescape(refused.text)
    alone = await client.post(path, data=typed | {"companions": "0"}, headers={"accept-language": "fr"})
    assert alone.status_code == 303
    full = await client.post(path, data=typed | two | {"email": "zoe@example.org"})
    assert "Toutes les places sont prises" in unescape(full.text) or "All places are taken" in full.text
