"""The base of the steps that ask a model: one event loop, one window over all rows that come in.

distilabel's own tasks wait for the slowest call of a batch. Here each of `max_in_flight` workers
takes the next row as soon as it has finished one, so that the window is full until the input ends;
one row's failure is that row's `drop`. distilabel takes the rows all at once, in their order: what
finishes before is told by `StepProgress`.
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
from fc_distilabel.llms.window import in_window
from fc_distilabel.runs.failures import reporting
from fc_distilabel.runs.journal import JournaledModel
from fc_distilabel.runs.outcomes import ENDPOINT_FAILED, ENDPOINT_UNUSABLE
from fc_distilabel.runs.store import RunStore
from fc_distilabel.steps.columns import DROP, USAGE, Row, dropped, is_dropped, passed_on, with_usage
from fc_distilabel.steps.progress import StepProgress
from fc_distilabel.synthesis.asking import Asker
from fc_distilabel.synthesis.chat import ChatModel
from fc_distilabel.types import Language, Noun, Stage

if TYPE_CHECKING:
    from distilabel.typing import StepColumns, StepOutput


class ModelStep(Step):
    """Turns one noun of a row into the next one with the help of a model.

    A step may have more fields of type `LLM`; each is loaded, and is in `models` by its name.
    """

    stage: ClassVar[Stage]
    noun: ClassVar[type[Noun]]
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

    _models: dict[str, ChatModel] = PrivateAttr(default_factory=dict)
    _store: RunStore | None = PrivateAttr(None)
    _progress: StepProgress | None = PrivateAttr(None)
    _loop: asyncio.AbstractEventLoop | None = PrivateAttr(None)

    @property
    def models(self) -> dict[str, ChatModel]:
        """The loaded model behind each field of type `LLM`, completions kept in the store."""
        return self._models

    @property
    def inputs(self) -> "StepColumns":
        """The noun's column; `drop` and `usage` where an earlier step of ours wrote them."""
        return {self.consumes: True, DROP: False, USAGE: False}

    @property
    def outputs(self) -> "StepColumns":
        """The new noun's column, and the shared ones."""
        return [self.produces, DROP, USAGE]

    def load(self) -> None:
        """Load every LLM, and put the run's store before it where there is one."""
        super().load()
        with reporting(str(self.name)):
            if self.store:
                self._store = RunStore(self.store)
            llms = self._llms()
            # One object may stand in two fields, and is to be loaded once.
            opened = {key: self._opened(llm) for key, llm in _by_identity(llms).items()}
            self._models = {name: opened[id(llm)] for name, llm in llms.items()}
        self._progress = StepProgress(str(self.name), self._store)
        self._loop = asyncio.new_event_loop()

    def unload(self) -> None:
        """Let go of the LLMs, the loop and the store."""
        super().unload()
        for llm in _by_identity(self._llms()).values():
            llm.unload()
        if self._loop is not None:
            _close(self._loop)
        if self._store is not None:
            self._store.close()
        self._models, self._store, self._progress, self._loop = {}, None, None, None

    def process(self, inputs: StepInput) -> "StepOutput":  # type: ignore[override]
        """Work on all rows at once; yields them in order, none added, none lost."""
        assert self._loop is not None, "load() comes first"
        with reporting(str(self.name)):
            rows = self._loop.run_until_complete(self._work(inputs))
        yield rows

    def _llms(self) -> dict[str, LLM]:
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: value for name, value in fields.items() if isinstance(value, LLM)}

    def _opened(self, llm: LLM) -> ChatModel:
        llm.load()
        model = as_chat_model(llm)
        return model if self._store is None else JournaledModel(model, self._store)

    async def _work(self, rows: list[Row]) -> list[Row]:
        assert self._progress is not None, "load() comes first"
        self._progress.came(len(rows))
        done = await in_window(rows, self._one, min(self.max_in_flight or 1, len(rows)))
        self._progress.note()
        return done

    async def _one(self, row: Row) -> Row:
        assert self._progress is not None, "load() comes first"
        done = await self._row(passed_on(row) | {self.produces: ""})
        self._progress.finished()
        return done

    async def _row(self, row: Row) -> Row:
        if is_dropped(row):
            return row
        try:
            noun = self.noun.model_validate_json(row[self.consumes])
        except ValidationError as error:
            return dropped(row, self.stage, f"unreadable {self.consumes}", str(error))
        asker = Asker(
            self._models["llm"], self.stage, self.language_of(noun), (self.seed, self.key_of(noun))
        )
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
    def key_of(self, noun: Any) -> str:
        """What tells the noun apart, from which the row's seeds derive: its id."""
        return str(noun.id)

    @abstractmethod
    def language_of(self, noun: Any) -> Language:
        """The language that the prompts take for this noun."""

    @abstractmethod
    async def make(self, asker: Asker, noun: Any) -> Noun:
        """The next noun; the pure function that the step adapts."""


def _by_identity(llms: dict[str, LLM]) -> dict[int, LLM]:
    return {id(llm): llm for llm in llms.values()}


def _close(loop: asyncio.AbstractEventLoop) -> None:
    """Close a loop on which requests may be left whose rows were given up."""

    async def end() -> None:
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await loop.shutdown_default_executor()

    loop.run_until_complete(end())
    loop.close()
