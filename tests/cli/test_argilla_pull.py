"""`fc-distilabel argilla pull` and `watch` as people run them."""

import signal

import pytest

import reviews
from argillas import start
from commands import Command, error_of, lines_in, stop, wait_for
from fc_distilabel.feedback.pull import FILES


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    """A dataset of three rows."""
    folder = reviews.run_folder(tmp_path_factory.mktemp("run"), reviews.rows(3))
    done = reviews.run("push", folder, "--dataset", "pulled", "--language", "zh")
    assert done.returncode == 0, done.stderr
    return "pulled"


def records(dataset):
    return list(reviews.owner().records(dataset).values())


def test_what_people_answered_is_there_and_told(dataset, tmp_path):
    """Files, counts, agreement; a second pull into another folder gives the same bytes."""
    reviews.owner().answer(records(dataset)[0], verdict="approve", naturalness=4)
    outs = [tmp_path / "deep" / "a", tmp_path / "b"]
    for out in outs:
        done = reviews.run("pull", "--dataset", dataset, "--out", out)
        assert done.returncode == 0, done.stderr
        assert {path.name for path in out.iterdir()} == set(FILES)
    for told in ("3 records: 1 approved, 2 waiting", "1 SFT rows, 0 DPO pairs, 1 KTO rows"):
        assert told in done.stderr
    assert "people on verdict" in done.stderr and "Krippendorff's alpha, nominal" in done.stderr
    assert all((outs[0] / name).read_bytes() == (outs[1] / name).read_bytes() for name in FILES)


def test_bad_input(dataset, tmp_path):
    """No such dataset, a folder that cannot be, answers of others: one line, exit status 2."""
    none = reviews.run("pull", "--dataset", "none", "--out", tmp_path)
    assert none.returncode == 2 and "'none'" in error_of(none) and "'pulled'" in error_of(none)
    (tmp_path / "file").write_text("")
    blocked = reviews.run("pull", "--dataset", dataset, "--out", tmp_path / "file" / "x")
    assert blocked.returncode == 2 and "file" in error_of(blocked)
    (tmp_path / "feedback.jsonl").write_text("{}\n")
    edited = reviews.run("pull", "--dataset", dataset, "--out", tmp_path)
    assert edited.returncode == 2 and "feedback.jsonl" in error_of(edited)
    assert (tmp_path / "feedback.jsonl").read_text() == "{}\n"
    key = reviews.owner().hire().key
    other = reviews.run("pull", "--dataset", dataset, "--out", tmp_path / "o", key=key)
    assert other.returncode == 2 and "role 'annotator'" in error_of(other)


def test_watch_follows_what_people_submit(dataset, tmp_path):
    """A line a change, the files up to date; a server that goes away is waited for."""
    home, out = tmp_path / "home", tmp_path / "out"
    own = start(home)
    try:
        folder = reviews.run_folder(tmp_path / "run", reviews.rows(2))
        Command(("argilla", "push", str(folder), "--url", own.url, "--home", str(home))).run()
        words = ("watch", "--dataset", "run", "--out", out, "--every", 0.2, "--url", own.url)
        process = Command(("argilla", *map(str, words), "--home", str(home))).start()
        assert "following 'run'" in process.stdout.readline()
        wait_for(lambda: lines_in(out / "feedback.jsonl") == 2)
        people = reviews.Person(own.url, own.api_key)
        first, second = people.records("run").values()
        people.answer(first, verdict="approve")
        assert "1 vote (approve): approved" in process.stdout.readline()
        wait_for(lambda: lines_in(out / "sft.jsonl") == 1)
        own.kill()
        assert "trying again" in process.stdout.readline()
        own = start(home, port=own.port)
        people.answer(second, verdict="reject")
        lines = iter(process.stdout.readline, "")
        assert any("1 vote (reject): rejected" in line for line in lines)
        wait_for(lambda: lines_in(out / "kto.jsonl") == 2)
        assert stop(process, signal.SIGINT) == 130
    finally:
        own.stop()
