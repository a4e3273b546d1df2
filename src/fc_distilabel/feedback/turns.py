"""Turns of a row that people are asked about: two candidates side by side, and the call to correct.

Where an assistant model went wrong on the way, its turn stands in the row as a candidate, at the
place of the message that is right. Which of the two is shown as A is drawn by the row's id, so that
the side says nothing and a second push shows the same.
"""

from collections.abc import Iterable, Mapping
from itertools import chain, count
from typing import NamedTuple

from fc_distilabel.feedback.review.view import Compare, Turn
from fc_distilabel.runs.preferences import NOTHING, candidate_message
from fc_distilabel.synthesis.seeds import rng
from fc_distilabel.types import Json, ToolCall

Message = dict[str, Json]
Row = Mapping[str, Json]

OWN = -1
"""Instead of a candidate's index: the message of the trajectory itself."""


class Compared(NamedTuple):
    """Which two turns stand side by side, as indices of the row's candidates or `OWN`."""

    at: int
    """Index of the message that both stand for."""
    a: int
    b: int

    def of(self, side: str) -> int:
        """The turn shown as `a` or `b`."""
        return self.a if side == "a" else self.b


def compared(row: Row) -> Compared | None:
    """The message that is right and a candidate that is not; None where there is no candidate.

    A candidate that calls comes first: it has a mistake that a class names.
    """
    wrong = [
        (not candidate["calls"], index)
        for index, candidate in enumerate(row.get("candidates", ()))
        if _worth_showing(candidate, row["messages"])
    ]
    if not wrong:
        return None
    _, index = min(wrong)
    at = row["candidates"][index]["at"]
    if rng("side", row["id"]).random() < 0.5:
        return Compared(at, OWN, index)
    return Compared(at, index, OWN)


def _worth_showing(candidate: Mapping[str, Json], messages: list[Message]) -> bool:
    said = candidate["calls"] or candidate["text"].strip() not in ("", NOTHING)
    return bool(said) and not candidate["right"] and 0 <= candidate["at"] < len(messages)


def shown(row: Row, pair: Compared) -> Compare:
    """The two turns as the review page shows them."""
    return {"at": pair.at, "a": _turn(row, pair, pair.a), "b": _turn(row, pair, pair.b)}


def _turn(row: Row, pair: Compared, index: int) -> Turn:
    message = turn_message(row, pair.at, index)
    return {"text": message["content"], "calls": calls_of(message)}


def turn_message(row: Row, at: int, index: int) -> Message:
    """One of two compared turns as a message."""
    if index == OWN:
        message: Message = row["messages"][at]
        return message
    return candidate_message(row["candidates"][index])


def calling(calls: Iterable[ToolCall], ids: Iterable[str] = ()) -> Message:
    """The message of an assistant that makes these calls; those without an id take one of `ids`."""
    spare = chain(ids, map("call_{}".format, count()))
    made = [
        {
            "id": call.id or next(spare),
            "type": "function",
            "function": {"name": call.name, "arguments": call.arguments},
        }
        for call in calls
    ]
    return {"role": "assistant", "content": "", "tool_calls": made}


def in_question(row: Row, pair: Compared | None) -> int:
    """Index of the message whose calls people may correct.

    It is the one that they compare where calls are compared; else the first one that calls; else
    the last words, in whose place a call may be missing.
    """
    messages = row["messages"]
    if pair is not None and any(
        "tool_calls" in turn_message(row, pair.at, index) for index in (pair.a, pair.b)
    ):
        return pair.at
    calling_ = [at for at, message in enumerate(messages) if message.get("tool_calls")]
    said = [at for at, message in enumerate(messages) if message["role"] == "assistant"]
    return calling_[0] if calling_ else said[-1]


def calls_at(row: Row, at: int) -> list[dict[str, Json]]:
    """The calls of one message, each `{"name", "arguments"}`."""
    return calls_of(row["messages"][at])


def calls_of(message: Message) -> list[dict[str, Json]]:
    """The calls of a message, each `{"name", "arguments"}`."""
    return [call["function"] for call in message.get("tool_calls", ())]
