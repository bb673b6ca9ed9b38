"""A workshop that finds too few people: the organiser confirms it, and everybody is told the reason."""

from datetime import timedelta
from uuid import UUID

import httpx
import msgspec
import pytest

from events_app.app import JOB_HANDLERS, introduce_features
from events_app.features.accounts import members, sign_in
from events_app.features.accounts.rules import LINK_LIFE
from events_app.features.events.model import EventRecord, SessionRecord
from events_app.features.events.queries import sessions_of
from events_app.features.registration.model import RegistrationRecord
from events_app.features.workshops.hand import WantedPlace, adjust
from events_app.features.workshops.model import RunRequest
from events_app.features.workshops.publication import publish
from events_app.features.workshops.queries import places_of, runs_of
from events_app.features.workshops.service import propose
from events_app.infra import database as db
from events_app.infra import jobs
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import make_event, make_registration, make_session
from tests.integration.features.mailing.test_letters import parsed
from tests.integration.features.workshops.test_pages import arrived

HERE = "/org/events/monkey-time/placement"


class Scene(msgspec.Struct):
    event: EventRecord
    small: list[RegistrationRecord]  # they want the small workshop first, then the large one


async def scene_of(world: World) -> Scene:
    """A workshop of at least four that four people want first, and a large one that everybody wants."""
    introduce_features()
    event = await make_event(world, preferences_count=2, preferences_least=1)
    await make_session(world, event, "petit", title="Petit comité", capacity_min=4, capacity_max=10)
    await make_session(world, event, "grand", title="Grand groupe", capacity_min=None, capacity_max=30)
    small = [await make_registration(world, event, preferences=["petit", "grand"]) for _ in range(4)]
    for _ in range(8):
        await make_registration(world, event, preferences=["grand"], accepts_any=False)
    return Scene(event, small)


async def session_named(scene: Scene, code: str) -> SessionRecord:
    return next(session for session in await sessions_of(scene.event.id) if session.code == code)


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers.update({"authorization": f"Bearer {organiser_key}", "accept-language": "en"})
    return client


