"""Documents, or APIs of the user's -> the order in which their passages are worked on.

Each passage has its dialogue kinds; an API's tool stands for a passage. The plan depends on the
content and the seed alone: not on where the files lie, on how many rows are asked for, or on the
clock.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fc_distilabel.documents import LanguageChoice, read_readings, split_passages
from fc_distilabel.errors import InputError
from fc_distilabel.runs.mix import assign_kinds, parse_kinds
from fc_distilabel.synthesis.own_apis import read_own_apis
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
    notes: tuple[str, ...] = ()
    """What was left out of what the user gave, and why."""

    @property
    def sizes(self) -> dict[Language, int]:
        """How many passages each language has."""
        return {language: len(queue) for language, queue in self.queues.items()}


def make_plan(
    paths: Sequence[str],
    language: LanguageChoice,
    kinds: str,
    per_passage: int,
    seed: int,
    tools: str = "",
) -> Plan:
    """Read the documents, or the file of tools, and put their passages in order.

    Raises `DocumentError` where a document cannot be read, `InputError` where none has a passage,
    or where both or neither are given.
    """
    mix = parse_kinds(kinds)
    if bool(paths) == bool(tools):
        # A row rests on a document's sentence or on an API's own words: a run has one sort.
        given = "both are given" if tools else "neither is given"
        raise InputError(f"give documents (PATH...) or your own APIs (--tools FILE): {given}")
    if tools:
        own = read_own_apis(tools, language)
        groups = [[api.passage(own.document) for api in own.apis]]
        return Plan(_queues(groups, mix, per_passage, seed), ((own.document, own.id),), own.notes)
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
    queues = _queues(found, mix, per_passage, seed)
    if not queues:
        names = ", ".join(reading.document.name for reading in readings)
        raise InputError(f"no passage in English or Chinese in {names}")
    return Plan(queues, tuple((r.document.name, r.document.id) for r in readings))


def _queues(
    groups: Sequence[Sequence[Passage]], mix: Mapping[Kind, float], per_passage: int, seed: int
) -> dict[Language, Sequence[Planned]]:
    """The passages of each language in order, with their kinds."""
    queues: dict[Language, Sequence[Planned]] = {}
    for index, name in enumerate(LANGUAGES):
        ordered = _in_turn([[p for p in group if p.language == name] for group in groups], seed)
        if ordered:
            # Each language starts the mix at another place, so that few rows still show all kinds.
            plan = assign_kinds(mix, len(ordered) + index, per_passage)[index:]
            queues[name] = [
                Planned(passage, tuple(kinds_), position)
                for position, (passage, kinds_) in enumerate(zip(ordered, plan, strict=True))
            ]
    return queues


def _in_turn(documents: Sequence[Sequence[Passage]], seed: int) -> list[Passage]:
    """One passage of each document after the other; within one, seeded, thin ones last."""
    shuffled = []
    for passages in documents:
        mixed = list(passages)
        if mixed:
            rng(seed, "passages", mixed[0].id).shuffle(mixed)
            shuffled.append(sorted(mixed, key=is_thin))
    longest = max(map(len, shuffled), default=0)
    return [mixed[i] for i in range(longest) for mixed in shuffled if i < len(mixed)]


def is_thin(passage: Passage) -> bool:
    """Whether a passage says little of what people want: rows of a table, or a line or two."""
    rows = sum(bool(_TABLE_ROW.match(sentence)) for sentence in passage.sentences)
    short = sum(map(len, passage.sentences)) < THIN[passage.language]
    return short or rows * 2 >= len(passage.sentences)
