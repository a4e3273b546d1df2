"""An export as a whole: from a run's folder or a file of rows to a folder that a trainer takes."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from fc_distilabel.errors import InputError
from fc_distilabel.exporters.card import CARDS, Card, Origin, card_text
from fc_distilabel.exporters.folder import whole_folder
from fc_distilabel.exporters.lines import Line, read_lines
from fc_distilabel.exporters.recipes import recipe
from fc_distilabel.exporters.units import Data, Pairs
from fc_distilabel.exporters.writing import Plan, Tally, write_rows
from fc_distilabel.registry import EXPORTERS, Exporter
from fc_distilabel.types import Json

SUMMARY = "export.json"
_SOURCES: dict[Data, tuple[str, ...]] = {
    "sft": ("sft.jsonl", "rows.jsonl"),
    "dpo": ("dpo.jsonl", "preferences.jsonl", "rows.jsonl"),
    "kto": ("kto.jsonl", "dpo.jsonl", "preferences.jsonl", "rows.jsonl"),
}
"""Where data are found in a folder: what people approved first, then what a run made."""


class Wanted(NamedTuple):
    """What is to be exported, and how."""

    source: Path
    trainer: str
    data: Data
    out: Path
    pairs: Pairs
    split: float | None = None
    seed: int = 0
    licence: str = ""


def export(wanted: Wanted, seen: Callable[[Line], None]) -> Tally:
    """Write the folder; `seen` hears of every line.

    Raises `InputError`, and leaves no folder, where there is nothing to export.
    """
    turn = exporter_of(wanted.trainer, wanted.data)
    source = source_file(wanted.source, wanted.data)
    plan = Plan(turn, wanted.data, wanted.pairs, wanted.split, wanted.seed)
    tally = Tally()
    with whole_folder(wanted.out) as folder:
        write_rows(_heard(read_lines(source), seen), plan, folder, tally)
        if not tally.written:
            raise InputError(_nothing(source, wanted.data, tally))
        _write_beside(wanted, origin_of(source), folder, tally)
    return tally


def exporter_of(trainer: str, data: Data) -> Exporter:
    """The function for a trainer and a kind of data; an error says what there is."""
    entries = EXPORTERS.entries()
    name = trainer if data == "sft" else f"{trainer}.{data}"
    if name in entries:
        return entries[name]
    trainers = sorted({known.split(".")[0] for known in entries})
    if trainer not in trainers:
        raise InputError(f"no format is named {trainer!r}; known: {', '.join(trainers)}")
    takes = [known.partition(".")[2] or "sft" for known in entries if trainer in known.split(".")]
    raise InputError(f"{trainer} takes no {data}; it takes: {', '.join(takes)}")


def source_file(source: Path, data: Data) -> Path:
    """The file that has the data: the source itself, or the best one in the folder."""
    if not source.is_dir():
        if not source.exists():
            raise InputError(f"there is no file or folder {str(source)!r}")
        return source
    names = _SOURCES[data]
    found = next((source / name for name in names if (source / name).is_file()), None)
    if found is None:
        raise InputError(f"no {' or '.join(names)} in {str(source)!r}: it is no folder of a run")
    return found


def origin_of(source: Path) -> Origin:
    """What is known of how the rows were made: what a run left beside them."""
    try:
        report = json.loads((source.parent / "run.json").read_bytes())
        return Origin(
            source.name,
            version=str(report["versions"]["fc-distilabel"]),
            model=str(report["settings"]["llm"]),
            documents=len(report["documents"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        # No run's folder, or one of a version that wrote its report in another way.
        return Origin(source.name)


def _heard(lines: Iterator[Line], seen: Callable[[Line], None]) -> Iterator[Line]:
    for line in lines:
        seen(line)
        yield line


def _nothing(source: Path, data: Data, tally: Tally) -> str:
    place = repr(str(source))
    if not tally.read:
        return f"{place} is empty: there is nothing to export"
    if tally.refused:
        (reason, count), *_ = tally.refused.most_common(1)
        return f"none of {tally.read:,} records in {place} can be exported; {count:,} times: " + (
            f"{reason} ({tally.first[reason]})"
        )
    return f"{place} has no {data} data: none of its {tally.read:,} rows has a wrong answer"


def _write_beside(wanted: Wanted, origin: Origin, folder: Path, tally: Tally) -> None:
    """The config files, the cards and the counts."""
    made = recipe(wanted.trainer, wanted.data, tested=tally.test > 0)
    card = Card(
        wanted.trainer, wanted.data, origin, wanted.licence, wanted.seed, command=made.command
    )
    texts = dict(made.files)
    for language, name in CARDS.items():
        texts[name] = card_text(language, card, tally)
    summary = json.dumps(_summary(wanted, origin, tally), ensure_ascii=False, indent=2)
    texts[SUMMARY] = f"{summary}\n"
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def _summary(wanted: Wanted, origin: Origin, tally: Tally) -> dict[str, Json]:
    return {
        "format": wanted.trainer,
        "data": wanted.data,
        "source": origin._asdict(),
        "split": wanted.split,
        "seed": wanted.seed,
        "licence": wanted.licence,
        "records": tally.read,
        "train": tally.train,
        "test": tally.test,
        "repeated": tally.repeated,
        "without_pair": tally.without,
        "refused": dict(tally.refused),
        "languages": dict(tally.languages),
        "kinds": dict(tally.kinds),
        "labels": dict(tally.labels),
    }
