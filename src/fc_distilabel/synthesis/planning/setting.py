"""What a kind of dialogue is planned from, and what its plan is before it is a blueprint.

A planner takes a `Setting` and gives a `Plan`. All its randomness comes from the setting, so a plan
depends on the seed, the kind and the toolset alone; results come from the toolset's world.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from fc_distilabel.synthesis.arguments import Arguments, draw_arguments
from fc_distilabel.synthesis.planning.context import dated_today
from fc_distilabel.synthesis.planning.service import READS, answer
from fc_distilabel.types import (
    Exchange,
    Fact,
    Json,
    Language,
    Reference,
    Tool,
    ToolCall,
    Toolset,
)


@dataclass(frozen=True)
class Setting:
    """What there is to plan with."""

    toolset: Toolset
    random: random.Random
    others: Sequence[Tool] = ()
    """Tools of other scenarios, which may serve as distractors."""
    in_context: bool = False
    """Whether the system message may say a value that the user then leaves out."""

    @property
    def language(self) -> Language:
        """The language of the conversation."""
        return self.toolset.scenario.language

    @property
    def needed(self) -> Tool:
        """The tool that answers the scenario."""
        return self.toolset.needed

    @property
    def is_own(self) -> bool:
        """Whether the tool is one of the user's own, whose schemas stay as they are."""
        return bool(self.toolset.asked or self.toolset.told)

    @property
    def reads(self) -> bool:
        """Whether nothing is changed by a call: it may well be made twice."""
        return self.toolset.scenario.action in READS

    def arguments(self, count: int = 1, *, any_value: bool = False) -> list[Arguments]:
        """Arguments of so many calls, which differ in exactly one value."""
        drawn = draw_arguments(self.toolset, count, self.random, any_value=any_value)
        return dated_today(self.toolset, drawn) if self.in_context and self.reads else drawn

    def result(self, call: ToolCall) -> Json:
        """A result of a call of the needed tool."""
        return answer(self.toolset, call)

    def happens(self, share: float) -> bool:
        """Whether something that happens in such a share of cases does so here."""
        return self.random.random() < share


@dataclass(frozen=True)
class Plan:
    """All that a kind decides of a conversation."""

    tools: tuple[Tool, ...]
    """The tools on offer."""
    calls: tuple[ToolCall, ...]
    results: tuple[Json, ...]
    facts: tuple[Fact, ...]
    exchanges: tuple[Exchange, ...]
    missing: Tool | None = None
    references: dict[str, Reference] = field(default_factory=dict)
    failed: tuple[int, ...] = ()
    makes: dict[str, str] = field(default_factory=dict)
    """Name of a further tool that changes something -> what sort of record its calls make."""


def numbered(name: str, arguments: Sequence[Arguments], start: int = 0) -> tuple[ToolCall, ...]:
    """Calls of one tool, their ids by their number."""
    return tuple(
        ToolCall(id=f"call_{number}", name=name, arguments=each)
        for number, each in enumerate(arguments, start)
    )
