"""Writing calls: what is written in any notation is read back as the same calls."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fc_distilabel.calls import NOTATIONS, read_calls, write_calls
from fc_distilabel.types import Json, ToolCall

TEXT = st.text(max_size=20) | st.sampled_from(
    ["</tool_call>", "```", '"', "'", "\\", "a\nb", "“”", "{", "f(a=1)", "it's", "</think>", "**"]
)
JSON: st.SearchStrategy[Json] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
CALLS = st.lists(
    st.builds(
        ToolCall,
        name=st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True) | st.just("math.gcd"),
        arguments=st.dictionaries(
            st.sampled_from(["a", "location", "class", "año", "b c", ""]) | TEXT, JSON, max_size=5
        ),
    ),
    max_size=3,
)


@pytest.mark.parametrize("notation", NOTATIONS)
@settings(max_examples=80, deadline=None)
@given(calls=CALLS)
def test_what_is_written_is_read_back(notation: str, calls: list[ToolCall]) -> None:
    """Any JSON arguments and any legal name survive every notation."""
    reading = read_calls(write_calls(calls, notation))
    assert list(reading.calls) == calls
    assert bool(reading.violations) == (reading.notation == "")
    if calls:
        assert reading.notation == notation


@settings(max_examples=80, deadline=None)
@given(calls=CALLS)
def test_pythonic_calls_are_python(calls: list[ToolCall]) -> None:
    """Python itself reads the same values, where the names are Python's."""
    named = [call for call in calls if call.name.isidentifier()]
    legal = [call.model_copy(update={"name": f"f_{call.name}"}) for call in named]
    tree = ast.parse(write_calls(legal, "pythonic"), mode="eval").body
    assert isinstance(tree, ast.List)
    for node, call in zip(tree.elts, legal, strict=True):
        assert isinstance(node, ast.Call)
        found: dict[str, Json] = {}
        for keyword in node.keywords:
            value = ast.literal_eval(keyword.value)
            found.update({keyword.arg: value} if keyword.arg else value)
        assert found == call.arguments


def test_ids_go_with_the_openai_envelope() -> None:
    """An id is written where the notation has a place for it, and read from there."""
    call = ToolCall(id="call_1", name="f", arguments={"city": "北京"})
    assert read_calls(write_calls([call], "openai")).calls == (call,)
    assert '\\"北京\\"' in write_calls([call], "openai")


def test_what_a_notation_cannot_carry_is_an_error() -> None:
    """An unknown notation, or a name that would break out of it, is said and not written."""
    with pytest.raises(ValueError, match="choose from json, fenced"):
        write_calls([], "xml")
    with pytest.raises(ValueError, match="cannot stand as a name"):
        write_calls([ToolCall(name="f(a=1) and g", arguments={})], "function")
