"""Schemas for constrained generation: bounded, and no looser than what they stand for."""

from typing import Any

import pytest

from fc_distilabel.errors import SchemaError
from fc_distilabel.schemas import bounded, call_schema, check_schema, violations
from fc_distilabel.types import Tool


def tool(name: str, parameters: dict[str, Any]) -> Tool:
    """A tool with these parameters."""
    return Tool(
        name=name, description="Does it.", parameters=parameters, returns={"type": "object"}
    )


def closed(**properties: Any) -> dict[str, Any]:
    """A closed object with all properties required."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


STAY = tool("book_stay", closed(nights={"type": "integer"}))
TREE = tool(
    "plant",
    closed(tree={"$ref": "#/$defs/node"})
    | {"$defs": {"node": {"type": "object", "properties": {"kids": {"$ref": "#/$defs/node"}}}}},
)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, {"type": "string", "maxLength": 160}),
        ({"type": "string", "maxLength": 9}, {"type": "string", "maxLength": 9}),
        ({"type": "string", "maxLength": 900}, {"type": "string", "maxLength": 160}),
        (
            {"type": "string", "minLength": 200},
            {"type": "string", "minLength": 200, "maxLength": 200},
        ),
        ({"type": "string", "format": "date"}, {"type": "string", "format": "date"}),
        ({"type": "string", "format": "binary"}, {"type": "string", "maxLength": 160}),
        ({"oneOf": [{"type": "null"}]}, {"anyOf": [{"type": "null"}]}),
        ({"type": "string", "pattern": "x"}, {"type": "string", "maxLength": 160}),
        ({"type": "string", "enum": ["a"]}, {"type": "string", "enum": ["a"]}),
        ({"type": "array"}, {"type": "array", "maxItems": 6}),
        (
            {"type": "array", "minItems": 8, "uniqueItems": True},
            {"type": "array", "minItems": 8, "maxItems": 8},
        ),
        ({"type": "integer"}, {"type": "integer", "minimum": -(10**9), "maximum": 10**9}),
        (
            {"type": "number", "exclusiveMinimum": 0},
            {"type": "number", "exclusiveMinimum": 0, "maximum": 10**9},
        ),
        (
            {"type": "integer", "minimum": 5 * 10**9},
            {"type": "integer", "minimum": 5 * 10**9, "maximum": 6 * 10**9},
        ),
        (
            {"type": ["string", "null"], "if": {}, "then": {}, "not": {"const": 1}},
            {"type": ["string", "null"], "maxLength": 160},
        ),
        (
            {"type": "object", "properties": {"a": {"type": "boolean"}}},
            {
                "type": "object",
                "properties": {"a": {"type": "boolean"}},
                "additionalProperties": False,
            },
        ),
        (
            {"anyOf": [{"type": "string"}, {"type": "null"}]},
            {"anyOf": [{"type": "string", "maxLength": 160}, {"type": "null"}]},
        ),
        ({"allOf": [{"properties": {"a": True}}]}, {"allOf": [{"properties": {"a": True}}]}),
    ],
    ids=str,
)
def test_every_open_end_is_closed(schema: dict[str, Any], expected: dict[str, Any]) -> None:
    """Texts, lists, numbers and objects get bounds; keywords that decoders ignore are gone."""
    assert bounded(schema) == expected


def test_the_original_is_left_alone() -> None:
    """Tightening makes a copy."""
    schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    bounded(schema)
    assert schema == {"type": "object", "properties": {"a": {"type": "string"}}}


def test_an_invalid_schema_is_refused() -> None:
    """A schema that means nothing cannot be tightened."""
    with pytest.raises(SchemaError):
        bounded({"type": "objekt"})


@pytest.mark.parametrize(
    ("reply", "fits"),
    [
        ({"name": "book_stay", "arguments": {"nights": 2}}, True),
        ({"name": "plant", "arguments": {"tree": {"kids": {}}}}, True),
        ({"name": "plant", "arguments": {"tree": {"kids": 1}}}, False),
        ({"name": "book_stay", "arguments": {"tree": {}}}, False),
        ({"name": "book_stay"}, False),
        ({"name": "other", "arguments": {}}, False),
        ({"name": "none"}, False),
        ([{"name": "book_stay", "arguments": {"nights": 2}}], False),
    ],
    ids=str,
)
def test_a_reply_is_one_call_of_an_offered_tool(reply: Any, fits: bool) -> None:
    """Name and arguments belong together, through references too."""
    schema = call_schema([STAY, TREE], parallel=False)
    check_schema(schema)
    assert (violations(schema, reply) == []) is fits


@pytest.mark.parametrize(("count", "fits"), [(0, False), (1, True), (4, True), (5, False)])
def test_parallel_replies_hold_one_to_four_calls(count: int, fits: bool) -> None:
    """A parallel reply is a bounded list of calls."""
    schema = call_schema([STAY], parallel=True)
    reply = [{"name": "book_stay", "arguments": {"nights": n}} for n in range(count)]
    assert (violations(schema, reply) == []) is fits


def test_nothing_may_be_called_where_allowed() -> None:
    """With `least=0` a model may say that no call is right: an empty list."""
    schema = call_schema([STAY, TREE], parallel=True, least=0)
    assert violations(schema, []) == []
