"""The step `ApiEvolver` alone: columns in, columns out."""

import json
from typing import Any

from distilabel.pipeline import Pipeline

from fc_distilabel.apis.complexity import depth_of
from fc_distilabel.schemas import lint_tools
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.steps import ApiEvolver
from fc_distilabel.types import Evidence, Scenario, Tool, Toolset


def toolset(number: int) -> Toolset:
    """A flat toolset as a model words it."""
    text = {"type": "string"}
    properties = {
        "city": text | {"description": "Where"},
        "dish": text | {"description": "What to eat"},
        "visit_date": text | {"format": "date", "description": "When"},
    }
    search = Tool(
        name="search_restaurants",
        description="Search for restaurants.",
        parameters=closed_object(properties),
        returns=closed_object({"name": text}),
    )
    other = search.model_copy(update={"name": "search_reviews", "description": "Search reviews."})
    scenario = Scenario(
        id=f"s{number}",
        passage_id="p",
        document="d",
        domain="food",
        language="en",
        action="look_up",
        user_goal="Find a restaurant",
        evidence=(Evidence(index=0, text="People eat."),),
    )
    examples = {"parameters/dish": ("ramen", "pizza", "tacos")}
    return Toolset(scenario=scenario, needed=search, similar=(other,), examples=examples)


def through(rows: list[dict[str, Any]], **options: Any) -> list[dict[str, Any]]:
    step = ApiEvolver(name="it", pipeline=Pipeline(name="t"), **options)
    step.load()
    return list(next(step.process(rows)))


def test_toolsets_evolve_to_the_preset() -> None:
    """All tools of a set are evolved, stay clean, keep their names, and tell their lineage."""
    rows = [{"toolset": toolset(number).to_json()} for number in range(60)]
    done = through(rows, preset=4, seed=3)
    made = [Toolset.model_validate_json(row["toolset"]) for row in done]
    for row, one in zip(done, made, strict=True):
        assert lint_tools((one.needed, *one.similar)) == []
        lineage = json.loads(row["lineage"])
        assert set(lineage) == {"search_restaurants", "search_reviews"} and any(lineage.values())
        assert one.examples["parameters/dish"] == ("ramen", "pizza", "tacos")
    deep = [depth_of(t.parameters) >= 2 for one in made for t in (one.needed, *one.similar)]
    assert 0.5 < sum(deep) / len(deep) < 0.7
    assert done == through(rows, preset=4, seed=3)


def test_a_row_does_not_hang_on_the_others() -> None:
    """The same row comes out the same, whatever comes before it."""
    rows = [{"toolset": toolset(number).to_json()} for number in range(4)]
    assert through(rows, preset=4)[::-1] == through(rows[::-1], preset=4)


def test_what_cannot_be_read_is_dropped_and_what_is_dropped_passes() -> None:
    """Columns stay whole."""
    [broken, passed] = through([{"toolset": "{}"}, {"toolset": "", "drop": "earlier"}])
    assert json.loads(broken["drop"])["reason"] == "unreadable toolset"
    assert passed["drop"] == "earlier" and passed["lineage"] == ""
