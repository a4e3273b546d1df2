"""The public fakes do what tests rely on."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from fc_distilabel.errors import EndpointError, InputError
from fc_distilabel.synthesis.chat import ChatRequest
from fc_distilabel.testing import (
    Behaviour,
    FakeEndpoint,
    FakeEndpointProcess,
    ScriptedLLM,
    example_of,
)

SCRIPT = """
from fc_distilabel.errors import EndpointError

def reply(request):
    text = request.messages[-1]["content"]
    if text == "fail":
        raise EndpointError("told to")
    return f"{text} {request.seed} {request.response_schema}"

def shout(body):
    return body["messages"][-1]["content"].upper()

number = 3
"""


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of an importable script."""
    (tmp_path / "a_script_for_tests.py").write_text(SCRIPT)
    monkeypatch.syspath_prepend(str(tmp_path))
    return "a_script_for_tests:reply"


def request(text: str, **fields: Any) -> ChatRequest:
    return ChatRequest(stage="test", messages=({"role": "user", "content": text},), **fields)


def post(url: str, body: dict[str, Any]) -> Any:
    data = json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data=data), timeout=5) as response:
        return json.load(response)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
        {"type": "array", "items": {"enum": [1, 2, 3]}, "minItems": 3, "uniqueItems": True},
        {"type": "array", "items": {"type": "string"}, "minItems": 2, "uniqueItems": True},
        {"type": "string", "minLength": 9, "maxLength": 9},
        {"type": "string", "maxLength": 2},
        {"type": "integer", "minimum": 5, "maximum": 5},
        {"type": "number", "exclusiveMinimum": 7},
        {"type": ["null", "string"]},
        {"anyOf": [{"const": "x"}, {"type": "null"}]},
        {"type": "boolean"},
        {
            "$defs": {"leaf": {"type": "integer"}},
            "type": "object",
            "properties": {"leaf": {"$ref": "#/$defs/leaf"}},
            "required": ["leaf"],
        },
    ],
)
def test_default_reply_is_valid(schema: dict[str, Any]) -> None:
    """Without a script the fake endpoint answers with an instance of the schema."""
    jsonschema.validate(example_of(schema), schema)
    named = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    body = {"model": "m", "messages": [], "response_format": named}
    with FakeEndpoint() as endpoint:
        answer = post(f"{endpoint.base_url}/chat/completions", body)
    jsonschema.validate(json.loads(answer["choices"][0]["message"]["content"]), schema)


def test_endpoint_stops_while_a_request_hangs() -> None:
    """Leaving the endpoint never waits for a request that hangs."""

    async def ask(port: int) -> None:
        body = b'{"model": "m", "messages": []}'
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        head = f"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        while not endpoint.requests:
            await asyncio.sleep(0.01)

    with FakeEndpoint(faults=["hang"]) as endpoint:
        asyncio.run(ask(int(endpoint.base_url.split(":")[2].split("/")[0])))
    assert endpoint.requests == 1


def test_seeded_latencies_have_the_mean_and_the_tail_asked_for() -> None:
    """Log-normal latencies average to what was asked for; the same request takes the same time."""
    behaviour = Behaviour(latency=0.2, sigma=1.0, seed=3)
    bodies = [str(number).encode() for number in range(20_000)]
    seconds = [behaviour.seconds(body, 0) for body in bodies]
    assert 0.19 < sum(seconds) / len(seconds) < 0.21
    assert min(seconds) < 0.02 and max(seconds) > 2
    assert seconds == [behaviour.seconds(body, 0) for body in bodies]
    assert behaviour.seconds(b"1", 0) != behaviour.seconds(b"1", 1)
    assert Behaviour(latency=0.2).seconds(b"1", 0) == 0.2


