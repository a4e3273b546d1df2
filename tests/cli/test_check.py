"""`fc-distilabel check` as people run it: reports, summary, exit status, and hostile files."""

import json
import resource
import subprocess
from pathlib import Path
from typing import Any

import pytest

from commands import Command, error_of

TOOL = {
    "name": "search",
    "description": "Find.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "nights": {"type": "integer"}},
        "required": ["city"],
        "additionalProperties": False,
    },
}
GOOD = {"id": "good", "tools": [TOOL], "call": {"name": "search", "arguments": {"city": "Rome"}}}
MENDED = {"id": "mended", "tools": [TOOL], "call_text": "search(city='罗马')"}
BAD = {"id": "bad", "tools": [TOOL], "call": {"name": "search", "arguments": {"nights": "two"}}}


def check(
    folder: Path, lines: list[Any], *options: str
) -> tuple["subprocess.CompletedProcess[str]", list[dict[str, Any]]]:
    """Check lines (text as it is, other values as JSON); the reports came to a file."""
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    (folder / "rows.jsonl").write_text("\n".join(texts) + "\n", encoding="utf-8")
    out = folder / "out.jsonl"
    done = Command(("check", str(folder / "rows.jsonl"), "--out", str(out), *options)).run()
    reports = out.read_text(encoding="utf-8").splitlines() if out.exists() else []
    return done, [json.loads(report) for report in reports]


def test_each_row_gets_its_report_in_order(tmp_path: Path) -> None:
    """Reports stand in the file's order; the summary counts by rule; violations exit with 1."""
    done, reports = check(tmp_path, [GOOD, "", MENDED, BAD])
    assert done.returncode == 1
    assert [(r["id"], r["verdict"]) for r in reports] == [
        ("good", "valid"),
        ("mended", "repaired"),
        ("bad", "invalid"),
    ]
    assert reports[1]["calls"] == [{"name": "search", "arguments": {"city": "罗马"}}]
    assert {v["rule"] for v in reports[2]["violations"]} == {"required", "type"}
    assert "3 rows: 1 valid (33.3%), 1 repaired (33.3%), 1 invalid (33.3%)" in done.stderr
    assert "required" in done.stderr and done.stdout == ""


def test_a_clean_file_exits_with_0(tmp_path: Path) -> None:
    """Nothing to say, and the exit status says so too."""
    done, reports = check(tmp_path, [GOOD, GOOD])
    assert done.returncode == 0
    assert [r["verdict"] for r in reports] == ["valid", "valid"]


def test_a_repaired_row_is_not_clean(tmp_path: Path) -> None:
    """A file that had to be mended does not pass as it stands."""
    assert check(tmp_path, [GOOD, MENDED])[0].returncode == 1


def test_reports_go_to_standard_output_by_default(tmp_path: Path) -> None:
    """Without --out the lines can be piped on, the summary stays apart."""
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps(BAD), encoding="utf-8")
    done = Command(("check", str(rows), "--kind", "calls")).run()
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["bad"]
    assert "1 rows" in done.stderr


HOSTILE = {
    "depth": '{"id": "x", "tools": [], "call": {"name": "f", "arguments": %s}}'
    % ("[" * 10_000 + "]" * 10_000),
    "size": json.dumps({"id": "x", "tools": [], "call_text": "x" * 10_000_000}),
    "json": '{"id": "x", "tools": [], "call": {"name": "f", "arguments": {"a": NaN}}}',
    "schema": json.dumps(
        {"id": "x", "tools": [TOOL | {"parameters": {"$ref": "file:///etc/passwd"}}], "call": {}}
    ),
    "pattern": json.dumps(
        {
            "id": "x",
            "tools": [TOOL | {"parameters": {"properties": {"a": {"pattern": "^(a+)+$"}}}}],
            "call": {"name": "search", "arguments": {"a": "a" * 100_000 + "!"}},
        }
    ),
}
HOSTILE_JSON = {
    "half a surrogate pair": '{"a": "\\ud800"}',
    "a key twice": '{"a": 1, "a": 2}',
    "a huge integer": '{"a": 1%s}' % ("0" * 400),
    "a huge exponent": '{"a": 1e400}',
}


@pytest.mark.parametrize("rule", HOSTILE)
def test_hostile_rows_are_violations(tmp_path: Path, rule: str) -> None:
    """What would crash, hang or reach out is one violation, and the next row is checked."""
    done, [hostile, good] = check(tmp_path, [HOSTILE[rule], GOOD])
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert hostile["id"] == "x" and hostile["verdict"] == "invalid"
    assert rule in [violation["rule"] for violation in hostile["violations"]]
    assert good["verdict"] == "valid"


@pytest.mark.parametrize("arguments", HOSTILE_JSON.values(), ids=HOSTILE_JSON)
def test_values_that_json_readers_disagree_on_are_refused(tmp_path: Path, arguments: str) -> None:
    """No reading is picked where two libraries would see two values."""
    line = f'{{"id": "x", "tools": [], "call": {{"name": "f", "arguments": {arguments}}}}}'
    _, [report] = check(tmp_path, [line])
    assert report["verdict"] == "invalid" and report["calls"] == []
    assert "json" in [violation["rule"] for violation in report["violations"]]


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """A file of more than the memory that is allowed is checked row by row."""
    row = json.dumps(GOOD | {"note": "x" * 1_000_000})

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (400_000_000, 400_000_000))

    (tmp_path / "rows.jsonl").write_text(f"{row}\n" * 500, encoding="utf-8")
    arguments = ("check", str(tmp_path / "rows.jsonl"), "--out", str(tmp_path / "out.jsonl"))
    done = Command(arguments).run(limit)
    assert done.returncode == 0, done.stderr
    assert "500 rows" in done.stderr


def refused(*arguments: str) -> str:
    """The message of a command that must end with exit 2 and one line."""
    done = Command(("check", *arguments)).run()
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.splitlines()) == 1
    return error_of(done)


def test_unusable_input_exits_with_2(tmp_path: Path) -> None:
    """A file that is not there, no file, or holds no row is told in one line."""
    assert "No such file" in refused(str(tmp_path / "none.jsonl"))
    assert "Is a directory" in refused(str(tmp_path))
    for content, told in (("", "it is empty"), ("hello\n", "not JSON"), ('{"a": 1}\n', "no row")):
        (tmp_path / "rows.jsonl").write_text(content, encoding="utf-8")
        assert told in refused(str(tmp_path / "rows.jsonl"), "--out", str(tmp_path / "out.jsonl"))


def test_unusable_options_exit_with_2(tmp_path: Path) -> None:
    """The value, and what was allowed; the checked file is never overwritten."""
    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps(GOOD), encoding="utf-8")
    assert "invalid choice: 'rows'" in refused(str(rows), "--kind", "rows")
    assert "invalid choice: 'loose'" in refused(str(rows), "--formats", "loose")
    assert "the file that is checked" in refused(str(rows), "--out", str(rows))
    assert "cannot write" in refused(str(rows), "--out", str(tmp_path / "none" / "out.jsonl"))
    assert json.loads(rows.read_text(encoding="utf-8")) == GOOD
