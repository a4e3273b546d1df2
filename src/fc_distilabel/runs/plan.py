"""Documents -> the order in which their passages are worked on, each with its dialogue kinds.

The plan depends on the documents' content and the seed alone: not on where the files lie, on how
many rows are asked for, or on the clock.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fc_distilabel.documents import LanguageChoice, read_readings, split_passages
from fc_distilabel.errors import InputError
from fc_distilabel.runs.mix import assign_kinds, parse_kinds
from fc_distilabel.synthesis.seeds import rng
from fc_distilabel.types import LANGUAGES, Kind, Language, Passage

THIN: dict[Language, int] = {"en": 150, "zh": 60}
"""Characters below which a passage is thin."""
_TABLE_ROW = re.compile(r"[^.;:。；：]{1,40}[:：][^;；]{1,200}[;；]")


@dataclass(frozen=True)
class Planned:
    """A passage in its place."""

    passage: Passage
    kinds: tuple[Kind, ...]
    position: int
    """Rank among the passages of its language."""


@dataclass(frozen=True)
class Plan:
    """All passages per language, in order, and the documents they come from."""

    queues: Mapping[Language, Sequence[Planned]]
    documents: tuple[tuple[str, str], ...]
    """Name and content id of each document."""

    @property
    def sizes(self) -> dict[Language, int]:
        """How many passages each language has."""
        return {language: len(queue) for language, queue in self.queues.items()}


def make_plan(
    paths: Sequence[str], language: LanguageChoice, kinds: str, per_passage: int, seed: int
) -> Plan:
    """Read the documents and put their passages in order.

    Raises `DocumentError` where a document cannot be read, `InputError` where none has a passage.
    """
    mix = parse_kinds(kinds)
    readings = sorted(
        read_readings(paths, language), key=lambda r: (r.document.name, r.document.id)
    )
    # A row names its document by the file's name: people know it, and it holds no path.
    found = [
        [
            passage.model_copy(update={"document": reading.document.name})
            for passage in split_passages(
                reading.document, sections=reading.sections, language=language
            )
        ]
        for reading in readings
    ]
    queues: dict[Language, Sequence[Planned]] = {}
    for index, name in enumerate(LANGUAGES):
        ordered = _in_turn([[p for p in group if p.language == name] for group in found], seed)
        if ordered:
            # Each language starts the mix at another place, so that few rows still show all kinds.
            plan = assign_kinds(mix, len(ordered) + index, per_passage)[index:]
            queues[name] = [
                Planned(passage, tuple(kinds_), position)
                for position, (passage, kinds_) in enumerate(zip(ordered, plan, strict=True))
            ]
    if not queues:
        names = ", ".join(reading.document.name for reading in readings)
        raise InputError(f"no passage in English or Chinese in {names}")
    return Plan(queues, tuple((r.document.name, r.document.id) for r in readings))


def _in_turn(documents: Sequence[Sequence[Passage]], seed: int) -> list[Passage]:
    """One passage of each document after the other; within one, seeded, thin ones last."""
    shuffled = []
    for passages in documents:
        mixed = list(passages)
        if mixed:
            rng(seed, "passages", mixed[0].id).shuffle(mixed)
            shuffled.append(sorted(mixed, key=_is_thin))
    longest = max(map(len, shuffled), default=0)
    return [mixed[i] for i in range(longest) for mixed in shuffled if i < len(mixed)]


def _is_thin(passage: Passage) -> bool:
    """Whether a passage says little of what people want: rows of a table, or a line or two."""
    rows = sum(bool(_TABLE_ROW.match(sentence)) for sentence in passage.sentences)
    short = sum(map(len, passage.sentences)) < THIN[passage.language]
    return short or rows * 2 >= len(passage.sentences)
