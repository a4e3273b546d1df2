"""Rows of anybody's data set: every line gets a verdict, and the reasons for it."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fc_distilabel.checking import check_row
from fc_distilabel.types import Policy

CASES = json.loads(
    (Path(__file__).parents[1] / "cases/check_rows.json").read_text(encoding="utf-8")
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=15,
)
names = ("id", "tools", "call", "call_text", "messages", "conversations", "role", "content", "name")
row_like = st.recursive(
    json_values,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                (*names, "arguments", "parameters", "type", "properties", "tool_calls")
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=10,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["description"])
def test_rows_of_all_forms_are_judged(case: dict[str, Any]) -> None:
    """The verdict, the rules and the calls follow from what the row says."""
    report = check_row(case["row"], 7, case.get("kind"))
    rules = [violation.rule for violation in report.violations]
    assert report.verdict == case["verdict"], rules
    if "some" in case:
        assert set(case["some"]) <= set(rules)
    else:
        assert sorted(rules) == sorted(case["rules"])
    if "subject" in case:
        assert report.subject == case["subject"]
    if "calls" in case:
        assert report.line()["calls"] == case["calls"]
    if "grounding" in case:
        assert {g["path"]: g["source"] for g in report.line()["grounding"]} == case["grounding"]


def test_a_row_without_an_id_is_named_by_its_place() -> None:
    """Every report can be found again."""
    assert check_row({"tools": [], "call_text": "[]"}, 7).id == 7
    assert check_row({"id": "a", "tools": [], "call_text": "[]"}, 7).id == "a"


def test_a_report_has_the_keys_that_others_rely_on() -> None:
    """The line holds id, verdict, violations, calls and grounding, in plain JSON."""
    line = check_row(CASES[1]["row"], 1).line()
    assert list(line)[:5] == ["id", "verdict", "violations", "calls", "grounding"]
    assert {tuple(v) for v in line["violations"]} == {("rule", "path", "message", "severity")}
    json.dumps(line, allow_nan=False)


def test_formats_follow_the_policy() -> None:
    """A date-time without a zone is invalid, or not, as the user says."""
    row = CASES[0]["row"] | {
        "call": {"name": "search", "arguments": {"city": "Rome", "at": "2026-03-03T15:30:00"}}
    }
    assert check_row(row, 1).verdict == "invalid"
    assert check_row(row, 1, policy=Policy(formats="lenient")).verdict == "valid"


@settings(max_examples=300, deadline=None)
@given(row=row_like)
def test_any_json_gets_a_verdict(row: Any) -> None:
    """Whatever a line holds, there is a report that can be written, and never a crash."""
    for kind in (None, "tools", "calls", "trajectories"):
        report = check_row(row, 1, kind)
        assert report.verdict in ("valid", "repaired", "invalid")
        json.dumps(report.line(), allow_nan=False).encode()
