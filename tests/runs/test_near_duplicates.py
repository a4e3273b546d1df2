"""What says again what an earlier row said."""

import json
from pathlib import Path

import pytest

from fc_distilabel.apis.duplicates import Seen, overlap
from fc_distilabel.runs.near_duplicates import (
    NEAR,
    SAME_PASSAGE,
    PlannedBefore,
    SaidBefore,
    shingles,
)
from fc_distilabel.types import Scenario, Tool, Toolset

CASES = json.loads((Path(__file__).parents[1] / "cases/near_duplicates.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["description"] for case in CASES])
def test_texts(case) -> None:
    """Words, in Chinese characters, and their order decide; case and signs do not."""
    said = SaidBefore()
    said.add(case["one"], "p1", "r1")
    like = said.likeness(case["other"], "p2")
    assert (like is not None) == case["near"]
    assert like is None or (like.earlier.row, like.earlier.text) == ("r1", case["one"])


def test_rows_of_a_passage_may_say_much_the_same() -> None:
    """They share scenario and tool by design: only the same message is one too many."""
    said = SaidBefore()
    first = "Please book the big locker at the first hall for Monday"
    other = "Please book the big locker at the first hall for Tuesday"
    assert NEAR <= overlap(shingles(first), shingles(other)) < SAME_PASSAGE
    said.add(first, "p1", "r1")
    assert said.likeness(other, "p1") is None
    assert said.likeness(f"{first}.", "p1") is not None
    assert said.likeness(other, "p2") is not None


def test_the_index_finds_what_comparing_all_would_find() -> None:
    """Of thousands of pairs just above the threshold hardly one is missed; none below is named."""
    seen: Seen[int] = Seen(NEAR)
    for number in range(400):
        seen.add(frozenset(f"{number} {mark}" for mark in range(40)), number)
    # 34 of 46 marks are shared: 0.74; 32 of 48: 0.67.
    near = [frozenset(f"{n} {mark}" for mark in range(6, 46)) for n in range(400)]
    below = [frozenset(f"{n} {mark}" for mark in range(8, 48)) for n in range(400)]
    found = [[thing for _, thing in seen.alike(marks)] for marks in near]
    assert sum(things == [n] for n, things in enumerate(found)) >= 396
    assert all(seen.alike(marks) == [] for marks in below)


def test_the_most_alike_is_named() -> None:
    """And among equals the earliest."""
    seen: Seen[str] = Seen(0.5)
    for name, marks in (("far", "abcx"), ("near", "abcd"), ("again", "abcd")):
        seen.add(frozenset(marks), name)
    assert [thing for _, thing in seen.alike(frozenset("abcd"))] == ["near", "again", "far"]


def toolset(goal: str, name: str, *parameters: str, passage: str = "p1") -> Toolset:
    properties = {each: {"type": "string"} for each in parameters}
    scenario = Scenario(
        id=goal,
        passage_id=passage,
        document="d",
        domain="x",
        language="en",
        action="check",
        user_goal=goal,
        evidence=(),
    )
    tool = Tool(name=name, description=".", parameters={"properties": properties})
    return Toolset(scenario=scenario, needed=tool, similar=())


def test_scenarios_and_tools() -> None:
    """A toolset is told by what its user wants, then by name and parameters of its tool."""
    before = PlannedBefore()
    first = toolset("Book a big locker for a week", "book_locker", "size", "hall", "start")
    before.add(first, "r1")
    same_goal = toolset("Book a big locker for one week", "rent_box", "days")
    like = before.likeness(toolset("Book a big locker, for a week", "rent_box", "days"))
    assert like and like.reason == "near-duplicate scenario"
    assert like.detail == "resembles row r1 (1.00): Book a big locker for a week"
    assert before.likeness(same_goal) is None
    same_tool = toolset("Reserve some room for my bags", "book_locker", "size", "hall", "start")
    like = before.likeness(same_tool)
    assert like and like.reason == "near-duplicate toolset"
    assert like.detail == "resembles row r1 (1.00): book_locker(size, hall, start)"
    assert before.likeness(toolset("Reserve some room", "book_locker", "days", "name")) is None


def test_tools_that_a_user_brought_come_again() -> None:
    """Where tools are not made for their scenario, only scenarios are compared."""
    before = PlannedBefore(new_tools=False)
    before.add(toolset("Book a big locker for a week", "book_locker", "size"), "r1")
    assert before.likeness(toolset("Reserve some room for bags", "book_locker", "size")) is None
    assert before.likeness(toolset("Book a big locker for a week", "other", "size")) is not None
