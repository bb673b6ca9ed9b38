"""The ticket of an event that is postponed or cancelled says so, on every form of it."""

import io

import httpx
import pypdf
import pytest

from events_app.features.admission.tickets import ticket_code_of, ticket_path
from events_app.features.events.service import cancel_event, postpone_event
from events_app.features.registration.links import manage_url
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import make_event, make_registration

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize(
    ("deed", "said", "mark"), [(postpone_event, "reporté", "REPORTÉ"), (cancel_event, "annulé", "ANNULÉ")]
)
async def test_ticket_and_personal_page(
    client: httpx.AsyncClient, organiser_key: str, world: World, deed: object, said: str, mark: str
) -> None:
    event = await make_event(world)
    registration = await make_registration(world, event)
    await deed(world, SYSTEM, event.slug, "Travaux dans la salle")  # type: ignore[operator]
    code = await ticket_code_of(world, event, registration)
    french = {"accept-language": "fr"}
    page = (await client.get(manage_url(world, registration), headers=french)).text
    assert f"Cet événement est {said}" in page
    assert "<del" in page[: page.index("10 avril 2018") + 100]
    assert "Vous avez une place" not in page
    assert ticket_path(code, ".svg") not in page
    ticket = (await client.get(ticket_path(code), headers=french)).text
    assert f"Cet événement est {said}" in ticket
    assert "<del>mardi 10 avril 2018" in ticket
    picture = (await client.get(ticket_path(code, ".svg"))).text
    assert mark in picture
    paper = pypdf.PdfReader(io.BytesIO((await client.get(ticket_path(code, ".pdf"))).content))
    text = " ".join(paper.pages[0].extract_text().split())
    assert mark in text
    assert f"Cet événement est {said}" in text
    assert "Présentez ce code" not in text
    key = {"authorization": f"Bearer {organiser_key}"}
    answer = (await client.get(f"/api/v1/registrations/{registration.id}", headers=key)).json()
    assert (answer["status"], answer["event_status"]) == (
        "confirmed",
        "postponed" if said == "reporté" else "cancelled",
    )
