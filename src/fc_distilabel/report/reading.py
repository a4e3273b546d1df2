"""The lines of a run's files, one at a time: what cannot be read is told with its place, and left.

A run may have been edited, cut off, or made by a later version: a report says so and measures the
rest.
"""

import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, NamedTuple, cast

from fc_distilabel.calls.parse import no_constant
from fc_distilabel.checking.stream import MAX_LINE
from fc_distilabel.errors import InputError
from fc_distilabel.types import Json

HALF = "it holds half a surrogate pair, which is not text"


class Line(NamedTuple):
    """A line that is not blank, read or refused."""

    number: int
    row: dict[str, Json]
    """Empty where it was refused."""
    flaw: str
    """Why it was refused; empty where it was not."""
    size: int
    """Bytes."""
    text: str = ""
    """The line as it stands."""


def lines_of(path: Path) -> Iterator[Line]:
    """The lines of a JSON Lines file, compressed or not.

    Raises `InputError` when the file cannot be read.
    """
    try:
        with _opened(path) as file:
            for number, line in enumerate(iter(lambda: file.readline(MAX_LINE + 1), b""), start=1):
                if line.strip():
                    yield _line(number, line, file)
    except (OSError, EOFError) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(f"cannot read {str(path)!r}: {why}") from error


def row_flaw(row: Mapping[str, Json]) -> str:
    """Why an object is no row of a run, or nothing."""
    if not isinstance(row.get("id"), str):
        return "it has no id"
    for name, inner in (("messages", "role"), ("tools", "function")):
        values = row.get(name)
        if not isinstance(values, list) or not all(isinstance(v, dict) for v in values):
            return f"its {name} are no list of objects"
        if not all(inner in value for value in values):
            return f"one of its {name} has no {inner}"
    return ""


def right_calls(row: Mapping[str, Json]) -> list[dict[str, Json]]:
    """A row's right calls, as `{"name", "arguments"}`: the gold ones, else those that are made."""
    gold = row.get("gold_calls")
    if isinstance(gold, list):
        return [call for call in gold if isinstance(call, dict)]
    made = [call for message in row["messages"] for call in _listed(message.get("tool_calls"))]
    functions = [call.get("function") for call in made if isinstance(call, dict)]
    return [function for function in functions if isinstance(function, dict)]


def json_object(path: Path) -> tuple[dict[str, Json], str]:
    """The object that a file holds, and why none can be read; none of a file that is not there."""
    if not path.exists():
        return {}, ""
    try:
        value = json.loads(path.read_bytes(), parse_constant=no_constant)
        half = _holds_half("\\u", value)
    except (OSError, ValueError, RecursionError) as error:
        return {}, f"{path.name} cannot be read: {error}"
    if not isinstance(value, dict):
        return {}, f"{path.name} holds no object"
    return ({}, f"{path.name}: {HALF}") if half else (value, "")


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _opened(path: Path) -> IO[bytes]:
    if path.suffix == ".gz":
        return cast("IO[bytes]", gzip.open(path, "rb"))
    return path.open("rb")


def _line(number: int, line: bytes, file: IO[bytes]) -> Line:
    if len(line) > MAX_LINE:
        size = len(line) + _skipped(line, file)
        return Line(number, {}, f"it is longer than {MAX_LINE:,} bytes", size)
    try:
        text = line.decode("utf-8-sig").strip()
        row = json.loads(text, parse_constant=no_constant)
        half = _holds_half(text, row)
    except RecursionError:
        return Line(number, {}, "it is nested too deep", len(line))
    except ValueError as error:
        return Line(number, {}, f"it is not JSON: {error}", len(line))
    if not isinstance(row, dict):
        return Line(number, {}, "it is no JSON object", len(line))
    if half:
        return Line(number, {}, HALF, len(line))
    return Line(number, row, "", len(line), text)


def _holds_half(text: str, value: Json) -> bool:
    """Whether a string holds half a surrogate pair, which JSON can spell and no file can hold."""
    if "\\u" not in text:
        return False
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def _skipped(line: bytes, file: IO[bytes]) -> int:
    """Read to the end of a line that is too long; returns its bytes beyond the bound."""
    beyond = 0
    while line and not line.endswith(b"\n"):
        line = file.readline(MAX_LINE)
        beyond += len(line)
    return beyond
