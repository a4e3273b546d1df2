"""Repair with feedback: a model sees its own invalid calls and what is wrong with them.

Every refused attempt is kept with what took its place: a pair (rejected, chosen) with a known error
class is a preference that nobody had to label.
"""

from collections.abc import Sequence
from contextlib import suppress

from fc_distilabel.calls import read_calls
from fc_distilabel.errors import Dropped, SchemaError
from fc_distilabel.schemas.grammar import call_schema
from fc_distilabel.synthesis.asking import TRIES, Asker
from fc_distilabel.synthesis.talk import transcript
from fc_distilabel.types import (
    Attempt,
    Json,
    Repair,
    Repaired,
    Tool,
    ToolCall,
    Turn,
    canonical_json,
)
from fc_distilabel.verifiers.error_class import error_class
from fc_distilabel.verifiers.toolbox import Toolbox

MAX_TOKENS = 512


async def repair_calls(
    asker: Asker, turn: Turn, tries: int = TRIES, draw: int | str = 0
) -> Repaired:
    """The calls of a turn, asked for again while they are invalid, `tries` times at most.

    With no valid answer the calls are None: the row is lost, its attempts are not. Raises
    `EndpointError` when the model cannot be reached.
    """
    box = Toolbox(turn.tools)
    attempts = [judge(turn.text, turn.tools, box)]
    if attempts[0].valid:
        return _repaired(attempts)

    def accept(text: str) -> None:
        attempts.append(judge(text, turn.tools, box))
        if not attempts[-1].valid:
            raise Dropped("invalid calls", attempts[-1].feedback())

    with suppress(Dropped, SchemaError):  # no try was valid, or no decoder can follow the tools
        await asker.ask(
            "repair",
            _reply_schema(turn, len(attempts[0].calls)),
            accept,
            max_tokens=MAX_TOKENS,
            temperature=0.2,
            tries=tries,
            draw=draw,
            tools=[canonical_json(tool.openai()["function"]) for tool in turn.tools],
            messages=transcript(turn.messages, turn.language),
            made=turn.text,
            wrong=attempts[0].feedback(),
        )
    return _repaired(attempts)


def _reply_schema(turn: Turn, made: int) -> dict[str, Json]:
    """As many calls as were made: what is invalid is mended, nothing is added or left out."""
    schema = call_schema(turn.tools, parallel=True)
    return schema | ({"minItems": made, "maxItems": made} if made else {})


def judge(text: str, tools: Sequence[Tool], box: Toolbox) -> Attempt:
    """Read what a model wrote as calls, and find everything that is wrong with them."""
    reading = read_calls(text, tools)
    found = list(reading.violations)
    for number, call in enumerate(reading.calls):
        found += box.violations(call, str(number))
    return Attempt(
        text=text,
        calls=reading.calls,
        violations=tuple(found),
        readable=not reading.violations,
        mended=reading.repairs,
    )


def _repaired(attempts: Sequence[Attempt]) -> Repaired:
    """Pair each refused attempt with the calls that were accepted in the end."""
    last = attempts[-1]
    chosen = last.calls if last.valid else None
    return Repaired(
        calls=chosen,
        mended=last.mended if last.valid else (),
        repairs=tuple(_pair(attempt, chosen) for attempt in attempts if not attempt.valid),
    )


def _pair(attempt: Attempt, chosen: tuple[ToolCall, ...] | None) -> Repair:
    made = attempt.calls if attempt.readable else None
    return Repair(
        rejected=attempt.text,
        chosen=chosen,
        error_class=error_class(made, attempt.violations, chosen),
        violations=attempt.violations,
    )
