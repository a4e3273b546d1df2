"""What kind of mistake a refused call was."""

import json
from pathlib import Path
from typing import Any, get_args

import pytest

from fc_distilabel.types import ErrorClass, ToolCall, Violation
from fc_distilabel.verifiers.error_class import error_class

CASES = json.loads(
    (Path(__file__).parents[1] / "cases/error_classes.json").read_text(encoding="utf-8")
)


def calls(rows: list[tuple[str, dict[str, Any]]] | None) -> list[ToolCall] | None:
    """Calls from pairs of name and arguments."""
    return None if rows is None else [ToolCall(name=n, arguments=a) for n, a in rows]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["description"])
def test_mistakes_are_named(case: dict[str, Any]) -> None:
    """Each mistake has one class, the one that a reader would name first."""
    broken = [Violation(rule=rule, path="0", message=rule) for rule in case.get("rules", ())]
    assert error_class(calls(case["made"]), broken, calls(case["chosen"])) == case["expected"]


def test_every_class_is_reached() -> None:
    """The table above knows all classes."""
    assert {case["expected"] for case in CASES} == set(get_args(ErrorClass))
