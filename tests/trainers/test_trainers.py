"""What is exported, read by the trainers' own code: every row loads, renders and parses back."""

import json
import math
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from fc_distilabel.calls import read_calls
from fc_distilabel.exporters.export import Wanted, export
from fc_distilabel.exporters.lines import read_lines
from fc_distilabel.exporters.units import Data, Repeats, units
from fc_distilabel.importers.trainers.spelling import plain_schema
from fc_distilabel.runs.preferences import preference_pairs
from fc_distilabel.types import KINDS
from trainers.made_rows import run_folder
from trainers.setup import is_set_up, python_of
from trainers.tiny import tiny_model

pytestmark = [pytest.mark.trainer, pytest.mark.timeout(900)]

Row = dict[str, Any]
Said = tuple[str, list[tuple[str, Row]]]
HERE = Path(__file__).parent
DATA: tuple[Data, ...] = ("sft", "dpo", "kto")
SUPERVISED = ("trl", "llamafactory", "swift", "axolotl")
TURN = re.compile(r"<\|im_start\|>assistant\n(.*?)<\|im_end\|>", re.DOTALL)
TOOLS = re.compile(r"<tools>\n(.*?)\n</tools>\n\nFor each", re.DOTALL)
OTHER_MODELS = r"Processor was not found|feature extractor was not found|argument 'ids': 'NoneType'"
"""Why a template of LLaMA-Factory's cannot be asked: the model has eyes, or tokens of its own."""
CALL = re.compile(r"\n?<tool_call>\n.*\n</tool_call>", re.DOTALL)


def needs(trainer: str) -> pytest.MarkDecorator:
    """Skip, before anything is made, where the trainer's environment is not there."""
    how = f"{trainer} is not set up: python tests/trainers/setup.py {trainer}"
    return pytest.mark.skipif(not is_set_up(trainer), reason=how)


TRAINERS = [pytest.param(name, marks=needs(name)) for name in SUPERVISED]


@pytest.fixture(scope="session")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a thousand rows; FC_TRAINER_ROWS names one that was made before."""
    named = os.environ.get("FC_TRAINER_ROWS")
    folder = Path(named) if named else run_folder(tmp_path_factory.mktemp("trainers"))
    made = sources(folder, "sft")
    assert len(made) >= 1000
    assert len({(row["kind"], row["language"]) for row in made}) == 2 * len(KINDS)
    return folder


@pytest.fixture(scope="session")
def model(rows: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model folder whose tokenizer knows the rows' words."""
    texts = (json.dumps(r, ensure_ascii=False) for r in sources(rows, "sft"))
    return tiny_model(tmp_path_factory.mktemp("model") / "tiny", texts)


def sources(rows: Path, data: Data) -> list[Row]:
    """What is to be learned, by our own form: the units that an exporter gets."""
    repeats = Repeats()
    found = (
        unit.record
        for line in read_lines(rows / "rows.jsonl")
        for unit in units(line.record or {}, data, preference_pairs)
    )
    return [record for record in found if not repeats.seen(record)]


def exported(rows: Path, trainer: str, data: Data, out: Path, split: float | None = None) -> Path:
    """The folder for a trainer; nothing may be refused."""
    wanted = Wanted(rows, trainer, data, out, preference_pairs, split)
    tally = export(wanted, lambda line: None)
    assert not tally.refused, tally.first
    return out


def asked(trainer: str, *words: object, what: str = "with") -> None:
    """Run a script in the trainer's environment, without any network."""
    home = Path(str(words[0])).with_name("home")
    offline = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(home), "WANDB_DISABLED": "true"}
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | offline
    command = [python_of(trainer), HERE / "inside" / f"{what}_{trainer}.py", *words]
    done = subprocess.run(
        list(map(str, command)), env=environment, capture_output=True, text=True, timeout=800
    )
    assert done.returncode == 0, done.stderr[-3000:]


def told(out: Path) -> list[Row]:
    return [json.loads(line) for line in out.read_bytes().splitlines()]


def said(message: Row) -> Said:
    """Words and calls of a message of ours."""
    calls = [call["function"] for call in message.get("tool_calls") or ()]
    return message["content"], [(call["name"], call["arguments"]) for call in calls]


def heard(text: str) -> Said:
    """Words and calls of a turn as it was rendered."""
    text = text.removesuffix("\n").removesuffix("<|im_end|>").removeprefix("\n")
    if "<tool_call>\n" not in text:
        return text, []
    reading = read_calls(CALL.search(text)[0])
    assert not reading.violations and {*reading.repairs} <= {"tags"}, (text, reading)
    return CALL.sub("", text), [(call.name, call.arguments) for call in reading.calls]


def turns(text: str) -> Iterator[Said]:
    """The assistant's turns in a rendered conversation."""
    return map(heard, TURN.findall(text))


def shown_tools(text: str) -> list[Row]:
    found = TOOLS.search(text)
    return [plain(json.loads(line)) for line in found[1].split("\n")] if found else []


