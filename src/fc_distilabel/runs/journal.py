"""A chat model that asks each question once: completions come from the store where they can."""

from fc_distilabel.runs.store import RunStore
from fc_distilabel.synthesis.chat import ChatModel, ChatRequest, Completion
from fc_distilabel.types import content_id


class JournaledModel:
    """Wraps a `ChatModel`; a completion is on disk before anyone uses it."""

    def __init__(self, model: ChatModel, store: RunStore) -> None:
        self._model = model
        self._store = store

    @property
    def identity(self) -> str:
        """The wrapped model's identity."""
        return self._model.identity

    async def complete(self, request: ChatRequest) -> Completion:
        """The stored completion of an equal request, else the model's, stored first."""
        content = request.model_dump(mode="json", exclude={"stage"})
        key = content_id(self.identity, content)
        if stored := self._store.completion(key):
            return stored
        completion = await self._model.complete(request)
        self._store.keep_completion(key, request.stage, completion)
        return completion
