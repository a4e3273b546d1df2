"""A model that is a Python function: deterministic, and the same in every process of a pipeline."""

from collections.abc import Callable
from importlib import import_module

from distilabel.models.llms import LLM
from distilabel.typing import FormattedInput, GenerateOutput
from pydantic import PrivateAttr

from fc_distilabel.errors import EndpointError, InputError
from fc_distilabel.llms.inputs import as_output, split_input
from fc_distilabel.synthesis.chat import ChatRequest, Completion

Script = Callable[[ChatRequest], str]


class ScriptedLLM(LLM):
    """An LLM whose replies come from a function, named so that child processes can import it.

    Attributes:
        script: `module:function`; the function takes a `ChatRequest` and returns the reply's
            text, or raises `EndpointError`.
    """

    script: str

    _function: Script | None = PrivateAttr(None)

    @property
    def model_name(self) -> str:
        """The script's name."""
        return self.script

    @property
    def identity(self) -> str:
        """The script's name: equal scripts give equal replies."""
        return f"scripted:{self.script}"

    def load(self) -> None:
        """Import the script.

        Raises:
            InputError: there is no such function.
        """
        super().load()
        self._function = resolve(self.script)

    async def complete(self, request: ChatRequest) -> Completion:
        """Answer one request with the script's text; tokens are words, and no time passes."""
        return self._reply(request)

    def generate(  # type: ignore[override]  # `**kwargs` would be a required parameter
        self, inputs: list[FormattedInput], num_generations: int = 1
    ) -> list[GenerateOutput]:
        """Answer a batch of inputs; the seed of each reply is its number.

        Args:
            inputs: messages, or `(messages, {"format": "json", "schema": ...})` each.
            num_generations: how many replies to make for each input.

        Returns:
            The generations and their word counts.
        """
        draws = range(num_generations)
        return [as_output([self._reply_or_none(one, draw) for draw in draws]) for one in inputs]

    def _reply_or_none(self, given: FormattedInput, draw: int) -> Completion | None:
        try:
            messages, schema = split_input(given)
            request = ChatRequest(
                stage="generate", messages=tuple(messages), response_schema=schema, seed=draw
            )
            return self._reply(request)
        except EndpointError as error:
            self._logger.warning(f"no generation for one input: {error}")
            return None

    def _reply(self, request: ChatRequest) -> Completion:
        function = self._function or resolve(self.script)
        text = function(request)
        words = sum(len(message["content"].split()) for message in request.messages)
        return Completion(text=text, prompt_tokens=words, completion_tokens=len(text.split()))


def resolve(script: str) -> Script:
    """The function that `module:function` names.

    Raises:
        InputError: the text has another form, or names nothing callable.
    """
    module_name, _, name = script.partition(":")
    if not module_name or not name:
        raise InputError(f"script is {script!r}: module:function is needed")
    try:
        function = getattr(import_module(module_name), name)
    except (ImportError, AttributeError) as error:
        raise InputError(f"script is {script!r}: {error}") from error
    if not callable(function):
        raise InputError(f"script is {script!r}: {name} is not a function")
    checked: Script = function
    return checked
