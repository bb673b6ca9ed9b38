"""What the API's description says of a call is read from its handler."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import msgspec
import pytest
from litestar import Litestar, Request, Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from events_app.kernel.actor import Role
from events_app.web.guards import requires
from events_app.web.idempotency import answer_once
from events_app.web.openapi import describe
from events_app.web.reference import Field, reference
from events_app.web.revisions import expected_revision
from tests.world import make_world

INFO = {"title": "Things", "version": "1"}


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Thing(msgspec.Struct, forbid_unknown_fields=True):
    """Something that is kept."""

    name: Annotated[str, msgspec.Meta(max_length=80, description="As it is called.")]
    colour: Colour = Colour.RED
    parent: UUID | None = None
    others: list["Thing"] = []


class Things(msgspec.Struct):
    items: list[Thing]


@get("/things", tags=["things"])
async def list_things(
    colour: FromQuery[Colour | None] = None,
    limit: Annotated[int, QueryParameter(description="At most so many.")] = 50,
) -> Things:
    """All that there is. The newest first."""
    return Things([])


@get("/things/{thing_id:uuid}", tags=["things"], guards=[requires(Role.READER)])
async def read_thing(thing_id: FromPath[UUID]) -> Thing:
    """One of them."""
    return Thing("")


@post("/things", tags=["things"], guards=[requires(or_participant=True)], operation_id="keepThing")
async def add_thing(request: Request[Any, Any, Any], data: JSONBody[Thing]) -> Response[Thing]:
    """Keep another."""
    expected_revision(request)
    answer: Any = await answer_once(request, make_world(Path()), request.json)
    return Response(answer)


@post("/things/picture", tags=["things"], opt={"body_media_types": ["image/png"]}, status_code=204)
async def set_picture(request: Request[Any, Any, Any]) -> None:
    """A picture."""


@get("/hidden", include_in_schema=False)
async def hidden() -> None:
    """Nobody is told."""


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    handlers = [list_things, read_thing, add_thing, set_picture, hidden]
    routes = Litestar(handlers, openapi_config=None).routes
    tags = [{"name": "things", "description": "What is kept."}]
    return describe(routes, INFO, tags, {"keepThing": {"name": "Lampe"}}, "https://here.example")


def test_what_is_hidden_is_not_described(document: dict[str, Any]) -> None:
    assert {path: sorted(item) for path, item in document["paths"].items()} == {
        "/things": ["get", "post"],
        "/things/picture": ["post"],
        "/things/{thing_id}": ["get"],
    }


def test_words_and_names_are_the_handlers(document: dict[str, Any]) -> None:
    listed, kept = document["paths"]["/things"]["get"], document["paths"]["/things"]["post"]
    assert (listed["operationId"], listed["summary"], listed["description"]) == (
        "listThings",
        "All that there is",
        "The newest first.",
    )
    assert kept["operationId"] == "keepThing"


def test_parameters_say_where_they_stand_and_what_holds_without_them(document: dict[str, Any]) -> None:
    colour, limit = document["paths"]["/things"]["get"]["parameters"]
    assert (colour["name"], colour["in"], colour["required"]) == ("colour", "query", False)
    assert "$ref" not in str(colour["schema"])
    assert {"red", "green"} <= {value for each in colour["schema"]["anyOf"] for value in each.get("enum", ())}
    assert (limit["required"], limit["schema"]["default"]) == (False, 50)
    assert limit["description"] == "At most so many."
    (thing,) = document["paths"]["/things/{thing_id}"]["get"]["parameters"]
    assert (thing["in"], thing["required"], thing["schema"]["format"]) == ("path", True, "uuid")


def test_who_may_call_is_what_the_guard_lets_in(document: dict[str, Any]) -> None:
    paths = document["paths"]
    assert paths["/things"]["get"]["security"] == [{}, {"key": []}]
    assert paths["/things/{thing_id}"]["get"]["security"] == [{"key": []}]
    assert paths["/things"]["post"]["security"] == [{"key": []}, {"link": []}]


def test_headers_that_a_handler_looks_at_are_named(document: dict[str, Any]) -> None:
    kept = document["paths"]["/things"]["post"]
    assert [each["name"] for each in kept["parameters"]] == ["Idempotency-Key", "If-Match"]
    assert "ETag" in kept["responses"]["201"]["headers"]


def test_each_call_names_the_refusals_that_it_may_meet(document: dict[str, Any]) -> None:
    def refusals(path: str, method: str) -> str:
        answers = document["paths"][path][method]["responses"]
        return " ".join(sorted(status for status in answers if status >= "400"))

    assert refusals("/things", "get") == "401 403 422 503"
    assert refusals("/things/{thing_id}", "get") == "401 403 404 503"
    assert refusals("/things", "post") == "400 401 403 409 412 413 422 503"
    assert refusals("/things/picture", "post") == "401 403 409 503"


def test_bodies_are_structs_with_their_example_or_files(document: dict[str, Any]) -> None:
    body = document["paths"]["/things"]["post"]["requestBody"]["content"]["application/json"]
    assert body == {"schema": {"$ref": "#/components/schemas/Thing"}, "example": {"name": "Lampe"}}
    picture = document["paths"]["/things/picture"]["post"]["requestBody"]["content"]
    assert picture == {"image/png": {"schema": {"type": "string", "format": "binary"}}}
    assert document["components"]["schemas"]["Thing"]["additionalProperties"] is False


def test_the_reference_says_the_same_in_words(document: dict[str, Any]) -> None:
    shown = reference(document)
    (section,) = shown.sections
    assert [each.id for each in section.operations] == ["listThings", "keepThing", "setPicture", "readThing"]
    kept = section.operations[1]
    assert (kept.method, kept.path, kept.callers, kept.body) == ("POST", "/things", ["key", "link"], "Thing")
    assert kept.example == '{\n  "name": "Lampe"\n}'
    assert [(each.status, each.schema) for each in kept.answers][:2] == [("201", "Thing"), ("400", "Problem")]
    thing = next(each for each in shown.schemas if each.name == "Thing")
    assert thing.description == "Something that is kept."
    assert thing.fields == [
        Field("name", "string (max 80)", [], True, None, "As it is called."),
        Field("colour", "Colour", ["Colour"], False, '"red"', ""),
        Field("parent", "string (uuid) or null", [], False, "null", ""),
        Field("others", "list of Thing", ["Thing"], False, "[]", ""),
    ]
    assert next(each for each in shown.schemas if each.name == "Colour").values == ["green", "red"]
