"""Step: trajectory -> verdict."""

from typing import TYPE_CHECKING

from distilabel.steps import Step, StepInput
from pydantic import ValidationError

from fc_distilabel.runs.failures import reporting
from fc_distilabel.steps.columns import DROP, USAGE, Row, dropped, is_dropped, passed_on
from fc_distilabel.types import Trajectory
from fc_distilabel.verifiers import verify

if TYPE_CHECKING:
    from distilabel.typing import StepColumns, StepOutput


class SchemaValidator(Step):
    """Judge a whole trajectory by code: schemas, order, grounding, gold calls, faithful answer.

    A row whose verdict has an error is dropped with the first broken rule as the reason; the
    verdict itself lists them all.

    Input columns:
        - trajectory (`str`): a `Trajectory` as JSON.

    Output columns:
        - verdict (`str`): a `Verdict` as JSON, empty where the row was dropped before.
        - drop (`str`): why the row ended, as JSON, or empty.
        - usage (`str`): what each stage cost, as a JSON list.

    Categories:
        - filtering
    """

    @property
    def inputs(self) -> "StepColumns":
        """The trajectory; what earlier steps of ours wrote, where they did."""
        return {"trajectory": True, DROP: False, USAGE: False}

    @property
    def outputs(self) -> "StepColumns":
        """The verdict and the shared columns."""
        return ["verdict", DROP, USAGE]

    def process(self, inputs: StepInput) -> "StepOutput":  # type: ignore[override]
        """Judge all rows."""
        with reporting(str(self.name)):
            judged = [self._judged(passed_on(row) | {"verdict": ""}) for row in inputs]
        yield judged

    def _judged(self, row: Row) -> Row:
        if is_dropped(row):
            return row
        try:
            trajectory = Trajectory.model_validate_json(row["trajectory"])
        except ValidationError as error:
            return dropped(row, "validation", "unreadable trajectory", str(error))
        verdict = verify(trajectory)
        row = row | {"verdict": verdict.to_json()}
        if verdict.valid:
            return row
        first = next(v for v in verdict.violations if v.severity == "error")
        return dropped(row, "validation", first.rule, f"{first.path}: {first.message}")
