"""The benchmark's load through our own step, our own LLM and, where asked, the journal."""

import json
import time
from collections import Counter
from typing import Any, ClassVar

from distilabel.pipeline import Pipeline
from engine_load import Dialogue, Held, Load, hold, is_right

from fc_distilabel.llms import ChatCompletionsLLM
from fc_distilabel.steps.base import ModelStep
from fc_distilabel.synthesis.asking import Asker
from fc_distilabel.types import Identified, Language, Stage


class HoldDialogues(ModelStep):
    """A step as any other, for the benchmark's dialogues."""

    stage: ClassVar[Stage] = "dialogue"
    noun: ClassVar[type[Identified]] = Dialogue
    consumes: ClassVar[str] = "dialogue"
    produces: ClassVar[str] = "held"

    def language_of(self, noun: Dialogue) -> Language:
        """English."""
        return "en"

    async def make(self, asker: Asker, noun: Dialogue) -> Held:
        """See `hold`."""
        return await hold(asker, noun)


def run(load: Load, url: str, width: int, timeout: float, store: str = "") -> dict[str, Any]:
    """Hold all dialogues; says what that took and what became of them."""
    llm = ChatCompletionsLLM(
        model="fake", base_url=url, api_key="none", max_in_flight=width, timeout=timeout
    )
    step = HoldDialogues(
        name="it", pipeline=Pipeline(name="bench"), llm=llm, max_in_flight=width, store=store
    )
    step.load()
    dialogues = load.make()
    rows = [{"dialogue": dialogue.to_json()} for dialogue in dialogues]
    cpu, wall = time.process_time(), time.perf_counter()
    done = next(step.process(rows))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    step.unload()
    return {"cpu": cpu, "wall": wall, **_ends(dialogues, done)}


def _ends(dialogues: list[Dialogue], done: list[dict[str, Any]]) -> dict[str, Any]:
    """How the rows ended: finished, dropped with what reason, doubled or wrong."""
    kept = [Held.model_validate_json(row["held"]) for row in done if row["held"]]
    drops = [json.loads(row["drop"]) for row in done if row["drop"]]
    asked = [dialogue.to_json() for dialogue in dialogues]
    return {
        "finished": len(kept),
        "in order": [row["dialogue"] for row in done] == asked,
        "doubled": len(kept) - len({held.dialogue.id for held in kept}),
        "wrong": sum(not is_right(held) for held in kept),
        "drops": dict(Counter(f"{d['reason']}: {d['detail'][-60:]}" for d in drops)),
    }
