"""What cannot be used is told in one line, with exit 2, before anything is started or made."""

import os
import subprocess
import time
from pathlib import Path

import pytest

import made
from commands import Command, error_of, synthesize
from fc_distilabel.testing import FakeEndpoint


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one good document."""
    folder = tmp_path_factory.mktemp("docs")
    made.english(folder, 2)
    return folder


def refused(command: Command) -> str:
    """The message of a command that must end with exit 2."""
    done = command.run()
    assert done.returncode == 2, (done.returncode, done.stderr)
    assert len(done.stderr.splitlines()) == 1
    return error_of(done)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--rows", "0"), "--rows: '0' is not a whole number from 1 up"),
        (("--rows", "many"), "--rows: 'many' is not"),
        (("--kinds", "single,sideways"), "unknown dialogue kind 'sideways'; allowed: single"),
        (("--kinds", "single=0"), "the weights add up to 0"),
        (("--kinds", "single=much"), "weight of 'single' is 'much'"),
        (("--language", "fr"), "invalid choice: 'fr'"),
        (("--per-passage", "17"), "--per-passage is 17"),
        (("--stall-seconds", "-1"), "--stall-seconds: '-1' is not"),
        (("--llm", "gpt"), "--llm is 'gpt'; allowed: local, openai:MODEL"),
        (("--llm", "openai:"), "--llm is 'openai:'"),
        (("--llm", "scripted:scripts:nothing"), "scripted:scripts:nothing"),
        (("--llm", "openai:m", "--model", "x.gguf"), "it needs --llm local"),
        (("--llm", "local", "--model", "none.gguf"), "none.gguf"),
        (("--llm", "openai:m", "--base-url", "ftp://x"), "an http:// or https:// URL is needed"),
        (("--llm", "openai:m", "--base-url", "http://127.0.0.1:9/v1"), "cannot be reached"),
        (("--nonsense",), "unrecognized arguments: --nonsense"),
    ],
)
def test_options(docs: Path, tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    """The value, and what was allowed; no folder is made."""
    assert told in refused(synthesize(docs, "--out", tmp_path / "out", *arguments))
    assert not (tmp_path / "out").exists()


def test_documents(tmp_path: Path) -> None:
    """A document that cannot be read is named; the others do not hide it."""
    made.english(tmp_path / "docs", 2)
    empty = tmp_path / "docs" / "empty.md"
    empty.write_text("")
    binary = tmp_path / "binary.md"
    binary.write_bytes(b"\x00\x01\x02" * 50)
    out = tmp_path / "out"
    assert "no such file or folder" in refused(synthesize(tmp_path / "nowhere", "--out", out))
    assert "empty.md' is empty" in refused(synthesize(tmp_path / "docs", "--out", out))
    assert "binary.md' is binary" in refused(synthesize(binary, "--out", out))


def test_the_folder(docs: Path, tmp_path: Path) -> None:
    """A folder that cannot be written, or holds somebody else's rows, is left alone."""
    file = tmp_path / "file"
    file.write_text("")
    assert "cannot be written" in refused(synthesize(docs, "--out", file))
    assert "cannot be written" in refused(synthesize(docs, "--out", file / "below"))
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "rows.jsonl").write_text("mine\n")
    assert "holds rows.jsonl but no run.db" in refused(synthesize(docs, "--out", tmp_path / "out"))
    assert (tmp_path / "out" / "rows.jsonl").read_text() == "mine\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(docs: Path, tmp_path: Path) -> None:
    """Permissions are looked at before a token is spent."""
    (tmp_path / "out").mkdir(mode=0o500)
    assert "cannot be written" in refused(synthesize(docs, "--out", tmp_path / "out"))


@pytest.mark.parametrize(
    ("fault", "told"),
    [("401", "401: "), ("garbage", "without content"), ("500", "500: ")],
)
def test_an_endpoint_that_cannot_be_used(docs: Path, tmp_path: Path, fault: str, told: str) -> None:
    """One request tells, before any process of the pipeline is there."""
    with FakeEndpoint(faults=lambda number: fault) as endpoint:  # type: ignore[arg-type]
        command = synthesize(
            *(docs, "--out", tmp_path / "out", "--llm", "openai:m"),
            *("--base-url", endpoint.base_url),
            OPENAI_API_KEY="a-secret",
        )
        message = refused(command)
    assert told in message and "a-secret" not in message
    assert not (tmp_path / "out").exists()


def test_no_command_and_no_run() -> None:
    """The command alone, a wrong command, a folder without a run: one line each."""
    assert "required: COMMAND" in refused(Command(()))
    assert "invalid choice: 'dance'" in refused(Command(("dance",)))
    assert "no rows.jsonl in '.'" in refused(Command(("show", ".")))
    assert "--out" in refused(Command(("synthesize", "x.md")))


def test_help_and_version_are_quick() -> None:
    """They answer without importing what a run needs."""
    for arguments in (("--version",), ("--help",), ("synthesize", "--help")):
        started = time.monotonic()
        done = Command(arguments).run()
        assert done.returncode == 0
        assert "fc-distilabel" in done.stdout
        assert "scripted" not in done.stdout
        print(f"{arguments}: {time.monotonic() - started:.2f} s")


def test_fresh_waits_for_the_endpoint(docs: Path, tmp_path: Path) -> None:
    """--fresh moves nothing aside for a run that cannot start."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "rows.jsonl").write_text("mine\n")
    command = synthesize(
        *(docs, "--out", out, "--fresh", "--llm", "openai:m", "--base-url", "http://127.0.0.1:9/v1")
    )
    done: subprocess.CompletedProcess[str] = command.run()
    assert done.returncode == 2
    assert (out / "rows.jsonl").read_text() == "mine\n"
