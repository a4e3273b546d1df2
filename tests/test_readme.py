"""The READMEs' own commands and code, run as they stand; only the number of rows is made small."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import made
import reviews
import scripts
from fc_distilabel.runs.files import SURPLUS
from fc_distilabel.runs.mix import DEFAULT_MIX
from fc_distilabel.testing import FakeEndpoint

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh.md")
ENGLISH, CHINESE = ((ROOT / name).read_text(encoding="utf-8") for name in READMES)
SAMPLES = ROOT / "examples" / "docs"
FEW = "--rows 2 --per-passage 1"


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def block_with(language: str, needle: str) -> str:
    return next(block for block in blocks(ENGLISH, language) if needle in block)


def uncommented(code: str) -> str:
    return re.sub(r" *#.*", "", code)


def first_cells(text: str) -> list[str]:
    """The code in the first cells of all tables."""
    return re.findall(r"^\| (`[^|]*(?:\\\|[^|]*)*?`) \|", text, re.MULTILINE)


def environment(**more: str) -> dict[str, str]:
    """With this Python's commands first on the path, and no trace of another endpoint."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    path = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", "")])
    return {**kept, "PATH": path, "PYTHONUTF8": "1", **more}


def run(folder: Path, *command: str, **more: str) -> str:
    """What the command prints; it must succeed, and nothing of it stays when a test is stopped."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment(**more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        out, err = process.communicate()
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGTERM)
    assert process.returncode == 0, f"{out}\n{err}"
    return out


@pytest.fixture
def endpoint() -> Iterator[FakeEndpoint]:
    """An endpoint with a model that does everything right."""
    with FakeEndpoint(scripts.endpoint) as running:
        yield running


def test_both_languages_show_the_same() -> None:
    """The Chinese README has the same code, tables, links and sections as the English one."""
    for language in ("bash", "python"):
        english, chinese = (blocks(text, language) for text in (ENGLISH, CHINESE))
        assert [uncommented(code) for code in english] == [uncommented(code) for code in chinese]
    assert first_cells(ENGLISH) == first_cells(CHINESE)
    assert list(re.findall(r"^#+", ENGLISH, re.MULTILINE)) == re.findall(
        r"^#+", CHINESE, re.MULTILINE
    )
    exits = [re.findall(r"\| (\d+)[,;，；]", text) for text in (ENGLISH, CHINESE)]
    assert exits[0] == exits[1] == ["2", "1", "1", "130", "0"]


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=READMES)
def test_links_lead_somewhere(text: str) -> None:
    """A link into the project is a file of it."""
    targets = [t for t in re.findall(r"\]\(([^)]+)\)", text) if "://" not in t]
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_the_commands_of_make_exist() -> None:
    """`make demo` and `make test` are there, and doing nothing explains itself."""
    for line in block_with("bash", "make demo").splitlines():
        target = line.split()[1]
        assert f"make {target}" in run(ROOT, "make")
        run(ROOT, "make", "-n", target)


def test_all_options_are_told() -> None:
    """The table of options is the one of `--help`."""
    told = re.findall(r"^\| `(--[a-z-]+)", ENGLISH, re.MULTILINE)
    answer = run(ROOT, "fc-distilabel", "synthesize", "--help")
    assert set(told) == set(re.findall(r"(--[a-z-]+)", answer.split("options:")[1])) - {"--help"}


def test_the_kinds_and_their_shares_are_told() -> None:
    """The table of kinds is the default mix."""
    for text in (ENGLISH, CHINESE):
        told = re.findall(r"^\| `([a-z_]+)` \|.*\| (\d+) % \|$", text, re.MULTILINE)
        assert {kind: int(share) / 100 for kind, share in told} == DEFAULT_MIX


def test_the_pipeline_runs(tmp_path: Path, endpoint: FakeEndpoint) -> None:
    """The example of a pipeline of one's own runs as printed, and prints rows."""
    made.english(tmp_path / "docs", sections=4)
    (tmp_path / "own.py").write_text(block_with("python", "Pipeline("), encoding="utf-8")
    variables = {"OPENAI_BASE_URL": endpoint.base_url, "DISTILABEL_CACHE_DIR": str(tmp_path / "c")}
    printed = run(tmp_path, sys.executable, "own.py", **variables)
    rows = [line for line in printed.splitlines() if line.partition(" ")[0] in DEFAULT_MIX]
    assert len({row.split()[0] for row in rows}) > len(DEFAULT_MIX) / 2
    assert any('"messages":' in row for row in rows)


