"""What the search keeps in Argilla's file is made where it is missing, and anew where it is old."""

import asyncio
import sqlite3
import uuid
from contextlib import closing

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

import argillas
from commands import wait_for
from fc_distilabel.argilla_server.search.schema import prepare

STALE = "SELECT count(*) FROM fc_search_records WHERE indexed < version"
ADD = """
    INSERT INTO records (id, fields, external_id, dataset_id, inserted_at, updated_at, status)
    SELECT ?, '{"text": "pear"}', ?, dataset_id, inserted_at, updated_at, status
    FROM records LIMIT 1"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Where the server's file lies."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def file(home):
    """Argilla's file."""
    return home / "argilla.db"


@pytest.fixture(scope="module")
def left(home, file, starting):
    """A server that was killed, and its only dataset; its file is behind, for it had no turn."""
    running = starting(home)
    id = running.dataset(
        ("fields", {"name": "text", "settings": {"type": "text"}}),
        ("questions", {"name": "good", "required": True, "settings": {"type": "text"}}),
        ("vectors-settings", {"name": "v", "dimensions": 2}),
    )
    items = [
        {"external_id": f"r{n}", "fields": {"text": f"apple {n}"}, "vectors": {"v": [1, n]}}
        for n in range(3)
    ]
    running.call("POST", f"datasets/{id}/records/bulk", json={"items": items})
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("""UPDATE records SET fields = '{"text": "plum"}' WHERE external_id = 'r0'""")
        other.execute("BEGIN IMMEDIATE")
        running.behind = running.search(id, text("plum"))[0], running.search(id, text("apple"))[0]
        running.server.kill()
        other.execute("ROLLBACK")
    return running, id


def test_locked(left):
    """While another program writes to the file for long, searches are answered without the new."""
    assert left[0].behind == ([], ["r0", "r1", "r2"])


def test_killed_between(left, file):
    """A server that dies after a record is in, before its words are, leaves a mark."""
    with closing(sqlite3.connect(file)) as database:
        assert database.execute(STALE).fetchone() == (1,)


@pytest.mark.parametrize("lost", ["everything", "a trigger", "nothing"])
def test_made_anew(left, file, lost):
    """A file from before our engine, or written to without our triggers, is read as a whole."""
    with closing(sqlite3.connect(file)) as database:
        for statement in _drops(database, lost):
            database.execute(statement)
        database.execute(ADD, (uuid.uuid4().hex, lost))
        database.commit()
    asyncio.run(_prepare(file))
    with closing(sqlite3.connect(file)) as database:
        records = database.execute("SELECT count(*) FROM records").fetchone()[0]
        assert database.execute(STALE).fetchone() == (records,)


def test_started_again(left, home):
    """Whatever was lost and written meanwhile, the next server finds it all."""
    running, id = left
    running.server = argillas.start(home)
    try:
        assert running.search(id, text("plum"))[0] == ["r0"]
        assert running.search(id, text("apple"))[0] == ["r1", "r2"]
        # A search while another program writes leaves new words for a later one.
        lost = ["a trigger", "everything", "nothing"]
        wait_for(lambda: sorted(running.search(id, text("pear"))[0]) == lost)
        vector = {"query": {"vector": {"name": "v", "value": [1, 2]}}}
        assert running.search(id, vector)[0] == ["r2", "r1", "r0"]
    finally:
        running.server.stop()


def text(query):
    """A search for words."""
    return {"query": {"text": {"q": query}}}


def _drops(database, lost):
    if lost == "a trigger":
        return ["DROP TRIGGER fc_search_record_made"]
    if lost == "nothing":
        return []
    ours = "SELECT type, name FROM sqlite_master WHERE name LIKE 'fc_search%' AND type = ?"
    kinds = [*database.execute(ours, ("trigger",)), *database.execute(ours, ("table",))]
    return [f"DROP {kind} {name}" for kind, name in kinds if "words_" not in name]


async def _prepare(file):
    engine = create_async_engine(f"sqlite+aiosqlite:///{file}")
    async with engine.connect() as connection:
        await prepare(connection)
    await engine.dispose()
