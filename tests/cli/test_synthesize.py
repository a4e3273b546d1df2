"""The command from one end to the other: real processes, real distilabel, a scripted model."""

import json
import shutil
import socket
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import made
import scripts
from commands import Command, error_of, lines_in, synthesize
from fc_distilabel.testing import FakeEndpoint

ROWS = 7


class Done(NamedTuple):
    """A run that came to its end."""

    process: "subprocess.CompletedProcess[str]"
    out: Path
    docs: Path
    calls: Path

    def rows(self, name: str = "rows.jsonl") -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.out / name).read_text("utf-8").splitlines()]

    def report(self) -> dict[str, Any]:
        report: dict[str, Any] = json.loads((self.out / "run.json").read_text(encoding="utf-8"))
        return report


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An English and a Chinese document; some English passages end at a stage each."""
    folder = tmp_path_factory.mktemp("docs")
    # No order of the passages keeps rows from being dropped: four of five have a mark.
    made.english(folder, 7, {0: "thistle", 1: "bramble", 2: "nettle", 4: "thistle", 5: "bramble"})
    made.chinese(folder, 4)
    return folder


@pytest.fixture(scope="module")
def done(docs: Path, tmp_path_factory: pytest.TempPathFactory) -> Done:
    """One whole run."""
    out = tmp_path_factory.mktemp("run") / "out"
    calls = out.with_name("calls")
    command = synthesize(docs, "--out", out, "--rows", ROWS, script="counted", FC_TEST_CALLS=calls)
    return Done(command.run(), out, docs, calls)


def test_a_run_ends_well(done: Done) -> None:
    """Exit 0, the rows asked for, and a word on how it ended."""
    assert done.process.returncode == 0, done.process.stderr
    assert "Rows reached: 7 rows" in done.process.stdout
    assert done.report()["ended"] == "rows reached"
    assert len(done.rows()) == ROWS


def test_languages_share_evenly(done: Done) -> None:
    """The odd row goes to the first language; rows come in turn."""
    languages = [row["language"] for row in done.rows()]
    assert Counter(languages) == {"en": 4, "zh": 3}
    assert languages[:4] == ["en", "zh", "en", "zh"]


def test_every_row_says_why_to_trust_it(done: Done) -> None:
    """Evidence of a document known by its name, and a source for each argument."""
    for row in done.rows():
        assert row["document"] in ("lockers.md", "储物柜.md")
        assert row["evidence"] and not row["violations"]
        assert all(entry["source"] for entry in row["grounding"])


def test_the_training_file_has_the_same_rows(done: Done) -> None:
    """Line by line, `train.trl.jsonl` is `rows.jsonl`."""
    said = [[m["content"] for m in row["messages"]] for row in done.rows()]
    assert [[m["content"] for m in r["messages"]] for r in done.rows("train.trl.jsonl")] == said


def test_drops_keep_stage_and_reason(done: Done) -> None:
    """Each dropped row says where and why; the report counts the same."""
    drops = done.rows("drops.jsonl")
    stages = Counter(drop["stage"] for drop in drops)
    assert stages and set(stages) <= {"scenario", "toolset", "dialogue"}
    assert all(drop["reason"] and drop["kind"] and drop["document"] for drop in drops)
    funnel = done.report()["funnel"]
    assert {s["stage"]: s["made"] - s["kept"] for s in funnel["stages"] if s["reasons"]} == stages
    assert funnel["total"]["attempted"] - funnel["total"]["kept"] == len(drops)


def test_the_report_says_what_is_covered(done: Done) -> None:
    """Kept rows by each dimension, and where they are fewest."""
    coverage, funnel = done.report()["coverage"], done.report()["funnel"]
    assert coverage["rows"] == funnel["total"]["kept"]
    assert coverage["counts"]["kind"] == {
        kind: share["kept"] for kind, share in funnel["kinds"].items() if share["kept"]
    }
    assert coverage["counts"]["feature"]["enum"] > 0 and coverage["thinnest"]


def test_nothing_is_lost(done: Done) -> None:
    """Rows, surplus and drops together are all rows tried, each in one place."""
    surplus = done.rows("surplus.jsonl") if (done.out / "surplus.jsonl").exists() else []
    found = [row["id"] for row in (*done.rows(), *surplus, *done.rows("drops.jsonl"))]
    assert len(found) == len(set(found)) == done.report()["funnel"]["total"]["attempted"]


def test_files_tell_nothing_of_the_machine(done: Done) -> None:
    """No path, no machine's name in anything that people hand on."""
    for name in ("rows.jsonl", "train.trl.jsonl", "drops.jsonl", "run.json"):
        text = (done.out / name).read_text(encoding="utf-8")
        assert str(done.docs) not in text
        assert socket.gethostname() not in text


def test_the_folder_holds_what_is_promised(done: Done) -> None:
    """No cache, socket or temporary file stays behind."""
    sometimes = {"surplus.jsonl", "preferences.jsonl"}
    names = {path.name for path in done.out.iterdir()} - sometimes
    assert names == {
        *("rows.jsonl", "train.trl.jsonl", "drops.jsonl", "run.json", "run.db", "run.log"),
        ".lock",
    }


