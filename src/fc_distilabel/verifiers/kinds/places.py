"""Places as facts name them (`0/check_in_date`): which call, which parameter, which value."""

from typing import NamedTuple

from fc_distilabel.schemas import places
from fc_distilabel.types import Blueprint, Json, Tool, ToolCall
from fc_distilabel.verifiers.leaves import Leaf, leaves


class Place(NamedTuple):
    """A path, taken apart."""

    call: int
    """Index of the call in the blueprint; -1 where the path names none."""
    within: str
    """The path inside the call's arguments."""


def place_of(path: str, blueprint: Blueprint) -> Place:
    """The place that a path names."""
    head, _, within = path.partition("/")
    known = head.isdecimal() and int(head) < len(blueprint.asked_calls)
    return Place(int(head) if known else -1, within)


def value_at(whole: Json, within: str) -> tuple[Json, ...]:
    """What stands at a path, alone in a tuple; empty where nothing does."""
    try:
        return (places.found_at(whole, places.keys_of(within)),)
    except KeyError:
        return ()


def with_value(arguments: dict[str, Json], within: str, value: Json) -> Json:
    """A copy with another value at a path; the same where the path leads nowhere."""
    if not value_at(arguments, within):
        return arguments
    return places.with_value(arguments, places.keys_of(within), value)


def without_value(arguments: dict[str, Json], within: str) -> Json:
    """A copy without what stands at a path, and without the containers that it leaves empty."""
    if not value_at(arguments, within):
        return arguments
    return places.without_value(arguments, places.keys_of(within))


def leaf_at(call: ToolCall, tool: Tool | None, within: str) -> Leaf | None:
    """The value of a call at a path with its part of the tool's schema, where there is one."""
    if tool is None:
        return None
    root = Leaf("", call.arguments, tool.parameters, False, "")
    return next((leaf for leaf in leaves(root, tool.parameters) if leaf.path == within), None)
