"""`run.db`: the one SQLite file through which the processes of a run know of each other.

It holds every completion (written before it is used, so that nothing is paid twice) and every
outcome (so that the source of passages knows when enough rows are kept). WAL lets the steps'
processes write side by side. No key, header or endpoint credential is ever stored.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from fc_distilabel.errors import RunError
from fc_distilabel.runs.outcomes import Outcome
from fc_distilabel.synthesis.chat import Completion

SCHEMA_VERSION = 1
BUSY_SECONDS = 30.0

_TABLES = """
CREATE TABLE IF NOT EXISTS completions (
    key TEXT PRIMARY KEY, stage TEXT NOT NULL, reply TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS outcomes (
    position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, language TEXT NOT NULL,
    passage TEXT NOT NULL, kept INTEGER NOT NULL, unusable INTEGER NOT NULL, outcome TEXT NOT NULL);
"""


@dataclass(frozen=True)
class Progress:
    """Where a run stands."""

    completions: int
    tokens: int
    rows: dict[str, int]
    """Outcomes per language."""
    kept: dict[str, int]
    """Kept rows per language."""
    endpoint_lost: bool
    """Whether a row was dropped because no request can succeed any more."""


class RunStore:
    """The database of one run directory; open one per process."""

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        try:
            self._connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=NORMAL")
            version = self._connection.execute("PRAGMA user_version").fetchone()[0]
            if version not in (0, SCHEMA_VERSION):
                raise RunError(f"{self._path} is of version {version}; this program reads {SCHEMA_VERSION}")
            self._connection.executescript(_TABLES)
            self._connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
        except sqlite3.DatabaseError as error:
            raise RunError(f"{self._path} cannot be used as a run's database: {error}") from error

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def completion(self, key: str) -> Completion | None:
        """The completion stored under `key`, if there is one."""
        row = self._connection.execute(
            "SELECT reply FROM completions WHERE key = ?", (key,)
        ).fetchone()
        return Completion.model_validate_json(row[0]) if row else None

    def keep_completion(self, key: str, stage: str, completion: Completion) -> None:
        """Store a completion; on return it is in the database's log."""
        self._execute(
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
        """Forget the outcomes of an earlier try: they come again, out of the stored completions."""
        self._execute("DELETE FROM outcomes", ())

    def keep_outcome(self, outcome: Outcome) -> None:
        """Store what became of one row."""
        lost = outcome.drop is not None and outcome.drop.reason == "endpoint unusable"
        self._execute(
            "INSERT OR IGNORE INTO outcomes (id, language, passage, kept, unusable, outcome)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                outcome.id,
                outcome.language,
                outcome.passage_id,
                outcome.drop is None,
                lost,
                outcome.to_json(),
            ),
        )

    def outcomes(self) -> Iterator[Outcome]:
        """All outcomes in the order in which they arrived."""
        for row in self._connection.execute("SELECT outcome FROM outcomes ORDER BY position"):
            yield Outcome.model_validate_json(row[0])

    def progress(self) -> Progress:
        """Counts for the progress bar and for the source of passages."""
        calls = self._connection.execute(
            "SELECT COUNT(*), COALESCE(SUM(prompt_tokens + completion_tokens), 0) FROM completions"
        ).fetchone()
        rows = self._connection.execute(
            "SELECT language, COUNT(*), SUM(kept), SUM(unusable) FROM outcomes GROUP BY language"
        ).fetchall()
        return Progress(
            completions=calls[0],
            tokens=calls[1],
            rows={r[0]: r[1] for r in rows},
            kept={r[0]: r[2] for r in rows},
            endpoint_lost=any(r[3] for r in rows),
        )

    def _execute(self, statement: str, values: tuple[object, ...]) -> None:
        try:
            self._connection.execute(statement, values)
        except sqlite3.OperationalError as error:  # disk full, file gone
            raise RunError(f"{self._path} cannot be written: {error}") from error


@contextmanager
def open_store(path: str | Path) -> Iterator[RunStore]:
    """The store at `path`, closed at the end."""
    with closing(RunStore(path)) as store:
        yield store
