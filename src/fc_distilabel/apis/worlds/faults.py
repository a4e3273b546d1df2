"""Failures to order: the nth sound call of a tool meets one, in the shape the tool declares.

Only a call that would have succeeded is counted, so that a fault is met whatever mistakes come
before it. A fault never changes the world: nothing was done, and trying again is right.
"""

from typing import Literal, TypeAlias

from pydantic import Field

from fc_distilabel.apis.worlds.operations import READS, Operation
from fc_distilabel.apis.worlds.results import (
    RETRY_AFTER,
    Result,
    error,
    without_fields,
    without_records,
)
from fc_distilabel.apis.worlds.words import word
from fc_distilabel.schemas.bounds import show
from fc_distilabel.types import Language, Noun, ToolCall

Failure: TypeAlias = Literal[
    "not_found", "invalid_value", "rate_limit", "timeout", "permission", "partial_result"
]


class Fault(Noun):
    """A failure that one call will meet."""

    tool: str
    kind: Failure
    call: int = Field(default=0, ge=0)
    """How many calls of the tool go well before."""


def failures(operation: Operation) -> tuple[Failure, ...]:
    """The failures that a tool can meet: only reads are partial, only an id is not found."""
    kinds: list[Failure] = ["invalid_value", "rate_limit", "timeout", "permission"]
    if operation.ids:
        kinds.append("not_found")
    if operation.verb in READS:
        kinds.append("partial_result")
    return tuple(kinds)


def failed(
    kind: Failure, operation: Operation, call: ToolCall, result: Result, language: Language
) -> Result:
    """What such a call gives instead of its result."""
    match kind:
        case "partial_result" if operation.verb == "get":
            return without_fields(result, operation.entity)
        case "partial_result":
            return without_records(result, operation.entity)
        case "not_found":
            name = next(iter(operation.ids))
            return not_found(operation, name, call.arguments[name], language)
        case "invalid_value":
            return _refused(operation, call, language)
        case "rate_limit":
            message = word(language, kind, seconds=RETRY_AFTER)
            return error(kind, message, retry_after_seconds=RETRY_AFTER)
        case _:
            return error(kind, word(language, kind))


def not_found(operation: Operation, name: str, value: str, language: Language) -> Result:
    """The result of a call with the id of no record."""
    message = word(language, "not_found", label=operation.ids[name].label, value=value)
    return error("not_found", message, parameter=name)


def _refused(operation: Operation, call: ToolCall, language: Language) -> Result:
    """The last argument is refused: ids come first, and what is wished for after them."""
    names = list(operation.tool.parameters["properties"])
    given = [name for name in names if name in call.arguments]
    if not given:
        message = word(language, "missing_value", parameter=names[0])
        return error("invalid_value", message, parameter=names[0])
    value = show(call.arguments[given[-1]])
    message = word(language, "refused_value", parameter=given[-1], value=value)
    return error("invalid_value", message, parameter=given[-1])
