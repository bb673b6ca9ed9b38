"""Every route with every caller against own and foreign objects: exactly what `rights_table` says."""

import re
from collections.abc import Iterator
from itertools import product
from zlib import crc32

import httpx
import msgspec
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from tests.integration.rights_table import BOUND, MEMBERS, NOBODY, ORGANISERS, READERS, ROUTES, SCANNERS
from tests.integration.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="module")
EVERY_NTH_CALLER = 3
"""On the second database: a different third for each route and place, so that each caller has its turn."""
PLACES = ("own", "own_draft", "foreign", "foreign_draft")


def _is_refused(answer: httpx.Response) -> bool:
    to_sign_in = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?")
    return to_sign_in or answer.status_code in (401, 403, 404)


def served(app: Litestar) -> Iterator[str]:
    """`METHOD /path/{name}` of every route; OPTIONS only says what there is."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for method in sorted(route.methods - {"OPTIONS"}):
                yield f"{method} {re.sub(r':[a-z]+}', '}', route.path)}"


def asking(site: Site, route: str, place: str, callers: list[str]) -> list[str]:
    return (
        callers
        if site.thorough
        else callers[crc32(f"{route} {place}".encode()) % EVERY_NTH_CALLER :: EVERY_NTH_CALLER]
    )


async def test_every_route_is_in_the_table(site: Site) -> None:
    assert sorted(served(site.app)) == sorted(ROUTES)


@pytest.mark.parametrize("route", ROUTES)
async def test_exactly_those_may(site: Site, route: str) -> None:
    method, path = route.split(" ")
    line = ROUTES[route]
    wrong = []
    for name in PLACES:
        place, may = site.two.places[name], getattr(line, name)
        for caller_name in asking(site, route, name, list(site.two.callers)):
            caller = site.two.callers[caller_name]
            before = site.writes()
            answer = await site.call(method, path, line, place, caller)
            refused, wrote = _is_refused(answer), site.writes() != before
            if refused == (caller_name in may):
                wrong.append(f"{caller_name} on {name}: {answer.status_code}")
            if refused and wrote:
                wrong.append(f"{caller_name} on {name}: refused with {answer.status_code}, yet it wrote")
            if answer.status_code >= 500:
                wrong.append(f"{caller_name} on {name}: {answer.status_code}")
            if wrote:
                site.put_back()
    assert not wrong


SEEN_BY: dict[str, frozenset[str]] = {
    # What opens something.
    "manage_token": ORGANISERS | {"participant"},
    "feed_token": ORGANISERS | {"participant"},
    "ticket": ORGANISERS | {"participant"},
    "short_code": SCANNERS | {"participant"},
    "invitation_token": ORGANISERS,
    "enrol_token": ORGANISERS,
    "sign_in_token": NOBODY,
    # What is known of a person.
    "email": READERS | {"participant"},
    "family_name": MEMBERS | {"participant"},
    "organisation": MEMBERS | {"participant"},
    "answer": READERS | {"participant"},
    "invitee": ORGANISERS,
}
"""Who may be told it by a route that does not hold it in its own address, of the own body's events."""
SECRET_IN_THE_ADDRESS = ("/me/", "/tickets/", "/sign-in/", "/door/enrol/")


def _may_be_told(place: str, field: str) -> frozenset[str]:
    if not place.startswith("own"):
        return NOBODY
    return SEEN_BY[field] if place == "own" else SEEN_BY[field] - BOUND


@pytest.mark.parametrize("route", [route for route, line in ROUTES.items() if not line.stream])
async def test_no_answer_tells_more_than_its_reader_may_know(site: Site, route: str) -> None:
    """A permitted read is looked at as well, field by field: what it returns about any event of any body."""
    method, path = route.split(" ")
    line = ROUTES[route]
    if path.startswith(SECRET_IN_THE_ADDRESS):
        return
    told = []
    for name in PLACES:
        for caller in asking(site, route, name, sorted(getattr(line, name))):
            answer = await site.call(method, path, line, site.two.places[name], site.two.callers[caller])
            site.put_back()
            said = f"{answer.headers} {answer.text}"
            told += [
                f"{caller} on {name}: {field} of {place}"
                for place, field in product(PLACES, SEEN_BY)
                if site.two.places[place][field] in said and caller not in _may_be_told(place, field)
            ]
    assert not told


async def test_what_is_sent_would_be_accepted(site: Site) -> None:
    """Otherwise a refusal could be for the content, and the table would prove nothing."""
    rejected = []
    for route, line in ROUTES.items():
        method, path = route.split(" ")
        name = next((name for name in PLACES if getattr(line, name)), None)
        if name is not None:
            caller = sorted(getattr(line, name))[0]
            answer = await site.call(method, path, line, site.two.places[name], site.two.callers[caller])
            site.put_back()
            if answer.status_code in (400, 405, 413, 415, 422) or answer.status_code >= 500:
                rejected.append(f"{route} by {caller} on {name}: {answer.status_code} {answer.text[:300]}")
    assert not rejected


CHILDREN = re.compile(r"\{(?!slug\}|token\})(\w+)\}")
"""What stands in an address beside the event: a session, a registration, an invitation, a plan..."""
NESTED = [
    route for route in ROUTES if "{slug}" in route and CHILDREN.search(route) and not ROUTES[route].stream
]


@pytest.mark.parametrize("route", NESTED)
async def test_what_belongs_to_another_event_is_not_there(site: Site, route: str) -> None:
    """The own event's address with a child of another event: 404 for whoever may do all, nothing written."""
    method, path = route.split(" ")
    line = ROUTES[route]
    own = site.two.places["own"]
    for stranger in ("own_draft", "foreign"):
        other = site.two.places[stranger]
        if all(
            other[line.names.get(name, name)] == own[line.names.get(name, name)]
            for name in CHILDREN.findall(route)
        ):
            continue  # a code that each event may have
        parent = line.names.get("slug", "slug")
        values = other.values | {"slug": own.slug, parent: own[parent]}
        mixed = msgspec.structs.replace(other, slug=own.slug, values=values)
        before = site.writes()
        answer = await site.call(method, path, line, mixed, site.two.callers["administrator"])
        assert (answer.status_code, site.writes()) == (404, before), f"{stranger}: {answer.text[:300]}"
