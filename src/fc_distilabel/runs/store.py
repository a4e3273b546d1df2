"""`run.db`: the one SQLite file through which the processes of a run know of each other.

It holds every completion (see `Completions`), every outcome by its place in the plan (so a row that
comes again replaces itself), and which passages this try handed out (so that missing rows are
noticed). Each process opens its own connection. No key, header or endpoint credential is ever
stored.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from fc_distilabel.runs.budget import Budget, Spent
from fc_distilabel.runs.completions import Completions
from fc_distilabel.runs.database import Database
from fc_distilabel.runs.outcomes import ENDPOINT_FAILED, ENDPOINT_UNUSABLE, Outcome
from fc_distilabel.types import Json, Language, canonical_json

_ALL_HANDED_OUT = "all handed out"
_UNUSABLE = "endpoint unusable"
ROWS_OF = "rows of "
"""Note of a step at work, with its name: `{"came": ..., "finished": ...}`."""
_BUDGET = "budget"
_ENDING = "ending"
_PRUNED = "pruned"


@dataclass(frozen=True)
class Progress:
    """Where a run stands."""

    spent: Spent
    """All tries together."""
    handed_out: int
    """Passages that this try has started."""
    attempted: dict[str, int]
    """Outcomes per language."""
    kept: dict[str, int]
    """Kept rows per language."""
    under_way: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Step at work -> rows that it has finished, of those that came to it in this try."""


@dataclass(frozen=True)
class Ended:
    """How the rows of some passages ended."""

    outcomes: int
    kept: dict[Language, int]
    unusable: str
    """What the endpoint said when no request could succeed any more; else empty."""


@dataclass(frozen=True)
class Failures:
    """Rows that an endpoint's failure ended."""

    rows: int
    last: str
    """What was seen at the last of them."""


