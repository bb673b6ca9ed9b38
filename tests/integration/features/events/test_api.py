"""Events and sessions by the public contract."""

from typing import Any

import httpx
import pytest

EVENTS = "/api/v1/events"
MONKEY_TIME: dict[str, Any] = {
    "slug": "monkey-time-lens",
    "title": "Monkey Time",
    "starts_at": "2018-04-10T14:00:00+02:00",
    "ends_at": "2018-04-10T16:00:00+02:00",
    "venue": {"name": "Maison syndicale des mineurs", "address": "32 rue Casimir-Beugnet", "insee": "62498"},
    "capacity": 40,
}
WORKSHOP: dict[str, Any] = {
    "code": "confiance",
    "title": "Je veux reprendre confiance en moi",
    "kind": "workshop",
    "slot": "ateliers",
    "starts_at": "2018-04-10T14:45:00+02:00",
    "ends_at": "2018-04-10T15:45:00+02:00",
    "room": "Salle 2",
    "coach": "Karim",
    "capacity_min": 4,
    "capacity_max": 10,
}


@pytest.fixture
def organiser(client: httpx.AsyncClient, organiser_key: str) -> httpx.AsyncClient:
    client.headers["authorization"] = f"Bearer {organiser_key}"
    return client


async def created(organiser: httpx.AsyncClient, **changes: Any) -> dict[str, Any]:
    answer = await organiser.post(EVENTS, json=MONKEY_TIME | changes)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def pointers(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return {error["pointer"]: error["code"] for error in answer.json()["errors"]}


async def test_a_created_event_is_a_draft_in_utc(organiser: httpx.AsyncClient) -> None:
    event = await created(organiser)
    assert event["status"] == "draft"
    assert event["revision"] == 1
    assert event["starts_at"] == "2018-04-10T12:00:00Z"
    assert event["venue"]["commune"] == "Lens"
    assert event["calendar"]["start"] == "2018-04-10T12:00:00Z"
    assert event["calendar"]["location"] == "Maison syndicale des mineurs, 32 rue Casimir-Beugnet, Lens"
    assert event["places"] == {"capacity": 40, "confirmed": 0, "waiting": 0, "left": 40}


async def test_a_draft_is_seen_by_its_own_body_only(organiser: httpx.AsyncClient) -> None:
    await created(organiser)
    assert (await organiser.get(f"{EVENTS}/monkey-time-lens")).status_code == 200
    assert [e["slug"] for e in (await organiser.get(EVENTS)).json()["items"]] == ["monkey-time-lens"]
    del organiser.headers["authorization"]
    assert (await organiser.get(f"{EVENTS}/monkey-time-lens")).status_code == 404
    assert (await organiser.get(EVENTS)).json() == {"items": [], "next_cursor": None}


async def test_publishing_shows_it_to_everybody_and_twice_changes_nothing(
    organiser: httpx.AsyncClient,
) -> None:
    await created(organiser)
    first = (await organiser.post(f"{EVENTS}/monkey-time-lens/publish")).json()
    again = (await organiser.post(f"{EVENTS}/monkey-time-lens/publish")).json()
    assert (first["status"], first["revision"]) == ("published", 2)
    assert first["calendar"]["status"] == "CONFIRMED"
    assert again == first
    del organiser.headers["authorization"]
    public = (await organiser.get(f"{EVENTS}/monkey-time-lens")).json()
    assert public.pop("places") == {"capacity": 40, "confirmed": None, "waiting": None, "left": 11}
    assert first.pop("places") == {"capacity": 40, "confirmed": 0, "waiting": 0, "left": 40}
    assert public == first
    assert (await organiser.patch(f"{EVENTS}/monkey-time-lens", json={})).status_code == 401


async def test_changes_honour_the_revision_that_was_read(organiser: httpx.AsyncClient) -> None:
    await created(organiser)
    read = await organiser.get(f"{EVENTS}/monkey-time-lens")
    etag = {"if-match": read.headers["etag"]}
    first = await organiser.patch(f"{EVENTS}/monkey-time-lens", json={"capacity": 50}, headers=etag)
    assert (first.status_code, first.json()["revision"], first.headers["etag"]) == (200, 2, '"2"')
    second = await organiser.patch(f"{EVENTS}/monkey-time-lens", json={"capacity": 60}, headers=etag)
    assert second.status_code == 412
    assert (await organiser.get(f"{EVENTS}/monkey-time-lens")).json()["capacity"] == 50


async def test_null_empties_and_absent_keeps(organiser: httpx.AsyncClient) -> None:
    await created(organiser)
    answer = await organiser.patch(
        f"{EVENTS}/monkey-time-lens", json={"capacity": None, "venue": {"name": "Salle Jean-Nohain"}}
    )
    event = answer.json()
    assert event["capacity"] is None
    assert event["venue"]["name"] == "Salle Jean-Nohain"
    assert event["venue"]["insee"] == "62498"
    assert event["title"] == "Monkey Time"


async def test_moving_the_whole_event_takes_its_sessions_along(organiser: httpx.AsyncClient) -> None:
    before = await created(organiser)
    await organiser.post(f"{EVENTS}/monkey-time-lens/sessions", json=WORKSHOP)
    answer = await organiser.patch(
        f"{EVENTS}/monkey-time-lens",
        json={"starts_at": "2018-04-12T09:00:00+02:00", "ends_at": "2018-04-12T11:00:00+02:00"},
    )
    assert answer.json()["calendar"]["sequence"] == before["calendar"]["sequence"] + 1
    session = (await organiser.get(f"{EVENTS}/monkey-time-lens/sessions/confiance")).json()
    assert (session["starts_at"], session["revision"]) == ("2018-04-12T07:45:00Z", 2)


async def test_shortening_an_event_below_its_programme_is_refused(organiser: httpx.AsyncClient) -> None:
    await created(organiser)
    await organiser.post(f"{EVENTS}/monkey-time-lens/sessions", json=WORKSHOP)
    answer = await organiser.patch(
        f"{EVENTS}/monkey-time-lens", json={"ends_at": "2018-04-10T15:00:00+02:00"}
    )
    assert pointers(answer) == {"/ends_at": "session-outside"}


async def test_a_cancelled_event_says_why_and_leaves_the_calendars(organiser: httpx.AsyncClient) -> None:
    await created(organiser)
    await organiser.post(f"{EVENTS}/monkey-time-lens/publish")
    assert pointers(await organiser.post(f"{EVENTS}/monkey-time-lens/cancel", json={"reason": " "})) == {
        "/reason": "required"
    }
    answer = await organiser.post(f"{EVENTS}/monkey-time-lens/cancel", json={"reason": "Neige"})
    event = answer.json()
    assert (event["status"], event["status_reason"]) == ("cancelled", "Neige")
    assert event["calendar"]["status"] == "CANCELLED"
    assert event["calendar"]["summary"] == "ANNULÉ : Monkey Time"
    again = await organiser.patch(f"{EVENTS}/monkey-time-lens", json={"capacity": 3})
    assert (again.status_code, again.json()["type"]) == (409, "/problems/wrong-status")


async def test_a_postponed_event_comes_back_with_its_new_date(organiser: httpx.AsyncClient) -> None:
    await created(organiser)
    await organiser.post(f"{EVENTS}/monkey-time-lens/publish")
    postponed = (
        await organiser.post(f"{EVENTS}/monkey-time-lens/postpone", json={"reason": "Travaux"})
    ).json()
    assert (postponed["status"], postponed["calendar"]["status"]) == ("postponed", "CANCELLED")
    await organiser.patch(
        f"{EVENTS}/monkey-time-lens",
        json={"starts_at": "2018-05-15T14:00:00+02:00", "ends_at": "2018-05-15T16:00:00+02:00"},
    )
    event = (await organiser.post(f"{EVENTS}/monkey-time-lens/publish")).json()
    assert (event["status"], event["status_reason"]) == ("published", "")
    assert event["calendar"]["sequence"] > postponed["calendar"]["sequence"]


async def test_a_clone_keeps_wall_times_across_the_clock_change(organiser: httpx.AsyncClient) -> None:
    await created(organiser, registration_closes_at="2018-04-09T18:00:00+02:00")
    await organiser.post(f"{EVENTS}/monkey-time-lens/sessions", json=WORKSHOP)
    answer = await organiser.post(
        f"{EVENTS}/monkey-time-lens/clone",
        json={"slug": "monkey-time-hiver", "starts_at": "2018-11-06T14:00:00+01:00"},
    )
    assert answer.status_code == 201
    clone = answer.json()
    assert (clone["status"], clone["starts_at"], clone["ends_at"]) == (
        "draft",
        "2018-11-06T13:00:00Z",
        "2018-11-06T15:00:00Z",
    )
    assert clone["registration_closes_at"] == "2018-11-05T17:00:00Z"
    assert (
        clone["calendar"]["uid"]
        != (await organiser.get(f"{EVENTS}/monkey-time-lens")).json()["calendar"]["uid"]
    )
    sessions = (await organiser.get(f"{EVENTS}/monkey-time-hiver/sessions")).json()["items"]
    assert [(s["code"], s["starts_at"], s["revision"]) for s in sessions] == [
        ("confiance", "2018-11-06T13:45:00Z", 1)
    ]


async def test_sessions_are_added_changed_and_deleted(organiser: httpx.AsyncClient) -> None:
    await created(organiser)
    added = await organiser.post(f"{EVENTS}/monkey-time-lens/sessions", json=WORKSHOP)
    assert added.status_code == 201
    assert added.json()["calendar"]["location"].startswith("Salle 2, Maison syndicale")
    path = f"{EVENTS}/monkey-time-lens/sessions/confiance"
    changed = await organiser.patch(path, json={"room": "Salle 3"}, headers={"if-match": '"1"'})
    assert (changed.json()["room"], changed.json()["revision"]) == ("Salle 3", 2)
    assert changed.json()["calendar"]["sequence"] > added.json()["calendar"]["sequence"]
    assert (await organiser.patch(path, json={"room": ""}, headers={"if-match": '"1"'})).status_code == 412
    assert (await organiser.delete(path)).status_code == 204
    assert (await organiser.get(path)).status_code == 404


async def test_the_same_idempotency_key_creates_once(organiser: httpx.AsyncClient) -> None:
    headers = {"idempotency-key": "one"}
    first = await organiser.post(EVENTS, json=MONKEY_TIME, headers=headers)
    second = await organiser.post(EVENTS, json=MONKEY_TIME, headers=headers)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    other = await organiser.post(EVENTS, json=MONKEY_TIME | {"title": "Autre"}, headers=headers)
    assert other.status_code == 422
    assert other.json()["type"] == "/problems/idempotency-key-reused"


async def test_lists_are_cut_by_cursors_and_filtered(organiser: httpx.AsyncClient) -> None:
    for day in (10, 11, 12):
        await created(
            organiser,
            slug=f"jour-{day}",
            title=f"Journée {day}",
            starts_at=f"2018-04-{day}T10:00:00Z",
            ends_at=f"2018-04-{day}T11:00:00Z",
        )
    page = (await organiser.get(EVENTS, params={"limit": 2})).json()
    assert [event["slug"] for event in page["items"]] == ["jour-10", "jour-11"]
    rest = (await organiser.get(EVENTS, params={"limit": 2, "cursor": page["next_cursor"]})).json()
    assert [event["slug"] for event in rest["items"]] == ["jour-12"]
    assert rest["next_cursor"] is None

    async def slugs(**params: str) -> list[str]:
        answer = await organiser.get(EVENTS, params=params)
        return [event["slug"] for event in answer.json()["items"]]

    assert await slugs(q="JOURNEE 11") == ["jour-11"]
    assert await slugs(q="%") == ["jour-10", "jour-11", "jour-12"]
    assert await slugs(insee="62119") == []
    assert await slugs(**{"from": "2018-04-12T00:00:00Z"}) == ["jour-12"]
    assert await slugs(to="2018-04-11T00:00:00Z") == ["jour-10"]
    assert await slugs(status="published") == []


@pytest.mark.parametrize(
    ("params", "pointer"),
    [
        ({"limit": "0"}, "/limit"),
        ({"limit": "501"}, "/limit"),
        ({"cursor": "x"}, "/cursor"),
        ({"cursor": "\x00"}, "/cursor"),
        ({"status": "open"}, "/status"),
        ({"from": "2018-04-12T00:00:00"}, "/from"),
        ({"from": "demain"}, "/from"),
        ({"to": "0001-01-01T00:00:00+14:00"}, "/to"),
    ],
)
async def test_a_wrong_query_is_named(
    organiser: httpx.AsyncClient, params: dict[str, str], pointer: str
) -> None:
    assert list(pointers(await organiser.get(EVENTS, params=params))) == [pointer]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"title": ""}, {"/title": "required"}),
        ({"title": "\x00\x07"}, {"/title": "required"}),
        ({"title": "🎉🎉"}, {"/title": "no-letters"}),
        ({"title": "x" * 10_000}, {"/title": "length"}),
        ({"slug": "Pas un slug"}, {"/slug": "invalid"}),
        ({"ends_at": "2018-04-10T13:00:00+02:00"}, {"/ends_at": "before-start"}),
        ({"ends_at": "2018-04-10T14:00:00+02:00"}, {"/ends_at": "before-start"}),
        ({"ends_at": "2020-04-10T14:00:00+02:00"}, {"/ends_at": "too-long"}),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, {"/starts_at": "range"}),
        ({"capacity": 0}, {"/capacity": "range"}),
        ({"capacity": -1}, {"/capacity": "range"}),
        ({"capacity": 10**30}, {"/capacity": "range"}),
        ({"venue": {"insee": "99999"}}, {"/venue/insee": "unknown"}),
        ({"venue": {"latitude": 91, "longitude": 2}}, {"/venue/latitude": "range"}),
        ({"timezone": "Europe/Lens"}, {"/timezone": "unknown"}),
        ({"timezone": "../../etc/passwd"}, {"/timezone": "unknown"}),
        ({"format": "sur prise"}, {"/format": "invalid"}),
        ({"visibility": "secret"}, {"/visibility": "unknown"}),
        ({"language": "de"}, {"/language": "unknown"}),
        ({"profiles": ["student", "student"]}, {"/profiles/1": "unknown"}),
        ({"registration_opens_at": "2018-04-11T00:00:00Z"}, {"/registration_opens_at": "after-close"}),
        ({"registration_closes_at": "2018-04-11T00:00:00Z"}, {"/registration_closes_at": "after-end"}),
        (
            {"title": "", "capacity": 0, "venue": {"insee": "1"}},
            {"/title": "required", "/capacity": "range", "/venue/insee": "unknown"},
        ),
        (
            {"questions": [{"code": "a", "label": "A", "kind": "one_choice", "choices": ["x"]}]},
            {"/questions/0/choices": "count"},
        ),
    ],
)
async def test_bad_input_is_named_and_nothing_is_kept(
    organiser: httpx.AsyncClient, changes: dict[str, Any], found: dict[str, str]
) -> None:
    answer = await organiser.post(EVENTS, json=MONKEY_TIME | changes)
    assert pointers(answer) == found
    assert (await organiser.get(EVENTS)).json()["items"] == []


