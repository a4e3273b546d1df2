"""Generator step: documents -> passages, as many as the rows asked for need and no more."""

import time
from collections import deque
from typing import TYPE_CHECKING

from distilabel.mixins.runtime_parameters import RuntimeParameter
from distilabel.steps import GeneratorStep
from pydantic import Field, PrivateAttr

from fc_distilabel.documents.passages import read_documents, split_passages
from fc_distilabel.runs.mix import assign_kinds, parse_kinds
from fc_distilabel.runs.outcomes import split_quota
from fc_distilabel.runs.store import Progress, RunStore
from fc_distilabel.synthesis.seeds import rng
from fc_distilabel.types import LANGUAGES, Language, Passage, canonical_json

if TYPE_CHECKING:
    from distilabel.typing import GeneratorStepOutput, StepColumns

EXPECTED_YIELD = 0.6
"""Share of attempted rows that is expected to be kept, for deciding how many to start."""
POLL_SECONDS = 0.1


class DocumentPassages(GeneratorStep):
    """Read documents and hand out their passages, each with the dialogue kinds to make of it.

    With a `store` it stops once enough rows are kept, and never runs further ahead of the kept
    rows than `window` passages, so that no model call is made for a row that nobody asked for.
    Without one it hands out everything.

    Attributes:
        paths: files, folders or globs.
        language: `auto`, `en` or `zh`.
        rows: how many kept rows are wanted; shared evenly among the languages found.
        kinds: dialogue kinds as `single,parallel` or `single=3,parallel=1`; empty for the default.
        per_passage: how many rows are attempted for each passage.
        window: how many passages may be under way at a time.
        store: path of the run's database.
        seed: seed of the run.

    Output columns:
        - passage (`str`): a `Passage` as JSON.
        - kinds (`str`): the dialogue kinds for this passage, as a JSON list.

    Categories:
        - load
    """

    paths: RuntimeParameter[list[str]] = Field(default=[], description="Files, folders or globs.")
    language: RuntimeParameter[str] = Field(default="auto", description="auto, en or zh.")
    rows: RuntimeParameter[int] = Field(default=10, description="Kept rows that are wanted.")
    kinds: RuntimeParameter[str] = Field(default="", description="Mix of dialogue kinds.")
    per_passage: RuntimeParameter[int] = Field(default=3, description="Rows tried per passage.")
    window: RuntimeParameter[int] = Field(default=2, description="Passages under way at a time.")
    store: RuntimeParameter[str] = Field(default="", description="Path of the run's database.")
    seed: RuntimeParameter[int] = Field(default=0, description="Seed of the run.")

    _queues: dict[Language, deque[tuple[Passage, list[str]]]] = PrivateAttr(default_factory=dict)
    _sent: dict[Language, int] = PrivateAttr(default_factory=dict)

    @property
    def outputs(self) -> "StepColumns":
        """The passage and its kinds."""
        return ["passage", "kinds"]

    def load(self) -> None:
        """Read the documents; raises `DocumentError` where one cannot be read."""
        super().load()
        self._queues = plan_passages(
            self.paths or [], self.language or "auto", self.kinds or "", self.per_passage or 1,
            self.seed or 0,
        )
        self._sent = dict.fromkeys(self._queues, 0)

    def process(self, offset: int = 0) -> "GeneratorStepOutput":
        """Hand out passages until enough rows are kept; the last batch may be empty."""
        store = RunStore(self.store) if self.store else None
        try:
            while (batch := self._next_batch(store)) is not None:
                yield batch, False
            yield [], True
        finally:
            if store is not None:
                store.close()

    def _next_batch(self, store: RunStore | None) -> list[dict[str, str]] | None:
        """The next passages, or None when nothing more is needed or left."""
        while any(self._queues.values()):
            if store is None:
                return self._take(dict.fromkeys(self._queues, self.batch_size or 1))
            progress = store.progress()
            if progress.endpoint_lost:
                return None
            missing = self._missing(progress)
            if not any(missing.values()):
                return None
            room = (self.window or 1) - self._under_way(progress)
            if room > 0 and any(self._starts(missing, progress).values()):
                return self._take(self._starts(missing, progress), room)
            time.sleep(POLL_SECONDS)
        return None

    def _missing(self, progress: Progress) -> dict[Language, int]:
        """Kept rows still wanted per language that has passages left."""
        exhausted = {
            language: progress.kept.get(language, 0)
            for language, queue in self._queues.items()
            if not queue and not self._in_flight(language, progress)
        }
        quota = split_quota(self.rows or 0, self._queues, exhausted)
        return {
            language: max(0, quota[language] - progress.kept.get(language, 0)) if queue else 0
            for language, queue in self._queues.items()
        }

    def _starts(self, missing: dict[Language, int], progress: Progress) -> dict[Language, int]:
        """Passages worth starting now per language, given what is under way already."""
        each = (self.per_passage or 1) * EXPECTED_YIELD
        return {
            language: max(0, round(rows / each + 0.49) - self._in_flight(language, progress))
            for language, rows in missing.items()
        }

    def _in_flight(self, language: Language, progress: Progress) -> int:
        done = progress.rows.get(language, 0) // (self.per_passage or 1)
        return self._sent[language] - done

    def _under_way(self, progress: Progress) -> int:
        return sum(self._in_flight(language, progress) for language in self._queues)

    def _take(self, wanted: dict[Language, int], room: int | None = None) -> list[dict[str, str]]:
        """Up to a batch of passages, languages in turn, the one that lags most first."""
        limit = min(self.batch_size or 1, room if room is not None else self.batch_size or 1)
        batch: list[dict[str, str]] = []
        left = dict(wanted)
        while len(batch) < limit:
            ready = [name for name, queue in self._queues.items() if queue and left[name] > 0]
            if not ready:
                break
            language = max(ready, key=lambda name: (left[name], -self._sent[name]))
            passage, kinds = self._queues[language].popleft()
            batch.append({"passage": passage.to_json(), "kinds": canonical_json(kinds)})
            left[language] -= 1
            self._sent[language] += 1
        return batch


def plan_passages(
    paths: list[str], language: str, kinds: str, per_passage: int, seed: int
) -> dict[Language, deque[tuple[Passage, list[str]]]]:
    """All passages with their kinds, per language, documents in turn, in a seeded order."""
    mix = parse_kinds(kinds)
    queues: dict[Language, deque[tuple[Passage, list[str]]]] = {}
    found = [split_passages(document) for document in read_documents(paths, language)]
    for index, name in enumerate(LANGUAGES):
        ordered = _in_turn([[p for p in passages if p.language == name] for passages in found], seed)
        if ordered:
            # Each language starts the mix at another place, so that few rows still show all kinds.
            plan = assign_kinds(mix, len(ordered) + index, per_passage)[index:]
            queues[name] = deque(zip(ordered, plan, strict=True))
    return queues


def _in_turn(documents: list[list[Passage]], seed: int) -> list[Passage]:
    """One passage of each document after the other; within a document in a seeded order."""
    shuffled = []
    for passages in documents:
        passages = list(passages)
        if passages:
            rng(seed, "passages", passages[0].id).shuffle(passages)
            shuffled.append(passages)
    longest = max(map(len, shuffled), default=0)
    return [p[i] for i in range(longest) for p in shuffled if i < len(p)]
