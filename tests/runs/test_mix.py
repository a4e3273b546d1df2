"""The mix of dialogue kinds: what may be asked for, and that rows follow it."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from fc_distilabel.errors import InputError
from fc_distilabel.runs.mix import DEFAULT_MIX, assign_kinds, parse_kinds
from fc_distilabel.types import KINDS

CASES = json.loads((Path(__file__).parents[1] / "cases" / "kinds.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["description"])
def test_kinds(case: dict[str, Any]) -> None:
    """A list of kinds becomes shares of 1, or an error that says what is allowed."""
    if "error" in case:
        with pytest.raises(InputError) as caught:
            parse_kinds(case["text"])
        assert case["error"] in str(caught.value)
    else:
        assert parse_kinds(case["text"]) == case["expected"]


@pytest.mark.parametrize("passages", [10, 40, 333])
def test_rows_follow_the_mix(passages: int) -> None:
    """Rows are near the mix, as far as a passage's kinds can all differ."""
    plan = assign_kinds(DEFAULT_MIX, passages, 3)
    assert all(len(set(kinds)) == 3 for kinds in plan)
    counts = Counter(kind for kinds in plan for kind in kinds)
    rows = 3 * passages
    # A kind cannot be more than one row in three.
    assert all(abs(counts[k] / rows - share) < 0.02 + 2 / rows for k, share in DEFAULT_MIX.items())


def test_the_default_mix() -> None:
    """All kinds are in it, in shares of 1, of which 15 % call nothing."""
    assert set(DEFAULT_MIX) == set(KINDS)
    assert sum(DEFAULT_MIX.values()) == pytest.approx(1)
    assert DEFAULT_MIX["irrelevant"] + DEFAULT_MIX["missing_function"] == pytest.approx(0.15)


@pytest.mark.parametrize("rows", [6, 11])
def test_few_rows_show_many_kinds(rows: int) -> None:
    """The first rows are all of another kind, until every kind was there."""
    plan = assign_kinds(DEFAULT_MIX, 4, 3)
    kinds = [kind for passage in plan for kind in passage][:rows]
    assert len(set(kinds)) == rows


def test_few_kinds_repeat() -> None:
    """A passage gets a kind twice only where the mix has too few."""
    assert assign_kinds({"single": 1.0, "parallel": 0.0}, 2, 2) == [["single"] * 2] * 2
