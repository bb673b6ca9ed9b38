"""A choice that gets other words keeps its answers; choices with commas stay apart in the export."""

import csv
import io
import re
from html import unescape

import httpx
import msgspec
import pytest

from events_app.features.events.content import EventChanges
from events_app.features.events.model import Question, ShownWhen
from events_app.features.events.queries import event_by_id
from events_app.features.events.renaming import renamed_choices
from events_app.features.events.service import edit_event
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import again, make_event, make_registration


def asked(*choices: str) -> list[Question]:
    return [Question("day", "Jour", "one_choice", choices=list(choices))]


@pytest.mark.parametrize(
    ("before", "after", "renames"),
    [
        ("a b c", "a x c", {"b": "x"}),
        ("a b c", "x y z", {"a": "x", "b": "y", "c": "z"}),
        ("a b c", "c b a", {}),
        ("a b c", "a c", {}),
        ("a b", "a b c", {}),
        ("a b c", "a x", {}),
        ("a b c", "x b", {"a": "x"}),
    ],
)
def test_what_a_rename_is(before: str, after: str, renames: dict[str, str]) -> None:
    found = renamed_choices(asked(*before.split()), asked(*after.split()))
    assert found == ({"day": renames} if renames else {})


async def test_answers_and_conditions_follow(client: httpx.AsyncClient, world: World) -> None:
    questions = [
        Question("size", "Taille", "one_choice", choices=["S", "M"]),
        Question("needs", "Besoins", "several_choices", choices=["rampe, large", "boucle"]),
        Question("why", "Pourquoi", "short_text", shown_when=ShownWhen("size", ["S"])),
    ]
    event = await make_event(world, questions=questions)
    person = await make_registration(
        world, event, answers={"size": "S", "needs": ["rampe, large"], "why": "S"}
    )
    renamed = [
        msgspec.structs.replace(questions[0], choices=["Petite", "M"]),
        msgspec.structs.replace(questions[1], choices=["rampe", "boucle"]),
        questions[2],
    ]
    await edit_event(world, SYSTEM, event.slug, EventChanges(questions=renamed))
    changed = await again(person)
    assert changed.answers == {"size": "Petite", "needs": ["rampe"], "why": "S"}
    assert changed.revision == person.revision + 1
    now = await event_by_id(event.id)
    assert now is not None
    assert now.questions[2].shown_when == ShownWhen("size", ["Petite"])


async def test_several_choices_have_a_column_each(
    client: httpx.AsyncClient, world: World, organiser_key: str
) -> None:
    choices = ["rampe, large", "boucle; magnétique", "rampe"]
    question = Question("needs", "Besoins", "several_choices", choices=choices)
    event = await make_event(world, questions=[question])
    await make_registration(world, event, answers={"needs": ["rampe, large"]})
    answer = await client.get(
        f"/org/events/{event.slug}/registrations.csv", headers={"authorization": f"Bearer {organiser_key}"}
    )
    head, row = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    cells = dict(zip(head, row, strict=True))
    assert [cells[f"Besoins [{choice}]"] for choice in choices] == ["Oui", "", ""]


ASKED = [
    Question("size", "Taille", "one_choice", choices=["S", "M"]),
    Question("why", "Pourquoi", "short_text"),
    Question("bus", "En bus", "yes_no"),
]


@pytest.mark.parametrize(
    ("questions", "lost"),
    [
        ([msgspec.structs.replace(ASKED[0], choices=["Petite", "M"]), *ASKED[1:]], 0),  # renamed
        ([msgspec.structs.replace(ASKED[0], choices=["M", "L"]), *ASKED[1:]], 1),  # S is gone
        ([msgspec.structs.replace(ASKED[0], choices=["S", "L"]), *ASKED[1:]], 0),  # nobody is M
        (ASKED[:1] + ASKED[2:], 2),
        ([ASKED[0], msgspec.structs.replace(ASKED[1], code="reason"), ASKED[2]], 2),
        ([ASKED[2], ASKED[1], ASKED[0]], 0),
    ],
)
async def test_answers_that_would_be_shown_no_more_are_counted(
    client: httpx.AsyncClient, world: World, organiser_key: str, questions: list[Question], lost: int
) -> None:
    event = await make_event(world, questions=ASKED)
    await make_registration(world, event, answers={"size": "S", "why": "x", "bus": True})
    await make_registration(world, event, answers={"why": "y"})
    await make_registration(world, event)
    answer = await client.patch(
        f"/api/v1/events/{event.slug}",
        json=msgspec.to_builtins({"questions": questions}),
        headers={"authorization": f"Bearer {organiser_key}"},
    )
    warnings = [(each["kind"], each["people"]) for each in answer.json()["warnings"]]
    assert warnings == ([("answers-lost", lost)] if lost else [])


async def test_the_form_s_page_asks_before_answers_are_shown_no_more(
    client: httpx.AsyncClient, world: World, organiser_key: str
) -> None:
    client.headers["authorization"] = f"Bearer {organiser_key}"
    event = await make_event(world, questions=ASKED[1:2])
    await make_registration(world, event, answers={"why": "y"})
    path = f"/org/events/{event.slug}/form"
    form = {"revision": str(event.revision), "do": "save"}
    asked_first = await client.post(path, data=form)
    assert asked_first.status_code == 409
    assert "1 personne a répondu à ce qui n’est plus demandé" in unescape(asked_first.text)
    token = re.search(r'name="confirmed" value="([^"]+)"', asked_first.text)
    assert token is not None
    assert (await client.post(path, data=form | {"confirmed": token[1]})).status_code == 303
