"""A step's failure reaches the guard in one line."""

import json
import os
from collections.abc import Iterator

import pytest

from fc_distilabel.errors import RunError
from fc_distilabel.runs import failures
from fc_distilabel.runs.failures import report_to, reporting


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The reading end of a pipe that reports go to."""
    monkeypatch.setattr(failures, "_channel", None)
    read, write = os.pipe()
    report_to(write)
    yield read
    os.close(read)
    os.close(write)


def test_an_error_is_reported_and_goes_on(reports: int) -> None:
    """Type, message and place of a stranger's error; distilabel still sees it."""
    with pytest.raises(KeyError), reporting("miner"):
        raise KeyError("x")
    report = json.loads(os.read(reports, 4096))
    assert report["step"] == "miner"
    assert report["error"].startswith("KeyError: 'x' (test_failures.py:")


def test_our_own_errors_speak_for_themselves(reports: int) -> None:
    """No type, no line number: the message says it."""
    with pytest.raises(RunError), reporting("sink"):
        raise RunError("run.db cannot be used: disk full")
    assert json.loads(os.read(reports, 4096))["error"] == "run.db cannot be used: disk full"


def test_a_huge_message_is_one_line_still(reports: int) -> None:
    """Lines of several processes never mix in the pipe."""
    with pytest.raises(ValueError, match="界"), reporting("sink"):
        raise ValueError("界" * 9000)
    line = os.read(reports, 65536)
    assert len(line) <= 4096 and line.count(b"\n") == 1
    assert json.loads(line)["step"] == "sink"


def test_an_end_is_no_failure(reports: int) -> None:
    """A generator that is closed has not failed."""
    with pytest.raises(GeneratorExit), reporting("source"):
        raise GeneratorExit
    os.set_blocking(reports, False)
    with pytest.raises(BlockingIOError):
        os.read(reports, 1)
