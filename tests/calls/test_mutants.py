"""Reading damaged calls of real benchmarks: repaired to the one right value, or refused."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from fc_distilabel.calls import CallReading, read_call_value, read_calls
from fc_distilabel.types import Tool

REAL = Path(__file__).parents[3] / "shared/data/validation"
FILES = ("bfcl_mutants", "acebench_en_mutants")
SHAPES = {
    "args_json_string",
    "args_double_json_string",
    "openai_tool_call_envelope",
    "parameters_key",
    "args_as_list",
    "args_flattened_top_level",
}

pytestmark = pytest.mark.skipif(not REAL.exists(), reason=f"no real cases at {REAL}")


@lru_cache(maxsize=1)
def rows() -> tuple[dict[str, Any], ...]:
    """All mutants but those that need the conversation to be judged."""
    texts = (gzip.decompress((REAL / f"{name}.jsonl.gz").read_bytes()) for name in FILES)
    found = (json.loads(line) for text in texts for line in text.splitlines())
    return tuple(row for row in found if not row["kind"].startswith("empty_calls_"))


def read(row: dict[str, Any]) -> CallReading:
    """The reading of a mutant, with its tools."""
    tools = [
        Tool(
            name=tool["function"]["name"],
            description="",
            parameters=tool["function"]["parameters"],
            returns={},
        )
        for tool in row["tools"]
    ]
    text = row.get("call_text")
    return read_call_value(row["call"], tools) if text is None else read_calls(text, tools)


def wanted(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The one right value of a mutant, as a list of calls."""
    value = row["repaired"] if "repaired" in row else row["call"]
    return value if isinstance(value, list) else [value]


def readings(expected: str, *, text: bool) -> Iterator[tuple[dict[str, Any], CallReading]]:
    """The mutants with this label, as text or as an object, and how they are read."""
    for row in rows():
        if row["expected"] == expected and ("call_text" in row) == text:
            yield row, read(row)


def plain(reading: CallReading) -> list[dict[str, Any]]:
    """The calls as the data write them, ids apart."""
    return [call.model_dump(exclude={"id"}) for call in reading.calls]


def test_repairable_text_is_repaired_to_the_one_right_value() -> None:
    """Nothing is read as another value, and at least 98 % are repaired, each repair by name."""
    outcomes: Counter[str] = Counter()
    for row, reading in readings("repairable", text=True):
        if reading.violations:
            outcomes["refused"] += 1
        elif plain(reading) == wanted(row) and reading.repairs:
            outcomes["right"] += 1
        else:
            outcomes["wrong"] += 1
    assert outcomes["wrong"] == 0
    assert outcomes["right"] >= 0.98 * outcomes.total()


def test_invalid_text_is_never_read() -> None:
    """What was cut, contradicts itself or holds no JSON value is refused before any schema."""
    accepted = [row["kind"] for row, reading in readings("invalid", text=True) if reading.calls]
    assert accepted == []


def test_valid_text_is_read_as_it_is() -> None:
    """Right calls are read with equal values and without a repair."""
    for row, reading in readings("valid", text=True):
        assert plain(reading) == wanted(row)
        assert reading.repairs == ()


def test_shapes_of_objects_are_told_apart() -> None:
    """Shapes with one meaning are repaired, the others refused, plain calls left alone."""
    for expected in ("repairable", "invalid", "valid"):
        for row, reading in readings(expected, text=False):
            if row["kind"] not in SHAPES:
                assert plain(reading) == wanted(row)
                assert reading.repairs == ()
            elif expected == "repairable":
                assert plain(reading) == wanted(row)
                assert reading.repairs
            else:
                assert reading.violations
