"""Validation: every broken rule in words, and nothing that a stranger wrote can harm."""

import gzip
import json
import math
import socket
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fc_distilabel.errors import SchemaError
from fc_distilabel.schemas.engine import Validator, check_schema, violations

ROOT = Path(__file__).parents[2]
CASES = json.loads((ROOT / "tests/cases/arguments.json").read_text(encoding="utf-8"))
REAL = ROOT.parent / "shared/data/validation"

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
schema_like = st.dictionaries(
    st.sampled_from(
        ["type", "enum", "properties", "items", "required", "$ref", "anyOf", "pattern"]
    ),
    json_values | st.sampled_from(["object", "#", "#/x", {"a": {"type": "string"}}, ["a"], [{}]]),
)


def nested(depth: int) -> Any:
    """Lists inside lists."""
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["description"])
def test_violations_say_rule_place_and_what_is_allowed(case: dict[str, Any]) -> None:
    """Each broken rule is named with its place and a sentence to act on."""
    found = violations(case["schema"], case["arguments"], "0")
    assert sorted([v.rule, v.path, v.message] for v in found) == sorted(case["expected"])


def test_all_violations_come_at_once() -> None:
    """A model can mend all of its errors in one go."""
    schema = {"properties": {"a": {"type": "string"}, "b": {"maximum": 1}}, "required": ["c"]}
    assert {v.rule for v in violations(schema, {"a": 1, "b": 2})} == {"type", "maximum", "required"}


def test_violations_carry_the_value() -> None:
    """The offending value itself is kept for whoever repairs it."""
    [violation] = violations({"properties": {"a": {"type": "string"}}}, {"a": [1, 2]})
    assert violation.value == [1, 2]


def test_a_flood_of_violations_is_cut() -> None:
    """A list of thousands of errors helps nobody."""
    assert len(violations({"items": {"type": "string"}}, list(range(5000)))) == 100


