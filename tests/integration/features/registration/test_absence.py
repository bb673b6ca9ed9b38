"""Answers that mean absence take no place; answers meant for the coach reach the coach."""

import httpx

from events_app.features.events.formats import FORMATS
from events_app.features.events.model import EventRecord, Question
from events_app.features.events.queries import counts_of_one
from events_app.features.registration import links, withdrawal
from events_app.features.registration.queries import registrations_of
from events_app.infra import database as db
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import again, make_event, make_registration

PRESENCE = Question(
    "presence",
    "Serez-vous présent ?",
    "one_choice",
    required=True,
    choices=["Oui", "Non, je donne pouvoir"],
    absence=["Non, je donne pouvoir"],
)
FORM = {"email": "elue@example.org", "given_name": "Anne", "family_name": "Petit", "language": "fr"}


async def committee(world: World) -> EventRecord:
    return await make_event(world, capacity=1, questions=[PRESENCE])


async def mails(event: EventRecord) -> list[str]:
    found = await db.rows("SELECT kind FROM job WHERE event_id = {}", event.id)
    return sorted(each["kind"] for each in found if each["kind"].startswith("mail."))


async def test_whoever_gives_a_proxy_takes_no_place(client: httpx.AsyncClient, world: World) -> None:
    event = await committee(world)
    sent = await client.post(
        "/events/monkey-time/register", data=FORM | {"answers.presence": "Non, je donne pouvoir"}
    )
    assert sent.headers["location"].endswith("/registered?as=cancelled")
    assert "aucune place ne vous est gardée" in (await client.get(sent.headers["location"])).text
    assert (await counts_of_one(event.id)).confirmed == 0
    assert await mails(event) == ["mail.excused"]
    [person] = await registrations_of(event.id)
    assert person.answers == {"presence": "Non, je donne pouvoir"}
    page = await client.get(links.manage_url(world, person), headers={"accept-language": "fr"})
    assert "Vous avez répondu que vous ne venez pas" in page.text
    assert "Votre inscription est annulée" not in page.text
    changed_mind = await client.post("/events/monkey-time/register", data=FORM | {"answers.presence": "Oui"})
    assert changed_mind.headers["location"].endswith("/registered?as=confirmed")
    assert (await counts_of_one(event.id)).confirmed == 1
    late = await client.post(
        "/events/monkey-time/register",
        data=FORM | {"email": "autre@example.org", "answers.presence": "Non, je donne pouvoir"},
    )
    assert late.headers["location"].endswith("/registered?as=cancelled")


async def test_changing_the_answer_gives_the_place_back(client: httpx.AsyncClient, world: World) -> None:
    event = await committee(world)
    first = await make_registration(world, event, answers={"presence": "Oui"})
    second = await make_registration(world, event, answers={"presence": "Oui"})
    home = f"/me/{links.manage_token(world, first.id)}"
    form = FORM | {"email": first.email, "answers.presence": "Non, je donne pouvoir"}
    assert (await client.post(home + "/details", data=form)).status_code == 303
    assert (await again(first)).status == "cancelled"
    assert (await again(second)).status == "confirmed"


def test_formats_promise_what_holds() -> None:
    for template in FORMATS.values():
        for question in template.questions:
            assert "coach" not in question.help or question.for_coach
    presence = next(each for each in FORMATS["committee"].questions if each.code == "presence")
    assert presence.absence == ["Non, je donne pouvoir"]


async def test_whoever_is_excused_is_not_called_withdrawn(client: httpx.AsyncClient, world: World) -> None:
    event = await committee(world)
    excused = await make_registration(world, event, answers={"presence": "Non, je donne pouvoir"})
    gone = await make_registration(world, event, answers={"presence": "Oui"})
    await withdrawal.cancel(world, SYSTEM, gone.id)
    for person, word, other in ((excused, "Excusé", "Annulée"), (gone, "Annulée", "Excusé")):
        page = (await client.get(f"/me/{links.manage_token(world, person.id)}")).text
        assert word in page
        assert other not in page
