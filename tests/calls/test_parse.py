"""Strict reading of replies: one JSON value, or dropped with the reason."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fc_distilabel.calls import parse_json, parse_reply
from fc_distilabel.errors import Dropped

CASES = json.loads((Path(__file__).parents[1] / "cases/parse.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["description"])
def test_a_reply_is_one_json_value_or_dropped(case: dict[str, Any]) -> None:
    """What is not exactly one JSON value is dropped, and the detail says why."""
    if "dropped" not in case:
        assert parse_json(case["text"]) == case["expected"]
        return
    with pytest.raises(Dropped) as caught:
        parse_json(case["text"])
    assert caught.value.reason == "reply is not JSON"
    assert re.search(case["dropped"], caught.value.detail)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 10_000 + "]" * 10_000,
        '{"a":' * 100_000,
        "[" * 65 + "]" * 65,
        "1" * 400,
        "9" * 5000,
        '"' + "x" * 10_000_000 + '"',
        '"\\"' + '\\"' * 300_000,
    ],
    ids=["deep", "deep and cut", "one too deep", "huge", "beyond Python", "10 MB", "open string"],
)
def test_hostile_replies_are_dropped(text: str) -> None:
    """Depth, size and huge numbers end in a drop, not in a crash."""
    with pytest.raises(Dropped):
        parse_json(text)


def test_a_reply_must_follow_its_schema() -> None:
    """A reply that is JSON but breaks the schema is dropped with every broken rule."""
    schema = {"type": "object", "properties": {"n": {"maximum": 3}}, "required": ["n", "m"]}
    assert parse_reply('{"n": 3, "m": 1}', schema) == {"n": 3, "m": 1}
    with pytest.raises(Dropped) as caught:
        parse_reply('{"n": 5}', schema)
    assert caught.value.reason == "reply breaks its schema"
    assert "n is 5, but must be at most 3" in caught.value.detail
    assert "m is required" in caught.value.detail


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet='{}[]",:\\`0123456789eE-.truefalsn \n'))
def test_any_text_is_read_or_dropped(text: str) -> None:
    """No text raises anything but a drop, and what is read is what `json` reads."""
    try:
        value = parse_json(text)
    except Dropped:
        return
    assert value == json.loads(text.strip().removeprefix("```").removesuffix("```"))
