"""Journals that cannot be used: found out before a run, set aside whole, never deleted."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from fc_distilabel.errors import RunError
from fc_distilabel.runs.aside import defect, move_aside
from fc_distilabel.runs.completions import account
from fc_distilabel.runs.database import VERSION
from fc_distilabel.runs.store import RunStore, open_store
from fc_distilabel.synthesis.chat import Completion
from outcomes import kept


def fill(store: RunStore) -> None:
    """Some hundred pages of a real run."""
    for number in range(200):
        answer = Completion(text=f"{number} " * 500)
        asyncio.run(store.completions.keep(str(number), account("s", "m"), answer))
    store.keep_outcome(kept(0))
    store.note("a", {"b": 1})


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """The journal of a run that was closed in order."""
    with open_store(tmp_path / "run.db") as store:
        fill(store)
    assert defect(tmp_path / "run.db") == ""
    return tmp_path / "run.db"


def not_a_database(path: Path) -> None:
    path.write_text("not a database, but long enough to be one" * 90)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def cut_in_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def cut_within_a_page(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1000])


def a_page_of_noise(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[20 * 4096 : 21 * 4096] = b"\xa5" * 4096
    path.write_bytes(content)


def a_header_of_noise(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[:100] = b"\xa5" * 100
    path.write_bytes(content)


def an_answer_that_cannot_be_read(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("UPDATE completions SET reply = 'no JSON' WHERE key = '7'")


def bytes_that_are_no_text(path: Path) -> None:
    content = path.read_bytes()
    place = content.index(b"77 77 77")
    path.write_bytes(content[:place] + b"\xff\xfe\xff" + content[place + 3 :])


def an_outcome_that_cannot_be_read(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("UPDATE outcomes SET outcome = '{}'")


def another_version(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA user_version={VERSION - 1}")


def another_program(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE mine (x)")


def another_program_with_a_version(path: Path) -> None:
    another_program(path)
    another_version(path)
    with sqlite3.connect(path) as database:
        database.execute(f"PRAGMA user_version={VERSION}")


BROKEN = [
    (not_a_database, "damaged (file is not a database)"),
    (emptied, "empty"),
    (cut_in_half, "damaged ("),
    (cut_within_a_page, "damaged ("),
    (a_page_of_noise, "damaged ("),
    (a_header_of_noise, "damaged (file is not a database)"),
    (an_answer_that_cannot_be_read, "damaged (an entry cannot be read)"),
    (bytes_that_are_no_text, "damaged (an entry cannot be read)"),
    (an_outcome_that_cannot_be_read, "damaged (an entry cannot be read)"),
    (another_version, f"of version {VERSION - 1}, and this program's are of version {VERSION}"),
    (another_program, "the database of another program"),
    (another_program_with_a_version, "the database of another program"),
]


@pytest.mark.parametrize(("spoil", "told"), BROKEN, ids=lambda each: getattr(each, "__name__", ""))
def test_what_is_wrong_is_found_and_set_aside(
    journal: Path, spoil: Callable[[Path], None], told: str
) -> None:
    """What it is is said in one line; its bytes are found under the new name; a new one works."""
    spoil(journal)
    content = journal.read_bytes()
    broken = defect(journal)
    assert broken.startswith(told) and "\n" not in broken
    said = move_aside(journal, broken)
    assert said == f"run.db is {broken}: set aside as run.db.set-aside-1, and the run begins anew"
    assert journal.with_name("run.db.set-aside-1").read_bytes() == content
    with open_store(journal) as store:
        assert store.outcomes() == []
        fill(store)
    assert defect(journal) == ""


def test_a_log_goes_with_its_database(tmp_path: Path) -> None:
    """After kill -9 part of a journal is in SQLite's log: both can be read under the new name."""
    path = tmp_path / "run.db"
    killed = RunStore(path)
    fill(killed)
    content = {log: path.with_name(path.name + log).read_bytes() for log in ("", "-wal")}
    killed.close()
    for log, was in content.items():
        path.with_name(path.name + log).write_bytes(was)
    assert len(content["-wal"]) > 100_000
    move_aside(path, "of another version")
    assert not list(tmp_path.glob("run.db")) and not list(tmp_path.glob("run.db-*"))
    with open_store(tmp_path / "run.db.set-aside-1") as store:
        assert len(store.outcomes()) == 1 and store.completions.spent().requests == 200


def test_a_killed_run_has_a_sound_journal(tmp_path: Path) -> None:
    """What is left in the log is no damage."""
    path = tmp_path / "run.db"
    killed = RunStore(path)
    fill(killed)
    assert defect(path) == ""
    killed.close()


def test_names_are_counted_up_and_files_beside_go_along(tmp_path: Path) -> None:
    """Nothing that was set aside before is written over; one number for all files of one run."""
    path = tmp_path / "run.db"
    for number in (1, 2, 3):
        path.write_text(f"journal {number}")
        (tmp_path / "rows.jsonl").write_text(f"rows {number}")
        move_aside(path, "damaged", ("rows.jsonl", "drops.jsonl"))
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == {
        f"{name}.set-aside-{number}": f"{what} {number}"
        for name, what in (("run.db", "journal"), ("rows.jsonl", "rows"))
        for number in (1, 2, 3)
    }


def test_what_cannot_be_looked_at_is_not_set_aside(tmp_path: Path) -> None:
    """A folder in its place, or no permission, is no damage: that is for somebody to mend."""
    assert defect(tmp_path / "nothing") == ""
    (tmp_path / "run.db").mkdir()
    with pytest.raises(RunError, match=r"run\.db cannot be used"):
        defect(tmp_path / "run.db")
