"""The public fakes do what tests rely on."""

import asyncio
import json
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from fc_distilabel.errors import EndpointError, InputError
from fc_distilabel.synthesis.chat import ChatRequest
from fc_distilabel.testing import FakeEndpoint, ScriptedLLM, example_of

SCRIPT = """
from fc_distilabel.errors import EndpointError

def reply(request):
    text = request.messages[-1]["content"]
    if text == "fail":
        raise EndpointError("told to")
    return f"{text} {request.seed} {request.response_schema}"

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
