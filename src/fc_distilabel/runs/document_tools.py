"""Documents -> tools at a target complexity, each for what somebody wants of its passage.

A model words what is wanted and the function for it; code makes the function as complex as is due.
Answers come in any order and are used in the order of the plan, since one account runs over all
tools. No more passages are started than tools are missing, so no answer is paid for in vain.
"""

import asyncio
import random
from collections import Counter, deque
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, ClassVar

from fc_distilabel.apis.complexity import Complexity
from fc_distilabel.apis.drafts import Draft
from fc_distilabel.apis.duplicates import SeenTools
from fc_distilabel.apis.ledger import Ledger
from fc_distilabel.apis.making import Alike, MadeTool
from fc_distilabel.apis.own_tools import evolved
from fc_distilabel.errors import Dropped, EndpointError, EndpointUnusableError, RunError
from fc_distilabel.runs.outcomes import ENDPOINT_FAILED
from fc_distilabel.runs.plan import Plan, is_thin
from fc_distilabel.synthesis.asking import Asker
from fc_distilabel.synthesis.chat import ChatModel
from fc_distilabel.synthesis.scenarios import mine_scenario, spoken_of
from fc_distilabel.synthesis.toolsets import synthesize_toolset
from fc_distilabel.types import LANGUAGES, Drop, Language, Passage, Stage, Toolset, content_id

WORDED = 5
"""Parameters that a model words for a tool; beyond them come such as any service takes."""


@dataclass
class DocumentTools:
    """A run that makes tools of passages; iterate over it, then ask it what came of it."""

    model: ChatModel
    passages: Sequence[Passage]
    target: Complexity
    count: int
    seed: int = 0
    alike: Alike = field(default_factory=Alike)
    window: int = 32
    """Passages that a model is asked about at once."""
    ledger: Ledger = field(init=False)
    duplicates: int = 0
    """Near-duplicates that were left out."""
    drops: Counter[str] = field(default_factory=Counter)
    """Passages of which no tool was made, by stage and reason."""
    used_up: ClassVar[str] = (
        "the documents are exhausted; for more, further documents, or a stronger model "
        "(--llm openai:MODEL)"
    )
    """What is to be said where fewer were made than asked for."""
    _made: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.target)

    def __iter__(self) -> Generator[MadeTool, None, None]:
        """The tools in the order of the passages; fewer than wanted where these run out.

        Raises `RunError` where not one could be made, and whatever says that no model answers.
        """
        seen, named = SeenTools(), set[tuple[str, str]]()
        for end in self._ends():
            if isinstance(end, Drop):
                self.drops[f"{end.stage}: {end.reason}"] += 1
                continue
            name = end.scenario.document, end.needed.name
            if name in named or not seen.take(end.needed):
                self.duplicates += 1
            else:
                named.add(name)
                self._made += 1
                yield self._tool(end)
        if not self._made:
            raise RunError(
                f"no tool could be made of {len(self.passages)} passages: {self.left_out()}"
            )

    def left_out(self) -> str:
        """What became of the other passages, the most frequent first."""
        counts = self.drops + Counter({"near-duplicates": self.duplicates})
        return ", ".join(f"{count} {reason}" for reason, count in counts.most_common())

    def _tool(self, toolset: Toolset) -> MadeTool:
        scenario = toolset.scenario
        random_ = random.Random(content_id("tool", self.seed, scenario.id))
        draft = self._draft(toolset, random_)
        return self.alike.beside(draft, random_, scenario=scenario)

    def _draft(self, toolset: Toolset, random_: random.Random) -> Draft:
        language, known = toolset.scenario.language, toolset.examples_of("parameters")
        room = max(1, round(self.target.parameters) - WORDED)
        return evolved(toolset.needed, self.ledger, random_, language, known, extras=room)

    def _ends(self) -> Iterator[Toolset | Drop]:
        """What became of the passages, in order."""
        loop = asyncio.new_event_loop()
        free = asyncio.Semaphore(self.window)
        rest = iter(self.passages)
        waiting: deque[asyncio.Task[Toolset | Drop]] = deque()
        try:
            while True:
                for passage in islice(rest, self.count - self._made - len(waiting)):
                    waiting.append(loop.create_task(self._end(passage, free)))
                if not waiting:
                    return
                yield loop.run_until_complete(waiting[0])
                waiting.popleft()
        finally:
            _close(loop, waiting)

    async def _end(self, passage: Passage, free: asyncio.Semaphore) -> Toolset | Drop:
        """What becomes of one passage."""
        stage: Stage = "scenario"
        try:
            async with free:
                asker = Asker(self.model, stage, passage.language, (self.seed, passage.id))
                scenario = await mine_scenario(asker, passage)
                stage = "toolset"
                asker = Asker(self.model, stage, scenario.language, (self.seed, scenario.id))
                return await synthesize_toolset(asker, scenario, wide=True)
        except Dropped as drop:
            return Drop(stage=stage, reason=drop.reason, detail=drop.detail)
        except EndpointUnusableError:
            raise
        except EndpointError as error:
            return Drop(stage=stage, reason=ENDPOINT_FAILED, detail=str(error))


def in_turn(plan: Plan) -> list[Passage]:
    """All passages, languages and documents in turn; of each document the richest first.

    A passage is rich that speaks of many sorts of things that a service does.
    """
    planned = [each for queue in plan.queues.values() for each in queue]
    planned.sort(key=lambda each: (is_thin(each.passage), -len(spoken_of(each.passage))))
    first: dict[tuple[Language, str], int] = {}
    for each in planned:
        whose = each.passage.language, each.passage.document
        first[whose] = min(each.position, first.get(whose, each.position))
    turns: Counter[tuple[Language, str]] = Counter()
    ranked: list[tuple[int, int, int, Passage]] = []
    for each in planned:
        passage = each.passage
        whose = passage.language, passage.document
        ranked.append((turns[whose], first[whose], LANGUAGES.index(passage.language), passage))
        turns[whose] += 1
    return [passage for *_, passage in sorted(ranked, key=lambda one: one[:3])]


def _close(loop: asyncio.AbstractEventLoop, waiting: "Sequence[asyncio.Task[Any]]") -> None:
    """End what is under way, and look at what came of it: nobody waits for it any more."""
    left = {*asyncio.all_tasks(loop), *waiting}
    for task in left:
        task.cancel()
    if left:
        ended = asyncio.gather(*left, return_exceptions=True)
        ended.add_done_callback(lambda _: loop.stop())
        while not ended.done():  # an interrupt may have left a stop behind, which comes first
            loop.run_forever()
    loop.close()
