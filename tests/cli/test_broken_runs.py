"""Runs that are stopped or break: nothing runs on, nothing made is lost, one line says it."""

import json
import resource
import signal
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

import made
import scripts
from commands import Command, error_of, lines_in, stop, synthesize, wait_for
from conftest import read_lines

ROWS = 16


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two documents without any mark; two English passages want the same."""
    folder = tmp_path_factory.mktemp("docs")
    made.english(folder, 5, {1: scripts.SAME, 3: scripts.SAME})
    made.chinese(folder, 5)
    return folder


def ended(out: Path) -> str:
    return str(json.loads((out / "run.json").read_text(encoding="utf-8"))["ended"])


class Stopping:
    """One run that is hit three times, and goes on each time."""

    def __init__(self, docs: Path, folder: Path) -> None:
        self.out = folder / "out"
        self.calls = folder / "calls"
        # Sockets live there, and their paths must be short.
        self.temporary = Path(tempfile.mkdtemp(prefix="t"))
        self.command = synthesize(
            *(docs, "--out", self.out, "--rows", ROWS, "--max-in-flight", 1),
            script="slow",
            TMPDIR=self.temporary,
            FC_TEST_CALLS=self.calls,
            FC_TEST_DELAY=0.1,
        )

    def further(self, calls: int) -> Callable[[], bool]:
        """Whether so many more calls were answered than now."""
        target = lines_in(self.calls) + calls
        return lambda: lines_in(self.calls) >= target


def test_a_run_survives_all_that_happens_to_it(docs: Path, tmp_path: Path) -> None:
    """A dead step, Ctrl-C and kill -9 in turn: no orphan, no lost row, no answer paid twice; the
    bytes in the end are those of a run that nobody disturbed.
    """
    hit = Stopping(docs, tmp_path)

    # A step's process is killed: the run says so at once, and fails.
    further = hit.further(8)
    process = hit.command.start()
    wait_for(further, 120)
    second = hit.command.run_beside()
    assert second.returncode == 2 and "another run is at work" in error_of(second)
    hit.command.steps()[-1].kill()
    _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "died" in err and err.count("error: ") == 1
    assert not hit.command.left_running()
    assert ended(hit.out) == "failed"

    # Ctrl-C: exit 130, the files hold what is kept.
    further = hit.further(35)
    process = hit.command.start()
    wait_for(further, 120)
    assert stop(process, signal.SIGINT) == 130
    assert not hit.command.left_running()
    assert ended(hit.out) == "interrupted"
    kept = lines_in(hit.out / "rows.jsonl")
    assert kept > 0

    # kill -9: the rows made so far are on disk all the same.
    further = hit.further(15)
    process = hit.command.start()
    wait_for(further, 120)
    assert stop(process, signal.SIGKILL) == -signal.SIGKILL
    assert not hit.command.left_running()
    assert not list(hit.temporary.iterdir())
    assert lines_in(hit.out / "rows.jsonl") >= kept

    # And on to the end.
    done = hit.command.run()
    assert done.returncode == 0, done.stderr
    straight = synthesize(
        *(docs, "--out", tmp_path / "straight", "--rows", ROWS, "--max-in-flight", 1)
    ).run()
    assert straight.returncode == 0, straight.stderr
    for name in ("rows.jsonl", "train.trl.jsonl", "drops.jsonl"):
        assert (hit.out / name).read_bytes() == (tmp_path / "straight" / name).read_bytes()
    require_named(tmp_path / "straight")
    paid = hit.calls.read_text().splitlines()
    # An answer that was under way when its step was killed is asked for again.
    assert len(paid) - len(set(paid)) <= 3 * 3


def require_named(out: Path) -> None:
    """One of the passages that want the same was left out, for a row that is there."""
    files = [out / name for name in ("rows.jsonl", "surplus.jsonl") if (out / name).exists()]
    kept = {row["id"] for path in files for row in read_lines(path)}
    drops = [d for d in read_lines(out / "drops.jsonl") if d["stage"] == "blueprint"]
    assert [drop["reason"] for drop in drops] == ["near-duplicate scenario"] * 3
    assert all(set(drop["detail"].split()) & kept for drop in drops)


def test_a_signal_before_anything_runs(docs: Path, tmp_path: Path) -> None:
    """SIGTERM ends a run that is still starting, with the status that shells expect."""
    command = synthesize(docs, "--out", tmp_path / "out", script="slow")
    process = command.start()
    wait_for((tmp_path / "out" / "run.log").exists)
    assert stop(process, signal.SIGTERM) == 143
    assert not command.left_running()
    assert ended(tmp_path / "out") == "terminated"


def test_a_run_that_stands_still_is_ended(docs: Path, tmp_path: Path) -> None:
    """A model that hangs does not hold the run for ever."""
    out = tmp_path / "out"
    done = synthesize(docs, "--out", out, "--stall-seconds", 7, script="hanging").run()
    assert done.returncode == 1
    assert "nothing moved for 7 s" in error_of(done)


def test_a_bug_in_a_step_ends_the_run(docs: Path, tmp_path: Path) -> None:
    """distilabel would go on with empty rows: here the step and the error are named."""
    started = time.monotonic()
    done = synthesize(docs, "--out", tmp_path / "out", script="broken").run()
    assert done.returncode == 1
    assert "api_synthesizer failed: KeyError: 'a bug' (scripts.py:" in error_of(done)
    assert time.monotonic() - started < 30


def test_no_row_is_no_success(docs: Path, tmp_path: Path) -> None:
    """A run that keeps nothing exits 1 and points at the reasons."""
    done = synthesize(docs, "--out", tmp_path / "out", "--rows", 3, script="failing").run()
    assert done.returncode == 1
    assert "no row was kept of 30 tried" in error_of(done)
    drops = (tmp_path / "out" / "drops.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(drop)["reason"] for drop in drops] == ["endpoint failed"] * 30


def test_a_full_disk_ends_the_run(docs: Path, tmp_path: Path) -> None:
    """What cannot be written is told in one line, and the run does not go on without it."""
    limit = 130_000
    command = synthesize(docs, "--out", tmp_path / "out", "--rows", ROWS)
    done = command.run(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert done.returncode == 1
    assert "run.db cannot be used" in error_of(done) or "cannot write" in error_of(done)


def test_a_journal_that_cannot_be_used_is_set_aside(docs: Path, tmp_path: Path) -> None:
    """A damaged one and one of another version, each said in one line: the run begins anew, what
    was there is found under new names, and no row of it is written over.
    """
    out = tmp_path / "out"
    command = synthesize(docs, "--out", out, "--rows", 3)
    assert command.run().returncode == 0
    rows, journal = (out / "rows.jsonl").read_bytes(), (out / "run.db").read_bytes()

    damaged = journal[: len(journal) // 2]
    (out / "run.db").write_bytes(damaged)
    done = command.run()
    assert done.returncode == 0, done.stderr
    told = [line for line in done.stderr.splitlines() if "run.db" in line]
    assert len(told) == 1 and told[0].startswith("run.db is damaged (")
    assert told[0].endswith("): set aside as run.db.set-aside-1, and the run begins anew")
    assert (out / "run.db.set-aside-1").read_bytes() == damaged
    assert (out / "rows.jsonl.set-aside-1").read_bytes() == rows
    assert (out / "rows.jsonl").read_bytes() == rows

    with closing(sqlite3.connect(out / "run.db")) as database:
        database.execute("PRAGMA user_version=1")
    (out / "rows.jsonl").write_text("mine\n")
    done = command.run()
    assert done.returncode == 0, done.stderr
    assert "run.db is of version 1, and this program's are of version 2: set aside" in done.stderr
    assert (out / "rows.jsonl.set-aside-2").read_text() == "mine\n"
    assert (out / "rows.jsonl").read_bytes() == rows


def test_a_journal_is_set_aside_only_for_a_run_that_can_start(docs: Path, tmp_path: Path) -> None:
    """No endpoint, no run: then everything stays where it is."""
    (tmp_path / "run.db").write_text("no database " * 99)
    words = ("--llm", "openai:m", "--base-url", "http://127.0.0.1:9/v1")
    assert synthesize(docs, "--out", tmp_path, *words).run().returncode == 2
    assert {path.name for path in tmp_path.iterdir()} == {"run.db", ".lock"}


def test_a_pruned_run_ends_there(docs: Path, tmp_path: Path) -> None:
    """It has its rows, and pays for none of its completions again to make more."""
    out = tmp_path / "out"
    command = synthesize(docs, "--out", out, "--rows", 3)
    assert command.run().returncode == 0
    rows = (out / "rows.jsonl").read_bytes()
    assert Command(("journal", str(out), "--prune")).run().returncode == 0
    assert command.run().returncode == 0
    assert (out / "rows.jsonl").read_bytes() == rows
    more = synthesize(docs, "--out", out, "--rows", 20).run()
    assert more.returncode == 2 and "was pruned, so its run cannot go on" in error_of(more)
    assert (out / "rows.jsonl").read_bytes() == rows
