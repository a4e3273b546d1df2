"""Axolotl: `chat_template` rows as TRL's, and preferences as text (read at 0.19).

Its supervised strategy takes arguments and tools as JSON strings, which Arrow cannot spoil. Its
preference strategies keep role and content of a message only, so there tools, calls and results
are text already, as a model with Hermes' or Qwen's template writes and reads them.
"""

import json
from collections.abc import Sequence

from fc_distilabel.exporters.conversations import (
    Conversation,
    read_conversation,
    read_judged,
    read_pair,
)
from fc_distilabel.exporters.tagged import rejected_text, results_text, said_text, system_text
from fc_distilabel.exporters.turns import turns
from fc_distilabel.registry import exporter
from fc_distilabel.types import Json, Message


@exporter("axolotl")
def to_axolotl(row: dict[str, Json]) -> dict[str, Json]:
    """`{"messages": [...], "tools": "<JSON>"}` of one full row."""
    conversation = read_conversation(row)
    system = [{"role": "system", "content": conversation.system}] if conversation.system else []
    messages = [*system, *map(_message, conversation.messages)]
    return {"messages": messages, "tools": conversation.tools_text()}


@exporter("axolotl.dpo")
def to_axolotl_dpo(pair: dict[str, Json]) -> dict[str, Json]:
    """The prompt as `messages`, one message each as `chosen` and `rejected`, all of text."""
    prompt, chosen, rejected = read_pair(pair)
    return {
        "messages": _texts(prompt),
        "chosen": {"role": "assistant", "content": said_text(chosen)},
        "rejected": {"role": "assistant", "content": rejected_text(rejected)},
    }


@exporter("axolotl.kto")
def to_axolotl_kto(judged: dict[str, Json]) -> dict[str, Json]:
    """All messages of text as `completion`, as `chatml.argilla_chat` takes them, and the label."""
    prompt, completion, label = read_judged(judged)
    text = said_text(completion) if label else rejected_text(completion)
    answer = {"role": "assistant", "content": text}
    return {"completion": [*_texts(prompt), answer], "label": label}


def _message(message: Message) -> dict[str, Json]:
    if message.role == "tool":
        return {"role": "tool", "name": message.name, "content": message.content}
    plain: dict[str, Json] = {"role": message.role, "content": message.content}
    if message.tool_calls:
        plain["tool_calls"] = [
            {
                "type": "function",
                "function": {
                    "name": call.name,
                    "arguments": json.dumps(call.arguments, ensure_ascii=False),
                },
            }
            for call in message.tool_calls
        ]
    return plain


def _texts(conversation: Conversation) -> list[dict[str, str]]:
    system = system_text(conversation)
    opening = [{"role": "system", "content": system}] if system else []
    return [*opening, *map(_text, turns(conversation))]


def _text(turn: Sequence[Message]) -> dict[str, str]:
    """A turn; results come from the user, where Qwen's template puts them too."""
    role = turn[0].role
    if role == "tool":
        return {"role": "user", "content": results_text(turn)}
    return {"role": role, "content": said_text(turn[0])}
