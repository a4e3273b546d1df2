"""ChatCompletionsLLM against a real HTTP server that misbehaves on purpose."""

import asyncio
import json
import pickle
import socket
import time
from email.utils import formatdate
from pathlib import Path
from typing import Any, cast

import pytest
from pydantic import BaseModel, SecretStr
from tenacity import RetryCallState

from fc_distilabel import errors
from fc_distilabel.calls.reading import read_calls
from fc_distilabel.llms.chat_completions import ChatCompletionsLLM
from fc_distilabel.llms.failures import StatusError, retry_after, wait_before_retry
from fc_distilabel.llms.http11 import Answer
from fc_distilabel.synthesis.chat import ChatRequest, Completion
from fc_distilabel.testing import Behaviour, FakeEndpoint
from fc_distilabel.types import Message, ToolCall

CASES = Path(__file__).parents[1] / "cases"
KEY = "sk-very-secret-key"
SCHEMA = {
    "type": "object",
    "properties": {"city": {"enum": ["Oslo", "Rome"]}},
    "required": ["city"],
}


def cases(name: str) -> list[Any]:
    rows = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(row, id=row["description"]) for row in rows]


def request(text: str = "Hello", **fields: Any) -> ChatRequest:
    return ChatRequest(stage="test", messages=({"role": "user", "content": text},), **fields)


def chat(text: str) -> Any:
    return [{"role": "user", "content": text}]


def loaded(base_url: str, **fields: Any) -> ChatCompletionsLLM:
    llm = ChatCompletionsLLM(model="fake", base_url=base_url, api_key=KEY, **fields)
    llm.load()
    return llm


def complete(llm: ChatCompletionsLLM, asked: ChatRequest) -> Completion:
    return asyncio.run(llm.complete(asked))


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_sends_the_whole_request() -> None:
    """Schema, bounds and seed reach the endpoint, and its reply comes back with its costs."""
    with FakeEndpoint() as endpoint:
        asked = request("Where to?", response_schema=SCHEMA, max_tokens=9, seed=5)
        reply = complete(loaded(endpoint.base_url), asked)
    assert endpoint.bodies == [
        {
            "model": "fake",
            "messages": chat("Where to?"),
            "max_tokens": 9,
            "temperature": 0.0,
            "seed": 5,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "reply", "schema": SCHEMA, "strict": False},
            },
        }
    ]
    assert endpoint.keys == [KEY]
    assert (reply.text, reply.finish_reason) == ('{"city": "Oslo"}', "stop")
    assert (reply.prompt_tokens, reply.completion_tokens) == (2, 2)
    assert reply.seconds > 0


@pytest.mark.parametrize("case", cases("endpoint_faults"))
def test_faults(case: dict[str, Any]) -> None:
    """Each fault is retried or told as it deserves, in one line, without the key."""
    with FakeEndpoint(faults=case["faults"]) as endpoint:
        llm = loaded(endpoint.base_url, max_retries=case["retries"], timeout=0.3)
        if case["error"] is None:
            assert case["says"] in complete(llm, request()).text
        else:
            with pytest.raises(errors.EndpointError) as raised:
                complete(llm, request())
            assert type(raised.value).__name__ == case["error"]
            message = str(raised.value)
            assert case["says"] in message and endpoint.base_url in message
            assert "\n" not in message and KEY not in message
        assert endpoint.requests == case["requests"]


@pytest.mark.parametrize("case", cases("retry_after"))
def test_retry_after_header(case: dict[str, Any]) -> None:
    """A Retry-After header is read as seconds or as a date, within reason."""
    assert retry_after(case["header"]) == case["expected"]


def test_retry_after_date_ahead() -> None:
    """An HTTP date a little ahead is waited for."""
    assert 25 < retry_after(formatdate(time.time() + 30, usegmt=True)) <= 30


