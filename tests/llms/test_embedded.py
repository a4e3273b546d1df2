"""The embedded model: finding and sharing its server needs no weights, its replies do."""

import asyncio
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fc_distilabel.errors import EndpointError, InputError, ModelFileError
from fc_distilabel.llms.embedded import EmbeddedLLM
from fc_distilabel.llms.embedded_server import EmbeddedServer
from fc_distilabel.llms.server_address import ServerAddress, default_threads, shared_server
from fc_distilabel.synthesis.chat import ChatRequest, Completion
from fc_distilabel.testing import FakeEndpoint

VARIABLES = (
    "FC_DISTILABEL_EMBEDDED_URL",
    "FC_DISTILABEL_SERVER_KEY",
    "FC_DISTILABEL_EMBEDDED_IDENTITY",
    "FC_DISTILABEL_THREADS",
)
SCHEMA = {
    "type": "object",
    "properties": {"city": {"enum": ["Oslo", "Rome"]}},
    "required": ["city"],
    "additionalProperties": False,
}
OWNER = """
import multiprocessing, os, time
from fc_distilabel.llms.embedded_server import EmbeddedServer
server = EmbeddedServer(threads=1, context=512).start()
child = multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,))
child.start()
print(server._process.pid, child.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees a server of somebody else's run."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    """A running server with the real model, shared by the tests of this module."""
    with EmbeddedServer(threads=1, context=512) as running:
        yield running


@pytest.fixture
def attached(server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> EmbeddedLLM:
    """An LLM that found the running server in the environment."""
    for name, value in server.environment().items():
        monkeypatch.setenv(name, value)
    llm = EmbeddedLLM()
    llm.load()
    return llm


def complete(llm: EmbeddedLLM, **fields: Any) -> Completion:
    messages = ({"role": "user", "content": "Name a city in Norway."},)
    return asyncio.run(llm.complete(ChatRequest(stage="test", messages=messages, **fields)))


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    # Nobody may have collected it yet.
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


def wait_until_gone(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    return not is_alive(pid)


def test_threads_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """FC_DISTILABEL_THREADS decides; without it some cores are used."""
    assert 1 <= default_threads() <= (os.cpu_count() or 1)
    monkeypatch.setenv("FC_DISTILABEL_THREADS", "3")
    assert default_threads() == 3


@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5"])
def test_threads_must_be_a_number(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Anything but a positive integer is named."""
    monkeypatch.setenv("FC_DISTILABEL_THREADS", text)
    with pytest.raises(InputError, match=f"FC_DISTILABEL_THREADS is '{text}'"):
        default_threads()


def test_address_travels_by_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one process puts into the environment another reads back, and no key is shown."""
    assert shared_server() is None
    address = ServerAddress("http://h/v1", "secret", '{"sha256":"0"}')
    for name, value in address.environment().items():
        monkeypatch.setenv(name, value)
    assert shared_server() == address
    assert "secret" not in repr(address)


def test_half_an_address_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A URL without key and identity is told, not guessed around."""
    monkeypatch.setenv("FC_DISTILABEL_EMBEDDED_URL", "http://h/v1")
    with pytest.raises(InputError, match="FC_DISTILABEL_SERVER_KEY, FC_DISTILABEL_EMBEDDED_ID"):
        shared_server()


def test_attaches_to_the_server_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """An LLM in a run's process uses the run's server and has its identity."""
    with FakeEndpoint() as endpoint:
        address = ServerAddress(endpoint.base_url, "the-key", '{"sha256":"0"}')
        for name, value in address.environment().items():
            monkeypatch.setenv(name, value)
        llm = EmbeddedLLM()
        assert llm.identity == address.identity
        llm.load()
        assert complete(llm).text == "OK"
        llm.unload()
    assert endpoint.keys == ["the-key"]
    assert endpoint.bodies[0]["model"] == "embedded"


def test_travels_to_another_process_and_back_from_yaml() -> None:
    """Before load the LLM can be pickled and saved; its settings come back."""
    llm = EmbeddedLLM(gguf="/models/m.gguf", threads=2, context=8192)
    for copy in (pickle.loads(pickle.dumps(llm)), EmbeddedLLM.from_dict(llm.dump())):
        assert (copy.gguf, copy.threads, copy.context) == ("/models/m.gguf", 2, 8192)
        assert copy.model_name == "m"


def test_missing_gguf_is_told_at_load(tmp_path: Path) -> None:
    """A path that does not exist ends in one clear error."""
    with pytest.raises(ModelFileError, match="nothing there"):
        EmbeddedLLM(gguf=str(tmp_path / "absent.gguf")).load()


