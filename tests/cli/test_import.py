"""`fc-distilabel import` as people run it, and on to `check` and `export`."""

import json
import re
from pathlib import Path

import pytest

from commands import Command
from conftest import read_lines
from fc_distilabel.cli import main

TESTS = Path(__file__).parents[1]
FORMS = json.loads((TESTS / "cases" / "export_forms.json").read_text(encoding="utf-8"))["forms"]


def theirs(folder: Path, *texts: str) -> Path:
    path = folder / "theirs.jsonl"
    path.write_text("".join(f"{text}\n" for text in texts))
    return path


def test_others_rows_are_checked_and_exported_again(tmp_path: Path) -> None:
    """What comes out of another format goes through all commands, and is the same in the end."""
    form = next(form for form in FORMS if form["format"] == "llamafactory")
    path, out = theirs(tmp_path, json.dumps(form["row"])), tmp_path / "rows.jsonl"
    done = Command(("import", str(path), "--out", str(out))).run()
    assert (done.returncode, done.stderr) == (
        0,
        f"1 of 1 records read into {out}: 1 llamafactory sft\n",
    )
    assert Command(("check", str(out), "--out", str(tmp_path / "report"))).run().returncode == 0
    words = ("export", str(out), "--format", "llamafactory", "--out", str(tmp_path / "again"))
    assert Command(words).run().returncode == 0
    assert read_lines(tmp_path / "again" / "data" / "train.jsonl") == [form["row"]]


def test_refused_records_are_told(tmp_path: Path) -> None:
    """The place of the first of each reason, and status 1."""
    path, out = theirs(tmp_path, json.dumps(FORMS[0]["row"]), "{"), tmp_path / "rows.jsonl"
    done = Command(("import", str(path), "--format", "trl", "--out", str(out))).run()
    assert done.returncode == 1
    assert "refused 1: a line that is not JSON; first theirs.jsonl:2: " in done.stderr
    assert len(read_lines(tmp_path / "rows.refused.jsonl")) == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nowhere", "--out", "x"), "cannot read 'nowhere': No such file or directory"),
        (("{path}", "--out", "{path}"), "is there already: name another file with --out"),
        (("{path}", "--out", "x"), "none of 1 records in"),
        (("{path}", "--out", "x", "--format", "alpaca"), "invalid choice: 'alpaca'"),
    ],
)
def test_what_cannot_be_used_is_one_line(
    words: tuple[str, ...],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The value and what was allowed; nothing is written."""
    path = theirs(tmp_path, "{")
    monkeypatch.chdir(tmp_path)
    done = told(capsys, "import", *(word.replace("{path}", str(path)) for word in words))
    assert done[0] == 2
    assert re.fullmatch(rf"error: .*{re.escape(message)}.*\n", done[1])
    assert [each.name for each in tmp_path.iterdir()] == ["theirs.jsonl"]


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[object, str]:
    """The exit status and what was said, in this process: nothing but the options is looked at."""
    try:
        status: object = main(words)
    except SystemExit as end:  # argparse
        status = end.code
    return status, capsys.readouterr().err
