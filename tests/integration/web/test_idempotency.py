"""One `Idempotency-Key` at the same moment: one deed, one answer."""

import asyncio

import httpx
import pytest

from events_app.infra.database import row
from events_app.infra.world import World
from tests.factories import make_event

PERSON = {"email": "nour@example.org", "given_name": "Nour", "family_name": "Delattre"}
EVENT = {
    "slug": "une-fois",
    "title": "Monkey Time",
    "starts_at": "2018-04-10T14:00:00+02:00",
    "ends_at": "2018-04-10T16:00:00+02:00",
}


@pytest.mark.parametrize(
    ("path", "body", "table"),
    [
        ("/api/v1/events", EVENT, "event WHERE slug = 'une-fois'"),
        ("/api/v1/events/monkey-time/registrations", PERSON, "registration"),
    ],
)
async def test_eight_at_once_are_one(
    client: httpx.AsyncClient, world: World, organiser_key: str, path: str, body: dict[str, str], table: str
) -> None:
    await make_event(world)
    headers = {"authorization": f"Bearer {organiser_key}", "idempotency-key": "la-meme"}
    answers = await asyncio.gather(*[client.post(path, json=body, headers=headers) for _ in range(8)])
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    found = await row(f"SELECT count(*) AS n FROM {table}")
    assert found is not None
    assert found["n"] == 1


async def test_of_two_bodies_at_once_one_is_refused(
    client: httpx.AsyncClient, world: World, organiser_key: str
) -> None:
    await make_event(world)
    headers = {"authorization": f"Bearer {organiser_key}", "idempotency-key": "la-meme"}
    answers = await asyncio.gather(
        *[
            client.post(
                "/api/v1/events/monkey-time/registrations",
                json=PERSON | {"email": f"personne{number}@example.org"},
                headers=headers,
            )
            for number in range(2)
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [201, 422]
    found = await row("SELECT count(*) AS n FROM registration")
    assert found is not None
    assert found["n"] == 1
