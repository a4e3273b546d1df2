"""The strict reading of a schema."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fc_distilabel.errors import SchemaError
from fc_distilabel.schemas import Validator, closed, read_tools

ROOT = Path(__file__).parents[2]
CASES = json.loads((ROOT / "tests/cases/closing.json").read_text(encoding="utf-8"))
REAL = ROOT.parent / "shared/data/validation"
NAMES = st.sampled_from(["a", "b", "c"])
SCHEMAS = st.recursive(
    st.sampled_from([{}, {"type": "object"}, {"$ref": "#/$defs/a"}, {"$ref": "#/$defs/b"}]),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "properties": st.dictionaries(NAMES, inner, max_size=2),
            "allOf": st.lists(inner, min_size=1, max_size=2),
            "anyOf": st.lists(inner, min_size=1, max_size=2),
            "if": inner,
            "then": inner,
            "items": inner,
            "additionalProperties": st.booleans(),
        },
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["description"])
def test_objects_take_what_they_list(case: dict[str, Any]) -> None:
    """An object takes the properties that it lists and no others, and the schema is left alone."""
    before = json.dumps(case["schema"])
    validator = Validator(closed(case["schema"]))
    for instance in case["valid"]:
        assert not validator.violations(instance), instance
    for instance in case["invalid"]:
        assert validator.violations(instance), instance
    assert json.dumps(case["schema"]) == before


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["description"])
def test_closing_twice_changes_nothing(case: dict[str, Any]) -> None:
    """A closed schema is closed."""
    once = closed(case["schema"])
    assert closed(once) == once


def test_equal_objects_of_python_are_different_places() -> None:
    """A schema that Python shares is closed only where it has to be."""
    shared: dict[str, Any] = {"properties": {"a": {}}}
    schema = {
        "properties": {"alone": shared, "part": {"allOf": [shared, {"properties": {"b": {}}}]}}
    }
    validator = Validator(closed(schema))
    assert not validator.violations({"part": {"a": 1, "b": 1}})
    assert validator.violations({"alone": {"b": 1}})


@settings(max_examples=200, deadline=None)
@given(SCHEMAS, SCHEMAS, SCHEMAS)
def test_any_schema_can_be_closed(root: Any, first: Any, second: Any) -> None:
    """Whatever refers to whatever: closing ends, and a usable schema stays usable."""
    schema = {**root, "$defs": {"a": first, "b": second}}
    tight = closed(schema)
    try:
        Validator(schema)
    except SchemaError:
        return
    Validator(tight)


def test_a_schema_woven_too_closely_is_refused() -> None:
    """What would take forever to look through is refused at once."""
    names = [f"a{index}" for index in range(1500)]
    parts = [{"properties": {name: {"$ref": "#/$defs/x"}}} for name in names]
    with pytest.raises(SchemaError, match="too many parts"):
        closed({"$ref": "#/$defs/x", "$defs": {"x": {"oneOf": parts, "properties": {}}}})


@pytest.mark.parametrize("name", ["bfcl_mutants", "acebench_en_mutants", "mcp_mutants"])
def test_real_calls_with_invented_arguments_are_found(name: str) -> None:
    """Invented arguments are refused at every depth; right calls and open objects are not."""
    path = REAL / f"{name}.jsonl.gz"
    if not path.exists():
        pytest.skip(f"needs {name} of the shared data, which is not here")
    kinds = ("extra_hallucinated_arg", "nested_extra_key", "control_gold", "control_with_optionals")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["kind"] in kinds]
    assert rows
    for row in rows:
        call = row["call"]
        [tool] = [t for t in read_tools(row["tools"]).tools if t.name == call["name"]]
        found = Validator(closed(tool.parameters), "lenient").violations(call["arguments"])
        assert (not found) == (row["expected"] == "valid"), row["id"]
