"""Rules on single calls: the tool was offered, its schema holds, and every value was said.

Calls are counted through the whole conversation, so that `0/check_in_date` names the same place
here, in the blueprint's facts and in the gold calls.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from fc_distilabel.registry import verifier
from fc_distilabel.schemas.bounds import join_path, show
from fc_distilabel.types import Fact, Json, Provenance, Tool, ToolCall, Trajectory, Violation
from fc_distilabel.verifiers.grounding import GUESSED, ground_call
from fc_distilabel.verifiers.normalize import fold, read, stands_in
from fc_distilabel.verifiers.toolbox import toolbox

_IDENTIFIER = re.compile(r"[\w-]{5,64}", re.ASCII)


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
    offered = {tool.name: tool for tool in trajectory.tools}
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


@verifier("arguments_valid")
def arguments_valid(trajectory: Trajectory) -> Iterator[Violation]:
    """Only offered tools are called, with arguments that are valid under their schemas."""
    box = toolbox(trajectory)
    for placed in placed_calls(trajectory):
        yield from box.violations(placed.call, str(placed.number))


@verifier("arguments_grounded")
def arguments_grounded(trajectory: Trajectory) -> Iterator[Violation]:
    """Every argument value comes from the conversation before its call, or from the schema."""
    yield from without_source(provenance(trajectory))


def without_source(origins: Iterable[Provenance]) -> Iterator[Violation]:
    """A violation for each value that nothing says."""
    for origin in origins:
        if origin.source is None:
            rule = "unknown-identifier" if _is_identifier(origin.value) else "ungrounded"
            what = "which nothing before the call says"
        elif origin.how == GUESSED:
            rule, what = "guessed", "one of few values, of which nothing before the call names any"
        else:
            continue
        message = f"{origin.path} is {show(origin.value)}, {what}"
        yield Violation(rule=rule, path=origin.path, message=message, value=origin.value)


def _is_identifier(value: Json) -> bool:
    """Whether the value is a code that nobody can guess (`USR336`): letters and digits mixed."""
    return (
        isinstance(value, str)
        and _IDENTIFIER.fullmatch(value) is not None
        and re.search("[A-Za-z]", value) is not None
        and re.search("[0-9]", value) is not None
    )


def _as_said(origin: Provenance, trajectory: Trajectory, turn: int) -> Provenance:
    """A value listed by the schema may be said in other words, which the blueprint has fixed.

    Not so numbers, dates and names: they must be recognised by themselves.
    """
    if origin.source is not None and origin.how != GUESSED:
        return origin
    for fact in trajectory.blueprint.facts if trajectory.blueprint else ():
        if (
            fact.value == origin.value
            and _is_about(fact, origin, trajectory)
            and _is_listed(origin, trajectory)
        ):
            for index, message in enumerate(trajectory.messages[:turn]):
                said = fold(fact.said)
                if message.role == fact.told_by and stands_in(said, read(message.content).folded):
                    return origin.model_copy(
                        update={"source": join_path("messages", index), "how": "said"}
                    )
    return origin


def _is_about(fact: Fact, origin: Provenance, trajectory: Trajectory) -> bool:
    """Whether a fact is the value's; what is said once holds for later calls of the tool too."""
    index, _, within = origin.path.partition("/")
    call, _, told = fact.path.partition("/")
    if told != within or not call.isdecimal():
        return False
    made = [placed.call.name for placed in placed_calls(trajectory)]
    return call == index or made[int(call) : int(call) + 1] == [made[int(index)]]


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