@pytest.mark.parametrize("content", [b"GGUF", b"GGUF" + b"x" * 100])
def test_broken_gguf_is_told_with_the_cause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    """A file that llama.cpp cannot load is named with what llama.cpp said of it."""
    pytest.importorskip("xllamacpp")
    monkeypatch.setenv("FC_DISTILABEL_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "broken.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=f"{path} did not start: gguf_init") as raised:
        EmbeddedServer(str(path)).start()
    assert "\n" not in str(raised.value)


def test_server_that_is_not_started_has_no_address() -> None:
    """Using the server before its start is told as the mistake it is."""
    server = EmbeddedServer()
    with pytest.raises(RuntimeError, match="call start"):
        _ = server.base_url
    server.stop()


@pytest.mark.model
def test_reply_follows_the_schema(attached: EmbeddedLLM) -> None:
    """The real model's reply is an instance of the request's schema."""
    reply = complete(attached, response_schema=SCHEMA, max_tokens=40)
    assert reply.text.replace(" ", "").replace("\n", "") == '{"city":"Oslo"}'
    assert reply.finish_reason == "stop" and reply.completion_tokens > 3


@pytest.mark.model
def test_equal_seeds_give_equal_replies(attached: EmbeddedLLM) -> None:
    """A reply depends on its request alone, not on what was asked before."""
    draw = {"max_tokens": 12, "temperature": 1.5}
    first, other, again = (complete(attached, seed=seed, **draw) for seed in (1, 2, 1))
    assert first.text == again.text
    assert first.text != other.text


@pytest.mark.model
def test_cut_reply_is_told(attached: EmbeddedLLM) -> None:
    """A reply that ran into its bound says so."""
    reply = complete(attached, max_tokens=2)
    assert (reply.finish_reason, reply.completion_tokens) == ("length", 2)


@pytest.mark.model
def test_two_llms_share_one_server(attached: EmbeddedLLM, server: EmbeddedServer) -> None:
    """Attached LLMs start nothing and, when unloaded, stop nothing."""
    second = EmbeddedLLM()
    second.load()
    assert second.identity == attached.identity == server.identity
    second.unload()
    assert complete(attached, max_tokens=2).text


@pytest.mark.model
def test_prompt_that_is_too_long_fails_alone(attached: EmbeddedLLM) -> None:
    """A request beyond the context is one failed request, with the reason."""
    messages = ({"role": "user", "content": "word " * 900},)
    with pytest.raises(EndpointError, match="exceeds the available context size"):
        asyncio.run(attached.complete(ChatRequest(stage="test", messages=messages)))
    asyncio.run(attached.check())


@pytest.mark.model
def test_strangers_are_refused(server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another user of the machine cannot use the server without its key."""
    for name, value in server.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("FC_DISTILABEL_SERVER_KEY", "guess")
    llm = EmbeddedLLM()
    llm.load()
    with pytest.raises(EndpointError, match="401"):
        complete(llm)


@pytest.mark.model
def test_own_server_ends_with_unload() -> None:
    """An LLM that started a server stops it."""
    llm = EmbeddedLLM(threads=1, context=512)
    llm.load()
    assert llm._server is not None and llm._server._process is not None
    pid = llm._server._process.pid
    assert is_alive(pid)
    llm.unload()
    assert not is_alive(pid)


@pytest.mark.model
def test_interrupt_is_left_to_the_parent(server: EmbeddedServer, attached: EmbeddedLLM) -> None:
    """Ctrl-C does not end the server under a run that still saves its work."""
    assert server._process is not None
    server._process.send_signal(signal.SIGINT)
    time.sleep(0.2)
    assert complete(attached, max_tokens=2).text


@pytest.mark.model
@pytest.mark.skipif(sys.platform == "win32", reason="fork and kill -9 are POSIX")
def test_no_orphan_after_kill() -> None:
    """kill -9 of the parent ends the server, though a forked process holds its pipe open."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    pid, forked = map(int, owner.stdout.readline().split())
    try:
        assert is_alive(pid)
        owner.kill()
        owner.wait()
        assert is_alive(forked)
        assert wait_until_gone(pid, seconds=5)
    finally:
        os.kill(forked, signal.SIGKILL)
        owner.stdout.close()


@pytest.mark.model
def test_server_ends_at_the_end_of_its_input() -> None:
    """The end of standard input alone is enough, which is what Windows has."""
    running = EmbeddedServer(threads=1, context=512).start()
    process = running._process
    assert process is not None and process.stdin is not None
    process.stdin.close()
    assert process.wait(5) == 0
    running.stop()
