"""Documents in, tools out: what `fc-distilabel apis PATH...` runs.

One process is enough: two requests a tool, and the rest is quick. Completions are kept beside the
output, so a stopped run goes on where it was, and one that has all its answers starts no model.
"""

import asyncio
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from fc_distilabel.apis.complexity import Complexity
from fc_distilabel.apis.making import Alike
from fc_distilabel.errors import EndpointUnusableError, InputError, RunError
from fc_distilabel.pipelines.directory import take_lock
from fc_distilabel.pipelines.models import build_llm, open_model
from fc_distilabel.runs.aside import defect, move_aside
from fc_distilabel.runs.document_tools import DocumentTools, in_turn
from fc_distilabel.runs.journal import JournaledModel
from fc_distilabel.runs.plan import make_plan
from fc_distilabel.runs.settings import RunSettings
from fc_distilabel.runs.store import RunStore, open_store
from fc_distilabel.synthesis.chat import ChatModel, ChatRequest, Completion

if TYPE_CHECKING:
    from distilabel.models.llms import LLM

LOCAL_WINDOW = 2
"""Passages asked about at once where one model answers one request at a time: the first tools come
early, and it never waits for us."""


@contextmanager
def document_tools(
    settings: RunSettings,
    target: Complexity,
    count: int,
    alike: Alike,
    out: Path,
    say: Callable[[str], None],
) -> Iterator[DocumentTools]:
    """The run that makes tools of documents, ready to be iterated over.

    A journal that cannot be used is set aside, and `say` told so.

    Raises `InputError` and its kin where documents, model or place cannot be used.
    """
    plan = make_plan(settings.paths, settings.language, "", 1, settings.seed)
    with late_model(settings) as model, _alone(out), _store(journal_of(out), say) as store:
        window = LOCAL_WINDOW if settings.llm == "local" else settings.max_in_flight
        journaled = JournaledModel(model, store)
        yield DocumentTools(journaled, in_turn(plan), target, count, settings.seed, alike, window)


@contextmanager
def _store(path: Path, say: Callable[[str], None]) -> Iterator[RunStore]:
    if broken := defect(path):
        say(move_aside(path, broken))
    with open_store(path) as store:
        yield store


def journal_of(out: Path) -> Path:
    """The database beside an output, which holds every completion."""
    return out.with_name(f"{out.name}.db")


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Hold the output's lock."""
    if not out.absolute().parent.is_dir():
        raise InputError(f"cannot write {str(out)!r}: there is no such folder")
    try:
        lock = take_lock(out.with_name(f".{out.name}.lock"), f"on {str(out)!r}")
    except OSError as error:
        raise InputError(f"cannot write {str(out)!r}: {error.strerror}") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def late_model(settings: RunSettings) -> Iterator["LateModel"]:
    """The model that `--llm` names, stopped at the end if it was started."""
    model = LateModel(settings)
    try:
        yield model
    finally:
        model.stop()


class LateModel:
    """A chat model that is started when it is first asked."""

    def __init__(self, settings: RunSettings) -> None:
        """Find out whether there is such a model.

        Raises `InputError` for an unknown name, `ModelFileError` for weights that cannot be used.
        """
        self._settings = settings
        self._known = open_model(settings)
        self._starting = asyncio.Lock()
        self._llm: LLM | None = None
        self._chat: ChatModel | None = None

    @property
    def identity(self) -> str:
        """The model's identity, known before it runs."""
        return self._known.identity

    async def complete(self, request: ChatRequest) -> Completion:
        """Answer one request; the first one waits for the model to start.

        Raises `EndpointUnusableError` where it cannot be used, `RunError` where it is lost later.
        """
        async with self._starting:
            chat = self._chat or await self._start()
        try:
            return await chat.complete(request)
        except EndpointUnusableError as error:
            raise RunError(f"the endpoint cannot be used any more: {error}") from error

    async def _start(self) -> ChatModel:
        # The check brings an event loop of its own.
        await asyncio.to_thread(self._known.check)
        with warnings.catch_warnings():
            # distilabel's import warns of its own fields; nobody here could mend them.
            warnings.simplefilter("ignore")
            from fc_distilabel.llms.adapter import as_chat_model

            self._llm = build_llm(self._settings)
        self._llm.load()
        self._chat = as_chat_model(self._llm)
        return self._chat

    def stop(self) -> None:
        """Stop the model, if it runs."""
        llm, self._llm, self._chat = self._llm, None, None
        if llm is not None:
            llm.unload()
