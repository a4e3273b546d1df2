"""A folder for a trainer: the split, what was refused, repeats, the card, nothing half-made."""

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
import yaml

from conftest import read_lines
from fc_distilabel.errors import InputError, RunError
from fc_distilabel.exporters import EXPORTERS
from fc_distilabel.exporters.export import Wanted, export, source_file
from fc_distilabel.exporters.units import Data
from fc_distilabel.exporters.writing import Tally, is_train
from fc_distilabel.runs.preferences import preference_pairs

Row = dict[str, Any]
TRAINERS = ("trl", "openai", "llamafactory", "swift", "axolotl", "hermes")

DATA: tuple[Data, ...] = ("sft", "dpo", "kto")
CONFIGS = [(t, d) for t in TRAINERS for d in DATA if (t, d) != ("openai", "kto")]


def row(number: int, said: str = "", **more: Any) -> Row:
    """A row that answers one request, with a wrong answer beside."""
    wrong = {"at": 2, "text": "no", "calls": [], "right": False, "error_class": None}
    return {
        "id": f"row{number}",
        "kind": "irrelevant",
        "language": "en",
        "tools": [],
        "messages": [
            {"role": "system", "content": "Be kind."},
            {"role": "user", "content": said or f"request {number}"},
            {"role": "assistant", "content": "yes"},
        ],
        "candidates": [wrong | {"violations": []}],
    } | more


def written(folder: Path, lines: list[Any], name: str = "rows.jsonl") -> Path:
    """A file of these lines (text as it is, other values as JSON); returns its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    (folder / name).write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return folder


def exported(
    source: Path, out: Path, trainer: str = "trl", data: Data = "sft", **more: Any
) -> Tally:
    wanted = Wanted(source, trainer, data, out, preference_pairs, **more)
    return export(wanted, lambda line: None)


def test_the_split_holds_whatever_comes_later(tmp_path: Path) -> None:
    """A row's part follows from its request and the seed, and not from the rows around it."""
    lines = [row(number) for number in range(200)]
    exported(written(tmp_path / "a", lines), tmp_path / "out", split=0.8)
    train, test = (
        read_lines(tmp_path / "out" / "data" / f"{part}.jsonl") for part in ("train", "test")
    )
    assert len(train) + len(test) == 200 and 20 <= len(test) <= 60
    few = [line for line in lines if not is_train(line, 0.8, 0)]
    exported(written(tmp_path / "b", few), tmp_path / "less", split=0.8)
    assert read_lines(tmp_path / "less" / "data" / "test.jsonl") == test
    other = [is_train(line, 0.8, 1) for line in lines]
    assert other != [is_train(line, 0.8, 0) for line in lines]


def test_no_request_is_in_both_parts(tmp_path: Path) -> None:
    """Rows with one request go together, and so do the pairs and judged answers of a row."""
    lines = [row(number, said=f"request {number % 20}") for number in range(100)]
    source = written(tmp_path / "a", lines)
    told = {}
    for data in ("sft", "dpo", "kto"):
        exported(source, tmp_path / data, data=data, split=0.7)
        key = "messages" if data == "sft" else "prompt"
        parts = {
            part: {
                each[key][1]["content"]
                for each in read_lines(tmp_path / data / "data" / f"{part}.jsonl")
            }
            for part in ("train", "test")
        }
        assert not parts["train"] & parts["test"]
        told[data] = parts
    assert told["sft"] == told["dpo"] == told["kto"]


def test_what_is_refused_is_told_with_its_place(tmp_path: Path) -> None:
    """Damaged lines and rows that a format cannot hold are counted, kept, and named by place."""
    newer = row(7, messages=[{"role": "planner", "content": "a"}])
    lines = [row(1), '{"id": "torn', "[1]", newer, "", '{"id": 1, "x": NaN}', row(2)]
    tally = exported(written(tmp_path / "a", lines), tmp_path / "out")
    assert (tally.read, tally.written) == (6, 2)
    assert tally.refused == {
        "a line that is not JSON": 2,
        "a line that is no object": 1,
        "a role that is not known": 1,
    }
    refused = read_lines(tmp_path / "out" / "refused.jsonl")
    assert [each["place"] for each in refused] == [f"rows.jsonl:{n}" for n in (2, 3, 4, 6)]
    assert refused[2]["record"] == newer and "planner" in refused[2]["detail"]
    summary = json.loads((tmp_path / "out" / "export.json").read_text())
    assert summary["refused"] == dict(tally.refused) and summary["records"] == 6
    assert "a role that is not known | 1" in (tmp_path / "out" / "README.md").read_text()


def test_what_a_row_says_twice_is_learned_once(tmp_path: Path) -> None:
    """Of pairs of one row that say the same one is kept; a right answer is judged once."""
    twice = row(1)
    twice["candidates"] *= 3
    twice["candidates"].append({**twice["candidates"][0], "text": "never"})
    source = written(tmp_path / "a", [twice, row(2, candidates=[])])
    pairs = exported(source, tmp_path / "dpo", data="dpo")
    assert (pairs.written, pairs.repeated, pairs.without) == (2, 2, 1)
    judged = exported(source, tmp_path / "kto", data="kto")
    assert (judged.written, judged.labels) == (3, {"true": 1, "false": 2})


def test_people_come_before_the_run(tmp_path: Path) -> None:
    """In a folder with reviews these are exported, and labels of rows are heeded."""
    source = written(tmp_path / "a", [row(1)])
    assert source_file(source, "dpo").name == "rows.jsonl"
    for name, data in (("sft.jsonl", "sft"), ("dpo.jsonl", "dpo"), ("kto.jsonl", "kto")):
        written(source, [row(1)], name)
        assert source_file(source, data).name == name  # type: ignore[arg-type]
    rows = written(tmp_path / "b", [row(1, label=False), row(2, label=True)]) / "rows.jsonl"
    assert exported(rows, tmp_path / "sft").refused == {"labelled as wrong": 1}
    assert exported(rows, tmp_path / "kto", data="kto").labels == {"true": 1, "false": 1}


