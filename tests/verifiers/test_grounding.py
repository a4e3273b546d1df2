"""Where values come from, and what nothing supports."""

import copy
import gzip
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fc_distilabel.types import Message, Provenance, ToolCall
from fc_distilabel.verifiers import ground_call, unsupported_values

ROOT = Path(__file__).parents[2]
CASES = json.loads((ROOT / "tests/cases/grounding.json").read_text(encoding="utf-8"))
ZH = json.loads((ROOT / "tests/cases/grounding_zh.json").read_text(encoding="utf-8"))
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


def test_days_are_counted_from_the_day_of_the_conversation() -> None:
    """Relative days are resolved by the day that the system message tells, and not without it."""
    today = Message(role="system", content="Today is Tuesday, 2026-03-03.")
    said = {
        "tomorrow": "2026-03-04",
        "next Friday": "2026-03-13",
        "in 10 days": "2026-03-13",
        "last month": "2026-02-28",
        "the 15th": "2026-03-15",
        "大后天": "2026-03-06",
        "下周五": "2026-03-13",
        "下个月5号": "2026-04-05",
        "三天后": "2026-03-06",
    }
    for text, day in said.items():
        [found] = ground_call(0, call(day=day), {}, [today, user(text)])
        assert (found.source, found.how) == ("messages/1", "date"), text
        [found] = ground_call(0, call(day=day), {}, [user(text)])
        assert found.source is None, text
        [found] = ground_call(0, call(day="2026-07-22"), {}, [today, user(text)])
        assert found.source is None, text


def test_what_the_assistant_offers_counts_when_it_is_taken_up() -> None:
    """An assistant's words are a source by the user's reply; with results on record, by a yes."""
    offer = Message(role="assistant", content="Room R-17 is free. Or do you prefer R-18?")
    result = Message(role="tool", content='{"rooms": 2}')

    def sources(*messages: Message) -> list[str | None]:
        found = ground_call(0, call(a="R-17", b="R-18"), {}, [user("A room?"), *messages])
        return [p.source for p in found]

    assert sources(offer) == [None, None]
    assert sources(offer, user("Book it for Ann.")) == ["messages/1", None]
    assert sources(offer, user("Yes, that one.")) == ["messages/1", "messages/1"]
    assert sources(result, offer, user("Book it for Ann.")) == [None, None]
    assert sources(result, offer, user("Yes, that one.")) == ["messages/2", "messages/2"]


def test_lists_may_be_said_in_short() -> None:
    """The days of a range, a list of all there is and the numbering of items need no words."""
    schema = {"properties": {"ways": {"items": {"enum": ["bus", "train"]}}}}
    days = ["2026-03-03", "2026-03-04", "2026-03-05"]
    steps = [{"step": 1, "do": "wash"}, {"step": 2, "do": "dry"}]
    trip = call(days=days, ways=["bus", "train"], steps=steps)
    found = ground_call(0, trip, schema, [user("From 2026-03-03 to 2026-03-05, wash and dry")])
    how = [p.how for p in found]
    assert how == ["verbatim", "range", "case", "all", "all", *["position", "verbatim"] * 2]


def test_chinese_calls_are_told_apart() -> None:
    """In Chinese calls every value is found; one from another call hardly ever is."""
    calls = [(case, _provenance(case, case["arguments"])) for case in ZH]
    assert [p for _, found in calls for p in found if p.source is None] == []
    values = [p.value for _, found in calls for p in found if not isinstance(p.value, bool)]
    hits = []
    for case, found in calls:
        said = " ".join(message["content"] for message in case["messages"])
        for index, origin in enumerate(found):
            others = [v for v in values if type(v) is type(origin.value) and str(v) not in said]
            for other in others[index::7][:2]:
                now = _provenance(case, _swapped(case["arguments"], origin.path, other))
                hits += [p.source is None for p in now if p.path == origin.path]
    print(f"{len(ZH)} Chinese calls: {sum(hits) / len(hits):.1%} of {len(hits)} found")
    assert sum(hits) >= 0.96 * len(hits)


def _provenance(case: dict[str, Any], arguments: dict[str, Any]) -> list[Provenance]:
    schema = {"properties": case["properties"], "required": list(case["properties"])}
    messages = [Message(**message) for message in case["messages"]]
    return ground_call(0, call(**arguments), schema, messages)


def _swapped(arguments: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(arguments)
    *keys, last = [int(key) if key.isdigit() else key for key in path.split("/")[1:]]
    place: Any = changed
    for key in keys:
        place = place[key]
    place[last] = value
    return changed


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
        "1 day and 2 " * 5_000,
        "明天下周五半个" * 5_000,
        "2026-03-03 tomorrow " * 3_000,
        "三点五百分之第" * 5_000,
        "e.g. 1 for " * 5_000,
        "don't A-B, " * 5_000,
    ],
    ids=lambda text: text[:8],
)
def test_reading_is_linear(text: str) -> None:
    """No text of 100 kB and more makes a pattern run away."""
    start = time.process_time()
    unsupported_values(text, ["a" * 200_000])
    ground_call(0, call(a=text[:100_000], b="a" * 100_000), {}, [user("a" * 200_000)])
    schema = {"properties": {"flag": {"description": text}, "n": {"description": text}}}
    messages = [Message(role="system", content="Today is 2026-03-03."), user(text[:50_000])]
    ground_call(0, call(flag=True, n=77, day="2026-03-04", name="Li Na, EUR"), schema, messages)
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
    [("bfcl_grounding", 0.96, 0.05), ("acebench_en_grounding", 0.97, 0.07)],
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
