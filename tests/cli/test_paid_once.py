"""What is paid for at an endpoint: once, in spite of kill -9; never beyond a budget; never for rows
that a dead endpoint left behind. And who reads what a run leaves learns no secret.
"""

import json
import random
import signal
import sqlite3
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import made
import scripts
from commands import Command, error_of, lines_in, stop, synthesize, wait_for
from fc_distilabel.cli import main
from fc_distilabel.testing import FakeEndpoint
from fc_distilabel.types import canonical_json

ROWS = 14
IN_FLIGHT = 4
STEPS = 3
KEY, PASSWORD = "key-of-mine", "password-of-mine"
FILES = ("rows.jsonl", "train.trl.jsonl", "drops.jsonl")


@pytest.fixture(scope="module")
def docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An English and a Chinese document."""
    folder = tmp_path_factory.mktemp("docs")
    made.english(folder, 5)
    made.chinese(folder, 5)
    return folder


@pytest.fixture
def endpoint() -> Iterator[FakeEndpoint]:
    """An endpoint whose answers come out of order."""
    with FakeEndpoint(scripts.endpoint) as running:
        yield running


def at(endpoint: FakeEndpoint, *arguments: object) -> Command:
    """A run at an endpoint that is known by a key and a password."""
    url = endpoint.base_url.replace("http://", f"http://me:{PASSWORD}@")
    words = ("--rows", ROWS, "--max-in-flight", IN_FLIGHT, "--llm", "openai:fake")
    return synthesize(*arguments, *words, "--base-url", url, OPENAI_API_KEY=KEY)


def asked(endpoint: FakeEndpoint) -> Counter[str]:
    """How often each request came; the question whether anybody is there is none."""
    bodies = [canonical_json(body) for body in endpoint.bodies if body.get("max_tokens") != 1]
    return Counter(bodies)


def number(out: Path, query: str) -> int:
    """A number in the journal."""
    # Closed: its locks would be gone as soon as this process reads the file as a file.
    with closing(sqlite3.connect(out / "run.db")) as database:
        return int(database.execute(query).fetchone()[0])


def stored(out: Path) -> int:
    """Completions in the journal."""
    return number(out, "SELECT COUNT(*) FROM completions")


def require_no_secret(out: Path) -> None:
    for path in out.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert KEY.encode() not in content and PASSWORD.encode() not in content, path


class Straight(NamedTuple):
    """A run that nobody disturbed."""

    out: Path
    tokens: int
    requests: int


@pytest.fixture(scope="module")
def straight(docs: Path, tmp_path_factory: pytest.TempPathFactory) -> Straight:
    """What the others must come to."""
    out = tmp_path_factory.mktemp("straight") / "out"
    with FakeEndpoint(scripts.endpoint) as running:
        done = at(running, docs, "--out", out).run()
        assert done.returncode == 0, done.stderr
        assert asked(running).total() == stored(out)
    tokens = number(out, "SELECT SUM(prompt_tokens + completion_tokens) FROM spent")
    return Straight(out, tokens, stored(out))


def require_equal(out: Path, straight: Straight) -> None:
    for name in FILES:
        assert (out / name).read_bytes() == (straight.out / name).read_bytes(), name


@pytest.mark.timeout(600)
def test_three_kills_pay_nothing_twice(
    straight: Straight, docs: Path, endpoint: FakeEndpoint, tmp_path: Path
) -> None:
    """kill -9 wherever it hits: only what was under way then is asked again, and the rows in the
    end are those of a run that nobody disturbed. No key or password is in any file, ever.
    """
    out, lost = tmp_path / "out", 0
    command = at(endpoint, docs, "--out", out)
    random_ = random.Random(5)
    for _ in range(3):
        further = endpoint.requests + random_.randint(3, 25)
        process = command.start()
        wait_for(lambda further=further: endpoint.requests >= further, 120)
        assert stop(process, signal.SIGKILL) == -signal.SIGKILL
        assert not command.left_running()
        under_way = asked(endpoint).total() - stored(out) - lost
        assert 0 <= under_way <= STEPS * IN_FLIGHT
        lost += under_way
        require_no_secret(out)
    done = command.run()
    assert done.returncode == 0, done.stderr
    requests = asked(endpoint)
    assert requests.total() == stored(out) + lost
    assert requests.total() - len(requests) <= lost
    require_equal(out, straight)
    require_no_secret(out)


@pytest.mark.timeout(600)
def test_a_budget_ends_a_run_and_a_larger_one_goes_on(
    straight: Straight,
    docs: Path,
    endpoint: FakeEndpoint,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit 1 with the figures; not one request more for the same budget; nothing paid twice."""
    out, limit = tmp_path / "out", straight.tokens // 2
    command = at(endpoint, docs, "--out", out, "--max-tokens", limit)
    ended = command.run()
    assert ended.returncode == 1
    report = json.loads((out / "run.json").read_text(encoding="utf-8"))
    kept = lines_in(out / "rows.jsonl")
    assert report["ended"] == "budget spent" and report["rows"] == kept > 0
    spent = journal(capsys, out)["spent"]
    tokens = spent["prompt_tokens"] + spent["completion_tokens"]
    assert limit <= tokens < straight.tokens
    assert error_of(ended) == (
        f"the budget is spent: {tokens:,} tokens of --max-tokens {limit:,}, in "
        f"{spent['requests']} requests; {kept} of {ROWS} rows are kept, and the same command with "
        "a larger budget goes on from there"
    )
    assert spent["requests"] == stored(out) == asked(endpoint).total()

    before = endpoint.requests
    assert command.run().returncode == 1
    assert endpoint.requests == before

    dollars = ("--max-cost", "9.5", "--price-in", "1", "--price-out", "2")
    done = at(endpoint, docs, "--out", out, *dollars).run()
    assert done.returncode == 0, done.stderr
    assert " for all that was asked" in done.stdout and "$0." in done.stdout
    assert set(asked(endpoint).values()) == {1}
    require_equal(out, straight)


