"""OpenAPI 3 documents: each operation is a tool, with nothing of its schemas flattened away.

The arguments are the operation's parameters by name, and beside them the properties of its body. A
body that cannot be taken apart without loss (a list, a union, one that may be left out whole, one
whose properties are named like parameters) is one argument, `body`. The result is that of the first
JSON response that says success.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from fc_distilabel.schemas.bounds import join_path
from fc_distilabel.schemas.components import Components, unique
from fc_distilabel.schemas.reading import (
    Change,
    Reader,
    UnreadableError,
    changed,
    refused,
    spelled,
)
from fc_distilabel.schemas.walk import Schema
from fc_distilabel.types import Json, Tool

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_SET_BY_CLIENT = ("accept", "content-type", "authorization")
"""Headers that OpenAPI itself says to ignore among the parameters."""
_JSON = ("/json", "+json", "*/*")
_ILLEGAL = re.compile(r"[^A-Za-z0-9_-]+")
_MAX_NAME = 64
_TAKEN_APART = frozenset(
    "type properties required additionalProperties title description example examples "
    "externalDocs xml deprecated $comment".split()
)
"""Keywords of a body whose properties can stand among the parameters."""


class _Operation(NamedTuple):
    """One operation and where it stands."""

    method: str
    route: str
    item: Schema
    """The path item, whose parameters hold for all of its operations."""
    body: Schema
    name: str

    def __str__(self) -> str:
        return f"{self.method.upper()} {spelled(self.route)}"


def is_openapi(value: Schema) -> bool:
    """Whether an object is an API description, also one of a version that is not read."""
    return isinstance(value.get("paths"), dict) and ("openapi" in value or "swagger" in value)


def read_operations(document: Schema) -> Iterator[partial[Reader[Tool]]]:
    """A reader for each operation of a document."""
    if not str(document.get("openapi")).startswith("3."):
        version = document.get("openapi", document.get("swagger"))
        yield partial(refused, "openapi", f"OpenAPI 3 is read, not version {spelled(version)}")
        return
    components = Components(document)
    names: set[str] = set()
    pending = [(str(route), document["paths"][route]) for route in reversed(document["paths"])]
    while pending:
        route, found = pending.pop()
        try:
            item = components.resolved(found, "")
        except UnreadableError as error:
            yield partial(refused, error.violation.rule, f"{spelled(route)}: {error}")
            continue
        if item is found:  # documents exist whose indentation put paths inside a path
            pending.extend((key, item[key]) for key in reversed(item) if key.startswith("/"))
        for operation in _operations(route, item, names):
            names.add(operation.name)
            yield partial(_read, operation, components)


def _operations(route: str, item: Schema, names: set[str]) -> Iterator[_Operation]:
    for method, body in item.items():
        if method in _METHODS and isinstance(body, dict):
            told = body.get("operationId")
            name = _ILLEGAL.sub("_", told if isinstance(told, str) else f"{method} {route}")
            name = unique(name.strip("_")[: _MAX_NAME - 6] or method, names)
            yield _Operation(method, route, item, body, name)


def _read(operation: _Operation, components: Components, path: str) -> Reader[Tool]:
    """The operation as a tool."""
    told = operation.body.get("operationId")
    if told != operation.name:
        was = f"operationId {spelled(told)}" if told else "without operationId"
        yield changed(path, "name", f"{operation}, {was}, became `{operation.name}`")
    parameters = yield from _arguments(operation, components, join_path(path, "parameters"))
    returns = yield from _result(operation, components, join_path(path, "returns"))
    texts = (operation.body.get("description"), operation.body.get("summary"))
    description = next((text for text in texts if isinstance(text, str) and text.strip()), "")
    return Tool(
        name=operation.name, description=description, parameters=parameters, returns=returns
    )


def _arguments(operation: _Operation, components: Components, path: str) -> Reader[Schema]:
    """The parameters by name, and the body among them or as one of them."""
    schema: Schema = {"type": "object", "properties": {}, "required": []}
    for parameter in _parameters(operation, components, path):
        name = _free_name(parameter["name"], parameter["in"], schema["properties"])
        where = join_path(path, "properties", name)
        if name != parameter["name"]:
            told = f"`{parameter['name']}` in {parameter['in']} became `{name}`: the name was taken"
            yield Change(path=where, message=told)
        schema["properties"][name] = yield from _parameter_schema(parameter, components, where)
        schema["required"] += [name] if parameter.get("required") is True else []
    if "requestBody" in operation.body:
        yield from _add_body(operation, components, schema, path)
    definitions = yield from components.definitions([schema], path)
    return schema | ({"$defs": definitions} if definitions else {})


def _parameters(operation: _Operation, components: Components, path: str) -> list[Schema]:
    """The operation's parameters and those of its path that it does not override."""
    found: dict[tuple[str, str], Schema] = {}
    for holder in (operation.item, operation.body):
        listed = holder.get("parameters") or []
        for value in listed if isinstance(listed, list) else [listed]:
            parameter = components.resolved(value, path)
            name, place = parameter.get("name"), parameter.get("in")
            if not (isinstance(name, str) and isinstance(place, str)):
                message = f"a parameter of {operation} has no name or place: {spelled(parameter)}"
                raise UnreadableError("openapi", path, message)
            if place != "header" or name.casefold() not in _SET_BY_CLIENT:
                found[name, place] = parameter
    return list(found.values())


