"""One judge's scores of an assistant's turns, one request for each message of the assistant's.

The judge sees the tools and the conversation up to the message, never what was planned. A message
is scored by what it has, calls or words, and by nothing else. A judgement that cannot be read after
all tries is no judgement: the row is dropped, and nothing counts as 0 or as passed.
"""

from collections.abc import Iterable
from typing import Any

from fc_distilabel.errors import Dropped, SchemaError
from fc_distilabel.schemas.engine import check_schema
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.synthesis.asking import Asker
from fc_distilabel.synthesis.judging.rubric import Rubric, shipped_rubrics
from fc_distilabel.synthesis.signatures import signature
from fc_distilabel.synthesis.wording import text_field
from fc_distilabel.types import (
    Criterion,
    Json,
    Judgement,
    Message,
    Tool,
    Trajectory,
    TurnScore,
    canonical_json,
)

UNREADABLE = "unreadable judgement"
NOTHING_TO_JUDGE = "nothing to judge"
UNUSABLE_TOOL = "unusable tool"
OF_CALLS: tuple[Criterion, ...] = ("intent_match", "argument_faithfulness")
OF_WORDS: tuple[Criterion, ...] = ("answer_faithfulness", "naturalness")
MIN_REASON, MAX_REASON = 4, 240
MAX_TOKENS = 320


async def judge_trajectory(
    asker: Asker,
    trajectory: Trajectory,
    rubric: Rubric | None = None,
    *,
    draw: int = 0,
    temperature: float = 0.0,
) -> Judgement:
    """The scores of every message of the assistant's, by `rubric` or by the shipped one.

    `draw` tells apart several judgements by the same model; they need a temperature to differ.

    Raises `Dropped` where a judgement stays unreadable or there is nothing to judge, and
    `EndpointError` when the model cannot be reached.
    """
    rubric = rubric or shipped_rubrics()[asker.language]
    spoken = [at for at, m in enumerate(trajectory.messages) if m.role == "assistant"]
    if not spoken:
        raise Dropped(NOTHING_TO_JUDGE, "the assistant says and calls nothing")
    # One after the other: a row has one request under way.
    turns = [
        await _judged(asker, trajectory, at, rubric, draw=f"{draw}/{at}", temperature=temperature)
        for at in spoken
    ]
    return Judgement(
        judge=asker.model.identity,
        turns=tuple(turns),
        approved=all(mark >= rubric.pass_mark for turn in turns for mark in turn.scores.values()),
    )


async def _judged(
    asker: Asker, trajectory: Trajectory, at: int, rubric: Rubric, **settings: Any
) -> TurnScore:
    """The scores of the message at `at`."""
    message = trajectory.messages[at]
    applying = criteria_of(message)
    tools = [_shown(tool) for tool in trajectory.tools]
    try:
        reply = await asker.json(
            "judge",
            reply_schema(applying),
            _complaint,
            max_tokens=MAX_TOKENS,
            tools=tools,
            conversation=_lines(trajectory.messages[:at]),
            turn=_lines([message]),
            criteria={name: rubric.criteria[name] for name in applying},
            **settings,
        )
    except Dropped as dropped:
        raise Dropped(UNREADABLE, f"messages/{at}: {dropped}") from dropped
    marks = {name: reply[name] for name in applying}
    return TurnScore(at=at, scores=marks, reason=reply["reason"].strip())


def criteria_of(message: Message) -> tuple[Criterion, ...]:
    """What a message of the assistant's is judged by; an empty one by the words it owes."""
    of_calls = OF_CALLS if message.tool_calls else ()
    of_words = OF_WORDS if message.content.strip() or not message.tool_calls else ()
    return of_calls + of_words


def reply_schema(criteria: Iterable[Criterion]) -> dict[str, Any]:
    """The form of a judgement: the reason comes first, so that the scores can follow from it."""
    mark = {"type": "integer", "enum": [1, 2, 3, 4, 5]}
    reason = {"reason": text_field(MAX_REASON, MIN_REASON)}
    return closed_object(reason | dict.fromkeys(criteria, mark))


def _complaint(reply: Json) -> str:
    return "" if len(reply["reason"].strip()) >= MIN_REASON else "give the reason in words"


def _shown(tool: Tool) -> str:
    try:
        check_schema(tool.parameters)
    except SchemaError as error:
        raise Dropped(UNUSABLE_TOOL, f"{tool.name}: {error}") from error
    return _line(signature(tool))


def _lines(messages: Iterable[Message]) -> list[dict[str, Json]]:
    """Messages for the prompt, one line each: no text can pass for a message of its own."""
    lines: list[dict[str, Json]] = []
    for message in messages:
        calls = ", ".join(f"{c.name}({canonical_json(c.arguments)})" for c in message.tool_calls)
        said = {"role": message.role, "name": _line(message.name), "calls": False}
        if message.content.strip() or not calls:
            lines.append(said | {"text": _line(message.content)})
        if calls:
            lines.append(said | {"text": _line(calls), "calls": True})
    return lines


def _line(text: str) -> str:
    return " ".join(text.split())
