"""Step: toolset -> the same toolset at the complexity that is asked for."""

import random
from typing import TYPE_CHECKING

from distilabel.mixins.runtime_parameters import RuntimeParameter
from distilabel.steps import Step, StepInput
from pydantic import Field, PrivateAttr, ValidationError

from fc_distilabel.apis.complexity import Complexity
from fc_distilabel.apis.drafts import Draft
from fc_distilabel.apis.ledger import Ledger
from fc_distilabel.apis.own_tools import evolved
from fc_distilabel.apis.targets import nearest, target_from
from fc_distilabel.runs.failures import reporting
from fc_distilabel.steps.columns import DROP, USAGE, Row, dropped, is_dropped, passed_on
from fc_distilabel.types import Json, Tool, Toolset, canonical_json, content_id

if TYPE_CHECKING:
    from distilabel.typing import StepColumns, StepOutput


class ApiEvolver(Step):
    """Make flat tools as complex as asked, by typed mutations of schemas; no model takes part.

    The needed tool and the similar ones are evolved alike, so that complexity tells nobody which
    tool is right. Shares hold over all rows of a run, not within one tool.

    Attributes:
        preset: how complex the tools shall be, from 1 (flat strings) to 5.
        figures: figures other than the preset's, as `depth=0.4,enum=0.2` or a JSON object.
        seed: seed of the run.

    Runtime parameters:
        - `preset`: how complex the tools shall be, from 1 (flat strings) to 5.
        - `figures`: figures other than the preset's, as `depth=0.4,enum=0.2` or a JSON object.
        - `seed`: seed of the run.

    Input columns:
        - toolset (`str`): a `Toolset` as JSON.

    Output columns:
        - toolset (`str`): the evolved `Toolset` as JSON.
        - lineage (`str`): the mutations of each tool by its name, as JSON, or empty.
        - drop (`str`): why the row ended, as JSON, or empty.
        - usage (`str`): what each stage cost, as a JSON list.

    Categories:
        - evol
    """

    preset: RuntimeParameter[int] = Field(default=3, description="Complexity from 1 to 5.")
    figures: RuntimeParameter[str] = Field(
        default="", description="Figures other than the preset's: `depth=0.4,enum=0.2`."
    )
    seed: RuntimeParameter[int] = Field(default=0, description="Seed of the run.")

    _target: Complexity | None = PrivateAttr(None)

    @property
    def inputs(self) -> "StepColumns":
        """The toolset; what earlier steps of ours wrote, where they did."""
        return {"toolset": True, DROP: False, USAGE: False}

    @property
    def outputs(self) -> "StepColumns":
        """The toolset, the lineage and the shared columns."""
        return ["toolset", "lineage", DROP, USAGE]

    def load(self) -> None:
        """Read the target; one that makes no sense is an `InputError`."""
        super().load()
        target, notes = nearest(target_from(self.preset or 0, self.figures or ""))
        for note in notes:
            self._logger.warning(f"nearest setting: {note}")
        self._target = target

    def process(self, inputs: StepInput) -> "StepOutput":  # type: ignore[override]
        """Evolve all rows."""
        with reporting(str(self.name)):
            rows = [self._evolved(passed_on(row) | {"lineage": ""}) for row in inputs]
        yield rows

    def _evolved(self, row: Row) -> Row:
        if is_dropped(row):
            return row
        try:
            toolset = Toolset.model_validate_json(row["toolset"])
        except ValidationError as error:
            return dropped(row, "toolset", "unreadable toolset", str(error))
        assert self._target is not None, "load() comes first"
        # Each row has an account of its own, so that what becomes of it hangs on no other row.
        chance = random.Random(content_id(self.seed, toolset.scenario.id, "evolve"))
        ledger = Ledger.for_one(self._target, chance)
        tools = (toolset.needed, *toolset.similar)
        drafts = [self._draft(toolset, tool, ledger) for tool in tools]
        needed, *similar = [draft.tool for draft in drafts]
        changed = {
            "needed": needed,
            "similar": tuple(similar),
            "examples": _examples(drafts[0]) | toolset.examples,
        }
        lineage = {d.tool.name: [step.model_dump() for step in d.lineage] for d in drafts}
        whole = toolset.model_copy(update=changed)
        return row | {"toolset": whole.to_json(), "lineage": canonical_json(lineage)}

    def _draft(self, toolset: Toolset, tool: Tool, ledger: Ledger) -> Draft:
        random_ = random.Random(content_id(self.seed, toolset.scenario.id, tool.name))
        known = toolset.examples_of("parameters")
        return evolved(tool, ledger, random_, toolset.scenario.language, known)


def _examples(draft: Draft) -> dict[str, tuple[Json, ...]]:
    """Values for the parameters that have come up, or have another name than before."""
    return {
        f"parameters/{name}": material.field.values
        for name, material in draft.materials.items()
        if material.field.values and material.kind in ("text", "choice", "city")
    }