@pytest.mark.parametrize(
    "body",
    [
        b'{"slug":"x","title":"\\ud800","starts_at":"2018-04-10T12:00:00Z","ends_at":"2018-04-10T13:00:00Z"}',
        b'{"slug":"x","title":"X","starts_at":"2018-04-10T12:00:00","ends_at":"2018-04-10T13:00:00"}',
        b'{"slug":"x","title":"X","starts_at":"2018-04-10T12:00:00Z","ends_at":"2018-04-10T13:00:00Z","x":1}',
        b'{"slug":"x"}',
        b"[]",
        b"{",
        b"",
        b"\xff\xfe",
    ],
)
async def test_what_cannot_be_read_is_refused(organiser: httpx.AsyncClient, body: bytes) -> None:
    answer = await organiser.post(EVENTS, content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_line_breaks_and_markup_in_titles_become_plain_text(organiser: httpx.AsyncClient) -> None:
    event = await created(organiser, title="Bonjour\r\nBCC: x@y\u202e <script>")
    assert event["title"] == "Bonjour BCC: x@y <script>"


async def test_a_slug_that_exists_is_said_beside_it(organiser: httpx.AsyncClient) -> None:
    await created(organiser)
    assert pointers(await organiser.post(EVENTS, json=MONKEY_TIME)) == {"/slug": "taken"}
    await created(organiser, slug="autre")
    renamed = await organiser.patch(f"{EVENTS}/autre", json={"slug": "monkey-time-lens"})
    assert pointers(renamed) == {"/slug": "taken"}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"starts_at": "2018-04-10T13:00:00+02:00"}, {"/starts_at": "outside-event"}),
        ({"ends_at": "2018-04-10T17:00:00+02:00"}, {"/ends_at": "outside-event"}),
        ({"ends_at": "2018-04-10T14:00:00+02:00"}, {"/ends_at": "before-start"}),
        ({"capacity_min": 11}, {"/capacity_min": "above-maximum"}),
        ({"capacity_max": 0}, {"/capacity_max": "range"}),
        ({"kind": "party"}, {"/kind": "unknown"}),
        ({"code": "a b"}, {"/code": "invalid"}),
        ({"title": "", "kind": ""}, {"/title": "required", "/kind": "unknown"}),
    ],
)
async def test_a_session_that_cannot_be_is_refused(
    organiser: httpx.AsyncClient, changes: dict[str, Any], found: dict[str, str]
) -> None:
    await created(organiser)
    answer = await organiser.post(f"{EVENTS}/monkey-time-lens/sessions", json=WORKSHOP | changes)
    assert pointers(answer) == found


async def test_two_sessions_cannot_share_a_code(organiser: httpx.AsyncClient) -> None:
    await created(organiser)
    await organiser.post(f"{EVENTS}/monkey-time-lens/sessions", json=WORKSHOP)
    answer = await organiser.post(f"{EVENTS}/monkey-time-lens/sessions", json=WORKSHOP)
    assert pointers(answer) == {"/code": "taken"}


@pytest.mark.parametrize("slug", ["%00", "nothing-here", "%ff", "a%2fb", "é"])
async def test_an_unknown_address_is_not_found(organiser: httpx.AsyncClient, slug: str) -> None:
    assert (await organiser.get(f"{EVENTS}/{slug}")).status_code == 404
