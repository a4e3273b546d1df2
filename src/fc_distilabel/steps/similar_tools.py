"""Step: tools -> look-alikes of the first one, with what decides and how confusable they are."""

from random import Random
from statistics import mean
from typing import TYPE_CHECKING

from distilabel.mixins.runtime_parameters import RuntimeParameter
from distilabel.steps import Step, StepInput
from pydantic import Field

from fc_distilabel.apis.similar import SORTS, SimilarTool, Sort, similar_tools
from fc_distilabel.documents.language import guess_language
from fc_distilabel.runs.failures import reporting
from fc_distilabel.schemas import ToolReading, read_tools
from fc_distilabel.steps.columns import DROP, USAGE, Row, dropped, is_dropped, passed_on
from fc_distilabel.types import Json, Language, Tool, canonical_json, content_id

if TYPE_CHECKING:
    from distilabel.typing import StepColumns, StepOutput

NEAR = 0.1
"""How far from the confusability asked for what was reached may be without a note."""


class SimilarTools(Step):
    """Make look-alikes of a tool, each wrong by a stated fact; no model takes part.

    The first tool of a row is the needed one; the others only keep their names from being used
    again. Tools are read in any dialect. Where fewer can be made, or the confusability asked for
    cannot be reached, the row keeps the nearest there is and `similar_notes` says so.

    Attributes:
        count: how many similar tools to make for a row.
        confusability: how easily each shall be taken for the needed tool, 0 to 1; None for any.
        sorts: the sorts of similar tools to choose from.
        language: `en` or `zh`; None takes that of the needed tool's description.
        seed: seed of the run.

    Runtime parameters:
        - `count`: how many similar tools to make for a row.
        - `confusability`: how easily each shall be taken for the needed tool, 0 to 1.
        - `sorts`: the sorts of similar tools to choose from.
        - `language`: `en` or `zh`; None takes that of the needed tool's description.
        - `seed`: seed of the run.

    Input columns:
        - tools (`str`): tool definitions as a JSON list, the needed one first.

    Output columns:
        - similar (`str`): a JSON list of objects with `tool`, `sort`, `decided_by`, `decider` and
            `confusability` (`similarity`, `arguments`, `value`).
        - similar_notes (`str`): what could not be had as asked for, as a JSON list of sentences.
        - drop (`str`): why the row ended, as JSON, or empty.
        - usage (`str`): what each stage cost, as a JSON list.

    Categories:
        - execution
    """

    count: RuntimeParameter[int] = Field(default=3, ge=0, description="Similar tools for a row.")
    confusability: RuntimeParameter[float] = Field(
        default=None, ge=0, le=1, description="Confusability of each similar tool, 0 to 1."
    )
    sorts: RuntimeParameter[list[Sort]] = Field(
        default=list(SORTS), description="Sorts of similar tools to choose from."
    )
    language: RuntimeParameter[Language] = Field(
        default=None, description="Language of the tools; None takes that of the description."
    )
    seed: RuntimeParameter[int] = Field(default=0, description="Seed of the run.")

    @property
    def inputs(self) -> "StepColumns":
        """The tools; what earlier steps of ours wrote, where they did."""
        return {"tools": True, DROP: False, USAGE: False}

    @property
    def outputs(self) -> "StepColumns":
        """The similar tools, the notes and the shared columns."""
        return ["similar", "similar_notes", DROP, USAGE]

    def process(self, inputs: StepInput) -> "StepOutput":  # type: ignore[override]
        """Make the similar tools of all rows."""
        with reporting(str(self.name)):
            made = [self._row(passed_on(r) | {"similar": "", "similar_notes": ""}) for r in inputs]
        yield made

    def _row(self, row: Row) -> Row:
        if is_dropped(row):
            return row
        reading = read_tools(row["tools"])
        if reading.places[:1] != ("0",):
            return dropped(row, "toolset", "unreadable tools", _trouble(reading))
        made = self._similar(reading.tools)
        listed = canonical_json([_shown(each) for each in made])
        return row | {"similar": listed, "similar_notes": canonical_json(self._notes(made))}

    def _similar(self, tools: tuple[Tool, ...]) -> tuple[SimilarTool, ...]:
        needed, *others = tools
        return similar_tools(
            needed,
            self.count or 0,
            Random(content_id(self.seed, needed.model_dump(mode="json"))),
            language=self.language or guess_language(needed.description) or "en",
            sorts=self.sorts or (),
            confusability=self.confusability,
            taken=[tool.name for tool in others],
        )

    def _notes(self, made: tuple[SimilarTool, ...]) -> list[str]:
        notes: list[str] = []
        if len(made) < (self.count or 0):
            notes.append(f"{self.count} similar tools were asked for, {len(made)} could be made")
        values = [each.confusability.value for each in made if each.confusability]
        if self.confusability is not None and values:
            reached = mean(values)
            if abs(reached - self.confusability) > NEAR:
                notes.append(
                    f"confusability {self.confusability:.2f} was asked for, "
                    f"{reached:.2f} is the nearest that could be made"
                )
        return notes


def _shown(similar: SimilarTool) -> dict[str, Json]:
    return similar.model_dump(mode="json") | {"tool": similar.tool.openai()}


def _trouble(reading: ToolReading) -> str:
    return "; ".join(violation.message for violation in reading.violations) or "there is no tool"
