"""Speed-dating from its sides to the meetings that each person, the door and the papers say."""

import re
from collections import Counter
from datetime import timedelta
from io import BytesIO
from typing import Any

import httpx
import pytest
from pypdf import PdfReader

from events_app.features.admission.schemas import ScanRequest
from events_app.features.admission.service import record_scan
from events_app.features.admission.tickets import ticket_code_of
from events_app.features.events.model import EventRecord, Question, ShownWhen
from events_app.features.registration import links, withdrawal
from events_app.features.registration.model import RegistrationRecord
from events_app.infra.world import World
from events_app.kernel.actor import SYSTEM
from tests.factories import make_event, make_registration, make_session

ROOM = "/api/v1/events/monkey-time/sessions/entretiens/room"
PAGE = "/org/events/monkey-time/networking/entretiens"
COMES, RECEIVES = "Candidat", "Structure qui recrute"
QUESTIONS = [
    Question(code="cote", label="Vous êtes", kind="one_choice", choices=[COMES, RECEIVES], required=True),
    Question(code="postes", label="Postes", kind="long_text", shown_when=ShownWhen("cote", [RECEIVES])),
    Question(code="conflits", label="Pas avec", kind="short_text"),
]
SETTINGS = {
    "rounds": 4,
    "minutes": 10,
    "pause_minutes": 2,
    "breaks": [{"after": 2, "minutes": 15}],
    "sides": {"question": "cote", "a": [COMES], "b": [RECEIVES]},
    "shown": ["postes"],
}


