"""Step: blueprint -> trajectory."""

from typing import ClassVar

from fc_distilabel.steps.base import ModelStep
from fc_distilabel.synthesis.asking import Asker
from fc_distilabel.synthesis.dialogue import hold_dialogue
from fc_distilabel.types import Blueprint, Identified, Language, Stage, Trajectory


class PersonaDialogue(ModelStep):
    """Hold the conversation that a blueprint decides: persona, assistant and simulated tools.

    Attributes:
        llm: the LLM that words the user's message and the assistant's answer.
        seed: seed of the run.
        max_in_flight: how many rows are worked on at a time.
        store: path of the run's database, in which completions are kept.

    Input columns:
        - blueprint (`str`): a `Blueprint` as JSON.

    Output columns:
        - trajectory (`str`): a `Trajectory` as JSON, empty where the row is dropped.
        - drop (`str`): why the row ended, as JSON, or empty.
        - usage (`str`): what each stage cost, as a JSON list.

    Categories:
        - text-generation
    """

    stage: ClassVar[Stage] = "dialogue"
    noun: ClassVar[type[Identified]] = Blueprint
    consumes: ClassVar[str] = "blueprint"
    produces: ClassVar[str] = "trajectory"

    def language_of(self, noun: Blueprint) -> Language:
        """The scenario's language."""
        return noun.scenario.language

    async def make(self, asker: Asker, noun: Blueprint) -> Trajectory:
        """See `hold_dialogue`."""
        return await hold_dialogue(asker, noun)
