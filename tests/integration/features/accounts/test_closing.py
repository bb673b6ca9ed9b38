"""A disabled account is disabled: by every way in, at once; so is one that belongs nowhere any more."""

import asyncio
import re
from pathlib import Path
from uuid import UUID

import httpx
import msgspec
import pytest

from events_app.app import create_app
from events_app.features.accounts import members, sign_in
from events_app.features.accounts.bodies import add_body
from events_app.features.accounts.closing import OwnAccess, disable_account, enable_account
from events_app.features.accounts.job_kinds import SIGN_IN, LinkToSend
from events_app.features.accounts.members import LastAdministrator
from events_app.features.accounts.rules import LINK_LIFE
from events_app.features.accounts.service import create_api_key, ensure_first_body
from events_app.features.admission import devices
from events_app.features.mailing.account_letters import sign_in as sign_in_letter
from events_app.infra.database import rows
from events_app.infra.job_kinds import ClaimedJob, written
from events_app.infra.settings import Secret
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM, Actor, ActorKind, Role
from events_app.kernel.errors import InvalidInput
from tests.factories import make_event
from tests.integration.test_serve import convive

PASSWORD = "trois terrils sous la pluie"


async def member(world: World, email: str, role: str, body_id: UUID | None = None) -> UUID:
    body = body_id or await ensure_first_body(world)
    return await members.add_member(world, SYSTEM, body, email, role, invite=False)


class Ways:
    """All that one person has ever got hold of."""

    def __init__(self, world: World, account: UUID) -> None:
        self.world, self.account = world, account
        transport = httpx.ASGITransport(app=create_app(world))  # type: ignore[arg-type]
        self.browser = httpx.AsyncClient(transport=transport, base_url="http://testserver.local")
        self.phone = httpx.AsyncClient(transport=transport, base_url="http://testserver.local")
        self.stranger = httpx.AsyncClient(transport=transport, base_url="http://testserver.local")

    async def take_all(self) -> None:
        world, base = self.world, self.world.settings.base_url
        link = await sign_in.make_link(world, self.account, LINK_LIFE)
        await self.browser.post(link.removeprefix(base))
        body = await ensure_first_body(world)
        role = (await members.roles_in(body))[self.account]
        actor = Actor(ActorKind.ACCOUNT, id=self.account, name="Odile", roles={body: role})
        await sign_in.set_password(world, actor, PASSWORD)
        await self.browser.post((await sign_in.make_link(world, self.account, LINK_LIFE)).removeprefix(base))
        self.key = await create_api_key(world, actor, body, "portail", Role.READER)
        self.event = await make_event(world)
        _, token = await devices.offer_enrolment(world, actor, self.event, "Nord", "Téléphone")
        await self.phone.post(f"/door/enrol/{token}")
        _, self.enrol_token = await devices.offer_enrolment(world, actor, self.event, "Sud", "Autre")
        self.unused_link = (await sign_in.make_link(world, self.account, LINK_LIFE)).removeprefix(base)

    async def open(self) -> dict[str, bool]:
        """Which of them open something, tried as their holders would; a link in flight is only looked at."""
        email = (
            await rows("SELECT email FROM account WHERE id = {}", self.account) or [{"email": "x@y.fr"}]
        )[0]
        typed = {"email": email["email"], "password": PASSWORD}
        api = f"/api/v1/events/{self.event.slug}/registrations"
        bearer = {"authorization": f"Bearer {self.key}"}
        return {
            "page": (await self.browser.get("/org/account")).status_code == 200,
            "API of the session": (await self.browser.get(api)).status_code == 200,
            "key": (await self.stranger.get(api, headers=bearer)).status_code == 200,
            "door": (await self.phone.get(f"/door/{self.event.slug}")).status_code == 200,
            "link in flight": (await self.stranger.get(self.unused_link)).status_code == 200,
            "password": (await self.stranger.post("/sign-in", data=typed)).status_code == 303,
        }


@pytest.fixture
async def ways(database: str, world: World) -> Ways:
    await member(world, "autre@example.org", "administrator")
    found = Ways(world, await member(world, "odile@example.org", "administrator"))
    await found.take_all()
    assert all((await found.open()).values())
    return found


