"""`fc-distilabel export` as people run it: what it writes, says and returns."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from commands import Command
from conftest import read_lines
from fc_distilabel.cli import main

TESTS = Path(__file__).parents[1]
RECORDS = json.loads((TESTS / "cases" / "export_forms.json").read_text(encoding="utf-8"))["records"]
ROW = {"id": "r1", "kind": "parallel", "language": "en", **RECORDS["sft"]}
PAIR = {"id": "r1-0", "row": "r1", "kind": "parallel", "language": "en", **RECORDS["dpo"]}
BESIDE: dict[str, Any] = {**ROW, "id": "r2", "messages": [*ROW["messages"]]}
BESIDE["messages"][2] = {**ROW["messages"][2], "content": "I look."}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run's folder of two rows and a pair."""
    folder = tmp_path / "run"
    folder.mkdir()
    for name, lines in (("rows.jsonl", [ROW, BESIDE]), ("preferences.jsonl", [PAIR])):
        (folder / name).write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return folder


def test_a_run_becomes_a_trainers_folder(run: Path) -> None:
    """Rows, config and card stand in a folder of the run named after the format."""
    done = Command(("export", str(run), "--format", "trl", "--license", "cc0-1.0")).run()
    out = run / "export-trl"
    assert done.returncode == 0
    assert done.stderr == f"2 rows of 2 records written to {out}: 2 to train on\n"
    assert {path.name for path in out.iterdir()} == {
        *("data", "sft.yaml", "README.md", "README.zh.md", "export.json")
    }
    assert "license: cc0-1.0" in (out / "README.md").read_text()


def test_refused_rows_are_counted_and_the_status_says_so(run: Path, tmp_path: Path) -> None:
    """The reason, the place and the detail of the first; the others are written."""
    report = {"versions": {"fc-distilabel": "99.0"}, "settings": {"llm": "m"}, "documents": []}
    (run / "run.json").write_text(json.dumps(report))
    words = ("export", str(run / "rows.jsonl"), "--format", "llamafactory")
    done = Command((*words, "--out", str(tmp_path / "out"), "--split", "0.5")).run()
    assert done.returncode == 1
    assert "1 rows of 2 records written" in done.stderr
    assert "refused 1: words beside a call; first rows.jsonl:2: I look." in done.stderr
    assert "the rows were made by fc-distilabel 99.0; this is " in done.stderr
    [refused] = read_lines(tmp_path / "out" / "refused.jsonl")
    assert (refused["id"], refused["place"]) == ("r2", "rows.jsonl:2")
    assert refused["record"] == BESIDE


@pytest.mark.parametrize(("preference", "rows"), [("dpo", 1), ("kto", 2)])
def test_preferences_are_exported(preference: str, rows: int, run: Path) -> None:
    """From the pairs that the run left."""
    words = ("export", str(run), "--format", "swift", "--preference", preference)
    assert Command(words).run().returncode == 0
    out = run / f"export-swift-{preference}"
    assert len(read_lines(out / "data" / "train.jsonl")) == rows
    assert f"swift rlhf --rlhf_type {preference}" in (out / "train.sh").read_text()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nowhere", "--format", "trl"), "there is no file or folder"),
        ((".", "--format", "trl"), "no sft.jsonl or rows.jsonl in"),
        (("{run}", "--format", "trlx"), "no format is named 'trlx'; known: axolotl, hermes"),
        (("{run}", "--format", "openai", "--preference", "kto"), "openai takes no kto"),
        (("{run}", "--format", "trl", "--split", "1"), "'1' is not a share between 0 and 1"),
        (("{run}", "--format", "trl", "--out", "{run}"), "is not empty: name another folder"),
        (("{run}",), "the following arguments are required: --format"),
    ],
)
def test_what_cannot_be_used_is_one_line(
    words: tuple[str, ...],
    message: str,
    run: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The value and what was allowed; nothing is written."""
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    done = told(capsys, "export", *(word.replace("{run}", str(run)) for word in words))
    assert done[0] == 2
    assert re.fullmatch(rf"error: .*{re.escape(message)}.*\n", done[1])
    assert len(list(run.iterdir())) == 2 and not list((tmp_path / "empty").iterdir())


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[object, str]:
    """The exit status and what was said, in this process: nothing but the options is looked at."""
    try:
        status: object = main(words)
    except SystemExit as end:  # argparse
        status = end.code
    return status, capsys.readouterr().err
