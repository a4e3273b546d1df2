"""Any OpenAI-compatible chat-completions endpoint, as a distilabel LLM."""

import os

from distilabel.mixins.runtime_parameters import RuntimeParameter
from pydantic import Field, SecretStr

from fc_distilabel.llms.client import Endpoint, without_credentials
from fc_distilabel.llms.endpoint_llm import EndpointLLM
from fc_distilabel.types import canonical_json

OPENAI_URL = "https://api.openai.com/v1"


def _key_from_environment() -> SecretStr | None:
    key = os.environ.get("OPENAI_API_KEY")
    return SecretStr(key) if key else None


class ChatCompletionsLLM(EndpointLLM):
    """Any endpoint that speaks OpenAI's chat-completions API: OpenAI, vLLM, llama.cpp, ...

    Attributes:
        model: the model's name as the endpoint knows it.
        base_url: the endpoint's base URL. Defaults to the environment variable
            `OPENAI_BASE_URL`, or OpenAI's own.
        api_key: the key to authenticate with, never saved. Defaults to the environment
            variable `OPENAI_API_KEY`; an endpoint without keys needs none.
        native_tools: whether the endpoint takes `tools` and answers with tool calls; where it
            does not, calls are asked for by a schema.
        max_in_flight: the largest number of requests under way at once.
        timeout: the seconds that one try of a request may take.
        max_retries: how often a request is sent again after a failure that may pass.
        structured_output: `{"format": "json", "schema": ...}` for inputs that name no schema.

    Runtime parameters:
        - `base_url`: the endpoint's base URL.
        - `api_key`: the key to authenticate with.
        - `native_tools`: whether the endpoint takes `tools` and answers with tool calls.
        - `max_in_flight`: the largest number of requests under way at once.
        - `timeout`: the seconds that one try of a request may take.
        - `max_retries`: how often a request is sent again after a failure that may pass.
        - `structured_output`: the structured output for inputs that name no schema.

    Examples:
        Generate text:

        ```python
        from fc_distilabel.llms import ChatCompletionsLLM

        llm = ChatCompletionsLLM(model="qwen3", base_url="http://127.0.0.1:8000/v1")
        llm.load()
        output = llm.generate_outputs(inputs=[[{"role": "user", "content": "Hello world!"}]])
        ```
    """

    model: str
    base_url: RuntimeParameter[str] | None = Field(
        default_factory=lambda: os.environ.get("OPENAI_BASE_URL") or OPENAI_URL,
        description="The endpoint's base URL.",
    )
    api_key: RuntimeParameter[SecretStr] | None = Field(
        default_factory=_key_from_environment,
        description="The key to authenticate with; never saved.",
    )
    native_tools: RuntimeParameter[bool] = Field(
        default=False,
        description="Whether the endpoint takes `tools` and answers with tool calls.",
    )

    @property
    def model_name(self) -> str:
        """The model's name as the endpoint knows it."""
        return self.model

    @property
    def identity(self) -> str:
        """Class, model and URL: what is sent besides is in each request."""
        url = without_credentials(self.base_url or OPENAI_URL)
        return canonical_json({"class": "ChatCompletionsLLM", "model": self.model, "base_url": url})

    def _takes_tools(self) -> bool:
        return bool(self.native_tools)

    def _endpoint(self) -> Endpoint:
        return Endpoint(
            base_url=self.base_url or OPENAI_URL,
            api_key=self.api_key.get_secret_value() if self.api_key else "none",
            model=self.model,
        )
