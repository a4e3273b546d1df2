"""The files that a run ends in, written whole or not at all.

    rows.jsonl       the rows, with every reason to trust them
    train.trl.jsonl  the same rows as TRL reads them
    preferences.jsonl  what an assistant model did wrong beside what is right, where it did
    drops.jsonl      every attempted row that was not kept, with its stage and reason
    surplus.jsonl    rows that were kept beyond the number asked for, where there are any
    run.json         settings, model, prompts, funnel, cost, and how the run ended

`run.db`, `run.log` and the lock stay beside them: a rerun goes on from the first.
"""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from fc_distilabel.errors import InputError, RunError
from fc_distilabel.exporters.trl import to_trl
from fc_distilabel.runs.outcomes import Outcome, choose_rows, dropped_rows
from fc_distilabel.runs.preferences import preference_pairs
from fc_distilabel.runs.rows import drop_row, row_line
from fc_distilabel.types import Json

DATABASE = "run.db"
ROWS = "rows.jsonl"
TRAIN = "train.trl.jsonl"
PREFERENCES = "preferences.jsonl"
DROPS = "drops.jsonl"
SURPLUS = "surplus.jsonl"
REPORT = "run.json"
LOG = "run.log"
RESULTS = (ROWS, TRAIN, PREFERENCES, DROPS, SURPLUS, REPORT)
PAGE, FIGURES, CLEAN = "report.html", "report.json", "clean"
OURS = (*RESULTS, PAGE, FIGURES, CLEAN, LOG, DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm")


def write_results(out: Path, outcomes: Sequence[Outcome], rows: int) -> tuple[int, int]:
    """Write rows, training file, drops and surplus; returns the number of rows and of surplus."""
    chosen, surplus = choose_rows(outcomes, rows)
    write_lines(out / ROWS, (outcome.row for outcome in chosen))
    write_lines(out / TRAIN, (row_line(to_trl(json.loads(o.row))) for o in chosen))
    write_lines(out / DROPS, (row_line(drop_row(o)) for o in dropped_rows(outcomes)))
    _write_if_any(out / PREFERENCES, (row_line(pair) for pair in _pairs(chosen)))
    _write_if_any(out / SURPLUS, (outcome.row for outcome in surplus))
    return len(chosen), len(surplus)


def _pairs(chosen: Sequence[Outcome]) -> Iterator[dict[str, Json]]:
    for outcome in chosen:
        yield from preference_pairs(json.loads(outcome.row))


def _write_if_any(path: Path, lines: Iterable[str]) -> None:
    found = list(lines)
    if found:
        write_lines(path, found)
    else:
        path.unlink(missing_ok=True)


def write_report(out: Path, report: dict[str, Json]) -> None:
    """Write `run.json`."""
    write_lines(out / REPORT, [json.dumps(report, ensure_ascii=False, indent=2)])


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write a file beside its place, then move it there.

    Raises `RunError` where the disk does not take it; what was there before is still there.
    """
    temporary = path.with_name(f".{path.name}.part")
    try:
        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        raise RunError(f"cannot write {path.name}: {error.strerror}") from error


def read_rows(path: Path) -> Iterator[dict[str, Json]]:
    """The rows of a `rows.jsonl`.

    Raises `InputError` where there is no such file or a line is not a row.
    """
    if not path.is_file():
        raise InputError(f"no {path.name} in {str(path.parent)!r}: run `fc-distilabel synthesize`")
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            yield _row(line, f"{path.name}:{number}")


def _row(line: str, place: str) -> dict[str, Json]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise InputError(f"{place} is not JSON: {error}") from error
    if not isinstance(row, dict) or not {"id", "messages", "tools"} <= row.keys():
        raise InputError(f"{place} is not a row: it needs id, messages and tools")
    return row


def set_aside(out: Path) -> Path | None:
    """Move the files of earlier runs into `old-N`; None where there are none."""
    found = [out / name for name in OURS if (out / name).exists()]
    if not found:
        return None
    number = 1
    while (out / f"old-{number}").exists():
        number += 1
    target = out / f"old-{number}"
    target.mkdir()
    for path in found:
        path.rename(target / path.name)
    return target


class RowAppender:
    """Rows on disk as they come, each once: for a run that may be killed at any moment."""

    def __init__(self, path: Path) -> None:
        """Learn which rows an earlier try left; a torn last line is cut off."""
        self._path = path
        self._seen = self._mend() if path.exists() else set()

    def append(self, rows: Iterable[tuple[str, str]]) -> None:
        """Add rows, given as id and line, that are not there yet.

        Raises `RunError` where the disk does not take them.
        """
        new = {id_: line for id_, line in rows if id_ not in self._seen}
        if not new:
            return
        try:
            with self._path.open("a", encoding="utf-8", newline="\n") as file:
                file.writelines(f"{line}\n" for line in new.values())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise RunError(f"cannot write {self._path.name}: {error.strerror}") from error
        self._seen |= new.keys()

    def _mend(self) -> set[str]:
        content = self._path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if whole != content:
            os.truncate(self._path, len(whole))
        return {_id_of(line) for line in whole.splitlines()}


def _id_of(line: bytes) -> str:
    """The row's id; none of a line that somebody edited: the end of the run writes all anew."""
    try:
        return str(json.loads(line)["id"])
    except (ValueError, KeyError, TypeError):
        return ""
