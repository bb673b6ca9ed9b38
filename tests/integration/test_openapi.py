"""The API's description says what is served: each call with its own example, against its own schemas."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from events_app.api_examples import EXAMPLES
from events_app.api_v1 import api_description
from events_app.infra import database as db
from tests.integration.rights_table import API, Line
from tests.integration.site import Site
from tests.integration.test_rights import served

pytestmark = pytest.mark.asyncio(loop_scope="module")

# What client programs are generated from: a name leaves this list only with a new version of the API.
OPERATIONS = {
    "GET /api/v1/bodies": "listBodies",
    "POST /api/v1/bodies": "addBody",
    "GET /api/v1/bodies/{slug}": "readBody",
    "PATCH /api/v1/bodies/{slug}": "changeBody",
    "GET /api/v1/statistics": "readStatistics",
    "GET /api/v1/events": "listEvents",
    "POST /api/v1/events": "createEvent",
    "GET /api/v1/events/{slug}": "readEvent",
    "PATCH /api/v1/events/{slug}": "changeEvent",
    "POST /api/v1/events/{slug}/publish": "publishEvent",
    "POST /api/v1/events/{slug}/cancel": "cancelEvent",
    "POST /api/v1/events/{slug}/postpone": "postponeEvent",
    "POST /api/v1/events/{slug}/clone": "cloneEvent",
    "GET /api/v1/events/{slug}/sessions": "listSessions",
    "POST /api/v1/events/{slug}/sessions": "addSession",
    "GET /api/v1/events/{slug}/sessions/{code}": "readSession",
    "PATCH /api/v1/events/{slug}/sessions/{code}": "changeSession",
    "DELETE /api/v1/events/{slug}/sessions/{code}": "deleteSession",
    "POST /api/v1/events/{slug}/programme/import": "importProgramme",
    "GET /api/v1/events/{slug}/registrations": "listRegistrations",
    "POST /api/v1/events/{slug}/registrations": "register",
    "POST /api/v1/events/{slug}/tallies": "addTallies",
    "GET /api/v1/series": "listSeries",
    "POST /api/v1/series": "createSeries",
    "GET /api/v1/series/{slug}": "readSeries",
    "PUT /api/v1/series/{slug}": "changeSeries",
    "GET /api/v1/series/{slug}/matrix": "readMatrix",
    "GET /api/v1/assemblies": "listAssemblies",
    "POST /api/v1/assemblies": "createAssembly",
    "GET /api/v1/assemblies/{slug}": "readAssembly",
    "PUT /api/v1/assemblies/{slug}": "changeAssembly",
    "GET /api/v1/assemblies/{slug}/rules": "readRules",
    "GET /api/v1/assemblies/{slug}/seats": "listSeats",
    "POST /api/v1/assemblies/{slug}/seats": "addSeats",
    "PUT /api/v1/assemblies/{slug}/seats/{seat_id}": "changeSeat",
    "DELETE /api/v1/assemblies/{slug}/seats/{seat_id}": "removeSeat",
    "GET /api/v1/events/{slug}/sitting": "readSitting",
    "PUT /api/v1/events/{slug}/sitting": "setSitting",
    "POST /api/v1/events/{slug}/sitting/changes": "changeSitting",
    "POST /api/v1/events/{slug}/convocation": "convene",
    "PUT /api/v1/events/{slug}/seats/{seat_id}/answer": "answerForSeat",
    "POST /api/v1/events/{slug}/items": "addItem",
    "PUT /api/v1/events/{slug}/items/{number}": "changeItem",
    "POST /api/v1/events/{slug}/roll": "tapRoll",
    "GET /api/v1/events/{slug}/quorum": "readQuorum",
    "POST /api/v1/events/{slug}/items/{number}/vote": "holdVote",
    "GET /api/v1/events/{slug}/tallies": "readTallies",
    "GET /api/v1/events/{slug}/counting": "readCounting",
    "PUT /api/v1/events/{slug}/counting": "setCounting",
    "POST /api/v1/my-tickets": "findTickets",
    "GET /api/v1/registrations/{registration_id}": "readRegistration",
    "GET /api/v1/registrations/{registration_id}/attendance": "readAttendance",
    "PATCH /api/v1/registrations/{registration_id}": "changeRegistration",
    "POST /api/v1/registrations/{registration_id}/cancel": "cancelRegistration",
    "POST /api/v1/registrations/{registration_id}/companions": "addCompanion",
    "POST /api/v1/registrations/{registration_id}/approve": "approveRegistration",
    "POST /api/v1/registrations/{registration_id}/refuse": "refuseRegistration",
    "GET /api/v1/events/{slug}/history": "readHistory",
    "POST /api/v1/events/{slug}/unpublish": "unpublishEvent",
    "POST /api/v1/registrations/{registration_id}/restore": "restoreRegistration",
    "POST /api/v1/events/{slug}/registrations/bulk": "changeMany",
    "POST /api/v1/events/{slug}/registrations/import": "importRegistrations",
    "PUT /api/v1/registrations/{registration_id}/preferences": "setPreferences",
    "GET /api/v1/search": "search",
    "GET /api/v1/registrations/{registration_id}/notes": "listNotes",
    "POST /api/v1/registrations/{registration_id}/notes": "addNote",
    "DELETE /api/v1/registrations/{registration_id}/notes/{note_id}": "deleteNote",
    "PUT /api/v1/registrations/{registration_id}/sessions": "chooseSessions",
    "PUT /api/v1/registrations/{registration_id}/consents/{code}": "giveConsent",
    "DELETE /api/v1/registrations/{registration_id}/consents/{code}": "withdrawConsent",
    "GET /api/v1/events/{slug}/assignments": "listAssignments",
    "POST /api/v1/events/{slug}/assignments": "proposeAssignment",
    "GET /api/v1/assignments/{run_id}": "readAssignment",
    "GET /api/v1/assignments/{run_id}/why": "explainAssignment",
    "GET /api/v1/assignments/{run_id}/what-if": "askAssignment",
    "PATCH /api/v1/assignments/{run_id}": "changeAssignment",
    "POST /api/v1/assignments/{run_id}/publish": "publishAssignment",
    "GET /api/v1/events/{slug}/sessions/{code}/room": "readRoom",
    "PUT /api/v1/events/{slug}/sessions/{code}/room": "setRoom",
    "POST /api/v1/events/{slug}/sessions/{code}/room/proposals": "proposeSeats",
    "GET /api/v1/events/{slug}/sessions/{code}/room/board": "readBoard",
    "POST /api/v1/events/{slug}/sessions/{code}/room/presence": "setPresence",
    "POST /api/v1/events/{slug}/sessions/{code}/room/next": "nextRound",
    "POST /api/v1/events/{slug}/sessions/{code}/room/release": "releaseContacts",
    "GET /api/v1/events/{slug}/sessions/{code}/room/mutual": "readMutual",
    "GET /api/v1/events/{slug}/sessions/{code}/room/report": "readReport",
    "PUT /api/v1/registrations/{registration_id}/again": "sayAgain",
    "GET /api/v1/plans/{plan_id}": "readPlan",
    "PATCH /api/v1/plans/{plan_id}": "changePlan",
    "POST /api/v1/plans/{plan_id}/publish": "publishPlan",
    "POST /api/v1/plans/{plan_id}/unpublish": "unpublishPlan",
    "PUT /api/v1/registrations/{registration_id}/meeting-wishes/{code}": "setMeetingWishes",
    "GET /api/v1/events/{slug}/messages": "listMessages",
    "POST /api/v1/events/{slug}/messages": "writeMessage",
    "GET /api/v1/messages/{message_id}": "readMessage",
    "PATCH /api/v1/messages/{message_id}": "changeMessage",
    "DELETE /api/v1/messages/{message_id}": "deleteMessage",
    "POST /api/v1/messages/{message_id}/test": "tryMessage",
    "POST /api/v1/messages/{message_id}/send": "sendMessage",
    "POST /api/v1/messages/{message_id}/cancel": "stopMessage",
    "POST /api/v1/events/{slug}/scans": "scanTicket",
    "POST /api/v1/events/{slug}/scans/batch": "scanTickets",
    "POST /api/v1/events/{slug}/scans/{scan_id}/void": "voidScan",
    "POST /api/v1/events/{slug}/walk-ins": "enterWalkIn",
    "GET /api/v1/events/{slug}/door/people": "findPeople",
    "GET /api/v1/events/{slug}/door/manifest": "manifest",
    "GET /api/v1/events/{slug}/door/news": "doorNews",
    "GET /api/v1/events/{slug}/door/names": "doorNames",
    "GET /api/v1/events/{slug}/stats": "stats",
    "GET /api/v1/events/{slug}/papers": "checkPapers",
}
UNDESCRIBED = {
    "GET /api/v1/events/{slug}/badges.pdf",
    "GET /api/v1/events/{slug}/door-list.pdf",
    "GET /api/v1/events/{slug}/attendance-sheet.pdf",
    "GET /api/v1/openapi.json",
    "GET /api/v1/docs",
    "GET /api/v1/plans/{plan_id}/{paper}",  # a PDF
    "GET /api/v1/events/{slug}/sitting/{paper}",
    "GET /api/v1/series/{slug}/{paper}",
    "GET /api/v1/events/{slug}/registrations.csv",
    "GET /api/v1/events/{slug}/registrations.xlsx",
}


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


@pytest.fixture
def document(site: Site) -> dict[str, Any]:
    """As it is sent."""
    found: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(api_description(site.app)))
    return found


async def call(
    site: Site, route: str, line: Line, headers: dict[str, str] | None = None, caller: str = ""
) -> httpx.Response:
    """By whoever may, a program where one may."""
    method, path = route.split(" ")
    who = site.two.callers[caller or whoever_may(line)]
    who = msgspec.structs.replace(who, headers=who.headers | (headers or {}))
    answer = await site.call(method, path, line, site.two.places["own"], who)
    site.put_back()
    return answer


def whoever_may(line: Line) -> str:
    return next(who for who in ("key_organiser", "participant", "administrator") if who in line.own)


def with_example(route: str) -> Line:
    """The line of the rights' table with the body that the reference shows."""
    line, example = API[route], EXAMPLES.get(OPERATIONS[route])
    return line if example is None else msgspec.structs.replace(line, json=example)


