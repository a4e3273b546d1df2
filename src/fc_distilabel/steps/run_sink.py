"""The last step: every row that comes out goes to disk as it comes, kept or dropped.

Here a message that an earlier kept row has said already ends its row. Only here it is known which
rows are kept, and rows still come in the order of the plan, so the first of two is always the same.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from distilabel.mixins.runtime_parameters import RuntimeParameter
from distilabel.steps import Step, StepInput
from pydantic import Field, PrivateAttr

from fc_distilabel.runs.failures import reporting
from fc_distilabel.runs.files import ROWS, RowAppender
from fc_distilabel.runs.near_duplicates import SaidBefore
from fc_distilabel.runs.outcomes import Outcome
from fc_distilabel.runs.rows import full_row, row_line
from fc_distilabel.runs.store import RunStore
from fc_distilabel.steps.columns import Row, drop_of, dropped, is_dropped, is_filler, usage_of
from fc_distilabel.types import Judgement, Language, Passage, Trajectory, Verdict, content_id

if TYPE_CHECKING:
    from distilabel.typing import StepColumns, StepOutput


class RunSink(Step):
    """Write outcomes to the run's database, and pin the columns that leave the pipeline.

    Kept rows are added to `rows.jsonl` beside the database at once, so that a run that is killed
    leaves them behind. A row whose user says nearly what the user of an earlier kept row said is
    dropped. Rows that only filled up a batch end here.

    Attributes:
        store: path of the run's database; empty writes nothing.

    Runtime parameters:
        - `store`: path of the run's database.

    Input columns:
        - passage (`str`): a `Passage` as JSON.
        - position (`int`): rank of the passage among those of its language.
        - attempt (`int`): which of its passage's rows this is.
        - kind (`str`): the dialogue kind.
        - trajectory (`str`): a `Trajectory` as JSON, empty where the row was dropped.
        - verdict (`str`): a `Verdict` as JSON, empty where the row was dropped.
        - drop (`str`): why the row ended, as JSON, or empty.
        - usage (`str`): what each stage cost, as a JSON list.
        - judgement (`str`): a `Judgement` as JSON, where somebody judged. Optional.

    Output columns:
        - row_id (`str`): identity of the row.
        - status (`str`): `kept` or `dropped`.
        - row (`str`): the full row as JSON, empty where it was dropped.
        - reason (`str`): why the row was dropped, as JSON, or empty.

    Categories:
        - save
    """

    store: RuntimeParameter[str] = Field(default="", description="Path of the run's database.")

    _store: RunStore | None = PrivateAttr(None)
    _rows: RowAppender | None = PrivateAttr(None)
    _said: dict[Language, SaidBefore] = PrivateAttr(default_factory=dict)

    @property
    def inputs(self) -> "StepColumns":
        """What the steps before wrote."""
        names = ("passage", "position", "attempt", "kind", "trajectory", "verdict", "drop", "usage")
        return dict.fromkeys(names, True) | {"judgement": False}

    @property
    def outputs(self) -> "StepColumns":
        """The pinned columns."""
        return ["row_id", "status", "row", "reason"]

    def load(self) -> None:
        """Open the store."""
        super().load()
        with reporting(str(self.name)):
            if self.store:
                self._store = RunStore(self.store)
                self._rows = RowAppender(Path(self.store).with_name(ROWS))

    def unload(self) -> None:
        """Close the store."""
        super().unload()
        if self._store is not None:
            self._store.close()
        self._store, self._rows = None, None

    def process(self, inputs: StepInput) -> "StepOutput":  # type: ignore[override]
        """Write the rows, then pass on nothing but the pinned columns."""
        with reporting(str(self.name)):
            outcomes = [outcome_of(self._heard(row)) for row in inputs if not is_filler(row)]
            self._write(outcomes)
        yield [
            {
                "row_id": outcome.id,
                "status": "dropped" if outcome.drop else "kept",
                "row": outcome.row,
                "reason": outcome.drop.to_json() if outcome.drop else "",
            }
            for outcome in outcomes
        ]

    def _heard(self, row: Row) -> Row:
        """The row, ended where an earlier one has nearly the same message."""
        if is_dropped(row):
            return row
        trajectory = Trajectory.model_validate_json(row["trajectory"])
        assert trajectory.blueprint is not None, "rows of a run are made from blueprints"
        scenario = trajectory.blueprint.scenario
        said = self._said.setdefault(scenario.language, SaidBefore())
        message = "\n".join(m.content for m in trajectory.messages if m.role == "user")
        if like := said.likeness(message, scenario.passage_id):
            return dropped(row, "validation", like.reason, like.detail)
        said.add(message, scenario.passage_id, trajectory.blueprint.id)
        return row

    def _write(self, outcomes: list[Outcome]) -> None:
        if self._store is None or self._rows is None:
            return
        # Rows first: a row that is in the file twice is left out, one that is lost is not found.
        self._rows.append((outcome.id, outcome.row) for outcome in outcomes if not outcome.drop)
        for outcome in outcomes:
            self._store.keep_outcome(outcome)


def outcome_of(row: Row) -> Outcome:
    """What became of a row."""
    passage = Passage.model_validate_json(row["passage"])
    drop = drop_of(row)
    kept = None
    if drop is None:
        trajectory = Trajectory.model_validate_json(row["trajectory"])
        judged = row.get("judgement")
        kept = full_row(
            trajectory,
            Verdict.model_validate_json(row["verdict"]),
            Judgement.model_validate_json(judged) if judged else None,
        )
    return Outcome(
        passage_id=passage.id,
        attempt=row["attempt"],
        position=row["position"],
        id=kept["id"] if kept else content_id(passage.id, row["kind"], row["attempt"]),
        language=passage.language,
        kind=row["kind"],
        document=passage.document,
        drop=drop,
        usage=usage_of(row),
        row=row_line(kept) if kept else "",
    )
