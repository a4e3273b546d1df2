"""`synthesize --tools FILE`: a user's own APIs from one end to the other, with a scripted model."""

import json
import shutil
import signal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from commands import ROOT, Command, error_of, lines_in, synthesize, wait_for
from fc_distilabel.schemas import closed, read_tools, violations

CASES = ROOT / "tests" / "cases"
MCP, OPENAI = CASES / "own_apis_mcp.json", CASES / "own_apis_openai.json"
LLM = ("--llm", "scripted:own_scripts:good")
KINDS = ("--kinds", "single,multiple,parallel,irrelevant")
"""The kinds of one turn, which the scripted model is made for."""
SPEC = ROOT.parent / "shared" / "data" / "openapi" / "eval_simulated_Abstract_Public_Holidays.json"
PLENTY = 500


class Done(NamedTuple):
    """A run that came to its end."""

    file: Path
    out: Path
    stdout: str
    stderr: str

    def rows(self, name: str = "rows.jsonl") -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.out / name).read_text("utf-8").splitlines()]

    def report(self) -> dict[str, Any]:
        report: dict[str, Any] = json.loads((self.out / "run.json").read_text(encoding="utf-8"))
        return report


def own(file: Path, out: Path, *more: object, **environment: object) -> Command:
    return synthesize("--tools", file, "--out", out, *KINDS, *more, *LLM, **environment)


@pytest.fixture(scope="module", params=[MCP, OPENAI, SPEC], ids=["mcp", "openai", "openapi"])
def done(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Done:
    """One whole run over each sort of file."""
    file: Path = request.param
    if not file.exists():
        pytest.skip("the real OpenAPI documents are not here")
    return whole(file, tmp_path_factory.mktemp("own") / "out")


@pytest.fixture(scope="module")
def shipments(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """The same over one file, for what need not be seen over each."""
    return whole(MCP, tmp_path_factory.mktemp("shipments") / "out")


def whole(file: Path, out: Path) -> Done:
    process = own(file, out, "--rows", PLENTY).run()
    assert process.returncode == 0, process.stderr
    return Done(file, out, process.stdout, process.stderr)


def test_rows_are_kept(done: Done) -> None:
    """All kinds, in the language of the tools; the tools run out with a word of what to do."""
    rows = done.rows()
    assert {row["kind"] for row in rows} == {"single", "multiple", "parallel", "irrelevant"}
    assert {row["language"] for row in rows} == ({"en", "zh"} if done.file == OPENAI else {"en"})
    assert f"Tools exhausted: {len(rows)} rows" in done.stdout
    assert len(rows) >= 2 * len(done.rows("drops.jsonl"))


def test_calls_are_valid_under_the_schemas_of_the_file(done: Done) -> None:
    """Gold calls and results hold the original's nested schemas; offered tools are the original."""
    read = {t.name: t for t in read_tools(done.file.read_text(encoding="utf-8")).tools}
    own_names = read.keys()
    for row in done.rows():
        assert not row["violations"] and all(entry["source"] for entry in row["grounding"])
        for tool in (each["function"] for each in row["tools"]):
            if tool["name"] in own_names:
                assert tool["parameters"] == read[tool["name"]].parameters
        results = [m for m in row["messages"] if m["role"] == "tool"]
        for call, result in zip(row["gold_calls"], results, strict=True):
            if call["name"] in own_names:
                tool = read[call["name"]]
                assert not violations(closed(tool.parameters), call["arguments"])
                if tool.returns:
                    assert not violations(closed(tool.returns), json.loads(result["content"]))


def test_a_row_names_its_file_and_its_evidence(done: Done) -> None:
    """A row rests on the tool's own words, and its file is known by its name only."""
    text = done.file.read_text(encoding="utf-8")
    for row in done.rows():
        assert row["document"] == done.file.name
        assert json.dumps(row["evidence"][0]["text"], ensure_ascii=False).strip('"') in text
        assert not any(tool["function"]["name"] in row["user_goal"] for tool in row["tools"])
    assert str(done.file.parent) not in (done.out / "run.json").read_text(encoding="utf-8")


def test_what_is_left_out_is_said(done: Done) -> None:
    """On the terminal and in the report, by name."""
    notes = done.report()["notes"]
    assert all(note in done.stderr for note in notes)
    assert bool(notes) == (done.file != SPEC)


def test_a_stopped_run_goes_on(shipments: Done, tmp_path: Path) -> None:
    """Killed in the middle, and gone on elsewhere with a smaller window: the same bytes."""
    file = tmp_path / MCP.name
    shutil.copy(MCP, file)
    command = own(file, tmp_path / "out", "--rows", PLENTY, FC_TEST_DELAY="0.2")
    process = command.start()
    wait_for(lambda: lines_in(tmp_path / "out" / "rows.jsonl"))
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    wait_for(lambda: not command.processes())
    again = own(MCP, tmp_path / "out", "--rows", PLENTY, "--max-in-flight", 3).run()
    assert again.returncode == 0, again.stderr
    for name in ("rows.jsonl", "drops.jsonl"):
        assert (tmp_path / "out" / name).read_bytes() == (shipments.out / name).read_bytes()


def test_changed_tools_are_another_run(shipments: Done, tmp_path: Path) -> None:
    """Rows over two versions of an API never mix."""
    file = tmp_path / MCP.name
    file.write_text(MCP.read_text().replace("near a given town", "close to a town"))
    again = own(file, shipments.out, "--rows", PLENTY).run()
    assert again.returncode == 2
    assert f"documents {MCP.name}" in error_of(again)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "neither is given"),
        (("docs", "--tools", MCP), "both are given"),
        (("--tools", "nowhere.json"), "No such file"),
        (("--tools", CASES), "not a regular file"),
        (("--tools", CASES / "quota.json"), "holds no tool that can be used"),
        (("--tools", MCP, "--language", "zh"), "holds no tool that can be used"),
        (("--tools", MCP, "--preset", "3"), "are kept as they are"),
    ],
)
def test_bad_input(tmp_path: Path, words: tuple[object, ...], told: str) -> None:
    """Exit 2 with one line, and nothing is left behind."""
    refused = synthesize(*words, "--out", tmp_path / "out", *LLM).run()
    assert refused.returncode == 2
    assert told in error_of(refused)
    assert not (tmp_path / "out").exists()