def test_the_commands_for_an_endpoint_run(tmp_path: Path, endpoint: FakeEndpoint) -> None:
    """They reach the endpoint with the key, which no file holds afterwards."""
    made.english(tmp_path / "docs", sections=2)
    commands = block_with("bash", "OPENAI_API_KEY")
    commands = commands.replace("https://your-endpoint/v1", endpoint.base_url)
    run(tmp_path, "bash", "-ec", commands.replace("--rows 500", "--rows 2"))
    assert set(endpoint.keys) == {"your-key"}
    assert {body["model"] for body in endpoint.bodies} == {"your-model"}
    files = [path for path in (tmp_path / "my-run").rglob("*") if path.is_file()]
    assert not [path for path in files if b"your-key" in path.read_bytes()]
    check_files(tmp_path / "my-run")


def test_the_command_that_checks_runs(tmp_path: Path) -> None:
    """The sample rows hold each verdict, and the reports are where the command says."""
    [command] = [c for c in blocks(ENGLISH, "bash") if "fc-distilabel check" in c]
    words = ["bash", "-ec", command.replace("reports.jsonl", f"{tmp_path}/reports.jsonl")]
    done = subprocess.run(words, cwd=ROOT, env=environment(), check=False)
    assert done.returncode == 1
    reports = (tmp_path / "reports.jsonl").read_text(encoding="utf-8").splitlines()
    verdicts = {json.loads(report)["verdict"] for report in reports}
    assert verdicts == {"valid", "repaired", "invalid"}


def test_the_commands_that_make_tools_run(tmp_path: Path, endpoint: FakeEndpoint) -> None:
    """Tools without a model and of documents, each with its look-alikes; the row is as told."""
    made.english(tmp_path / "docs", sections=2)
    commands = block_with("bash", "fc-distilabel apis").replace("--count 200", "--count 5")
    variables = {"OPENAI_BASE_URL": endpoint.base_url}
    commands = commands.replace("docs/", "docs/ --llm openai:your-model")
    run(tmp_path, "bash", "-ec", commands, **variables)
    for name in ("tools.jsonl", "my-tools.jsonl"):
        lines = (tmp_path / name).read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        assert rows and all(len(row["tools"]) == 1 + len(row["similar"]) == 4 for row in rows)
        assert {"lineage", "complexity"} <= set(rows[0])
        assert all(key in ENGLISH for key in map("`{}`".format, rows[0]) if key != "`id`")
    assert (tmp_path / "my-tools.jsonl.db").exists()


def test_the_commands_for_reviews_run(tmp_path: Path, endpoint: FakeEndpoint) -> None:
    """A server, rows in it, what people said, a next run that takes it in, and the end of it."""
    made.english(tmp_path / "docs", sections=2)
    block = block_with("bash", "argilla serve")
    commands = [line for line in block.splitlines() if "pip install" not in line]
    ours = "--rows 2 --llm openai:your-model"
    first = f"fc-distilabel synthesize docs/ --out my-run --no-report {ours}"
    text = "\n".join([first, *commands]).replace("--background", "--background --port 0")
    variables = {"OPENAI_BASE_URL": endpoint.base_url, "XDG_DATA_HOME": str(tmp_path / "data")}
    script = text.replace("--rows 50", f"--no-report {ours}")
    printed = run(
        tmp_path, "bash", "-ec", f"trap 'fc-distilabel argilla stop' EXIT\n{script}", **variables
    )
    assert "is ready at" in printed and "stopped http" in printed
    assert len((tmp_path / "feedback" / "feedback.jsonl").read_text("utf-8").splitlines()) == 2
    settings = json.loads((tmp_path / "next-run" / "run.json").read_text(encoding="utf-8"))
    assert settings["settings"]["feedback"] == "feedback"


