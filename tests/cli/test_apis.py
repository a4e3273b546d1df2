"""The command `fc-distilabel apis`."""

from pathlib import Path
from statistics import mean

import pytest

from commands import ROOT, Command
from conftest import read_lines
from fc_distilabel.cli import main

SAMPLE = ROOT / "examples" / "docs" / "bike_share_rider_guide.md"


def apis(*arguments: object) -> Command:
    """`fc-distilabel apis ...`."""
    return Command(("apis", *map(str, arguments)))


def test_tools_are_written_and_figures_told(tmp_path: Path) -> None:
    """Rows in the file, target and measured on standard error; the same command, the same file."""
    out = tmp_path / "tools.jsonl"
    done = apis("--preset", 4, "--count", 30, "--similar", 2, "--seed", 5, "--out", out).run()
    assert done.returncode == 0, done.stderr
    rows = read_lines(out)
    assert len(rows) == 30 and {len(row["tools"]) for row in rows} == {3}
    assert all(set(row) == {"id", "tools", "similar", "lineage", "complexity"} for row in rows)
    assert "target" in done.stderr and "60.0%" in done.stderr and "30 tools in" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["tools.jsonl"]
    first = out.read_bytes()
    apis("--preset", 4, "--count", 30, "--similar", 2, "--seed", 5, "--out", out).run()
    assert out.read_bytes() == first


def test_one_language(tmp_path: Path) -> None:
    """Chinese tools are described in Chinese."""
    out = tmp_path / "tools.jsonl"
    assert apis("--language", "zh", "--count", 5, "--out", out).run().returncode == 0
    for row in read_lines(out):
        text = row["tools"][0]["function"]["description"]
        assert any("\u4e00" <= sign <= "\u9fff" for sign in text)


@pytest.mark.parametrize(("wanted", "far"), [(0.85, False), (0.0, True)])
def test_confusability_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wanted: float, far: bool
) -> None:
    """Asked for and reached, mean and range; what cannot be reached is said to be the nearest."""
    out = tmp_path / "tools.jsonl"
    words = ("--count", 10, "--similar", 3, "--confusability", wanted, "--out", out)
    assert main(apis(*words).arguments) == 0
    said = capsys.readouterr().err
    values = [each["confusability"] for row in read_lines(out) for each in row["similar"]]
    told = f"confusability {wanted:.2f} asked for, reached: mean {mean(values):.2f}, "
    assert told + f"from {min(values):.2f} to {max(values):.2f}" in said
    assert ("the nearest that these tools allow" in said.partition(told)[2]) == far


def test_a_contradiction_is_said_out_loud(tmp_path: Path) -> None:
    """Depth 5 with one parameter: the nearest setting is made, and named."""
    figures = "max_depth=5,parameters=1,depth=0.5"
    done = apis("--set", figures, "--count", 10, "--out", tmp_path / "t.jsonl").run()
    assert done.returncode == 0, done.stderr
    assert "nearest setting: max_depth: 5 -> 2, as 1 parameters" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--preset", 9), "preset is 9; allowed: 1, 2, 3, 4, 5"),
        (("--preset", "deep"), "--preset"),
        (("--count", 0), "--count: '0' is not a whole number from 1 up"),
        (("--similar", -1), "--similar: '-1' is not a whole number from 0 up"),
        (("--set", "depth=2"), "depth is 2.0"),
        (("--set", "size=2"), 'unknown figure "size"'),
        (("--language", "fr"), "invalid choice: 'fr'"),
        (("--confusability", 1.5, "--similar", 2), "'1.5' is not a number from 0 to 1"),
        (("--confusability", "nan", "--similar", 2), "'nan' is not a number from 0 to 1"),
        (("--confusability", 0.5), "it needs --similar K"),
        (("--llm", "openai:gpt"), "give a PATH"),
        (("none.md",), "none.md"),
        ((SAMPLE, "--llm", "gpt"), "--llm is 'gpt'; allowed: local, openai:MODEL"),
        ((SAMPLE, "--llm", "openai:m", "--base-url", "gopher://x"), "an http:// or https:// URL"),
        ((SAMPLE, "--max-in-flight", 5000), "--max-in-flight is 5000"),
    ],
)
def test_bad_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[object, ...], told: str
) -> None:
    """One line, exit 2, and no file."""
    words = ["apis", *map(str, arguments), "--out", str(tmp_path / "t.jsonl")]
    try:
        status = main(words)
    except SystemExit as end:  # argparse's own way
        status = int(end.code or 0)
    line = capsys.readouterr().err
    assert status == 2 and len(line.splitlines()) == 1
    assert line.startswith("error: ") and told in line
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("documents", [(), (SAMPLE, "--llm", "scripted:scripts:good")])
def test_a_place_that_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], documents: tuple[object, ...]
) -> None:
    """The path is named, and no folder made."""
    words = (*documents, "--count", 1, "--out", tmp_path / "none" / "t.jsonl")
    assert main(apis(*words).arguments) == 2
    assert "cannot write" in capsys.readouterr().err and not list(tmp_path.iterdir())
