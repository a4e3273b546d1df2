"""The command `fc-distilabel apis` on documents: real processes, a scripted model."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

import made
import scripts
from commands import ROOT, Command, error_of, lines_in, stop, wait_for
from conftest import read_lines
from fc_distilabel.cli import main
from fc_distilabel.schemas import lint_tools
from fc_distilabel.schemas.dialects import read_tools
from fc_distilabel.testing import FakeEndpoint


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two documents; two passages of the English one end at a stage each."""
    folder = tmp_path_factory.mktemp("docs")
    made.english(folder, 7, {0: "thistle", 1: "bramble"})
    made.chinese(folder, 4)
    return folder


def apis(*arguments: object, script: str = "counted", **environment: object) -> Command:
    words = ("apis", *map(str, arguments))
    if "--llm" not in words:
        words += ("--llm", f"scripted:scripts:{script}")
    return Command(words, {name: str(value) for name, value in environment.items()})


def here(capsys: pytest.CaptureFixture[str], command: Command) -> tuple[int, str]:
    """Exit status and standard error of a command that is run in this process."""
    status = main(command.arguments)
    return status, capsys.readouterr().err


class Straight:
    """A run that nobody disturbed."""

    def __init__(self, docs: Path, folder: Path) -> None:
        self.out, self.calls = folder / "tools.jsonl", folder / "calls"
        self.command = apis(
            *(docs, "--out", self.out, "--count", 20, "--similar", 2, "--preset", 4),
            FC_TEST_CALLS=self.calls,
        )
        self.done: subprocess.CompletedProcess[str] = self.command.run()


@pytest.fixture(scope="module")
def straight(docs: Path, tmp_path_factory: pytest.TempPathFactory) -> Straight:
    """All that the documents give."""
    return Straight(docs, tmp_path_factory.mktemp("straight"))


def test_each_tool_is_for_a_scenario_of_a_passage(straight: Straight) -> None:
    """Rows in both languages: tools that lint clean, what is wanted, and the sentence behind it."""
    assert straight.done.returncode == 0, straight.done.stderr
    rows = read_lines(straight.out)
    assert {row["scenario"]["document"] for row in rows} == {"lockers.md", "储物柜.md"}
    for row in rows:
        keys = {"id", "tools", "similar", "lineage", "complexity", "scenario"}
        assert set(row) == keys
        assert set(row["scenario"]) == {"user_goal", "document", "evidence"}
        assert row["scenario"]["user_goal"] and row["scenario"]["evidence"][0]["text"]
        assert lint_tools(read_tools(row["tools"]).tools) == []
        assert len(row["similar"]) == 2 == len(row["tools"]) - 1
    assert any(row["lineage"] for row in rows)


def test_what_became_of_all_passages_is_told(straight: Straight) -> None:
    """The measured figures, the drops by stage and reason, and that the documents are exhausted."""
    told = straight.done.stderr
    rows = len(read_lines(straight.out))
    assert "target" in told and "measured" in told
    assert "1 scenario: reply" in told and "1 toolset: reply" in told
    assert f"fewer: {20 - rows} tools: the documents are exhausted" in told
    assert f"{rows} tools in {str(straight.out)!r}" in told
    assert "Warning" not in told and not straight.done.stdout


def test_the_same_command_again_pays_nothing(straight: Straight) -> None:
    """All answers are there already: nobody is asked, and the bytes are the same."""
    before, calls = straight.out.read_bytes(), lines_in(straight.calls)
    assert calls and straight.command.run().returncode == 0
    assert (straight.out.read_bytes(), lines_in(straight.calls)) == (before, calls)


