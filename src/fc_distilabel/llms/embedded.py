"""The default model, where nobody gave an endpoint: a small one that runs on this machine's CPU."""

import json
import os
from pathlib import Path

from distilabel.mixins.runtime_parameters import RuntimeParameter
from pydantic import Field, NonNegativeInt, PositiveFloat, PositiveInt, PrivateAttr

from fc_distilabel.llms.client import Endpoint
from fc_distilabel.llms.embedded_server import DEFAULT_CONTEXT, MODEL_ALIAS, EmbeddedServer
from fc_distilabel.llms.endpoint_llm import EndpointLLM
from fc_distilabel.llms.model_files import MODEL_VARIABLE, QWEN, find_model, model_fingerprint
from fc_distilabel.llms.server_address import ServerAddress, shared_server


class EmbeddedLLM(EndpointLLM):
    """A GGUF model run by llama.cpp on this machine, Qwen2.5-Coder-1.5B-Instruct unless told.

    It attaches to the server that the environment names (see `EmbeddedServer.environment`), so that
    the processes of a run share one copy of the weights, and otherwise starts one of its own.

    Attributes:
        gguf: the path of the GGUF file. Defaults to the environment variable
            `FC_DISTILABEL_MODEL`, or the model of the `local` extra.
        threads: CPU threads of an own server. Defaults to `0`: the environment variable
            `FC_DISTILABEL_THREADS`, or all cores but one.
        context: the tokens that prompt and reply may have together on an own server.
        max_in_flight: the largest number of requests under way at once; the server answers
            them one by one.
        timeout: the seconds that one try of a request may take, waiting in line included.
        max_retries: how often a request is sent again after a failure that may pass.
        structured_output: `{"format": "json", "schema": ...}` for inputs that name no schema.

    Runtime parameters:
        - `gguf`: the path of the GGUF file.
        - `threads`: CPU threads of an own server.
        - `context`: the tokens that prompt and reply may have together on an own server.
        - `max_in_flight`: the largest number of requests under way at once.
        - `timeout`: the seconds that one try of a request may take.
        - `max_retries`: how often a request is sent again after a failure that may pass.
        - `structured_output`: the structured output for inputs that name no schema.

    Examples:
        Generate text:

        ```python
        from fc_distilabel.llms import EmbeddedLLM

        llm = EmbeddedLLM()
        llm.load()
        output = llm.generate_outputs(inputs=[[{"role": "user", "content": "Hello world!"}]])
        llm.unload()
        ```
    """

    gguf: RuntimeParameter[str] = Field(
        default="", description="The path of the GGUF file; empty for the default model."
    )
    threads: RuntimeParameter[NonNegativeInt] = Field(
        default=0, description="CPU threads of an own server; 0 for all cores but one."
    )
    context: RuntimeParameter[PositiveInt] = Field(
        default=DEFAULT_CONTEXT, description="The tokens that prompt and reply may have together."
    )
    max_in_flight: RuntimeParameter[PositiveInt] = Field(
        default=2, description="The largest number of requests under way at once."
    )
    timeout: RuntimeParameter[PositiveFloat] = Field(
        default=600.0, description="The seconds that one try of a request may take."
    )
    max_retries: RuntimeParameter[NonNegativeInt] = Field(
        default=2, description="How often a request is sent again after a failure that may pass."
    )

    _server: EmbeddedServer | None = PrivateAttr(None)
    _address: ServerAddress | None = PrivateAttr(None)

    @property
    def model_name(self) -> str:
        """The name of the GGUF file."""
        return Path(self.gguf or os.environ.get(MODEL_VARIABLE) or QWEN.filename).stem

    @property
    def identity(self) -> str:
        """Names the weights by their sum, and threads, context and runtime, which decide too."""
        address = self._address or self._shared()
        return address.identity if address else self._own().identity

    def load(self) -> None:
        """Attach to the shared server, or start one.

        Raises:
            ModelFileError: the weights cannot be found or loaded.
        """
        self._address = self._shared()
        if self._address is None:
            self._server = self._own().start()
            self._address = self._server.address
        super().load()

    def unload(self) -> None:
        """Stop the server if it is an own one."""
        super().unload()
        server, self._server, self._address = self._server, None, None
        if server is not None:
            server.stop()

    def _own(self) -> EmbeddedServer:
        return EmbeddedServer(self.gguf or "", self.threads or 0, self.context or DEFAULT_CONTEXT)

    def _shared(self) -> ServerAddress | None:
        """The server that the environment names, unless this LLM wants other weights."""
        address = shared_server()
        if address is None or not self.gguf:
            return address
        served = json.loads(address.identity)["sha256"]
        return address if served == model_fingerprint(find_model(self.gguf)) else None

    def _endpoint(self) -> Endpoint:
        assert self._address is not None  # load() sets it first
        return Endpoint(
            base_url=self._address.base_url,
            api_key=self._address.api_key,
            model=MODEL_ALIAS,
        )