def check(document: dict[str, Any], answer: httpx.Response, route: str) -> None:
    """The answer is one that the operation announces, in its media type, and fits its schema."""
    method, path = route.split(" ")
    announced = document["paths"][path][method.lower()]["responses"]
    assert str(answer.status_code) in announced, f"{answer.status_code} {answer.text}"
    expected = announced[str(answer.status_code)]
    if "$ref" in expected:
        expected = document["components"]["responses"][expected["$ref"].rpartition("/")[2]]
    if "content" not in expected:
        assert answer.content == b""
        return
    [(media_type, content)] = expected["content"].items()
    assert answer.headers["content-type"].partition(";")[0] == media_type
    resource = Resource(contents=document, specification=DRAFT202012)  # type: ignore[call-arg]
    registry = Registry().with_resource("urn:api", resource)
    wanted = msgspec.json.decode(msgspec.json.encode(content["schema"]).replace(b'"#/', b'"urn:api#/'))
    Draft202012Validator(wanted, registry=registry, format_checker=FormatChecker()).validate(answer.json())


async def test_the_document_is_openapi_3_1_and_served(site: Site, document: dict[str, Any]) -> None:
    validate(document)
    assert document["openapi"] == "3.1.0"
    answer = await call(site, "GET /api/v1/openapi.json", API["GET /api/v1/openapi.json"])
    assert answer.json() == document
    assert answer.headers["content-type"] == "application/vnd.oai.openapi+json"


