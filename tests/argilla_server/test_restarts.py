"""A server that is killed while people submit, and started again on its home."""

import asyncio
import signal
import threading

import httpx

from annotators import annotate, client, kept_answers, make_annotators, make_dataset
from argillas import log_in, named_by, serve, start
from commands import wait_for


def test_killed_server_loses_nothing_acknowledged(tmp_path):
    """kill -9 under six annotators: the next server has every answer that was confirmed.

    Password, key and the log-ins of browsers go on working; that the file has another password
    than the database is told.
    """
    server = start(tmp_path / "home")
    dataset, records = make_dataset(server, "killed", 40)
    people, token = make_annotators(server, 6), log_in(server)
    file, password = server.home / "credentials.json", server.password
    answers = []
    annotating = threading.Thread(
        target=lambda: asyncio.run(annotate(server, people, records, answers))
    )
    annotating.start()
    wait_for(lambda: len(answers) >= 40)
    server.kill()
    annotating.join()
    assert 40 <= len(answers) < 240  # in the midst of it

    file.write_text(file.read_text().replace(password, "not this one"))
    again = start(tmp_path / "home")
    try:
        assert set(answers) <= kept_answers(again, dataset)
        assert again.told[:-1] == [f"note: name or password in {str(file)!r} is an old one"]
        assert again.api_key not in again.told[-1]
        assert named_by(again, token) == named_by(again, log_in(again, password)) == "owner"
        _, after = make_dataset(again, "after", 2)
        more, troubles = asyncio.run(annotate(again, people, after))
        assert len(more) == 12 and not troubles
    finally:
        assert again.stop(signal.SIGTERM) == 0


def test_new_credentials_replace_lost_ones(tmp_path):
    """Whoever lost the file gets in again, with a new one; the old key opens nothing any more."""
    first = start(tmp_path / "home")
    key = first.api_key
    first.stop()
    (first.home / "credentials.json").unlink()
    second = start(first.home, "--new-credentials")
    try:
        assert second.told[0].startswith("owner has new credentials: user owner, ")
        assert second.api_key != key and second.api_key in second.told[0]
        assert named_by(second, log_in(second)) == "owner"
        assert client(second).get("/me").is_success
        assert client(second, key).get("/me").status_code == httpx.codes.UNAUTHORIZED
    finally:
        second.stop()


def test_stop_while_it_loads(tmp_path):
    """Nothing is at stake before the tables are touched: the stop is heeded at once."""
    command = serve(tmp_path / "home")
    process = command.start()
    wait_for((tmp_path / "home" / "auth.key").exists)
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=60) == ("", "stopped\n")
    assert process.returncode == 0
    assert not command.left_running()
    assert not (tmp_path / "home" / "argilla.db").exists()
