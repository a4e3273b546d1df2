"""OpenAI's fine-tuning: supervised, and preferences as DPO; there is no KTO.

`arguments` are a string, ids pair calls with results, and the service refuses a file for one name
of a function that it does not take, so such a row is refused here.
"""

import json
import re
from collections.abc import Iterable

from fc_distilabel.errors import Dropped
from fc_distilabel.exporters.conversations import Conversation, read_conversation, read_pair
from fc_distilabel.registry import exporter
from fc_distilabel.types import Json, Message

NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
MAX_TOOLS = 128


@exporter("openai")
def to_openai(row: dict[str, Json]) -> dict[str, Json]:
    """`{"messages": [...], "tools": [...], "parallel_tool_calls": true}` of one full row."""
    return _body(read_conversation(row))


@exporter("openai.dpo")
def to_openai_dpo(pair: dict[str, Json]) -> dict[str, Json]:
    """`{"input": {...}, "preferred_output": [...], "non_preferred_output": [...]}` of one pair."""
    prompt, chosen, rejected = read_pair(pair)
    _check_names([chosen, rejected])
    first = sum(len(message.tool_calls) for message in prompt.messages)
    return {
        "input": _body(prompt),
        "preferred_output": [_message(chosen, _ids(chosen, first))],
        "non_preferred_output": [_message(rejected, _ids(rejected, first))],
    }


def _body(conversation: Conversation) -> dict[str, Json]:
    """What a request to the service would hold; keys on tools only where there are tools."""
    _check_tools(conversation)
    _check_names(conversation.messages)
    body: dict[str, Json] = {"messages": _messages(conversation)}
    if conversation.tools:
        body |= {"tools": list(conversation.tools), "parallel_tool_calls": True}
    return body


def _messages(conversation: Conversation) -> list[dict[str, Json]]:
    """The messages; an id that is missing or taken is replaced, with that of its result."""
    said = [{"role": "system", "content": conversation.system}] if conversation.system else []
    calls = [call.id for message in conversation.messages for call in message.tool_calls]
    renumber = len(set(calls)) < len(calls) or "" in calls
    count, ids = 0, list[str]()
    for message in conversation.messages:
        if message.role == "tool":
            said.append(_result(message, ids.pop(0)))
            continue
        ids = _ids(message, count) if renumber else [call.id for call in message.tool_calls]
        count += len(ids)
        said.append(_message(message, list(ids)))
    return said


def _ids(message: Message, first: int) -> list[str]:
    return [f"call_{first + number}" for number in range(len(message.tool_calls))]


def _result(message: Message, call_id: str) -> dict[str, Json]:
    return {"role": "tool", "tool_call_id": call_id, "content": message.content}


def _message(message: Message, ids: list[str]) -> dict[str, Json]:
    said: dict[str, Json] = {"role": message.role}
    if message.content or not message.tool_calls:
        said["content"] = message.content
    if message.tool_calls:
        said["tool_calls"] = [
            {
                "id": call_id,
                "type": "function",
                "function": {
                    "name": call.name,
                    "arguments": json.dumps(call.arguments, ensure_ascii=False),
                },
            }
            for call_id, call in zip(ids, message.tool_calls, strict=True)
        ]
    return said


def _check_tools(conversation: Conversation) -> None:
    if len(conversation.tools) > MAX_TOOLS:
        found = f"{len(conversation.tools)} tools"
        raise Dropped(f"more than OpenAI's {MAX_TOOLS} tools", found)
    for tool in conversation.tools:
        _check_name(tool["function"]["name"])


def _check_names(messages: Iterable[Message]) -> None:
    for message in messages:
        for call in message.tool_calls:
            _check_name(call.name)


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise Dropped("a name that OpenAI does not take", f"{name!r} is not {NAME.pattern}")
