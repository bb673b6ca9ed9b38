"""The figures of a period: one's own exactly, those of others without small groups."""

from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from events_app.features.accounts.bodies import add_body
from events_app.features.admission.period import Asked, Group, period, shown
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM, Actor, ActorKind, Role
from events_app.kernel.errors import InvalidInput
from tests.factories import make_event, make_registration

YEAR = Asked(date(2018, 1, 1), date(2018, 12, 31))


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers.update({"authorization": f"Bearer {organiser_key}", "accept-language": "en"})
    return client


async def asked(desk: httpx.AsyncClient, **query: str) -> dict[str, Any]:
    answer = await desk.get("/api/v1/statistics", params={"from": "2018-01-01", "to": "2018-12-31"} | query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_events_of_the_period_are_added_up(desk: httpx.AsyncClient, world: World) -> None:
    spring = await make_event(world)
    summer = await make_event(world, slug="ete", starts_at=datetime(2018, 7, 1, 8, tzinfo=UTC), format="free")
    later = await make_event(world, slug="apres", starts_at=datetime(2019, 1, 1, 8, tzinfo=UTC))
    await make_event(world, slug="brouillon", status="draft")
    for event in (spring, summer, later):
        await make_registration(world, event, commune="Lens", organisation="ACME", profile="student")
    await make_registration(world, summer, commune="Liévin")

    found = await asked(desk)

    assert [each["slug"] for each in found["events"]] == [spring.slug, "ete"]
    assert (found["registered"], found["present"], found["hidden"]) == (3, 0, False)
    assert [(each["name"], each["registered"]) for each in found["by_commune"]] == [
        ("Lens", 2),
        ("Liévin", 1),
    ]
    assert [(each["name"], each["registered"]) for each in found["by_profile"]] == [("student", 2)]
    only = await asked(desk, format="free", to="2018-07-01")
    assert [each["slug"] for each in only["events"]] == ["ete"]
    page = await desk.get("/org/statistics", params={"from": "2018-01-01", "to": "2018-12-31"})
    assert "Liévin" in page.text
    assert "The communes of the territory" in page.text


async def test_small_groups_of_other_bodies_stand_together(database: str, world: World) -> None:
    own = await make_event(world)
    other = await add_body(world, SYSTEM, "la Ligue")
    event = await make_event(world, slug="ligue", body=other.id)
    for commune in ["Lens"] * 5 + ["Liévin"] * 2 + ["Hersin"]:
        await make_registration(world, event, commune=commune)
    administrator = Actor(ActorKind.ACCOUNT, id=world.new_id(), roles={own.body_id: Role.ADMINISTRATOR})

    found = await period(administrator, Asked(YEAR.first, YEAR.last, other.slug))

    assert found.hidden
    assert [(each.name, each.registered) for each in found.by_commune] == [("Lens", 5), ("", 3)]
    stranger = Actor(ActorKind.ACCOUNT, id=world.new_id(), roles={other.id: Role.ORGANISER})
    with pytest.raises(InvalidInput):
        await period(stranger, Asked(YEAR.first, YEAR.last, own.body_slug))


def test_what_is_not_said_and_small_numbers_are_hidden() -> None:
    groups = [Group("A", 9, 3), Group("", 20, 20), Group("B", 4, 4)]

    assert shown(groups, hidden=False)[0] == Group("", 20, 20)
    assert shown(groups, hidden=True) == [Group("A", 9, None), Group("", 24, 24)]


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2019-01-01"},
        {"from": "demain"},
        {"to": "9999-01-01"},
        {"body": "inconnu"},
        {"from": "1800-01-01"},
    ],
)
async def test_days_that_are_none_are_refused(desk: httpx.AsyncClient, query: dict[str, str]) -> None:
    days = {"from": "2018-01-01", "to": "2018-12-31"} | query

    assert (await desk.get("/api/v1/statistics", params=days)).status_code in (400, 422)
    assert (await desk.get("/org/statistics", params=days)).status_code == 422


async def test_bodies_are_made_and_renamed_by_whoever_looks_after_the_site(
    client: httpx.AsyncClient, organiser_key: str
) -> None:
    headers = {"authorization": f"Bearer {organiser_key}"}
    refused = await client.post("/api/v1/bodies", json={"name": "Ligue"}, headers=headers)
    listed = (await client.get("/api/v1/bodies", headers=headers)).json()["items"]
    one = await client.get(f"/api/v1/bodies/{listed[0]['slug']}", headers=headers)

    assert refused.status_code == 403
    assert one.json() == listed[0]
    assert (await client.get("/api/v1/bodies/inconnue", headers=headers)).status_code == 404
