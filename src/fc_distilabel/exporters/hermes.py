"""Hermes: conversations as text with tags, ShareGPT's keys, for any trainer that knows no tools.

`<tools>` stand in the system message, `<tool_call>` in the assistant's turns, and the results of
one turn's calls in one turn of the tool's.
"""

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

_FROM = {"user": "human", "assistant": "gpt", "tool": "tool"}


@exporter("hermes")
def to_hermes(row: dict[str, Json]) -> dict[str, Json]:
    """`{"conversations": [{"from", "value"}, ...]}` of one full row."""
    return {"conversations": _conversations(read_conversation(row))}


@exporter("hermes.dpo")
def to_hermes_dpo(pair: dict[str, Json]) -> dict[str, Json]:
    """The prompt as `conversations`, with one turn each as `chosen` and `rejected`."""
    prompt, chosen, rejected = read_pair(pair)
    return {
        "conversations": _conversations(prompt),
        "chosen": {"from": "gpt", "value": said_text(chosen)},
        "rejected": {"from": "gpt", "value": rejected_text(rejected)},
    }


@exporter("hermes.kto")
def to_hermes_kto(judged: dict[str, Json]) -> dict[str, Json]:
    """The prompt as `conversations`, one turn as `completion`, and its label."""
    prompt, completion, label = read_judged(judged)
    text = said_text if label else rejected_text
    return {
        "conversations": _conversations(prompt),
        "completion": {"from": "gpt", "value": text(completion)},
        "label": label,
    }


def _conversations(conversation: Conversation) -> list[dict[str, str]]:
    system = system_text(conversation)
    opening = [{"from": "system", "value": system}] if system else []
    return [*opening, *map(_turn, turns(conversation))]


def _turn(turn: Sequence[Message]) -> dict[str, str]:
    role = turn[0].role
    value = results_text(turn) if role == "tool" else said_text(turn[0])
    return {"from": _FROM[role], "value": value}
