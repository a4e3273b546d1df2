"""What is measured, and that figures published of real sets come out."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fc_distilabel.apis.complexity import PRESETS, Complexity, measure
from fc_distilabel.types import Tool

ROOT = Path(__file__).parents[2]
CASES = json.loads((ROOT / "tests/cases/complexity.json").read_text(encoding="utf-8"))


def tool(parameters: dict[str, Any]) -> Tool:
    return Tool(name="t", description="Do it.", parameters=parameters)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["description"])
def test_each_figure_counts_what_it_says(case: dict[str, Any]) -> None:
    """Every share has the numerator and the denominator that it is documented with."""
    parameters = {key: part for key, part in case.items() if key not in ("description", "expected")}
    found = measure([tool(parameters | {"type": "object"})]).model_dump()
    assert {name: found[name] for name in case["expected"]} == case["expected"]


@pytest.mark.parametrize(
    ("name", "category", "published"),
    [
        ("bfcl_cases", "live_", (0.136, 0.166, 0.0)),
        ("acebench_en", "", (0.809, 0.178, 0.126)),
        ("mcp_tools", "", (0.131, 0.056, 0.058)),
    ],
)
def test_published_figures_come_out(
    real_tools: Callable[..., list[Tool]],
    name: str,
    category: str,
    published: tuple[float, float, float],
) -> None:
    """Deep tools, enums and constraints of real sets measure as others have measured them."""
    found = measure(real_tools(name, category))
    print(name, found)
    measured = (found.depth, found.enum, found.constraints)
    assert measured == pytest.approx(published, abs=0.015)


def test_nothing_measures_as_nothing() -> None:
    """No tools, no figures, no error."""
    assert measure([]).parameters == 0


def test_a_schema_that_unfolds_without_end_is_measured_in_bounded_time() -> None:
    """Doubling at every level, 2**40 values in all, is cut off."""
    names = [f"d{level}" for level in range(40)]
    definitions: dict[str, Any] = {
        name: {"properties": {side: {"$ref": f"#/$defs/{deeper}"} for side in ("l", "r")}}
        for name, deeper in zip(names, [*names[1:], "d39"], strict=True)
    }
    root = {"type": "object", "properties": {"a": {"$ref": "#/$defs/d0"}}, "$defs": definitions}
    assert measure([tool(root)]).max_depth <= 64


def test_presets_go_up() -> None:
    """1 is flat strings, 3 meets the default's aims, 5 lies beyond ACEBench, and each adds."""
    one, three, five = PRESETS[1], PRESETS[3], PRESETS[5]
    assert (one.depth, one.strings, one.parameters) == (0, 1, 4)
    assert three.depth == 0.3 and three.enum >= 0.15 and three.strings <= 0.55
    assert three.bounded + three.pattern + three.format >= 0.10
    assert five.depth > 0.809 and five.enum > 0.178
    assert five.bounded + five.pattern + five.format > 0.126
    for name in Complexity.model_fields:
        figures = [getattr(PRESETS[preset], name) for preset in range(1, 6)]
        assert figures == sorted(figures, reverse=name == "strings")
