"""Pairs for preference training (DPO) and single labelled turns (KTO), as rows of a file.

Both hold messages as a full row has them, so that one exporter serves what models and what people
preferred; the prompt is everything before the turn.
"""

from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

from fc_distilabel.feedback.corrections import calls_key
from fc_distilabel.feedback.review.names import COMMENT
from fc_distilabel.feedback.turns import Message, Row
from fc_distilabel.feedback.votes import Answer
from fc_distilabel.types import Json, ToolCall, content_id
from fc_distilabel.verifiers.error_class import error_class

Pair: TypeAlias = dict[str, Json]
Example: TypeAlias = dict[str, Json]
ANSWER = "answer"
"""The class of a turn in words that another one is preferred to, as in a run's own pairs."""


def pair(
    row: Row,
    at: int,
    turns: tuple[Message, Message],
    source: Literal["correction", "preference"],
    voters: Sequence[Answer],
) -> Pair:
    """The chosen and the rejected turn at a message's place, after the same messages."""
    chosen, rejected = turns
    return {
        "id": f"{row['id']}-{source}",
        **_common(row, at),
        "chosen": [chosen],
        "rejected": [rejected],
        "error_class": _class(chosen, rejected),
        **_from(source, voters),
    }


def example(row: Row, at: int, turn: Message, label: bool, voters: Sequence[Answer]) -> Example:
    """A turn that is to be followed, or is not."""
    return {
        "id": f"{row['id']}-{content_id(at, turn['content'], _key(turn))[:8]}",
        **_common(row, at),
        "completion": [turn],
        "label": label,
        **_from("verdict", voters),
    }


def _common(row: Row, at: int) -> dict[str, Json]:
    return {
        "row": row["id"],
        "kind": row["kind"],
        "language": row["language"],
        "tools": row["tools"],
        "prompt": row["messages"][:at],
    }


def _from(source: str, voters: Sequence[Answer]) -> dict[str, Json]:
    said = [vote.values[COMMENT].strip() for vote in voters if vote.values.get(COMMENT)]
    return {
        "reason": "; ".join(filter(None, said)),
        "source": source,
        "annotators": sorted(vote.annotator for vote in voters),
    }


def _class(chosen: Message, rejected: Message) -> str:
    made, right = _calls(rejected), _calls(chosen)
    return error_class(made, (), right) if made or right else ANSWER


def _calls(message: Message) -> list[ToolCall]:
    return [ToolCall(**call["function"]) for call in message.get("tool_calls", ())]


def _key(message: Message) -> str:
    return calls_key([call.model_dump() for call in _calls(message)])


def without_contradictions(found: Sequence[Example]) -> Iterator[Example]:
    """Each turn once; one that is called good and bad is not among them."""
    labels: dict[str, set[bool]] = {}
    for one in found:
        labels.setdefault(one["id"], set()).add(one["label"])
    seen = set[str]()
    for one in found:
        if len(labels[one["id"]]) == 1 and one["id"] not in seen:
            seen.add(one["id"])
            yield one
