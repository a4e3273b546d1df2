"""Step: toolset -> blueprints, one a kind."""

import json
from typing import TYPE_CHECKING

from distilabel.mixins.runtime_parameters import RuntimeParameter
from distilabel.steps import Step, StepInput
from pydantic import Field, PrivateAttr, ValidationError

from fc_distilabel.errors import Dropped
from fc_distilabel.runs.failures import reporting
from fc_distilabel.steps.columns import DROP, USAGE, Row, dropped, is_dropped, passed_on
from fc_distilabel.synthesis.blueprints import plan_blueprint
from fc_distilabel.types import KINDS, Kind, Tool, Toolset

if TYPE_CHECKING:
    from distilabel.typing import StepColumns, StepOutput


class BlueprintPlanner(Step):
    """Fix what each conversation will be before anyone talks; no model takes part.

    Every row becomes one row per kind, in order; a dropped row too, so that counts stay whole.

    Attributes:
        kinds: the dialogue kinds to plan where a row has no `kinds` column of its own.
        seed: seed of the run.

    Runtime parameters:
        - `kinds`: the dialogue kinds to plan where a row has no `kinds` column of its own.
        - `seed`: seed of the run.

    Input columns:
        - toolset (`str`): a `Toolset` as JSON.
        - kinds (`str`): the kinds to plan for this row, as a JSON list. Optional.

    Output columns:
        - kind (`str`): the dialogue kind of the row.
        - attempt (`int`): which of its toolset's rows this is.
        - blueprint (`str`): a `Blueprint` as JSON, empty where the row is dropped.
        - drop (`str`): why the row ended, as JSON, or empty.
        - usage (`str`): what each stage cost, as a JSON list.

    Categories:
        - execution
    """

    kinds: RuntimeParameter[list[Kind]] = Field(
        default=list(KINDS), description="Dialogue kinds to plan for each toolset."
    )
    seed: RuntimeParameter[int] = Field(default=0, description="Seed of the run.")

    _earlier: list[Toolset] = PrivateAttr(default_factory=list)
    """Toolsets seen before: their tools serve as distractors. Rows come in a fixed order."""

    @property
    def inputs(self) -> "StepColumns":
        """The toolset; what earlier steps of ours wrote, where they did."""
        return {"toolset": True, "kinds": False, DROP: False, USAGE: False}

    @property
    def outputs(self) -> "StepColumns":
        """The kind, its number, the blueprint and the shared columns."""
        return ["kind", "attempt", "blueprint", DROP, USAGE]

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
        others = self._others(toolset)
        self._earlier.append(toolset)
        return [self._planned(r, toolset, index, others) for index, r in enumerate(rows)]

    def _others(self, toolset: Toolset) -> list[Tool]:
        """Tools made earlier for other documents, in the same language."""
        scenario = toolset.scenario
        return [
            earlier.needed
            for earlier in self._earlier
            if earlier.scenario.language == scenario.language
            and earlier.scenario.document != scenario.document
        ]

    def _planned(self, row: Row, toolset: Toolset, index: int, others: list[Tool]) -> Row:
        seed_parts = (self.seed, toolset.scenario.id, index)
        try:
            blueprint = plan_blueprint(toolset, row["kind"], seed_parts, others)
        except Dropped as drop:
            return dropped(row, "blueprint", drop.reason, drop.detail)
        return row | {"blueprint": blueprint.to_json()}
