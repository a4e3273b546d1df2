"""The command `fc-distilabel journal`: what was asked and paid, and what may be removed."""

import asyncio
import json
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from fc_distilabel.cli import main
from fc_distilabel.runs.completions import account
from fc_distilabel.runs.store import open_store
from fc_distilabel.synthesis.chat import Completion
from fc_distilabel.types import Usage
from outcomes import kept, lost

ENDPOINT = '{"base_url": "http://h/v1", "class": "C", "model": "[large]"}'


def fill(database: Path, ending: str) -> None:
    """A journal of two models and two stages, with a kept row and a lost one."""
    with open_store(database) as store:
        for number, (stage, identity) in enumerate(
            [("scenario", "small"), ("dialogue", ENDPOINT), ("dialogue", ENDPOINT)]
        ):
            answer = Completion(text="x" * 90_000, prompt_tokens=1000, completion_tokens=100)
            answer = answer.model_copy(update={"seconds": 1.25})
            asyncio.run(store.completions.keep(str(number), account(stage, identity), answer))
        store.keep_outcome(kept(0, usage=Usage(stage="dialogue", calls=2)))
        store.keep_outcome(lost(1))
        store.end(ending)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """The folder of a run that reached its rows."""
    fill(tmp_path / "out" / "run.db", "rows reached")
    return tmp_path / "out"


def journal(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    """Exit status, and what was said."""
    status = main(["journal", *map(str, arguments)])
    told = capsys.readouterr()
    return status, told.err if status else told.out


def report(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    status, told = journal(capsys, *arguments, "--json")
    assert status == 0, told
    found: dict[str, Any] = json.loads(told)
    return found


def test_all_is_counted_by_model_and_stage(capsys: pytest.CaptureFixture[str], run: Path) -> None:
    """Completions, tokens, seconds and dollars of each, and of all together."""
    found = report(capsys, run, "--price-in", 2, "--price-out", 10)
    assert found["spent"] == {
        "requests": 3,
        "prompt_tokens": 3000,
        "completion_tokens": 300,
        "seconds": 3.8,
        "dollars": 0.009,
    }
    assert [(line["model"], line["stage"], line["completions"]) for line in found["lines"]] == [
        ("[large]", "dialogue", 2),
        ("small", "scenario", 1),
    ]
    assert found["lines"][0]["dollars"] == 0.006 and found["lines"][0]["seconds"] == 2.5
    assert found["completions"] == 3 and found["needed"] == 0
    assert found["kept_rows"] == 1 and found["calls_of_kept_rows"] == 2
    assert found["bytes"] >= (run / "run.db").stat().st_size > 270_000


def test_people_can_read_it(capsys: pytest.CaptureFixture[str], run: Path) -> None:
    """A table, the size and what the completions are still good for; names are no markup."""
    status, told = journal(capsys, run, "--price-in", 2, "--price-out", 10)
    assert status == 0
    lines = [line.split() for line in told.splitlines()]
    assert ["[large]", "dialogue", "2", "2", "2,000", "200", "2.5", "$0.0060"] in lines
    assert ["in", "all", "3", "3", "3,000", "300", "3.8", "$0.0090"] in lines
    assert "3 completions, " in told and "kB in" in told
    assert "the run has ended (rows reached, 1 rows kept, of 2 calls)" in told


def test_a_run_that_ended_is_pruned(capsys: pytest.CaptureFixture[str], run: Path) -> None:
    """The disk gets its room back; what was paid and the outcomes stay; twice is no harm."""
    before = report(capsys, run)
    status, told = journal(capsys, run, "--prune")
    assert status == 0 and "removed 3 completions, " in told and "needed: none" in told
    after = report(capsys, run / "run.db", "--prune")
    assert after["removed"] == 0 == after["completions"]
    assert after["bytes"] < before["bytes"] / 3
    assert after["spent"] == before["spent"] and after["kept_rows"] == 1


@pytest.mark.parametrize("ending", ["", "interrupted", "budget spent", "failed"])
def test_a_run_that_goes_on_keeps_its_completions(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, ending: str
) -> None:
    """Without them it would pay for all of them again."""
    fill(tmp_path / "run.db", ending)
    assert report(capsys, tmp_path)["needed"] == 3
    status, told = journal(capsys, tmp_path, "--prune")
    assert status == 2 and len(told.splitlines()) == 1
    assert f"not come to its end ({ending or 'it was cut off'})" in told
    assert report(capsys, tmp_path)["completions"] == 3


def test_a_run_at_work_is_left_alone(capsys: pytest.CaptureFixture[str], run: Path) -> None:
    """It can be looked at, and not be pruned."""
    with FileLock(run / ".lock"):
        assert journal(capsys, run)[0] == 0
        status, told = journal(capsys, run, "--prune")
    assert status == 2 and "another run is at work" in told


def test_the_journal_of_a_file_of_tools(
    capsys: pytest.CaptureFixture[str], run: Path, tmp_path: Path
) -> None:
    """`apis` keeps it beside its output, and has ended when that is whole."""
    out = tmp_path / "tools.jsonl"
    shutil.copy(run / "run.db", tmp_path / "tools.jsonl.db")
    (tmp_path / "tools.jsonl.part").write_text("{}\n")
    assert report(capsys, out)["needed"] == 3
    assert journal(capsys, out, "--prune")[0] == 2
    (tmp_path / "tools.jsonl.part").rename(out)
    assert report(capsys, tmp_path / "tools.jsonl.db")["needed"] == 0
    assert "the run has ended (tools written)" in journal(capsys, out)[1]
    with FileLock(tmp_path / ".tools.jsonl.lock"):
        assert "another run is at work" in journal(capsys, out, "--prune")[1]
    assert report(capsys, out, "--prune")["removed"] == 3


def test_what_is_no_journal(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """One line and exit 2: nothing there, another's, another version's; and nothing is made."""
    assert journal(capsys, tmp_path) == (2, f"error: no run.db in {str(tmp_path)!r}\n")
    assert "no none.jsonl in" in journal(capsys, tmp_path / "none.jsonl")[1]
    assert not list(tmp_path.iterdir())
    (tmp_path / "notes.txt").write_text("mine " * 999)
    status, told = journal(capsys, tmp_path / "notes.txt")
    assert status == 2 and "notes.txt' is damaged (file is not a database)" in told
    with sqlite3.connect(tmp_path / "run.db") as database:
        database.execute("PRAGMA user_version=99")
    status, told = journal(capsys, tmp_path)
    assert status == 2 and "of version 99" in told and len(told.splitlines()) == 1


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--price-in", "1"), "--price-in and --price-out go together"),
        (("--price-in", "-1", "--price-out", "1"), "'-1' is not a number of dollars from 0 up"),
        (("--price-in", "1", "--price-out", "nan"), "'nan' is not a number of dollars"),
    ],
)
def test_prices(
    capsys: pytest.CaptureFixture[str], run: Path, options: tuple[str, ...], told: str
) -> None:
    """A price is a number of dollars, and there are two of them."""
    try:
        status, said = journal(capsys, run, *options)
    except SystemExit as end:
        status, said = end.code, capsys.readouterr().err
    assert status == 2 and told in said and len(said.splitlines()) == 1