async def test_every_route_is_described_by_a_stable_name(site: Site, document: dict[str, Any]) -> None:
    routes = {route for route in served(site.app) if " /api/" in route} - UNDESCRIBED
    assert {route: operation["operationId"] for route, operation in operations(document)} == OPERATIONS
    assert routes == set(OPERATIONS)
    assert all(operation["summary"] and operation["tags"] for _, operation in operations(document))


async def test_every_body_has_an_example_that_fits(document: dict[str, Any]) -> None:
    bodies = {o["operationId"] for _, o in operations(document) if "requestBody" in o}
    assert bodies - EXAMPLES.keys() <= {
        "answerForSeat",
        "changeAssignment",
        "changePlan",
        "importProgramme",
        "importRegistrations",
        "setPresence",
        "setSitting",
        "tapRoll",
    }  # they name people of one’s own
    assert EXAMPLES.keys() <= bodies


@pytest.mark.parametrize("route", OPERATIONS)
async def test_good_input_is_answered_as_described(site: Site, document: dict[str, Any], route: str) -> None:
    if route.endswith("/unpublish"):  # possible where nobody is registered, and no round announced
        await db.execute("UPDATE registration SET status = 'cancelled'")
        await db.execute("DELETE FROM announced_round")
    answer = await call(site, route, with_example(route))
    assert answer.status_code < 300, answer.text
    check(document, answer, route)