def test_seeded_faults_have_their_shares() -> None:
    """Which requests fail hangs on the seed and their bodies, and not on their order."""
    behaviour = Behaviour(shares={"429": 0.05, "hang": 0.01}, refuse="bad word")
    bodies = [str(number).encode() for number in range(20_000)]
    met = Counter(behaviour.fault(body, 0) for body in bodies)
    assert 900 < met["429"] < 1100 and 150 < met["hang"] < 250
    again = Counter(behaviour.fault(body, 0) for body in reversed(bodies))
    assert met == again
    other = Behaviour(shares=behaviour.shares, seed=1)
    assert any(behaviour.fault(body, 0) != other.fault(body, 0) for body in bodies)
    assert {behaviour.fault(b"a bad word", nth) for nth in range(9)} == {"400"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"shares": {"teapot": 0.1}}, "fault 'teapot' is not known; allowed: ok, 400"),
        ({"shares": {"429": 0.6, "500": 0.6}}, "add up to 1.2"),
        ({"shares": {"429": -0.1}}, "0 to 1 is needed"),
        ({"latency": -1.0}, "none below 0"),
    ],
)
def test_an_impossible_behaviour_is_refused(given: dict[str, Any], told: str) -> None:
    """What cannot be is named before anything is started."""
    with pytest.raises(InputError, match=told):
        Behaviour(**given)


def ask(url: str, text: str = "Hello", **fields: Any) -> Any:
    body = {"model": "m", "messages": [{"role": "user", "content": text}], **fields}
    return post(f"{url}/chat/completions", body)


def test_what_is_counted() -> None:
    """Requests, faults, repeated bodies and repeated completions."""
    with FakeEndpoint(faults=["500", "ok", "ok", "ok"]) as endpoint:
        with pytest.raises(urllib.error.HTTPError):
            ask(endpoint.base_url)
        for text in ("Hello", "Hello", "other"):
            ask(endpoint.base_url, text)
        counters = endpoint.counters
    assert (counters.requests, counters.faults) == (4, {"500": 1, "ok": 3})
    assert (counters.duplicates, counters.paid_twice) == (2, 1)
    assert (counters.in_flight, counters.peak_in_flight) == (0, 1)


def test_the_mean_in_flight_is_over_the_window() -> None:
    """Two of four requests at a time, with nothing in between, are two in flight."""
    with FakeEndpoint(behaviour=Behaviour(latency=0.1)) as endpoint:
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(lambda n: ask(endpoint.base_url, str(n)), range(8)))
        counters = endpoint.counters
    assert counters.peak_in_flight == 2
    assert 1.5 < counters.mean_in_flight <= 2


def test_a_client_that_went_away_is_paid_nothing() -> None:
    """A completion that nobody waited for is not counted as one."""
    with FakeEndpoint(behaviour=Behaviour(latency=0.3)) as endpoint:
        data = b'{"model": "m", "messages": []}'
        with socket.create_connection(("127.0.0.1", int(endpoint.base_url[17:-3]))) as client:
            head = f"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: {len(data)}\r\n\r\n"
            client.sendall(head.encode() + data)
            while not endpoint.requests:
                time.sleep(0.01)
        while endpoint.counters.in_flight:
            time.sleep(0.01)
        assert endpoint.counters.faults == {}


@pytest.mark.parametrize("data", [b"{", b"[]", b'{"model": "m"}'])
def test_a_body_that_is_no_request_is_refused(data: bytes) -> None:
    """As by a real endpoint, with a 400."""
    with FakeEndpoint() as endpoint:
        request = urllib.request.Request(f"{endpoint.base_url}/chat/completions", data=data)
        with pytest.raises(urllib.error.HTTPError, match="400"):
            urllib.request.urlopen(request, timeout=5)


def test_a_reply_that_raises_breaks_the_connection() -> None:
    """The client is not left waiting, and the next request is answered."""

    def reply(body: dict[str, Any]) -> str:
        return str(body["absent"])

    with FakeEndpoint(reply) as endpoint:
        for _ in range(2):
            with pytest.raises((urllib.error.URLError, ConnectionError)):
                ask(endpoint.base_url)
        assert endpoint.counters.in_flight == 0


@pytest.mark.parametrize(
    ("fields", "called"),
    [
        ({}, ["first"]),
        ({"tool_choice": {"type": "function", "function": {"name": "second"}}}, ["second"]),
        ({"tool_choice": "none"}, []),
        ({"tools": []}, []),
    ],
)
def test_tool_calls_are_valid(fields: dict[str, Any], called: list[str]) -> None:
    """When told to, a request with tools is answered by a call that follows the tool's schema."""
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    tools = [
        {"type": "function", "function": {"name": name, "parameters": schema}}
        for name in ("first", "second")
    ]
    with FakeEndpoint(behaviour=Behaviour(tool_calls=True)) as endpoint:
        answer = ask(endpoint.base_url, **({"tools": tools} | fields))
    calls = answer["choices"][0]["message"].get("tool_calls") or []
    assert [call["function"]["name"] for call in calls] == called
    for call in calls:
        jsonschema.validate(json.loads(call["function"]["arguments"]), schema)


