"""The form of a fine-tuning file's line by the openai package's own types, as a JSON Schema.

Run in its environment: `with_openai.py OUT`. Its types are of requests; a line of a file holds the
same messages and tools, and for a preference the two answers. Keys that they do not name are not
allowed.
"""

import json
import sys
from pathlib import Path
from typing import Any

from openai.types.chat import (
    ChatCompletionAssistantMessageParam,
    ChatCompletionFunctionToolParam,
    ChatCompletionMessageParam,
)
from pydantic import TypeAdapter
from typing_extensions import NotRequired, TypedDict


class Supervised(TypedDict):
    messages: list[ChatCompletionMessageParam]
    tools: NotRequired[list[ChatCompletionFunctionToolParam]]
    parallel_tool_calls: NotRequired[bool]


class Preference(TypedDict):
    input: Supervised
    preferred_output: list[ChatCompletionAssistantMessageParam]
    non_preferred_output: list[ChatCompletionAssistantMessageParam]


def closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    walked = {key: closed(value) for key, value in schema.items()}
    if "properties" in walked:
        walked["additionalProperties"] = False
    return walked


schemas = {
    "sft": closed(TypeAdapter(Supervised).json_schema()),
    "dpo": closed(TypeAdapter(Preference).json_schema()),
}
Path(sys.argv[1]).write_text(json.dumps(schemas))
