"""The last step: every row that comes out goes to disk as it comes, kept or dropped."""

from typing import TYPE_CHECKING

from distilabel.mixins.runtime_parameters import RuntimeParameter
from distilabel.steps import Step, StepInput
from pydantic import Field, PrivateAttr

from fc_distilabel.runs.outcomes import Outcome
from fc_distilabel.runs.rows import full_row
from fc_distilabel.runs.store import RunStore
from fc_distilabel.steps.columns import Row, drop_of, usage_of
from fc_distilabel.types import Passage, Trajectory, Verdict, canonical_json, content_id

if TYPE_CHECKING:
    from distilabel.typing import StepColumns, StepOutput


class RunSink(Step):
    """Write outcomes to the run's database and pin the columns that leave the pipeline.

    Attributes:
        store: path of the run's database; empty writes nothing.

    Input columns:
        - passage (`str`): a `Passage` as JSON.
        - kind (`str`): the dialogue kind.
        - trajectory (`str`): a `Trajectory` as JSON, empty where the row was dropped.
        - verdict (`str`): a `Verdict` as JSON, empty where the row was dropped.
        - drop (`str`): why the row ended, as JSON, or empty.
        - usage (`str`): what each stage cost, as a JSON list.

    Output columns:
        - row_id (`str`): identity of the row.
        - status (`str`): `kept` or `dropped`.
        - row (`str`): the full row as JSON, empty where it was dropped.

    Categories:
        - save
    """

    store: RuntimeParameter[str] = Field(default="", description="Path of the run's database.")

    _store: RunStore | None = PrivateAttr(None)

    @property
    def inputs(self) -> "StepColumns":
        """What the steps before wrote."""
        return ["passage", "kind", "trajectory", "verdict", "drop", "usage"]

    @property
    def outputs(self) -> "StepColumns":
        """The pinned columns."""
        return ["row_id", "status", "row"]

    def load(self) -> None:
        """Open the store."""
        super().load()
        self._store = RunStore(self.store) if self.store else None

    def unload(self) -> None:
        """Close the store."""
        super().unload()
        if self._store is not None:
            self._store.close()
        self._store = None

    def process(self, inputs: StepInput) -> "StepOutput":  # type: ignore[override]
        """Write the rows, then pass on nothing but the pinned columns."""
        outcomes = [outcome_of(row, index) for index, row in enumerate(inputs)]
        if self._store is not None:
            for outcome in outcomes:
                self._store.keep_outcome(outcome)
        yield [
            {
                "row_id": outcome.id,
                "status": "dropped" if outcome.drop else "kept",
                "row": canonical_json(outcome.row) if outcome.row else "",
            }
            for outcome in outcomes
        ]


def outcome_of(row: Row, index: int) -> Outcome:
    """What became of a row; `index` tells apart rows of one passage that ended early."""
    passage = Passage.model_validate_json(row["passage"])
    drop = drop_of(row)
    kept = None
    if drop is None:
        trajectory = Trajectory.model_validate_json(row["trajectory"])
        kept = full_row(trajectory, Verdict.model_validate_json(row["verdict"]))
    return Outcome(
        id=kept["id"] if kept else content_id(passage.id, row["kind"], index),
        language=passage.language,
        kind=row["kind"],
        passage_id=passage.id,
        document=passage.document,
        drop=drop,
        usage=usage_of(row),
        row=kept,
    )
