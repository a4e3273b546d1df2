"""Runs that make tools without a model."""

import json
import random
from collections.abc import Callable
from statistics import mean

import pytest

from fc_distilabel.apis.complexity import PRESETS, Complexity, measure
from fc_distilabel.apis.domains import Domain, EntityType, FieldType, domains
from fc_distilabel.apis.duplicates import SeenTools
from fc_distilabel.apis.instances import instance_of
from fc_distilabel.apis.ledger import Ledger
from fc_distilabel.apis.making import Alike, Making
from fc_distilabel.apis.own_tools import evolved
from fc_distilabel.apis.stock import PLAIN
from fc_distilabel.apis.targets import missed, nearest, target_from
from fc_distilabel.schemas import lint_tool, lint_tools
from fc_distilabel.schemas.dialects import read_tools
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.types import Tool

BUILT_IN: tuple[Domain, ...] = (*domains("en"), *domains("zh"))


@pytest.mark.parametrize("preset", PRESETS)
def test_a_run_reaches_its_target(preset: int) -> None:
    """150 tools: lint clean, satisfiable on both sides, every share within three points."""
    making = Making(BUILT_IN, PRESETS[preset], 150, seed=preset)
    tools = [made.tool for made in making]
    assert len(tools) == 150
    assert [flaw for tool in tools for flaw in lint_tool(tool)] == []
    for tool in tools:
        instance_of(tool.parameters, random.Random(1))
        instance_of(tool.returns, random.Random(1))
    reached = measure(tools)
    assert reached == making.ledger.measured()
    assert missed(PRESETS[preset], reached) == ()


def test_few_tools_come_as_near_as_can_be() -> None:
    """Of ten tools three are deep, and enums are within one of what is due."""
    making = Making(BUILT_IN, PRESETS[3], 10, seed=4)
    reached = measure(made.tool for made in making)
    assert reached.depth == pytest.approx(0.3)
    count = reached.parameters * reached.tools
    assert abs(reached.enum - 0.18) * count <= 1.5


def test_equal_seeds_give_equal_rows_and_others_differ() -> None:
    """A run depends on its seed, and on nothing else."""

    def rows(seed: int) -> list[str]:
        run = Making(BUILT_IN, PRESETS[4], 12, seed, Alike(2))
        return [json.dumps(made.row(), sort_keys=True) for made in run]

    assert rows(1) == rows(1)
    assert not set(rows(1)) & set(rows(2))


def test_rows_hold_the_tool_first_and_can_be_read_back() -> None:
    """The row's tools are OpenAI's, with result schemas; similar ones have names of their own."""
    for made in Making(BUILT_IN, PRESETS[3], 20, 3, Alike(3)):
        row = made.row()
        assert set(row) == {"id", "tools", "similar", "lineage", "complexity"}
        read = read_tools(row["tools"])
        assert read.tools == (made.tool, *(each.tool for each in made.similar))
        assert not read.violations and lint_tools(read.tools) == []
        assert [each["name"] for each in row["similar"]] == [tool.name for tool in read.tools[1:]]
        assert all(each["sort"] and each["decided_by"] for each in row["similar"])
        assert {each["confusability"] for each in row["similar"]} == {None}
        assert len(row["similar"]) == 3 and row["complexity"]["tools"] == 1


def test_confusability_is_measured_where_it_is_asked_for() -> None:
    """Each similar tool comes with its figure, and a higher setting gives higher ones."""

    def reached(setting: float) -> list[float]:
        run = Making(BUILT_IN, PRESETS[3], 10, 3, Alike(3, setting))
        return [each["confusability"] for made in run for each in made.row()["similar"]]

    low, high = reached(0.2), reached(0.95)
    assert all(0 <= value <= 1 for value in (*low, *high))
    assert mean(high) - mean(low) > 0.3


def test_near_duplicates_are_left_out_and_counted() -> None:
    """A domain with one record of one field has few tools; the run ends and says how many."""
    thing = EntityType(
        name="thing",
        plural="things",
        label="thing",
        fields=(FieldType(name="size", label="size", kind="integer", values=(1, 9)),),
        writable=False,
    )
    small = Domain(name="d", label="d", language="en", entities=(thing,))
    target, _ = nearest(target_from(1, "parameters=1"))
    making = Making([small], target, 400)
    made = list(making)
    assert 50 <= len(made) < 400 and making.duplicates == 4 * 400 - len(made)
    seen = SeenTools()
    assert all(seen.take(each.tool) for each in made)
    assert not any(seen.take(each.tool) for each in made)


def test_no_domain_makes_no_tool() -> None:
    """An empty list ends at once."""
    assert list(Making([], PRESETS[3], 5)) == []


@pytest.mark.parametrize("name", ["mcp_tools", "acebench_en"])
def test_real_tools_evolve_as_soundly(real_tools: Callable[..., list[Tool]], name: str) -> None:
    """Other people's tools gain no flaw, and the run comes near its target."""
    ledger = Ledger(PRESETS[4])
    for tool in real_tools(name)[:150]:
        draft = evolved(tool, ledger, random.Random(2))
        assert len(lint_tool(draft.tool)) <= len(lint_tool(tool))
        assert (draft.tool == tool) == (not draft.lineage)
    reached = ledger.measured()
    print(name, reached)
    # Nobody must say how a request is handled, so more may be left out than was asked.
    assert reached.optional > PRESETS[4].optional - 0.05
    for figure in ("bounded", "format", "nullable"):
        assert getattr(reached, figure) == pytest.approx(getattr(PRESETS[4], figure), abs=0.05)


@pytest.mark.parametrize("extras", [0, 1, 3])
def test_parameters_of_any_service_can_be_held_few(extras: int) -> None:
    """No more join in than may, and of a few only what people expect of any service."""
    properties = {"hall": {"type": "string", "description": "Name of the hall"}}
    for verb in ("find", "book", "calculate"):
        tool = Tool(name=f"{verb}_hall", description="d", parameters=closed_object(properties))
        draft = evolved(tool, Ledger(PRESETS[4]), random.Random(verb), extras=extras)
        steps = [step for step in draft.lineage if step.mutation == "add_optional"]
        assert {step.detail.removeprefix("+ ") for step in steps} <= PLAIN
        assert len(steps) <= extras and bool(steps) == bool(extras)


def test_examples_of_a_text_are_no_list_to_choose_from() -> None:
    """Only what the schema lists is all that there is."""
    properties = {"hall": {"type": "string", "description": "Name of the hall"}}
    tool = Tool(name="find_hall", description="d", parameters=closed_object(properties))
    for seed in range(20):
        target = Complexity.model_validate(PRESETS[3].model_dump() | {"enum": 1.0})
        known = {"hall": ("North", "South", "East")}
        draft = evolved(tool, Ledger(target), random.Random(seed), examples=known, extras=0)
        assert "North" not in str(draft.tool.parameters)


def test_the_ledger_pays_what_is_owed() -> None:
    """After each tool the sum of parameters due is exact to within the spread."""
    ledger = Ledger(Complexity.model_validate(PRESETS[3]))
    assert {ledger.depth_due(6) for _ in range(3)} == {1}
    assert 3 <= ledger.parameters_due(random.Random(1)) <= 9
