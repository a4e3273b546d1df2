"""A call that a person corrected, held to the same rules as a model's before anybody trains on it.

The text is read as what models write is read, the calls must be valid under the schemas of the
tools on offer, and every value must come from the conversation before them. What a correction
breaks is told in the next suggestion.

A tool's result and the words after it answer the call that was there before. They are cut off: no
row says that they would follow from another call, so the corrected row ends with the call itself.
"""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import NamedTuple

from fc_distilabel.calls import read_calls
from fc_distilabel.feedback.correction_text import Part, parts_of
from fc_distilabel.feedback.turns import Message, Row, calling, calls_at
from fc_distilabel.importers.messages import read_messages
from fc_distilabel.schemas.dialects import read_tools
from fc_distilabel.types import Json, Provenance, ToolCall, Trajectory, Violation, canonical_json
from fc_distilabel.types import Message as Said
from fc_distilabel.verifiers.arguments import arguments_valid, provenance, without_source
from fc_distilabel.verifiers.gold import plain_numbers, same
from fc_distilabel.verifiers.grounding import GUESSED


class Correction(NamedTuple):
    """What a corrected call comes to."""

    at: int
    """Index of the message that it is for."""
    calls: tuple[ToolCall, ...]
    violations: tuple[Violation, ...] = ()
    """Why it cannot be used; empty where it can."""
    changed: bool = True
    """Whether the calls are others than those of the row."""

    @property
    def key(self) -> str:
        """One spelling of equal corrections."""
        return f"{self.at} {calls_key([call.model_dump() for call in self.calls])}"


def calls_key(calls: Sequence[dict[str, Json]]) -> str:
    """One spelling of equal calls."""
    return canonical_json([[call["name"], plain_numbers(call["arguments"])] for call in calls])


def read_correction(row: Row, at: int, text: str) -> Correction:
    """Judge a person's text; without a heading it is for the message at `at`.

    Of several messages it is the first change that counts: nothing after it is kept.
    """
    corrections = [_read_part(row, part) for part in parts_of(text, at)]
    return next((one for one in corrections if one.changed), corrections[0])


def _read_part(row: Row, part: Part) -> Correction:
    messages = row["messages"]
    if part.at >= len(messages) or messages[part.at]["role"] != "assistant":
        why = f"message {part.at} is not one of the assistant's"
        return Correction(part.at, (), (Violation(rule="no-such-message", path="", message=why),))
    reading = read_calls(part.text, read_tools(row["tools"]).tools)
    if reading.violations:
        return Correction(part.at, (), reading.violations)
    made = [call.model_dump() for call in reading.calls]
    if calls_key(made) == calls_key(calls_at(row, part.at)):
        return Correction(part.at, reading.calls, changed=False)
    found = turn_violations(row, part.at, calling(reading.calls))
    return Correction(part.at, reading.calls, tuple(found))


def turn_violations(row: Row, at: int, message: Message) -> list[Violation]:
    """What code finds wrong with the calls of a turn that takes a message's place."""
    if not message.get("tool_calls"):
        return []
    reading = read_messages([*row["messages"][:at], message])
    if reading.violations:
        return list(reading.violations)
    trajectory = _trajectory(row, reading.messages)
    before = _calls_before(row, at)
    found = [*arguments_valid(trajectory), *without_source(_origins(row, at, trajectory))]
    return [_counted_from(v, before) for v in found if _call_of(v.path) >= before]


def _trajectory(row: Row, messages: Sequence[Said]) -> Trajectory:
    return Trajectory(tools=read_tools(row["tools"]).tools, messages=tuple(messages))


def _calls_before(row: Row, at: int) -> int:
    return sum(len(message.get("tool_calls", ())) for message in row["messages"][:at])


def _origins(row: Row, at: int, trajectory: Trajectory) -> list[Provenance]:
    """The sources of the calls' values; a row that others made has no record of any."""
    if "grounding" not in row:
        return []
    return [_as_known(origin, row["grounding"], at) for origin in provenance(trajectory)]


def _as_known(origin: Provenance, grounding: Sequence[dict[str, Json]], at: int) -> Provenance:
    """Some values are said in other words: their source is what the row says it is."""
    if origin.source is not None and origin.how != GUESSED:
        return origin
    within = origin.path.partition("/")[2]
    for known in map(Provenance.model_validate, grounding):
        if (
            known.path.partition("/")[2] == within
            and same(known.value, origin.value)
            and known.how != GUESSED
            and int((known.source or f"/{at}").partition("/")[2]) < at
        ):
            return known.model_copy(update={"path": origin.path})
    return origin


def _call_of(path: str) -> int:
    return int(path.partition("/")[0])


def _counted_from(violation: Violation, first: int) -> Violation:
    """The violation with its place in the turn's own list of calls."""
    number, slash, within = violation.path.partition("/")
    return violation.model_copy(update={"path": f"{int(number) - first}{slash}{within}"})


def corrected_row(row: Row, at: int, calls: Sequence[ToolCall]) -> dict[str, Json]:
    """The row up to the corrected calls; what was said of the rest of it goes too."""
    message = calling([call.model_copy(update={"id": ""}) for call in calls], _ids(row, at))
    messages = [*row["messages"][:at], message]
    trajectory = _trajectory(row, read_messages(messages).messages)
    made = [call["function"] for each in messages for call in each.get("tool_calls", ())]
    changed = {
        "messages": messages,
        "gold_calls": made,
        "candidates": [c for c in row.get("candidates", ()) if c["at"] < at],
        "grounding": [origin.model_dump() for origin in _origins(row, at, trajectory)],
        "violations": [],
        "judgement": None,
    }
    return {**row, **{key: value for key, value in changed.items() if key in row}}


def _ids(row: Row, at: int) -> Iterator[str]:
    """Ids for the calls of a message: its own first, then such as no earlier call has."""
    own = [call["id"] for call in row["messages"][at].get("tool_calls", ())]
    taken = {call["id"] for m in row["messages"][:at] for call in m.get("tool_calls", ())}
    yield from own
    yield from (name for name in map("call_{}".format, count()) if name not in {*taken, *own})
