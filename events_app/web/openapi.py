"""The API's description (OpenAPI 3.1), made from the handlers themselves and msgspec's own JSON schemas.

Litestar's generator knows neither `forbid_unknown_fields` nor our error answers, and its examples are random.
What is said here of a call is read from the handler: its types, its guard, whether it looks at `If-Match`.
"""

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from types import NoneType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import BodyKwarg, ParameterKwarg
from litestar.routes import BaseRoute, HTTPRoute

from events_app.web.idempotency import answer_once
from events_app.web.problems import PROBLEM_TYPE, Problem
from events_app.web.revisions import expected_revision

Json = dict[str, Any]
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_REF = "#/components/schemas/{name}"

_KEY_REQUIRED: list[Json] = [{"key": []}]
_KEY_OR_LINK: list[Json] = [{"key": []}, {"link": []}]
_ANYBODY: list[Json] = [{}, {"key": []}]

SECURITY_SCHEMES: Json = {
    "key": {"type": "http", "scheme": "bearer", "description": "An API key (organiser, door or reader)."},
    "link": {
        "type": "http",
        "scheme": "bearer",
        "description": "The secret of a participant's personal link: it opens that registration only.",
    },
}
_IDEMPOTENCY_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key and body give the same answer, once; with another body: 422.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}
_IF_MATCH: Json = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag that was read: 412 when somebody changed it meanwhile.",
    "schema": {"type": "string"},
}
_ETAG: Json = {"ETag": {"description": "The revision.", "schema": {"type": "string"}}}
_PROBLEMS: dict[str, tuple[str, str]] = {
    "400": ("BadRequest", "The request could not be read."),
    "401": ("NotSignedIn", "A key is needed, or this one is not valid."),
    "403": ("NotAllowed", "This key has no right to do this."),
    "404": ("NotFound", "There is nothing here, or it is not the caller's to see."),
    "409": ("Conflict", "This contradicts the present state; `type` says how."),
    "412": ("RevisionMismatch", "Somebody changed it meanwhile."),
    "413": ("TooLarge", "The body is larger than this address accepts."),
    "422": ("InvalidInput", "Some values cannot be accepted; `errors` names each by a JSON pointer."),
    "429": ("TooManyRequests", "Too many requests; `Retry-After` says when to come back."),
    "503": ("Busy", "Busy; nothing was done, trying again is safe."),
}
REFUSALS = [(status, text) for status, (_, text) in _PROBLEMS.items()]
"""What each refused call may be answered, by status."""


class Call(msgspec.Struct, frozen=True):
    """One operation, as its handler has it."""

    method: str
    path: str
    handler: HTTPRouteHandler

    @property
    def hints(self) -> dict[str, Any]:
        return get_type_hints(self.handler.fn, include_extras=True)

    @property
    def operation_id(self) -> str:
        if isinstance(self.handler.operation_id, str):
            return self.handler.operation_id
        first, *others = self.handler.handler_name.split(".")[-1].split("_")
        return first + "".join(word.capitalize() for word in others)

    def uses(self, function: Any) -> bool:
        """Whether the handler calls this function of ours: so the description cannot forget a header."""
        return function.__name__ in self.handler.fn.__code__.co_names

    @property
    def body_type(self) -> Any:
        for hint in self.hints.values():
            if get_origin(hint) is Annotated and isinstance(get_args(hint)[1], BodyKwarg):
                return get_args(hint)[0]
        return None

    @property
    def answer_type(self) -> Any:
        """The struct that is answered; None without a body."""
        spec = (self.handler.responses or {}).get(self.handler.status_code)
        if spec is not None:
            return spec.data_container
        answer = self.hints["return"]
        if get_origin(answer) is Response:
            answer = get_args(answer)[0]
        return None if answer is NoneType else answer


def describe(
    routes: Iterable[BaseRoute], info: Json, tags: list[Json], examples: Mapping[str, Json], base_url: str
) -> Json:
    """The whole document. `examples`: a request's body by operation id."""
    calls = sorted(_calls(routes), key=lambda call: (call.path, _METHODS.index(call.method)))
    types = {call.body_type for call in calls} | {call.answer_type for call in calls} | {Problem}
    # Sorted by name: the document is the same in each process.
    known = sorted(types - {None}, key=str)
    references, schemas = msgspec.json.schema_components(known, ref_template=_REF, schema_hook=_anything)
    reference = dict(zip(known, references, strict=True))
    paths: dict[str, Json] = {}
    for call in calls:
        operation = _operation(call, reference, examples.get(call.operation_id))
        paths.setdefault(call.path, {})[call.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": info,
        "servers": [{"url": base_url}],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": SECURITY_SCHEMES,
            "responses": {name: _problem_response(text) for name, text in _PROBLEMS.values()},
        },
    }


def _anything(kind: type) -> Json:
    if kind is object:
        return {"description": "Any JSON value."}
    raise NotImplementedError  # msgspec's way to say that no schema is known


