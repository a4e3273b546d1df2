"""Where values come from, and what nothing supports."""

import gzip
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fc_distilabel.types import Message, ToolCall
from fc_distilabel.verifiers import ground_call, unsupported_values

ROOT = Path(__file__).parents[2]
CASES = json.loads((ROOT / "tests/cases/grounding.json").read_text(encoding="utf-8"))
REAL = ROOT.parent / "shared/data/validation"


def user(text: str) -> Message:
    """What a user says."""
    return Message(role="user", content=text)


def call(**arguments: Any) -> ToolCall:
    """A call with these arguments."""
    return ToolCall(id="c0", name="f", arguments=arguments)


@pytest.mark.parametrize("case", CASES["values"], ids=lambda case: case["description"])
def test_values_are_recognised_in_other_spellings(case: dict[str, Any]) -> None:
    """A value is grounded by the same fact in any spelling, and by nothing else."""
    name = case.get("name", "value")
    schema = {"properties": {name: case.get("schema", {})}, "required": [name]}
    if case.get("schema") and not case.get("required"):
        schema["required"] = []
    [found] = ground_call(0, call(**{name: case["value"]}), schema, [user(case["text"])])
    assert found.how == case["expected"]
    assert (found.source is None) == (not case["expected"])


@pytest.mark.parametrize("case", CASES["answers"], ids=lambda case: case["description"])
def test_answers_state_what_sources_carry(case: dict[str, Any]) -> None:
    """Facts of an answer that stand in no source are found, others are not."""
    assert unsupported_values(case["answer"], case["sources"]) == case["expected"]


def test_every_leaf_is_placed() -> None:
    """Nested values each get their own path and the message that carries them."""
    messages = [
        Message(role="system", content="Today is 2026-03-01."),
        user("A stay in Rome for Ann and Bob."),
        Message(role="assistant", content="In Oslo?"),
        Message(role="tool", content='{"token": "tk-91"}'),
    ]
    stay = call(stay={"city": "Rome", "names": ["Ann", "Bob"]}, token="tk-91", from_="Oslo")
    found = {p.path: p.source for p in ground_call(2, stay, {}, messages)}
    assert found == {
        "2/stay/city": "messages/1",
        "2/stay/names/0": "messages/1",
        "2/stay/names/1": "messages/1",
        "2/token": "messages/3",
        "2/from_": None,
    }


def test_what_the_schema_says_is_found_through_references() -> None:
    """Enums and defaults count wherever a local reference or an alternative puts them."""
    schema = {
        "properties": {"a": {"$ref": "#/$defs/way"}, "b": {"$ref": "#/$defs/box"}},
        "$defs": {
            "way": {"enum": ["by_train"]},
            "box": {"anyOf": [{"properties": {"size": {"default": 7}}}, {"type": "null"}]},
        },
    }
    found = ground_call(0, call(a="by_train", b={"size": 7}), schema, [user("Hi")])
    assert [(p.source, p.how) for p in found] == [("schema", "only"), ("schema", "default")]


@pytest.mark.parametrize(
    "text",
    [
        "1,111" * 40_000,
        "(1" * 50_000,
        "5" + " " * 200_000,
        "a@" * 100_000,
        "two hundred and " * 10_000,
        "+1 " * 60_000,
        "一万" * 100_000,
        "12:" * 60_000,
        "[" * 200_000,
        "Ab of " * 30_000,
    ],
    ids=lambda text: text[:8],
)
def test_reading_is_linear(text: str) -> None:
    """No text of 100 kB and more makes a pattern run away."""
    start = time.process_time()
    unsupported_values(text, ["a" * 200_000])
    ground_call(0, call(a=text[:100_000], b="a" * 100_000), {}, [user("a" * 200_000)])
    assert time.process_time() - start < 10


@settings(max_examples=200, deadline=None)
@given(text=st.text(), source=st.text(), value=st.floats() | st.integers() | st.text())
def test_any_text_can_be_read(text: str, source: str, value: Any) -> None:
    """Grounding answers for any value and any text, surrogates and NaN included."""
    assert unsupported_values(text, [text]) == []
    assert isinstance(unsupported_values(text, [source]), list)
    ground_call(0, call(a=value), {}, [user(source)])


@pytest.mark.parametrize(
    ("name", "found", "alarms"),
    [("bfcl_grounding", 0.96, 0.14), ("acebench_en_grounding", 0.97, 0.21)],
)
def test_real_calls_are_told_apart(name: str, found: float, alarms: float) -> None:
    """On real calls with one value exchanged, the exchanged value is found, and little else."""
    path = REAL / f"{name}.jsonl.gz"
    if not path.is_file():
        pytest.skip(f"real cases are not there: no file ../shared/data/validation/{path.name}")
    hits: dict[str, list[bool]] = {"grounded": [], "ungrounded": []}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            [schema] = [
                tool["function"]["parameters"]
                for tool in row["tools"]
                if tool["function"]["name"] == row["call"]["name"]
            ]
            messages = [
                Message(role=m["role"], content=m.get("content") or "") for m in row["messages"]
            ]
            origins = ground_call(0, call(**row["call"]["arguments"]), schema, messages)
            place = "/".join(["0", *map(str, row["path"] or ())])
            hits[row["expected"]].append(
                any(p.source is None and f"{p.path}/".startswith(f"{place}/") for p in origins)
            )
    rates = {kind: sum(flags) / len(flags) for kind, flags in hits.items()}
    print(f"{name}: {rates['ungrounded']:.1%} found, {rates['grounded']:.1%} false alarms")
    assert rates["ungrounded"] >= found
    assert rates["grounded"] <= alarms
