"""Step: a model's turn -> its calls, repaired with feedback."""

from typing import ClassVar

from fc_distilabel.steps.base import ModelStep
from fc_distilabel.steps.columns import Row, dropped, is_dropped
from fc_distilabel.synthesis.asking import TRIES, Asker
from fc_distilabel.synthesis.repair import repair_calls
from fc_distilabel.types import Language, Noun, Repaired, Stage, Turn


class CallRepairer(ModelStep):
    """Show a model its own invalid calls and what is wrong with them, until they are valid.

    A row whose calls stay invalid is dropped; its trace of attempts is kept all the same.

    Attributes:
        llm: the LLM that is asked again; best the one that made the calls.
        tries: how often it is asked again at most.
        seed: seed of the run.
        max_in_flight: how many rows are worked on at a time.
        store: path of the run's database, in which completions are kept.

    Input columns:
        - turn (`str`): a `Turn` as JSON.

    Output columns:
        - repaired (`str`): a `Repaired` as JSON: the calls, and (rejected, chosen, error class).
        - drop (`str`): why the row ended, as JSON, or empty.
        - usage (`str`): what each stage cost, as a JSON list.

    Categories:
        - preference
    """

    stage: ClassVar[Stage] = "validation"
    noun: ClassVar[type[Noun]] = Turn
    consumes: ClassVar[str] = "turn"
    produces: ClassVar[str] = "repaired"

    tries: int = TRIES

    def language_of(self, noun: Turn) -> Language:
        """The turn's language."""
        return noun.language

    async def make(self, asker: Asker, noun: Turn) -> Repaired:
        """See `repair_calls`."""
        return await repair_calls(asker, noun, self.tries)

    async def _row(self, row: Row) -> Row:
        """As every row, but a turn that stays invalid ends with its trace."""
        row = await super()._row(row)
        if is_dropped(row):
            return row
        repaired = Repaired.model_validate_json(row[self.produces])
        if repaired.calls is not None:
            return row
        last = repaired.repairs[-1].violations[0].message
        return dropped(row, self.stage, "calls stay invalid", last)
