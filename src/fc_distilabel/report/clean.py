"""The rows and pairs of a run without those that repeat a benchmark, in a folder of their own.

The run's own files stay as they are: a rerun of `synthesize` writes them anew from its journal, and
what somebody judges to be a false alarm is still there.

    clean/rows.jsonl          the rows that repeat nothing, byte for byte
    clean/preferences.jsonl   the pairs of these rows, where there are any
    clean/contaminated.jsonl  the other rows, each with what was found: {"found": ..., "row": ...}
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from fc_distilabel.report.contamination import Hit
from fc_distilabel.report.reading import lines_of, row_flaw
from fc_distilabel.runs.files import CLEAN, PREFERENCES, ROWS, write_lines

CONTAMINATED = "contaminated.jsonl"


def write_clean(folder: Path, target: Path, hits: Iterable[Hit]) -> Path:
    """Write the folder `clean` into `target`; returns its path."""
    found = {hit.row: hit for hit in hits}
    clean = target / CLEAN
    clean.mkdir(parents=True, exist_ok=True)
    write_lines(clean / ROWS, _kept(folder / ROWS, found, "id"))
    write_lines(clean / CONTAMINATED, _taken(folder / ROWS, found))
    (clean / PREFERENCES).unlink(missing_ok=True)
    if (folder / PREFERENCES).is_file():
        write_lines(clean / PREFERENCES, _kept(folder / PREFERENCES, found, "row"))
    return clean


def _kept(path: Path, found: Mapping[str, Hit], key: str) -> Iterator[str]:
    return (
        line.text for line in lines_of(path) if line.row and str(line.row.get(key)) not in found
    )


def _taken(path: Path, found: Mapping[str, Hit]) -> Iterator[str]:
    for line in lines_of(path):
        hit = found.get(str(line.row.get("id"))) if line.row else None
        if hit and not row_flaw(line.row):
            yield f'{{"found": {json.dumps(hit.model_dump())}, "row": {line.text}}}'
