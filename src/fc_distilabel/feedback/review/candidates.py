"""Two candidates for one turn, side by side: what differs is marked, which is right is not told."""

from typing import TypedDict

from fc_distilabel.feedback.review.calls import Row, drawn_call
from fc_distilabel.feedback.review.room import Room
from fc_distilabel.feedback.review.values import Node, differences
from fc_distilabel.types import Json


class Turn(TypedDict):
    """One of two candidates for a turn."""

    text: str
    """The words beside the calls, or instead of them; not the notation of the calls."""
    calls: list[dict[str, Json]]
    """`{"name", "arguments"}` each."""


class Compare(TypedDict):
    """Two candidates for the message at one index; nothing in it says which one is right."""

    at: int
    a: Turn
    b: Turn


def compare_view(row: Row, compare: Compare, room: Room) -> Node:
    """Both candidates, each with a mark wherever the other has it otherwise."""
    a, b = _in_order(row, compare["a"]), _in_order(row, compare["b"])
    return {"at": compare["at"], "a": _side(a, b, room), "b": _side(b, a, room)}


def call_alike(compare: Compare) -> bool:
    """Whether both candidates call the same tools, so that marks at a tool tell nothing."""
    a, b = (sorted(call["name"] for call in compare[side]["calls"]) for side in ("a", "b"))
    return a == b


def _side(turn: Turn, other: Turn, room: Room) -> Node:
    """A candidate beside the other one; calls pair by their place."""
    calls = []
    for number, call in enumerate(turn["calls"]):
        against = other["calls"][number] if number < len(other["calls"]) else None
        arguments = against["arguments"] if against else {}
        view = drawn_call(call, [*differences(call["arguments"], arguments)], room)
        if against is None or against["name"] != call["name"]:
            view["differs"] = True
        calls.append(view)
    words = {"content": room.text(turn["text"])} if turn["text"] else {}
    return words | {"calls": calls}


def _in_order(row: Row, turn: Turn) -> Turn:
    """The turn with its arguments as declared: the order would tell who wrote them."""
    tools = [tool.get("function") or tool for tool in row.get("tools") or ()]
    schemas = {tool["name"]: tool.get("parameters") for tool in tools}
    calls = [
        call | {"arguments": _ordered(call["arguments"], schemas.get(call["name"]))}
        for call in turn["calls"]
    ]
    return {"text": turn["text"], "calls": calls}


def _ordered(value: Json, schema: Json) -> Json:
    """What the schema names first, in its order; what it does not name by the alphabet."""
    schema = schema if isinstance(schema, dict) else {}
    if isinstance(value, list):
        return [_ordered(item, schema.get("items")) for item in value]
    if not isinstance(value, dict):
        return value
    declared = schema.get("properties")
    declared = declared if isinstance(declared, dict) else {}
    names = [name for name in declared if name in value]
    names += sorted(value.keys() - declared.keys())
    return {name: _ordered(value[name], declared.get(name)) for name in names}
