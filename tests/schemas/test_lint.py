"""The rules for tool definitions."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fc_distilabel.schemas import lint_tool, lint_tools
from fc_distilabel.types import Tool

CASES = json.loads((Path(__file__).parents[1] / "cases/lint.json").read_text(encoding="utf-8"))
SOUND = {
    "name": "search_hotels",
    "description": "Find hotels in a city.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string", "description": "The city.", "default": "Rome"}},
        "required": ["city"],
        "additionalProperties": False,
    },
    "returns": {"type": "object", "properties": {}, "additionalProperties": False},
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["description"])
def test_flaws_are_found_at_their_place(case: dict[str, Any]) -> None:
    """Each flaw of a tool is named with its rule and place."""
    tool = Tool.model_validate({**SOUND, **case["tool"]})
    found = [[v.rule, v.path, v.severity] for v in lint_tool(tool)]
    assert found == case["expected"]


def test_names_of_a_toolset_must_differ() -> None:
    """A call by name must mean one tool."""
    tool = Tool.model_validate(SOUND)
    found = lint_tools([tool, tool.model_copy(update={"name": "other"}), tool])
    assert [(v.rule, v.path) for v in found] == [
        ("duplicate-name", "0/name"),
        ("duplicate-name", "2/name"),
    ]


def test_flaws_of_a_toolset_carry_the_tools_index() -> None:
    """A flaw in a list of tools says which tool has it."""
    sound = Tool.model_validate(SOUND)
    found = lint_tools([sound, sound.model_copy(update={"name": "a b"})])
    assert [(v.rule, v.path) for v in found] == [("name", "1/name")]


@settings(max_examples=100, deadline=None)
@given(
    inner=st.dictionaries(
        st.sampled_from(["type", "enum", "default", "const", "properties", "$ref", "items"]),
        st.sampled_from(
            ["string", "#", "#/properties/a", ["x", 1], {"b": {"default": 3}}, {}, True]
        ),
    )
)
def test_any_schema_can_be_linted(inner: dict[str, Any]) -> None:
    """Lint reports and never raises."""
    parameters = {"type": "object", "properties": {"a": inner}}
    assert lint_tool(Tool.model_validate({**SOUND, "parameters": parameters}))
