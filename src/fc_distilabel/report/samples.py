"""The rows that a page shows: of all kinds in turn, and only such as the review can draw.

A row that somebody edited may be measured and yet have parts of another shape than the review
expects, so its shape is looked at first.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fc_distilabel.feedback.review.inert import packed
from fc_distilabel.feedback.review.view import review_view
from fc_distilabel.report.measuring import Sample, in_order
from fc_distilabel.schemas.bounds import refuse
from fc_distilabel.types import (
    Evidence,
    Json,
    Judgement,
    Language,
    Violation,
    canonical_json,
)

SAMPLES = 20
ROOM = 3_000_000
"""Bytes that all of them may take: a page must open."""


class _Loose(BaseModel):
    """What the review reads of a row; what else there is does no harm."""

    model_config = ConfigDict(extra="ignore", strict=True)


class _Function(_Loose):
    name: str
    description: str = ""
    arguments: dict[str, Any] = {}
    parameters: dict[str, Any] = {}


class _Holder(_Loose):
    function: _Function


class _Message(_Loose):
    role: str
    content: str | None = ""
    tool_calls: list[_Holder] = []


class _Call(_Loose):
    name: str
    arguments: dict[str, Any]


class _Origin(_Loose):
    path: str = Field(pattern=r"^[0-9]{1,9}/")
    source: str | None
    how: str
    value: Any


class _Row(_Loose):
    language: Language
    kind: str
    messages: list[_Message]
    tools: list[_Holder]
    user_goal: str = ""
    evidence: list[Evidence] = []
    persona: dict[str, str] = {}
    gold_calls: list[_Call] = []
    result_schemas: dict[str, dict[str, Any]] = {}
    decided_by: dict[str, str] = {}
    wording: dict[str, str] = {}
    grounding: list[_Origin] = []
    violations: list[Violation] = []
    judgement: Judgement | None = None


def views(rows: Sequence[dict[str, Json]]) -> list[tuple[dict[str, Json], dict[str, Json]]]:
    """The rows with what the review shows of each; those for which there is no room left out."""
    found = []
    room = ROOM
    for row in rows:
        view = review_view(row)
        size = len(packed(view))
        if size <= room:
            room -= size
            found.append((row, view))
    return found


def drawable(row: Mapping[str, Json]) -> bool:
    """Whether the review can draw a row."""
    if refuse(row) is not None:
        return False
    try:
        _Row.model_validate_json(canonical_json(row))
    except ValidationError:
        return False
    return True


def stratified(samples: Mapping[str, Sample[dict[str, Json]]]) -> list[dict[str, Json]]:
    """Rows of all kinds in turn, up to the number of samples; of a kind together in the end."""
    queues = {kind: iter(kept.all()) for kind, kept in sorted(samples.items())}
    chosen: dict[str, list[dict[str, Json]]] = defaultdict(list)
    count = 0
    while queues and count < SAMPLES:
        for kind in list(queues):
            row = next((row for row in queues[kind] if drawable(row)), None)
            if row is None:
                del queues[kind]
            elif count < SAMPLES:
                chosen[kind].append(row)
                count += 1
    return [row for kind in in_order(chosen) for row in chosen[kind]]
