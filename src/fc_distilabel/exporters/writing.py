"""A stream of records into the files of one trainer: rows, a split, and what was refused and why.

A record is read, turned and written before the next is read. In which part it goes follows from
the user's first words and the seed alone, so a bigger run later moves nothing from train to test.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from fc_distilabel.errors import Dropped
from fc_distilabel.exporters.lines import Line
from fc_distilabel.exporters.units import Data, Pairs, Repeats, Unit, opening, units
from fc_distilabel.registry import Exporter
from fc_distilabel.types import Json

TRAIN, TEST, REFUSED = "data/train.jsonl", "data/test.jsonl", "refused.jsonl"


@dataclass
class Tally:
    """What came of the records."""

    read: int = 0
    """Records that were there, damaged lines included."""
    train: int = 0
    test: int = 0
    repeated: int = 0
    """Pairs or answers that said again what one of the same row had said."""
    without: int = 0
    """Rows that have no pair."""
    refused: Counter[str] = field(default_factory=Counter)
    """Reason -> number."""
    first: dict[str, str] = field(default_factory=dict)
    """Reason -> place and detail of the first."""
    languages: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    columns: dict[str, str] = field(default_factory=dict)
    """Column -> type of its value in the first row."""

    @property
    def written(self) -> int:
        """Rows in both parts."""
        return self.train + self.test


@dataclass(frozen=True)
class Plan:
    """How records become a trainer's rows."""

    turn: Exporter
    data: Data
    pairs: Pairs
    split: float | None = None
    """The share of rows to train on; None for no test part."""
    seed: int = 0


def write_rows(lines: Iterable[Line], plan: Plan, folder: Path, tally: Tally) -> None:
    """Write the trainer's rows and, where there are any, those refused."""
    writer = _Writer(plan, folder, tally)
    try:
        for line in lines:
            writer.add(line)
    finally:
        writer.close()


def is_train(record: Mapping[str, Json], split: float | None, seed: int) -> bool:
    """Whether a record is trained on."""
    if split is None:
        return True
    digest = hashlib.sha256(f"{seed}\0{opening(record)}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < split * 2**64


class _Writer:
    """The open files; each is made when its first row comes."""

    def __init__(self, plan: Plan, folder: Path, tally: Tally) -> None:
        self._plan = plan
        self._folder = folder
        self._tally = tally
        self._repeats = Repeats()
        self._files: dict[str, IO[str]] = {}

    def add(self, line: Line) -> None:
        """Write all that one line gives, or why it gives nothing."""
        self._tally.read += 1
        record = line.record
        if record is None:
            assert line.flaw is not None, "a line without a record has a flaw"
            self._refuse(line.place, "", line.flaw, None)
            return
        found = False
        try:
            for unit in units(record, self._plan.data, self._plan.pairs):
                found = True
                self._add_unit(unit, line.place)
        except Dropped as flaw:
            self._refuse(line.place, str(record.get("id") or ""), flaw, record)
        else:
            self._tally.without += not found

    def _add_unit(self, unit: Unit, place: str) -> None:
        if self._repeats.seen(unit.record):
            self._tally.repeated += 1
            return
        try:
            row = self._plan.turn(unit.record)
        except Dropped as flaw:
            self._refuse(place, unit.id, flaw, unit.record)
            return
        train = is_train(unit.record, self._plan.split, self._plan.seed)
        self._write(TRAIN if train else TEST, row)
        self._count(unit.record, row, train=train)

    def _count(self, record: Mapping[str, Json], row: dict[str, Json], *, train: bool) -> None:
        tally = self._tally
        tally.train += train
        tally.test += not train
        tally.languages[str(record.get("language") or "")] += 1
        tally.kinds[str(record.get("kind") or "")] += 1
        if self._plan.data == "kto":
            tally.labels["true" if record.get("label") else "false"] += 1
        tally.columns = tally.columns or {key: _type(value) for key, value in row.items()}

    def _refuse(self, place: str, id_: str, flaw: Dropped, record: Json) -> None:
        self._tally.refused[flaw.reason] += 1
        self._tally.first.setdefault(flaw.reason, f"{place}: {flaw.detail}")
        told = {"place": place, "id": id_, "reason": flaw.reason, "detail": flaw.detail}
        self._write(REFUSED, told | {"record": record})

    def _write(self, name: str, row: dict[str, Json]) -> None:
        file = self._files.get(name)
        if file is None:
            # Half a surrogate pair, which JSON can hold and UTF-8 cannot, stays JSON's escape.
            path = self._folder / name
            path.parent.mkdir(exist_ok=True)
            file = path.open("w", encoding="utf-8", errors="backslashreplace")
            self._files[name] = file
        file.write(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n")

    def close(self) -> None:
        """Close all files."""
        for file in self._files.values():
            file.close()


_TYPES = {bool: "bool", dict: "object", list: "list", str: "string"}


def _type(value: Json) -> str:
    return _TYPES.get(type(value), type(value).__name__)
