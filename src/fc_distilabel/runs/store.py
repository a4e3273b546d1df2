"""`run.db`: the one SQLite file through which the processes of a run know of each other.

It holds every completion (written before it is used, so that nothing is paid twice), every outcome
by its place in the plan (so a row that comes again replaces itself), and which passages this try
handed out (so that missing rows are noticed). WAL lets the steps' processes write side by side;
each opens its own connection. No key, header or endpoint credential is ever stored.
"""

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fc_distilabel.errors import RunError
from fc_distilabel.runs.outcomes import ENDPOINT_FAILED, ENDPOINT_UNUSABLE, Outcome
from fc_distilabel.synthesis.chat import Completion
from fc_distilabel.types import Json, Language, canonical_json

SCHEMA_VERSION = 1
BUSY_SECONDS = 30.0
WAL_POLL_SECONDS = 0.01
_ALL_HANDED_OUT = "all handed out"
_UNUSABLE = "endpoint unusable"

_TABLES = (
    """CREATE TABLE IF NOT EXISTS completions (
    key TEXT PRIMARY KEY, stage TEXT NOT NULL, reply TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS outcomes (
    passage TEXT NOT NULL, attempt INTEGER NOT NULL, language TEXT NOT NULL,
    kept INTEGER NOT NULL, reason TEXT NOT NULL, outcome TEXT NOT NULL,
    PRIMARY KEY (passage, attempt))""",
    "CREATE TABLE IF NOT EXISTS handed_out (passage TEXT PRIMARY KEY, language TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
)


@dataclass(frozen=True)
class Progress:
    """Where a run stands."""

    completions: int
    tokens: int
    handed_out: int
    """Passages that this try has started."""
    attempted: dict[str, int]
    """Outcomes per language."""
    kept: dict[str, int]
    """Kept rows per language."""


@dataclass(frozen=True)
class Ended:
    """How the rows of some passages ended."""

    outcomes: int
    kept: dict[Language, int]
    unusable: str
    """What the endpoint said when no request could succeed any more; else empty."""


class RunStore:
    """The database of one run directory; open one per process."""

    def __init__(self, path: str | Path) -> None:
        """Open the database, and make it where there is none.

        Raises `RunError` when the file cannot be used.
        """
        self._path = Path(path)
        with self._trouble():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(
                self._path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._prepare()

    def _prepare(self) -> None:
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, SCHEMA_VERSION):
            raise RunError(f"{self._path} is of version {version}, this program: {SCHEMA_VERSION}")
        self._use_wal()
        self._connection.execute("PRAGMA synchronous=NORMAL")
        if version == 0:
            self._connection.execute("BEGIN IMMEDIATE")
            for table in _TABLES:
                self._connection.execute(table)
            self._connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
            self._connection.execute("COMMIT")

    def _use_wal(self) -> None:
        # SQLite's own waiting does not cover this switch when several processes make it at once.
        deadline = time.monotonic() + BUSY_SECONDS
        while self._connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            try:
                self._connection.execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(WAL_POLL_SECONDS)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def completion(self, key: str) -> Completion | None:
        """The completion stored under `key`, if there is one."""
        rows = self._query("SELECT reply FROM completions WHERE key = ?", (key,))
        return Completion.model_validate_json(rows[0][0]) if rows else None

    def keep_completion(self, key: str, stage: str, completion: Completion) -> None:
        """Store a completion; on return it is in the database's log."""
        self._query(
            "INSERT OR IGNORE INTO completions VALUES (?, ?, ?, ?, ?)",
            (
                key,
                stage,
                completion.model_dump_json(),
                completion.prompt_tokens,
                completion.completion_tokens,
            ),
        )

    def begin(self) -> None:
        """Start a try: nothing is handed out yet."""
        self._query("DELETE FROM notes WHERE name IN (?, ?)", (_ALL_HANDED_OUT, _UNUSABLE))
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

    def has_failures(self) -> bool:
        """Whether an endpoint's failure ended any row."""
        reasons = (ENDPOINT_FAILED, ENDPOINT_UNUSABLE)
        return bool(self._query("SELECT 1 FROM outcomes WHERE reason IN (?, ?) LIMIT 1", reasons))

    def hand_out(self, passages: Iterable[tuple[str, Language]]) -> None:
        """Note passages that are about to be worked on."""
        with self._trouble():
            self._connection.executemany(
                "INSERT OR IGNORE INTO handed_out VALUES (?, ?)", list(passages)
            )

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

    def note(self, name: str, value: Json) -> None:
        """Keep a fact about the run."""
        self._query("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, canonical_json(value)))

    def noted(self, name: str) -> Json:
        """A fact kept by `note`, or None."""
        rows = self._query("SELECT value FROM notes WHERE name = ?", (name,))
        return json.loads(rows[0][0]) if rows else None

    def progress(self) -> Progress:
        """Counts for the progress display."""
        calls = self._query(
            "SELECT COUNT(*), COALESCE(SUM(prompt_tokens + completion_tokens), 0),"
            " (SELECT COUNT(*) FROM handed_out) FROM completions"
        )[0]
        rows = self._query("SELECT language, COUNT(*), SUM(kept) FROM outcomes GROUP BY language")
        return Progress(
            completions=calls[0],
            tokens=calls[1],
            handed_out=calls[2],
            attempted={row[0]: row[1] for row in rows},
            kept={row[0]: row[2] for row in rows},
        )

    # Any: a row of the database has whatever columns the statement names.
    def _query(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        with self._trouble():
            return self._connection.execute(statement, values).fetchall()

    @contextmanager
    def _trouble(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.DatabaseError, OSError) as error:  # disk full, file gone, not a database
            raise RunError(f"{self._path.name} cannot be used: {error}") from error


@contextmanager
def open_store(path: str | Path) -> Iterator[RunStore]:
    """The store at `path`, closed at the end."""
    with closing(RunStore(path)) as store:
        yield store
