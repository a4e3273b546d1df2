"""ms-swift: roles of their own for calls and results, whose contents are text (read at 4.6).

Calls made together are `tool_call` messages one after the other, and so are their results. Words
beside a call are an assistant's message right before it, which the trainer joins again. A rejected
answer comes as the whole conversation with tools of its own, since the trainer renders it alone.
"""

import json
from collections.abc import Iterator

from fc_distilabel.exporters.conversations import (
    Conversation,
    read_conversation,
    read_judged,
    read_pair,
)
from fc_distilabel.exporters.turns import alternating
from fc_distilabel.registry import exporter
from fc_distilabel.types import Json, Message

_ROLES = {"tool": "tool_response"}


@exporter("swift")
def to_swift(row: dict[str, Json]) -> dict[str, Json]:
    """`{"messages": [...], "tools": "<JSON>"}` of one full row."""
    conversation = read_conversation(row)
    return {"messages": _messages(conversation), "tools": conversation.tools_text()}


@exporter("swift.dpo")
def to_swift_dpo(pair: dict[str, Json]) -> dict[str, Json]:
    """`messages` ending in the answer that is right, `rejected_messages` in the wrong one."""
    prompt, chosen, rejected = read_pair(pair)
    tools = prompt.tools_text()
    return {
        "messages": [*_messages(prompt), *_message(chosen)],
        "rejected_messages": [*_messages(prompt), *_message(rejected)],
        "tools": tools,
        "rejected_tools": tools,
    }


@exporter("swift.kto")
def to_swift_kto(judged: dict[str, Json]) -> dict[str, Json]:
    """`messages` ending in the answer, and its `label`."""
    prompt, completion, label = read_judged(judged)
    return {
        "messages": [*_messages(prompt), *_message(completion)],
        "tools": prompt.tools_text(),
        "label": label,
    }


def _messages(conversation: Conversation) -> list[dict[str, str]]:
    alternating(conversation)  # or the trainer leaves the row out, with a warning
    system = [{"role": "system", "content": conversation.system}] if conversation.system else []
    return [*system, *(said for message in conversation.messages for said in _message(message))]


def _message(message: Message) -> Iterator[dict[str, str]]:
    if message.content or not message.tool_calls:
        yield {"role": _ROLES.get(message.role, message.role), "content": message.content}
    for call in message.tool_calls:
        body = {"name": call.name, "arguments": call.arguments}
        yield {"role": "tool_call", "content": json.dumps(body, ensure_ascii=False)}