async def test_a_disabled_account_opens_nothing_by_any_way(ways: Ways, world: World) -> None:
    await disable_account(world, SYSTEM, ways.account)
    assert not any((await ways.open()).values())
    assert (await ways.stranger.post(ways.unused_link)).status_code == 410
    assert (await ways.stranger.post(f"/door/enrol/{ways.enrol_token}")).status_code == 410
    await ways.stranger.post("/sign-in", data={"email": "odile@example.org"})
    assert [job for job in await rows("SELECT kind FROM job") if job["kind"] == "mail.sign_in"] == []


async def test_a_link_that_waits_for_the_mail_server_is_not_written_any_more(
    ways: Ways, world: World
) -> None:
    await sign_in.send_link(world, ways.account, LINK_LIFE, SIGN_IN)
    link = (await rows("SELECT id FROM login_link WHERE account = {}", ways.account))[-1]["id"]
    about = LinkToSend(ways.account, link)
    await disable_account(world, SYSTEM, ways.account)
    job = ClaimedJob(world.new_id(), SIGN_IN.name, written(about), None, 1, world.now())
    assert await sign_in_letter(world, job, about) is None


async def test_enabled_again_all_but_sessions_and_links_works(ways: Ways, world: World) -> None:
    await disable_account(world, SYSTEM, ways.account)
    await enable_account(world, SYSTEM, ways.account)
    assert await ways.open() == {
        "page": False,
        "API of the session": False,
        "key": True,
        "door": True,
        "link in flight": False,
        "password": True,
    }


async def test_who_is_removed_from_the_last_body_is_gone_and_opens_nothing(ways: Ways, world: World) -> None:
    await members.remove_member(world, SYSTEM, await ensure_first_body(world), ways.account)
    assert not any((await ways.open()).values())
    assert [each["email"] for each in await rows("SELECT email FROM account")] == ["autre@example.org"]


async def test_who_is_removed_from_one_of_two_bodies_keeps_the_other_alone(ways: Ways, world: World) -> None:
    other = await add_body(world, SYSTEM, "la Ligue")
    await member(world, "odile@example.org", "organiser", other.id)
    await members.remove_member(world, SYSTEM, await ensure_first_body(world), ways.account)
    found = await ways.open()
    assert found == {
        "page": True,
        "API of the session": False,
        "key": False,
        "door": False,
        "link in flight": True,
        "password": True,
    }


async def test_the_last_administrator_of_a_body_cannot_be_disabled(database: str, world: World) -> None:
    first = await member(world, "odile@example.org", "administrator")
    second = await member(world, "autre@example.org", "administrator")
    await disable_account(world, SYSTEM, second)
    with pytest.raises(LastAdministrator):
        await disable_account(world, SYSTEM, first)
    body = await ensure_first_body(world)
    with pytest.raises(LastAdministrator):  # whoever is disabled administers nothing
        await members.remove_member(world, SYSTEM, body, first)
    with pytest.raises(LastAdministrator):
        await members.add_member(world, SYSTEM, body, "odile@example.org", "organiser", invite=False)
    await enable_account(world, SYSTEM, second)
    await disable_account(world, SYSTEM, first)


async def test_of_two_administrators_disabled_at_once_one_stays(database: str, world: World) -> None:
    accounts = [await member(world, f"{name}@example.org", "administrator") for name in ("a", "b")]
    done = await asyncio.gather(
        *(disable_account(world, SYSTEM, account) for account in accounts), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in done) == ["LastAdministrator", "NoneType"]


async def test_a_disabled_member_is_not_invited_back_by_the_way(database: str, world: World) -> None:
    await member(world, "odile@example.org", "administrator")
    disabled = await member(world, "autre@example.org", "organiser")
    await disable_account(world, SYSTEM, disabled)
    other = await add_body(world, SYSTEM, "la Ligue")
    with pytest.raises(InvalidInput) as refused:
        await member(world, "autre@example.org", "organiser", other.id)
    assert refused.value.errors[0].code == "disabled"


async def test_the_administrator_disables_and_enables_on_a_page(ways: Ways, world: World) -> None:
    colleague = await member(world, "accueil@example.org", "door")
    page = (await ways.browser.get("/org/accesses")).text
    assert "accueil@example.org" in page
    path = f"/org/accesses/{colleague}"
    for deed, disabled in (("disable", True), ("disable", True), ("enable", False), ("enable", False)):
        answer = await ways.browser.post(path, data={"do": deed})
        assert (answer.status_code, answer.headers["location"]) == (303, "/org/accesses")
        found = await rows("SELECT disabled_at FROM account WHERE id = {}", colleague)
        assert (found[0]["disabled_at"] is not None) is disabled
    assert (await ways.browser.post(path, data={"do": "delete"})).status_code == 422
    own = await ways.browser.post(f"/org/accesses/{ways.account}", data={"do": "disable"})
    assert own.status_code == OwnAccess.status
    assert (
        await ways.browser.post(f"/org/accesses/{world.new_id()}", data={"do": "disable"})
    ).status_code == 404


