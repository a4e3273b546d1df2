"""The step `SimilarTools`: columns in, columns out."""

import json
from typing import Any

import pytest
from distilabel.pipeline import Pipeline

from fc_distilabel.steps import SimilarTools
from fc_distilabel.types import Drop

HOTELS = {
    "type": "function",
    "function": {
        "name": "search_hotels",
        "description": "Search hotels that have free rooms.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string", "description": "City of the hotel"}},
            "required": ["city"],
        },
    },
}
MCP = {"name": "get_room", "description": "查看一间会议室。", "inputSchema": {"type": "object"}}


def through(rows: list[dict[str, Any]], **options: Any) -> list[dict[str, Any]]:
    """The rows that come out of a step with these options."""
    step = SimilarTools(name="it", pipeline=Pipeline(name="t"), **options)
    step.load()
    return list(next(step.process(rows)))


def test_a_row_gets_similar_tools() -> None:
    """Each has a tool in OpenAI's shape, its sort, what decides, and how confusable it is."""
    [row] = through([{"tools": json.dumps([HOTELS]), "mine": 1}], count=4, confusability=0.8)
    made = json.loads(row["similar"])
    assert len(made) == 4 and row["mine"] == 1 and row["drop"] == ""
    for each in made:
        assert each["tool"]["type"] == "function"
        assert each["decided_by"] and each["decider"]["about"] and each["sort"]
        assert 0 <= each["confusability"]["value"] <= 1


def test_any_dialect_and_language_is_read() -> None:
    """An MCP tool in Chinese gets look-alikes in Chinese; names of other tools are left alone."""
    [row] = through([{"tools": json.dumps([MCP])}], count=2)
    names = [each["tool"]["function"]["name"] for each in json.loads(row["similar"])]
    assert any("会议室" in each["decided_by"] + str(each) for each in json.loads(row["similar"]))
    others = [MCP, *({"name": name, "inputSchema": {}} for name in names)]
    [again] = through([{"tools": json.dumps(others)}], count=2)
    assert not set(names) & {e["tool"]["function"]["name"] for e in json.loads(again["similar"])}


def test_equal_rows_get_equal_tools() -> None:
    """What is made hangs on the tool and the seed, not on the place of the row."""
    row = {"tools": json.dumps([HOTELS])}
    first, second = through([row, row])
    [other] = through([row], seed=1)
    assert first == second != other


def test_what_cannot_be_had_is_said() -> None:
    """Too many, or a confusability out of reach, is noted; the nearest comes."""
    row = {"tools": json.dumps([HOTELS])}
    [few] = through([row], count=500)
    assert "500 similar tools were asked for" in few["similar_notes"]
    [far] = through([row], count=3, confusability=0.0, sorts=["fewer", "region"])
    assert "confusability 0.00 was asked for" in far["similar_notes"]
    assert json.loads(far["similar"])
    [fine] = through([row], count=3)
    assert json.loads(fine["similar_notes"]) == []


@pytest.mark.parametrize("tools", ["", "[]", "null", "{", "[1]", None])
def test_unreadable_tools_drop_the_row(tools: str | None) -> None:
    """What is no tool ends the row with the reason; a row dropped before passes through."""
    drop = Drop(stage="toolset", reason="x").to_json()
    first, second = through([{"tools": tools}, {"tools": tools, "drop": drop}])
    assert json.loads(first["drop"])["reason"] == "unreadable tools" and first["similar"] == ""
    assert second["drop"] == drop