@pytest.fixture
def desk(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers.update({"authorization": f"Bearer {organiser_key}", "accept-language": "en"})
    return client


class Forum:
    def __init__(self, event: EventRecord) -> None:
        self.event = event
        self.candidates: list[RegistrationRecord] = []
        self.posts: list[RegistrationRecord] = []


async def forum(world: World, candidates: int = 6, structures: tuple[str, ...] = ("A", "B", "B")) -> Forum:
    made = Forum(await make_event(world, questions=QUESTIONS))
    await make_session(
        world,
        made.event,
        "entretiens",
        title="Entretiens",
        kind="speed_dating",
        slot="",
        capacity_min=None,
        capacity_max=None,
    )
    for name in structures:
        answers = {"cote": RECEIVES, "postes": f"Poste chez {name}"}
        made.posts.append(await make_registration(world, made.event, organisation=name, answers=answers))
    for number in range(candidates):
        answers = {"cote": COMES, "conflits": "Secret"}
        made.candidates.append(
            await make_registration(
                world, made.event, family_name=f"Numéro{number:02}", answers=answers, organisation=""
            )
        )
    return made


async def proposed(desk: httpx.AsyncClient, **wanted: Any) -> dict[str, Any]:
    answer = await desk.post(f"{ROOM}/proposals", json={"seed": 3} | wanted)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def pairs(plan: dict[str, Any]) -> set[tuple[int, str, str, str]]:
    return {(e["number"], p["a"], p["b"], p["table"]) for e in plan["rounds"] for p in e["pairs"]}


async def test_sides_and_rounds_are_proposed_before_anything_is_set(
    desk: httpx.AsyncClient, world: World
) -> None:
    await forum(world)

    settings = (await desk.get(ROOM)).json()["settings"]

    assert settings["sides"] == {"question": "cote", "a": [COMES], "b": [RECEIVES]}
    assert settings["shown"] == ["postes"]
    assert (await desk.post(f"{ROOM}/proposals", json={})).status_code == 201


async def test_each_candidate_meets_each_structure_once_and_all_as_often_within_one(
    desk: httpx.AsyncClient, world: World
) -> None:
    made = await forum(world, candidates=7)
    assert (await desk.put(ROOM, json=SETTINGS)).status_code == 200

    plan = await proposed(desk)

    name = {str(post.id): post.organisation for post in made.posts}
    met = Counter((a, name[b]) for _, a, b, _ in pairs(plan))
    counts = Counter(a for a, _ in met)
    assert set(met.values()) == {1}
    assert max(counts.values()) - min(counts.values()) <= 1
    for each in plan["rounds"]:
        people = [p for pair in each["pairs"] for p in (pair["a"], pair["b"])]
        assert len(people) == len(set(people))
    assert plan["quality"]["distinct"] == plan["quality"]["possible"] == sum(met.values())
    starts = [each["starts_at"] for each in plan["rounds"]]
    assert starts[2] == "2018-04-10T12:37:00Z"  # the break stands in place of the pause


async def test_own_employers_conflicts_and_those_who_say_no_stay_apart(
    desk: httpx.AsyncClient, world: World
) -> None:
    made = await forum(world, candidates=3, structures=("A", "B", "C", "D"))
    employed = await make_registration(world, made.event, organisation="a", answers={"cote": COMES})
    first, second, _ = made.candidates
    a, b, c, d = (str(post.id) for post in made.posts)
    rules = [{"kind": "apart", "registrations": [b, str(first.id)]}]
    await desk.put(ROOM, json=SETTINGS | {"rules": rules})
    for speaker, about, value in (
        (str(second.id), c, "no"),
        (d, str(second.id), "no"),
        (a, str(first.id), "must"),
    ):
        said = {"wishes": [{"registration": about, "value": value}]}
        answer = await desk.put(f"/api/v1/registrations/{speaker}/meeting-wishes/entretiens", json=said)
        assert answer.status_code == 204, answer.text

    plan = await proposed(desk)

    met = {(person, host) for _, person, host, _ in pairs(plan)}
    assert not met & {(str(employed.id), a), (str(first.id), b), (str(second.id), c), (str(second.id), d)}
    assert (str(first.id), a) in met
    assert (plan["quality"]["wishes"], plan["quality"]["wishes_missed"]) == (1, 0)


async def test_availability_and_rooms_are_kept(desk: httpx.AsyncClient, world: World) -> None:
    made = await forum(world)
    late, early = str(made.candidates[0].id), str(made.posts[0].id)
    attendance = [
        {"registration": late, "first": 3, "last": 4},
        {"registration": early, "first": 1, "last": 2},
    ]
    await desk.put(ROOM, json=SETTINGS | {"attendance": attendance, "rooms": 2})

    plan = await proposed(desk)

    assert {number for number, person, _, _ in pairs(plan) if person == late} <= {3, 4}
    assert {number for number, _, host, _ in pairs(plan) if host == early} <= {1, 2}
    assert all(len(each["pairs"]) <= 2 for each in plan["rounds"])


async def test_a_published_plan_is_said_alike_everywhere(desk: httpx.AsyncClient, world: World) -> None:
    made = await forum(world)
    await desk.put(ROOM, json=SETTINGS)
    plan = await proposed(desk)
    assert (await desk.post(f"/api/v1/plans/{plan['id']}/publish")).status_code == 200

    person, name = made.candidates[0], {str(post.id): post for post in made.posts}
    own = sorted((n, host, table) for n, who, host, table in pairs(plan) if who == str(person.id))
    mine = (await desk.get(links.manage_url(world, person))).text
    for _, host, table in own:
        assert f"Table {table}, {name[host].organisation}" in mine
    post = made.posts[0]
    theirs = (await desk.get(links.manage_url(world, post))).text
    for _, who, host, _ in pairs(plan):
        if host == str(post.id):
            assert next(c.name for c in made.candidates if str(c.id) == who) in theirs

    code = await ticket_code_of(world, made.event, person)
    number, _, table = own[-1]
    starts = {each["number"]: each["starts_at"] for each in plan["rounds"]}
    moment = made.event.starts_at + timedelta(minutes=0)
    assert starts[1] == moment.isoformat().replace("+00:00", "Z")
    last = ScanRequest(
        scan_id="un",
        ticket_code=code,
        gate="Nord",
        scanned_at=made.event.starts_at + timedelta(minutes=10 * number + 2 * (number - 1) + 13),
    )
    answer = await record_scan(world, SYSTEM, made.event, last)
    assert answer.registration is not None
    assert [place.table for place in answer.registration.places] == [int(table)]

    for kind in ("cards", "tables", "wall"):
        pdf = await desk.get(f"/api/v1/plans/{plan['id']}/{kind}.pdf")
        text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf.content)).pages)
        assert all(each.family_name in text for each in made.candidates), kind


async def test_wishes_are_said_without_names_and_close_with_the_publication(
    desk: httpx.AsyncClient, world: World
) -> None:
    made = await forum(world, candidates=2)
    await desk.put(ROOM, json=SETTINGS)
    candidate, post = made.candidates[0], made.posts[0]

    theirs = f"{links.manage_url(world, post)}/meetings/entretiens"
    shown = (await desk.get(theirs)).text
    assert "Candidate 1" in shown
    assert candidate.family_name not in shown
    assert "Secret" not in shown
    own = f"{links.manage_url(world, candidate)}/meetings/entretiens"
    seen = (await desk.get(own)).text
    assert "Poste chez A" in seen
    assert seen.count("<fieldset") == 2  # structures, not people
    said = await desk.post(own, data={f"wish_{post.id}": "must"})
    assert said.status_code == 303
    assert "You have said 1 wish." in (await desk.get(links.manage_url(world, candidate))).text
    assert (await desk.post(own, data={f"wish_{post.id}": "always"})).status_code == 422

    plan = await proposed(desk)
    await desk.post(f"/api/v1/plans/{plan['id']}/publish")
    assert (await desk.post(own, data={f"wish_{post.id}": "no"})).status_code == 409
    assert (await desk.get(own)).status_code == 409


