"""Journals as people meet them: by folder or file, with what is in them, and whether they may go.

A run that has come to its own end needs its completions no more, unless it is to be extended; any
other goes on from them. So only the former's may be removed, and a run without them never goes on
as if it had them (see `Run`).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fc_distilabel.errors import InputError
from fc_distilabel.pipelines.directory import LOCK, take_lock
from fc_distilabel.runs.aside import LOGS, defect
from fc_distilabel.runs.budget import Prices, Spent
from fc_distilabel.runs.completions import Line
from fc_distilabel.runs.files import DATABASE
from fc_distilabel.runs.store import open_store

OWN_ENDS = ("rows reached", "documents exhausted", "tools written")
"""How a run ends that has done what it was to do."""


@dataclass(frozen=True)
class Journal:
    """Where a journal is."""

    database: Path
    output: Path | None = None
    """The file of tools beside it, where it is that of `apis`."""

    @property
    def lock(self) -> Path:
        """What a run on it holds."""
        if self.output is None:
            return self.database.with_name(LOCK)
        return self.output.with_name(f".{self.output.name}.lock")

    @property
    def size(self) -> int:
        """Bytes on disk."""
        files = [self.database.with_name(self.database.name + log) for log in ("", *LOGS)]
        return sum(file.stat().st_size for file in files if file.exists())

    def ending(self, noted: str) -> str:
        """How its last run ended; empty where it did not come to an end of any sort."""
        if self.output is None:
            return noted
        unfinished = self.output.with_name(f"{self.output.name}.part")
        return "tools written" if self.output.exists() and not unfinished.exists() else ""


@dataclass(frozen=True)
class Contents:
    """What is in a journal."""

    lines: list[Line]
    ending: str
    kept_rows: int
    calls_of_kept: int
    """Requests that the kept rows took."""
    size: int

    @property
    def completions(self) -> int:
        """Completions that are there."""
        return sum(line.completions for line in self.lines)

    @property
    def needed(self) -> int:
        """Completions that the run needs to go on with its rows."""
        return 0 if self.ending in OWN_ENDS else self.completions

    @property
    def spent(self) -> Spent:
        """What the run has spent, what was pruned included."""
        return sum((line.spent for line in self.lines), Spent())

    # Any: the values of a JSON object.
    def report(self, prices: Prices | None) -> dict[str, Any]:
        """All of it as JSON."""
        return {
            "bytes": self.size,
            "ended": self.ending,
            "kept_rows": self.kept_rows,
            "calls_of_kept_rows": self.calls_of_kept,
            "completions": self.completions,
            "needed": self.needed,
            "spent": _figures(self.spent, prices),
            "lines": [
                {
                    "model": line.name,
                    "model_id": line.model,
                    "stage": line.stage,
                    "completions": line.completions,
                    **_figures(line.spent, prices),
                }
                for line in self.lines
            ],
        }


def _figures(spent: Spent, prices: Prices | None) -> dict[str, Any]:
    figures = {
        "requests": spent.requests,
        "prompt_tokens": spent.prompt_tokens,
        "completion_tokens": spent.completion_tokens,
        "seconds": round(spent.seconds, 1),
    }
    return figures | ({"dollars": round(prices.cost(spent), 6)} if prices else {})


def find_journal(path: Path) -> Journal:
    """The journal of a run's folder, of a file of tools, or the file itself.

    Raises `InputError` where there is none, or none that this program can read.
    """
    journal = _located(path)
    if not journal.database.is_file():
        raise InputError(f"no {journal.database.name} in {str(journal.database.parent)!r}")
    if broken := defect(journal.database):
        raise InputError(f"{str(journal.database)!r} is {broken}")
    return journal


def _located(path: Path) -> Journal:
    if path.is_dir() or path.name == DATABASE:
        return Journal(path / DATABASE if path.is_dir() else path)
    beside = path.with_name(f"{path.name}.db")
    if beside.is_file():
        return Journal(beside, path)
    output = path.with_suffix("")
    return Journal(path, output if path.suffix == ".db" and output.suffix else None)


def read_journal(journal: Journal) -> Contents:
    """What is in it."""
    with open_store(journal.database) as store:
        kept = [outcome for outcome in store.outcomes() if outcome.drop is None]
        return Contents(
            lines=store.completions.lines(),
            ending=journal.ending(store.ending()),
            kept_rows=len(kept),
            calls_of_kept=sum(usage.calls for outcome in kept for usage in outcome.usage),
            size=journal.size,
        )


def prune_journal(journal: Journal) -> tuple[int, int]:
    """Remove all completions of a run that has ended; returns their number and the bytes freed.

    Raises `InputError` where a run is at work on it, or has yet to go on from it.
    """
    lock = take_lock(journal.lock, f"on {str(journal.database)!r}")
    try:
        with open_store(journal.database) as store:
            ending = journal.ending(store.ending())
            if ending not in OWN_ENDS:
                raise InputError(
                    f"the run of {str(journal.database)!r} has not come to its end "
                    f"({ending or 'it was cut off'}): it goes on from these completions, and none "
                    "was removed"
                )
            before = journal.size
            removed = store.prune()
            return removed, max(0, before - journal.size)
    finally:
        lock.release()
