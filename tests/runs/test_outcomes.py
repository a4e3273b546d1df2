"""Which rows a run ends in."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from fc_distilabel.runs.outcomes import choose_rows, dropped_rows, split_quota
from outcomes import kept, lost

CASES = json.loads((Path(__file__).parents[1] / "cases" / "quota.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["description"])
def test_quota(case: dict[str, Any]) -> None:
    """Rows are shared evenly; what one language cannot give, the other takes over."""
    assert split_quota(case["rows"], case["languages"], case["available"]) == case["expected"]


def test_the_order_of_arrival_decides_nothing() -> None:
    """However the outcomes come, the rows, the surplus and the drops are the same."""
    outcomes = [kept(p, a, name) for p in range(6) for a in range(2) for name in ("en", "zh")]
    outcomes += [lost(p, 2, name) for p in range(6) for name in ("en", "zh")]
    chosen, surplus = choose_rows(outcomes, 9)
    drops = dropped_rows(outcomes)
    for seed in range(5):
        random.Random(seed).shuffle(outcomes)
        assert choose_rows(outcomes, 9) == (chosen, surplus)
        assert dropped_rows(outcomes) == drops
    assert [o.id for o in chosen[:4]] == ["en-0-0", "zh-0-0", "en-0-1", "zh-0-1"]
    assert len(chosen) == 9 and len(surplus) == 15 and len(drops) == 12


def test_a_poor_language_is_made_up_for() -> None:
    """Rows that one language lacks come from the other."""
    chosen, surplus = choose_rows([kept(0), *(kept(p, 0, "zh") for p in range(9))], 6)
    assert [o.language for o in chosen] == ["en", "zh", "zh", "zh", "zh", "zh"]
    assert len(surplus) == 4


def test_nothing_kept() -> None:
    """A run without rows chooses none."""
    assert choose_rows([lost(0), lost(1)], 5) == ([], [])