def test_retry_waits_as_long_as_asked() -> None:
    """The next try comes no sooner than Retry-After says."""
    with FakeEndpoint(faults=["429"], retry_after="0.8") as endpoint:
        started = time.monotonic()
        complete(loaded(endpoint.base_url), request())
        assert time.monotonic() - started >= 0.8


def test_retries_of_many_are_kept_apart() -> None:
    """Requests that were refused together do not all come back at the same moment."""
    refused = Answer(429, {"retry-after": "3"}, b"")
    waits = set()
    for _ in range(20):
        state = RetryCallState(cast(Any, None), None, (), {})
        state.set_exception((StatusError, StatusError(refused), None))
        waits.add(wait_before_retry(state))
    assert len(waits) > 10
    assert min(waits) >= 3 and max(waits) < 4


def test_down_endpoint_is_unusable() -> None:
    """Where nothing listens no request can succeed."""
    url = f"http://127.0.0.1:{closed_port()}/v1"
    with pytest.raises(errors.EndpointUnusableError, match=f"{url} cannot be reached"):
        complete(loaded(url, max_retries=1), request())


def test_wrong_path_is_unusable() -> None:
    """A 404, be it the path or the model, ends everything."""
    with FakeEndpoint() as endpoint, pytest.raises(errors.EndpointUnusableError, match="404"):
        complete(loaded(f"{endpoint.base_url}/elsewhere"), request())


@pytest.mark.parametrize("url", ["localhost:8000/v1", "ftp://host/v1", "http://", "nonsense"])
def test_bad_url_is_told_before_anything_is_sent(url: str) -> None:
    """A base URL that is not HTTP is named at load."""
    with pytest.raises(errors.EndpointUnusableError, match="http:// or https://"):
        loaded(url)


def test_late_403_is_about_one_request() -> None:
    """An endpoint that has answered before may refuse a single flagged request."""

    async def both(llm: ChatCompletionsLLM) -> None:
        await llm.complete(request())
        await llm.complete(request())

    with (
        FakeEndpoint(faults=["ok", "403"]) as endpoint,
        pytest.raises(errors.EndpointError, match="403") as raised,
    ):
        asyncio.run(both(loaded(endpoint.base_url)))
    assert not isinstance(raised.value, errors.EndpointUnusableError)


def test_early_403_is_unusable() -> None:
    """An endpoint that refuses from the start will refuse everything."""
    with (
        FakeEndpoint(faults=["403"]) as endpoint,
        pytest.raises(errors.EndpointUnusableError, match="403"),
    ):
        complete(loaded(endpoint.base_url), request())


def test_server_that_quotes_the_key_does_not_leak_it() -> None:
    """A key in an error body is blotted out of the message."""
    with FakeEndpoint() as endpoint, pytest.raises(errors.EndpointError) as raised:
        complete(loaded(f"{endpoint.base_url}/{KEY}"), request())
    assert "***" in str(raised.value) and KEY not in str(raised.value)


def test_in_flight_is_bounded() -> None:
    """No more requests are under way at once than allowed."""

    def slow(body: dict[str, Any]) -> str:
        time.sleep(0.05)
        return "OK"

    async def many(llm: ChatCompletionsLLM) -> None:
        await asyncio.gather(*(llm.complete(request(str(i))) for i in range(12)))

    with FakeEndpoint(reply=slow) as endpoint:
        asyncio.run(many(loaded(endpoint.base_url, max_in_flight=3)))
    assert (endpoint.peak_in_flight, endpoint.requests) == (3, 12)


def test_a_lost_endpoint_is_asked_no_more() -> None:
    """Once it is known that no request can succeed, nothing is sent; an answer changes that."""

    async def all_(llm: ChatCompletionsLLM) -> list[Any]:
        late = asyncio.create_task(llm.complete(request("late")))
        while endpoint.requests < 1:
            await asyncio.sleep(0.01)
        asked = [await asyncio.gather(llm.complete(request()), return_exceptions=True)]
        asked += [await asyncio.gather(llm.complete(request()), return_exceptions=True)]
        return [*asked, await late, await llm.complete(request())]

    def slow(body: dict[str, Any]) -> str:
        time.sleep(0.2)
        return "OK"

    with FakeEndpoint(slow, faults=["ok", "401"]) as endpoint:
        lost, still, *answered = asyncio.run(all_(loaded(endpoint.base_url)))
        assert endpoint.requests == 3
    assert {type(each[0]) for each in (lost, still)} == {errors.EndpointUnusableError}
    assert [reply.text for reply in answered] == ["OK", "OK"]


