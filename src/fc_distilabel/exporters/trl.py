"""TRL: supervised fine-tuning with tool calls (dataset format of TRL >= 0.19, read at 1.16).

`arguments` stay an object, because chat templates encode strings twice; `tools` is a JSON string,
because Arrow would otherwise merge all schemas of a file into one and fill the gaps with None.
"""

import json

from fc_distilabel.registry import exporter
from fc_distilabel.types import Json


@exporter("trl")
def to_trl(row: dict[str, Json]) -> dict[str, Json]:
    """`{"messages": [...], "tools": "<JSON>"}` of one full row."""
    return {
        "messages": [_message(message) for message in row["messages"]],
        # Not sorted: a template prints the tools as they are written here.
        "tools": json.dumps(row["tools"], ensure_ascii=False),
    }


def _message(message: dict[str, Json]) -> dict[str, Json]:
    if message["role"] == "tool":
        return {"role": "tool", "name": message["name"], "content": message["content"]}
    plain = {"role": message["role"], "content": message["content"]}
    if "tool_calls" in message:
        plain["tool_calls"] = [
            {"type": "function", "function": call["function"]} for call in message["tool_calls"]
        ]
    return plain
