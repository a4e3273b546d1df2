"""Step: scenario -> toolset."""

from typing import ClassVar

from fc_distilabel.steps.base import ModelStep
from fc_distilabel.synthesis.asking import Asker
from fc_distilabel.synthesis.toolsets import synthesize_toolset
from fc_distilabel.types import Language, Noun, Scenario, Stage, Toolset


class ApiSynthesizer(ModelStep):
    """Design the function that answers a scenario, and look-alikes that do another job.

    Attributes:
        llm: the LLM that words the function; code makes the schemas.
        seed: seed of the run.
        max_in_flight: how many rows are worked on at a time.
        store: path of the run's database, in which completions are kept.

    Input columns:
        - scenario (`str`): a `Scenario` as JSON.

    Output columns:
        - toolset (`str`): a `Toolset` as JSON, empty where the row is dropped.
        - drop (`str`): why the row ended, as JSON, or empty.
        - usage (`str`): what each stage cost, as a JSON list.

    Categories:
        - text-generation
    """

    stage: ClassVar[Stage] = "toolset"
    noun: ClassVar[type[Noun]] = Scenario
    consumes: ClassVar[str] = "scenario"
    produces: ClassVar[str] = "toolset"

    def language_of(self, noun: Scenario) -> Language:
        """The scenario's language."""
        return noun.language

    async def make(self, asker: Asker, noun: Scenario) -> Toolset:
        """See `synthesize_toolset`."""
        return await synthesize_toolset(asker, noun)
