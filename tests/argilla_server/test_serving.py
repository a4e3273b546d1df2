"""What a running server gives: the pages, the API, the owner's log-in, jobs; and what it keeps."""

import ast
import asyncio
import os
import re
import signal
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from annotators import annotate, client, deliveries, kept_answers, make_annotators, make_dataset
from argillas import Server, log_in, named_by, serve, start
from commands import ROOT, error_of, wait_for

OUTGOING = Path(__file__).parent / "outgoing"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on the home of an older one; another was killed as it brought that up to date."""
    home = tmp_path_factory.mktemp("a home 家 100%") / "old"
    home.mkdir()
    with closing(sqlite3.connect(home / "argilla.db")) as database:
        database.executescript((ROOT / "tests/cases/argilla_2.4.sql").read_text())
    (home / "argilla.db.new").write_bytes(b"half a database")
    running = start(
        home,
        PYTHONPATH=os.pathsep.join(map(str, (OUTGOING, ROOT / "src", ROOT / "tests"))),
        FC_TEST_OUTGOING=str(home / "outgoing.txt"),
    )
    yield running
    running.stop()


def test_older_database_is_brought_up_to_date(server):
    """What an older Argilla kept is still there."""
    with client(server) as http:
        names = {each["name"] for each in http.get("/me/workspaces").json()["items"]}
    assert names == {"old", "argilla"}
    assert not (server.home / "argilla.db.new").exists()


def test_ready_line_says_where_and_who(server):
    """The last line before work begins has the address, the user and where the credentials are."""
    assert server.url in server.told[-1] and f"user {server.username}" in server.told[-1]
    assert str(server.home / "credentials.json") in server.told[-1]


def test_new_credentials_are_told_once_and_kept_private(server):
    """Whoever starts a server first reads the password and key; nobody else can read the file."""
    assert server.password in server.told[0] and server.api_key in server.told[0]
    assert len(server.told) == 2
    for name in ("credentials.json", "auth.key", "argilla.db"):
        assert stat.S_IMODE((server.home / name).stat().st_mode) == 0o600
    assert server.api_key not in (server.home / "server.log").read_text()


def test_owner_logs_in_by_password(server):
    """The name and the password open the browser's door."""
    assert named_by(server, log_in(server)) == server.username


def test_wrong_password_is_refused(server):
    """And no other does."""
    form = {"username": server.username, "password": "12345678"}
    answer = httpx.post(f"{server.url}/api/v1/token", data=form)
    assert answer.status_code == httpx.codes.UNAUTHORIZED


def test_web_pages_come_with_what_they_load(server):
    """The first page, and every script and style that it names."""
    page = httpx.get(f"{server.url}/sign-in", follow_redirects=True)
    assert page.headers["content-type"].startswith("text/html")
    named = re.findall(r'(?:src|href)="(/[^"]+\.(?:js|css))"', page.text)
    assert named
    for path in named:
        asset = httpx.get(f"{server.url}{path}")
        assert asset.status_code == httpx.codes.OK
        assert "html" not in asset.headers["content-type"]


def test_key_works_with_argillas_own_client(server):
    """The client makes a workspace and a data set, logs a record and reads it back."""
    import argilla

    people = argilla.Argilla(api_url=server.url, api_key=server.api_key)
    argilla.Workspace(name="of-the-client", client=people).create()
    settings = argilla.Settings(
        fields=[argilla.TextField("text")],
        questions=[argilla.LabelQuestion("good", labels=["yes", "no"])],
    )
    dataset = argilla.Dataset("client", "of-the-client", settings=settings, client=people)
    dataset.create()
    dataset.records.log([{"id": "one", "text": "嗨"}])
    assert [(record.id, record.fields["text"]) for record in dataset.records] == [("one", "嗨")]


def test_many_annotators_at_once_lose_nothing(server):
    """Eight people answering the same records at the same time: no error, every answer there."""
    dataset, records = make_dataset(server, "crowd", 5)
    answers, troubles = asyncio.run(annotate(server, make_annotators(server, 8), records))
    assert not troubles
    assert len(answers) == 40
    assert kept_answers(server, dataset) == set(answers)


def test_webhooks_are_delivered(server):
    """The worker tells whoever asked about an answer."""
    _, records = make_dataset(server, "hooked", 1)
    with deliveries(server, "response.created") as got:
        [annotator] = make_annotators(server, 1, "hooked")
        asyncio.run(annotate(server, [annotator], records))
        wait_for(lambda: got, 20)
    assert '"type": "response.created"' in got[0] and f"hooked-0 on {records[0]}" in got[0]


def test_second_server_on_a_home_is_refused(server):
    """Two servers on one database file would be one too many."""
    done = serve(server.home).run()
    assert done.returncode == 2
    assert error_of(done) == (
        f"another server runs on {str(server.home)!r}: stop it, or give another --home"
    )


def test_taken_port_is_named(server, tmp_path):
    """A server on a port that is in use does not start, and says which."""
    done = serve(tmp_path, port=server.port).run()
    assert done.returncode == 2
    assert (
        error_of(done) == f"port {server.port} of 127.0.0.1 cannot be used: Address already in use"
    )


def test_ctrl_c_stops_it(server):
    """A stop is clean: the usual status, one word, and nothing left running or lying about."""
    assert server.stop(signal.SIGINT) == 130
    assert (server.rest, server.stderr) == ("", "stopped\n")
    assert not server.command.left_running()
    assert not (server.home / "tmp").exists()
    assert (server.home / "server.log").read_text() == ""


def test_nothing_outside_is_looked_up_or_dialled(server):
    """No telemetry: in all that the tests above did, the server spoke to this machine alone."""
    noted = (server.home / "outgoing.txt").read_text().splitlines()
    assert noted  # the webhook, at least
    outside = [line for line in noted if not _is_here(ast.literal_eval(line))]
    assert not outside


def _is_here(address: object) -> bool:
    host = address[0] if isinstance(address, tuple) else address
    return host in ("127.0.0.1", "::1", "localhost", None) or str(host).startswith("/")
