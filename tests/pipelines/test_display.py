"""What a person sees of a run."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from fc_distilabel.pipelines.display import (
    Display,
    clock,
    coverage_table,
    funnel_table,
    shares_line,
)
from fc_distilabel.runs.budget import Budget, Prices, Spent
from fc_distilabel.runs.coverage import Covered
from fc_distilabel.runs.funnel import make_funnel
from fc_distilabel.runs.store import Progress
from outcomes import kept, lost

STANDING = Progress(
    spent=Spent(requests=1234, prompt_tokens=50_000, completion_tokens=6_789),
    handed_out=9,
    attempted={"en": 9, "zh": 6},
    kept={"en": 5, "zh": 2},
)


def shown(what: object, width: int = 100) -> str:
    console = Console(file=io.StringIO(), width=width)
    console.print(what)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_one_line_says_where_the_run_stands() -> None:
    """Kept of wanted for each language, tried, dropped, calls and tokens."""
    line = Display(Console(file=io.StringIO()), {"en": 15, "zh": 15}).line(STANDING)
    assert line.startswith(
        "kept en 5/15, zh 2/15 | tried 15, dropped 8 | 1,234 calls, 56,789 tokens | 0:00"
    )


def test_a_step_at_work_is_shown() -> None:
    """How many of its rows it has finished, before the first of them comes out."""
    standing = replace(STANDING, under_way={"persona_dialogue": (2, 9)})
    line = Display(Console(file=io.StringIO()), {"en": 15}).line(standing)
    assert "| persona_dialogue 2/9 | 1,234 calls" in line


def test_a_budget_is_shown_as_it_is_used_up() -> None:
    """Tokens and dollars, each of what may be spent."""
    budget = Budget(max_tokens=100_000, max_cost=2.5, prices=Prices(read=20, written=50))
    line = Display(Console(file=io.StringIO()), {"en": 15}, budget).line(STANDING)
    assert "| 1,234 calls, 56,789 of 100,000 tokens, $1.34 of $2.50 |" in line


def test_the_time_left_is_told_by_the_rows_still_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the rate so far; surplus of one language does not count, and waiting lets it shrink."""
    now = 0.0
    monkeypatch.setattr("fc_distilabel.pipelines.display.time.monotonic", lambda: now)
    display = Display(Console(file=io.StringIO()), {"en": 10, "zh": 3})
    ends = []
    for seconds, rows in ((5, {}), (60, {"en": 2, "zh": 4}), (70, {"en": 2, "zh": 4})):
        now = seconds
        ends.append(display.line(replace(STANDING, kept=rows)).rpartition("| ")[2])
    assert ends == ["0:05", "1:00, about 1:20 left", "1:10, about 1:10 left"]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (75.9, "1:15"), (3600, "1:00:00"), (7325, "2:02:05")]
)
def test_clock(seconds: float, text: str) -> None:
    """Hours appear only when there are any."""
    assert clock(seconds) == text


def test_coverage_is_one_small_table() -> None:
    """A line a feature that occurs, a column a kind; the others are named below."""
    counts = {"feature": {"enum": 1234, "nested": 2, "union": 0, "pattern": 0}}
    kinds = {"parallel": {"enum": 1200, "nested": 0}, "single": {"enum": 34, "nested": 2}}
    text = shown(coverage_table(Covered(rows=1300, counts=counts, kinds=kinds)), width=70)
    lines = [line.split() for line in text.splitlines()]
    assert ["enum", "1,200", "34"] in lines and ["nested", "0", "2"] in lines
    assert "in no row: union, pattern" in text
    assert "what the calls" in shown(coverage_table(Covered())).casefold()


def test_reasons_are_printed_as_they_are() -> None:
    """A reason with brackets in it is no markup, and survives a narrow terminal."""
    funnel = make_funnel([kept(0), lost(1, reason="broke [/rule]"), lost(2, 0, "zh")])
    text = shown(funnel_table(funnel))
    assert "1 broke [/rule]" in text and "validation" in text
    assert shares_line(funnel) == "kept 1 of 3 rows tried (33%): en 1/2 (50%), zh 0/1 (0%)"
    assert "refused" in shown(funnel_table(funnel), width=80)
