"""Step: passage -> scenario."""

from typing import ClassVar

from fc_distilabel.steps.base import ModelStep
from fc_distilabel.synthesis.asking import Asker
from fc_distilabel.synthesis.scenarios import mine_scenario
from fc_distilabel.types import Language, Noun, Passage, Scenario, Stage


class ScenarioMiner(ModelStep):
    """Find the problem of a real user that a passage of a document speaks of.

    Attributes:
        llm: the LLM that reads the passage.
        seed: seed of the run.
        max_in_flight: how many rows are worked on at a time.
        store: path of the run's database, in which completions are kept.

    Input columns:
        - passage (`str`): a `Passage` as JSON.

    Output columns:
        - scenario (`str`): a `Scenario` as JSON, empty where the row is dropped.
        - drop (`str`): why the row ended, as JSON, or empty.
        - usage (`str`): what each stage cost, as a JSON list.

    Categories:
        - text-generation
    """

    stage: ClassVar[Stage] = "scenario"
    noun: ClassVar[type[Noun]] = Passage
    consumes: ClassVar[str] = "passage"
    produces: ClassVar[str] = "scenario"

    def language_of(self, noun: Passage) -> Language:
        """The passage's own language."""
        return noun.language

    async def make(self, asker: Asker, noun: Passage) -> Scenario:
        """See `mine_scenario`."""
        return await mine_scenario(asker, noun)
