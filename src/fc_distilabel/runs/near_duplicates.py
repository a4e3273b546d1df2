"""Near-duplicates within a run: scenarios, tools and messages that say again what a row said.

Everything is compared with what stands before it in the plan, language by language, and with
nothing else. Rows come through a step in the order of the plan, and a run that goes on begins with
its first row again, so what is left out never hangs on timing or on how often a run was stopped.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from fc_distilabel.apis.duplicates import THRESHOLD, Seen, marks_of
from fc_distilabel.types import Tool, Toolset

NEAR = 0.7
"""Overlap of words and pairs of words (Jaccard) from which two texts are near-duplicates. In a
request of eight words one may differ and no more; in a Chinese one of twelve characters, one."""
SAME_PASSAGE = 0.95
"""The same for messages of one passage, which share scenario and tool by design: only those that
say the same values in the same words."""
_TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")


@dataclass(frozen=True)
class Earlier:
    """What a row said before."""

    row: str
    """Its id."""
    passage: str
    text: str


@dataclass(frozen=True)
class Likeness:
    """That something is much like what an earlier row has."""

    what: str
    earlier: Earlier
    overlap: float
    rejected: bool = False
    """Whether people rejected that row, of a run before."""

    @property
    def reason(self) -> str:
        """The reason of the drop."""
        return f"{'rejected' if self.rejected else 'near-duplicate'} {self.what}"

    @property
    def detail(self) -> str:
        """Which row it resembles, how much, and what that row says."""
        return f"resembles row {self.earlier.row} ({self.overlap:.2f}): {self.earlier.text}"


def shingles(text: str) -> frozenset[str]:
    """Words and pairs of neighbouring words; in Chinese, where no space parts them, characters."""
    tokens = _TOKEN.findall(text.casefold())
    pairs = (f"{one} {other}" for one, other in pairwise(tokens))
    return frozenset((*tokens, *pairs))


@dataclass
class PlannedBefore:
    """The toolsets of one language that were planned so far."""

    new_tools: bool = True
    """Whether each tool is made for its scenario, and so should come once."""
    _goals: Seen[Earlier] = field(default_factory=lambda: Seen(NEAR))
    _tools: Seen[Earlier] = field(default_factory=lambda: Seen(THRESHOLD))
    _rejected: set[str] = field(default_factory=set)
    """Ids of rows that people rejected, among those seen."""

    def likeness(self, toolset: Toolset) -> Likeness | None:
        """The earlier row whose scenario or tool this one's is much like, or None."""
        goals = self._goals.alike(shingles(toolset.scenario.user_goal))
        if goals:
            return self._like("scenario", goals[0])
        tools = self._tools.alike(marks_of(toolset.needed)) if self.new_tools else []
        return self._like("toolset", tools[0]) if tools else None

    def add(self, toolset: Toolset, row: str) -> None:
        """Remember a toolset, by the first of its rows."""
        scenario = toolset.scenario
        self._add(row, scenario.passage_id, scenario.user_goal, toolset.needed)

    def reject(self, row: str, goal: str, tool: Tool | None) -> None:
        """Remember what people rejected of a run before; None where the tool was not at fault."""
        self._rejected.add(row)
        self._add(row, "", goal, tool)

    def _add(self, row: str, passage: str, goal: str, tool: Tool | None) -> None:
        self._goals.add(shingles(goal), Earlier(row, passage, goal))
        if tool is not None:
            names = ", ".join(tool.parameters.get("properties", {}))
            self._tools.add(marks_of(tool), Earlier(row, passage, f"{tool.name}({names})"))

    def _like(self, what: str, found: tuple[float, Earlier]) -> Likeness:
        overlap, earlier = found
        return Likeness(what, earlier, overlap, earlier.row in self._rejected)


@dataclass
class SaidBefore:
    """The messages of one language that users of kept rows said so far."""

    _messages: Seen[Earlier] = field(default_factory=lambda: Seen(NEAR))

    def likeness(self, message: str, passage: str) -> Likeness | None:
        """The earlier row whose message this one is much like, or None."""
        for overlap, earlier in self._messages.alike(shingles(message)):
            if earlier.passage != passage or overlap >= SAME_PASSAGE:
                return Likeness("message", earlier, overlap)
        return None

    def add(self, message: str, passage: str, row: str) -> None:
        """Remember the message of a kept row."""
        self._messages.add(shingles(message), Earlier(row, passage, message))