async def test_a_locked_meeting_stays_in_the_next_proposal(desk: httpx.AsyncClient, world: World) -> None:
    await forum(world)
    await desk.put(ROOM, json=SETTINGS)
    plan = await proposed(desk)
    number, person, host, _ = sorted(pairs(plan))[0]
    locks = [{"registration": person, "round": number}]
    locked = await desk.patch(f"/api/v1/plans/{plan['id']}", json={"locks": locks})
    assert locked.json()["locks"] == locks

    for seed in range(4):
        again = await proposed(desk, seed=seed, keep=plan["id"])
        assert (number, person, host) in {pair[:3] for pair in pairs(again)}
        assert again["locks"] == locks


async def test_moves_that_cannot_be_are_named(desk: httpx.AsyncClient, world: World) -> None:
    made = await forum(world)
    await desk.put(ROOM, json=SETTINGS)
    plan = await proposed(desk)
    address = f"/api/v1/plans/{plan['id']}"
    met = {(number, person): table for number, person, _, table in pairs(plan)}
    (_, person), table = next(item for item in met.items() if item[0][0] == 1)
    other, theirs = next((p, t) for (n, p), t in met.items() if n == 1 and p != person)

    crowded = {"registration": person, "round": 1, "table": int(theirs)}
    post = {"registration": str(made.posts[0].id), "round": 1, "table": 2}
    for move, field in ((crowded, "table"), (post, "registration")):
        refused = await desk.patch(address, json={"moves": [move]})
        assert refused.status_code == 422
        assert [error["pointer"] for error in refused.json()["errors"]] == [f"/moves/0/{field}"]

    exchanged = [crowded, {"registration": other, "round": 1, "table": int(table)}]
    done = await desk.patch(address, json={"moves": exchanged})
    now = {(number, who): where for number, who, _, where in pairs(done.json())}
    assert now == met | {(1, person): theirs, (1, other): table}
    gone = await desk.patch(address, json={"moves": [{"registration": person, "round": 1, "table": None}]})
    assert (1, person) not in {(number, who) for number, who, _, _ in pairs(gone.json())}


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"sides": None}, "/sides"),
        ({"sides": {"question": "autre", "a": [COMES], "b": [RECEIVES]}}, "/sides/question"),
        ({"sides": {"question": "cote", "a": [COMES], "b": [COMES]}}, "/sides/b/0"),
        ({"sides": {"question": "cote", "a": ["Autre"], "b": [RECEIVES]}}, "/sides/a/0"),
        ({"breaks": [{"after": 4, "minutes": 15}]}, "/breaks/0/after"),
        ({"rooms": 0}, "/rooms"),
        ({"rounds": 0}, "/rounds"),
        ({"shown": ["inconnue"]}, "/shown/0"),
    ],
)
async def test_settings_that_cannot_be_held_are_named(
    desk: httpx.AsyncClient, world: World, changed: dict[str, Any], pointer: str
) -> None:
    await forum(world, candidates=1)

    refused = await desk.put(ROOM, json=SETTINGS | changed)

    assert refused.status_code == 422
    assert pointer in [error["pointer"] for error in refused.json()["errors"]]


async def test_a_person_on_both_sides_and_an_empty_side_are_said(
    desk: httpx.AsyncClient, world: World
) -> None:
    several = [Question(code="roles", label="Vous venez", kind="several_choices", choices=[COMES, RECEIVES])]
    event = await make_event(world, questions=several)
    await make_session(
        world, event, "entretiens", kind="speed_dating", slot="", capacity_min=None, capacity_max=None
    )
    both = await make_registration(world, event, answers={"roles": [COMES, RECEIVES]})
    await make_registration(world, event, answers={"roles": [COMES]})
    sides = {"question": "roles", "a": [COMES], "b": [RECEIVES]}
    await desk.put(ROOM, json=SETTINGS | {"sides": sides, "shown": []})

    empty = await desk.post(f"{ROOM}/proposals", json={})
    await make_registration(world, event, answers={"roles": [RECEIVES]})
    refused = await desk.post(f"{ROOM}/proposals", json={})

    assert empty.json()["type"] == "/problems/one-side-empty"
    assert refused.json()["type"] == "/problems/on-both-sides"
    assert both.name in refused.json()["detail"]
    assert both.name in (await desk.get(PAGE)).text


