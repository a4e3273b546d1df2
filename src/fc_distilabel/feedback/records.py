"""A row as a record of Argilla: what is shown, what it can be found by, what is suggested.

The record carries the whole row, packed, so that a pull needs nothing but the server. Its id is a
hash of what people judge: a second push of the same row is the same record, while a row that was
judged or checked anew since is not reviewed anew.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from fc_distilabel.apis.complexity import PRESETS, measure
from fc_distilabel.feedback import judged
from fc_distilabel.feedback.correction_text import prefilled
from fc_distilabel.feedback.review import names
from fc_distilabel.feedback.review.inert import as_field, as_label, packed
from fc_distilabel.feedback.review.view import review_view
from fc_distilabel.feedback.turns import (
    Compared,
    Row,
    calls_at,
    calls_of,
    compared,
    in_question,
    shown,
    turn_message,
)
from fc_distilabel.schemas.dialects import read_tools
from fc_distilabel.types import Json, content_id

FORMAT = 1
"""Of what a record carries; a later format is refused by a pull that does not know it."""
SOURCE = "source"
"""Key beside the view under which the packed row stands."""
VALIDATOR, BLUEPRINT = "validator", "blueprint"
"""Agents of suggestions; a judge's is the name of its model."""
NEEDED = ("id", "kind", "language", "tools", "messages")
MAX_LABEL = 200
_NOT_IN_AGENTS = re.compile(r"[^a-zA-Z0-9\-_:./ ]+")
_CLASS_OF = {
    "intent_match": "wrong function",
    "argument_faithfulness": "wrong value",
    "answer_faithfulness": "other",
    "naturalness": "unnatural",
}
"""The mistake that a judge's low score by each criterion hints at."""


class Suggested(NamedTuple):
    """One suggestion, by the question's name."""

    question: str
    value: Json
    agent: str
    score: float | list[float]


class Record(NamedTuple):
    """A record to push."""

    id: str
    row: str
    """Id of the row."""
    fields: dict[str, Json]
    metadata: dict[str, Json]
    suggestions: tuple[Suggested, ...]
    text: str
    """What its vector stands for."""


def unfit(row: Mapping[str, Json]) -> str:
    """Why people cannot review a row, or ``."""
    missing = [key for key in NEEDED if not row.get(key) and key != "tools"]
    if missing:
        return f"it has no {', '.join(missing)}"
    if not any(message.get("role") == "assistant" for message in row["messages"]):
        return "the assistant says nothing in it"
    return ""


def record_of(row: Row, model: str = "") -> Record:
    """The record of a full row; `model` is who wrote it."""
    pair = compared(row)
    view = review_view(row, shown(row, pair) if pair else None)
    source = packed({"format": FORMAT, "row": row, "compared": pair})
    asked = _request(row)
    return Record(
        id=record_id(row),
        row=row["id"],
        fields={names.TRAJECTORY: {**view, SOURCE: source}, names.REQUEST: as_field(asked)},
        metadata=_metadata(row, model),
        suggestions=tuple(_suggestions(row, pair)),
        text=asked,
    )


def record_id(row: Row) -> str:
    """Equal for equal rows, whatever a judge or a check said of them."""
    return content_id(row["id"], row["tools"], row["messages"], row.get("candidates", []))


def _request(row: Row) -> str:
    said = next((m["content"] for m in row["messages"] if m["role"] == "user"), "")
    return "\n".join(dict.fromkeys(filter(None, (said, row.get("user_goal", "")))))


def _metadata(row: Row, model: str) -> dict[str, Json]:
    calls = sum(len(message.get("tool_calls", ())) for message in row["messages"])
    known = {
        names.KIND: row["kind"],
        names.DOMAIN: row.get("domain"),
        names.LANGUAGE: row["language"],
        names.COMPLEXITY: complexity(row),
        names.PERSONA: (row.get("persona") or {}).get("role"),
        names.MODEL: model,
        names.CHECKED: names.WARNED if row.get("violations") else names.VALID,
        names.JUDGE_SCORE: judged.lowest_score(row),
        names.DISAGREEMENT: judged.disagreement(row) if row.get("judgement") else None,
        names.TURNS: len(row["messages"]),
        names.CALLS: calls,
    }
    return {name: _label(value) for name, value in known.items() if value not in (None, "")}


def _label(value: Json) -> Json:
    return as_label(value)[:MAX_LABEL] if isinstance(value, str) else value


def complexity(row: Row) -> int:
    """The preset of `apis` that the row's tools are nearest to; 0 without tools."""
    tools = read_tools(row["tools"]).tools
    if not tools:
        return 0
    figures = measure(tools).model_dump()

    def distance(preset: int) -> float:
        wanted = PRESETS[preset].model_dump().items()
        return float(sum(abs(figures[name] - value) / max(1, value) for name, value in wanted))

    return min(PRESETS, key=distance)


def _suggestions(row: Row, pair: Compared | None) -> Iterator[Suggested]:
    yield from _of_verdict(row)
    # Of two turns code's own opinion is not shown, and the call to start from is that of A,
    # whichever it is: who only submits what stands there has said nothing.
    at = in_question(row, pair)
    calls = calls_of(turn_message(row, at, pair.a)) if pair and pair.at == at else calls_at(row, at)
    yield Suggested(names.CORRECTED_CALL, prefilled(row, at, calls), BLUEPRINT, 1.0)
    natural = judged.naturalness(row)
    if natural is not None:
        sure = 1 - judged.disagreement(row)
        yield Suggested(names.NATURALNESS, round(natural), _judge(row), round(sure, 3))


def _of_verdict(row: Row) -> Iterator[Suggested]:
    """The judge's opinion; without one, that code found nothing wrong."""
    lowest = judged.lowest_score(row)
    if lowest is None:
        if not row.get("violations"):
            yield Suggested(names.VERDICT, "approve", VALIDATOR, 1.0)
        return
    clear = (lowest - 1) / 4
    if judged.approved(row):
        yield Suggested(names.VERDICT, "approve", _judge(row), clear)
        return
    yield Suggested(names.VERDICT, "reject", _judge(row), 1 - clear)
    classes = list(dict.fromkeys(_CLASS_OF[name] for name in judged.weak_criteria(row)))
    yield Suggested(names.ERROR_CLASSES, classes, _judge(row), [1 - clear] * len(classes))


def _judge(row: Row) -> str:
    """The judge's name as Argilla takes names of agents."""
    name = _NOT_IN_AGENTS.sub("-", row["judgement"]["judge"])[:MAX_LABEL].strip()
    return name if re.search("[a-zA-Z0-9]", name) else "judge"


def payload(record: Record, questions: Mapping[str, str], vector: bool) -> dict[str, Any]:
    """The record as the REST API takes it; `questions` are their ids by name."""
    item = {
        "external_id": record.id,
        "fields": record.fields,
        "metadata": record.metadata,
        "suggestions": [suggestion_payload(one, questions) for one in record.suggestions],
    }
    return item | ({"vectors": {names.MEANING: meaning(record.text)}} if vector else {})


def suggestion_payload(suggested: Suggested, questions: Mapping[str, str]) -> dict[str, Json]:
    """One suggestion as the REST API takes it."""
    told = {"value": suggested.value, "agent": suggested.agent, "score": suggested.score}
    return {"question_id": questions[suggested.question], "type": "model", **told}


def meaning(text: str) -> list[float]:
    """What a text is about, for "find similar"."""
    from fc_distilabel.apis.embeddings import MAX_TEXT, embedding

    return [round(float(figure), 6) for figure in embedding(text[:MAX_TEXT])]
