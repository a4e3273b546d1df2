"""Reading calls: as they are, repaired by name, or refused."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fc_distilabel.calls import (
    NOTATIONS,
    CallReading,
    read_call_value,
    read_calls,
    write_calls,
)
from fc_distilabel.types import Tool, ToolCall

CASES = json.loads((Path(__file__).parents[1] / "cases/calls.json").read_text(encoding="utf-8"))
TOOLS = tuple(Tool(description="", returns={}, **tool) for tool in CASES["tools"])
ARGUMENTS = '{"name": "f", "arguments": {"a": '


def described(case: dict[str, Any]) -> str:
    """What a case is called in the report."""
    return str(case["description"])


def plain(reading: CallReading) -> list[dict[str, Any]]:
    """The calls as a case table writes them."""
    return [call.model_dump(exclude_defaults=True) for call in reading.calls]


@pytest.mark.parametrize("case", CASES["read"], ids=described)
def test_calls_are_read_and_every_repair_is_named(case: dict[str, Any]) -> None:
    """What has one reading is read, and says what was mended and in which notation it stood."""
    reading = read_calls(case["text"], TOOLS)
    assert reading.violations == ()
    assert plain(reading) == case["calls"]
    assert list(reading.repairs) == case["repairs"]
    assert reading.notation == case["notation"]


@pytest.mark.parametrize("case", CASES["refused"], ids=described)
def test_text_without_one_sure_reading_is_refused(case: dict[str, Any]) -> None:
    """What has no reading, or two, or may be cut, yields no call but the reason."""
    reading = read_calls(case["text"], TOOLS)
    assert reading.calls == ()
    [violation] = reading.violations
    assert violation.rule == case["rule"]
    assert violation.message


@pytest.mark.parametrize("case", CASES["values"], ids=described)
def test_shapes_of_calls_are_known(case: dict[str, Any]) -> None:
    """The shapes that servers and data sets keep calls in are read, each by name."""
    reading = read_call_value(case["value"], TOOLS)
    assert reading.violations == ()
    assert plain(reading) == case["calls"]
    assert list(reading.repairs) == case["repairs"]


@pytest.mark.parametrize("case", CASES["refused_values"], ids=described)
def test_other_shapes_are_refused(case: dict[str, Any]) -> None:
    """A value with a part that nobody can place is not read as a call."""
    [violation] = read_call_value(case["value"], TOOLS).violations
    assert violation.rule == case["rule"]


def test_a_violation_says_where() -> None:
    """With several calls, the path tells which one is meant."""
    [violation] = read_call_value([{"name": "f", "arguments": {}}, {"name": "g"}]).violations
    assert violation.path == "1"
    text = '{"name": "f", "arguments": {}}\n{"name": "f", "arguments": 1}'
    [violation] = read_calls(text).violations
    assert violation.path == "1/arguments"


def test_tools_with_useless_schemas_do_no_harm() -> None:
    """A tool that cannot confirm anything leads to a refusal, not to a crash."""
    tool = Tool(name="f", description="", parameters={"type": 3, "properties": [1]}, returns={})
    assert read_calls('{"name": "f", "arguments": {"a": "x"', [tool]).violations
    assert read_call_value({"name": "f", "input": {}}, [tool]).calls


@pytest.mark.parametrize(
    "text",
    [
        ARGUMENTS + '"' + "x" * 10_000_000 + '"}}',
        "[" * 10_000 + "]" * 10_000,
        '{"a":' * 10_000,
        "{a:" * 30_000,
        "f(a=(" * 19_000,
        ARGUMENTS + "1" + "0" * 400 + "}}",
        ARGUMENTS + "9" * 90_000 + "}}",
        ARGUMENTS + '"' + '\\"' * 45_000,
        ARGUMENTS + '"x",' * 24_000,
        ARGUMENTS + '"' + " “" * 45_000,
        ARGUMENTS + "//x\n" * 24_000,
        ARGUMENTS + "/*" * 45_000,
        ARGUMENTS + "[" + "1," * 45_000,
        "<tool_call>" * 9_000,
        "<" * 99_000,
        "a" * 99_000 + "(",
        "a()" * 33_000,
        "[ " * 49_000,
        '":' * 49_000,
        "\ud800{'name': 'f', 'arguments': {'a': '\\\ud800'}}",
    ],
    ids=lambda text: repr(text[:40]),
)
def test_hostile_text_ends_in_a_violation_at_once(text: str) -> None:
    """Depth, size and endless beginnings are refused well within a second."""
    started = time.process_time()
    reading = read_calls(text, TOOLS)
    assert time.process_time() - started < 1
    assert reading.calls == ()
    assert reading.violations
    reading.to_json()


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(
        st.text(alphabet="{}[]()\"'“”,:=，：（）\\`<>/|#*abf0123456789.-\n ", max_size=60),
        st.lists(
            st.sampled_from(
                [
                    *('{"name": "f", ', '"arguments": ', '{"a": ', "f(a=", '"x"', "None", ", "),
                    *("<tool_call>", "</tool_call>", "```", "// x\n", *"}][)1\n\"'"),
                ]
            ),
            max_size=16,
        ).map("".join),
        st.text(),
    )
)
def test_any_text_has_a_verdict(text: str) -> None:
    """No text raises: it is calls, or it is refused with a reason, never both."""
    reading = read_calls(text, TOOLS)
    assert not (reading.calls and reading.violations)
    assert reading.violations or reading.notation
    if not reading.repairs and not reading.violations:
        assert isinstance(json.loads(text), dict | list)


STRICT = Tool(
    name="f",
    description="",
    parameters={
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {}, "c": {"type": "array"}},
        "required": ["a", "b", "c"],
    },
    returns={},
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-999, 9999) | st.text(max_size=8) | st.floats(0, 1),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(max_examples=60, deadline=None)
@given(
    a=st.text(max_size=12),
    b=VALUES,
    c=st.lists(VALUES, max_size=3),
    notation=st.sampled_from(sorted(NOTATIONS)),
)
def test_no_beginning_of_a_call_reads_as_another_call(
    a: str, b: Any, c: list[Any], notation: str
) -> None:
    """Wherever a text is cut, it is refused or still the whole call."""
    call = ToolCall(name="f", arguments={"a": a, "c": c, "b": b})
    text = write_calls([call], notation)
    for end in range(len(text)):
        reading = read_calls(text[:end], [STRICT])
        assert reading.calls in ((), (call,)), text[:end]


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([case["text"] for case in CASES["read"] if len(case["calls"]) == 1]),
    st.data(),
)
def test_half_of_a_known_case_is_never_another_call(text: str, data: st.DataObject) -> None:
    """Cut anywhere, the texts of the case table are refused or keep every required argument."""
    reading = read_calls(text[: data.draw(st.integers(0, len(text)))], TOOLS)
    [whole] = read_calls(text, TOOLS).calls
    assert all(call == whole for call in reading.calls)
