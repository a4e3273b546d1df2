"""ChatCompletionsLLM against a real HTTP server that misbehaves on purpose."""

import asyncio
import json
import pickle
import socket
import time
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr

from fc_distilabel import errors
from fc_distilabel.llms.chat_completions import ChatCompletionsLLM
from fc_distilabel.llms.failures import retry_after
from fc_distilabel.synthesis.chat import ChatRequest, Completion
from fc_distilabel.testing import FakeEndpoint

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
