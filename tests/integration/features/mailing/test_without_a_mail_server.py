"""Where no mail is sent, no page says that one was; a link is shown to whoever may see it, to nobody else."""

import re
from datetime import timedelta
from html import unescape
from uuid import UUID

import httpx
import pytest

from events_app.features.accounts.members import add_member, ensure_account
from events_app.features.accounts.service import ensure_first_body
from events_app.features.accounts.sign_in import make_link
from events_app.features.accounts.tables import Body
from events_app.features.registration.links import invitation_token, manage_url
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.application import visitor
from tests.factories import make_event, make_registration

pytestmark = pytest.mark.usefixtures("database")

# What only a mail that leaves makes true.
PROMISES = re.compile(
    r"y est envoyé|Envoyé\.|un lien vient|boîte aux lettres|nous vous écrivons|nous écrivons|vous recevrez|"
    r"reçoit un courriel|seront? prévenue?s?|par courriel|est en route",
    re.IGNORECASE,
)
ROOM = "/org/events/monkey-time"


@pytest.fixture
async def administrator(client: httpx.AsyncClient, world: World) -> httpx.AsyncClient:
    body = await ensure_first_body(world)
    account = await add_member(
        world, SYSTEM, body, "odile@example.org", "administrator", "Odile", invite=False
    )
    link = await make_link(world, account, timedelta(days=1))
    await client.post(link.removeprefix("http://testserver.local"))
    client.headers["accept-language"] = "fr"
    return client


def said(answer: httpx.Response) -> str:
    """The words of a page's main part."""
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


async def test_an_administrator_hands_over_the_link_of_a_new_member(
    administrator: httpx.AsyncClient, world: World
) -> None:
    form = {"email": "coach@example.org", "role": "coach"}
    added = await administrator.post("/org/members", data=form)
    page = await administrator.get(added.headers["location"])
    found = re.search(r"http://testserver\.local(/sign-in/[\w-]+)", page.text)
    assert found is not None
    assert not PROMISES.search(said(page))
    async with visitor(world) as coach:
        used = await coach.post(found[1])
        assert used.headers["location"] == "/org"
        stranger = await coach.get(added.headers["location"])
        assert "/sign-in/" not in stranger.text


async def test_no_link_of_somebody_who_has_access_elsewhere(
    administrator: httpx.AsyncClient, world: World
) -> None:
    other = Body(id=world.new_id(), slug="autre", name="Autre", created_at=world.now())
    await other.save()
    account = await ensure_account(world, "paul@example.org")
    await add_member(world, SYSTEM, UUID(str(other.id)), "paul@example.org", "administrator", invite=True)
    form = {"email": "paul@example.org", "role": "coach"}
    added = await administrator.post("/org/members", data=form)
    page = await administrator.get(added.headers["location"])
    assert "http://testserver.local/sign-in/" not in page.text
    elsewhere = await ensure_account(world, "tiers@example.org")
    page = await administrator.get(f"/org/members?added={elsewhere}")
    assert "tiers@example.org" not in page.text
    assert account != elsewhere


async def test_a_stranger_is_shown_no_link(
    client: httpx.AsyncClient, administrator: httpx.AsyncClient
) -> None:
    for email in ("odile@example.org", "personne@example.org"):
        answer = await client.post("/sign-in", data={"email": email}, headers={"accept-language": "fr"})
        assert not PROMISES.search(said(answer))
        assert "Aucun courriel" in said(answer)
        assert "/sign-in/" not in answer.text


async def test_the_organiser_passes_invitations_on(administrator: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, visibility="invited")
    sent = await administrator.post(f"{ROOM}/invitations", data={"addresses": "lea@example.org"})
    page = await administrator.get(sent.headers["location"])
    (invited,) = await db.rows("SELECT id FROM invitation")
    assert f"invitation={invitation_token(world, invited['id'])}" in page.text
    assert not PROMISES.search(said(page))
    assert event.slug == "monkey-time"


@pytest.mark.parametrize("fields", [{}, {"capacity": 1}, {"approval": True}])
async def test_pages_for_participants_promise_no_mail(
    administrator: httpx.AsyncClient, world: World, fields: dict[str, object]
) -> None:
    event = await make_event(world, **fields)
    first, second = [await make_registration(world, event) for _ in range(2)]
    paths = ["/events/monkey-time/register", "/sign-in", "/events/monkey-time"]
    paths += [f"/events/monkey-time/registered?as={status}" for status in ("confirmed", "waiting", "pending")]
    for person in (first, second):
        home = manage_url(world, person).removeprefix("http://testserver.local")
        paths += [home, home + "/details", home + "/withdraw", home + "/erase"]
    administrator.cookies.clear()
    for path in paths:
        answer = await administrator.get(path)
        assert answer.status_code == 200, path
        assert not PROMISES.search(said(answer)), (path, said(answer))


async def test_pages_for_organisers_promise_no_mail(administrator: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world)
    registration = await make_registration(world, event)
    person = f"{ROOM}/registrations/{registration.id}"
    written = await administrator.post(f"{person}/mail")
    assert written.status_code == 303
    assert "conservé" in (await administrator.get(written.headers["location"])).text
    rooms = (
        "",
        "/edit",
        "/cancel",
        "/postpone",
        "/registrations/new",
        "/registrations",
        "/invitations",
        "/mail",
    )
    paths = [ROOM + room for room in rooms]
    for path in (*paths, person, f"{person}/cancel", "/org/members", "/org/account"):
        answer = await administrator.get(path)
        assert answer.status_code == 200, path
        assert not PROMISES.search(said(answer)), (path, said(answer))