async def test_another_bodys_administrator_sees_no_accesses(database: str, world: World) -> None:
    body = await add_body(world, SYSTEM, "la Ligue")
    await ensure_first_body(world)
    first = await add_body(world, SYSTEM, "la Seconde")
    theirs = Ways(world, await member(world, "odile@example.org", "administrator", first.id))
    link = await sign_in.make_link(world, theirs.account, LINK_LIFE)
    await theirs.browser.post(link.removeprefix(world.settings.base_url))
    assert body.slug == "ligue"
    assert (await theirs.browser.get("/org/accesses")).status_code == 403
    other = await member(world, "autre@example.org", "door", body.id)
    assert (await theirs.browser.post(f"/org/accesses/{other}", data={"do": "disable"})).status_code == 403


def test_the_command_disables_enables_and_lists(tmp_path: Path) -> None:
    def user(*arguments: str) -> tuple[int, str]:
        done = convive(tmp_path, "user", *arguments)
        return done.returncode, (done.stdout + done.stderr).strip()

    for email in ("odile@example.org", "autre@example.org"):
        assert user("add", email, "--role", "administrator")[0] == 0
    assert user("disable", "Autre@Example.org") == (0, "Autre@Example.org is disabled")
    assert user("disable", "odile@example.org")[0] == 1
    assert "last administrator" in user("disable", "odile@example.org")[1]
    assert user("link", "autre@example.org") == (
        1,
        "convive user: autre@example.org is disabled: convive user enable autre@example.org",
    )
    assert "autre@example.org\t\tdisabled\tadministrator of" in user("list")[1]
    assert user("enable", "autre@example.org") == (0, "autre@example.org is enabled")
    assert user("disable", "nobody@example.org") == (1, "convive user: no account for 'nobody@example.org'")


async def test_a_removal_is_asked_first_with_what_ends(ways: Ways, world: World) -> None:
    colleague = await member(world, "accueil@example.org", "door")
    body = (await rows("SELECT slug FROM body"))[0]["slug"]
    english = {"accept-language": "en"}
    asked = await ways.browser.get(f"/org/members/{colleague}/remove?body={body}", headers=english)
    assert "This is the only organisation of accueil@example.org" in asked.text
    other = await add_body(world, SYSTEM, "la Ligue")
    await member(world, "odile@example.org", "organiser", other.id)
    own = await ways.browser.get(f"/org/members/{ways.account}/remove?body={body}", headers=english)
    assert "keeps the accesses to other organisations" in own.text
    assert "1 key that this person made stops" in own.text
    assert len(await rows("SELECT id FROM account")) == 3


async def test_a_member_who_has_never_come_is_seen_and_given_a_new_link(ways: Ways, world: World) -> None:
    colleague = await member(world, "accueil@example.org", "door")
    english = {"accept-language": "en"}
    assert (await ways.browser.get("/org/members", headers=english)).text.count("has never signed in") == 2
    answer = await ways.browser.post(f"/org/members/{colleague}/invite")
    page = await ways.browser.get(answer.headers["location"], headers=english)
    (link,) = re.findall(r"http://testserver\.local(/sign-in/\S+?)<", page.text)
    assert (await ways.stranger.post(link)).status_code == 303
    assert (await ways.browser.get("/org/members", headers=english)).text.count("has never signed in") == 1
    assert (await ways.browser.post(f"/org/members/{colleague}/invite")).status_code == 409


async def test_where_mail_is_sent_the_invitation_is_mailed_again(database: str, world: World) -> None:
    body = await ensure_first_body(world)
    colleague = await member(world, "accueil@example.org", "door")
    sends = World(
        msgspec.structs.replace(world.settings, smtp_url=Secret("smtp://x")), world.clock, world.entropy
    )
    await members.invite_again(sends, SYSTEM, body, colleague)
    assert [job["kind"] for job in await rows("SELECT kind FROM job")] == ["mail.member_invited"]
