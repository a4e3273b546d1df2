"""What a model wrote, as calls: read as it is, repaired by name, or refused with the reason.

Text is read strictly first. What is not strict JSON is searched for calls and mended layer by
layer, each mend noted by name; where a text has more than one reading, or may have been cut where
a value could be lost, it is refused and the violation says what to write instead. The tools serve
to confirm a reading, never to correct one: whether names and arguments are right is for others.
"""

from collections.abc import Callable, Iterable, Sequence

from fc_distilabel.calls.cursor import Cursor, Refused
from fc_distilabel.calls.shapes import calls_of, check_json
from fc_distilabel.calls.tolerant import read_strict
from fc_distilabel.calls.unwrap import Found, find_calls
from fc_distilabel.errors import SchemaError
from fc_distilabel.schemas.bounds import MAX_SIZE
from fc_distilabel.schemas.engine import Validator
from fc_distilabel.types import Json, Noun, Tool, ToolCall, Violation, canonical_json

MAX_REPAIRED = 100_000
"""Characters of a damaged text; the mending reader is Python, and no real call is as long."""

_OWN_KEYS = ("name", "arguments", "parameters", "input", "args", "id", "type", "function")


class CallReading(Noun):
    """What was read: calls, or the reason why there are none to trust."""

    calls: tuple[ToolCall, ...] = ()
    repairs: tuple[str, ...] = ()
    """What was mended, by name (`trailing comma`); empty when the calls stood there as they are."""
    violations: tuple[Violation, ...] = ()
    """Why nothing was read; when there is one, `calls` is empty."""
    notation: str = ""
    """In which notation the calls stood (`json`, `hermes`, `pythonic`, ...)."""


def read_calls(text: str, tools: Sequence[Tool] = ()) -> CallReading:
    """The calls in a model's reply to whom `tools` were offered; never raises."""
    return _guarded(lambda: _read_text(text, tools))


def read_call_value(value: Json, tools: Sequence[Tool] = ()) -> CallReading:
    """The calls in a JSON value: one call as an object, or a list of them; never raises."""
    return _guarded(lambda: _read_values([Found(value, None, "json", 0)], tools, {}))


def _guarded(read: Callable[[], CallReading]) -> CallReading:
    try:
        return read()
    except Refused as refused:
        flaw = Violation(rule=refused.rule, path=refused.path, message=refused.message)
        return CallReading(violations=(flaw,))


def _read_text(text: str, tools: Sequence[Tool]) -> CallReading:
    if len(text) > MAX_SIZE:
        raise Refused("size", f"{len(text):,} characters, but at most {MAX_SIZE:,} are read")
    try:
        value = read_strict(text)
    except (ValueError, RecursionError):
        return _mend(text, tools)
    return _read_values([Found(value, None, "json", 0)], tools, {})


def _mend(text: str, tools: Sequence[Tool]) -> CallReading:
    if len(text) > MAX_REPAIRED:
        raise Refused("size", f"not JSON, and longer than {MAX_REPAIRED:,} characters to be mended")
    cursor = Cursor(text, _known_keys(tools))
    found = find_calls(cursor, frozenset(tool.name for tool in tools))
    if not found:
        raise Refused("not-a-call", 'no call: write {"name": ..., "arguments": {...}}')
    if len(found) > 1:
        _check_one_kind(found)
        if found[0].notation == "json":
            cursor.repair("calls side by side")
    return _read_values(found, tools, cursor.repairs)


def _read_values(
    found: Sequence[Found], tools: Sequence[Tool], repairs: dict[str, None]
) -> CallReading:
    noted = dict(repairs)
    calls: list[ToolCall] = []

    def note(name: str) -> None:
        noted[name] = None

    for one in found:
        check_json(one.value, _path(one, len(calls)))
        if one.name is None:
            read = calls_of(one.value, tools, note, len(calls))
        else:
            read = [ToolCall(name=one.name, arguments=one.value)]
        cut = one.unclosed - (one.name is None)  # the call's own bracket takes no values with it
        if cut > 0:
            _check_complete(read[-1], cut, tools)
        calls += read
    if "prose" in noted:
        _check_no_repetition(calls)
    notation = "openai" if "OpenAI envelope" in noted else found[0].notation
    return CallReading(calls=tuple(calls), repairs=tuple(noted), notation=notation)


def _path(found: Found, index: int) -> str:
    if found.name is not None:
        return f"{index}/arguments"
    return "" if isinstance(found.value, list) else str(index)


def _check_one_kind(found: Sequence[Found]) -> None:
    """One text, one notation: a second one may repeat in words what the first one calls."""
    if len({one.name is None for one in found}) > 1:
        raise Refused("ambiguous", "calls in two notations: write all of them in one")
    if any(one.value == [] for one in found):
        raise Refused("ambiguous", "a list without calls, and calls beside it")


def _check_no_repetition(calls: Sequence[ToolCall]) -> None:
    if len({canonical_json([call.name, call.arguments]) for call in calls}) < len(calls):
        raise Refused("ambiguous", "a call stands twice among words: it may be meant once")


def _check_complete(call: ToolCall, levels: int, tools: Sequence[Tool]) -> None:
    """Arguments that were cut off are sure only where the schema says that nothing is missing.

    The last `levels` objects have no end of their own: each must be one that lists its properties,
    for of an open one any number of members may be lost, as of a list.
    """
    schema = next((tool.parameters for tool in tools if tool.name == call.name), None)
    if schema is None or not _lists_properties(schema, call.arguments, levels):
        raise Refused("truncated", f"the call of {call.name} is not closed: write it whole")
    try:
        lacking = Validator(schema, "lenient").violations(call.arguments)
    except SchemaError as error:
        raise Refused("truncated", f"the call of {call.name} is not closed") from error
    if lacking:
        reason = lacking[0].message
        raise Refused("truncated", f"the call of {call.name} is not closed, and {reason}")


def _lists_properties(schema: Json, value: Json, levels: int) -> bool:
    for _ in range(levels):
        properties = schema.get("properties") if isinstance(schema, dict) else None
        if not isinstance(properties, dict) or not isinstance(value, dict) or not value:
            return False
        last = next(reversed(value))
        if last not in properties:
            return False
        schema, value = properties[last], value[last]
    return True


def _known_keys(tools: Iterable[Tool]) -> frozenset[str]:
    """Every property name in the parameters of the tools, at any depth."""
    known = set(_OWN_KEYS)
    pending: list[Json] = [tool.parameters for tool in tools]
    while pending:
        schema = pending.pop()
        if isinstance(schema, dict):
            properties = schema.get("properties")
            known.update(properties if isinstance(properties, dict) else ())
            pending.extend(schema.values())
        elif isinstance(schema, list):
            pending.extend(schema)
    return frozenset(known)
