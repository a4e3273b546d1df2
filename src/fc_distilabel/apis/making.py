"""Domains -> tools at a target complexity, without a model."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import cycle, islice

from fc_distilabel.apis.base_tools import Subject, base_draft, key_materials, subjects, supply
from fc_distilabel.apis.choosing import preferred
from fc_distilabel.apis.complexity import Complexity, Measured, measure
from fc_distilabel.apis.domains import Domain
from fc_distilabel.apis.drafts import Draft, Mutated
from fc_distilabel.apis.duplicates import SeenTools
from fc_distilabel.apis.evolving import evolve
from fc_distilabel.apis.ledger import Ledger
from fc_distilabel.apis.twins import similar_tools
from fc_distilabel.types import Json, Language, Tool, content_id

MAX_TRIES = 4
"""Tools that may be made for each one wanted; the others are near-duplicates."""


@dataclass(frozen=True)
class MadeTool:
    """A tool, how it came about, and what resembles it."""

    tool: Tool
    similar: tuple[Tool, ...]
    language: Language
    lineage: tuple[Mutated, ...]
    complexity: Measured

    def row(self) -> dict[str, Json]:
        """The row of a file; the needed tool comes first."""
        offered = [_with_returns(tool) for tool in (self.tool, *self.similar)]
        return {
            "id": content_id(offered),
            "tools": offered,
            "lineage": [step.model_dump() for step in self.lineage],
            "complexity": self.complexity.model_dump(),
        }


@dataclass
class Making:
    """A run that makes tools; iterate over it, then ask it what came of it."""

    domains: Sequence[Domain]
    target: Complexity
    count: int
    seed: int = 0
    similar: int = 0
    ledger: Ledger = field(init=False)
    duplicates: int = 0
    """Near-duplicates that were made and left out."""

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.target)

    def __iter__(self) -> Iterator[MadeTool]:
        """The tools, one after another; fewer than wanted where the domains have no more."""
        seen, made = SeenTools(), 0
        order = [s for s in subjects(self.domains) if len(key_materials(s)) <= self._room]
        random.Random(content_id("order", self.seed)).shuffle(order)
        for number, subject in enumerate(islice(cycle(order), MAX_TRIES * self.count)):
            if made == self.count:
                return
            random_ = random.Random(content_id("tool", self.seed, number))
            draft = self._draft(subject, random_)
            if not seen.take(draft.tool):
                self.duplicates += 1
                continue
            made += 1
            self.ledger.add(draft.tool)
            yield self._made(draft, random_)

    @property
    def _room(self) -> int:
        """How many parameters every tool may begin with."""
        return max(1, int(self.target.parameters))

    def _draft(self, subject: Subject, random_: random.Random) -> Draft:
        keys = key_materials(subject)
        ordered = preferred(supply(subject, random_), self.ledger, keys)
        most = min(3, self._room - len(keys))
        first = random_.randint(min(1, most), most)
        draft = base_draft(subject, ordered[:first], random_)
        return evolve(replace(draft, spare=tuple(ordered[first:])), self.ledger, random_)

    def _made(self, draft: Draft, random_: random.Random) -> MadeTool:
        alike = similar_tools(draft.tool, self.similar, random_, draft.language)
        return MadeTool(draft.tool, alike, draft.language, draft.lineage, measure([draft.tool]))


def _with_returns(tool: Tool) -> dict[str, Json]:
    entry = tool.openai()
    entry["function"]["returns"] = tool.returns
    return entry
