"""The files of a run: whole or not at all, in order, and never somebody else's."""

import json
import os
from pathlib import Path

import pytest

from fc_distilabel.errors import InputError, RunError
from fc_distilabel.runs.files import (
    RowAppender,
    read_rows,
    set_aside,
    write_lines,
    write_results,
)
from outcomes import kept, lost


def ids(path: Path) -> list[str]:
    return [json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines()]


def test_results(tmp_path: Path) -> None:
    """Rows, training rows, drops and surplus, each in the order of the plan."""
    outcomes = [kept(1), lost(0, 1), kept(0), kept(0, 0, "zh"), kept(2), lost(0, 0, "zh")]
    assert write_results(tmp_path, outcomes, 3) == (3, 1)
    assert ids(tmp_path / "rows.jsonl") == ["en-0-0", "zh-0-0", "en-1-0"]
    assert ids(tmp_path / "surplus.jsonl") == ["en-2-0"]
    assert ids(tmp_path / "drops.jsonl") == ["en-0-1", "zh-0-0"]
    assert len((tmp_path / "train.trl.jsonl").read_text().splitlines()) == 3
    drop = json.loads((tmp_path / "drops.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert list(drop) == ["id", "stage", "reason", "detail", "language", "kind", "document"]


def test_a_surplus_that_is_used_up_leaves_no_file(tmp_path: Path) -> None:
    """A later try that asks for more rows takes the surplus in."""
    write_results(tmp_path, [kept(0), kept(1)], 1)
    write_results(tmp_path, [kept(0), kept(1)], 2)
    assert not (tmp_path / "surplus.jsonl").exists()


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    """What was there stays there when the disk is full; the error says which file."""
    path = tmp_path / "rows.jsonl"
    write_lines(path, ["old"])
    (tmp_path / ".rows.jsonl.part").symlink_to("/dev/full")
    if os.path.exists("/dev/full"):
        with pytest.raises(RunError, match=r"cannot write rows\.jsonl: No space left"):
            write_lines(path, ["new"])
        assert path.read_text() == "old\n"


def test_rows_are_added_once(tmp_path: Path) -> None:
    """An earlier try's rows are known by their ids; a line that a kill tore is cut off."""
    path = tmp_path / "rows.jsonl"
    RowAppender(path).append([("a", '{"id":"a"}'), ("b", '{"id":"b"}')])
    with path.open("a") as file:
        file.write('{"id":"to')
    again = RowAppender(path)
    again.append([("b", '{"id":"b"}'), ("c", '{"id":"c"}')])
    again.append([("c", '{"id":"c"}')])
    assert ids(path) == ["a", "b", "c"]


def test_old_files_are_moved_and_none_is_deleted(tmp_path: Path) -> None:
    """Each time to a new folder; strangers' files stay where they are."""
    (tmp_path / "mine.txt").write_text("mine")
    assert set_aside(tmp_path) is None
    for number in (1, 2):
        (tmp_path / "rows.jsonl").write_text(str(number))
        assert set_aside(tmp_path) == tmp_path / f"old-{number}"
        assert (tmp_path / f"old-{number}" / "rows.jsonl").read_text() == str(number)
    assert (tmp_path / "mine.txt").exists() and not (tmp_path / "rows.jsonl").exists()


@pytest.mark.parametrize(
    ("content", "told"),
    [("{", "rows.jsonl:1 is not JSON"), ("[]", "is not a row"), ('{"id": 1}', "is not a row")],
)
def test_a_line_that_is_no_row_is_named(tmp_path: Path, content: str, told: str) -> None:
    """Whoever edits rows by hand learns which line is wrong."""
    (tmp_path / "rows.jsonl").write_text(content)
    with pytest.raises(InputError, match=told):
        list(read_rows(tmp_path / "rows.jsonl"))