def test_after_a_result_comes_an_answer() -> None:
    """A conversation with tools ends."""
    body = {"model": "m", "messages": [{"role": "tool", "content": "1", "tool_call_id": "c"}]}
    body["tools"] = [{"type": "function", "function": {"name": "f"}}]
    with FakeEndpoint(behaviour=Behaviour(tool_calls=True)) as endpoint:
        answer = post(f"{endpoint.base_url}/chat/completions", body)
    assert answer["choices"][0]["message"]["content"] == "OK"


def test_an_endpoint_in_its_own_process(script: str) -> None:
    """It answers as told, counts, keeps to its core, and ends with its context."""
    behaviour = Behaviour(refuse="bad", shares={"ok": 0.5}, retry_after="3", seed=2)
    core = min(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    name = script.replace(":reply", ":shout")
    with FakeEndpointProcess(name, behaviour=behaviour, core=core) as endpoint:
        assert ask(endpoint.base_url)["choices"][0]["message"]["content"] == "HELLO"
        with pytest.raises(urllib.error.HTTPError, match="400"):
            ask(endpoint.base_url, "bad")
        assert endpoint.counters.faults == {"ok": 1, "400": 1}
        if core is not None:
            assert os.sched_getaffinity(endpoint.pid) == {core}
    with pytest.raises(urllib.error.URLError):
        ask(endpoint.base_url)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--fault", "429=2"], "add up to 2"),
        (["--fault", "429"], "KIND=SHARE is needed"),
        (["--reply", "no_such_module:f"], "no_such_module"),
    ],
)
def test_the_program_tells_what_it_cannot_do(arguments: list[str], told: str) -> None:
    """One line, and exit status 2."""
    command = [sys.executable, "-m", "fc_distilabel.testing", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2 and told in done.stderr.splitlines()[-1]


def test_importing_the_fakes_is_cheap() -> None:
    """Who needs only the endpoint does not pay for distilabel."""
    code = "import sys, fc_distilabel.testing; sys.exit('distilabel' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_scripted_llm_is_a_chat_model(script: str) -> None:
    """The script sees the request and writes the reply, always the same."""
    llm = ScriptedLLM(script=script)
    llm.load()
    reply = asyncio.run(llm.complete(request("a b", seed=3, response_schema={})))
    assert (reply.text, reply.prompt_tokens, reply.completion_tokens) == ("a b 3 {}", 2, 4)
    assert llm.identity == f"scripted:{script}"


def test_scripted_llm_can_fail(script: str) -> None:
    """The script's failure is the request's failure."""
    llm = ScriptedLLM(script=script)
    llm.load()
    with pytest.raises(EndpointError, match="told to"):
        asyncio.run(llm.complete(request("fail")))


def test_scripted_llm_in_any_task(script: str) -> None:
    """As a distilabel LLM it answers batches: a failure is None, draws count up the seed."""
    llm = ScriptedLLM(script=script)
    llm.load()
    chats: Any = [[{"role": "user", "content": text}] for text in ("hi", "fail")]
    outputs = llm.generate_outputs(inputs=chats, num_generations=2)
    assert [output["generations"] for output in outputs] == [
        ["hi 0 None", "hi 1 None"],
        [None, None],
    ]


@pytest.mark.parametrize(
    "name", ["reply", "a_script_for_tests:", "a_script_for_tests:absent", "no_such_module:f"]
)
def test_missing_script_is_named(script: str, name: str) -> None:
    """A script that cannot be found is an input error with its name."""
    with pytest.raises(InputError, match=f"script is '{name}'"):
        ScriptedLLM(script=name).load()


def test_script_must_be_callable(script: str) -> None:
    """A name that is no function is refused at load."""
    with pytest.raises(InputError, match="number is not a function"):
        ScriptedLLM(script="a_script_for_tests:number").load()