def journal(capsys: pytest.CaptureFixture[str], out: Path) -> dict[str, Any]:
    assert main(["journal", str(out), "--json"]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--max-tokens", "0"), "--max-tokens: '0' is not a whole number from 1 up"),
        (("--max-tokens", "many"), "--max-tokens: 'many' is not"),
        (("--max-cost", "0"), "--max-cost: '0' is not a number of dollars above 0"),
        (("--max-cost", "inf"), "--max-cost: 'inf' is not"),
        (("--max-cost", "2"), "--max-cost 2 needs --price-in and --price-out"),
        (("--max-cost", "2", "--price-in", "1"), "--price-in and --price-out go together"),
        (("--price-out", "1"), "--price-in and --price-out go together"),
        (("--price-in", "cheap"), "'cheap' is not a number of dollars from 0 up"),
    ],
)
def test_a_budget_that_means_nothing(
    docs: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    told: str,
) -> None:
    """Exit 2 in one line that says what was given and what is needed; no folder is made."""
    arguments = ("synthesize", docs, "--out", tmp_path / "out", "--llm", "scripted:scripts:good")
    try:
        status = main([*map(str, arguments), *options])
    except SystemExit as end:
        assert isinstance(end.code, int)
        status = end.code
    said = capsys.readouterr().err
    assert status == 2 and told in said and len(said.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_an_endpoint_that_refuses_from_now_on(
    straight: Straight, docs: Path, tmp_path: Path
) -> None:
    """What can be finished is finished and kept: exit 1 with the count, then on from there."""
    dead_from = [straight.requests * 2 // 3]
    faults = lambda number: "400" if number >= dead_from[0] else "ok"  # noqa: E731
    with FakeEndpoint(scripts.endpoint, faults) as running:
        command = at(running, docs, "--out", tmp_path / "out")
        dead = command.run()
        told, kept = error_of(dead), lines_in(tmp_path / "out/rows.jsonl")
        assert dead.returncode == 1 and kept > 0
        assert told.startswith(f"{kept} of {ROWS} rows are kept; ")
        assert "ended because the endpoint failed, the last: http://127.0.0.1" in told
        assert "answered 400" in told and "the same command tries them again" in told
        dead_from[0] = 10**9
        back = command.run()
    assert back.returncode == 0, back.stderr
    require_equal(tmp_path / "out", straight)


def test_an_endpoint_that_is_gone(straight: Straight, docs: Path, tmp_path: Path) -> None:
    """Nobody listens any more: the run ends at once, with the count of what it keeps."""
    out = tmp_path / "out"
    with ThreadPoolExecutor(1) as pool:
        with FakeEndpoint(scripts.endpoint) as running:
            ending = pool.submit(at(running, docs, "--out", out).run)
            wait_for(lambda: running.requests >= straight.requests * 2 // 3, 120)
        ended = ending.result()
    assert ended.returncode == 1
    told = error_of(ended)
    assert "the endpoint cannot be used any more: http://127.0.0.1" in told
    assert f"; {lines_in(out / 'rows.jsonl')} rows are kept, and the same command goes on" in told