def test_a_finished_run_is_not_run_again(done: Done) -> None:
    """The same command again is quick, calls nobody, and leaves the same bytes."""
    before, calls = (done.out / "rows.jsonl").read_bytes(), lines_in(done.calls)
    started = time.monotonic()
    again = synthesize(
        *(done.docs, "--out", done.out, "--rows", ROWS), script="counted", FC_TEST_CALLS=done.calls
    ).run()
    assert again.returncode == 0
    assert time.monotonic() - started < 5
    assert (done.out / "rows.jsonl").read_bytes() == before
    assert lines_in(done.calls) == calls


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--seed", "1"), "seed was 0 and is now 1"),
        (("--kinds", "single"), 'kinds was "" and is now "single"'),
        (("--language", "en"), 'language was "auto" and is now "en"'),
        (("--per-passage", "2"), "per passage was 3 and is now 2"),
        (("--llm", "scripted:scripts:good"), "model was"),
    ],
)
def test_other_settings_are_refused(done: Done, arguments: tuple[str, ...], told: str) -> None:
    """Rows of two kinds never mix: the setting is named with both values; nothing is touched."""
    before = (done.out / "rows.jsonl").read_bytes()
    again = synthesize(done.docs, "--out", done.out, *arguments, script="counted").run()
    assert again.returncode == 2
    assert told in error_of(again)
    assert (done.out / "rows.jsonl").read_bytes() == before


def test_fresh_starts_anew(done: Done, tmp_path: Path) -> None:
    """--fresh takes other settings and deletes nothing: what was there is found in old-1."""
    out = tmp_path / "out"
    shutil.copytree(done.out, out)
    (out / "notes.txt").write_text("mine")
    again = synthesize(done.docs, "--out", out, "--rows", 1, "--seed", 5, "--fresh").run()
    assert again.returncode == 0, again.stderr
    assert (out / "old-1" / "rows.jsonl").read_bytes() == (done.out / "rows.jsonl").read_bytes()
    assert lines_in(out / "rows.jsonl") == 1
    assert (out / "notes.txt").exists()


def test_show_prints_rows(done: Done) -> None:
    """People can read a row: who says what, and which call is made."""
    shown = Command(("show", str(done.out), "--rows", "1")).run()
    row = done.rows()[0]
    assert shown.returncode == 0
    assert row["tools"][0]["function"]["name"] in shown.stdout
    assert row["id"] in shown.stdout


@pytest.fixture(scope="module")
def exhausted(done: Done, tmp_path_factory: pytest.TempPathFactory) -> Done:
    """The same run, in another place and asked for more than there is."""
    folder = tmp_path_factory.mktemp("more")
    out, calls = folder / "out", folder / "calls"
    shutil.copytree(done.out, out)
    command = synthesize(
        *(done.docs, "--out", out, "--rows", 500, "--max-in-flight", 2),
        script="counted",
        FC_TEST_CALLS=calls,
    )
    return Done(command.run(), out, done.docs, calls)


def test_documents_run_out(exhausted: Done) -> None:
    """Exit 0 with what the documents gave, and what to do for more."""
    assert exhausted.process.returncode == 0, exhausted.process.stderr
    assert "Documents exhausted: 18 rows" in exhausted.process.stdout
    assert exhausted.report()["ended"] == "documents exhausted"
    assert Counter(drop["stage"] for drop in exhausted.rows("drops.jsonl")) == {
        "scenario": 6,
        "toolset": 6,
        "dialogue": 3,
    }
    assert len(exhausted.rows()) == 33 - 15


def test_more_rows_go_on_from_there(done: Done, exhausted: Done) -> None:
    """A larger --rows in the same folder keeps the rows and pays for no answer twice."""
    assert {row["id"] for row in done.rows()} <= {row["id"] for row in exhausted.rows()}
    paid = done.calls.read_text().splitlines() + exhausted.calls.read_text().splitlines()
    assert len(paid) == len(set(paid))


@pytest.fixture
def endpoint() -> Iterator[FakeEndpoint]:
    """An endpoint whose answers come out of order."""
    with FakeEndpoint(scripts.endpoint) as running:
        yield running


def at(endpoint: FakeEndpoint, *arguments: object) -> Command:
    words = ("--llm", "openai:fake", "--base-url", endpoint.base_url)
    return synthesize(*arguments, *words, OPENAI_API_KEY="secret-of-mine")


def test_timing_decides_nothing(exhausted: Done, endpoint: FakeEndpoint, tmp_path: Path) -> None:
    """Answers that come late and out of order give the same bytes; the key is written nowhere."""
    out = tmp_path / "out"
    again = at(endpoint, exhausted.docs, "--out", out, "--rows", 500).run()
    assert again.returncode == 0, again.stderr
    assert endpoint.peak_in_flight > 4
    assert (out / "rows.jsonl").read_bytes() == (exhausted.out / "rows.jsonl").read_bytes()
    assert (out / "drops.jsonl").read_bytes() == (exhausted.out / "drops.jsonl").read_bytes()
    assert all(b"secret-of-mine" not in path.read_bytes() for path in out.iterdir())


def test_an_endpoint_that_is_lost_can_come_back(docs: Path, tmp_path: Path) -> None:
    """401 in the middle ends the run with what there is; the same command then completes it."""
    lost_from = [30]
    faults = lambda number: "401" if number >= lost_from[0] else "ok"  # noqa: E731
    with FakeEndpoint(scripts.endpoint, faults) as running:
        command = at(running, docs, "--out", tmp_path / "out", "--rows", 14)
        lost = command.run()
        assert lost.returncode == 1
        assert "cannot be used any more" in error_of(lost) and "401" in error_of(lost)
        assert json.loads((tmp_path / "out/run.json").read_text())["ended"] == "failed"
        lost_from[0] = 10**9
        back = command.run()
    assert back.returncode == 0, back.stderr
    assert lines_in(tmp_path / "out/rows.jsonl") == 14
    with sqlite3.connect(tmp_path / "out/run.db") as database:
        reasons = {row[0] for row in database.execute("SELECT reason FROM outcomes")}
    assert "endpoint unusable" not in reasons
