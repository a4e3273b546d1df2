"""A trainer's file into a file of rows, line by line, and beside it what could not be read."""

import json
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from fc_distilabel.errors import Dropped, InputError, RunError
from fc_distilabel.exporters.lines import Line, read_lines
from fc_distilabel.importers.trainers.rows import import_record
from fc_distilabel.types import Json


@dataclass
class Taken:
    """What came of a file."""

    read: int = 0
    """Records that were there, damaged lines included."""
    rows: int = 0
    forms: Counter[str] = field(default_factory=Counter)
    """Format and data -> number."""
    repairs: Counter[str] = field(default_factory=Counter)
    """What was mended to read the calls -> number of rows."""
    left_out: Counter[str] = field(default_factory=Counter)
    """Key that a row has no place for -> number of rows."""
    refused: Counter[str] = field(default_factory=Counter)
    """Reason -> number."""
    first: dict[str, str] = field(default_factory=dict)
    """Reason -> place and detail of the first."""


def refused_path(out: Path) -> Path:
    """Where the records go that could not be read: `rows.refused.jsonl` beside `rows.jsonl`."""
    return out.with_name(f"{out.stem}.refused.jsonl")


def import_file(path: Path, out: Path, form: str, seen: Callable[[Line], None]) -> Taken:
    """Write the rows of a trainer's file; `seen` hears of every line.

    Raises `InputError`, and writes nothing, where nothing can be read or `out` is there already.
    """
    if out.exists():
        raise InputError(f"{str(out)!r} is there already: name another file with --out")
    lines = read_lines(path)
    work, refused = out.with_name(f".{out.name}.part"), out.with_name(f".{out.name}.refused")
    taken = Taken()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with _open(work) as rows, _open(refused) as flawed:
            for line in lines:
                seen(line)
                _take(line, form, taken, rows, flawed)
        if not taken.rows:
            raise InputError(_nothing(path, taken))
        os.replace(work, out)
        if taken.refused:
            os.replace(refused, refused_path(out))
    except OSError as error:
        raise RunError(f"cannot write {str(out)!r}: {error.strerror}") from error
    finally:
        work.unlink(missing_ok=True)
        refused.unlink(missing_ok=True)
    return taken


def _open(path: Path) -> IO[str]:
    return path.open("w", encoding="utf-8", errors="backslashreplace")


def _take(line: Line, form: str, taken: Taken, rows: IO[str], flawed: IO[str]) -> None:
    taken.read += 1
    try:
        if line.record is None:
            assert line.flaw is not None, "a line without a record has a flaw"
            raise line.flaw
        imported = import_record(line.record, form)
    except Dropped as flaw:
        taken.refused[flaw.reason] += 1
        taken.first.setdefault(flaw.reason, f"{line.place}: {flaw.detail}")
        told = {"place": line.place, "reason": flaw.reason, "detail": flaw.detail}
        _write(flawed, told | {"record": line.record})
        return
    taken.rows += 1
    taken.forms[f"{imported.form} {imported.data}"] += 1
    taken.repairs.update(imported.repairs)
    taken.left_out.update(imported.left_out)
    _write(rows, imported.row)


def _write(file: IO[str], row: dict[str, Json]) -> None:
    file.write(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n")


def _nothing(path: Path, taken: Taken) -> str:
    if not taken.read:
        return f"{str(path)!r} is empty: there is nothing to import"
    (reason, count), *_ = taken.refused.most_common(1)
    return (
        f"none of {taken.read:,} records in {str(path)!r} can be read; {count:,} times: {reason} "
        f"({taken.first[reason]})"
    )