@pytest.mark.parametrize(
    ("lines", "data", "message"),
    [
        ([], "sft", "is empty: there is nothing to export"),
        (['{"torn'], "sft", "none of 1 records in .* can be exported; 1 times: a line that is not"),
        ([row(1, candidates=[])], "dpo", "has no dpo data: none of its 1 rows has a wrong answer"),
    ],
)
def test_nothing_to_export_leaves_no_folder(
    lines: list[Any], data: Data, message: str, tmp_path: Path
) -> None:
    """The error says why there is nothing."""
    source = written(tmp_path / "a", lines)
    with pytest.raises(InputError, match=message):
        exported(source, tmp_path / "out", data=data)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    """What was there stays; an empty folder is taken."""
    source = written(tmp_path / "a", [row(1)])
    out = written(tmp_path / "out", ["mine"], "note.txt")
    with pytest.raises(InputError, match="is not empty: name another folder with --out"):
        exported(source, out)
    assert [path.name for path in out.iterdir()] == ["note.txt"]
    (tmp_path / "empty").mkdir()
    assert exported(source, tmp_path / "empty").written == 1
    with pytest.raises(InputError, match="is a file"):
        exported(source, out / "note.txt")


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A file where a folder should be."""
    source = written(tmp_path / "a", [row(1)])
    with pytest.raises(RunError, match="cannot write"):
        exported(source, source / "rows.jsonl" / "out")


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """Ten times the rows take no more than a little more memory."""
    text = "x" * 10_000
    peaks = []
    for count in (200, 2_000):
        lines = [row(n, said=f"{n} {text}") for n in range(count)]
        source = written(tmp_path / f"in{count}", lines)
        del lines
        tracemalloc.start()
        exported(source, tmp_path / f"out{count}", "hermes", "kto", split=0.5)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 1_000_000


@pytest.mark.parametrize(("trainer", "data"), CONFIGS)
def test_the_config_names_the_files(trainer: str, data: Data, tmp_path: Path) -> None:
    """Each config parses, and has the test part only where there is one."""
    source = written(tmp_path / "a", [row(number) for number in range(40)])
    for split in (None, 0.5):
        out = tmp_path / f"out{split}"
        exported(source, out, trainer, data, split=split)
        names = {path.name for path in out.iterdir()}
        parts = {"train.jsonl"} | ({"test.jsonl"} if split else set())
        assert parts == {path.name for path in (out / "data").iterdir()}
        others = names - {"README.md", "README.zh.md", "export.json", "data"}
        assert names - others == {"README.md", "README.zh.md", "export.json", "data"}
        text = "\n".join((out / name).read_text() for name in others)
        assert bool(split) == ("test" in text) or trainer == "hermes"
        for name in others:
            if name.endswith(".yaml"):
                assert isinstance(yaml.safe_load((out / name).read_text()), dict)
            elif name.endswith(".py"):
                compile((out / name).read_text(), name, "exec")
            elif name.endswith(".json"):
                info = json.loads((out / name).read_text())
                assert info[f"fc_{data}"]["file_name"] == "data/train.jsonl"


def test_the_card_says_what_is_in_the_folder(tmp_path: Path) -> None:
    """Front matter that hubs read, counts, columns, and the licence, chosen or missing."""
    source = written(tmp_path / "a", [row(n, language="zh" if n % 4 else "en") for n in range(40)])
    report = {"versions": {"fc-distilabel": "9.9"}, "settings": {"llm": "openai:m"}}
    (source / "run.json").write_text(json.dumps(report | {"documents": [{}]}))
    exported(source, tmp_path / "out", licence="apache-2.0", split=0.9)
    text = (tmp_path / "out" / "README.md").read_text()
    front = yaml.safe_load(text.split("---")[1])
    assert front["license"] == "apache-2.0" and front["language"] == ["zh", "en"]
    paths = [part["path"] for part in front["configs"][0]["data_files"]]
    assert paths == ["data/train.jsonl", "data/test.jsonl"]
    assert "fc-distilabel 9.9 from 1 document, with the model `openai:m`" in text
    assert "| zh | 30 |" in text and "| `tools` | string |" in text
    chinese = (tmp_path / "out" / "README.zh.md").read_text()
    assert "由 fc-distilabel 9.9 根据 1 份文档" in chinese and "| zh | 30 |" in chinese
    exported(source / "rows.jsonl", tmp_path / "bare")
    assert "**not chosen yet**" in (tmp_path / "bare" / "README.md").read_text()


def test_an_exporter_of_another_package_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It needs a name only; where it has no preference form, that is said."""
    EXPORTERS.entries()
    known = {"mine": lambda record: {"n": len(record["messages"])}}
    monkeypatch.setattr(EXPORTERS, "_entries", EXPORTERS.entries() | known)
    source = written(tmp_path / "a", [row(1)])
    exported(source, tmp_path / "out", "mine")
    assert read_lines(tmp_path / "out" / "data" / "train.jsonl") == [{"n": 3}]
    with pytest.raises(InputError, match="mine takes no dpo; it takes: sft"):
        exported(source, tmp_path / "no", "mine", "dpo")
    with pytest.raises(InputError, match="openai takes no kto; it takes: sft, dpo"):
        exported(source, tmp_path / "no", "openai", "kto")
    with pytest.raises(InputError, match="no format is named 'mina'; known: axolotl, hermes"):
        exported(source, tmp_path / "no", "mina")