def _free_name(name: str, place: str, taken: Schema) -> str:
    return unique(f"{name}_{place}", taken) if name in taken else name


def _parameter_schema(parameter: Schema, components: Components, path: str) -> Reader[Json]:
    raw = parameter.get("schema")
    if raw is None:
        raw = (_media(parameter) or {}).get("schema", {})
    schema = yield from components.schema(raw, path)
    told = {key: parameter[key] for key in ("description", "deprecated") if key in parameter}
    return {**told, **schema} if isinstance(schema, dict) else schema


def _add_body(
    operation: _Operation, components: Components, schema: Schema, path: str
) -> Reader[None]:
    """Put the body's properties among the arguments, or the body whole if that loses anything."""
    body = components.resolved(operation.body["requestBody"], path)
    media = _media(body)
    if media is None:
        raise UnreadableError("openapi", path, f"the body of {operation} has no content")
    raw, needed = media.get("schema", {}), body.get("required") is True
    parts = (
        components.resolved(raw, path) if isinstance(raw, dict) and list(raw) == ["$ref"] else raw
    )
    if _can_be_taken_apart(parts, schema["properties"], needed):
        parts = yield from components.schema(parts, path)
        schema["properties"] |= parts["properties"]
        schema["required"] += parts.get("required", [])
        if "additionalProperties" in parts:
            schema["additionalProperties"] = parts["additionalProperties"]
        return
    name = unique("body", schema["properties"])
    where = join_path(path, "properties", name)
    yield Change(path=where, message=f"the body of {operation} became one argument, `{name}`")
    inner = yield from components.schema(raw, where)
    told = {"description": body["description"]} if body.get("description") else {}
    schema["properties"][name] = {**told, **inner} if isinstance(inner, dict) else inner
    schema["required"] += [name] if needed else []


def _can_be_taken_apart(body: Json, taken: Schema, needed: bool) -> bool:
    if not isinstance(body, dict) or not isinstance(body.get("properties"), dict):
        return False
    if not isinstance(body.get("required", []), list):
        return False
    plain = body.get("type", "object") == "object" and _TAKEN_APART.issuperset(body)
    free = not any(name in taken for name in body["properties"])
    return plain and free and (needed or not body.get("required"))


def _result(operation: _Operation, components: Components, path: str) -> Reader[Schema]:
    """The schema of the first JSON response that says success; nothing where there is none."""
    listed = operation.body.get("responses")
    responses = {str(code): r for code, r in listed.items()} if isinstance(listed, dict) else {}
    for code in sorted(code for code in responses if code.startswith("2")):
        media = _media(components.resolved(responses[code], path), json_only=True)
        if media and isinstance(media.get("schema"), dict):
            schema: Schema = yield from components.schema(media["schema"], path)
            definitions = yield from components.definitions([schema], path)
            return schema | ({"$defs": definitions} if definitions else {})
    return {}


def _media(holder: Schema, *, json_only: bool = False) -> Schema | None:
    """What a body, response or parameter holds: as JSON if it may be, else the first there is."""
    content = holder.get("content")
    listed = content.items() if isinstance(content, dict) else ()
    kinds = [(str(kind), media) for kind, media in listed if isinstance(media, dict)]
    for kind, media in kinds:
        if kind.split(";")[0].strip().casefold().endswith(_JSON):
            return media
    return None if json_only or not kinds else kinds[0][1]
