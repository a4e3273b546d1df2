"""Step: trajectory -> judgement."""

from typing import ClassVar

from distilabel.mixins.runtime_parameters import RuntimeParameter
from pydantic import Field, PrivateAttr

from fc_distilabel.runs.failures import reporting
from fc_distilabel.steps.base import ModelStep
from fc_distilabel.steps.columns import Row, dropped, is_dropped
from fc_distilabel.synthesis.asking import Asker
from fc_distilabel.synthesis.judging import (
    Rubrics,
    judge_by_committee,
    objection,
    read_rubrics,
    shipped_rubrics,
)
from fc_distilabel.synthesis.wording import in_language
from fc_distilabel.types import Judgement, Language, Noun, Stage, Trajectory, content_id


class SemanticJudge(ModelStep):
    """Let a model score every turn of the assistant's by a rubric, with a reason.

    Calls are scored for intent match and argument faithfulness, words for answer faithfulness and
    naturalness. A row is dropped where a judgement cannot be read, and only if asked for where it
    is bad: it keeps its judgement all the same.

    Attributes:
        llm: the LLM that judges; best a stronger one than those that talked.
        votes: how many times it judges each row; a majority decides.
        min_score: drop rows that are not approved with this as the least score; 0 drops none, and
            approves by the rubric's own mark.
        rubric: path of a rubric file in the form of the shipped one; empty takes that one.
        seed: seed of the run.
        max_in_flight: how many rows are worked on at a time.
        store: path of the run's database, in which completions are kept.

    Input columns:
        - trajectory (`str`): a `Trajectory` as JSON.

    Output columns:
        - judgement (`str`): a `Judgement` as JSON, empty where there is none.
        - drop (`str`): why the row ended, as JSON, or empty.
        - usage (`str`): what each stage cost, as a JSON list.

    Categories:
        - scorer
        - filtering
    """

    stage: ClassVar[Stage] = "judgement"
    noun: ClassVar[type[Noun]] = Trajectory
    consumes: ClassVar[str] = "trajectory"
    produces: ClassVar[str] = "judgement"

    votes: RuntimeParameter[int] = Field(
        default=1, ge=1, description="How many times the model judges each row."
    )
    min_score: RuntimeParameter[int] = Field(
        default=0, ge=0, le=5, description="Drop rows with a lower score; 0 drops none."
    )
    rubric: RuntimeParameter[str] = Field(
        default="", description="Path of a rubric file; empty takes the shipped rubric."
    )

    _rubrics: Rubrics = PrivateAttr(default_factory=shipped_rubrics)

    def load(self) -> None:
        """Load the LLM, and read the rubric where one is given."""
        super().load()
        with reporting(str(self.name)):
            rubrics = read_rubrics(self.rubric) if self.rubric else shipped_rubrics()
        asked = {"pass_mark": self.min_score} if self.min_score else {}
        self._rubrics = {name: each.model_copy(update=asked) for name, each in rubrics.items()}

    def key_of(self, noun: Trajectory) -> str:
        """A conversation has no id: what it says tells it apart."""
        return content_id(noun.model_dump(mode="json"))

    def language_of(self, noun: Trajectory) -> Language:
        """The scenario's language; for a conversation that others made, the user's."""
        if noun.blueprint is not None:
            return noun.blueprint.scenario.language
        said = " ".join(m.content for m in noun.messages if m.role == "user")
        return "zh" if in_language(said, "zh") else "en"

    async def make(self, asker: Asker, noun: Trajectory) -> Judgement:
        """See `judge_by_committee`."""
        rubric = self._rubrics[asker.language]
        return await judge_by_committee([asker], noun, rubric, votes=self.votes or 1)

    async def _row(self, row: Row) -> Row:
        """As every row, but one that is not good enough ends with its judgement."""
        row = await super()._row(row)
        if is_dropped(row) or not self.min_score:
            return row
        judgement = Judgement.model_validate_json(row[self.produces])
        if judgement.approved:
            return row
        turn, criterion = objection(judgement)
        detail = f"messages/{turn.at}: {turn.scores[criterion]} of 5: {turn.reason}"
        return dropped(row, self.stage, f"low {criterion.replace('_', ' ')}", detail)
