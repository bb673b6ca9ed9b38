"""What bad input gets from the API: problem details that point at the value, never a 500, nothing written."""

from typing import Any

import httpx
import msgspec
import pytest

from tests.integration.rights_table import API, EVENT, PERSON, SCAN, SESSION
from tests.integration.site import BASE, Site, answer_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVENTS = "/api/v1/events"
REGISTER = f"{EVENTS}/lens/registrations"
SESSIONS = f"{EVENTS}/lens/sessions"
NEW_EVENT = {**EVENT, "slug": "nouveau"}
PICTURES = "\U0001f600" * 3
LONG = "a" * 10_000


async def send(
    site: Site,
    method: str,
    path: str,
    body: Any = None,
    *,
    raw: bytes | None = None,
    caller: str = "key_organiser",
    **headers: str,
) -> httpx.Response:
    """As JSON; `raw` as it is. Names of headers with low lines."""
    sent = {"content-type": "application/json"} if body is not None or raw is not None else {}
    sent |= site.two.callers[caller].headers | {k.replace("_", "-"): v for k, v in headers.items()}
    content = raw if raw is not None else (msgspec.json.encode(body) if body is not None else None)
    fields = {name: value.encode("latin-1") for name, value in sent.items()}
    request = httpx.Request(method, BASE + path, content=content, headers=fields)
    return await answer_of(site.app, request, beginning_only=False)


async def refused(site: Site, *args: Any, **kwargs: Any) -> tuple[int, dict[str, str]]:
    """Status and codes by pointer of a refusal that wrote nothing."""
    before = site.writes()
    answer = await send(site, *args, **kwargs)
    wrote = site.writes() != before
    site.put_back()
    assert not wrote
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["request_id"] == answer.headers["x-request-id"]
    return answer.status_code, {e["pointer"]: e["code"] for e in problem.get("errors", [])}


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"given_name": "\t \u200b"}, {"/given_name": "invalid"}),
        ({"given_name": LONG}, {"/given_name": "too-long"}),
        ({"family_name": PICTURES}, {"/family_name": "invalid"}),
        ({"email": "a@b, evil@x"}, {"/email": "invalid"}),
        ({"email": "nour@example.org\r\nBcc: evil@example.org"}, {"/email": "invalid"}),
        ({"email": LONG + "@example.org"}, {"/email": "invalid"}),
        ({"insee": "99999"}, {"/insee": "unknown"}),
        ({"profile": "king"}, {"/profile": "unknown"}),
        ({"preferences": ["mental", "mental"]}, {"/preferences/1": "twice"}),
        ({"preferences": ["d-un-autre"]}, {"/preferences/0": "unknown"}),
        ({"companions": -1}, {"/companions": "range"}),
        ({"companions": 2**62}, {"/companions": "range"}),
        ({"answers": {"age": "beaucoup"}}, {"/answers/age": "invalid"}),
        ({"answers": {"age": 1e300}}, {"/answers/age": "invalid"}),
        ({"answers": {"taille": "XXL"}}, {"/answers/taille": "unknown"}),
        ({"answers": {"a/b~c": "x"}}, {"/answers/a~1b~0c": "unknown"}),
        ({"surprise": 1}, {"/surprise": "unknown-field"}),
        ({"given_name": None}, {"/given_name": "invalid"}),
        ({"given_name": ["Nour"]}, {"/given_name": "invalid"}),
    ],
)
async def test_a_registration_is_pointed_at(
    site: Site, changes: dict[str, Any], errors: dict[str, str]
) -> None:
    status, found = await refused(site, "POST", REGISTER, PERSON | changes)
    assert (status, set(found)) == (422, set(errors))


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"title": ""}, {"/title"}),
        ({"title": LONG}, {"/title"}),
        ({"title": PICTURES}, {"/title"}),
        ({"slug": "lens"}, {"/slug"}),
        ({"slug": "../../etc"}, {"/slug"}),
        ({"slug": "a\r\nLocation: //evil"}, {"/slug"}),
        ({"capacity": 0}, {"/capacity"}),
        ({"capacity": -1}, {"/capacity"}),
        ({"capacity": 2**62}, {"/capacity"}),
        ({"ends_at": "2018-04-10T13:00:00+02:00"}, {"/ends_at"}),
        ({"ends_at": "2018-04-10T14:00:00+02:00"}, {"/ends_at"}),
        ({"starts_at": "2018-04-10T14:00:00"}, {"/starts_at"}),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, {"/starts_at"}),
        ({"ends_at": "9999-12-31T23:59:59-12:00"}, {"/ends_at"}),
        ({"timezone": "../../etc/passwd"}, {"/timezone"}),
        ({"timezone": "Mars/Olympus"}, {"/timezone"}),
        ({"venue": {"insee": "00000"}}, {"/venue/insee"}),
        ({"venue": {"latitude": 91.0, "longitude": 0.0}}, {"/venue/latitude"}),
        ({"format": "rave party"}, {"/format"}),
        ({"body": "ailleurs"}, set()),
        ({"title": "", "capacity": 0, "format": "rave party"}, {"/title", "/capacity", "/format"}),
    ],
)
async def test_an_event_is_pointed_at(site: Site, changes: dict[str, Any], pointers: set[str]) -> None:
    status, found = await refused(site, "POST", EVENTS, NEW_EVENT | changes)
    assert (status, set(found)) == (422 if pointers else 403, pointers)


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"capacity_min": 9, "capacity_max": 8}, {"/capacity_min"}),
        ({"capacity_max": 0}, {"/capacity_max"}),
        ({"starts_at": "2018-04-10T13:00:00+02:00"}, {"/starts_at"}),
        ({"ends_at": "2018-04-10T17:00:00+02:00"}, {"/ends_at"}),
        ({"ends_at": "2018-04-10T14:00:00+02:00"}, {"/ends_at"}),
        ({"code": "mental"}, {"/code"}),
        ({"code": "a b/../c"}, {"/code"}),
        ({"kind": "nap"}, {"/kind"}),
    ],
)
async def test_a_session_is_pointed_at(site: Site, changes: dict[str, Any], pointers: set[str]) -> None:
    status, found = await refused(site, "POST", SESSIONS, SESSION | changes)
    assert (status, set(found)) == (422, pointers)


