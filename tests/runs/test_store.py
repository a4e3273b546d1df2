"""The run's database: what processes tell each other through it."""

import asyncio
import sqlite3
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from fc_distilabel.errors import RunError
from fc_distilabel.runs.journal import JournaledModel
from fc_distilabel.runs.outcomes import ENDPOINT_FAILED, ENDPOINT_UNUSABLE
from fc_distilabel.runs.store import RunStore, open_store
from fc_distilabel.synthesis.chat import ChatRequest, Completion
from outcomes import kept, lost


def write_many(path: str, writer: int) -> int:
    """What a step's process does, as fast as it can."""
    with open_store(path) as store:
        for number in range(50):
            store.keep_completion(f"{writer}-{number}", "s", Completion(text="x", prompt_tokens=2))
            store.keep_outcome(kept(number, writer))
    return writer


def test_processes_write_side_by_side(tmp_path: Path) -> None:
    """Processes that make and fill the same new database lose nothing and never collide."""
    path = str(tmp_path / "run.db")
    with ProcessPoolExecutor(4, mp_context=get_context("fork")) as pool:
        assert list(pool.map(write_many, [path] * 4, range(4))) == [0, 1, 2, 3]
    with open_store(path) as store:
        progress = store.progress()
    assert progress.completions == 200 and progress.tokens == 400
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
        assert store.has_failures()
        assert store.ended(["en1", "en2"]).unusable == "seen"
        store.forget_failures()
        assert not store.has_failures()
        assert {outcome.id for outcome in store.outcomes()} == {"en-0-0", "zh-12-0"}


def test_notes_are_any_json(tmp_path: Path) -> None:
    """Facts about the run survive it."""
    with open_store(tmp_path / "run.db") as store:
        store.note("a", {"b": [1, "二"]})
    with open_store(tmp_path / "run.db") as store:
        assert store.noted("a") == {"b": [1, "二"]}
        assert store.noted("c") is None


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


class Counting:
    """A model that counts its calls."""

    identity = "counting"

    def __init__(self) -> None:
        self.calls = 0

    async def complete(self, request: ChatRequest) -> Completion:
        self.calls += 1
        return Completion(text=f"{request.seed} {self.calls}", seconds=1.5)


def test_a_question_is_asked_once(tmp_path: Path) -> None:
    """An equal request, in whatever stage and process, gets the stored answer, cost included."""
    with open_store(tmp_path / "run.db") as store:
        model = Counting()
        journaled = JournaledModel(model, store)
        request = ChatRequest(stage="scenario", messages=({"role": "user", "content": "?"},))
        first = asyncio.run(journaled.complete(request))
        again = asyncio.run(journaled.complete(request.model_copy(update={"stage": "toolset"})))
        other = asyncio.run(journaled.complete(request.model_copy(update={"seed": 1})))
        assert first == again != other
        assert model.calls == 2


def test_another_model_is_asked_again(tmp_path: Path) -> None:
    """The answers of one model are not passed off as another's."""
    with open_store(tmp_path / "run.db") as store:
        one, two = Counting(), Counting()
        two.identity = "another"
        request = ChatRequest(stage="scenario", messages=({"role": "user", "content": "?"},))
        asyncio.run(JournaledModel(one, store).complete(request))
        asyncio.run(JournaledModel(two, store).complete(request))
        assert one.calls == two.calls == 1
