"""What a person sees of a run: a live line on a terminal, a plain one now and then elsewhere."""

import time
from collections.abc import Mapping
from types import TracebackType

from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Table
from rich.text import Text
from typing_extensions import Self

from fc_distilabel.runs.budget import Budget
from fc_distilabel.runs.coverage import Covered
from fc_distilabel.runs.funnel import Funnel
from fc_distilabel.runs.store import Progress as Standing
from fc_distilabel.types import Language

PLAIN_SECONDS = 10.0
NO_LIMIT = Budget()


class Display:
    """A context manager that shows where a run stands, as often as the console can bear it."""

    def __init__(
        self, console: Console, quota: Mapping[Language, int], budget: Budget = NO_LIMIT
    ) -> None:
        """Show on `console` a run that wants `quota` rows of each language, within `budget`."""
        self._console = console
        self._quota = quota
        self._budget = budget
        self._started = time.monotonic()
        self._first: int | None = None
        self._latest = (0, 0.0)
        self._shown_at = self._started
        self._live: Progress | None = None
        self._task = TaskID(0)

    def __enter__(self) -> Self:
        """Start to show."""
        self._say("starting the steps")
        if self._console.is_terminal:
            columns = (BarColumn(bar_width=20), TextColumn("{task.description}", markup=False))
            self._live = Progress(*columns, console=self._console, transient=True)
            self._task = self._live.add_task("starting", total=sum(self._quota.values()))
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the terminal as it was."""
        if self._live is not None:
            self._live.stop()

    def update(self, standing: Standing) -> None:
        """Show where the run stands now."""
        if self._live is not None:
            kept = sum(self._quota.values()) - self._left(standing)
            self._live.update(self._task, completed=kept, description=self.line(standing))
        elif time.monotonic() - self._shown_at >= PLAIN_SECONDS:
            self._shown_at = time.monotonic()
            self._say(self.line(standing))

    def line(self, standing: Standing) -> str:
        """The run in one line."""
        kept, attempted = sum(standing.kept.values()), sum(standing.attempted.values())
        each = ", ".join(f"{n} {standing.kept.get(n, 0)}/{q}" for n, q in self._quota.items())
        return (
            f"kept {each} | tried {attempted}, dropped {attempted - kept} | {_at_work(standing)}"
            f"{self._budget.standing(standing.spent)} | {self._times(kept, self._left(standing))}"
        )

    def _left(self, standing: Standing) -> int:
        """Rows still wanted: those of one language do not stand in for those of another."""
        return sum(max(0, q - standing.kept.get(name, 0)) for name, q in self._quota.items())

    def _times(self, kept: int, left: int) -> str:
        """How long it took, and how long the rest takes at the rate up to the latest row."""
        elapsed = time.monotonic() - self._started
        if self._first is None:
            self._first = kept
        if kept - self._first != self._latest[0]:
            self._latest = (kept - self._first, elapsed)
        done, at = self._latest
        if done <= 0 or left <= 0:
            return clock(elapsed)
        # Rows come in batches: between two of them the time left goes down, and not up.
        rest = max(at / done * left - (elapsed - at), at / done)
        return f"{clock(elapsed)}, about {clock(rest)} left"

    def _say(self, line: str) -> None:
        self._console.print(Text(line), soft_wrap=True)


def _at_work(standing: Standing) -> str:
    """The steps at work, since rows leave a step all at once: `persona_dialogue 2/9 | `."""
    steps = (f"{name} {done}/{came}" for name, (done, came) in standing.under_way.items())
    return "".join(f"{step} | " for step in steps)


def clock(seconds: float) -> str:
    """`75.2` as `1:15`."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def funnel_table(funnel: Funnel) -> Table:
    """The funnel as people read it."""
    table = Table(title="What became of the rows tried", title_justify="left", box=box.SIMPLE)
    for name in ("stage", "in", "kept", "share", "calls", "tokens", "seconds"):
        table.add_column(name, justify="left" if name == "stage" else "right")
    table.add_column("dropped because")
    for stage in funnel.stages:
        share = f"{stage.kept / stage.made:.0%}" if stage.made else "-"
        reasons = "\n".join(f"{count} {reason}" for reason, count in stage.reasons.items())
        tokens = f"{stage.prompt_tokens + stage.completion_tokens:,}"
        numbers = (f"{stage.made:,}", f"{stage.kept:,}", share, f"{stage.calls:,}", tokens)
        table.add_row(stage.stage, *numbers, f"{stage.seconds:,.0f}", Text(reasons))
    return table


def coverage_table(coverage: Covered) -> Table:
    """Kept rows by what their calls make use of and by kind; what no row has is named below."""
    table = Table(title="What the calls of kept rows use", title_justify="left", box=box.SIMPLE)
    table.add_column("feature of the schema")
    for kind in coverage.kinds:
        table.add_column(kind, justify="right")
    features = coverage.counts.get("feature", {})
    for feature in (name for name, rows in features.items() if rows):
        table.add_row(feature, *(f"{counts[feature]:,}" for counts in coverage.kinds.values()))
    if none := [name for name, rows in features.items() if not rows]:
        table.caption = Text(f"in no row: {', '.join(none)}")
        table.caption_justify = "left"
    return table


def shares_line(funnel: Funnel) -> str:
    """`kept 30 of 48 rows tried (62%): en 15/24 (62%), zh 15/24 (62%)`."""
    total = funnel.total
    each = ", ".join(
        f"{name} {share.kept}/{share.attempted} ({share.share:.0%})"
        for name, share in funnel.languages.items()
    )
    return f"kept {total.kept} of {total.attempted} rows tried ({total.share:.0%}): {each}"
