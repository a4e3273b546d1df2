"""The benchmark's load through distilabel's own task and LLM: batch by batch, turn by turn.

This is kinder than a pipeline of tasks: no processes, no batches written to disk, no scheduler, and
rows whose dialogue has ended are not carried along.
"""

import time
from typing import Any

from distilabel.models.llms import OpenAILLM
from distilabel.pipeline import Pipeline
from distilabel.steps.tasks import TextGeneration
from engine_load import MAX_TOKENS, Dialogue, Load, question
from openai import OpenAIError


def run(load: Load, url: str, width: int, timeout: float, store: str = "") -> dict[str, Any]:
    """Hold all dialogues, `width` at a time; says what that took and how many came through."""
    llm = OpenAILLM(
        model="fake",
        base_url=url,
        api_key="none",
        timeout=int(timeout),
        generation_kwargs={"max_new_tokens": MAX_TOKENS},
    )
    task = TextGeneration(
        name="it",
        pipeline=Pipeline(name="bench"),
        llm=llm,
        input_batch_size=width,
        add_raw_input=False,
        add_raw_output=False,
    )
    task.load()
    dialogues = load.make()
    cpu, wall = time.process_time(), time.perf_counter()
    batches = [dialogues[start : start + width] for start in range(0, len(dialogues), width)]
    finished = sum(_hold(task, batch) for batch in batches)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    task.unload()
    return {"cpu": cpu, "wall": wall, "finished": finished}


def _hold(task: TextGeneration, batch: list[Dialogue]) -> int:
    """Hold a batch of dialogues; returns how many were answered to the end."""
    said: dict[str, list[str]] = {dialogue.id: [] for dialogue in batch}
    for turn in range(max(dialogue.calls for dialogue in batch)):
        going = [d for d in batch if d.calls > turn and len(said[d.id]) == turn]
        if not going:
            break
        rows = [{"instruction": question(d, turn, said[d.id])} for d in going]
        try:
            answered = next(task.process(rows))
        except OpenAIError:  # of one row; a pipeline goes on with None for the whole batch
            break
        for dialogue, row in zip(going, answered, strict=True):
            if row["generation"]:
                said[dialogue.id].append(row["generation"])
    return sum(len(said[dialogue.id]) == dialogue.calls for dialogue in batch)
