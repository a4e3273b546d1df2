"""Rows of anybody's data set as trajectories: the neutral form, OpenAI's and ShareGPT's.

What a row is about follows from its keys: `call` or `call_text` is about calls, `messages` or
`conversations` about a trajectory, and a row with neither about its tools.
"""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

from fc_distilabel.calls import read_call_value, read_calls
from fc_distilabel.importers.messages import MessageReading, read_messages
from fc_distilabel.schemas.bounds import refuse
from fc_distilabel.schemas.dialects import ToolReading, read_tools
from fc_distilabel.types import Json, Message, Policy, Trajectory, Violation

Subject: TypeAlias = Literal["tools", "calls", "trajectories"]
SUBJECTS: tuple[Subject, ...] = ("tools", "calls", "trajectories")
_CALLS, _TALKS, _TOOLS = (
    ("call", "call_text"),
    ("messages", "conversations"),
    ("tools", "functions"),
)
_HERMES_TOOLS = re.compile(r"<tools>(.*?)</tools>", re.DOTALL)


class RowReading(NamedTuple):
    """What a row holds, and what was noticed while reading it."""

    subject: Subject
    tools: ToolReading
    trajectory: Trajectory
    """The conversation; for a row about calls, with the calls as its last message."""
    grounded: bool
    """Whether there is a conversation in which values can be found."""
    repairs: tuple[str, ...]
    violations: tuple[Violation, ...]
    """Why the calls or the conversation cannot be read; those on tools are with the tools."""


def subject_of(row: dict[str, Json]) -> Subject:
    """What a row is about, by its keys."""
    if any(key in row for key in _CALLS):
        return "calls"
    return "trajectories" if any(key in row for key in _TALKS) else "tools"


def is_row(row: Json, subject: Subject | None) -> bool:
    """Whether a JSON value has the keys of a row, so that it can be checked at all."""
    if not isinstance(row, dict):
        return False
    keys = {"calls": _CALLS, "trajectories": _TALKS}.get(subject or "", ())
    return any(key in row for key in keys or (*_CALLS, *_TALKS, *_TOOLS, "name", "openapi"))


def read_row(row: dict[str, Json], subject: Subject, policy: Policy) -> RowReading:
    """Read a row about `subject`; what cannot be read is among the violations."""
    tools = read_tools(_tools(row, subject))
    talk = MessageReading((), (), ())
    if subject != "tools":
        talk = _talk(row)
    messages, repairs = list(talk.messages), list(talk.repairs)
    violations = list(talk.violations)
    if subject == "calls":
        reading = (
            read_call_value(row["call"], tools.tools)
            if "call" in row
            else read_calls(_as_text(row.get("call_text")), tools.tools)
        )
        messages.append(Message(role="assistant", tool_calls=reading.calls))
        repairs += reading.repairs
        violations += reading.violations
    return RowReading(
        subject=subject,
        tools=tools,
        trajectory=Trajectory(tools=tools.tools, messages=tuple(messages), policy=policy),
        grounded=bool(talk.messages),
        repairs=tuple(repairs),
        violations=tuple(violations),
    )


def _tools(row: dict[str, Json], subject: Subject) -> Json:
    for key in _TOOLS:
        if row.get(key) is not None:
            return row[key]
    if subject == "tools":
        return row  # a line that is a tool, a listing or a specification itself
    talk = next((row[key] for key in _TALKS if key in row), ())
    return _tools_told(talk if isinstance(talk, list) else ())


def _tools_told(messages: Sequence[Json]) -> Json:
    """The tools that a system message lists between tags, as Hermes' prompts do."""
    for message in messages[:2]:
        content = message.get("content", message.get("value")) if isinstance(message, dict) else ""
        told = _HERMES_TOOLS.search(content) if isinstance(content, str) else None
        if told and refuse(content) is None:
            return told[1]
    return []


def _talk(row: dict[str, Json]) -> MessageReading:
    key = next((key for key in _TALKS if row.get(key) is not None), None)
    if key is None:
        return MessageReading((), (), ())
    reading = read_messages(row[key], key)
    system = row.get("system")
    if isinstance(system, str) and system and not reading.violations:
        opening = Message(role="system", content=system)
        return reading._replace(messages=(opening, *reading.messages))
    return reading


def _as_text(value: Json) -> str:
    return value if isinstance(value, str) else ""