BODIES = [
    b"",
    b"null",
    b"[]",
    b'"text"',
    b"{",
    b'{"title":',
    b'{"title": "\xff\xfe"}',
    b'{"title": "\\ud800"}',
    b'{"capacity": NaN}',
    b'{"capacity": 1e400}',
    b'{"capacity": ' + b"9" * 400 + b"}",
    b"[" * 200_000,
    b'{"a":' * 50_000,
    b"\xef\xbb\xbf{}",
]


@pytest.mark.parametrize("route", [route for route in API if API[route].json is not None])
async def test_a_body_that_is_no_json_object_is_refused_everywhere(site: Site, route: str) -> None:
    method, path = route.split(" ")
    for raw in BODIES:
        before = site.writes()
        url = site.path_of(path, API[route], site.two.places["own"])
        caller = "key_organiser" if "key_organiser" in API[route].own else "administrator"
        answer = await send(site, method, url, raw=raw, caller=caller)
        assert answer.status_code in (400, 422), (raw[:20], answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
        assert site.writes() == before


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "multipart/form-data"]
)
async def test_another_content_type_is_refused(site: Site, kind: str) -> None:
    status, _ = await refused(site, "POST", REGISTER, raw=msgspec.json.encode(PERSON), content_type=kind)
    assert status == 415


async def test_a_body_that_says_nothing_of_itself_is_read_as_json(site: Site) -> None:
    answer = await send(site, "POST", REGISTER, raw=msgspec.json.encode(PERSON), content_type="")
    site.put_back()
    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        (f"{EVENTS}?limit=0", "/limit"),
        (f"{EVENTS}?limit=501", "/limit"),
        (f"{EVENTS}?limit=99999999999999999999", "/limit"),
        (f"{EVENTS}?limit=dix", "/limit"),
        (f"{EVENTS}?cursor=%00", "/cursor"),
        (f"{EVENTS}?cursor=fremd", "/cursor"),
        (f"{EVENTS}?from=demain", "/from"),
        (f"{EVENTS}?from=2018-04-10T12:00:00", "/from"),
        (f"{EVENTS}?from=0001-01-01T00:00:00%2B14:00", "/from"),
        (f"{EVENTS}?status=sleeping", "/status"),
        (f"{REGISTER}?limit=0", "/limit"),
        (f"{REGISTER}?cursor=-1", "/cursor"),
        (f"{REGISTER}?cursor=%D9%A1", "/cursor"),
        (f"{REGISTER}?status=sleeping", "/status"),
        (f"{REGISTER}?session=fremd", "/session"),
        (f"{EVENTS}/lens/assignments?cursor=x", "/cursor"),
    ],
)
async def test_a_query_is_pointed_at(site: Site, path: str, pointer: str) -> None:
    status, found = await refused(site, "GET", path)
    assert (status, set(found)) == (422, {pointer})


@pytest.mark.parametrize("query", ["q=%ff", "q=%ed%a0%80", "q=%00", "q=" + "a" * 9000, "q=a&q=b", "&&=", "%"])
async def test_odd_queries_are_searched_for(site: Site, query: str) -> None:
    for path in (EVENTS, REGISTER, f"{EVENTS}/lens/door/people"):
        answer = await send(site, "GET", f"{path}?{query}")
        assert answer.status_code in (200, 400, 422), answer.text


@pytest.mark.parametrize(
    "name", ["%00", "%ff", "%ed%a0%80", "a" * 9000, "..%2f..%2fetc", "%0d%0aLocation:%20x", "%F0%9F%98%80"]
)
async def test_odd_names_are_not_found(site: Site, name: str) -> None:
    for path in (f"{EVENTS}/{name}", f"{EVENTS}/lens/sessions/{name}", f"/api/v1/registrations/{name}"):
        status, _ = await refused(site, "GET", path)
        assert status in (400, 404)


