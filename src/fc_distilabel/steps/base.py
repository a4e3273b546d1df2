"""The base of the steps that ask a model: one event loop, one window over all rows of a batch.

distilabel's own tasks wait for the slowest call of a batch. Here every row is a coroutine of its
own and a window of `max_in_flight` rows is kept full; one row's failure is that row's `drop`.
"""

import asyncio
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from distilabel.mixins.runtime_parameters import RuntimeParameter
from distilabel.models.llms.base import LLM
from distilabel.steps import Step, StepInput
from pydantic import Field, PrivateAttr, ValidationError

from fc_distilabel.errors import Dropped, EndpointError, EndpointUnusableError
from fc_distilabel.llms.adapter import as_chat_model
from fc_distilabel.runs.failures import reporting
from fc_distilabel.runs.journal import JournaledModel
from fc_distilabel.runs.outcomes import ENDPOINT_FAILED, ENDPOINT_UNUSABLE
from fc_distilabel.runs.store import RunStore
from fc_distilabel.steps.columns import DROP, USAGE, Row, dropped, is_dropped, passed_on, with_usage
from fc_distilabel.synthesis.asking import Asker
from fc_distilabel.synthesis.chat import ChatModel
from fc_distilabel.types import Identified, Language, Noun, Stage

if TYPE_CHECKING:
    from distilabel.typing import StepColumns, StepOutput


class ModelStep(Step):
    """Turns one noun of a row into the next one with the help of a model."""

    stage: ClassVar[Stage]
    noun: ClassVar[type[Identified]]
    """What goes in."""
    consumes: ClassVar[str]
    """Column of the noun that goes in."""
    produces: ClassVar[str]
    """Column of the noun that comes out."""

    llm: LLM
    seed: RuntimeParameter[int] = Field(default=0, description="Seed of the run.")
    max_in_flight: RuntimeParameter[int] = Field(
        default=64, description="How many rows are worked on at a time."
    )
    store: RuntimeParameter[str] = Field(
        default="", description="Path of the run's database; empty keeps no completions."
    )

    _model: ChatModel | None = PrivateAttr(None)
    _store: RunStore | None = PrivateAttr(None)
    _loop: asyncio.AbstractEventLoop | None = PrivateAttr(None)

    @property
    def inputs(self) -> "StepColumns":
        """The noun's column; `drop` and `usage` where an earlier step of ours wrote them."""
        return {self.consumes: True, DROP: False, USAGE: False}

    @property
    def outputs(self) -> "StepColumns":
        """The new noun's column, and the shared ones."""
        return [self.produces, DROP, USAGE]

    def load(self) -> None:
        """Load the LLM, and put the run's store before it where there is one."""
        super().load()
        with reporting(str(self.name)):
            self.llm.load()
            self._model = as_chat_model(self.llm)
            if self.store:
                self._store = RunStore(self.store)
                self._model = JournaledModel(self._model, self._store)
        self._loop = asyncio.new_event_loop()

    def unload(self) -> None:
        """Let go of the LLM, the store and the loop."""
        super().unload()
        self.llm.unload()
        if self._store is not None:
            self._store.close()
        if self._loop is not None:
            self._loop.close()
        self._model, self._store, self._loop = None, None, None

    def process(self, inputs: StepInput) -> "StepOutput":  # type: ignore[override]
        """Work on all rows at once; yields them in order, none added, none lost."""
        assert self._loop is not None, "load() comes first"
        with reporting(str(self.name)):
            rows = self._loop.run_until_complete(self._work(inputs))
        yield rows

    async def _work(self, rows: list[Row]) -> list[Row]:
        window = asyncio.Semaphore(self.max_in_flight or 1)

        async def one(row: Row) -> Row:
            async with window:
                return await self._row(passed_on(row) | {self.produces: ""})

        return await asyncio.gather(*(one(row) for row in rows))

    async def _row(self, row: Row) -> Row:
        if is_dropped(row):
            return row
        try:
            noun = self.noun.model_validate_json(row[self.consumes])
        except ValidationError as error:
            return dropped(row, self.stage, f"unreadable {self.consumes}", str(error))
        assert self._model is not None, "load() comes first"
        asker = Asker(self._model, self.stage, self.language_of(noun), (self.seed, noun.id))
        try:
            row = row | {self.produces: (await self.make(asker, noun)).to_json()}
        except Dropped as drop:
            row = dropped(row, self.stage, drop.reason, drop.detail)
        except EndpointUnusableError as error:
            row = dropped(row, self.stage, ENDPOINT_UNUSABLE, str(error))
        except EndpointError as error:
            row = dropped(row, self.stage, ENDPOINT_FAILED, str(error))
        return with_usage(row, asker.usage)

    # Any: each step knows its own noun; `noun` above holds the two together at run time.
    @abstractmethod
    def language_of(self, noun: Any) -> Language:
        """The language that the prompts take for this noun."""

    @abstractmethod
    async def make(self, asker: Asker, noun: Any) -> Noun:
        """The next noun; the pure function that the step adapts."""