@pytest.mark.parametrize("route", OPERATIONS)
async def test_refusals_are_described_problems(site: Site, document: dict[str, Any], route: str) -> None:
    method, path = route.split(" ")
    security = document["paths"][path][method.lower()]["security"]
    wrong_key = await call(site, route, with_example(route), {"authorization": "Bearer cvv_wrong"})
    assert wrong_key.status_code == 401
    check(document, wrong_key, route)
    nobody = await call(site, route, with_example(route), caller="anonymous")
    assert (nobody.status_code == 401) == ({} not in security)
    check(document, nobody, route)
    link = await call(site, route, with_example(route), caller="participant")
    if API[route].names.get("registration_id", "registration_id") == "registration_id":  # the one of the link
        assert (link.status_code < 300) == ({"link": []} in security or {} in security)
    check(document, link, route)


@pytest.mark.parametrize("route", [route for route in OPERATIONS if API[route].json is not None])
async def test_unknown_fields_are_named(site: Site, document: dict[str, Any], route: str) -> None:
    line = API[route]
    answer = await call(site, route, msgspec.structs.replace(line, json={**line.json, "surprise": 1}))
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [("/surprise", "unknown-field")]
    check(document, answer, route)


async def test_creating_twice_with_one_key_creates_once(site: Site, document: dict[str, Any]) -> None:
    creating = [route for route, operation in operations(document) if "201" in operation["responses"]]
    assert len(creating) >= 5
    for route in creating:
        method, path = route.split(" ")
        names = [p["name"] for p in document["paths"][path][method.lower()]["parameters"]]
        assert "Idempotency-Key" in names
        line, place = with_example(route), site.two.places["own"]
        who = site.two.callers[whoever_may(line)]
        who = msgspec.structs.replace(who, headers=who.headers | {"idempotency-key": "la-meme"})
        first = await site.call(method, path, line, place, who)
        again = await site.call(method, path, line, place, who)
        other = msgspec.structs.replace(line, json={**line.json, "title": "Autre"})
        changed = await site.call(method, path, other, place, who)
        site.put_back()
        assert (first.status_code, again.content) == (201, first.content)
        assert changed.status_code == 422
        check(document, changed, route)


async def test_a_stale_revision_is_refused_wherever_it_is_announced(
    site: Site, document: dict[str, Any]
) -> None:
    announcing = [
        route
        for route, operation in operations(document)
        if "If-Match" in [parameter["name"] for parameter in operation.get("parameters", [])]
    ]
    assert {route.split(" ")[0] for route in announcing} >= {"PATCH", "PUT", "DELETE"}
    for route in announcing:
        answer = await call(site, route, API[route], {"if-match": '"999"'})
        assert answer.status_code == 412, route
        check(document, answer, route)


@pytest.mark.parametrize(("language", "heading"), [("fr", "Référence de l’API"), ("en", "API reference")])
async def test_the_reference_shows_every_call_without_a_script(
    site: Site, document: dict[str, Any], language: str, heading: str
) -> None:
    answer = await call(site, "GET /api/v1/docs", API["GET /api/v1/docs"], {"accept-language": language})
    assert answer.status_code == 200
    assert f"<h1>{heading}</h1>" in answer.text
    assert re.findall(r'<h3 id="(\w+)"', answer.text) == [o["operationId"] for _, o in _in_sections(document)]
    for name in document["components"]["schemas"]:
        assert f'id="schema-{name}"' in answer.text
    loaded = re.findall(r'(?:src|<link[^>]* href)="([^"]*)"', answer.text)
    assert all(address.startswith("/") for address in loaded)


def _in_sections(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for tag in document["tags"]:
        yield from (found for found in operations(document) if tag["name"] in found[1]["tags"])