def test_the_commands_for_trainers_run(tmp_path: Path) -> None:
    """Rows and pairs in two formats, and one of them read back."""
    reviews.run_folder(tmp_path / "my-run", reviews.rows(20))
    run(tmp_path, "bash", "-ec", block_with("bash", "fc-distilabel export"))
    assert (tmp_path / "my-run" / "export-llamafactory-dpo" / "dataset_info.json").exists()
    assert "tool_calls" in (tmp_path / "again.jsonl").read_text(encoding="utf-8")


def test_the_commands_that_measure_run(tmp_path: Path) -> None:
    """A page about a run held against a benchmark; what is installed."""
    rows = reviews.rows(6)
    reviews.run_folder(tmp_path / "my-run", rows)
    asked = next(m["content"] for m in rows[0]["messages"] if m["role"] == "user")
    (tmp_path / "benchmark.jsonl").write_text(json.dumps({"question": asked}), encoding="utf-8")
    block = block_with("bash", "fc-distilabel report")
    report, doctor = block.strip().splitlines()
    run(tmp_path, "bash", "-ec", report)
    assert (tmp_path / "my-run" / "report.html").exists()
    assert "fc-distilabel" in run(tmp_path, "bash", "-c", f"{doctor} || test $? = 1")


def check_files(out: Path) -> None:
    """The files that a run leaves are those that the table names; the training file loads."""
    told = {cell.strip("`") for cell in first_cells(ENGLISH) if re.fullmatch(r"`[a-z.]+`", cell)}
    told = {name for name in told if "." in name}
    found = {path.name for path in out.iterdir() if not path.name.startswith(".")}
    assert found | {SURPLUS} == told
    loading = block_with("python", "load_dataset").replace("my-run/", f"{out}/")
    assert "tool_calls" in run(out, sys.executable, "-c", loading, HF_HOME=str(out / "hf"))


@pytest.mark.model
@pytest.mark.timeout(900)
def test_the_commands_for_own_documents_run(tmp_path: Path) -> None:
    """Rows from a folder and a glob, by the embedded model; then they are shown."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "more").mkdir()
    guide = (SAMPLES / "bike_share_rider_guide.md").read_text(encoding="utf-8")
    (tmp_path / "docs" / "guide.md").write_text(guide, encoding="utf-8")
    write_pdf(tmp_path / "more" / "guide.pdf", re.findall(r"[^.\n]+\.", guide)[3:9])
    commands = [
        line for line in block_with("bash", "pip install").splitlines() if "pip" not in line
    ]
    printed = run(tmp_path, "bash", "-ec", "\n".join(commands).replace("--rows 50", FEW))
    assert "from the document:" in printed
    check_files(tmp_path / "my-run")


@pytest.mark.model
@pytest.mark.timeout(1200)
def test_the_demo_runs_and_runs_again(tmp_path: Path) -> None:
    """What `make demo` runs puts a row of each language into Argilla; then all is there."""
    commands = [
        line.lstrip("@").replace(".venv/bin/", "")
        for line in run(ROOT, "make", "-n", "demo", f"DEMO={tmp_path}/demo").splitlines()
        if line.startswith(".venv/bin/fc-distilabel")
    ]
    assert [line.split()[1] for line in commands] == ["synthesize", "show", "argilla", "argilla"]
    small = [line.replace("--rows 6", FEW) for line in commands]
    try:
        printed = run(ROOT, "bash", "-ec", "\n".join(small) + " 2>&1")
        assert "· en ·" in printed and "· zh ·" in printed
        assert "2 rows added" in printed and "/annotation-mode" in printed
        before = (tmp_path / "demo" / "rows.jsonl").read_bytes()
        assert run(ROOT, "bash", "-ec", small[1]) in printed
        assert "2 were there" in run(ROOT, "bash", "-ec", "\n".join(small) + " 2>&1")
        assert (tmp_path / "demo" / "rows.jsonl").read_bytes() == before
    finally:
        home = str(tmp_path / "demo" / "argilla")
        run(ROOT, "fc-distilabel", "argilla", "stop", "--home", home)


def write_pdf(path: Path, lines: list[str]) -> None:
    """A page of text."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path))
    for index, line in enumerate(lines):
        canvas.drawString(50, 800 - 14 * index, line.strip())
    canvas.save()
