"""Every completion of a run, written before it is used, so that nothing is paid for twice.

Completions that arrive in one turn of the event loop are committed together. What requests cost is
added up beside them, by model and stage: a budget is looked at before each request. Neither a
request nor anything that goes with it (key, header) is stored, only the hash of its content.
"""

import asyncio
import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache

from fc_distilabel.errors import RunError
from fc_distilabel.runs.budget import Spent
from fc_distilabel.runs.database import Database
from fc_distilabel.synthesis.chat import Completion
from fc_distilabel.types import content_id

LOG_PAGES = 16_384
"""Pages (64 MB) of SQLite's log at which a process that asks models moves them into the file: that
waits for the disk. The last step of a run writes too, and moves them long before."""
LONGEST_NAME = 80

_ADD = """INSERT INTO spent VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
    requests = requests + excluded.requests,
    prompt_tokens = prompt_tokens + excluded.prompt_tokens,
    completion_tokens = completion_tokens + excluded.completion_tokens,
    seconds = seconds + excluded.seconds"""


@dataclass(frozen=True)
class Account:
    """What a completion is charged to: a stage of the run, and the model that it asks."""

    stage: str
    model: str
    """Id of the model's identity."""
    name: str
    """The model as people call it."""


@lru_cache
def account(stage: str, identity: str) -> Account:
    """The account of a stage and the model of that identity."""
    return Account(stage, content_id(identity), _name(identity)[:LONGEST_NAME])


def _name(identity: str) -> str:
    try:
        known = json.loads(identity)
    except ValueError:
        known = None
    if not isinstance(known, dict):
        return identity
    return str(known.get("model") or known.get("class") or "unnamed")


@dataclass(frozen=True)
class Line:
    """What one stage spent on one model."""

    model: str
    name: str
    stage: str
    spent: Spent
    completions: int
    """Completions that are still there."""


class Completions:
    """The part of a run's database that belongs to its models."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[tuple[str, Account, Completion, asyncio.Future[Completion]]] = []
        database.query(f"PRAGMA wal_autocheckpoint={LOG_PAGES}")

    def find(self, key: str) -> Completion | None:
        """The completion stored under `key`, if there is one."""
        rows = self._database.query("SELECT reply FROM completions WHERE key = ?", (key,))
        return Completion.model_validate_json(rows[0][0]) if rows else None

    async def keep(self, key: str, account: Account, completion: Completion) -> Completion:
        """Store a completion and what it cost; on return it is in the database's log.

        Returns the one that is stored: another process may have been there first.
        """
        loop = asyncio.get_running_loop()
        kept: asyncio.Future[Completion] = loop.create_future()
        self._waiting.append((key, account, completion, kept))
        if len(self._waiting) == 1:
            loop.call_soon(self._keep_waiting)
        return await kept

    def _keep_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        futures = [future for *_, future in waiting]
        try:
            stored = self._write([(key, who, what) for key, who, what, _ in waiting])
        except RunError as error:
            for future in futures:
                if not future.done():
                    future.set_exception(error)
            return
        for future, completion in zip(futures, stored, strict=True):
            if not future.done():
                future.set_result(completion)

    def _write(self, entries: Sequence[tuple[str, Account, Completion]]) -> list[Completion]:
        costs: dict[Account, Spent] = defaultdict(Spent)
        for _, who, completion in entries:
            costs[who] += _cost(completion)
        with self._database.transaction() as connection:
            for who, cost in costs.items():
                connection.execute(
                    "INSERT OR IGNORE INTO models VALUES (?, ?)", (who.model, who.name)
                )
                connection.execute(_ADD, (who.model, who.stage, *astuple(cost)))
            return [_insert(connection, *entry) for entry in entries]

    def spent(self) -> Spent:
        """What the run has spent so far, all tries and processes together."""
        rows = self._database.query(
            "SELECT SUM(requests), SUM(prompt_tokens), SUM(completion_tokens), SUM(seconds)"
            " FROM spent"
        )
        stored = Spent(*(value or 0 for value in rows[0]))
        # The place in flight of an answer is given away before the answer is stored.
        return sum((_cost(completion) for _, _, completion, _ in self._waiting), stored)

    def lines(self) -> list[Line]:
        """What was spent, by model and stage."""
        rows = self._database.query(
            "SELECT s.model, m.name, s.stage, COALESCE(c.there, 0),"
            " s.requests, s.prompt_tokens, s.completion_tokens, s.seconds"
            " FROM spent s JOIN models m ON m.id = s.model LEFT JOIN"
            " (SELECT model, stage, COUNT(*) AS there FROM completions GROUP BY model, stage) c"
            " ON c.model = s.model AND c.stage = s.stage ORDER BY m.name, s.model, s.rowid"
        )
        return [Line(row[0], row[1], row[2], Spent(*row[4:]), row[3]) for row in rows]

    def prune(self) -> int:
        """Remove all completions, and give their place back to the disk; returns their number.

        What they cost stays on the account.
        """
        count = self._database.query("SELECT COUNT(*) FROM completions")[0][0]
        self._database.query("DELETE FROM completions")
        self._database.query("VACUUM")
        self._database.query("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(count)


def _insert(
    connection: sqlite3.Connection, key: str, who: Account, completion: Completion
) -> Completion:
    new = connection.execute(
        "INSERT OR IGNORE INTO completions VALUES (?, ?, ?, ?)",
        (key, who.model, who.stage, completion.model_dump_json()),
    )
    if new.rowcount:
        return completion
    row = connection.execute("SELECT reply FROM completions WHERE key = ?", (key,)).fetchone()
    return Completion.model_validate_json(row[0])


def _cost(completion: Completion) -> Spent:
    return Spent(1, completion.prompt_tokens, completion.completion_tokens, completion.seconds)
