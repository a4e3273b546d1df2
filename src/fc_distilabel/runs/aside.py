"""A journal that cannot be used: why, and how it makes room for a new one without being lost.

Another version's, another program's, a damaged one: nothing of it is read into a run, nothing of
it is deleted. All of it is looked through, every page and every completion: a run that pays by the
token must not find out half-way.
"""

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from pydantic import ValidationError

from fc_distilabel.errors import RunError
from fc_distilabel.runs.database import BUSY_SECONDS, strangeness
from fc_distilabel.runs.outcomes import Outcome
from fc_distilabel.synthesis.chat import Completion

LOGS = ("-wal", "-shm")
"""What SQLite keeps beside a database: it belongs to the database, under its name."""


def defect(path: Path) -> str:
    """What the file is that cannot be used; empty where it can, or where there is none.

    Raises `RunError` where it cannot be looked at: it is locked, or may not be read.
    """
    if not path.exists():
        return ""
    if path.is_file() and not path.stat().st_size:
        return "empty"
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
            return strangeness(connection) or _damage(connection)
    except sqlite3.OperationalError as error:
        raise RunError(f"{path.name} cannot be used: {error}") from error
    except sqlite3.DatabaseError as error:
        return f"damaged ({error})"


def _damage(connection: sqlite3.Connection) -> str:
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        return f"damaged ({' '.join(found.split())})"
    connection.text_factory = bytes
    try:
        for row in connection.execute("SELECT reply FROM completions"):
            Completion.model_validate_json(row[0])
        for row in connection.execute("SELECT outcome FROM outcomes"):
            Outcome.model_validate_json(row[0])
        for row in connection.execute("SELECT value FROM notes"):
            json.loads(row[0])
    except (ValidationError, ValueError):
        return "damaged (an entry cannot be read)"
    return ""


def move_aside(database: Path, broken: str, others: Iterable[str] = ()) -> str:
    """Give a database, its logs and files beside it the same new ending; returns what to say."""
    number = 1
    while any(database.parent.glob(f"*.set-aside-{number}*")):
        number += 1
    ending = f".set-aside-{number}"
    for name in others:
        path = database.with_name(name)
        if path.exists():
            path.rename(path.with_name(name + ending))
    aside = database.with_name(database.name + ending)
    # The logs first: SQLite would read one that is left behind into the new database.
    for log in (*LOGS, ""):
        if (path := database.with_name(database.name + log)).exists():
            path.rename(aside.with_name(aside.name + log))
    return f"{database.name} is {broken}: set aside as {aside.name}, and the run begins anew"
