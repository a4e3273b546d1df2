"""Schemas are shown as trees that people read."""

import pytest

from fc_distilabel.feedback.review.room import Room
from fc_distilabel.feedback.review.tools import Schemas


def shown(schema):
    return Schemas(schema, Room()).tree()


def test_parameters_say_what_is_allowed():
    """Type, whether required, description, values, bounds and default of each parameter."""
    nights = {"type": "integer", "minimum": 1, "maximum": 14, "default": 2}
    board = {"type": ["string", "null"], "enum": ["half", "full", None], "description": "Meals"}
    tree = shown(
        {"type": "object", "properties": {"nights": nights, "board": board}, "required": ["board"]}
    )
    assert tree["items"] == [
        {
            "name": "nights",
            "type": "integer",
            "limits": [
                ["minimum", {"text": "1"}],
                ["maximum", {"text": "14"}],
                ["default", {"text": "2"}],
            ],
        },
        {
            "name": "board",
            "required": True,
            "type": "string | null",
            "description": {"text": "Meals"},
            "allowed": [{"text": "half"}, {"text": "full"}, {"text": "null"}],
        },
    ]


def test_inner_schemas_are_inner_rows():
    """Items, other keys and the choices of a union stand within what they describe."""
    tree = shown(
        {
            "properties": {
                "a": {"type": "array", "items": {"type": "string"}},
                "b": {"additionalProperties": {"type": "number"}},
                "c": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
            }
        }
    )
    names = [[inner["name"] for inner in item["items"]] for item in tree["items"]]
    assert names == [["[]"], ["{}"], ["anyOf 1", "anyOf 2"]]


def test_references_are_followed_once():
    """A definition is put in where it is referred to; within itself it ends."""
    person = {"properties": {"name": {"type": "string"}, "boss": {"$ref": "#/$defs/person"}}}
    tree = shown({"properties": {"who": {"$ref": "#/$defs/person"}}, "$defs": {"person": person}})
    name, boss = tree["items"][0]["items"]
    assert name == {"name": "name", "type": "string"}
    assert boss == {"name": "boss", "type": "#/$defs/person", "more": True}


@pytest.mark.parametrize("schema", [True, False, {}, {"$ref": "#/nowhere"}, {"$ref": 3}, []])
def test_odd_schemas_are_shown_too(schema):
    """What is no usual schema takes a row as well."""
    assert shown({"properties": {"x": schema}})["items"][0]["name"] == "x"


def test_rules_without_a_shape_are_shown_as_they_are():
    """Conditions and patterns of names stand there as JSON, rather than not at all."""
    tree = shown({"properties": {"x": {"if": {"minimum": 3}, "then": {"multipleOf": 2}}}})
    assert [limit for limit, _ in tree["items"][0]["limits"]] == ["if", "then"]
