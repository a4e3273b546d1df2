"""`--llm` to a model: checked and started by the guard, built as a distilabel LLM by the worker.

The guard does without distilabel, whose import takes seconds: it needs a model's identity, and to
know early whether it can be used.
"""

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from fc_distilabel.errors import EndpointError, EndpointUnusableError, InputError
from fc_distilabel.llms.client import CompletionsClient, Endpoint, Limits, without_credentials
from fc_distilabel.llms.embedded_server import EmbeddedServer
from fc_distilabel.llms.server_address import shared_server
from fc_distilabel.runs.settings import RunSettings
from fc_distilabel.types import canonical_json

if TYPE_CHECKING:
    from distilabel.models.llms import LLM

OPENAI_URL = "https://api.openai.com/v1"
ALLOWED = "local, openai:MODEL"
_OPTIONS = {"llm": "--llm", "assistant": "--assistant-llm", "judge": "--judge-llm"}
"""`scripted:module:function` is for tests of pipelines and plugins, and not advertised."""


@dataclass(frozen=True)
class Model:
    """What the guard knows of a model."""

    identity: str
    check: Callable[[], None]
    """Raises an `FcDistilabelError` when the model cannot be used."""
    server: EmbeddedServer | None = None

    @contextmanager
    def running(self) -> Iterator[Mapping[str, str]]:
        """Start what has to run beside the pipeline; gives the worker's extra environment."""
        if self.server is None:
            yield {}
            return
        with self.server:
            yield self.server.environment()


def open_model(settings: RunSettings) -> Model:
    """The models that `--llm` and its kin name, as one, not started yet.

    Raises `InputError` for an unknown name, `ModelFileError` for weights that cannot be used.
    """
    parts = settings.llms
    if settings.model and "local" not in parts.values():
        raise InputError(f"--model {settings.model!r} names a GGUF file: it needs --llm local")
    opened: dict[str, Model] = {}
    for part, llm in parts.items():
        if llm not in opened:
            opened[llm] = _open(_OPTIONS[part], llm, settings)
    if len(opened) == 1:
        return opened[settings.llm]
    return Model(
        canonical_json({part: opened[llm].identity for part, llm in parts.items()}),
        lambda: _check_all(list(opened.values())),
        next((model.server for model in opened.values() if model.server), None),
    )


def _open(option: str, llm: str, settings: RunSettings) -> Model:
    kind, _, name = llm.partition(":")
    if llm == "local":
        return _local(settings.model)
    if kind == "openai" and name:
        return _endpoint(name, settings)
    if kind == "scripted" and name:
        return Model(f"scripted:{name}", lambda: _import_script(name))
    raise InputError(f"{option} is {llm!r}; allowed: {ALLOWED}")


def _check_all(models: Sequence[Model]) -> None:
    for model in models:
        model.check()


def _local(gguf: str) -> Model:
    """The embedded model: a server that the environment names, else one of the run's own."""
    if not gguf and (running := shared_server()):
        return Model(running.identity, lambda: None)
    server = EmbeddedServer(gguf)
    return Model(server.identity, lambda: None, server)


def _endpoint(model: str, settings: RunSettings) -> Model:
    url = _url(settings)
    endpoint = Endpoint(url, os.environ.get("OPENAI_API_KEY") or "none", model)
    client = CompletionsClient(endpoint, Limits(timeout=60.0, max_retries=1, max_in_flight=1))
    identity = {"class": "ChatCompletionsLLM", "model": model, "base_url": without_credentials(url)}
    return Model(canonical_json(identity), lambda: _check(client))


def _check(client: CompletionsClient) -> None:
    try:
        asyncio.run(client.check())
    except EndpointUnusableError:
        raise
    except EndpointError as error:  # it may pass, but nothing was done yet: as bad as any input
        raise EndpointUnusableError(str(error)) from error


def _url(settings: RunSettings) -> str:
    return settings.base_url or os.environ.get("OPENAI_BASE_URL") or OPENAI_URL


def _import_script(script: str) -> None:
    module, _, function = script.partition(":")
    try:
        getattr(import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise InputError(f"--llm scripted:{script}: {error}") from error


def build_llm(settings: RunSettings, part: str = "llm") -> "LLM":
    """The model of a part of the run (see `RunSettings.llms`) as a distilabel LLM."""
    from fc_distilabel.llms.chat_completions import ChatCompletionsLLM
    from fc_distilabel.llms.embedded import EmbeddedLLM
    from fc_distilabel.llms.scripted import ScriptedLLM

    kind, _, name = settings.llms[part].partition(":")
    if kind == "openai":
        return ChatCompletionsLLM(
            model=name,
            base_url=_url(settings),
            max_in_flight=settings.max_in_flight,
            native_tools=settings.native_tools,
        )
    if kind == "scripted":
        return ScriptedLLM(script=name)
    return EmbeddedLLM(gguf=settings.model)