def test_fewer_tools_ask_for_less(
    straight: Straight,
    docs: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No passage is started in vain; the tools are the first of the longer run."""
    out, calls = tmp_path / "tools.jsonl", tmp_path / "calls"
    monkeypatch.setenv("FC_TEST_CALLS", str(calls))
    assert here(capsys, apis(docs, "--out", out, "--count", 1, "--preset", 4))[0] == 0
    [row], first = read_lines(out), read_lines(straight.out)[0]
    assert row["scenario"] == first["scenario"] and row["tools"] == first["tools"][:1]
    assert lines_in(calls) < lines_in(straight.calls) / 2


def test_a_run_survives_ctrl_c_and_kill(straight: Straight, docs: Path, tmp_path: Path) -> None:
    """Ctrl-C says what is kept; after kill -9 no answer is paid twice; the end is the same."""
    out, calls = tmp_path / "tools.jsonl", tmp_path / "calls"
    command = apis(
        *(docs, "--out", out, "--count", 20, "--similar", 2, "--preset", 4, "--max-in-flight", 1),
        script="slow",
        FC_TEST_CALLS=calls,
        FC_TEST_DELAY=0.4,
    )
    part = tmp_path / "tools.jsonl.part"
    process = command.start()
    wait_for(lambda: lines_in(part) > 0)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130 and "Traceback" not in told, told
    kept = lines_in(part)
    assert f"interrupted: {kept} tools are in {str(part)!r}; the same command goes on" in told
    assert kept and not out.exists() and not command.left_running()

    further = lines_in(calls) + 3
    process = command.start()
    wait_for(lambda: lines_in(calls) >= further)
    assert stop(process, signal.SIGKILL) == -signal.SIGKILL

    assert command.run().returncode == 0
    assert out.read_bytes() == straight.out.read_bytes() and not part.exists()
    paid = calls.read_text().splitlines()
    assert len(paid) - len(set(paid)) <= 2  # an answer under way at each stop is asked for again
    assert set(paid) == set(straight.calls.read_text().splitlines())


@pytest.fixture
def endpoint() -> Iterator[FakeEndpoint]:
    """An endpoint whose answers come out of order."""
    with FakeEndpoint(scripts.endpoint) as running:
        yield running


def at(endpoint: FakeEndpoint, *arguments: object) -> Command:
    words = ("--llm", "openai:fake", "--base-url", endpoint.base_url)
    return apis(*arguments, *words, OPENAI_API_KEY="secret-of-mine")


def test_timing_decides_nothing(
    straight: Straight, docs: Path, endpoint: FakeEndpoint, tmp_path: Path
) -> None:
    """Answers out of order give the same bytes; the window is kept; the key is written nowhere."""
    out = tmp_path / "tools.jsonl"
    words = (docs, "--out", out, "--count", 20, "--similar", 2, "--preset", 4)
    done = at(endpoint, *words, "--max-in-flight", 4).run()
    assert done.returncode == 0, done.stderr
    assert out.read_bytes() == straight.out.read_bytes()
    assert 2 <= endpoint.peak_in_flight <= 4
    files = [path for path in tmp_path.iterdir() if path.is_file()]
    assert all(b"secret-of-mine" not in path.read_bytes() for path in files)


def test_a_lost_endpoint_can_come_back(straight: Straight, docs: Path, tmp_path: Path) -> None:
    """401 in the middle: exit 1 with what is kept, an older file left alone; then it goes on."""
    out, lost_from = tmp_path / "tools.jsonl", [16]
    out.write_text("older\n")
    faults = lambda number: "401" if number >= lost_from[0] else "ok"  # noqa: E731
    with FakeEndpoint(scripts.endpoint, faults) as running:
        words = (docs, "--out", out, "--count", 20, "--similar", 2, "--preset", 4)
        command = at(running, *words, "--max-in-flight", 1)
        lost = command.run()
        assert lost.returncode == 1
        told = error_of(lost)
        assert "cannot be used any more" in told and "401" in told and "tools.jsonl.part" in told
        assert out.read_text() == "older\n"
        lost_from[0] = 10**9
        assert command.run().returncode == 0
    assert out.read_bytes() == straight.out.read_bytes()


def test_an_endpoint_that_is_not_there(
    docs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, one line, no file of rows."""
    words = ("--llm", "openai:m", "--base-url", "http://127.0.0.1:9/v1")
    status, told = here(capsys, apis(docs, "--out", tmp_path / "t.jsonl", *words))
    assert status == 2 and told.startswith("error: ") and "127.0.0.1:9" in told
    assert len(told.splitlines()) == 1
    assert not list(tmp_path.glob("t.jsonl*[!b]"))


def test_one_run_at_a_time(docs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The second run on the same output is refused, and the rows of the first are left alone."""
    out, part = tmp_path / "tools.jsonl", tmp_path / "tools.jsonl.part"
    part.write_text("a row of the first\n")
    with FileLock(tmp_path / ".tools.jsonl.lock"):
        status, told = here(capsys, apis(docs, "--out", out))
    assert status == 2 and "another run is at work" in told
    assert part.read_text() == "a row of the first\n"


def test_no_usable_passage_is_no_success(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A document in which nothing is for an API: exit 1, why of all passages, no file of rows."""
    made.english(tmp_path / "docs", 2, {0: "thistle", 1: "bramble"})
    out = tmp_path / "tools.jsonl"
    status, told = here(capsys, apis(tmp_path / "docs", "--out", out))
    assert status == 1 and told.startswith("error: no tool could be made of 2 passages: 1 ")
    assert len(told.splitlines()) == 1
    assert not out.exists() and not (tmp_path / "tools.jsonl.part").exists()


@pytest.mark.model
@pytest.mark.timeout(900)
def test_the_embedded_model_makes_tools(tmp_path: Path) -> None:
    """Two tools of a sample document, and again without asking."""
    sample = ROOT / "examples" / "docs" / "parcel_locker_guide_zh.md"
    out = tmp_path / "tools.jsonl"
    command = apis(sample, "--out", out, "--count", 2, "--similar", 1, "--llm", "local")
    with command.start() as process:
        _, told = process.communicate()
    assert process.returncode == 0, told
    rows = read_lines(out)
    assert len(rows) == 2 and not command.left_running()
    for row in rows:
        assert row["scenario"]["document"] == sample.name
        assert lint_tools(read_tools(row["tools"]).tools) == []
    before = out.read_bytes()
    assert command.run().returncode == 0 and out.read_bytes() == before