async def text_of(desk: httpx.AsyncClient, address: str) -> str:
    answer = await desk.get(address, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return answer.text


def link_of(world: World, person: RegistrationRecord) -> str:
    return f"/me/{world.derived_token('manage', f'{person.id}:{person.token_generation}')}?lang=en"


async def closed_proposal(desk: httpx.AsyncClient, scene: Scene) -> str:
    """Somebody is moved out of the small workshop and the placement computed again."""
    first = await desk.post(HERE, data={"objective": "guarantee", "seed": "4"})
    run = await arrived(desk, first.headers["location"])
    move = {"registration": str(scene.small[0].id), "slot": "ateliers", "session": "grand"}
    assert (await desk.post(f"{run}/move", data=move)).status_code == 303
    again = await desk.post(f"{run}/again")
    assert again.status_code == 303
    return await arrived(desk, again.headers["location"])


async def test_a_closing_is_seen_and_confirmed_before_it_is_true(
    desk: httpx.AsyncClient, world: World
) -> None:
    scene = await scene_of(world)
    run = await closed_proposal(desk, scene)
    proposal = await text_of(desk, run)
    assert "“Petit comité” would not take place: fewer than 4 people could come." in proposal
    assert "4 people wished for it, 4 of them first." in proposal
    asked = await text_of(desk, f"{run}/publish")
    assert "“Petit comité” does not take place (minimum 4). 4 people wished for it, 4 of them first." in asked
    refused = await desk.post(f"{run}/publish")
    assert refused.status_code == 409
    assert "Please confirm below" in refused.text
    assert (await session_named(scene, "petit")).takes_place
    done = await desk.post(f"{run}/publish", data={"closed": "petit"})
    assert done.status_code == 303
    assert not (await session_named(scene, "petit")).takes_place
    assert "Petit comité" in await text_of(desk, f"{run}")
    assert (await session_named(scene, "grand")).takes_place


async def test_the_public_the_feed_and_programs_learn_of_it(desk: httpx.AsyncClient, world: World) -> None:
    scene = await scene_of(world)
    page, feed = "/events/monkey-time?lang=en", "/events/monkey-time/calendar.ics"
    assert "<s>Petit comité</s>" not in await text_of(desk, page)
    await text_of(desk, feed)
    run = await propose(world, SYSTEM, scene.event, RunRequest(seed=1))
    await adjust(world, SYSTEM, run.id, [WantedPlace(p.id, "grand") for p in scene.small])
    answer = (await desk.get(f"/api/v1/assignments/{run.id}")).json()
    assert answer["closed"] == ["petit"]
    await desk.post(f"/api/v1/assignments/{run.id}/publish")
    shown = await text_of(desk, page)
    assert "<s>Petit comité</s>" in shown
    assert "Does not take place" in shown
    entry = next(part for part in (await text_of(desk, feed)).split("BEGIN:VEVENT") if "Petit comité" in part)
    assert "STATUS:CANCELLED" in entry
    assert "SUMMARY:ANNULÉ : Petit comité" in entry
    assert "SEQUENCE:1" in entry
    sessions = (await desk.get("/api/v1/events/monkey-time/sessions")).json()["items"]
    assert {each["code"]: each["takes_place"] for each in sessions} == {"petit": False, "grand": True}
    assert (
        sessions[1]["calendar"]["status"] == "CANCELLED" or sessions[0]["calendar"]["status"] == "CANCELLED"
    )
    assert (await desk.get(f"/api/v1/assignments/{run.id}")).json()["closed"] == ["petit"]


async def test_coach_and_people_read_the_true_reason(desk: httpx.AsyncClient, world: World) -> None:
    scene = await scene_of(world)
    coach = await members.add_member(
        world, SYSTEM, scene.event.body_id, "coach@example.org", "coach", "Inès Coach", invite=False
    )
    await db.execute("UPDATE session SET coach_account_id = {} WHERE code = 'petit'", coach)
    run = await closed_proposal(desk, scene)
    await desk.post(f"{run}/publish", data={"closed": "petit"})
    reason = "“Petit comité” does not take place: fewer than 4 people could come."
    mine = await text_of(desk, link_of(world, scene.small[0]))
    assert reason in mine
    assert "is full." not in mine
    assert "Petit comité" not in await text_of(desk, f"{HERE}/lists")
    sheet = await text_of(desk, "/org/events/monkey-time/sessions/petit/people")
    assert "This workshop does not take place: fewer than 4 people could come." in sheet


async def test_who_has_no_place_reads_why_for_each_wish(desk: httpx.AsyncClient, world: World) -> None:
    scene = await scene_of(world)
    only = await make_registration(world, scene.event, preferences=["petit"])
    run = await propose(world, SYSTEM, scene.event, RunRequest(seed=1))
    moves = [WantedPlace(p.id, "grand") for p in scene.small]
    await adjust(world, SYSTEM, run.id, [*moves, WantedPlace(only.id, None)])
    await publish(world, SYSTEM, run.id)
    mine = await text_of(desk, link_of(world, only))
    assert "No place in a workshop." in mine
    assert "“Petit comité” does not take place: fewer than 4 people could come." in mine
    silent = await make_registration(world, scene.event)
    assert "none was asked for" in await text_of(desk, link_of(world, silent))


async def test_nobody_is_seated_late_in_a_closed_workshop_and_a_later_placement_opens_it(
    desk: httpx.AsyncClient, world: World
) -> None:
    scene = await scene_of(world)
    run = await closed_proposal(desk, scene)
    await desk.post(f"{run}/publish", data={"closed": "petit"})
    late = await make_registration(world, scene.event, preferences=["petit", "grand"])
    assert [place.session.code for place in await places_of(late.id)] == ["grand"]
    again = await propose(world, SYSTEM, scene.event, RunRequest(seed=1))
    shown = await text_of(desk, f"{HERE}/{again.id}/publish")
    assert "“Petit comité” takes place again." in shown
    await publish(world, SYSTEM, again.id)
    assert (await session_named(scene, "petit")).takes_place
    assert "<s>" not in await text_of(desk, "/events/monkey-time?lang=en")


async def test_moving_somebody_into_a_closed_workshop_opens_it(desk: httpx.AsyncClient, world: World) -> None:
    scene = await scene_of(world)
    run = await closed_proposal(desk, scene)
    await desk.post(f"{run}/publish", data={"closed": "petit"})
    run_id = UUID(run.rpartition("/")[2])
    await adjust(world, SYSTEM, run_id, [WantedPlace(scene.small[1].id, "petit")])
    assert (await session_named(scene, "petit")).takes_place
    assert len(await runs_of(scene.event.id)) == 2


async def plain_mails(world: World, kind: str) -> dict[str, str]:
    """What is written of this kind, by recipient, once changes have been gathered and the night is over."""
    world.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
    await jobs.run_due(world, JOB_HANDLERS)
    found = await db.rows("SELECT recipient, content FROM mail WHERE kind = {} AND status = 'kept'", kind)
    return {mail["recipient"]: text_in(mail["content"]) for mail in found}


def text_in(content: bytes) -> str:
    part = parsed(content).get_body(("plain",))
    return " ".join(part.get_content().replace("\u202f", " ").replace("\xa0", " ").split())


async def test_people_and_coach_are_told_by_mail_with_the_true_reason(
    desk: httpx.AsyncClient, world: World
) -> None:
    scene = await scene_of(world)
    coach = await members.add_member(
        world, SYSTEM, scene.event.body_id, "coach@example.org", "coach", "Inès Coach", invite=False
    )
    await db.execute("UPDATE session SET coach_account_id = {} WHERE code = 'petit'", coach)
    only = await make_registration(world, scene.event, preferences=["petit"], accepts_any=False)
    await plain_mails(world, "mail.confirmation")  # those are written first
    run = await propose(world, SYSTEM, scene.event, RunRequest(seed=1))
    moves = [WantedPlace(person.id, "grand") for person in scene.small]
    await adjust(world, SYSTEM, run.id, [*moves, WantedPlace(only.id, None)])
    await publish(world, SYSTEM, run.id)
    reason = "« Petit comité » n’a pas lieu : moins de 4 personnes pouvaient y venir."
    placed = await plain_mails(world, "mail.placed")
    assert {who for who, text in placed.items() if reason in text} == {p.email for p in scene.small}
    closed = await plain_mails(world, "mail.workshop_closed")
    assert closed.keys() == {only.email}
    assert reason in closed[only.email]
    assert "Vous n’avez pas de place dans un atelier pour le moment." in closed[only.email]
    led = await plain_mails(world, "mail.coached_closed")
    assert led.keys() == {"coach@example.org"}
    assert reason in led["coach@example.org"]


async def test_nobody_is_told_of_a_closing_that_no_longer_holds(world: World, database: str) -> None:
    scene = await scene_of(world)
    only = await make_registration(world, scene.event, preferences=["petit"], accepts_any=False)
    run = await propose(world, SYSTEM, scene.event, RunRequest(seed=1))
    await adjust(
        world,
        SYSTEM,
        run.id,
        [*(WantedPlace(p.id, "grand") for p in scene.small), WantedPlace(only.id, None)],
    )
    await publish(world, SYSTEM, run.id)
    await db.execute("UPDATE session SET closed_at = NULL WHERE code = 'petit'")
    assert await plain_mails(world, "mail.workshop_closed") == {}


async def test_a_program_that_names_closings_must_name_them_all(
    desk: httpx.AsyncClient, world: World
) -> None:
    scene = await scene_of(world)
    run = await propose(world, SYSTEM, scene.event, RunRequest(seed=1))
    await adjust(world, SYSTEM, run.id, [WantedPlace(p.id, "grand") for p in scene.small])
    address = f"/api/v1/assignments/{run.id}/publish"
    refused = await desk.post(address, json={"closings": []})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/closings-unconfirmed")
    assert "“Petit comité” would not take place" in refused.json()["detail"]
    assert (await session_named(scene, "petit")).takes_place
    assert (await desk.post(address, json={"closings": ["petit"]})).status_code == 200
    assert not (await session_named(scene, "petit")).takes_place


async def test_the_coach_reads_it_on_the_own_page(client: httpx.AsyncClient, world: World) -> None:
    scene = await scene_of(world)
    coach = await members.add_member(
        world, SYSTEM, scene.event.body_id, "coach@example.org", "coach", "Inès Coach", invite=False
    )
    await db.execute("UPDATE session SET coach_account_id = {} WHERE code = 'petit'", coach)
    link = await sign_in.make_link(world, coach, LINK_LIFE)
    await client.post(link.removeprefix(world.settings.base_url))
    client.headers["accept-language"] = "en"
    assert "does not take place" not in await text_of(client, "/org/coach")
    run = await propose(world, SYSTEM, scene.event, RunRequest(seed=1))
    await adjust(world, SYSTEM, run.id, [WantedPlace(p.id, "grand") for p in scene.small])
    await publish(world, SYSTEM, run.id)
    shown = await text_of(client, "/org/coach")
    assert "Your workshop does not take place: fewer than 4 people could come." in shown
    assert "Nobody has a place here yet." not in shown