async def test_problems_speak_the_readers_language(site: Site) -> None:
    wrong = PERSON | {"email": "a@b, evil@x"}
    french = await send(site, "POST", REGISTER, wrong, accept_language="fr-FR,fr;q=0.9")
    english = await send(site, "POST", REGISTER, wrong, accept_language="en")
    odd = await send(site, "POST", REGISTER, wrong, accept_language="\u00ff;q=NaN," * 500)
    assert english.json()["errors"][0]["detail"] == (
        "This is not one e-mail address. It should look like name@example.org."
    )
    assert french.json()["errors"][0]["detail"] == odd.json()["errors"][0]["detail"]
    assert french.json()["errors"][0]["detail"] != english.json()["errors"][0]["detail"]


async def test_names_that_look_dangerous_are_kept_as_names(site: Site) -> None:
    for name in ("=cmd()", "<script>alert(1)</script>", "O’Brien", "مريم", "a\r\nBcc: x", "Zoë\u202e"):
        answer = await send(site, "POST", REGISTER, PERSON | {"given_name": name})
        assert answer.status_code == 201, answer.text
        found = await send(site, "GET", f"/api/v1/registrations/{answer.json()['id']}")
        kept = found.json()["given_name"]
        assert "\n" not in kept
        assert "\r" not in kept
        assert "\u202e" not in kept
        site.put_back()


async def test_a_session_on_the_clock_change_nights(site: Site) -> None:
    """02:30 comes twice in October, never in March: with an offset, both are what they say."""
    night = NEW_EVENT | {"starts_at": "2018-10-28T00:30:00Z", "ends_at": "2018-10-28T01:30:00Z"}
    answer = await send(site, "POST", EVENTS, night)
    site.put_back()
    assert (answer.status_code, answer.json()["starts_at"], answer.json()["ends_at"]) == (
        201,
        "2018-10-28T00:30:00Z",
        "2018-10-28T01:30:00Z",
    )


async def test_idempotency_keys(site: Site) -> None:
    first = await send(site, "POST", REGISTER, PERSON, idempotency_key="une-fois")
    again = await send(site, "POST", REGISTER, PERSON, idempotency_key="une-fois")
    other = await send(site, "POST", REGISTER, PERSON | {"given_name": "Lou"}, idempotency_key="une-fois")
    stranger = await send(site, "POST", REGISTER, PERSON, caller="administrator", idempotency_key="une-fois")
    site.put_back()
    assert (first.status_code, again.content) == (201, first.content)
    assert (other.status_code, other.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert stranger.status_code == 409  # another caller's key is another key: this person is registered
    for key in ("", "k" * 256, "k" * 10_000):
        assert await refused(site, "POST", REGISTER, PERSON, idempotency_key=key) == (
            422,
            {"/Idempotency-Key": "invalid"},
        )


@pytest.mark.parametrize(
    "tag", ["", '"', "nonsense", '"-1"', '"²"', '"99999999999999999999"', '"7777", "8888"']
)
async def test_if_match_of_no_revision_of_ours_is_refused(site: Site, tag: str) -> None:
    status, _ = await refused(site, "PATCH", f"{EVENTS}/lens", {"summary": "x"}, if_match=tag)
    assert status == 412


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer \u00ff", "Bearer " + "a" * 9000, "Bearer cvv_" + "0" * 22, "Bearer a b c"]
)
async def test_a_wrong_key_is_refused_even_where_none_is_needed(site: Site, header: str) -> None:
    status, _ = await refused(site, "GET", EVENTS, caller="anonymous", authorization=header)
    assert status == 401


async def test_a_key_of_another_body_changes_nothing(site: Site) -> None:
    place = site.two.places["foreign"]
    for method, path, body in [
        ("PATCH", f"{EVENTS}/lille", {"summary": "x"}),
        ("POST", f"{EVENTS}/lille/sessions", SESSION),
        ("POST", f"{EVENTS}/lille/scans", SCAN | {"ticket_code": place["ticket"]}),
        ("POST", f"/api/v1/registrations/{place['registration_id']}/cancel", None),
    ]:
        status, _ = await refused(site, method, path, body)
        assert status in (403, 404)


async def test_methods_that_an_address_does_not_have(site: Site) -> None:
    for method in ("PUT", "DELETE", "TRACE", "BREW"):
        answer = await send(site, method, EVENTS)
        assert answer.status_code == 405
        assert {"GET", "POST"} <= set(answer.headers["allow"].replace(" ", "").split(","))
    assert (await send(site, "OPTIONS", EVENTS)).status_code == 204
    assert (await send(site, "HEAD", f"{EVENTS}/lens")).status_code in (200, 405)


async def test_a_body_above_the_limit_is_refused(site: Site) -> None:
    answer = await send(site, "POST", REGISTER, raw=b'"' + b"a" * 2_000_000 + b'"')
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")


@pytest.mark.parametrize("origin", ["http://[bad", "null", "http://evil.example", "\u00ff"])
async def test_an_origin_that_is_not_ours_is_refused(site: Site, origin: str) -> None:
    status, _ = await refused(site, "POST", REGISTER, PERSON, caller="administrator", origin=origin)
    assert status == 403
