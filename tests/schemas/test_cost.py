"""What a schema costs, told before it is run."""

import gzip
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fc_distilabel.errors import SchemaError
from fc_distilabel.schemas.cost import MAX_EVALUATIONS, evaluations, profile

REAL = Path(__file__).parents[3] / "shared/data/validation"


def chain(length: int, step: Any) -> dict[str, Any]:
    """Definitions of which each uses the next one as `step` says."""
    names = [f"a{index}" for index in range(length)]
    definitions = {
        name: step({"$ref": f"#/$defs/{following}"})
        for name, following in zip(names, [*names[1:], "end"], strict=True)
    }
    return {"$ref": "#/$defs/a0", "$defs": definitions | {"end": {"type": "object"}}}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (True, (1,)),
        ({"type": "string"}, (1,)),
        ({"properties": {"a": {}, "b": {"items": {}}}}, (1, 1, 1)),
        ({"allOf": [{}, {"properties": {"a": {}}}], "properties": {"a": {}}}, (3, 2)),
        ({"anyOf": [{"$ref": "#/$defs/x"}], "$defs": {"x": {}}}, (3,)),
        ({"if": {}, "then": {}, "not": {}, "dependentSchemas": {"a": {}}}, (5,)),
        ({"patternProperties": {"a": {}, "b": {}}, "properties": {"a": {}, "b": {}}}, (1, 3)),
        ({"prefixItems": [{}, {}], "items": {}, "contains": {}}, (1, 2)),
        ({"anyOf": [{"properties": {"a": {}}}], "unevaluatedProperties": False}, (3, 2)),
        (
            {"$id": "urn:x", "properties": {"a": {"$ref": "urn:x#/$defs/y"}}, "$defs": {"y": {}}},
            (1, 2),
        ),
    ],
)
def test_a_place_is_judged_so_often(schema: Any, expected: tuple[int, ...]) -> None:
    """The bound counts all that judge one value, and one of those that judge different ones."""
    assert profile(schema) == expected


@pytest.mark.parametrize(
    "schema",
    [
        {"allOf": [{"$ref": "#"}]},
        {"not": {"$ref": "#"}},
        {"properties": {"a": {"$ref": "#/properties/a"}}},
        {"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"anyOf": [{"$ref": "#/$defs/a"}]}}},
        {"$anchor": "x", "if": {"$ref": "#x"}},
        {"$dynamicAnchor": "x", "then": {"$dynamicRef": "#x"}},
        {"$id": "urn:x", "dependentSchemas": {"a": {"$ref": "urn:x"}}},
    ],
)
def test_a_schema_that_applies_itself_to_the_same_value_is_refused(schema: Any) -> None:
    """What would never end is refused, however the reference is written."""
    with pytest.raises(SchemaError, match="applies itself to the same value"):
        profile(schema)


@pytest.mark.parametrize(
    "step",
    [
        lambda following: {"allOf": [following, following]},
        lambda following: {"anyOf": [following], "oneOf": [following]},
        lambda following: {"properties": {"x": {"allOf": [following, following]}}},
        lambda following: {"items": following, "contains": following},
    ],
    ids=["allOf", "anyOf and oneOf", "properties", "items and contains"],
)
def test_what_doubles_at_every_step_is_refused(step: Any) -> None:
    """A kilobyte that means a million judgements is refused in milliseconds."""
    profile(chain(8, step))
    start = time.process_time()
    with pytest.raises(SchemaError, match="times over"):
        profile(chain(25, step))
    assert time.process_time() - start < 10


def test_recursion_is_bounded_by_the_instance() -> None:
    """A schema that doubles as deep as the instance goes is judged by the instance's depth."""
    child = {"properties": {"c": {"$ref": "#"}}}
    levels = profile({"anyOf": [child, child]})
    shallow: Any = {"c": {"c": {}}}
    deep: Any = {}
    for _ in range(40):
        deep = {"c": deep}
    assert evaluations(levels, shallow) < 100
    assert evaluations(levels, deep) > MAX_EVALUATIONS


def test_plain_recursion_costs_no_more_at_any_depth() -> None:
    """A list or tree of itself is as cheap at the bottom as at the top."""
    tree = {"properties": {"left": {"$ref": "#"}, "right": {"$ref": "#"}, "v": {}}}
    assert max(profile(tree)) == 2


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {f"p{index}": {"$ref": "#"} for index in range(20_000)}},
        {"properties": {f"p{index}": {"type": "string"} for index in range(20_000)}},
    ],
    ids=["references", "types"],
)
def test_a_large_schema_is_measured_in_linear_time(schema: Any) -> None:
    """The time goes with the size of the schema, not with what it means."""
    start = time.process_time()
    assert max(profile(schema)) <= 2
    assert time.process_time() - start < 10


REFERENCES = st.sampled_from(["#", "#/$defs/a", "#/$defs/b", "#/properties/a", "#/none"])
SCHEMAS = st.recursive(
    st.fixed_dictionaries({}, optional={"$ref": REFERENCES}),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "properties": st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
            "$defs": st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
            "anyOf": st.lists(inner, min_size=1, max_size=2),
            "unevaluatedProperties": inner,
            "items": inner,
        },
    ),
    max_leaves=10,
)


@settings(max_examples=200, deadline=None)
@given(SCHEMAS)
def test_any_schema_is_measured_or_refused(schema: Any) -> None:
    """Measuring ends, with numbers or a refusal."""
    try:
        levels = profile(schema)
    except SchemaError:
        return
    assert all(times >= 1 for times in levels)


def test_real_schemas_stay_far_below_the_bound() -> None:
    """No real server's schema judges a place more than a few dozen times."""
    path = REAL / "mcp_tools.jsonl.gz"
    if not path.exists():
        pytest.skip("needs mcp_tools of the shared data, which is not here")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        tools = [tool["function"] for line in lines for tool in json.loads(line)["tools"]]
    assert max(max(profile(tool["parameters"])) for tool in tools) < 50