def _calls(routes: Iterable[BaseRoute]) -> Iterator[Call]:
    for route in routes:
        if not isinstance(route, HTTPRoute):
            continue
        for handler in route.route_handlers:
            if handler.resolve_include_in_schema():
                for method in handler.http_methods & set(_METHODS):
                    yield Call(str(method), route.path_format, handler)


def _operation(call: Call, reference: Mapping[Any, Json], example: Json | None) -> Json:
    summary, description = _words(call.handler)
    operation: Json = {
        "operationId": call.operation_id,
        "summary": summary,
        "description": description,
        "tags": list(call.handler.tags or ()),
        "security": _security(call),
        "parameters": list(_parameters(call)),
        "responses": _responses(call, reference),
    }
    if call.body_type is not None:
        content = {"schema": reference[call.body_type]} | ({} if example is None else {"example": example})
        operation["requestBody"] = {"required": True, "content": {"application/json": content}}
    elif media_types := call.handler.opt.get("body_media_types"):
        raw: Json = {"schema": {"type": "string", "format": "binary"}}
        operation["requestBody"] = {"required": True, "content": dict.fromkeys(media_types, raw)}
    return {name: value for name, value in operation.items() if value != "" and value != []}


def _words(handler: HTTPRouteHandler) -> tuple[str, str]:
    """The handler's own summary, else the first sentence of its docstring."""
    text = inspect.cleandoc(handler.fn.__doc__ or "").replace("\n", " ").replace("  ", "\n\n")
    if handler.summary:
        return str(handler.summary), str(handler.description or text)
    first, *rest = re.split(r"(?<=\.)\s+", text, maxsplit=1)
    return first.rstrip("."), str(handler.description or "".join(rest))


def _security(call: Call) -> list[Json]:
    guards = [guard for guard in call.handler.guards or () if hasattr(guard, "roles")]
    if not guards:
        return _ANYBODY
    return _KEY_OR_LINK if any(getattr(guard, "or_participant", False) for guard in guards) else _KEY_REQUIRED


def _parameters(call: Call) -> Iterator[Json]:
    signature = inspect.signature(call.handler.fn)
    for name, hint in call.hints.items():
        if get_origin(hint) is not Annotated:
            continue
        annotated, marker, *_ = get_args(hint)
        if not isinstance(marker, ParameterKwarg):
            continue
        in_path = f"{{{name}}}" in call.path
        [schema], _ = msgspec.json.schema_components([annotated], ref_template=_REF)
        default = signature.parameters[name].default
        if default not in (inspect.Parameter.empty, None, ""):
            schema = {**schema, "default": default}
        wanted: Json = {
            "name": name if in_path else getattr(marker, "name", None) or name,
            "in": "path" if in_path else "query",
            "required": in_path or default is inspect.Parameter.empty,
            "schema": _inlined(annotated, schema),
        }
        if marker.description:
            wanted["description"] = marker.description
        yield wanted
    if call.uses(answer_once):
        yield _IDEMPOTENCY_KEY
    if call.uses(expected_revision):
        yield _IF_MATCH


def _inlined(annotated: Any, schema: Json) -> Json:
    """A parameter's enumeration stands where it is used."""
    if "$ref" not in str(schema):
        return schema
    _, components = msgspec.json.schema_components([annotated], ref_template=_REF)
    text = msgspec.json.encode(schema).decode()
    for name, component in components.items():
        reference = msgspec.json.encode({"$ref": _REF.format(name=name)}).decode()
        text = text.replace(reference, msgspec.json.encode(component).decode())
    return dict(msgspec.json.decode(text))


def _responses(call: Call, reference: Mapping[Any, Json]) -> Json:
    status = str(call.handler.status_code)
    spec = (call.handler.responses or {}).get(call.handler.status_code)
    done: Json = {"description": spec.description if spec else "Done"}
    if call.answer_type is not None:
        done["content"] = {"application/json": {"schema": reference[call.answer_type]}}
    if call.handler.response_headers or call.uses(expected_revision):
        done["headers"] = _ETAG
    return {status: done} | {
        code: {"$ref": f"#/components/responses/{_PROBLEMS[code][0]}"} for code in _refusals(call)
    }


def _refusals(call: Call) -> list[str]:
    codes = ["401", "403", "503"]  # a wrong key is refused everywhere
    parameters = list(_parameters(call))
    if any(parameter["in"] == "path" for parameter in parameters):
        codes.append("404")
    if call.method != "GET":
        codes.append("409")
    if call.uses(expected_revision):
        codes.append("412")
    if call.body_type is not None:
        codes += ["400", "413"]
        codes += ["429"] if _security(call) is _ANYBODY else []
    if call.body_type is not None or any(parameter["in"] == "query" for parameter in parameters):
        codes.append("422")
    return sorted(codes)


def _problem_response(text: str) -> Json:
    return {
        "description": text,
        "content": {PROBLEM_TYPE: {"schema": {"$ref": _REF.format(name=Problem.__name__)}}},
    }
