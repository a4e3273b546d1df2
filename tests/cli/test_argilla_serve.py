"""`argilla serve` with what cannot be used: one clear line and exit 2, nothing changed."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from argillas import free_port, serve
from commands import ROOT, error_of
from fc_distilabel.cli import main

GOOD = '{"username": "owner", "password": "long enough", "api_key": "a-good-key"}'


def refused(done: "subprocess.CompletedProcess[str]") -> str:
    """The message of a command that must end with exit 2."""
    assert done.returncode == 2, (done.returncode, done.stderr)
    assert len(done.stderr.splitlines()) == 1
    assert not done.stdout
    return error_of(done)


@pytest.fixture
def told_by(capsys):
    """The message that a home and options are refused with, before Argilla's code is loaded."""

    def told(home: Path, *options: str) -> str:
        arguments = ["argilla", "serve", "--home", str(home), "--port", str(free_port()), *options]
        try:
            status = main(arguments)
        except SystemExit as exit:
            status = exit.code
        out, err = capsys.readouterr()
        return refused(subprocess.CompletedProcess(arguments, status, out, err))

    return told


@pytest.mark.parametrize("port", ["65536", "-1", "http", "69 00"])
def test_port_that_is_none(port, tmp_path, told_by):
    """A port is a number from 1 to 65535."""
    assert told_by(tmp_path, f"--port={port}") == (
        f"argument --port: {port!r} is not a port from 1 to 65535, or 0 for any "
        "(fc-distilabel argilla serve --help)"
    )


def test_home_is_a_file(tmp_path, told_by):
    """A file cannot be a home, and is left as it is."""
    home = tmp_path / "file"
    home.write_text("mine")
    assert told_by(home) == f"--home {str(home)!r} cannot be used: File exists"
    assert home.read_text() == "mine"


def test_home_cannot_be_made(tmp_path, told_by):
    """A folder that the system does not let us make."""
    (tmp_path / "file").touch()
    home = tmp_path / "file" / "home"
    assert told_by(home) == f"--home {str(home)!r} cannot be used: Not a directory"


def test_home_with_a_question_mark(tmp_path, told_by):
    """A database URL cannot hold one."""
    assert "cannot hold a '?'" in told_by(tmp_path / "home?")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("mysql://host/name", "--postgres takes a postgresql:// URL, and not 'mysql'"),
        ("rows", "--postgres is not a URL: postgresql://user:password@host/name"),
        ("postgresql://user:pw@host:many/name", "--postgres is not a URL"),
        ("postgresql://host", "--postgres names no database"),
    ],
)
def test_postgres_that_is_none(url, told, tmp_path, told_by):
    """What is no URL of a Postgres database."""
    assert told_by(tmp_path, "--postgres", url).startswith(told)


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "http://127.0.0.1/", "unix:///nowhere"])
def test_redis_that_is_not_there(url, tmp_path, told_by):
    """A Redis that does not answer, or is none."""
    told = told_by(tmp_path, "--redis", url)
    assert told.startswith("--redis cannot be used: ")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Invalid JSON"),
        ("{}", "username: Field required"),
        (GOOD.replace("long enough", "short"), "password: String should have at least 8"),
        (GOOD.replace("{", '{"more": 1, '), "more: Extra inputs are not permitted"),
    ],
)
def test_damaged_credentials(text, reason, tmp_path, told_by):
    """The file is named, and what is wrong, but never what it holds; and what to do about it."""
    file = tmp_path / "credentials.json"
    file.write_text(text)
    told = told_by(tmp_path)
    assert told.startswith(f"{str(file)!r} is damaged ({reason}")
    assert told.endswith("put it right, or --new-credentials makes new ones for the owner")
    assert "a-good-key" not in told and file.read_text() == text


def test_without_the_extra():
    """Where Argilla's server is not installed, the line says what to install."""
    done = subprocess.run(
        [sys.executable, "-S", "-m", "fc_distilabel", "argilla", "serve"],
        cwd=ROOT / "src",
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert refused(done) == (
        'a server needs argilla_server, asyncpg, fakeredis: pip install "fc-distilabel[server]"'
    )


def test_file_that_is_no_database(tmp_path, told_by):
    """Something else under the name of the database is left as it is."""
    file = tmp_path / "argilla.db"
    file.write_bytes(b"not a database" * 100)
    assert told_by(tmp_path) == f"the database {str(file)!r} cannot be used: file is not a database"
    assert file.read_bytes() == b"not a database" * 100


def test_postgres_that_is_not_there(tmp_path, told_by):
    """The database is named without its password."""
    told = told_by(tmp_path, "--postgres", "postgresql://someone:secret@127.0.0.1:1/rows")
    assert told.startswith("the database 'rows' at 127.0.0.1:1 cannot be used: ")
    assert "secret" not in told


def with_tables(home: Path, *statements: str) -> Path:
    """The database of a home, with tables that somebody made."""
    home.mkdir()
    with closing(sqlite3.connect(home / "argilla.db")) as database, database:
        for statement in statements:
            database.execute(statement)
    return home / "argilla.db"


def test_tables_of_something_else(tmp_path):
    """A database of another version, or of another program, is told apart and left as it is."""
    newer = with_tables(
        tmp_path / "newer",
        "CREATE TABLE alembic_version (version_num VARCHAR(32))",
        "INSERT INTO alembic_version VALUES ('0123456789ab')",
    )
    other = with_tables(
        tmp_path / "other", "CREATE TABLE users (name)", "INSERT INTO users VALUES ('mine')"
    )
    told = {
        newer: (
            f"the database {str(newer)!r} was made by another Argilla: 2.8.0 does not know its "
            "revision '0123456789ab'; run it with the one that made it, or take another database"
        ),
        other: f"the database {str(other)!r} cannot be used: table users already exists",
    }
    before = {file: file.read_bytes() for file in told}
    # Argilla's code is loaded for these, which takes seconds: so both at once.
    started = {file: serve(file.parent).start() for file in told}
    for file, process in started.items():
        out, err = process.communicate(timeout=120)
        done = subprocess.CompletedProcess([], process.returncode, out, err)
        assert refused(done) == told[file]
        assert file.read_bytes() == before[file]
        assert not list(file.parent.glob("*.new"))
