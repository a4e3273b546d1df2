"""Step: toolset -> blueprints, one a kind.

What is planned next depends on what was planned before: it goes where coverage is thinnest, and a
scenario or tool that comes again is left out. Rows come in the order of the run's plan, language by
language the same however they were batched, and a run that goes on begins with its first row again;
so all memory here is kept by language, and nothing in it hangs on timing.

Where a toolset cannot carry a kind, its nearest relative that it can is planned (`RELATIVES`), and
the row says which it is: a kind that a tool's schema rules out costs no row.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from distilabel.mixins.runtime_parameters import RuntimeParameter
from distilabel.steps import Step, StepInput
from pydantic import Field, PrivateAttr, ValidationError

from fc_distilabel.errors import Dropped
from fc_distilabel.runs.coverage import Coverage, cells_of
from fc_distilabel.runs.failures import reporting
from fc_distilabel.runs.guidance import NO_GUIDANCE, Guidance, read_guidance
from fc_distilabel.runs.near_duplicates import PlannedBefore
from fc_distilabel.steps.columns import DROP, USAGE, Row, dropped, is_dropped, passed_on
from fc_distilabel.synthesis.blueprints import plan_blueprint
from fc_distilabel.synthesis.planning import RELATIVES
from fc_distilabel.types import (
    KINDS,
    Blueprint,
    Json,
    Kind,
    Language,
    Tool,
    Toolset,
    canonical_json,
)

if TYPE_CHECKING:
    from distilabel.typing import StepColumns, StepOutput


@dataclass
class _Memory:
    """What was planned in one language so far."""

    planned: PlannedBefore
    coverage: Coverage = field(default_factory=Coverage)
    toolsets: list[Toolset] = field(default_factory=list)
    """Their tools serve as distractors."""


class BlueprintPlanner(Step):
    """Fix what each conversation will be before anyone talks; no model takes part.

    Every row becomes one row per kind, in order; a dropped row too, so that counts stay whole. A
    toolset whose scenario or tool is a near-duplicate of an earlier one is dropped. Of several
    candidates for a row, the one is taken that adds most to what the rows before it cover. A kind
    that the toolset cannot carry gives way to its nearest relative among `kinds`; only where there
    is none, the row is dropped.

    Attributes:
        kinds: the dialogue kinds that may come about; all of them are planned where a row has no
            `kinds` column of its own.
        seed: seed of the run.
        candidates: blueprints to choose from for each row; with 1 there is no choice.
        new_tools: whether each tool is made for its scenario, so that one much like an earlier
            one is a near-duplicate.
        feedback: folder that a pull from Argilla wrote; scenarios and tools much like those that
            people rejected are left out.

    Runtime parameters:
        - `kinds`: the dialogue kinds that may come about.
        - `seed`: seed of the run.
        - `candidates`: blueprints to choose from for each row; with 1 there is no choice.
        - `new_tools`: whether each tool is made for its scenario.
        - `feedback`: folder of a pull from Argilla.

    Input columns:
        - toolset (`str`): a `Toolset` as JSON.
        - kinds (`str`): the kinds to plan for this row, as a JSON list. Optional.

    Output columns:
        - kind (`str`): the dialogue kind of the row, which may be a relative of the one asked for.
        - attempt (`int`): which of its toolset's rows this is.
        - blueprint (`str`): a `Blueprint` as JSON, empty where the row is dropped.
        - drop (`str`): why the row ended, as JSON, or empty.
        - usage (`str`): what each stage cost, as a JSON list.

    Categories:
        - execution
    """

    kinds: RuntimeParameter[list[Kind]] = Field(
        default=list(KINDS), description="Dialogue kinds that may come about."
    )
    seed: RuntimeParameter[int] = Field(default=0, description="Seed of the run.")

    candidates: RuntimeParameter[int] = Field(
        default=8, description="Blueprints to choose from for each row."
    )
    new_tools: RuntimeParameter[bool] = Field(
        default=True, description="Whether each tool is made for its scenario."
    )

    feedback: RuntimeParameter[str] = Field(
        default="", description="Folder of a pull from Argilla; what people rejected is left out."
    )

    _guidance: Guidance = PrivateAttr(default=NO_GUIDANCE)
    _memories: dict[Language, _Memory] = PrivateAttr(default_factory=dict)

    @property
    def inputs(self) -> "StepColumns":
        """The toolset; what earlier steps of ours wrote, where they did."""
        return {"toolset": True, "kinds": False, DROP: False, USAGE: False}

    @property
    def outputs(self) -> "StepColumns":
        """The kind, its number, the blueprint and the shared columns."""
        return ["kind", "attempt", "blueprint", DROP, USAGE]

    def load(self) -> None:
        """Read what people rejected, where a folder is named."""
        super().load()
        with reporting(str(self.name)):
            self._guidance = read_guidance(self.feedback or "")

    def process(self, inputs: StepInput) -> "StepOutput":  # type: ignore[override]
        """Plan all kinds of all rows."""
        with reporting(str(self.name)):
            planned = [each for row in inputs for each in self._plan(passed_on(row))]
        yield planned

    def _plan(self, row: Row) -> list[Row]:
        kinds = json.loads(row["kinds"]) if row.get("kinds") else self.kinds or []
        # What the scenario and the toolset cost is accounted for once, at the first kind.
        rows = [
            row
            | {"kind": kind, "attempt": index, "blueprint": ""}
            | {USAGE: row[USAGE] if index == 0 else "[]"}
            for index, kind in enumerate(kinds)
        ]
        if is_dropped(row):
            return rows
        try:
            toolset = Toolset.model_validate_json(row["toolset"])
        except ValidationError as error:
            return [dropped(r, "blueprint", "unreadable toolset", str(error)) for r in rows]
        memory = self._memory(toolset.scenario.language)
        if like := memory.planned.likeness(toolset):
            return [dropped(r, "blueprint", like.reason, like.detail) for r in rows]
        return self._planned_rows(rows, toolset, memory)

    def _memory(self, language: Language) -> _Memory:
        if language not in self._memories:
            planned = PlannedBefore(bool(self.new_tools))
            for avoided in self._guidance.avoid:
                if avoided.language == language:
                    planned.reject(avoided.row, avoided.goal, avoided.tool)
            self._memories[language] = _Memory(planned)
        return self._memories[language]

    def _planned_rows(self, rows: list[Row], toolset: Toolset, memory: _Memory) -> list[Row]:
        others = _others(toolset, memory.toolsets)
        planned: list[Blueprint] = []
        done = []
        for index, row in enumerate(rows):
            try:
                choice = self._nearest(toolset, row["kind"], index, others)
            except Dropped as drop:
                done.append(dropped(row, "blueprint", drop.reason, drop.detail))
                continue
            blueprint = _thinnest(choice, memory.coverage, planned)
            planned.append(blueprint)
            memory.coverage.add(cells_of(blueprint))
            done.append(row | {"kind": blueprint.kind, "blueprint": blueprint.to_json()})
        memory.toolsets.append(toolset)
        if planned:
            memory.planned.add(toolset, planned[0].id)
        return done

    def _nearest(
        self, toolset: Toolset, kind: Kind, index: int, others: list[Tool]
    ) -> list[Blueprint]:
        """Blueprints of the kind, or else of its nearest relative; raises `Dropped` for neither."""
        allowed = [each for each in RELATIVES[kind] if each in (self.kinds or ())]
        drops = []
        for each in (kind, *allowed):
            try:
                return self._candidates(toolset, each, index, others)
            except Dropped as drop:
                drops.append(drop)
        raise drops[0]

    def _candidates(
        self, toolset: Toolset, kind: Kind, index: int, others: list[Tool]
    ) -> list[Blueprint]:
        """Blueprints for one row; raises `Dropped` where none can be planned."""
        found, drops = [], []
        for number in range(max(1, self.candidates or 0)):
            more: tuple[Json, ...] = ("candidate", number) if number else ()
            seed_parts = (self.seed, toolset.scenario.id, index, *more)
            try:
                found.append(plan_blueprint(toolset, kind, seed_parts, others))
            except Dropped as drop:
                drops.append(drop)
        if not found:
            raise drops[0]
        return found


def _others(toolset: Toolset, earlier: Collection[Toolset]) -> list[Tool]:
    """Tools made earlier for other documents."""
    document = toolset.scenario.document
    return [each.needed for each in earlier if each.scenario.document != document]


def _thinnest(
    candidates: list[Blueprint], coverage: Coverage, planned: Collection[Blueprint]
) -> Blueprint:
    """The candidate that adds most, of those that ask for what no row of the passage asks for."""
    asked = {_asked(blueprint) for blueprint in planned}
    fresh = [each for each in candidates if _asked(each) not in asked] or candidates
    return fresh[coverage.thinnest([cells_of(each) for each in fresh])]


def _asked(blueprint: Blueprint) -> str:
    return canonical_json([call.arguments for call in blueprint.asked_calls])
