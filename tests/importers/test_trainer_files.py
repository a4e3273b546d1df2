"""Others' training files as rows: how they are told apart, what is mended, what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from conftest import read_lines
from fc_distilabel.checking import check_file
from fc_distilabel.errors import Dropped, InputError
from fc_distilabel.exporters import EXPORTERS
from fc_distilabel.feedback.records import record_of, unfit
from fc_distilabel.importers.trainers import form_of, import_record
from fc_distilabel.importers.trainers.files import import_file, refused_path

Row = dict[str, Any]
TESTS = Path(__file__).parents[1]
CASES = json.loads((TESTS / "cases" / "import_records.json").read_text(encoding="utf-8"))
FORMS = json.loads((TESTS / "cases" / "export_forms.json").read_text(encoding="utf-8"))["forms"]


@pytest.mark.parametrize("case", FORMS, ids=lambda case: case["format"])
def test_a_record_with_calls_is_told_by_its_looks(case: Row) -> None:
    """The format of each exported form is found out."""
    assert form_of(case["row"]) == case["format"].split(".")[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["description"])
def test_others_spellings_are_read(case: Row) -> None:
    """Each comes to our own messages and tools, or is refused with the reason."""
    if "reason" in case:
        with pytest.raises(Dropped) as dropped:
            import_record(case["record"], case.get("format", "auto"))
        assert dropped.value.reason == case["reason"]
        return
    imported = import_record(case["record"], case.get("format", "auto"))
    assert (imported.form, imported.data) == (case["form"], case["data"])
    assert list(imported.repairs) == case.get("repairs", [])
    for key, value in case["row"].items():
        assert imported.row[key] == value, key


def test_what_a_row_has_no_place_for_is_told() -> None:
    """Keys that are left out are named, those without a value are not."""
    said = {"role": "assistant", "content": "b", "reasoning_content": "c", "refusal": None}
    messages = [{"role": "user", "content": "a"}, said]
    imported = import_record({"messages": messages, "images": ["x.png"], "videos": []})
    assert imported.left_out == ("images", "reasoning_content of messages")


def taken(folder: Path, lines: list[Any], form: str = "auto") -> tuple[Any, Path]:
    """Import these lines (text as it is, other values as JSON)."""
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    (folder / "theirs.jsonl").write_text("\n".join(texts) + "\n", encoding="utf-8")
    out = folder / "out" / "rows.jsonl"
    return import_file(folder / "theirs.jsonl", out, form, lambda line: None), out


def test_what_cannot_be_read_stands_beside_the_rows(tmp_path: Path) -> None:
    """With its place and reason; all else is read."""
    good = FORMS[0]["row"]
    got, out = taken(tmp_path, [good, "{", {"text": "x"}, good])
    assert (got.read, got.rows) == (4, 2)
    assert got.refused == {"a line that is not JSON": 1, "no format that is known": 1}
    refused = read_lines(refused_path(out))
    assert [each["place"] for each in refused] == ["theirs.jsonl:2", "theirs.jsonl:3"]
    assert refused[1]["record"] == {"text": "x"}
    assert len(read_lines(out)) == 2
    assert sorted(path.name for path in out.parent.iterdir()) == [
        "rows.jsonl",
        "rows.refused.jsonl",
    ]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "is empty: there is nothing to import"),
        (["{"], "none of 1 records in .* can be read; 1 times: a line that is not JSON"),
    ],
)
def test_nothing_to_read_leaves_no_file(lines: list[Any], message: str, tmp_path: Path) -> None:
    """The error says why."""
    (tmp_path / "out").mkdir()
    with pytest.raises(InputError, match=message):
        taken(tmp_path, lines)
    assert not list((tmp_path / "out").iterdir())


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    """Rows that were imported before are not written over."""
    taken(tmp_path, [FORMS[0]["row"]])
    with pytest.raises(InputError, match="is there already: name another file with --out"):
        taken(tmp_path, [FORMS[0]["row"]])


def test_imported_rows_are_rows(tmp_path: Path) -> None:
    """`check` finds nothing wrong with what was right; reviews and every exporter take them."""
    for number, case in enumerate(FORMS):
        folder = tmp_path / str(number)
        folder.mkdir()
        _, out = taken(folder, [case["row"]])
        [(report, _)] = check_file(out)
        assert report.readable
        if case["data"] != "kto":  # that one ends with calls, whose results are not there
            assert not [v for v in report.violations if v.severity == "error"], report
        [row] = read_lines(out)
        assert not unfit(row) and record_of(row)
        if row.get("label", True):
            for name in ("trl", "openai", "llamafactory", "swift", "axolotl", "hermes"):
                assert EXPORTERS.get(name)(row)
