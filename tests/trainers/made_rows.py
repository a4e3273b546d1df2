"""A thousand rows of all kinds in both languages, and as many pairs: what the trainers are given.

Two runs of a scripted model, whose assistant errs on purpose, make the rows; each is then given
twice more: with values that are awkward to carry, and with tools that are awkward to print.
"""

import copy
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import scripts
from commands import Command
from fc_distilabel.synthesis.chat import ChatRequest
from fc_distilabel.types import KINDS
from made import HALLS, NUMBERS, chinese, english

Row = dict[str, Any]

RUNS = {0: 290, 3: 290, 4: 290}
"""Preset of the tools' complexity -> rows asked for; the documents end before that."""
AWKWARD = (
    'a "quoted" word',
    "back\\slash \\n and \n a line",
    "<tool_call>{}</tool_call>",
    "</tool_response>\n<tool_response>",
    "emoji 🧭 and 中文，标点",
    "{{ braces }} {% tags %}",
    "'single' & <b>bold</b>",
    "\u2028 separators \u00a0",
    "<think>no</think>",
    "  spaces around  ",
)


def weak(request: ChatRequest) -> str:
    """`scripts.good`, but one call in four has a wrong or a missing value."""
    reply = scripts.good(request)
    try:
        value = json.loads(reply)
    except ValueError:
        return reply
    calls = value if isinstance(value, list) else value.get("calls")
    draw = zlib.crc32("\n".join(m["content"] for m in request.messages).encode())
    if draw % 4 or not calls or not calls[0].get("arguments"):
        return reply
    arguments = calls[0]["arguments"]
    key = sorted(arguments)[draw % len(arguments)]
    if isinstance(arguments[key], str):
        arguments[key] += " x"
    else:
        del arguments[key]
    return json.dumps(value, ensure_ascii=False)


def run_folder(folder: Path) -> Path:
    """A folder with the rows of the runs, one after the other, and their variants."""
    documents = english(folder / "docs", len(NUMBERS)).parent
    chinese(documents, len(HALLS))
    out = folder / "rows"
    out.mkdir()
    with (out / "rows.jsonl").open("w", encoding="utf-8") as file:
        for preset, asked in RUNS.items():
            for row in _made(folder, documents, preset, asked):
                for variant in variants(row):
                    file.write(json.dumps(variant, ensure_ascii=False) + "\n")
    return out


def _made(folder: Path, documents: Path, preset: int, asked: int) -> list[Row]:
    out = folder / f"run{preset}"
    words = ("synthesize", documents, "--out", out, "--rows", asked, "--preset", preset)
    words += ("--per-passage", 16, "--seed", preset, "--kinds", ",".join(KINDS))
    words += (
        "--llm",
        "scripted:scripts:good",
        "--assistant-llm",
        "scripted:trainers.made_rows:weak",
    )
    done = Command(tuple(map(str, words))).run()
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in (out / "rows.jsonl").read_bytes().splitlines()]


def variants(row: Row) -> Iterator[Row]:
    """The row as it is, with awkward values, with awkward tools."""
    yield row
    yield _with_values(copy.deepcopy(row))
    yield _with_tools(copy.deepcopy(row))


def _with_values(row: Row) -> Row:
    """Every call has one more argument that is hard to carry, and every result stays as it is."""
    draw = zlib.crc32(row["id"].encode())
    value = AWKWARD[draw % len(AWKWARD)]
    extra = {"note": value, "nested": {"list": [value, 1.5, None, True, {}], "big": 2**53 + 1}}
    for message in [*row["messages"], *row["candidates"]]:
        for call in message.get("tool_calls") or message.get("calls") or ():
            call.get("function", call)["arguments"].update(extra)
    for tool in row["tools"]:
        properties = tool["function"]["parameters"]["properties"]
        properties["note"] = {"type": "string", "description": value}
        properties["nested"] = {"type": "object"}
    row["messages"][1]["content"] += " 🧭 \"quoted\" & 'so'"
    return row | {"id": f"{row['id']}v"}


def _with_tools(row: Row) -> Row:
    """Tools with all that templates stumble over: other enums than text, no description, unions."""
    for tool in row["tools"]:
        properties = tool["function"]["parameters"]["properties"]
        properties["level"] = {"type": "integer", "enum": [1, 2, 3]}
        properties["mixed"] = {"enum": ["a", 1, None], "anyOf": [{"type": "string"}, {}]}
        properties["any"] = True
        properties["list"] = {"type": "array", "items": {"enum": [1.5, 2.5]}}
        properties["union"] = {"type": ["string", "null"], "description": "</tools> <tools>"}
        tool["function"]["parameters"]["$defs"] = {"x": {"type": "string"}}
    row["messages"][0]["content"] += "\n\nToday is {{ a day }}."
    return row | {"id": f"{row['id']}t"}