@pytest.mark.parametrize("key", ["sk-1\n", "sk-密"])
def test_a_key_that_no_header_can_carry_is_refused(key: str) -> None:
    """It is told at load, without the key."""
    llm = ChatCompletionsLLM(model="m", base_url="http://h/v1", api_key=key)
    with pytest.raises(errors.EndpointUnusableError, match="no header can carry") as raised:
        llm.load()
    assert "sk-" not in str(raised.value)


TOOL = {
    "type": "function",
    "function": {
        "name": "find_hotel",
        "description": "Find a hotel.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"enum": ["Rome"]}, "nights": {"type": "integer"}},
            "required": ["city"],
        },
    },
}


def test_native_tools() -> None:
    """An endpoint that calls tools gets them and no schema; its calls are JSON that can be read."""
    with FakeEndpoint(behaviour=Behaviour(tool_calls=True)) as endpoint:
        llm = loaded(endpoint.base_url, native_tools=True)
        reply = complete(llm, request(tools=(TOOL,), response_schema=SCHEMA))
    assert endpoint.bodies[0]["tools"] == [TOOL]
    assert "response_format" not in endpoint.bodies[0]
    assert json.loads(reply.text) == [{"name": "find_hotel", "arguments": '{"city": "Rome"}'}]
    assert reply.finish_reason == "tool_calls"
    [call] = read_calls(reply.text).calls
    assert (call.name, call.arguments) == ("find_hotel", {"city": "Rome"})


