"""Rules on single calls: the tool was offered, its schema holds, and every value was said.

Calls are counted through the whole conversation, so that `0/check_in_date` names the same place
here, in the blueprint's facts and in the gold calls.
"""

from collections.abc import Iterator
from typing import NamedTuple

from fc_distilabel.registry import verifier
from fc_distilabel.schemas.engine import join_path, show, violations
from fc_distilabel.types import Provenance, Tool, ToolCall, Trajectory, Violation
from fc_distilabel.verifiers.grounding import ground_call
from fc_distilabel.verifiers.normalize import fold, read, stands_in


class PlacedCall(NamedTuple):
    """A call and where it stands."""

    number: int
    """Its place among all calls of the conversation."""
    turn: int
    """Index of the message that makes it."""
    call: ToolCall
    tool: Tool | None
    """The offered tool of that name."""


def placed_calls(trajectory: Trajectory) -> list[PlacedCall]:
    """All calls of the conversation in order."""
    offered = {tool.name: tool for tool in trajectory.blueprint.tools}
    made = [(turn, c) for turn, m in enumerate(trajectory.messages) for c in m.tool_calls]
    return [PlacedCall(i, turn, c, offered.get(c.name)) for i, (turn, c) in enumerate(made)]


def provenance(trajectory: Trajectory) -> list[Provenance]:
    """Where every argument value of every call to an offered tool comes from."""
    found = []
    for placed in placed_calls(trajectory):
        if placed.tool:
            before = trajectory.messages[: placed.turn]
            sources = ground_call(placed.number, placed.call, placed.tool.parameters, before)
            found += [_as_said(source, trajectory, placed.turn) for source in sources]
    return found


@verifier("tools_offered")
def tools_offered(trajectory: Trajectory) -> Iterator[Violation]:
    """Only tools that were offered are called."""
    names = ", ".join(tool.name for tool in trajectory.blueprint.tools) or "none"
    for placed in placed_calls(trajectory):
        if placed.tool is None:
            message = f"{show(placed.call.name)} was not offered; offered: {names}"
            path = str(placed.number)
            yield Violation(
                rule="tool-not-offered", path=path, message=message, value=placed.call.name
            )


@verifier("arguments_valid")
def arguments_valid(trajectory: Trajectory) -> Iterator[Violation]:
    """The arguments of each call are valid under its tool's schema."""
    for placed in placed_calls(trajectory):
        if placed.tool:
            yield from violations(placed.tool.parameters, placed.call.arguments, str(placed.number))


@verifier("arguments_grounded")
def arguments_grounded(trajectory: Trajectory) -> Iterator[Violation]:
    """Every argument value comes from the conversation before its call, or from the schema."""
    for origin in provenance(trajectory):
        if origin.source is None:
            message = f"{origin.path} is {show(origin.value)}, which nothing before the call says"
            yield Violation(
                rule="ungrounded", path=origin.path, message=message, value=origin.value
            )


def _as_said(origin: Provenance, trajectory: Trajectory, turn: int) -> Provenance:
    """A value listed by the schema may be said in other words, which the blueprint has fixed.

    Not so numbers, dates and names: they must be recognised by themselves.
    """
    if origin.source is not None:
        return origin
    for fact in trajectory.blueprint.facts:
        if (
            fact.path == origin.path
            and fact.value == origin.value
            and _is_listed(origin, trajectory)
        ):
            for index, message in enumerate(trajectory.messages[:turn]):
                said = fold(fact.said)
                if message.role == "user" and stands_in(said, read(message.content).folded):
                    return origin.model_copy(
                        update={"source": join_path("messages", index), "how": "said"}
                    )
    return origin


def _is_listed(origin: Provenance, trajectory: Trajectory) -> bool:
    """Whether the value is a flag or one of an enum's, and so not free to be invented."""
    if isinstance(origin.value, bool):
        return True
    index, _, rest = origin.path.partition("/")
    placed = placed_calls(trajectory)[int(index)]
    schema = placed.tool.parameters if placed.tool else {}
    for key in rest.split("/"):
        schema = (
            schema.get("items", {}) if key.isdigit() else schema.get("properties", {}).get(key, {})
        )
    return "enum" in schema
