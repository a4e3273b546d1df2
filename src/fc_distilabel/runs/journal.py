"""A chat model that asks each question once: completions come from the store where they can.

Equal requests that are under way at once wait for the one answer. A caller that gives up does not
end its request: what is paid for is stored, and others may be waiting. Where the run has a budget
it is looked at before each request, and again when that has its place in flight: when it is spent
no further one goes out, and those that are under way still come in and are kept.
"""

import asyncio

from fc_distilabel.errors import BudgetSpentError
from fc_distilabel.runs.completions import account
from fc_distilabel.runs.store import RunStore
from fc_distilabel.synthesis.chat import ChatModel, ChatRequest, Completion
from fc_distilabel.synthesis.sending import object_by
from fc_distilabel.types import content_id


class JournaledModel:
    """Wraps a `ChatModel`; a completion is on disk before anyone uses it."""

    def __init__(self, model: ChatModel, store: RunStore) -> None:
        self._model = model
        self._completions = store.completions
        self._budget = store.budget()
        self._under_way: dict[str, asyncio.Task[Completion]] = {}

    @property
    def identity(self) -> str:
        """The wrapped model's identity."""
        return self._model.identity

    @property
    def native_tools(self) -> bool:
        """Whether the wrapped model takes tools through its API."""
        return bool(getattr(self._model, "native_tools", False))

    async def complete(self, request: ChatRequest) -> Completion:
        """The stored completion of an equal request, else the model's, stored first.

        Raises `BudgetSpentError` where the model would have to be asked and may not be.
        """
        key = content_id(self.identity, request.model_dump(mode="json", exclude={"stage"}))
        if stored := self._completions.find(key):
            return stored
        asking = self._under_way.get(key)
        if asking is None:
            asking = self._under_way[key] = asyncio.create_task(self._ask(key, request))
            asking.add_done_callback(lambda _: self._under_way.pop(key, None))
        return await asyncio.shield(asking)

    async def _ask(self, key: str, request: ChatRequest) -> Completion:
        if self._budget.is_limited:
            self._require_budget()
            object_by(self._require_budget)
        completion = await self._model.complete(request)
        charged = account(request.stage, self.identity)
        return await self._completions.keep(key, charged, completion)

    def _require_budget(self) -> None:
        if told := self._budget.reached(self._completions.spent()):
            raise BudgetSpentError(f"the budget is spent: {told}")
