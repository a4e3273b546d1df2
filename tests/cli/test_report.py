"""`fc-distilabel report` as a command: what it prints, writes and refuses."""

import json
from pathlib import Path

import pytest

from commands import Command, error_of
from report.made_runs import hotel_rows, write_run


def test_a_report_with_a_benchmark(tmp_path: Path) -> None:
    """The page's path goes to standard output, the rest is told beside it."""
    rows = list(hotel_rows(6, ["en"]))
    asked = "Could you find me a quiet hotel in the old town of Bern for nine nights in late March?"
    rows[2]["messages"][1]["content"] = asked
    run = write_run(tmp_path / "run", rows)
    with (run / "rows.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": "torn')
    (tmp_path / "b.txt").write_text(asked + "\n", encoding="utf-8")
    out = tmp_path / "out"
    words = ("--against", str(tmp_path / "b.txt"), "--drop-contaminated", "--out", str(out))
    done = Command(("report", str(run), *words)).run()
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{out / 'report.html'}\n"
    assert "6 rows measured" in done.stderr
    assert "1 lines are no rows; the first: rows.jsonl:7: it is not JSON" in done.stderr
    assert "1 rows repeat one of 1 questions: 1 copy" in done.stderr
    assert f"without them: {out / 'clean'}" in done.stderr
    assert json.loads((out / "report.json").read_text(encoding="utf-8"))["rows"] == 6
    assert not (run / "report.html").exists()


def test_an_empty_run_is_told(tmp_path: Path) -> None:
    """It is no error: the page says where the rows were lost."""
    done = Command(("report", str(write_run(tmp_path / "run", [])))).run()
    assert done.returncode == 0
    assert "the run has no rows" in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nowhere",), "no rows.jsonl in"),
        (("run", "--against", "gone.jsonl"), "--against 'gone.jsonl' is not there"),
        (("run", "--drop-contaminated"), "--drop-contaminated needs --against"),
        (("run", "--agreement", "gone"), "--agreement 'gone' is not there"),
        (("run", "--language", "fr"), "invalid choice: 'fr'"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], told: str
) -> None:
    """Exit status 2."""
    monkeypatch.chdir(tmp_path)
    write_run(tmp_path / "run", hotel_rows(2))
    before = sorted(tmp_path.rglob("*"))
    done = Command(("report", *words)).run()
    assert done.returncode == 2
    assert told in error_of(done)
    assert sorted(tmp_path.rglob("*")) == before
