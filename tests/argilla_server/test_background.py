"""A server that goes on by itself: the real command, twice, and the end of it."""

import json

import pytest

from argillas import free_port
from commands import Command, error_of, wait_for
from fc_distilabel.argilla_server.background import RUNNING, Running, running


def argilla(*words: object) -> Command:
    return Command(("argilla", *map(str, words)))


@pytest.fixture
def home(tmp_path):
    """A home, whose server is stopped at the end whatever happens."""
    yield tmp_path / "home"
    argilla("stop", "--home", tmp_path / "home").run()


def test_it_goes_on_until_it_is_stopped(home):
    """The command returns when it is ready and tells the log-in once; a second takes the first."""
    started = argilla("serve", "--background", "--home", home, "--port", 0)
    process = started.start()
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    password = json.loads((home / "credentials.json").read_text())["password"]
    found = running(home)
    assert found is not None and found.url in out and password in out
    again = argilla("serve", "--background", "--home", home, "--port", free_port()).run()
    assert again.returncode == 0 and found.url in again.stdout and password not in again.stdout
    refused = argilla("serve", "--background", "--home", home, "--new-credentials").run()
    assert refused.returncode == 2 and "stop" in error_of(refused)
    ended = argilla("stop", "--home", home).run()
    assert ended.stdout == f"stopped {found.url}\n"
    wait_for(lambda: running(home) is None)
    assert not started.left_running()


def test_what_it_refuses_is_told(home):
    """A server that cannot start says why in the same line as in the foreground."""
    home.write_text("a file")
    done = argilla("serve", "--background", "--home", home).run()
    assert done.returncode == 2
    assert "cannot be used" in error_of(done)
    home.unlink()


def test_a_number_is_no_process(tmp_path):
    """A note of a server that is gone, or of nothing, is no running server."""
    gone = Running(pid=1, started=0.5, url="http://127.0.0.1:1")
    (tmp_path / RUNNING).write_text(gone.to_json())
    assert running(tmp_path) is None
    (tmp_path / RUNNING).write_text("{")
    assert running(tmp_path) is None
    assert running(tmp_path / "nowhere") is None
    done = argilla("stop", "--home", tmp_path).run()
    assert done.returncode == 0 and "no server runs" in done.stdout
