"""Values drawn from schemas: valid ones, or a plain word that there is none."""

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fc_distilabel.apis.instances import UnsatisfiableError, instance_of
from fc_distilabel.errors import SchemaError
from fc_distilabel.schemas import check_schema, violations
from fc_distilabel.types import Tool

ROOT = Path(__file__).parents[2]
CASES = json.loads((ROOT / "tests/cases/instances.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("schema", CASES["satisfiable"], ids=json.dumps)
def test_a_value_is_found_where_there_is_one(schema: Any) -> None:
    """With any seed the value is valid, and the same seed gives it again."""
    for seed in range(10):
        value = instance_of(schema, random.Random(seed))
        assert violations(schema, value) == []
        assert value == instance_of(schema, random.Random(seed))


@pytest.mark.parametrize("schema", CASES["unsatisfiable"], ids=json.dumps)
def test_what_has_no_value_is_told(schema: Any) -> None:
    """No endless search, no huge text: an error that says why."""
    with pytest.raises(UnsatisfiableError, match="no value found"):
        instance_of(schema, random.Random(1))


def test_what_is_no_schema_is_told() -> None:
    """A broken schema is the caller's mistake, not an unsatisfiable one."""
    with pytest.raises(SchemaError):
        instance_of({"type": "strange"}, random.Random(1))


def test_values_come_from_examples_names_and_the_locale() -> None:
    """Examples count by path, then by name, items transparent; else the name tells the kind."""
    text = {"type": "string"}
    names = ("dish", "city", "email")
    schema = {
        "type": "object",
        "properties": {
            "guest": {
                "type": "object",
                "properties": dict.fromkeys(names, text),
                "required": list(names),
            },
            "dishes": {"type": "array", "items": {"enum": ["soup", "rice"]}, "minItems": 1},
        },
        "required": ["guest", "dishes"],
    }
    examples = {"guest/dish": ["dumplings"], "dishes": ["cake"]}
    value = instance_of(schema, random.Random(5), examples, "zh")
    assert value["guest"]["dish"] == "dumplings"
    assert "@" in value["guest"]["email"]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in value["guest"]["city"])
    assert set(value["dishes"]) <= {"soup", "rice"}


def test_nothing_is_invented_where_that_is_asked() -> None:
    """What nothing tells is left out where it may be, and else there is no value."""
    properties = {"purpose": {"type": "string"}, "visit_date": {"type": "string"}}
    schema = {"type": "object", "properties": properties, "required": ["visit_date"]}
    for seed in range(20):
        assert set(instance_of(schema, random.Random(seed), invent=False)) == {"visit_date"}
    with pytest.raises(UnsatisfiableError, match="purpose"):
        instance_of(schema | {"required": ["purpose"]}, random.Random(1), invent=False)
    known = {"purpose": ["a visit"]}
    schema = schema | {"required": ["purpose"]}
    assert instance_of(schema, random.Random(1), known, invent=False)["purpose"] == "a visit"


@pytest.mark.parametrize("name", ["mcp_tools", "acebench_en", "bfcl_cases"])
def test_real_tools_can_be_called(real_tools: Callable[..., list[Tool]], name: str) -> None:
    """At least 99.8 % of the real schemas that are valid at all have an instance."""
    found, lacking = 0, []
    for tool in real_tools(name):
        try:
            check_schema(tool.parameters)
        except SchemaError:
            continue
        found += 1
        try:
            instance_of(tool.parameters, random.Random(1))
        except UnsatisfiableError as error:
            lacking.append(str(error))
    print(name, found, lacking)
    assert found > 900 and len(lacking) <= 0.002 * found
