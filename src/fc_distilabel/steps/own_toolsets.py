"""Step: passage that stands for a tool of the user's -> toolset."""

from typing import ClassVar

from distilabel.mixins.runtime_parameters import RuntimeParameter
from pydantic import Field, PrivateAttr

from fc_distilabel.runs.failures import reporting
from fc_distilabel.steps.base import ModelStep
from fc_distilabel.synthesis.asking import Asker
from fc_distilabel.synthesis.own_apis import OwnTools, own_toolset, read_own_apis
from fc_distilabel.types import Language, Noun, Passage, Stage, Toolset


class OwnToolsets(ModelStep):
    """Make toolsets of a user's own APIs; it takes the place of miner and synthesizer.

    The tools stay as they were read. `DocumentPassages` hands them out, with the same file as its
    `tools`; what a person could want of each is told by code from its description.

    Attributes:
        llm: the LLM that words values for free texts.
        tools: the file of tool definitions.
        language: `auto`, `en` or `zh`, as for `DocumentPassages`.
        seed: seed of the run.
        max_in_flight: how many rows are worked on at a time.
        store: path of the run's database, in which completions are kept.

    Runtime parameters:
        - `tools`: the file of tool definitions.
        - `language`: `auto`, `en` or `zh`.

    Input columns:
        - passage (`str`): a `Passage` as JSON.

    Output columns:
        - toolset (`str`): a `Toolset` as JSON, empty where the row is dropped.
        - drop (`str`): why the row ended, as JSON, or empty.
        - usage (`str`): what each stage cost, as a JSON list.

    Categories:
        - text-generation
    """

    stage: ClassVar[Stage] = "toolset"
    noun: ClassVar[type[Noun]] = Passage
    consumes: ClassVar[str] = "passage"
    produces: ClassVar[str] = "toolset"

    tools: RuntimeParameter[str] = Field(default="", description="A file of tool definitions.")
    language: RuntimeParameter[str] = Field(default="auto", description="`auto`, `en` or `zh`.")

    _own: OwnTools | None = PrivateAttr(None)

    def load(self) -> None:
        """Read the tools too; raises `InputError` where none can be used."""
        super().load()
        with reporting(str(self.name)):
            self._own = OwnTools(read_own_apis(self.tools or "", self.language or "auto"))

    def unload(self) -> None:
        """Let go of the tools too."""
        super().unload()
        self._own = None

    def language_of(self, noun: Passage) -> Language:
        """The language of the tool's description."""
        return noun.language

    async def make(self, asker: Asker, noun: Passage) -> Toolset:
        """See `own_toolset`."""
        assert self._own is not None, "load() comes first"
        return await own_toolset(asker, self._own, noun)