async def test_whoever_withdraws_leaves_the_plan_and_other_tables_keep_their_names(
    desk: httpx.AsyncClient, world: World
) -> None:
    made = await forum(world, structures=("A", "B", "C"))
    await desk.put(ROOM, json=SETTINGS)
    plan = await proposed(desk)
    await withdrawal.cancel(world, SYSTEM, made.posts[0].id)

    shown = await desk.get(f"/api/v1/plans/{plan['id']}")
    page = await desk.get(f"{PAGE}/plans/{plan['id']}")

    left = {pair for pair in pairs(plan) if pair[2] != str(made.posts[0].id)}
    assert pairs(shown.json()) == left
    assert "nobody receives" in page.text
    assert page.text.index("nobody receives") < page.text.index(">Table 2</span> B")


async def test_an_organiser_goes_from_the_sides_to_publication(desk: httpx.AsyncClient, world: World) -> None:
    made = await forum(world)
    page = (await desk.get(PAGE)).text
    assert "6 candidates" in page
    assert "2 structures" in page
    values = {
        "by": "cote",
        "side_0": "a",
        "side_1": "b",
        "rounds": "4",
        "minutes": "10",
        "pause_minutes": "2",
        "deed": "propose",
    }

    proposal = await desk.post(PAGE, data=values)
    assert proposal.status_code == 303, proposal.text
    plan = proposal.headers["location"]
    shown = (await desk.get(plan)).text
    assert "Each candidate has 1 to 2 meetings. 10 meetings of the 10" in shown  # A has one table only
    person = made.candidates[0].id
    offered = await desk.get(f"{plan}/move?registration={person}&round_number=1")
    other = re.findall(r'<option value="([1-9]\d*)"', offered.text)[0]  # not where the person sits already
    effect = await desk.get(f"{plan}/move?registration={person}&round_number=1&table={other}")
    assert "Before and after" in effect.text
    moved = await desk.post(
        f"{plan}/move", data={"registration": str(person), "round_number": "1", "table": other}
    )
    assert moved.status_code == 303
    undone = await desk.get(moved.headers["location"])
    assert "is moved in round 1" in undone.text
    assert (await desk.post(f"{plan}/publish")).status_code == 303
    assert "A plan is published." in (await desk.get(PAGE)).text

    bad = await desk.post(PAGE, data=values | {"side_1": "", "break_after": "2"})
    assert bad.status_code == 422
    assert "Please say who comes and who receives." in bad.text
    assert "how long the break is" in bad.text


async def test_sides_are_given_name_by_name(desk: httpx.AsyncClient, world: World) -> None:
    made = await forum(world, candidates=2, structures=("A",))
    shown = (await desk.get(f"{PAGE}?by=names")).text
    assert made.candidates[0].name in shown
    values = {"by": "names", "rounds": "1", "minutes": "10", "pause_minutes": "2", "deed": "save"}

    saved = await desk.post(PAGE, data=values | {"side_0": "b", "side_1": "a"})

    assert saved.status_code == 303, saved.text
    sides = (await desk.get(ROOM)).json()["settings"]["sides"]
    assert sides == {"question": None, "a": [str(made.candidates[0].id)], "b": [str(made.posts[0].id)]}


async def test_somebody_who_comes_late_is_noted_on_the_page(desk: httpx.AsyncClient, world: World) -> None:
    made = await forum(world)
    await desk.put(ROOM, json=SETTINGS)
    who = str(made.candidates[0].id)

    late = await desk.post(f"{PAGE}/attendance", data={"who": who, "from_round": "3", "to_round": "4"})
    backwards = await desk.post(f"{PAGE}/attendance", data={"who": who, "from_round": "4", "to_round": "3"})

    assert (late.status_code, backwards.status_code) == (303, 422)
    kept = {"registration": who, "first": 3, "last": 4}
    assert (await desk.get(ROOM)).json()["settings"]["attendance"] == [kept]
    await desk.post(f"{PAGE}/attendance", data={"remove": who})
    assert (await desk.get(ROOM)).json()["settings"]["attendance"] == []
