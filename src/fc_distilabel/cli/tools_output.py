"""What `fc-distilabel apis` leaves and tells: the file of rows, how far it is, what was reached."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean
from typing import IO

from rich import box
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from typing_extensions import Self

from fc_distilabel.apis.complexity import Complexity, Measured
from fc_distilabel.apis.making import Alike, MadeTool
from fc_distilabel.apis.targets import TOLERANCE, side_by_side
from fc_distilabel.errors import InputError, RunError
from fc_distilabel.types import canonical_json

PLAIN_SECONDS = 10.0
"""How often it is told how far the run is where there is no terminal."""
NEAR = 0.1
"""How far the mean confusability may lie from the one asked for without a word."""


@dataclass
class ToolsFile:
    """A file of rows under way: beside its place until the last row is written."""

    out: Path
    alike: Alike
    made: int = 0
    short: int = 0
    """Tools with fewer similar ones than asked for."""
    confusabilities: list[float] = field(default_factory=list)

    @property
    def unfinished(self) -> Path:
        """Where the rows are until the last one is written."""
        return self.out.with_name(f"{self.out.name}.part")

    @contextmanager
    def opened(self) -> Iterator[IO[str]]:
        """The open file. What breaks off leaves its rows in `unfinished` and an older file alone.

        Raises `InputError` where the file cannot be made.
        """
        try:
            rows = self.unfinished.open("w", encoding="utf-8", newline="\n")
        except OSError as error:
            raise InputError(f"cannot write {str(self.out)!r}: {error.strerror}") from error
        try:
            with rows:
                yield rows
            self.unfinished.replace(self.out)
        finally:
            if not self.made:
                self.unfinished.unlink(missing_ok=True)

    def add(self, tool: MadeTool, rows: IO[str]) -> None:
        """Write a row."""
        try:
            rows.write(canonical_json(tool.row()) + "\n")
            rows.flush()
        except OSError as error:
            raise RunError(f"cannot write {str(self.unfinished)!r}: {error.strerror}") from error
        self.made += 1
        self.short += len(tool.similar) < self.alike.count
        measured = [each.confusability for each in tool.similar if each.confusability]
        self.confusabilities += [each.value for each in measured]

    def left(self) -> str:
        """What is there when the run broke off."""
        if not self.made:
            return "nothing was made"
        where = f"{self.made:,} tools are in {str(self.unfinished)!r}"
        return f"{where}; the same command goes on from there"

    def similar_notes(self) -> list[str]:
        """What came of the similar tools, where it is not as asked for or is a measurement."""
        notes = []
        if self.short:
            notes.append(f"{self.short:,} tools have fewer than {self.alike.count}: no more differ")
        target, values = self.alike.confusability, self.confusabilities
        if target is not None and values:
            figures = f"mean {mean(values):.2f}, from {min(values):.2f} to {max(values):.2f}"
            off = abs(mean(values) - target) > NEAR
            far = "; the nearest that these tools allow" if off else ""
            notes.append(f"confusability {target:.2f} asked for, reached: {figures}{far}")
        return notes


class Shown:
    """How far a run is: a bar on a terminal, elsewhere a line now and then."""

    def __init__(self, console: Console, count: int) -> None:
        self._console, self._count = console, count
        self._bar = Progress(console=console, transient=True, disable=not console.is_terminal)
        self._task = self._bar.add_task("making tools", total=count)
        self._told = time.monotonic()

    def __enter__(self) -> Self:
        """Start to show."""
        self._bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        """Leave the terminal as it was."""
        self._bar.stop()

    def update(self, made: int) -> None:
        """So many tools are made."""
        self._bar.update(self._task, completed=made)
        if not self._console.is_terminal and time.monotonic() - self._told >= PLAIN_SECONDS:
            self._told = time.monotonic()
            say(self._console, "made", [f"{made:,} of {self._count:,} tools"])


def say(console: Console, what: str, notes: Iterable[str]) -> None:
    """A line for each note."""
    for note in notes:
        console.print(f"{what}: {note}", markup=False, highlight=False, soft_wrap=True)


def figures_table(target: Complexity, reached: Measured) -> Table:
    """The target beside what was measured."""
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("figure")
    for title in ("target", "measured", ""):
        table.add_column(title, justify="right")
    for name, wanted, found, is_share in side_by_side(target, reached):
        style = "{:.1%}" if is_share else "{:g}"
        off = is_share and abs(wanted - found) > TOLERANCE
        shown = round(found, 2) if not is_share else found
        mark = "off" if off else ""
        table.add_row(name.replace("_", " "), style.format(wanted), style.format(shown), mark)
    return table
