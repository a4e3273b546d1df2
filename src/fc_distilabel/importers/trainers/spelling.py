"""The spellings of single messages and tools that differ by trainer, brought to OpenAI's.

Here a call is split off, results that stand together are taken apart, and a schema gets back the
words that one trainer could not print. What the calls say is read by `read_messages`.
"""

import json
import re
from collections.abc import Iterator, Sequence

from fc_distilabel.errors import Dropped
from fc_distilabel.exporters.llamafactory import JOIN
from fc_distilabel.exporters.tagged import TOOLS
from fc_distilabel.schemas.bounds import show
from fc_distilabel.types import Json

_RESULT = re.compile(r"<tool_response>\n?(.*?)\n?</tool_response>", re.DOTALL)
_HERMES_TOOLS = re.compile(r"<tools>\s*([\[{].*?)</tools>", re.DOTALL)  # prose names the tags too
_RESULTS, _USERS = ("tool", "observation", "tool_response"), ("user", "human")
_NOUS = "You are a function calling AI model."


def plain_messages(values: Sequence[Json]) -> list[Json]:
    """The messages with one result each, and the calls of one turn in one message."""
    found: list[Json] = []
    for value in values:
        role = value.get("role", value.get("from")) if isinstance(value, dict) else None
        if role == "tool_call":
            _add_call(found, value)
        elif role in _RESULTS or (role in _USERS and _text(value).startswith("<tool_response>")):
            found += _results(value, joined=role == "observation")
        else:
            found.append(value)
    return found


def _add_call(found: list[Json], value: dict[str, Json]) -> None:
    """Join a call of ms-swift's to the assistant's message before it."""
    body = value.get("content", value.get("value"))
    calls = _parsed(body)
    last = found[-1] if found else None
    if not (isinstance(last, dict) and last.get("role") == "assistant"):
        last = {"role": "assistant", "content": ""}
        found.append(last)
    else:
        found[-1] = last = dict(last)
    listed = calls if isinstance(calls, list) else [calls]
    last["tool_calls"] = [*last.get("tool_calls", ()), *listed]


def _results(value: dict[str, Json], *, joined: bool) -> Iterator[Json]:
    """The results in one message: between tags, joined as LLaMA-Factory does, or just one."""
    text = _text(value)
    blocks = _RESULT.findall(text) if text.lstrip().startswith("<tool_response>") else []
    rest = {k: v for k, v in value.items() if k in ("tool_call_id", "name")}
    for part in blocks or (text.split(JOIN) if joined else [text]):
        yield {"role": "tool", "content": part, **rest}


def _text(value: dict[str, Json]) -> str:
    content = value.get("content", value.get("value"))
    return content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)


def _parsed(body: Json) -> Json:
    if not isinstance(body, str):
        return body
    try:
        return json.loads(body)
    except ValueError as error:
        raise Dropped("a call that cannot be read", f"{error}: {show(body)}") from None


def told_tools(messages: Sequence[Json]) -> tuple[list[Json], list[Json]]:
    """The messages without the tools in the system message's text, and those tools."""
    first = messages[0] if messages and isinstance(messages[0], dict) else {}
    text = _text(first) if first.get("role", first.get("from")) == "system" else ""
    block = TOOLS.search(text)
    if block:
        words = text[: block.start()]
        tools = [_parsed(line) for line in block[1].split("\n")]
    else:
        told = _HERMES_TOOLS.search(text)
        if not told:
            return list(messages), []
        words = "" if text.startswith(_NOUS) else text
        tools = _listing(told[1])
    opening = [{"role": "system", "content": words}] if words else []
    return [*opening, *messages[1:]], tools


def _listing(text: str) -> list[Json]:
    """Tools as one JSON list, or one to a line."""
    try:
        value = json.loads(text)
    except ValueError:
        return [_parsed(line) for line in text.split("\n") if line.strip()]
    return value if isinstance(value, list) else [value]


def function_of(tools: Json) -> list[Json]:
    """Tools that may be JSON text, as a list of OpenAI's entries."""
    listed = _parsed(tools) if isinstance(tools, str) else tools
    if not isinstance(listed, list | tuple):
        raise Dropped("tools that are no list", show(listed))
    return [_entry(_parsed(tool) if isinstance(tool, str) else tool) for tool in listed]


def _entry(tool: Json) -> Json:
    if not isinstance(tool, dict):
        raise Dropped("a tool that is no object", show(tool))
    if isinstance(tool.get("function"), dict):
        function = dict(tool["function"])
    elif "name" in tool and "parameters" in tool:
        function = {key: value for key, value in tool.items() if key != "type"}
    else:
        return tool
    if isinstance(function.get("parameters"), str):
        function["parameters"] = _parsed(function["parameters"])
    return {**tool, "function": function} if "function" in tool else _wrapped(function)


def _wrapped(function: dict[str, Json]) -> Json:
    return {"type": "function", "function": function}


def plain_schema(tool: Json) -> Json:
    """The tool with choices of constants as the enums that they were before the export."""
    function = tool.get("function") if isinstance(tool, dict) else None
    parameters = function.get("parameters") if isinstance(function, dict) else None
    properties = parameters.get("properties") if isinstance(parameters, dict) else None
    if not (isinstance(properties, dict) and isinstance(parameters, dict)):
        return tool
    assert isinstance(function, dict), "it has parameters"
    plain = {name: _enumerated(schema) for name, schema in properties.items()}
    return _wrapped({**function, "parameters": {**parameters, "properties": plain}})


def _enumerated(schema: Json) -> Json:
    if not isinstance(schema, dict):
        return schema
    choice, rest = _choice(schema)
    if choice and all(isinstance(one, dict) and list(one) == ["const"] for one in choice):
        return {**rest, "enum": [one["const"] for one in choice]}
    return schema


def _choice(schema: dict[str, Json]) -> tuple[list[Json], dict[str, Json]]:
    """The choice that an exported enum became, and the other keywords."""
    whole = schema.get("allOf")
    if isinstance(whole, list) and len(whole) == 1 and list(whole[0]) == ["anyOf"]:
        return whole[0]["anyOf"], {k: v for k, v in schema.items() if k != "allOf"}
    return schema.get("anyOf") or [], {k: v for k, v in schema.items() if k != "anyOf"}
