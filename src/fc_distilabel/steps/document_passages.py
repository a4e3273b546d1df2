"""Generator step: documents -> passages, as many as the rows asked for need and no more."""

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from distilabel.mixins.runtime_parameters import RuntimeParameter
from distilabel.steps import GeneratorStep
from pydantic import Field, PrivateAttr

from fc_distilabel.runs.failures import reporting
from fc_distilabel.runs.plan import Plan, Planned, make_plan
from fc_distilabel.runs.schedule import Batch, Schedule
from fc_distilabel.runs.store import Ended, RunStore, open_store
from fc_distilabel.steps.columns import DROP, FILLER, Row
from fc_distilabel.types import canonical_json

if TYPE_CHECKING:
    from distilabel.typing import GeneratorStepOutput, StepColumns

POLL_SECONDS = 0.05


class DocumentPassages(GeneratorStep):
    """Read documents and hand out their passages, each with the dialogue kinds to make of it.

    With a `store` it hands out passages until enough rows are kept (see `Schedule`), in batches
    filled up to `batch_size` with rows that later steps of ours pass by; the steps up to
    `BlueprintPlanner` need `input_batch_size` equal to `batch_size`, those after it that times
    `per_passage`. Without a store it cannot know what is kept, and tries `rows` rows.

    Attributes:
        paths: files, folders or globs.
        own_apis: whether the one path is a file of tool definitions, for `OwnToolsets`.
        language: `auto`, `en` or `zh`.
        rows: how many kept rows are wanted, shared evenly among the languages found; 0 without
            a `store` hands out everything.
        kinds: dialogue kinds as `single,parallel` or `single=3,parallel=1`; empty for the default.
        per_passage: how many rows are attempted for each passage.
        seed: seed of the run.
        store: path of the run's database.

    Runtime parameters:
        - `paths`: files, folders or globs.
        - `own_apis`: whether the one path is a file of tool definitions.
        - `language`: `auto`, `en` or `zh`.
        - `rows`: how many kept rows are wanted.
        - `kinds`: dialogue kinds.
        - `per_passage`: how many rows are attempted for each passage.
        - `seed`: seed of the run.
        - `store`: path of the run's database.

    Output columns:
        - passage (`str`): a `Passage` as JSON.
        - kinds (`str`): the dialogue kinds for this passage, as a JSON list.
        - position (`int`): rank of the passage among those of its language.
        - drop (`str`): empty; for a row that fills up a batch, that it is one.

    Categories:
        - load
    """

    paths: RuntimeParameter[list[str]] = Field(default=[], description="Files, folders or globs.")
    own_apis: RuntimeParameter[bool] = Field(
        default=False, description="Whether the path is a file of tool definitions."
    )
    language: RuntimeParameter[str] = Field(default="auto", description="`auto`, `en` or `zh`.")
    rows: RuntimeParameter[int] = Field(default=30, description="How many kept rows are wanted.")
    kinds: RuntimeParameter[str] = Field(
        default="", description="`single,parallel` or `single=3,parallel=1`; empty for the default."
    )
    per_passage: RuntimeParameter[int] = Field(default=3, description="Rows tried per passage.")
    seed: RuntimeParameter[int] = Field(default=0, description="Seed of the run.")
    store: RuntimeParameter[str] = Field(default="", description="Path of the run's database.")

    _plan: Plan | None = PrivateAttr(None)

    @property
    def outputs(self) -> "StepColumns":
        """The passage, its kinds and its place."""
        return ["passage", "kinds", "position", DROP]

    def load(self) -> None:
        """Read the documents; raises `DocumentError` where one cannot be read."""
        super().load()
        with reporting(str(self.name)):
            # The file of tools stands in `paths` too: distilabel takes no empty list.
            paths, tools = self.paths or [], ""
            if self.own_apis:
                tools, *paths = paths or [""]
            self._plan = make_plan(
                paths,
                self.language or "auto",  # type: ignore[arg-type]  # checked there
                self.kinds or "",
                self._per_passage,
                self.seed or 0,
                tools,
            )

    def unload(self) -> None:
        """Let go of the documents."""
        super().unload()
        self._plan = None

    def process(self, offset: int = 0) -> "GeneratorStepOutput":
        """Hand out passages until enough rows are kept; the last batch may be all fillers."""
        assert self._plan is not None, "load() comes first"
        with reporting(str(self.name)):
            if not self.store:
                yield from self._all_batches(self._plan)
                return
            with open_store(self.store) as store:
                for batch in self._scheduled(store, self._plan):
                    yield self._filled(batch), False
            yield self._filled([]), True

    @property
    def _per_passage(self) -> int:
        return self.per_passage or 1

    def _schedule(self, plan: Plan, rows: int) -> Schedule:
        return Schedule(plan.sizes, rows, self._per_passage, self.batch_size or 1)

    def _all_batches(self, plan: Plan) -> "GeneratorStepOutput":
        """As many passages as the rows asked for take when all are kept."""
        every = sum(plan.sizes.values()) * self._per_passage
        rows = min(self.rows or every, every)
        schedule = self._schedule(plan, rows)
        batches = list(_optimistic(schedule, self._per_passage))
        for index, batch in enumerate(batches, 1):
            yield [_row(planned) for planned in _pick(plan, batch)], index == len(batches)

    def _scheduled(self, store: RunStore, plan: Plan) -> Iterator[list[Planned]]:
        schedule = self._schedule(plan, self.rows or 0)
        store.begin()
        ended = Ended(outcomes=0, kept={}, unusable="")
        while True:
            if batch := schedule.next_batch():
                passages = _pick(plan, batch)
                store.hand_out((p.passage.id, p.passage.language) for p in passages)
                yield passages
            elif schedule.under_way:
                ended = self._wait(store, _pick(plan, schedule.under_way[0]))
                if ended.unusable:
                    break
                schedule.learn(ended.kept)
            else:
                break
        store.end_hand_out(ended.unusable)

    def _wait(self, store: RunStore, batch: list[Planned]) -> Ended:
        """Wait for all rows of a batch to end."""
        ids = [planned.passage.id for planned in batch]
        while (ended := store.ended(ids)).outcomes < len(ids) * self._per_passage:
            time.sleep(POLL_SECONDS)
        return ended

    def _filled(self, passages: list[Planned]) -> list[Row]:
        """A whole batch, whatever there is to hand out."""
        filler: Row = {
            "passage": "",
            "kinds": canonical_json(["single"] * self._per_passage),
            "position": 0,
            DROP: FILLER,
        }
        rows = [_row(planned) for planned in passages]
        return rows + [filler] * ((self.batch_size or 1) - len(rows))


def _pick(plan: Plan, batch: Batch) -> list[Planned]:
    return [plan.queues[language][i] for language, positions in batch.items() for i in positions]


def _row(planned: Planned) -> Row:
    return {
        "passage": planned.passage.to_json(),
        "kinds": canonical_json(planned.kinds),
        "position": planned.position,
        DROP: "",
    }


def _optimistic(schedule: Schedule, per_passage: int) -> Iterator[Batch]:
    """The batches of a run in which every row is kept."""
    while True:
        if batch := schedule.next_batch():
            yield batch
        elif schedule.under_way:
            oldest = schedule.under_way[0].items()
            schedule.learn({name: len(positions) * per_passage for name, positions in oldest})
        else:
            return
