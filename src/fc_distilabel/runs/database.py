"""The SQLite file behind a run: how it is opened, and what its troubles mean.

WAL lets the processes of a run write side by side, each by a connection of its own; what is
committed is in the log, and outlives a killed process. A file is known as ours by its application
id, and its form by a version: neither another program's nor another version's is written to.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fc_distilabel.errors import RunError

APPLICATION = int.from_bytes(b"fcds", "big")
VERSION = 2
BUSY_SECONDS = 30.0
WAL_POLL_SECONDS = 0.01

TABLES = (
    "CREATE TABLE models (id TEXT PRIMARY KEY, name TEXT NOT NULL)",
    """CREATE TABLE completions (
    key TEXT PRIMARY KEY, model TEXT NOT NULL, stage TEXT NOT NULL, reply TEXT NOT NULL)""",
    """CREATE TABLE spent (
    model TEXT NOT NULL, stage TEXT NOT NULL, requests INTEGER NOT NULL,
    prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL, seconds REAL NOT NULL,
    PRIMARY KEY (model, stage))""",
    """CREATE TABLE outcomes (
    passage TEXT NOT NULL, attempt INTEGER NOT NULL, language TEXT NOT NULL,
    kept INTEGER NOT NULL, reason TEXT NOT NULL, outcome TEXT NOT NULL,
    PRIMARY KEY (passage, attempt))""",
    # Progress is asked for all the time: without reading the rows themselves.
    "CREATE INDEX outcomes_kept ON outcomes (language, kept)",
    "CREATE TABLE handed_out (passage TEXT PRIMARY KEY, language TEXT NOT NULL)",
    "CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
)


class Database:
    """One connection to a run's database."""

    def __init__(self, path: str | Path) -> None:
        """Open the database, and make it where there is none.

        Raises `RunError` when the file cannot be used.
        """
        self.path = Path(path)
        with self.trouble():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.connection = sqlite3.connect(
                self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._prepare()

    def _prepare(self) -> None:
        if strange := strangeness(self.connection):
            raise RunError(f"{self.path.name} is {strange}")
        self._use_wal()
        self.connection.execute("PRAGMA synchronous=NORMAL")
        with self.transaction():
            if _version(self.connection) == 0:
                for table in TABLES:
                    self.connection.execute(table)
                self.connection.execute(f"PRAGMA application_id={APPLICATION}")
                self.connection.execute(f"PRAGMA user_version={VERSION}")

    def _use_wal(self) -> None:
        # SQLite's own waiting does not cover this switch when several processes make it at once.
        deadline = time.monotonic() + BUSY_SECONDS
        while self.connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            try:
                self.connection.execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(WAL_POLL_SECONDS)

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    # Any: a row of the database has whatever columns the statement names.
    def query(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """Execute a statement; returns its rows."""
        with self.trouble():
            return self.connection.execute(statement, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All statements inside, or none of them."""
        with self.trouble():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            finally:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")

    @contextmanager
    def trouble(self) -> Iterator[None]:
        """Tell SQLite's errors as a `RunError`."""
        try:
            yield
        except (sqlite3.DatabaseError, OSError) as error:  # disk full, file gone, not a database
            raise RunError(f"{self.path.name} cannot be used: {error}") from error


def strangeness(connection: sqlite3.Connection) -> str:
    """What a database is that this program does not write; empty for its own and for a new one."""
    version = _version(connection)
    if version == 0:
        tables = connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]
        # Between the two questions another process may have made ours.
        if not tables or _version(connection):
            return ""
        return "the database of another program"
    if version != VERSION:
        return f"of version {version}, and this program's are of version {VERSION}"
    ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION
    return "" if ours else "the database of another program"


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