def test_no_reference_is_fetched() -> None:
    """A schema that points to a server is refused, and the server hears nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        with pytest.raises(SchemaError, match="not"):
            check_schema({"$ref": f"http://127.0.0.1:{port}/schema.json"})
        with pytest.raises(TimeoutError):
            server.accept()


def test_no_file_is_read(tmp_path: Path) -> None:
    """A schema that points to a file is refused, though the file is there."""
    (tmp_path / "s.json").write_text("{}", encoding="utf-8")
    with pytest.raises(SchemaError, match="not"):
        check_schema({"$ref": (tmp_path / "s.json").as_uri()})


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "objekt"},
        {"required": "a"},
        {"properties": []},
        {"pattern": "("},
        {"pattern": "(a{1000}){1000}(?=b)"},
        {"$ref": "other.json"},
        {"$ref": "#/$defs/missing"},
        {"minimum": 10**400},
        {"const": math.nan},
        {"const": "\ud800"},
        {"\ud800": 1},
        {"items": {1: 2}},
        {"const": (1, 2)},
        {"const": "x" * 10_000_000},
        {"const": nested(10_000)},
        [],
        "object",
        None,
    ],
    ids=lambda schema: type(schema).__name__,
)
def test_unusable_schemas_are_refused(schema: Any) -> None:
    """A schema that cannot be used is an error of whoever brought it."""
    with pytest.raises(SchemaError):
        check_schema(schema)


def test_circular_references_end() -> None:
    """A schema that applies itself to the same value is refused; recursion into parts is not."""
    for circle in (
        {"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"},
        {"type": "object", "allOf": [{"$ref": "#"}]},
    ):
        with pytest.raises(SchemaError, match="itself"):
            check_schema(circle)
    tree = {"properties": {"child": {"$ref": "#"}}, "additionalProperties": False}
    assert violations(tree, {"child": {"child": {}}}) == []
    assert [v.path for v in violations(tree, {"child": {"child": 1, "x": 2}}, "0")] == ["0/child/x"]


def test_exponential_schemas_are_refused() -> None:
    """A kilobyte of doubled references never gets to work; nor a deep value under such a loop."""
    chain = {f"a{i}": {"allOf": [{"$ref": f"#/$defs/a{i + 1}"}] * 2} for i in range(20)}
    with pytest.raises(SchemaError, match="times over"):
        check_schema({"$defs": chain | {"a20": {"type": "object"}}, "$ref": "#/$defs/a0"})
    twice = {"anyOf": [{"properties": {"x": {"$ref": "#"}}}, {"properties": {"x": {"$ref": "#"}}}]}
    value: Any = {}
    for _ in range(60):
        value = {"x": value}
    assert [v.rule for v in violations(twice, value)] == ["cost"]
    assert violations(twice, {"x": {"x": {}}}) == []


def test_evil_patterns_run_in_linear_time() -> None:
    """The classic of catastrophic backtracking answers at once."""
    for pattern in ("^(a+)+$", "^(?=a)(a+)+$", "a{1000}{1000}b"):
        assert [v.rule for v in violations({"pattern": pattern}, "a" * 100_000 + "c")] == [
            "pattern"
        ]


def test_look_around_in_patterns_is_honoured() -> None:
    """Real schemas look ahead; a pattern that would take too long counts as not matching."""
    schema = {"pattern": "^(?!admin)[a-z]+$"}
    assert violations(schema, "guest") == []
    assert [v.rule for v in violations(schema, "admins")] == ["pattern"]


FORMATS = [
    ("date-time", "2026-03-03T15:30:00Z", True, True),
    ("date-time", "2026-03-03T15:30:00.123456789+08:00", True, True),
    ("date-time", "2026-03-03T15:30:00", False, True),
    ("date-time", "2026-03-03 15:30", False, True),
    ("date-time", "2026-02-30T15:30:00", False, False),
    ("date-time", "2026-03-03T25:30:00", False, False),
    ("date-time", "2026-03-03", False, False),
    ("date-time", "next tuesday", False, False),
    ("time", "15:30:00Z", True, True),
    ("time", "15:30", False, True),
    ("time", "15:30:00", False, True),
    ("time", "24:30", False, False),
    ("time", "1530", False, False),
    ("time", "\uff13:30", False, False),
    ("date", "2026/03/03", False, False),
]


@pytest.mark.parametrize(("form", "text", "strict", "lenient"), FORMATS)
def test_two_policies_on_formats(form: str, text: str, strict: bool, lenient: bool) -> None:
    """Lenient takes a date-time without zone and `HH:MM`, but no day or hour that is none."""
    found = [
        Validator({"format": form}, policy).violations(text) for policy in ("strict", "lenient")
    ]
    assert [not one for one in found] == [strict, lenient]


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("json", math.nan),
        ("json", -math.inf),
        ("json", 10**400),
        ("json", 10**5000),
        ("json", "\udfff"),
        ("json", {"\ud800": 1}),
        ("json", {1: 2}),
        ("json", (1, 2)),
        ("json", object()),
        ("depth", nested(10_000)),
        ("size", "x" * 10_000_000),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 9 else type(value).__name__,
)
def test_values_that_are_not_json_are_violations(rule: str, value: Any) -> None:
    """What JSON cannot carry is reported at its place, and never crashes."""
    [violation] = violations({"type": "object"}, {"a": [value]}, "0")
    assert violation.rule == rule
    assert rule == "size" or violation.path.startswith("0/a/0")
    assert violation.to_json()


def test_shared_structure_is_bounded() -> None:
    """Forty doublings of one list are a tera of values on paper, and refused at once."""
    value: Any = []
    for _ in range(40):
        value = [value, value]
    assert [v.rule for v in violations({}, value)] == ["size"]


@settings(max_examples=200, deadline=None)
@given(schema=schema_like, instance=json_values)
def test_nothing_crashes(schema: dict[str, Any], instance: Any) -> None:
    """Any schema and any value give violations or a `SchemaError`."""
    try:
        found = violations(schema, instance)
    except SchemaError:
        return
    assert all(v.message and v.to_json() for v in found)


def test_agrees_with_the_reference_implementation() -> None:
    """On real calls, broken in 77 ways, the rules found are those that `jsonschema` finds."""
    if not REAL.is_dir():
        pytest.skip(
            "real cases are not there: no folder ../shared/data/validation beside the project"
        )
    compared = 0
    with gzip.open(REAL / "bfcl_mutants.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, list(lines)[::7]):
            call = row.get("call")
            tools = {t["function"]["name"]: t["function"]["parameters"] for t in row["tools"]}
            if not isinstance(call, dict) or call.get("name") not in tools:
                continue
            schema, arguments = tools[call["name"]], call.get("arguments")
            checker = jsonschema.Draft202012Validator(schema)
            theirs = {str(error.validator) for error in checker.iter_errors(arguments)}
            assert {v.rule for v in violations(schema, arguments)} - {"format"} == theirs, row["id"]
            compared += 1
    assert compared > 500
