"""What kind of mistake a refused call was: the label of a preference pair.

The classes are those that studies of function calling count errors by; of several mistakes the one
that a reader would name first decides.
"""

from collections.abc import Iterator, Sequence

from fc_distilabel.types import ErrorClass, Json, ToolCall, Violation, canonical_json

_BY_RULE: dict[str, ErrorClass] = {
    "tool-not-offered": "wrong function",
    "required": "missing required",
    "dependentRequired": "missing required",
    "additionalProperties": "unexpected argument",
    "unevaluatedProperties": "unexpected argument",
    "type": "wrong type",
}
_ORDER: tuple[ErrorClass, ...] = (
    "wrong function",
    "unexpected argument",
    "missing required",
    "wrong type",
    "wrong value",
    "missing optional",
)


def error_class(
    made: Sequence[ToolCall] | None,
    violations: Sequence[Violation],
    chosen: Sequence[ToolCall] | None,
) -> ErrorClass:
    """Name the mistake of calls that were refused.

    `made` is None where they could not be read; `chosen` are the calls that took their place, empty
    where no call is right, None where none were found, so that only the broken rules can tell.
    """
    if made is None:
        return "format"
    if chosen is not None and bool(made) != bool(chosen):
        return "unneeded call" if made else "missing call"
    found = {_BY_RULE.get(v.rule, "wrong value") for v in violations if v.severity == "error"}
    if chosen is not None:
        if len(made) != len(chosen):
            return "wrong number of calls"
        found |= set(_differences(made, chosen))
        if "missing required" in found:
            found.discard("missing optional")
    return next((name for name in _ORDER if name in found), "format")


def _differences(made: Sequence[ToolCall], chosen: Sequence[ToolCall]) -> Iterator[ErrorClass]:
    """How two lists of calls differ; those of parallel calls that agree may stand anywhere."""
    left, right = _unmatched(made, chosen), _unmatched(chosen, made)
    for one, other in zip(left, right, strict=True):
        if one.name != other.name:
            yield "wrong function"
        else:
            yield from _compare(one.arguments, other.arguments)


def _unmatched(calls: Sequence[ToolCall], others: Sequence[ToolCall]) -> list[ToolCall]:
    """The calls without an equal one among the others, by name."""
    left = [_spelled(other) for other in others]
    found = []
    for call in calls:
        if _spelled(call) in left:
            left.remove(_spelled(call))
        else:
            found.append(call)
    return sorted(found, key=lambda call: call.name)


def _spelled(call: ToolCall) -> str:
    return canonical_json([call.name, call.arguments])


def _compare(made: Json, chosen: Json) -> Iterator[ErrorClass]:
    if isinstance(made, dict) and isinstance(chosen, dict):
        if made.keys() - chosen.keys():
            yield "unexpected argument"
        if chosen.keys() - made.keys():
            yield "missing optional"
        for name in made.keys() & chosen.keys():
            yield from _compare(made[name], chosen[name])
    elif isinstance(made, list) and isinstance(chosen, list) and len(made) == len(chosen):
        for one, other in zip(made, chosen, strict=True):
            yield from _compare(one, other)
    elif _kind(made) is not _kind(chosen):
        yield "wrong type"
    elif made != chosen:
        yield "wrong value"


def _kind(value: Json) -> type:
    """The JSON type; 2 and 2.0 are both numbers."""
    return float if type(value) is int else type(value)
