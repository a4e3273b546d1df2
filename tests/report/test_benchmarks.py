"""Questions out of the files that benchmarks come in."""

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from fc_distilabel.errors import InputError
from fc_distilabel.report.benchmarks import read_benchmark

TALK = [{"role": "system", "content": "s"}, {"role": "user", "content": "Ask?"}]
FORMS: dict[str, list[Any]] = {
    "ours": [{"id": "a", "messages": TALK, "tools": []}],
    "BFCL": [{"id": "a", "question": [[{"role": "user", "content": "Ask?"}]], "function": []}],
    "ShareGPT": [{"id": "a", "conversations": [{"from": "human", "value": "Ask?"}]}],
    "a text": [{"question_id": "a", "question": "Ask?"}],
    "a query": [{"task_id": "a", "query": "Ask?"}],
    "turns": [{"id": "a", "turns": ["Ask?"]}],
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("written", ["lines", "lines.gz", "list", "object"])
def test_forms(tmp_path: Path, form: str, written: str) -> None:
    """One object a line, a list of them or an object with a list, compressed or not."""
    rows = FORMS[form]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    path = tmp_path / {"lines": "b.jsonl", "lines.gz": "b.jsonl.gz"}.get(written, "b.json")
    if written == "lines.gz":
        path.write_bytes(gzip.compress(lines.encode()))
    elif written == "lines":
        path.write_text(lines, encoding="utf-8")
    else:
        path.write_text(json.dumps(rows if written == "list" else {"data": rows}), encoding="utf-8")
    found = read_benchmark(str(path))
    assert [(q.id, q.text, q.benchmark) for q in found.questions] == [("a", "Ask?", path.name)]
    assert found.unread == 0


def test_plain_text_has_a_question_a_line(tmp_path: Path) -> None:
    """Blank lines are none; a question is named by its line."""
    path = tmp_path / "b.txt"
    path.write_text("One?\n\n二？\n", encoding="utf-8")
    found = read_benchmark(str(path))
    assert [(q.id, q.text) for q in found.questions] == [("line 1", "One?"), ("line 2", "二？")]


def test_bfcl_files_are_lines_under_the_name_of_a_document(tmp_path: Path) -> None:
    """A `.json` that holds an object a line is read line by line."""
    path = tmp_path / "BFCL_v4_x.json"
    lines = [json.dumps(FORMS["BFCL"][0] | {"id": name}) for name in "ab"]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert [q.id for q in read_benchmark(str(path)).questions] == ["a", "b"]


def test_what_has_no_question_is_counted(tmp_path: Path) -> None:
    """Broken lines and strange objects do not stop the others."""
    path = tmp_path / "b.jsonl"
    rows = [json.dumps(FORMS["ours"][0]), "{broken", "[1]", json.dumps({"id": 1}), '{"turns": [5]}']
    path.write_text("\n".join(rows), encoding="utf-8")
    found = read_benchmark(str(path))
    assert (len(found.questions), found.unread) == (1, 4)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "is not there; allowed: a file, or bfcl"),
        (b"", "has no questions"),
        (b'{"id": 1}\n', "has no questions: 1 lines were read in vain"),
        (b"\xff\xfe\x00not text", "has no questions"),
    ],
)
def test_a_benchmark_that_cannot_be_used_is_refused(
    tmp_path: Path, content: bytes | None, told: str
) -> None:
    """The message names the file."""
    path = tmp_path / "b.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=told) as caught:
        read_benchmark(str(path))
    assert "b.jsonl" in str(caught.value)


def test_a_folder_and_a_damaged_archive_are_refused(tmp_path: Path) -> None:
    """A folder is not searched, and half an archive is not taken for a whole."""
    with pytest.raises(InputError, match="is a folder"):
        read_benchmark(str(tmp_path))
    path = tmp_path / "b.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(FORMS["ours"][0]).encode())[:-9])
    with pytest.raises(InputError, match="cannot read"):
        read_benchmark(str(path))


def test_bfcl_comes_from_its_package_without_running_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Questions and the first right values are read; the package's own code is not."""
    data = tmp_path / "bfcl_eval/data"
    (data / "possible_answer").mkdir(parents=True)
    (tmp_path / "bfcl_eval/__init__.py").write_text("raise RuntimeError('it ran')")
    question = FORMS["BFCL"][0] | {"id": "simple_0"}
    (data / "BFCL_v4_simple.json").write_text(json.dumps(question) + "\n")
    (data / "BFCL_v4_format_sensitivity.json").write_text('{\n "simple": ["simple_0"]\n}')
    truth = [{"f.g": {"a": [4, "four"], "b": ["", 1]}}]
    answer = json.dumps({"id": "simple_0", "ground_truth": truth})
    (data / "possible_answer/BFCL_v4_simple.json").write_text(answer)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "bfcl_eval", raising=False)
    found = read_benchmark("bfcl")
    [asked] = found.questions
    assert (asked.id, asked.text, asked.calls) == ("simple_0", "Ask?", ('f.g({"a":4})',))
    assert (found.name, found.unread) == ("bfcl", 0)


def test_bfcl_that_is_not_installed_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message holds the command."""
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(InputError, match="pip install --no-deps bfcl-eval"):
        read_benchmark("bfcl")
