"""Rows are written as people and APIs write them, though nouns cross steps with sorted keys."""

from typing import Any

from fc_distilabel.runs.rows import in_convention, row_line
from fc_distilabel.types import Tool, canonical_json

PARAMETERS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "stop": {"type": "string", "description": "Stop", "minLength": 1},
        "address": {
            "type": "object",
            "properties": {"type": {"type": "string"}, "city": {"type": "string"}},
            "required": ["type", "city"],
            "additionalProperties": False,
        },
        "bags": {"type": "integer", "enum": [2, 1]},
    },
    "required": ["stop", "address"],
    "additionalProperties": False,
}


def test_schemas_get_their_order_back() -> None:
    """`type` first, parameters as they were made, a property named like a keyword in its place."""
    tool = Tool(name="rent", description="Rent.", parameters=PARAMETERS, returns=PARAMETERS)
    sorted_tool = Tool.model_validate_json(tool.to_json())
    ordered = in_convention(sorted_tool)
    assert row_line(ordered.parameters) == row_line(PARAMETERS)
    assert canonical_json(ordered.returns) == canonical_json(PARAMETERS)
