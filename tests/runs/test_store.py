"""The run's database: what processes tell each other through it."""

import asyncio
import sqlite3
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from fc_distilabel.errors import RunError
from fc_distilabel.runs.budget import Budget, Prices, Spent
from fc_distilabel.runs.completions import account
from fc_distilabel.runs.outcomes import ENDPOINT_FAILED, ENDPOINT_UNUSABLE
from fc_distilabel.runs.store import Failures, RunStore, open_store
from fc_distilabel.synthesis.chat import Completion
from outcomes import kept, lost


def write_many(path: str, writer: int) -> int:
    """What a step's process does, as fast as it can."""
    with open_store(path) as store:
        for number in range(50):
            answer = Completion(text="x", prompt_tokens=2)
            asyncio.run(store.completions.keep(f"{writer}-{number}", account("s", "m"), answer))
            store.keep_outcome(kept(number, writer))
    return writer


def test_processes_write_side_by_side(tmp_path: Path) -> None:
    """Processes that make and fill the same new database lose nothing and never collide."""
    path = str(tmp_path / "run.db")
    with ProcessPoolExecutor(4, mp_context=get_context("fork")) as pool:
        assert list(pool.map(write_many, [path] * 4, range(4))) == [0, 1, 2, 3]
    with open_store(path) as store:
        progress = store.progress()
    assert progress.spent == Spent(requests=200, prompt_tokens=400)
    assert progress.kept == {"en": 200}


def test_a_row_that_comes_again_replaces_itself(tmp_path: Path) -> None:
    """A place in the plan holds one outcome."""
    with open_store(tmp_path / "run.db") as store:
        store.keep_outcome(lost(0))
        store.keep_outcome(kept(0))
        assert [outcome.drop for outcome in store.outcomes()] == [None]


def test_missing_rows_are_counted(tmp_path: Path) -> None:
    """Each passage handed out in this try owes its rows; earlier ones do not count."""
    with open_store(tmp_path / "run.db") as store:
        store.keep_outcome(kept(9))
        store.begin()
        store.hand_out([("en0", "en"), ("en1", "en")])
        store.keep_outcome(kept(0, 0))
        store.keep_outcome(lost(0, 1))
        assert store.missing(2) == 2
        assert store.ended(["en0", "en1"]).outcomes == 2
        assert store.ended(["en0"]).kept == {"en": 1}
        assert not store.all_handed_out()
        store.end_hand_out()
        assert store.all_handed_out()
        store.begin()
        assert not store.all_handed_out() and store.missing(2) == 0


def test_failures_of_the_endpoint_are_forgotten(tmp_path: Path) -> None:
    """A later try may keep what only the endpoint ended, and decides anew what came after it in
    that language; what ended before stays.
    """
    with open_store(tmp_path / "run.db") as store:
        reasons = ("refused", ENDPOINT_FAILED, ENDPOINT_UNUSABLE, "late")
        for position, reason in enumerate(reasons):
            store.keep_outcome(lost(position, reason=reason))
        store.keep_outcome(kept(12))
        store.keep_outcome(kept(12, language="zh"))
        assert store.failures() == Failures(rows=2, last="seen")
        assert store.ended(["en1", "en2"]).unusable == "seen"
        store.forget_failures()
        assert store.failures() is None
        assert {outcome.id for outcome in store.outcomes()} == {"en-0-0", "zh-12-0"}


def test_notes_are_any_json(tmp_path: Path) -> None:
    """Facts about the run survive it."""
    with open_store(tmp_path / "run.db") as store:
        store.note("a", {"b": [1, "二"]})
    with open_store(tmp_path / "run.db") as store:
        assert store.noted("a") == {"b": [1, "二"]}
        assert store.noted("c") is None


def test_a_budget_reaches_every_process(tmp_path: Path) -> None:
    """What the guard allows is what a step that opens the store later may spend."""
    budget = Budget(max_tokens=9, max_cost=0.5, prices=Prices(read=1, written=0))
    with open_store(tmp_path / "run.db") as store:
        assert not store.budget().is_limited
        store.limit(budget)
    with open_store(tmp_path / "run.db") as store:
        assert store.budget() == budget


def test_a_pruned_journal_knows_it(tmp_path: Path) -> None:
    """Completions go and the disk gets its room back; outcomes and what was paid stay."""
    path = tmp_path / "run.db"
    with open_store(path) as store:
        store.keep_outcome(kept(0))
        answer = Completion(text="x" * 500_000, completion_tokens=7)
        asyncio.run(store.completions.keep("k", account("s", "m"), answer))
        assert not store.is_pruned()
        assert store.prune() == 1
        assert store.is_pruned() and store.completions.find("k") is None
        assert store.progress().spent.tokens == 7 and len(store.outcomes()) == 1
        assert path.stat().st_size < 200_000


def test_a_database_of_another_version_is_refused(tmp_path: Path) -> None:
    """Nothing is read into what was written by a later program."""
    with sqlite3.connect(tmp_path / "run.db") as database:
        database.execute("PRAGMA user_version=99")
    with pytest.raises(RunError, match="version 99"):
        RunStore(tmp_path / "run.db")


def test_what_is_no_database_is_an_error(tmp_path: Path) -> None:
    """One clear error of ours, not sqlite's."""
    (tmp_path / "run.db").write_text("no" * 500)
    with pytest.raises(RunError, match=r"run\.db cannot be used"):
        RunStore(tmp_path / "run.db")
