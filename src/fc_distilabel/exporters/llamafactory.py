"""LLaMA-Factory: ShareGPT's form with turns of their own for calls and results (read at 0.9.5).

It skips a row whose sides do not alternate, or whose number of turns is wrong for its kind, with
no more than a warning, so such a row is refused here. Calls made together are a JSON list in one
turn and their results one observation, joined the way its own reader of OpenAI's form joins them.
"""

import json
from collections.abc import Sequence

from fc_distilabel.errors import Dropped
from fc_distilabel.exporters.conversations import (
    Conversation,
    read_conversation,
    read_judged,
    read_pair,
)
from fc_distilabel.exporters.tagged import check_untagged, json_text
from fc_distilabel.exporters.turns import alternating
from fc_distilabel.registry import exporter
from fc_distilabel.schemas.bounds import show
from fc_distilabel.types import Json, Message

JOIN = "\n</tool_response>\n<tool_response>\n"
"""What stands between the results of calls that were made together."""


@exporter("llamafactory")
def to_llamafactory(row: dict[str, Json]) -> dict[str, Json]:
    """`{"conversations": [{"from", "value"}, ...], "system": ..., "tools": "<JSON>"}`."""
    return _row(read_conversation(row))


@exporter("llamafactory.dpo")
def to_llamafactory_dpo(pair: dict[str, Json]) -> dict[str, Json]:
    """The prompt as a row (an odd number of turns), with one turn as `chosen` and `rejected`."""
    prompt, chosen, rejected = read_pair(pair)
    return _row(prompt) | {"chosen": _turn([chosen]), "rejected": _turn([rejected])}


@exporter("llamafactory.kto")
def to_llamafactory_kto(judged: dict[str, Json]) -> dict[str, Json]:
    """A row (an even number of turns) whose last turn the `kto_tag` judges."""
    prompt, completion, label = read_judged(judged)
    row = _row(prompt)
    row["conversations"].append(_turn([completion]))
    return row | {"kto_tag": label}


def _row(conversation: Conversation) -> dict[str, Json]:
    return {
        "conversations": [_turn(turn) for turn in alternating(conversation)],
        "system": conversation.system,
        "tools": _tools(conversation),
    }


def _turn(turn: Sequence[Message]) -> dict[str, str]:
    first = turn[0]
    if first.role == "tool":
        for result in turn:
            check_untagged(result.content)
        return {"from": "observation", "value": JOIN.join(result.content for result in turn)}
    if first.role == "user":
        return {"from": "human", "value": first.content}
    if not first.tool_calls:
        return {"from": "gpt", "value": first.content}
    if first.content:
        raise Dropped("words beside a call", first.content)
    calls = [{"name": call.name, "arguments": call.arguments} for call in first.tool_calls]
    return {"from": "function_call", "value": json_text(calls if len(calls) > 1 else calls[0])}


def _tools(conversation: Conversation) -> str:
    """Bare functions as JSON; no text where there are none."""
    functions = [_function(tool["function"]) for tool in conversation.tools]
    return json.dumps(functions, ensure_ascii=False) if functions else ""


def _function(function: dict[str, Json]) -> dict[str, Json]:
    """A function of which every template of the trainer's can print the parameters."""
    parameters = {"type": "object", **function.get("parameters", {})}
    properties = parameters.get("properties", {})
    if not isinstance(properties, dict):
        raise Dropped("a tool whose parameters are no schema", show(function["name"]))
    parameters["properties"] = {name: _printable(schema) for name, schema in properties.items()}
    return {**function, "parameters": parameters}


def _printable(schema: Json) -> Json:
    """The same schema in words that the plainest template prints: it joins enums as texts."""
    if isinstance(schema, bool):
        return {} if schema else {"not": {}}
    if not isinstance(schema, dict):
        raise Dropped("a tool whose parameters are no schema", show(schema))
    values = schema.get("enum")
    if isinstance(values, list) and not all(isinstance(value, str) for value in values):
        rest = {key: value for key, value in schema.items() if key != "enum"}
        choice = {"anyOf": [{"const": value} for value in values]}
        schema = {**rest, "allOf": [choice]} if "anyOf" in rest else {**rest, **choice}
    if isinstance(schema.get("items"), bool):
        schema = {**schema, "items": _printable(schema["items"])}
    return schema
