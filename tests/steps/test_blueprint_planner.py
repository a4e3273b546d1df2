"""The planner's rows: which kind comes about where a toolset cannot carry the one asked for."""

import json
from typing import Any

import pytest
from distilabel.pipeline import Pipeline

from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.steps import BlueprintPlanner
from fc_distilabel.types import Blueprint, Kind, Toolset
from talk import toolset as made

PLACE = {"type": "string", "minLength": 2, "description": "Place"}


def bare(parameter: dict[str, Any]) -> Toolset:
    """A toolset of one parameter, without similar tools."""
    toolset = made()
    update = {"parameters": closed_object({"place": parameter})}
    needed = toolset.needed.model_copy(update=update)
    return toolset.model_copy(update={"needed": needed, "similar": (), "decided_by": {}})


def rows(toolset: Toolset, *kinds: str, **options: Any) -> list[dict[str, Any]]:
    step = BlueprintPlanner(name="it", pipeline=Pipeline(name="t"), **options)
    step.load()
    row = {"toolset": toolset.to_json(), "kinds": json.dumps(kinds)}
    return list(next(step.process([row])))


@pytest.mark.parametrize(
    ("kind", "instead"),
    [
        ("multiple", "single"),
        ("missing_function", "irrelevant"),
        ("invalid_value", "missing_parameter"),
    ],
)
def test_a_relative_takes_the_place(kind: Kind, instead: Kind) -> None:
    """A kind that the toolset cannot carry gives way to a relative, which the row names."""
    [row] = rows(bare(PLACE), kind)
    blueprint = Blueprint.model_validate_json(row["blueprint"])
    assert (row["kind"], blueprint.kind, row["drop"]) == (instead, instead, "")


def test_kinds_that_can_be_carried_come_about() -> None:
    """Where a toolset can carry them, rows are of the kinds that were asked for, in order."""
    kinds = ("dependent", "invalid_value", "change_of_mind", "tool_error", "multiple")
    found = rows(made(), *kinds)
    assert tuple(row["kind"] for row in found) == kinds
    assert [row["attempt"] for row in found] == list(range(5))
    assert len({row["blueprint"] for row in found}) == 5


def test_only_kinds_of_the_run_take_a_place() -> None:
    """What a run does not want does not come about: then the row ends, under the kind asked for."""
    [row] = rows(bare(PLACE), "multiple", kinds=["multiple", "irrelevant"])
    assert row["kind"] == "multiple" and row["blueprint"] == ""
    assert json.loads(row["drop"])["reason"] == "no similar tools"


def test_a_row_ends_where_nothing_can_be_planned() -> None:
    """The reason is that of the kind that was asked for."""
    blank = {"type": "string", "enum": [""], "description": "Place"}
    [row] = rows(bare(blank), "invalid_value")
    assert row["kind"] == "invalid_value" and row["blueprint"] == ""
    assert json.loads(row["drop"]) == {
        "stage": "blueprint",
        "reason": "a value that cannot be said",
        "detail": "find_table",
    }
