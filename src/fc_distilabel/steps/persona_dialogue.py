"""Step: blueprint -> trajectory."""

from typing import Any, ClassVar

from distilabel.mixins.runtime_parameters import RuntimeParameter
from distilabel.models.llms.base import LLM
from pydantic import Field, PrivateAttr, model_validator

from fc_distilabel.runs.failures import reporting
from fc_distilabel.runs.guidance import NO_GUIDANCE, Guidance, read_guidance
from fc_distilabel.steps.base import ModelStep
from fc_distilabel.synthesis.asking import Asker
from fc_distilabel.synthesis.dialogue import Cast, hold_dialogue
from fc_distilabel.types import Blueprint, Language, Noun, Stage, Trajectory


class PersonaDialogue(ModelStep):
    """Hold the conversation that a blueprint decides: persona, assistant and simulated tools.

    The user's model words what the user says; the assistant's model sees the tools and the
    conversation only, and what it does wrong is kept beside what is right.

    Attributes:
        llm: the LLM that words the user's messages.
        assistant_llm: the LLM that plays the assistant; the same one where none is given.
        candidates: how often the assistant's turn is sampled where something is to be decided.
        feedback: folder that a pull from Argilla wrote; what users said in rows that people
            approved serves as an example of how users write.
        seed: seed of the run.
        max_in_flight: how many rows are worked on at a time.
        store: path of the run's database, in which completions are kept.

    Runtime parameters:
        - `candidates`: how often the assistant's turn is sampled.
        - `feedback`: folder of a pull from Argilla.

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
    noun: ClassVar[type[Noun]] = Blueprint
    consumes: ClassVar[str] = "blueprint"
    produces: ClassVar[str] = "trajectory"

    assistant_llm: LLM
    candidates: RuntimeParameter[int] = Field(
        default=1, description="How often the assistant's turn is sampled."
    )

    feedback: RuntimeParameter[str] = Field(
        default="", description="Folder of a pull from Argilla; approved messages are examples."
    )

    _guidance: Guidance = PrivateAttr(default=NO_GUIDANCE)

    @model_validator(mode="before")
    @classmethod
    def _one_llm_for_both(cls, given: Any) -> Any:  # Any: whatever the step is made of
        if isinstance(given, dict) and isinstance(given.get("llm"), LLM):
            return {"assistant_llm": given["llm"]} | given
        return given

    def load(self) -> None:
        """Load the LLMs, and the messages that people approved where a folder is named."""
        super().load()
        with reporting(str(self.name)):
            self._guidance = read_guidance(self.feedback or "")

    def language_of(self, noun: Blueprint) -> Language:
        """The scenario's language."""
        return noun.scenario.language

    async def make(self, asker: Asker, noun: Blueprint) -> Trajectory:
        """See `hold_dialogue`."""
        assistant = Asker(
            self.models["assistant_llm"], self.stage, asker.language, asker.seed_parts
        )
        try:
            cast = Cast(asker, assistant, self.candidates or 1, self._guidance.of_form)
            return await hold_dialogue(cast, noun)
        finally:
            asker.spend(assistant.usage)
