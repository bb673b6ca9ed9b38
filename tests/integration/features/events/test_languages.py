"""Who wishes neither French nor English reads an event in its own language; other texts are marked."""

import httpx
import pytest

from events_app.features.registration import links
from events_app.infra.world import World
from tests.factories import make_event, make_registration


@pytest.mark.parametrize(
    ("accept", "language"),
    [("de-DE,de;q=0.9", "en"), ("fr,de", "fr"), ("de,en;q=0.5", "en"), (None, "en"), ("*", "en")],
)
async def test_the_language_of_the_page(
    client: httpx.AsyncClient, world: World, accept: str | None, language: str
) -> None:
    event = await make_event(world, language="en", title="World Forum", summary="Three days")
    person = await make_registration(world, event, language="en")
    headers = {"accept-language": accept} if accept else {}
    home = f"/me/{links.manage_token(world, person.id)}"
    for path in (f"/events/{event.slug}", f"/events/{event.slug}/register", home):
        for _ in range(2):
            page = (await client.get(path, headers=headers)).text
            assert f'<html lang="{language}"' in page, path
    marked = '<h1 lang="en">World Forum</h1>' if language == "fr" else "<h1>World Forum</h1>"
    assert marked in (await client.get(f"/events/{event.slug}", headers=headers)).text
    agenda = (await client.get("/", headers=headers)).text
    agenda_language = "fr" if accept in ("de-DE,de;q=0.9", None, "*", "fr,de") else "en"
    assert f'<html lang="{agenda_language}"' in agenda
    assert (f'href="/events/{event.slug}" lang="en"' in agenda) == (agenda_language == "fr")


async def test_errors_are_said_in_the_language_of_the_page(client: httpx.AsyncClient, world: World) -> None:
    event = await make_event(world, language="en")
    answer = await client.post(
        f"/events/{event.slug}/register", data={"email": "x"}, headers={"accept-language": "de"}
    )
    assert "Please enter a name." in answer.text
    asked = await client.get(f"/events/{event.slug}?lang=fr", headers={"accept-language": "de"})
    assert '<html lang="fr"' in asked.text
