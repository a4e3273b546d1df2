"""What a run owes to its target, tool after tool.

Shares cannot be reached within one tool: of six parameters, 18 % is none or one. So the run keeps
account, and each tool is made to pay what the tools before it left owing (error diffusion, the
running form of the method of the largest remainder). After any number of tools the counts are then
within one of the target, as far as the tools have room for it.
"""

import math
import random
from collections import Counter
from dataclasses import dataclass, field

from fc_distilabel.apis.complexity import DENOMINATORS, Complexity, Measured, counted, measured
from fc_distilabel.types import Tool

_SPREAD = 0.4
"""How far the parameters of a tool lie from the mean, at most."""


@dataclass
class Ledger:
    """The account of a run."""

    target: Complexity
    counts: Counter[str] = field(default_factory=Counter)
    deepest: int = 0
    phase: dict[str, float] = field(default_factory=dict)
    """What is added to the dues of a feature before they are rounded, between -0.5 and 0.5."""

    @classmethod
    def for_one(cls, target: Complexity, random_: random.Random) -> "Ledger":
        """The account of a tool by itself: dues are rounded up as often as chance would have it.

        Over many tools the shares come out all the same, whatever the order of the tools.
        """
        features = sorted({*DENOMINATORS, "depth", "turn"})
        return cls(target, phase={f: random_.uniform(-0.5, 0.5) for f in features})

    def owed(self, feature: str, tool: Tool) -> int:
        """How much more of a feature the tool under way must have; negative where too much."""
        own = counted(tool.parameters)
        return self.due(feature, own[DENOMINATORS[feature]]) - own[feature]

    def due(self, feature: str, more: int) -> int:
        """How much of a feature is due when what it is a share of grows by so many."""
        due: float = getattr(self.target, feature) * (self.counts[DENOMINATORS[feature]] + more)
        return math.floor(due + 0.5 + self.phase.get(feature, 0)) - self.counts[feature]

    def parameters_due(self, random_: random.Random) -> int:
        """How many parameters the next tool shall have: around the mean, the sum of all exact."""
        mean = self.target.parameters
        swing = random_.uniform(-_SPREAD, _SPREAD) * mean if mean > 2 else 0
        due = mean * (self.counts["tools"] + 1) - self.counts["parameters"]
        return max(1, min(round(due + swing), math.ceil(2 * mean)))

    def depth_due(self, parameters: int) -> int:
        """How deep the next tool shall be: 1 when it is flat; deep ones take turns."""
        due = self.target.depth * (self.counts["tools"] + 1)
        due += self.phase.get("depth", 0)
        if self.target.max_depth < 2 or math.floor(due + 0.5) <= self.counts["depth"]:
            return 1
        turns = self.target.max_depth - 1
        turn = self.counts["depth"] + int((self.phase.get("turn", -0.5) + 0.5) * turns)
        depth = self.target.max_depth - turn % turns
        return max(2, min(depth, parameters + 1))

    def add(self, tool: Tool) -> None:
        """A tool is done."""
        own = counted(tool.parameters)
        self.deepest = max(self.deepest, own.pop("max_depth"))
        self.counts += own

    def measured(self) -> Measured:
        """What the run has reached."""
        return measured(self.counts, self.deepest)
