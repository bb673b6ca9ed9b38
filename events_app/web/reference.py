"""The API's description as people read it: what a template shows, made from the OpenAPI document."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec

Json = Mapping[str, Any]


class Field(msgspec.Struct, frozen=True):
    """`links`: the schemas that the type names."""

    name: str
    type: str
    links: list[str]
    required: bool
    default: str | None
    description: str
    place: str = ""


class Answer(msgspec.Struct, frozen=True):
    status: str
    description: str
    schema: str | None


class Operation(msgspec.Struct, frozen=True):
    id: str
    method: str
    path: str
    summary: str
    description: str
    callers: list[str]
    parameters: list[Field]
    body: str | None
    example: str | None
    answers: list[Answer]


class Section(msgspec.Struct, frozen=True):
    name: str
    description: str
    operations: list[Operation]


class Schema(msgspec.Struct, frozen=True):
    name: str
    description: str
    fields: list[Field]
    values: list[str]


class Reference(msgspec.Struct, frozen=True):
    sections: list[Section]
    schemas: list[Schema]


def reference(document: Json) -> Reference:
    operations = [
        (operation["tags"], _operation(document, method, path, operation))
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]
    sections = [
        Section(tag["name"], tag["description"], [found for tags, found in operations if tag["name"] in tags])
        for tag in document["tags"]
    ]
    schemas = [_schema(name, schema) for name, schema in sorted(document["components"]["schemas"].items())]
    return Reference(sections, schemas)


def _operation(document: Json, method: str, path: str, operation: Json) -> Operation:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    example = body.get("example")
    callers = [name for wanted in operation["security"] for name in (wanted or {"": []})]
    return Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        description=operation.get("description", ""),
        callers=callers,
        parameters=[
            _field(each["name"], each["schema"], each["required"], each.get("description", ""), each["in"])
            for each in operation.get("parameters", [])
        ],
        body=_name(body["schema"]) if body else None,
        example=json.dumps(example, ensure_ascii=False, indent=2) if example is not None else None,
        answers=[_answer(document, status, answer) for status, answer in operation["responses"].items()],
    )


def _answer(document: Json, status: str, answer: Json) -> Answer:
    if "$ref" in answer:
        answer = document["components"]["responses"][_name(answer)]
    [content] = answer.get("content", {}).values() or [{}]
    return Answer(status, answer["description"], _name(content["schema"]) if content else None)


def _schema(name: str, schema: Json) -> Schema:
    required = schema.get("required", ())
    fields = [_field(key, each, key in required) for key, each in schema.get("properties", {}).items()]
    values = [str(value) for value in schema.get("enum", ())]
    return Schema(name, schema.get("description", ""), fields, values)


def _field(name: str, schema: Json, required: bool, description: str = "", place: str = "") -> Field:
    default = json.dumps(schema["default"], ensure_ascii=False) if "default" in schema else None
    links: list[str] = []
    words = _type(schema, links)
    return Field(name, words, links, required, default, description or schema.get("description", ""), place)


def _type(schema: Json, links: list[str]) -> str:
    """« string (uuid) », « integer or null », « list of Question »; names of schemas are put into `links`."""
    if "$ref" in schema:
        links.append(_name(schema))
        return _name(schema)
    if "anyOf" in schema:
        return " or ".join(_type(each, links) for each in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    kind = schema.get("type", "any")
    if kind == "array":
        return f"list of {_type(schema.get('items', {}), links)}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), Mapping):
        return f"object of {_type(schema['additionalProperties'], links)}"
    limits = [
        f"{word} {schema[key]}"
        for key, word in (("minLength", "min"), ("maxLength", "max"), ("minimum", "from"), ("maximum", "to"))
        if key in schema
    ]
    inside = ", ".join([schema[key] for key in ("format",) if key in schema] + limits)
    return f"{kind} ({inside})" if inside else str(kind)


def _name(referring: Json) -> str:
    """Of the schema that is referred to, be it the one that may be left out."""
    if "$ref" not in referring:
        referring = next(each for each in referring.get("oneOf") or referring["anyOf"] if "$ref" in each)
    return str(referring["$ref"]).rpartition("/")[2]
