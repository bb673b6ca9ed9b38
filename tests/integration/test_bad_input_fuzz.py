"""Each API call with bodies made from its own schema, some of them bent: never a 500, never half a write."""

from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events_app.api_v1 import api_description
from tests.integration.rights_table import API, ROUTES
from tests.integration.site import BASE, Site, answer_of, filled

pytestmark = pytest.mark.asyncio(loop_scope="module")

EXAMPLES_EACH = 12
FUZZ = settings(
    max_examples=EXAMPLES_EACH,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
FORMS = {r: line for r, line in ROUTES.items() if r.startswith("POST /") and " /api/" not in r}
TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "",
            "lens",
            "mental",
            "=cmd()",
            "a@b, evil@x",
            "\x00",
            "\u202e",
            "a" * 10_000,
            "2018-04-10T14:00:00Z",
        ]
    ),
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def of_schema(schema: dict[str, Any], schemas: dict[str, Any], depth: int = 0) -> st.SearchStrategy[Any]:
    """What the schema allows, and now and then what it does not."""
    if "$ref" in schema:
        if depth > 4:
            return st.none()
        return of_schema(schemas[schema["$ref"].rpartition("/")[2]], schemas, depth + 1)
    if "anyOf" in schema:
        return st.one_of([of_schema(each, schemas, depth) for each in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"]) | TEXTS
    return _bent(_of_type(schema, schemas, depth))


def _of_type(schema: dict[str, Any], schemas: dict[str, Any], depth: int) -> st.SearchStrategy[Any]:
    match schema.get("type"):
        case "object" if "properties" in schema:
            wanted = {
                name: of_schema(each, schemas, depth + 1) for name, each in schema["properties"].items()
            }
            needed = {name: wanted.pop(name) for name in schema.get("required", ())}
            return st.fixed_dictionaries(needed, optional=wanted)
        case "array":
            return st.lists(of_schema(schema.get("items", {}), schemas, depth + 1), max_size=4)
        case "string" if schema.get("format") == "date-time":
            return st.datetimes().map(lambda moment: moment.isoformat() + "Z")
        case "string":
            return TEXTS
        case "integer":
            return st.integers(-(2**70), 2**70) | st.integers(-2, 50)
        case "number":
            return st.floats(allow_nan=False)
        case "boolean":
            return st.booleans()
        case _:
            return ANYTHING


def _bent(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """One in sixteen is something else altogether."""
    return st.integers(0, 15).flatmap(lambda chance: ANYTHING if chance == 0 else strategy)


def examples_of(strategy: st.SearchStrategy[Any]) -> list[Any]:
    """Drawn first, sent afterwards: the tests' event loop is not hypothesis's."""
    drawn: list[Any] = []

    @FUZZ
    @given(strategy)
    def draw(example: Any) -> None:
        drawn.append(example)

    draw()
    return drawn


async def answer(site: Site, method: str, url: str, content: bytes, kind: str, caller: str) -> httpx.Response:
    headers = site.two.callers[caller].headers | {"content-type": kind}
    request = httpx.Request(method, BASE + url, content=content, headers=headers)
    return await answer_of(site.app, request, beginning_only=False)


@pytest.mark.parametrize("route", [route for route, line in API.items() if line.json is not None])
async def test_no_body_breaks_a_call(site: Site, route: str) -> None:
    method, path = route.split(" ")
    document = api_description(site.app)
    body = document["paths"][path][method.lower()]["requestBody"]["content"]["application/json"]
    strategy = of_schema(body["schema"], document["components"]["schemas"])
    place = site.two.places["own"]
    good = filled(API[route].json, place)
    merged = strategy.map(lambda found: good | found if isinstance(found, dict) else found)
    for example in examples_of(strategy) + examples_of(merged):
        before = site.writes()
        url = site.path_of(path, API[route], place)
        found = await answer(
            site, method, url, msgspec.json.encode(example), "application/json", "key_organiser"
        )
        wrote = site.writes() != before
        site.put_back()
        assert found.status_code < 500, example
        if found.status_code >= 400:
            assert not wrote, example
            assert found.headers["content-type"] == "application/problem+json"
            assert all(error["detail"] for error in found.json().get("errors", []))


@pytest.mark.parametrize("route", [r for r, line in FORMS.items() if line.page or line.form])
async def test_no_text_breaks_a_form(site: Site, route: str) -> None:
    method, path = route.split(" ")
    line = ROUTES[route]
    place = site.two.places["own" if line.own else "own_draft"]
    fields = (await site.form_on(line.page, line, place) if line.page else {}) | site.filled_form(line, place)
    typed = st.fixed_dictionaries({}, optional=dict.fromkeys(fields, TEXTS))
    for example in examples_of(typed):
        sent = httpx.Request("POST", BASE, data=fields | example).content
        url = site.path_of(path, line, place)
        found = await answer(site, method, url, sent, "application/x-www-form-urlencoded", "administrator")
        site.put_back()
        assert found.status_code < 500, example
        assert found.headers.get("location", "/").startswith("/")
