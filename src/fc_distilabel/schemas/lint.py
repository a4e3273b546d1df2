"""What a tool definition must hold before anyone is trained on it.

A schema may be valid and still useless: open objects let any invented argument pass, and a
parameter without a description can be filled by guessing only. These rules are stricter than JSON
Schema.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias
from urllib.parse import quote

from fc_distilabel.errors import SchemaError
from fc_distilabel.schemas.engine import check_schema, join_path, show, violations
from fc_distilabel.schemas.grammar import NO_CALL
from fc_distilabel.types import Json, Tool, Violation

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_ADDRESS = "urn:fc-distilabel:tool"

SCHEMA_MAPS = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
"""Keywords whose value maps names to schemas."""
SCHEMA_LISTS = ("prefixItems", "allOf", "anyOf", "oneOf")
"""Keywords whose value lists schemas."""
SCHEMA_SLOTS = (
    "items",
    "additionalProperties",
    "contains",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "not",
    "if",
    "then",
    "else",
)
"""Keywords whose value is one schema."""

_Keys: TypeAlias = tuple[str | int, ...]
_Root: TypeAlias = dict[str, Any]


def lint_tools(tools: Sequence[Tool]) -> list[Violation]:
    """Every flaw of every tool, at paths that start with the tool's index; names must differ."""
    found = [
        violation.model_copy(update={"path": join_path(str(index)) + "/" + violation.path})
        for index, tool in enumerate(tools)
        for violation in lint_tool(tool)
    ]
    counts = Counter(tool.name for tool in tools)
    for index, tool in enumerate(tools):
        if counts[tool.name] > 1:
            message = (
                f"{counts[tool.name]} tools are named {show(tool.name)}, but names must differ"
            )
            found.append(_flaw("duplicate-name", (index, "name"), message, tool.name))
    return found


def lint_tool(tool: Tool) -> list[Violation]:
    """Every flaw of one tool; an empty list means that it can be offered."""
    return [
        *_naming(tool),
        *_lint_schema(tool.parameters, "parameters", described=True),
        *_lint_schema(tool.returns, "returns", described=False),
    ]


def subschemas(schema: Json, keys: _Keys = ()) -> Iterator[tuple[_Keys, dict[str, Any]]]:
    """The schema and all schemas inside it, outermost first, with the keys that lead there."""
    if not isinstance(schema, dict):
        return
    yield keys, schema
    for keyword in SCHEMA_MAPS:
        for name, inner in schema.get(keyword, {}).items():
            yield from subschemas(inner, (*keys, keyword, name))
    for keyword in SCHEMA_LISTS:
        for index, inner in enumerate(schema.get(keyword, ())):
            yield from subschemas(inner, (*keys, keyword, index))
    for keyword in SCHEMA_SLOTS:
        yield from subschemas(schema.get(keyword), (*keys, keyword))


def _naming(tool: Tool) -> Iterator[Violation]:
    if not _NAME.fullmatch(tool.name):
        message = f"name is {show(tool.name)}, but must be 1 to 64 letters, digits, _ or -"
        yield _flaw("name", ("name",), message, tool.name)
    if tool.name == NO_CALL:
        message = f"name is {show(NO_CALL)}, which is how a reply declines to call"
        yield _flaw("name", ("name",), message, tool.name)
    if not tool.description.strip():
        yield _flaw(
            "description", ("description",), "description is empty, but must say what the tool does"
        )


def _lint_schema(root: _Root, place: str, *, described: bool) -> Iterator[Violation]:
    try:
        check_schema(root)
    except SchemaError as error:
        yield _flaw("schema", (place,), f"{place}: {error}")
        return
    if any("$id" in schema for _, schema in subschemas(root)):
        yield _flaw("schema", (place,), f"{place} sets $id, but a tool's schema has no address")
        return
    if root.get("type") != "object":
        message = f"{place} has type {show(root.get('type'))}, but must be an object"
        yield _flaw("object", (place, "type"), message, root.get("type"))
    for keys, schema in subschemas(root):
        yield from _shape(schema, (place, *keys))
        yield from _values(root, schema, keys, place)
        if described:
            yield from _descriptions(schema, (place, *keys))


def _shape(schema: _Root, keys: _Keys) -> Iterator[Violation]:
    """Objects that list properties are closed, and require only what they list."""
    listed = schema.get("properties", {})
    closed = False in (schema.get("additionalProperties"), schema.get("unevaluatedProperties"))
    if "properties" in schema and not closed:
        message = f"{_place(keys)} lists properties, but does not set additionalProperties to false"
        yield _flaw("closed", (*keys, "additionalProperties"), message)
    if "properties" in schema or schema.get("type") == "object":
        for name in schema.get("required", ()):
            if name not in listed:
                message = f"{_place(keys)} requires {show(name)}, which is not among its properties"
                yield _flaw("required", (*keys, "required"), message, name)


def _descriptions(schema: _Root, keys: _Keys) -> Iterator[Violation]:
    for name, inner in schema.get("properties", {}).items():
        text = inner.get("description") if isinstance(inner, dict) else None
        if not (isinstance(text, str) and text.strip()):
            place = (*keys, "properties", name)
            yield _flaw(
                "description", (*place, "description"), f"{_place(place)} has no description"
            )


def _values(root: _Root, schema: _Root, keys: _Keys, place: str) -> Iterator[Violation]:
    """Values that the schema itself names must be valid under it."""
    # An enum always allows its own values, so it is judged by what stands beside it.
    beside = {keyword: part for keyword, part in schema.items() if keyword not in ("enum", "const")}
    for keyword, judge in (("enum", beside), ("const", beside), ("default", schema)):
        if keyword not in schema:
            continue
        for value in schema[keyword] if keyword == "enum" else [schema[keyword]]:
            for flaw in _misfits(root, judge, keys, value):
                where = (place, *keys, keyword)
                message = f"{_place(where)} {show(value)} does not fit: {flaw.message}"
                yield _flaw(keyword, where, message, value)


def _misfits(root: _Root, judge: _Root, keys: _Keys, value: Json) -> list[Violation]:
    """Judge a value by a part of the schema whose `$ref` may reach anywhere in the whole."""
    whole = _replaced(root, keys, judge)
    if not keys:
        return violations(whole, value)
    pointer = quote(join_path("", *keys), safe="/~")
    document = {"$ref": f"{_ADDRESS}#/{pointer}", "$defs": {"tool": {"$id": _ADDRESS, **whole}}}
    return violations(document, value)


def _replaced(schema: Json, keys: _Keys, part: _Root) -> Json:
    """A copy of the schema with the part at `keys` exchanged."""
    if not keys:
        return part
    copied = list(schema) if isinstance(schema, list) else dict(schema)
    copied[keys[0]] = _replaced(schema[keys[0]], keys[1:], part)  # type: ignore[index]
    return copied


def _place(keys: _Keys) -> str:
    return join_path("", *keys)


def _flaw(rule: str, keys: _Keys, message: str, value: Json = None) -> Violation:
    return Violation(rule=rule, path=_place(keys), message=message, value=value)
