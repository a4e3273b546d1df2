"""TRL: supervised fine-tuning and preferences with tool calls (dataset formats read at 1.16).

`arguments` stay an object, because chat templates encode strings twice; `tools` is a JSON string,
because Arrow would otherwise merge all schemas of a file into one and fill the gaps with None.
"""

import json

from fc_distilabel.exporters.conversations import (
    Conversation,
    read_conversation,
    read_judged,
    read_pair,
)
from fc_distilabel.registry import exporter
from fc_distilabel.types import Json


def to_trl(row: dict[str, Json]) -> dict[str, Json]:
    """`{"messages": [...], "tools": "<JSON>"}` of a row that a run has verified, as it is."""
    return {
        "messages": [_message(message) for message in row["messages"]],
        "tools": json.dumps(row["tools"], ensure_ascii=False),
    }


@exporter("trl")
def to_trl_sft(row: dict[str, Json]) -> dict[str, Json]:
    """The same of anybody's row, once it was looked at."""
    conversation = read_conversation(row)
    return {"messages": _messages(conversation), "tools": conversation.tools_text()}


@exporter("trl.dpo")
def to_trl_dpo(pair: dict[str, Json]) -> dict[str, Json]:
    """`{"prompt": [...], "chosen": [...], "rejected": [...], "tools": "<JSON>"}` of one pair."""
    prompt, chosen, rejected = read_pair(pair)
    return {
        "prompt": _messages(prompt),
        "chosen": [_message(chosen.openai())],
        "rejected": [_message(rejected.openai())],
        "tools": prompt.tools_text(),
    }


@exporter("trl.kto")
def to_trl_kto(judged: dict[str, Json]) -> dict[str, Json]:
    """`{"prompt": [...], "completion": [...], "label": bool, "tools": "<JSON>"}`."""
    prompt, completion, label = read_judged(judged)
    return {
        "prompt": _messages(prompt),
        "completion": [_message(completion.openai())],
        "label": label,
        "tools": prompt.tools_text(),
    }


def _messages(conversation: Conversation) -> list[dict[str, Json]]:
    system = [{"role": "system", "content": conversation.system}] if conversation.system else []
    return [*system, *(_message(message.openai()) for message in conversation.messages)]


def _message(message: dict[str, Json]) -> dict[str, Json]:
    if message["role"] == "tool":
        return {"role": "tool", "name": message["name"], "content": message["content"]}
    plain = {"role": message["role"], "content": message["content"]}
    if "tool_calls" in message:
        plain["tool_calls"] = [
            {"type": "function", "function": call["function"]} for call in message["tool_calls"]
        ]
    return plain
