"""Confusability: what it measures, and that it can be set."""

import json
import subprocess
import sys
from pathlib import Path
from random import Random
from statistics import mean, median
from typing import Any

import pytest

from fc_distilabel.apis.confusability import (
    BASE_LINES,
    definition,
    measure_confusability,
    shared_arguments,
)
from fc_distilabel.apis.domains import Domain, domains
from fc_distilabel.apis.embeddings import cosine
from fc_distilabel.apis.similar import SimilarTool, similar_tools
from fc_distilabel.apis.worlds.operations import world_tools
from fc_distilabel.types import Language, Tool

ROOT = Path(__file__).parents[2]
TABLE = json.loads((ROOT / "tests/cases/similar_tools.json").read_text(encoding="utf-8"))
LANGUAGES: tuple[Language, ...] = ("en", "zh")


def tool(name: str, description: str, properties: dict[str, Any] | None = None) -> Tool:
    """A tool with these parameters."""
    parameters = {"type": "object", "properties": properties or {}}
    return Tool(name=name, description=description, parameters=parameters)


def built_in(language: Language) -> list[tuple[Domain, Tool]]:
    """The tools of the built-in domains."""
    return [(domain, tool) for domain in domains(language) for tool in world_tools(domain)]


def made(chosen: list[tuple[Domain, Tool]], language: Language, target: float) -> list[SimilarTool]:
    """Three similar tools for each, at a setting."""
    return [
        each
        for domain, needed in chosen
        for each in similar_tools(
            needed, 3, Random(0), language=language, confusability=target, domain=domain
        )
    ]


@pytest.mark.parametrize("case", TABLE["arguments"], ids=lambda case: case["description"])
def test_arguments_fit_by_meaning_and_kind(case: dict[str, Any]) -> None:
    """A parameter has a counterpart where the other takes the same kind of value."""
    needed, other = (tool("f", "", case[part]) for part in ("needed", "other"))
    assert shared_arguments(needed, other) == case["expected"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_tool_is_confused_with_itself_most(language: Language) -> None:
    """A tool and itself score 1, tools of different domains next to nothing."""
    tools = Random(0).sample(built_in(language), 60)
    assert all(measure_confusability(t, t).value == pytest.approx(1, abs=0.001) for _, t in tools)
    pairs = [(a, b) for d, a in tools for e, b in tools if d != e]
    values = [measure_confusability(*pair).value for pair in Random(0).sample(pairs, 300)]
    assert median(values) < 0.15


@pytest.mark.parametrize(
    ("needed", "near", "far"),
    [
        (
            tool("search_hotels", "Search hotels in a city by price."),
            tool("search_hotel_reviews", "Read what guests wrote of a hotel."),
            tool("convert_currency", "Convert an amount of money."),
        ),
        (
            tool("search_hotels", "按城市和价格查询酒店。"),
            tool("search_hotel_reviews", "查看住客对酒店的评价。"),
            tool("convert_currency", "将金额换算为另一种货币。"),
        ),
    ],
    ids=LANGUAGES,
)
def test_what_is_near_scores_higher(needed: Tool, near: Tool, far: Tool) -> None:
    """Tools about the same thing are closer than others, in both languages."""
    close, distant = measure_confusability(needed, near), measure_confusability(needed, far)
    assert close.similarity > distant.similarity + 0.2
    assert close.value == pytest.approx(close.similarity * (1 + close.arguments) / 2, abs=0.001)


def test_base_lines_are_what_random_pairs_score() -> None:
    """The constants lie where Chinese tools measure, and no higher than English ones do."""
    for language in LANGUAGES:
        random, tools = Random(0), built_in(language)
        pairs = [(random.choice(tools), random.choice(tools)) for _ in range(400)]
        found = median(
            cosine(definition(a), definition(b)) for (d, a), (e, b) in pairs if d.name != e.name
        )
        assert BASE_LINES[language] - 0.05 < found < BASE_LINES[language] + 0.2


@pytest.mark.parametrize("language", LANGUAGES)
def test_confusability_can_be_set(language: Language) -> None:
    """What is reached follows what is asked for, and what was reached is told."""
    chosen = Random(0).sample(built_in(language), 12)
    reached = {}
    for target in (0.3, 0.5, 0.7, 0.9):
        tools = made(chosen, language, target)
        values = [each.confusability.value for each in tools if each.confusability]
        assert len(values) == len(tools) == 36
        reached[target] = mean(values)
    print(f"{language}: { ({k: round(v, 2) for k, v in reached.items()}) }")
    assert all(abs(value - target) < 0.12 for target, value in reached.items())


def test_what_cannot_be_reached_gives_the_nearest() -> None:
    """For 1.0 the most confusable are made, and they say how confusable they are."""
    chosen = Random(0).sample(built_in("en"), 4)
    values = [each.confusability.value for each in made(chosen, "en", 1.0) if each.confusability]
    assert 0.7 < mean(values) < 1


def test_measuring_loads_only_when_asked() -> None:
    """Importing costs no numpy and no weights; measuring leaves logging alone and is silent."""
    code = """
import logging, sys
from random import Random
from fc_distilabel.apis.similar import similar_tools
from fc_distilabel.types import Tool
tool = Tool(name="get_room", description="Get a room.", parameters={"type": "object"})
assert similar_tools(tool, 2, Random(0), language="en")
assert not {"numpy", "wordllama", "distilabel"} & set(sys.modules)
[found] = similar_tools(tool, 1, Random(0), language="en", confusability=0.8)
assert found.confusability and "wordllama" in sys.modules
assert logging.getLogger().handlers == [] and logging.getLogger().level == logging.WARNING
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
