"""Tool definitions of every dialect."""

import gzip
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fc_distilabel.schemas import check_schema, lint_tools, read_tools
from fc_distilabel.schemas.words import read_parameter, read_type

ROOT = Path(__file__).parents[2]
CASES = json.loads((ROOT / "tests/cases/dialects.json").read_text(encoding="utf-8"))
REAL = ROOT.parent / "shared/data/validation"

WORDS = st.sampled_from(
    ["string", "object", "dict", "float, optional", "List[int]", "a", "#", "#/x", "3", "", "enum"]
)
KEYWORDS = st.sampled_from(
    """name description parameters function tools type properties required items $ref definitions
    nullable exclusiveMinimum minimum enum default dependencies additionalItems id format openapi
    paths get post operationId requestBody responses content schema application/json 200 in
    components schemas anyOf allOf /a inputSchema returns""".split()
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYWORDS, inner, max_size=6),
    max_leaves=25,
)


def real(name: str) -> list[dict[str, Any]]:
    """Rows of real data."""
    path = REAL / f"{name}.jsonl.gz"
    if not path.exists():
        pytest.skip(f"needs {name} of the shared data, which is not here")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["description"])
def test_a_tool_of_any_dialect_is_read_as_json_schema(case: dict[str, Any]) -> None:
    """Each dialect comes out as JSON Schema 2020-12, with a note of every change."""
    before = json.dumps(case["given"])
    reading = read_tools(case["given"])
    expected = [{"description": "", "returns": {}, **tool} for tool in case["tools"]]
    assert [tool.model_dump() for tool in reading.tools] == expected
    assert [[c.path, c.message] for c in reading.changes] == case.get("changes", [])
    assert [[v.rule, v.path] for v in reading.violations] == case.get("violations", [])
    assert json.dumps(case["given"]) == before


@pytest.mark.parametrize(
    ("text", "schema"),
    [
        (
            "HashMap<String, Integer>",
            {"type": "object", "additionalProperties": {"type": "integer"}},
        ),
        ("Optional[str]", {"type": ["string", "null"]}),
        ("typing.Union[int, str]", {"type": ["integer", "string"]}),
        ("string[]", {"type": "array", "items": {"type": "string"}}),
        ("Literal['a', \"b\", 3]", {"enum": ["a", "b", 3]}),
        ("tuple[int, ...]", {"type": "array", "items": {"type": "integer"}}),
        ("int | null", {"type": ["integer", "null"]}),
        ("any", {}),
        ("List[", None),
        ("number of nights", None),
        ("List[List[thing]]", None),
        ("float, optional", None),
        ("[" * 150, None),
        ("List[" * 500, None),
    ],
)
def test_types_in_words(text: str, schema: dict[str, Any] | None) -> None:
    """A type in words is read in full or not at all."""
    assert read_type(text) == schema


@given(st.text(alphabet="List[int]<>(),|'\"... any?-3", max_size=60))
def test_any_text_is_a_type_or_is_not(text: str) -> None:
    """What is read as a type is a usable schema."""
    read = read_parameter(text)
    if read is not None:
        check_schema(read.schema)


@settings(max_examples=300, deadline=None)
@given(ANYTHING)
def test_reading_never_raises(value: Any) -> None:
    """Whatever stands where tools should: the tools that come out can be used and linted."""
    reading = read_tools(value)
    assert len(reading.tools) == len(reading.places)
    lint_tools(reading.tools, reading.places)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(["a", "b"]), ANYTHING))
def test_reading_any_schema_never_raises(properties: dict[str, Any]) -> None:
    """Whatever stands where a schema should is read or refused."""
    reading = read_tools({"name": "f", "parameters": {"type": "object", "properties": properties}})
    assert len(reading.tools) + len(reading.violations) >= 1


def test_what_was_read_reads_as_itself() -> None:
    """A tool that was read needs no second change."""
    for case in CASES:
        for tool in read_tools(case["given"]).tools:
            again = read_tools({"name": tool.name, "parameters": tool.parameters})
            assert again.tools[0].parameters == tool.parameters
            assert not again.changes


@pytest.mark.parametrize(
    "hostile",
    [
        "[" * 100_000,
        '{"name": "f", "parameters": {"type": "object", "minimum": 1' + "0" * 400 + "}}",
        '{"name": "f", "parameters": {"minimum": NaN}}',
        '{"name": "\\ud800"}',
        {"name": "f", "parameters": {"x" * 2_000_000: "string"}},
        [[[[[[[[[[[[]]]]]]]]]]]],
        {"name": "f", "parameters": {"type": "object", "properties": {"a": (1, 2)}}},
    ],
    ids=["depth", "10^400", "NaN", "surrogate", "size", "lists in lists", "tuple"],
)
def test_hostile_tools_are_refused_at_once(hostile: Any) -> None:
    """What JSON cannot carry, or not within bounds, is a violation within a second."""
    start = time.process_time()
    reading = read_tools(hostile)
    assert reading.violations
    assert not reading.tools
    assert time.process_time() - start < 10


def test_real_mcp_servers_are_read_and_the_invalid_ones_found() -> None:
    """A server is refused for what the meta-schema refuses and for two tools of one name only."""
    found = {}
    for row in real("mcp_tools"):
        reading = read_tools(row["tools"])
        assert len(reading.tools) == len(row["tools"])
        flaws = [*reading.violations, *lint_tools(reading.tools, reading.places)]
        rules = {flaw.rule for flaw in flaws if flaw.severity == "error"}
        if rules:
            found[row["id"]] = rules
    assert found == {
        "mcp_PDF Reader": {"schema"},
        "mcp_Automated UI Debuger and Tester": {"duplicate-name"},
    }


@pytest.mark.parametrize("name", ["bfcl_cases", "acebench_en", "toolalpaca"])
def test_real_tools_are_read_without_a_false_violation(name: str) -> None:
    """Valid schemas come out as they went in; only patterns may be written more portably."""
    for row in real(name):
        reading = read_tools(row["tools"])
        assert not reading.violations
        if not reading.changes:
            given_schemas = [tool["function"]["parameters"] for tool in row["tools"]]
            assert [tool.parameters for tool in reading.tools] == given_schemas
        assert all(change.path.endswith("/pattern") for change in reading.changes)