class RunStore:
    """The database of one run directory; open one per process."""

    def __init__(self, path: str | Path) -> None:
        """Open the database, and make it where there is none.

        Raises `RunError` when the file cannot be used.
        """
        self._database = Database(path)
        self._query = self._database.query

    def close(self) -> None:
        """Close the connection."""
        self._database.close()

    @cached_property
    def completions(self) -> Completions:
        """What models answered, and what that cost."""
        return Completions(self._database)

    def limit(self, budget: Budget) -> None:
        """Say what the run may spend; models that are opened from now on keep to it."""
        self.note(_BUDGET, budget.model_dump(mode="json"))

    def budget(self) -> Budget:
        """What the run may spend."""
        return Budget.model_validate(self.noted(_BUDGET) or {})

    def begin(self) -> None:
        """Start a try: nothing is handed out yet."""
        self._query(
            "DELETE FROM notes WHERE name IN (?, ?) OR name LIKE ?",
            (_ALL_HANDED_OUT, _UNUSABLE, f"{ROWS_OF}%"),
        )
        self._query("DELETE FROM handed_out")

    def forget_failures(self) -> None:
        """Forget the rows that an endpoint's failure ended, and those behind them in the plan.

        This try may keep the former; and the latter were decided without them (`BlueprintPlanner`,
        `RunSink`). What they cost is not paid again: completions stay.
        """
        first = self._query(
            "SELECT language, MIN(json_extract(outcome, '$.position')) FROM outcomes"
            " WHERE reason IN (?, ?) GROUP BY language",
            (ENDPOINT_FAILED, ENDPOINT_UNUSABLE),
        )
        for language, position in first:
            self._query(
                "DELETE FROM outcomes"
                " WHERE language = ? AND json_extract(outcome, '$.position') >= ?",
                (language, position),
            )

    def failures(self) -> Failures | None:
        """The rows that an endpoint's failure ended; None where there are none."""
        rows = self._query(
            "SELECT COUNT(*), outcome, MAX(rowid) FROM outcomes WHERE reason IN (?, ?)",
            (ENDPOINT_FAILED, ENDPOINT_UNUSABLE),
        )
        count, last, _ = rows[0]
        return Failures(count, json.loads(last)["drop"]["detail"]) if count else None

    def hand_out(self, passages: Iterable[tuple[str, Language]]) -> None:
        """Note passages that are about to be worked on."""
        with self._database.transaction() as connection:
            connection.executemany("INSERT OR IGNORE INTO handed_out VALUES (?, ?)", list(passages))

    def keep_outcome(self, outcome: Outcome) -> None:
        """Store what became of one row; what was known of it before is replaced."""
        self._query(
            "INSERT OR REPLACE INTO outcomes VALUES (?, ?, ?, ?, ?, ?)",
            (
                outcome.passage_id,
                outcome.attempt,
                outcome.language,
                outcome.drop is None,
                outcome.drop.reason if outcome.drop else "",
                outcome.to_json(),
            ),
        )

    def outcomes(self) -> list[Outcome]:
        """All outcomes."""
        rows = self._query("SELECT outcome FROM outcomes")
        return [Outcome.model_validate_json(row[0]) for row in rows]

    def ended(self, passages: Iterable[str]) -> Ended:
        """How many rows of these passages have ended, and how."""
        rows = self._query(
            "SELECT language, COUNT(*), SUM(kept),"
            " MAX(CASE WHEN reason = ? THEN outcome ELSE '' END)"
            " FROM outcomes WHERE passage IN (SELECT value FROM json_each(?)) GROUP BY language",
            (ENDPOINT_UNUSABLE, canonical_json(list(passages))),
        )
        lost = next((row[3] for row in rows if row[3]), "")
        return Ended(
            outcomes=sum(row[1] for row in rows),
            kept={row[0]: row[2] for row in rows},
            unusable=json.loads(lost)["drop"]["detail"] if lost else "",
        )

    def end_hand_out(self, unusable: str = "") -> None:
        """Note that this try starts nothing more, and what the endpoint said if that is why."""
        if unusable:
            self.note(_UNUSABLE, unusable)
        self.note(_ALL_HANDED_OUT, True)

    def all_handed_out(self) -> bool:
        """Whether this try starts nothing more."""
        return bool(self.noted(_ALL_HANDED_OUT))

    def unusable(self) -> str:
        """What the endpoint said when no request could succeed any more; empty otherwise."""
        return str(self.noted(_UNUSABLE) or "")

    def missing(self, per_passage: int) -> int:
        """How many rows of the passages handed out have not come out."""
        rows = self._query(
            "SELECT COUNT(*), (SELECT COUNT(*) FROM outcomes"
            " WHERE passage IN (SELECT passage FROM handed_out)) FROM handed_out"
        )
        expected, came = rows[0]
        return int(expected * per_passage - came)

    def end(self, ending: str) -> None:
        """Note how a try ended; empty while one is at work."""
        self.note(_ENDING, ending)

    def ending(self) -> str:
        """How the last try ended; empty while one is at work, or after it was killed."""
        return str(self.noted(_ENDING) or "")

    def prune(self) -> int:
        """Remove all completions, for good; returns their number."""
        self.note(_PRUNED, True)
        return self.completions.prune()

    def is_pruned(self) -> bool:
        """Whether completions were removed: then the run cannot go on."""
        return bool(self.noted(_PRUNED))

    def note(self, name: str, value: Json) -> None:
        """Keep a fact about the run."""
        self._query("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, canonical_json(value)))

    def noted(self, name: str) -> Json:
        """A fact kept by `note`, or None."""
        rows = self._query("SELECT value FROM notes WHERE name = ?", (name,))
        return json.loads(rows[0][0]) if rows else None

    def _under_way(self) -> dict[str, tuple[int, int]]:
        rows = self._query("SELECT name, value FROM notes WHERE name LIKE ?", (f"{ROWS_OF}%",))
        counts = {name.removeprefix(ROWS_OF): json.loads(value) for name, value in rows}
        return {
            step: (each["finished"], each["came"])
            for step, each in counts.items()
            if each["finished"] < each["came"]
        }

    def progress(self) -> Progress:
        """Counts for the progress display."""
        rows = self._query("SELECT language, COUNT(*), SUM(kept) FROM outcomes GROUP BY language")
        return Progress(
            spent=self.completions.spent(),
            handed_out=self._query("SELECT COUNT(*) FROM handed_out")[0][0],
            attempted={row[0]: row[1] for row in rows},
            kept={row[0]: row[2] for row in rows},
            under_way=self._under_way(),
        )


@contextmanager
def open_store(path: str | Path) -> Iterator[RunStore]:
    """The store at `path`, closed at the end."""
    with closing(RunStore(path)) as store:
        yield store