def test_arguments_of_a_native_call_stay_as_they_are() -> None:
    """What the model wrote is kept, broken or not: it is read where it is used."""
    call = {"id": "1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1,'}}
    said = {"content": "One moment.", "tool_calls": [call, call]}
    with FakeEndpoint(lambda body: said) as endpoint:
        reply = complete(loaded(endpoint.base_url, native_tools=True), request(tools=(TOOL,)))
    assert json.loads(reply.text) == [{"name": "f", "arguments": '{"a": 1,'}] * 2
    assert read_calls(reply.text).violations


def test_arguments_that_are_an_object_are_kept_where_they_are_json() -> None:
    """Some servers send an object in the place of text; one that is no JSON is asked for again."""
    calls = iter([float("nan"), 1.5])

    def said(body: dict[str, Any]) -> dict[str, Any]:
        return {"tool_calls": [{"function": {"name": "f", "arguments": {"a": next(calls)}}}]}

    with FakeEndpoint(said) as endpoint:
        reply = complete(loaded(endpoint.base_url, native_tools=True), request(tools=(TOOL,)))
    assert json.loads(reply.text) == [{"name": "f", "arguments": {"a": 1.5}}]


def test_words_of_a_model_with_tools() -> None:
    """A model that has tools may still talk."""
    with FakeEndpoint() as endpoint:
        llm = loaded(endpoint.base_url, native_tools=True)
        assert complete(llm, request(tools=(TOOL,))).text == "OK"


def test_tools_go_only_to_endpoints_that_take_them() -> None:
    """Elsewhere the schema is asked for."""
    with FakeEndpoint() as endpoint:
        complete(loaded(endpoint.base_url), request(tools=(TOOL,), response_schema=SCHEMA))
    assert "tools" not in endpoint.bodies[0]
    assert endpoint.bodies[0]["response_format"]["json_schema"]["schema"] == SCHEMA


def test_calls_in_the_conversation_go_out_as_openai_writes_them() -> None:
    """Arguments are text on the wire, and a tool's result names its call."""
    call = ToolCall(name="find_hotel", arguments={"city": "Rome"}, id="c1")
    messages = (
        Message(role="user", content="A hotel in Rome"),
        Message(role="assistant", tool_calls=(call,)),
        Message(role="tool", content="[]", tool_call_id="c1", name="find_hotel"),
    )
    asked = ChatRequest(stage="t", messages=tuple(m.openai() for m in messages), tools=(TOOL,))
    with FakeEndpoint() as endpoint:
        complete(loaded(endpoint.base_url, native_tools=True), asked)
    _, assistant, tool = endpoint.bodies[0]["messages"]
    assert assistant["tool_calls"][0]["function"]["arguments"] == '{"city":"Rome"}'
    assert tool["tool_call_id"] == "c1"
    assert asked.messages[1]["tool_calls"][0]["function"]["arguments"] == {"city": "Rome"}


def test_requests_without_tools_keep_their_identity() -> None:
    """The journal's key of a request that has no tools is what it was before there were any."""
    assert set(request().model_dump(mode="json")) == {
        "stage",
        "messages",
        "response_schema",
        "max_tokens",
        "temperature",
        "seed",
    }
    assert request(tools=(TOOL,)).model_dump(mode="json")["tools"] == [TOOL]


def test_works_on_one_event_loop_after_another() -> None:
    """Connections of a finished event loop are not used again."""
    with FakeEndpoint() as endpoint:
        llm = loaded(endpoint.base_url)
        assert [complete(llm, request()).text for _ in range(3)] == ["OK"] * 3


def test_check_passes_and_costs_one_token() -> None:
    """A healthy endpoint, even one that says nothing in one token, passes the check."""
    with FakeEndpoint(faults=["ok", "empty"]) as endpoint:
        llm = loaded(endpoint.base_url)
        asyncio.run(llm.check())
        asyncio.run(llm.check())
    assert [body["max_tokens"] for body in endpoint.bodies] == [1, 1]


@pytest.mark.parametrize(
    ("faults", "error"),
    [
        (["401"], errors.EndpointUnusableError),
        (["500"] * 9, errors.EndpointError),
        (["garbage"] * 9, errors.EndpointError),
    ],
)
def test_check_tells_quickly(faults: list[Any], error: type[Exception]) -> None:
    """The check names the trouble after two tries at most."""
    with FakeEndpoint(faults=faults) as endpoint:
        with pytest.raises(error, match=endpoint.base_url):
            asyncio.run(loaded(endpoint.base_url).check())
        assert endpoint.requests <= 2


def test_batch_loses_only_the_failed_row() -> None:
    """A 400 for one row is None for that row, and the statistics keep their shape."""
    with FakeEndpoint(faults=lambda n: "400" if n == 1 else "ok") as endpoint:
        llm = loaded(endpoint.base_url, max_in_flight=1)
        outputs = llm.generate_outputs(inputs=[chat(word) for word in ("a", "b b", "c")])
    assert [output["generations"] for output in outputs] == [["OK"], [None], ["OK"]]
    assert [output["statistics"] for output in outputs] == [
        {"input_tokens": [1], "output_tokens": [1]},
        {"input_tokens": [0], "output_tokens": [0]},
        {"input_tokens": [1], "output_tokens": [1]},
    ]


class City(BaseModel):
    """A pydantic model as distilabel users write it."""

    name: str


@pytest.mark.parametrize(
    ("schema", "expected"),
    [(SCHEMA, '{"city": "Oslo"}'), (json.dumps(SCHEMA), '{"city": "Oslo"}'), (City, "name")],
)
def test_structured_input(schema: Any, expected: str) -> None:
    """Each row brings its own schema: a dict, JSON text or a pydantic model."""
    with FakeEndpoint() as endpoint:
        llm = loaded(endpoint.base_url)
        given: Any = (chat("x"), {"format": "json", "schema": schema})
        (output,) = llm.generate_outputs(inputs=[given])
    assert expected in str(output["generations"])


@pytest.mark.parametrize(
    "structured", [{"format": "regex", "schema": "a+"}, {"schema": "{"}, {"schema": 3}]
)
def test_impossible_structure_fails_its_row_only(structured: Any) -> None:
    """A row with a structure that cannot be asked for is None; its neighbour is answered."""
    with FakeEndpoint() as endpoint:
        llm = loaded(endpoint.base_url)
        outputs = llm.generate_outputs(inputs=[(chat("x"), structured), chat("y")])
    assert [output["generations"] for output in outputs] == [[None], ["OK"]]


def test_several_generations_have_their_own_seeds() -> None:
    """Draws of one input differ by seed, and defaults come from `structured_output`."""
    with FakeEndpoint() as endpoint:
        llm = loaded(endpoint.base_url, structured_output={"format": "json", "schema": SCHEMA})
        (output,) = llm.generate_outputs(inputs=["Where?"], num_generations=2, seed=40)
    assert sorted(body["seed"] for body in endpoint.bodies) == [40, 41]
    assert output["generations"] == ['{"city": "Oslo"}'] * 2
    assert output["statistics"]["input_tokens"] == [1, 1]


def test_saved_form_has_all_fields_but_the_key() -> None:
    """A saved pipeline restores the LLM, and never holds the key."""
    llm = ChatCompletionsLLM(model="m", base_url="http://h/v1", api_key=KEY, max_in_flight=7)
    saved = llm.dump()
    assert KEY not in json.dumps(saved)
    restored = ChatCompletionsLLM.from_dict(saved)
    assert (restored.model, restored.base_url, restored.max_in_flight) == ("m", "http://h/v1", 7)


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """OPENAI_BASE_URL and OPENAI_API_KEY are the defaults."""
    monkeypatch.setenv("OPENAI_BASE_URL", "http://h/v1")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    llm = ChatCompletionsLLM(model="m")
    assert llm.base_url == "http://h/v1"
    assert isinstance(llm.api_key, SecretStr) and llm.api_key.get_secret_value() == KEY


def test_identity_names_model_and_url_without_credentials() -> None:
    """Two endpoints or models never share journal entries, and no password is journalled."""
    llm = ChatCompletionsLLM(model="m", base_url="https://me:pass@h:1/v1?token=t")
    assert json.loads(llm.identity) == {
        "class": "ChatCompletionsLLM",
        "model": "m",
        "base_url": "https://h:1/v1",
    }


def test_travels_to_another_process() -> None:
    """Before load and after unload the LLM can be pickled."""
    llm = ChatCompletionsLLM(model="m", base_url="http://h/v1")
    pickle.dumps(llm)
    llm.load()
    llm.unload()
    assert pickle.loads(pickle.dumps(llm)).model == "m"


def test_real_pipeline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In somebody's pipeline it is an LLM like any other: every row has its text."""
    monkeypatch.setenv("DISTILABEL_CACHE_DIR", str(tmp_path))
    from distilabel.pipeline import Pipeline
    from distilabel.steps import LoadDataFromDicts
    from distilabel.steps.tasks import TextGeneration

    rows = [{"instruction": word} for word in ("one", "two", "three")]
    with FakeEndpoint(reply=lambda body: body["messages"][-1]["content"].upper()) as endpoint:
        llm = ChatCompletionsLLM(model="fake", base_url=endpoint.base_url, api_key=KEY)
        with Pipeline(name="real", cache_dir=tmp_path) as pipeline:
            load = LoadDataFromDicts(data=rows)
            load >> TextGeneration(llm=llm, add_raw_input=False, add_raw_output=False)
        distiset = pipeline.run(use_cache=False)
    table = distiset["default"]["train"]
    assert sorted(table["generation"]) == ["ONE", "THREE", "TWO"]
    assert endpoint.keys == [KEY] * 3
