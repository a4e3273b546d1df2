"""`fc-distilabel argilla push` as people run it: killed and repeated, chosen rows, bad input."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

import reviews
from argillas import free_port
from commands import error_of, wait_for
from fc_distilabel.feedback.push import BATCH, FIRST
from fc_distilabel.feedback.server import open_server

COUNT = FIRST + BATCH + 1


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory):
    """A run of a few batches."""
    return reviews.run_folder(tmp_path_factory.mktemp("runs") / "run 1", reviews.rows(COUNT))


def pushed(name):
    """How many records a dataset has, 0 where it is not there."""
    found = [d for d in reviews.owner().ask("GET", "me/datasets")["items"] if d["name"] == name]
    path = f"datasets/{found[0]['id']}/records?limit=1" if found else ""
    return reviews.owner().ask("GET", path)["total"] if path else 0


def in_dataset(name):
    return set(reviews.owner().records(name))


def test_a_push_that_is_killed_goes_on(run_folder):
    """SIGKILL in the middle; the same command again: nothing is missing, nothing twice."""
    words = ("push", run_folder, "--dataset", "killed")
    process = reviews.argilla(*words).start()
    wait_for(lambda: pushed("killed"))
    process.kill()
    process.communicate()
    before = len(in_dataset("killed"))
    done = reviews.argilla(*words).run()
    assert done.returncode == 0, done.stderr
    assert before > 0 and f"{before} were there" in done.stderr
    ids = {json.loads(line)["id"] for line in (run_folder / "rows.jsonl").open(encoding="utf-8")}
    assert in_dataset("killed") == ids and len(ids) == COUNT


def test_the_rows_the_judge_likes_least(run_folder):
    """The dataset has the folder's name; a second time other rows come beside the first."""
    words = ("push", run_folder, "--sample", "lowest-score", "--count")
    done = reviews.run(*words, 5)
    assert done.returncode == 0 and "5 rows added" in done.stderr and "'run-1'" in done.stderr
    records = reviews.owner().records("run-1").values()
    assert [record["metadata"]["judge_score"] for record in records] == [1] * 5
    done = reviews.run(*words, 7)
    assert "2 rows added, 5 were there, 0 left out" in done.stderr


def test_what_is_left_out_is_named(tmp_path):
    """Exit status 1 where a row could not be pushed; the others are there."""
    rows = reviews.rows(2)
    rows[0]["messages"] = rows[0]["messages"][:1]
    done = reviews.run("push", reviews.run_folder(tmp_path / "left", rows))
    assert done.returncode == 1
    assert f"left out: {rows[0]['id']}: the assistant says nothing in it" in done.stderr
    assert in_dataset("left") == {rows[1]["id"]}


class Other(BaseHTTPRequestHandler):
    """Answers every request with one body."""

    body = b"{}"

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def other():
    """A server that answers as it is told."""
    servers = []

    def started(body):
        server = HTTPServer(("127.0.0.1", 0), type("It", (Other,), {"body": body}))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield started
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"version": "1.29.0"}', "Argilla 1.29.0"),
        (b'{"version": "3.0.0"}', "needs version 2"),
        (b"<html>", "is no Argilla"),
        (b"[]", "is no Argilla"),
    ],
)
def test_another_version_is_refused(other, run_folder, body, said):
    """What cannot be spoken to is named, with what is supported; nothing is sent."""
    done = reviews.run("push", run_folder, "--url", other(body))
    assert done.returncode == 2 and said in error_of(done)


def test_a_later_version_is_warned_of(other):
    """The same major version is tried, with a word about it."""
    with open_server(
        other(b'{"version": "2.9.1", "username": "u", "role": "owner"}'), "k"
    ) as server:
        assert "2.9.1" in server.warning and "2.8" in server.warning


def test_a_server_that_cannot_be_used(run_folder, tmp_path):
    """Nobody there, a wrong key, no key, no address, no home: one line, exit status 2."""
    folder = str(run_folder)
    nobody = reviews.run("push", folder, url=f"http://127.0.0.1:{free_port()}")
    assert nobody.returncode == 2 and "argilla serve" in error_of(nobody)
    keyless = reviews.run("push", folder, key="")
    assert keyless.returncode == 2 and "--api-key" in error_of(keyless)
    wrong = reviews.run("push", folder, key="wrong")
    assert wrong.returncode == 2 and "does not know the API key" in error_of(wrong)
    place = reviews.run("push", folder, "--url", "ftp://x")
    assert place.returncode == 2 and "'ftp://x'" in error_of(place)
    home = reviews.run("push", folder, "--home", tmp_path)
    assert home.returncode == 2 and "credentials.json" in error_of(home)


def test_no_rights(run_folder):
    """An annotator may not push; nothing is made."""
    key = reviews.owner().hire().key
    done = reviews.run("push", run_folder, "--dataset", "theirs", key=key)
    assert done.returncode == 2 and "role 'annotator'" in error_of(done)
    names = [each["name"] for each in reviews.owner().ask("GET", "me/datasets")["items"]]
    assert "theirs" not in names


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--sample", "all", "--count", "3"), "needs a way to choose"),
        (("--share", "1.5"), "'1.5'"),
        (("--share", "0.5", "--count", "3"), "not allowed with"),
        (("--dataset", "x" * 201), "200"),
    ],
)
def test_bad_options(run_folder, words, said):
    """One line that shows the value, exit status 2."""
    done = reviews.run("push", run_folder, *words)
    assert done.returncode == 2 and said in error_of(done)


def test_an_empty_run(tmp_path):
    """A run without rows, and a folder without a run, before any server is asked."""
    for folder, said in (
        (reviews.run_folder(tmp_path, []), "no rows"),
        (tmp_path / "x", "no rows.j"),
    ):
        done = reviews.run("push", folder, url="http://127.0.0.1:1", key="k")
        assert done.returncode == 2 and said in error_of(done)
