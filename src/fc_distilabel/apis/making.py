"""Drafts -> rows of tools; and domains -> such rows at a target complexity, without a model."""

import random
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from itertools import cycle, islice
from typing import ClassVar

from fc_distilabel.apis.base_tools import Subject, base_draft, key_materials, subjects, supply
from fc_distilabel.apis.choosing import preferred
from fc_distilabel.apis.complexity import Complexity, Measured, measure
from fc_distilabel.apis.domains import Domain
from fc_distilabel.apis.drafts import Draft, Mutated
from fc_distilabel.apis.duplicates import SeenTools
from fc_distilabel.apis.evolving import evolve
from fc_distilabel.apis.ledger import Ledger
from fc_distilabel.apis.similar import SimilarTool, similar_tools
from fc_distilabel.types import Json, Language, Scenario, Tool, content_id

MAX_TRIES = 4
"""Tools that may be made for each one wanted; the others are near-duplicates."""


@dataclass(frozen=True)
class MadeTool:
    """A tool, how it came about, what resembles it, and what it is for."""

    tool: Tool
    similar: tuple[SimilarTool, ...]
    language: Language
    lineage: tuple[Mutated, ...]
    complexity: Measured
    scenario: Scenario | None = None
    """What somebody wants of it; None where no document was read."""

    def row(self) -> dict[str, Json]:
        """The row of a file; the needed tool comes first."""
        offered = [_with_returns(tool) for tool in (self.tool, *(s.tool for s in self.similar))]
        row: dict[str, Json] = {
            "id": content_id(offered),
            "tools": offered,
            "similar": [_told(each) for each in self.similar],
            "lineage": [step.model_dump() for step in self.lineage],
            "complexity": self.complexity.model_dump(),
        }
        if self.scenario is not None:
            told = {"user_goal", "document", "evidence"}
            row["scenario"] = self.scenario.model_dump(mode="json", include=told)
        return row


@dataclass(frozen=True)
class Alike:
    """The similar tools wanted beside each tool."""

    count: int = 0
    confusability: float | None = None
    """What each shall come near to; None for any, and then nothing is measured."""

    def beside(
        self,
        draft: Draft,
        random_: random.Random,
        domain: Domain | None = None,
        scenario: Scenario | None = None,
    ) -> MadeTool:
        """The finished tool with its similar ones."""
        found = similar_tools(
            draft.tool,
            self.count,
            random_,
            language=draft.language,
            domain=domain,
            confusability=self.confusability,
        )
        measured = measure([draft.tool])
        return MadeTool(draft.tool, found, draft.language, draft.lineage, measured, scenario)


@dataclass
class Making:
    """A run that makes tools; iterate over it, then ask it what came of it."""

    domains: Sequence[Domain]
    target: Complexity
    count: int
    seed: int = 0
    alike: Alike = field(default_factory=Alike)
    ledger: Ledger = field(init=False)
    duplicates: int = 0
    """Near-duplicates that were made and left out."""
    used_up: ClassVar[str] = "these domains have no more that differ"
    """What is to be said where fewer were made than asked for."""

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.target)

    def __iter__(self) -> Generator[MadeTool, None, None]:
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
            yield self.alike.beside(draft, random_, subject.domain)

    def left_out(self) -> str:
        """What was made and not handed out, in words."""
        return f"{self.duplicates:,} near-duplicates" if self.duplicates else ""

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


def _with_returns(tool: Tool) -> dict[str, Json]:
    entry = tool.openai()
    entry["function"]["returns"] = tool.returns
    return entry


def _told(similar: SimilarTool) -> dict[str, Json]:
    measured = similar.confusability
    return {
        "name": similar.tool.name,
        "sort": similar.sort,
        "decided_by": similar.decided_by,
        "confusability": None if measured is None else measured.value,
    }