def plain(tool: Row) -> Row:
    """A tool with what LLaMA-Factory gets in other words, in the same words again."""
    tool = plain_schema(tool)
    properties = tool["function"]["parameters"]["properties"]
    for name, schema in properties.items():
        properties[name] = {} if schema is True else schema
    return tool


def check_supervised(record: Row, row: Row) -> None:
    """The text has the turns and the tools, and only the assistant's turns are trained on."""
    expected = [said(message) for message in record["messages"] if message["role"] == "assistant"]
    assert list(turns(row["text"])) == expected
    assert shown_tools(row["text"]) == [plain(tool) for tool in record["tools"]]
    # Some mask the line break before or after a turn, some train on it.
    parts = (part.lstrip("\n") for part in row["trained"].split("<|im_end|>"))
    trained = [part for part in parts if part]
    assert list(map(heard, trained)) == expected
    for message in record["messages"]:
        if message["role"] != "assistant":
            assert message["content"] in row["text"]


def check_preferred(record: Row, row: Row) -> None:
    """The prompt has the turns before, and each answer is the one given."""
    before = [said(message) for message in record["prompt"] if message["role"] == "assistant"]
    assert list(turns(row["text"])) == before
    assert shown_tools(row["text"]) == [plain(tool) for tool in record["tools"]]
    for side in ("chosen", "rejected", "completion"):
        if side in record:
            assert heard(row[side]) == said(record[side][0])
    assert row.get("label") == record.get("label")


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("trainer", TRAINERS)
def test_every_row_loads_renders_and_parses_back(
    trainer: str, data: Data, rows: Path, model: Path, tmp_path: Path
) -> None:
    """As many rows as were written come out of the trainer's loader, with equal calls and tools."""
    folder, out = exported(rows, trainer, data, tmp_path / "folder"), tmp_path / "out.jsonl"
    asked(trainer, folder, data, model, out)
    records, seen = sources(rows, data), told(out)
    if trainer == "trl":  # one real optimisation step
        assert math.isfinite(seen.pop()["loss"])
    assert len(seen) == len(records)
    for record, row in zip(records, seen, strict=True):
        (check_supervised if data == "sft" else check_preferred)(record, row)


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("trainer", TRAINERS)
def test_the_trainer_takes_the_config(
    trainer: str, data: Data, rows: Path, model: Path, tmp_path: Path
) -> None:
    """Its own parser reads the exported config, and finds both parts by it."""
    folder = exported(rows, trainer, data, tmp_path / "folder", split=0.9)
    asked(trainer, folder, data, model, tmp_path / "out.json", what="config")
    summary = json.loads((folder / "export.json").read_text())
    found = json.loads((tmp_path / "out.json").read_text())
    assert found == {part: summary[part] for part in ("train", "test")}


@needs("openai")
@pytest.mark.parametrize("data", ["sft", "dpo"])
def test_openai_takes_every_row(data: Data, rows: Path, tmp_path: Path) -> None:
    """Each line is valid by the types of the openai package, and its calls are equal."""
    asked("openai", tmp_path / "schemas.json")
    schema = json.loads((tmp_path / "schemas.json").read_text())[data]
    check = jsonschema.Draft202012Validator(schema)
    folder = exported(rows, "openai", data, tmp_path / "folder")
    records, seen = sources(rows, data), told(folder / "data" / "train.jsonl")
    assert len(seen) == len(records)
    for record, row in zip(records, seen, strict=True):
        assert not list(check.iter_errors(row))
        body = row if data == "sft" else row["input"]
        messages = record["messages" if data == "sft" else "prompt"]
        assert [openai_said(m) for m in body["messages"]] == [said(m) for m in messages]
        assert body["tools"] == record["tools"]
        if data == "dpo":
            assert openai_said(row["preferred_output"][0]) == said(record["chosen"][0])
            assert openai_said(row["non_preferred_output"][0]) == said(record["rejected"][0])


def openai_said(message: Row) -> Said:
    calls = [call["function"] for call in message.get("tool_calls") or ()]
    named = [(call["name"], json.loads(call["arguments"])) for call in calls]
    return message.get("content", ""), named


@needs("llamafactory")
def test_every_template_of_llamafactory_prints_the_tools(
    rows: Path, model: Path, tmp_path: Path
) -> None:
    """Awkward tools stop none of its templates for text, also those that join enums as texts."""
    few = tmp_path / "rows"
    few.mkdir()
    lines = (rows / "rows.jsonl").read_bytes().splitlines()[:12]
    (few / "rows.jsonl").write_bytes(b"\n".join(lines))
    folder = exported(few, "llamafactory", "sft", tmp_path / "folder")
    out = tmp_path / "templates.json"
    asked("llamafactory", folder, "sft", model, out, "all")
    made = json.loads(out.read_text())
    failed = {name: why for name, why in made.items() if why != len(lines)}
    assert all(re.search(OTHER_MODELS, str(why)) for why in failed.values()), failed
    assert len(made) - len(failed) > 60
