"""The order of passages: fair to documents and languages, and the same everywhere."""

import shutil
from pathlib import Path

import pytest

import made
from fc_distilabel.errors import InputError
from fc_distilabel.runs.plan import Plan, make_plan


def plan(folder: Path, seed: int = 0, kinds: str = "") -> Plan:
    return make_plan([str(folder)], "auto", kinds, 3, seed)


def test_the_place_of_the_documents_decides_nothing(tmp_path: Path) -> None:
    """The same documents elsewhere give the same plan."""
    made.english(tmp_path / "a", 5)
    made.chinese(tmp_path / "a", 3)
    shutil.copytree(tmp_path / "a", tmp_path / "b" / "deeper")
    first, second = plan(tmp_path / "a"), plan(tmp_path / "b")
    assert first.queues == second.queues
    assert first.sizes == {"en": 5, "zh": 3}


def test_a_seed_gives_another_order(tmp_path: Path) -> None:
    """Another seed works on the same passages in another order."""
    made.english(tmp_path, 8)
    first, second = plan(tmp_path, 0).queues["en"], plan(tmp_path, 1).queues["en"]
    assert [p.passage for p in first] != [p.passage for p in second]
    assert {p.passage.id for p in first} == {p.passage.id for p in second}
    assert [p.position for p in first] == list(range(8))


def test_documents_take_turns(tmp_path: Path) -> None:
    """A long document does not crowd out a short one; rows name documents by file name."""
    made.english(tmp_path / "a", 6)
    text = (tmp_path / "a" / "lockers.md").read_text().replace("Marlowe", "Oakham")
    (tmp_path / "oakham.md").write_text(text)
    names = [p.passage.document for p in plan(tmp_path).queues["en"]]
    assert names == ["lockers.md", "oakham.md"] * 6


def test_first_rows_show_different_kinds(tmp_path: Path) -> None:
    """Even six rows in two languages hold six kinds."""
    made.english(tmp_path, 4)
    made.chinese(tmp_path, 4)
    queues = plan(tmp_path).queues
    assert len({kind for queue in queues.values() for kind in queue[0].kinds}) == 6


def test_bad_kinds_are_refused_before_reading(tmp_path: Path) -> None:
    """A mistyped kind does not wait for the documents."""
    with pytest.raises(InputError, match="sideways"):
        plan(tmp_path / "nowhere", kinds="sideways")
