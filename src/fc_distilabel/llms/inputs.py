"""What distilabel hands to an LLM, as messages and a JSON Schema; and the way back."""

import inspect
import json
from collections.abc import Sequence
from typing import Any

from distilabel.models.llms.utils import prepare_output
from distilabel.typing import FormattedInput, GenerateOutput
from pydantic import BaseModel

from fc_distilabel.errors import EndpointError
from fc_distilabel.synthesis.chat import Completion

Messages = list[dict[str, Any]]


def split_input(
    given: FormattedInput, default: dict[str, Any] | None = None
) -> tuple[Messages, dict[str, Any] | None]:
    """The messages of one input and the JSON Schema its reply must follow, if any.

    Args:
        given: Messages, a plain prompt, or `(messages, {"format": "json", "schema": ...})`.
        default: The structured output to use where the input names none.

    Raises:
        EndpointError: the structured output is none that can be asked for.
    """
    chat: Any = given
    structured: Any = default
    if isinstance(given, tuple):
        chat, structured = given[0], given[1] or default
    messages = [{"role": "user", "content": chat}] if isinstance(chat, str) else list(chat)
    return messages, schema_of(structured)


def schema_of(structured: dict[str, Any] | None) -> dict[str, Any] | None:
    """The JSON Schema in a structured output, where it is a dict, JSON text or a pydantic model."""
    if not structured:
        return None
    kind, schema = structured.get("format") or "json", structured.get("schema")
    if kind != "json":
        raise EndpointError(
            f"structured output of format {kind!r} cannot be asked for: only 'json'"
        )
    if inspect.isclass(schema) and issubclass(schema, BaseModel):
        return schema.model_json_schema()
    return _object(schema)


def _object(schema: Any) -> dict[str, Any]:
    try:
        loaded = json.loads(schema) if isinstance(schema, str) else schema
    except ValueError as error:
        raise EndpointError(f"the schema {schema!r} is not JSON: {error}") from error
    if not isinstance(loaded, dict):
        raise EndpointError(f"the schema is {loaded!r}: a JSON object is needed")
    return loaded


def as_output(completions: Sequence[Completion | None]) -> GenerateOutput:
    """Some generations in distilabel's form; a failed one is None and counts no tokens."""
    return prepare_output(
        generations=[reply.text if reply else None for reply in completions],
        input_tokens=[reply.prompt_tokens if reply else 0 for reply in completions],
        output_tokens=[reply.completion_tokens if reply else 0 for reply in completions],
    )
