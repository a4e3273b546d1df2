"""Any distilabel LLM as a chat model: foreign LLMs are small real ones."""

import asyncio
import json
import time
from typing import Any

import pytest
from distilabel.models.llms import LLM, AsyncLLM
from distilabel.models.llms.utils import prepare_output

from fc_distilabel.errors import EndpointError
from fc_distilabel.llms.adapter import as_chat_model, messages_with_schema
from fc_distilabel.llms.chat_completions import ChatCompletionsLLM
from fc_distilabel.synthesis.chat import ChatRequest

SCHEMA = {"type": "object", "required": ["城市"]}


class Echo(AsyncLLM):
    """An async LLM that replies with what it was given."""

    @property
    def model_name(self) -> str:
        return "echo"

    async def agenerate(  # type: ignore[override]  # no `**kwargs`, as others do
        self, input: Any, num_generations: int = 1, max_new_tokens: int = 5, seed: int = 0
    ) -> Any:
        text = json.dumps([input, max_new_tokens, seed])
        return prepare_output([text], input_tokens=[3], output_tokens=[4])


class SlowCounter(LLM):
    """A sync LLM that notes how many callers it has at once."""

    inside: int = 0
    most: int = 0

    @property
    def model_name(self) -> str:
        return "counter"

    def generate(  # type: ignore[override]  # no `**kwargs`, as others do
        self, inputs: Any, num_generations: int = 1, temperature: float = 1.0
    ) -> Any:
        self.inside += 1
        self.most = max(self.most, self.inside)
        time.sleep(0.02)
        self.inside -= 1
        return [prepare_output([f"at {temperature}"]) for _ in inputs]


class Batches(LLM):
    """A sync LLM that notes its batches, and cannot bear some prompts."""

    sizes: list[int] = []  # noqa: RUF012  # a field: pydantic copies it
    bad: str = "bad"

    @property
    def model_name(self) -> str:
        return "batches"

    def generate(  # type: ignore[override]  # no `**kwargs`, as others do
        self, inputs: Any, num_generations: int = 1, temperature: float = 1.0
    ) -> Any:
        self.sizes.append(len(inputs))
        texts = [chat[0]["content"] for chat in inputs]
        if self.bad in texts:
            raise RuntimeError("out of memory")
        return [prepare_output([f"{text} at {temperature}"]) for text in texts]


class Failing(LLM):
    """A sync LLM that replies or raises as told."""

    outcome: Any = None

    @property
    def model_name(self) -> str:
        return "failing"

    def generate(  # type: ignore[override]  # no `**kwargs`, as others do
        self, inputs: Any, num_generations: int = 1
    ) -> Any:
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


def request(**fields: Any) -> ChatRequest:
    return ChatRequest(stage="test", messages=({"role": "user", "content": "Hello"},), **fields)


def test_our_own_llms_stay_as_they_are() -> None:
    """An LLM that is a chat model already is not wrapped."""
    llm = ChatCompletionsLLM(model="m", base_url="http://h/v1")
    assert as_chat_model(llm) is llm


def test_async_llm_gets_the_options_it_knows() -> None:
    """Options that the LLM has are passed, others are left out, and its costs are kept."""
    model = as_chat_model(Echo(generation_kwargs={"max_new_tokens": 1}))
    reply = asyncio.run(model.complete(request(max_tokens=9, seed=4)))
    assert json.loads(reply.text) == [[{"role": "user", "content": "Hello"}], 9, 4]
    assert (reply.prompt_tokens, reply.completion_tokens) == (3, 4)


def test_sync_llm_is_called_by_one_at_a_time() -> None:
    """A local model never has two callers, and the event loop is not held up."""
    llm = SlowCounter()

    async def many() -> list[str]:
        replies = await asyncio.gather(*(as_model.complete(request()) for _ in range(4)))
        return [reply.text for reply in replies]

    as_model = as_chat_model(llm)
    assert asyncio.run(many()) == ["at 0.0"] * 4
    assert llm.most == 1


def ask_all(llm: Batches, *asked: ChatRequest) -> list[Any]:
    model = as_chat_model(llm)

    async def all_() -> list[Any]:
        return await asyncio.gather(*map(model.complete, asked), return_exceptions=True)

    return asyncio.run(all_())


def said(text: str, **fields: Any) -> ChatRequest:
    return ChatRequest(stage="test", messages=({"role": "user", "content": text},), **fields)


def test_sync_llm_answers_rows_in_lockstep() -> None:
    """What is asked at once goes to a local model at once, equal options together."""
    llm = Batches()
    asked = [said(str(n), temperature=float(n % 2)) for n in range(40)]
    replies = ask_all(llm, *asked)
    assert [reply.text for reply in replies] == [f"{n} at {float(n % 2)}" for n in range(40)]
    assert llm.sizes == [20, 20]


def test_a_large_batch_is_parted() -> None:
    """A local model gets no more at once than its memory may bear."""
    llm = Batches()
    assert len(ask_all(llm, *(said(str(n)) for n in range(70)))) == 70
    assert llm.sizes == [32, 32, 6]


def test_a_prompt_that_breaks_its_batch_fails_alone() -> None:
    """The others of the batch are asked again one by one."""
    llm = Batches()
    replies = ask_all(llm, said("a"), said("bad"), said("c"))
    assert [getattr(reply, "text", None) for reply in replies] == ["a at 0.0", None, "c at 0.0"]
    assert isinstance(replies[1], EndpointError) and "out of memory" in str(replies[1])
    assert llm.sizes == [3, 1, 1, 1]


def test_schema_goes_to_the_last_user_message() -> None:
    """The schema is spelt out as it is where the model will look; the request stays untouched."""
    messages = (
        {"role": "user", "content": "first"},
        {"role": "user", "content": "second"},
        {"role": "assistant", "content": "so"},
    )
    asked = ChatRequest(stage="t", messages=messages, response_schema=SCHEMA)
    first, second, last = messages_with_schema(asked)
    assert (first, last) == (messages[0], messages[2])
    assert second["content"].startswith("second\n\nAnswer with JSON only")
    assert '"城市"' in second["content"]
    assert messages[1]["content"] == "second"


def test_schema_without_a_user_message() -> None:
    """Where nobody asked anything, the order for JSON is the question."""
    only = ({"role": "system", "content": "s"},)
    asked = ChatRequest(stage="t", messages=only, response_schema=SCHEMA)
    assert [message["role"] for message in messages_with_schema(asked)] == ["system", "user"]


@pytest.mark.parametrize(
    "outcome",
    [
        ConnectionError("refused"),
        ValueError("too long"),
        RuntimeError("CUDA"),
        [],
        [{"generations": [None], "statistics": {}}],
        [{"generations": [" "], "statistics": {}}],
        [{"generations": []}],
    ],
)
def test_failures_become_endpoint_errors(outcome: Any) -> None:
    """What a foreign LLM raises or leaves empty is one failed request, with its name."""
    with pytest.raises(EndpointError, match="failing"):
        asyncio.run(as_chat_model(Failing(outcome=outcome)).complete(request()))


def test_identity_tells_llms_apart() -> None:
    """Class, model and settings decide the identity; equal ones share it."""
    one, same = Echo(), Echo()
    warm = Echo(generation_kwargs={"max_new_tokens": 3})
    assert as_chat_model(one).identity == as_chat_model(same).identity
    identities = {as_chat_model(llm).identity for llm in (one, warm, SlowCounter())}
    assert len(identities) == 3
