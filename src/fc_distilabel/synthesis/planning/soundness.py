"""A finished blueprint -> what is wrong with it: nothing is said of it that code did not check.

Planners are meant to make sound blueprints; this looks at what came out, not at how.
"""

from collections.abc import Iterator
from functools import lru_cache

from fc_distilabel.errors import Dropped
from fc_distilabel.schemas.closing import closed
from fc_distilabel.schemas.engine import violations
from fc_distilabel.schemas.lint import lint_tool
from fc_distilabel.schemas.places import (
    Keys,
    call_and_keys,
    found_at,
    keys_of,
    place,
    scalars,
    with_value,
    without_value,
)
from fc_distilabel.types import Blueprint, Json, Tool, ToolCall, canonical_json
from fc_distilabel.verifiers.normalize import stands_in


def require_sound(blueprint: Blueprint, own: bool) -> None:
    """Raise `Dropped` for the first thing that is wrong; `own` tools may have poor schemas."""
    for broken in _schemas(blueprint):
        raise Dropped("blueprint breaks its schema", broken)
    for wrong in (
        *_order(blueprint),
        *_sources(blueprint),
        *_endings(blueprint),
        *_failures(blueprint),
        *_world(blueprint),
        *_tools(blueprint, own),
    ):
        raise Dropped("blueprint is not sound", wrong)


def _by_name(blueprint: Blueprint) -> dict[str, Tool]:
    known = [*blueprint.tools, *([blueprint.missing] if blueprint.missing else [])]
    return {tool.name: tool for tool in known}


def _schemas(blueprint: Blueprint) -> Iterator[str]:
    """Calls that are not valid, closed as their tools may not be, and results that are not."""
    tools = _by_name(blueprint)
    for call in blueprint.asked_calls:
        schema = closed(tools[call.name].parameters)
        yield from (each.message for each in violations(schema, call.arguments))
    for call, result in zip(blueprint.gold_calls, blueprint.results, strict=True):
        yield from (each.message for each in violations(tools[call.name].returns, result))


def _order(blueprint: Blueprint) -> Iterator[str]:
    """Calls that do not go out once and in order, turns that do not end as they should."""
    turns = blueprint.turns
    made = [number for turn in turns for group in turn.rounds for number in group]
    if made != list(range(len(blueprint.gold_calls))):
        yield f"calls go out as {made}"
    ids = [call.id for call in blueprint.asked_calls]
    if ids != [f"call_{number}" for number in range(len(ids))]:
        yield f"calls are called {ids}"
    for turn in turns:
        if bool(turn.about) != (turn.ends in ("ask", "refuse")) or bool(turn.rounds) != (
            turn.ends == "tell"
        ):
            yield f"a turn is {turn}"
    if turns[0].intent != "request":
        yield "the opening requests nothing"


def _sources(blueprint: Blueprint) -> Iterator[str]:
    """Values of calls that nobody has said when they go out, and facts that are no values."""
    calls, turns = blueprint.asked_calls, _turns(blueprint)
    goal = blueprint.scenario.user_goal.casefold()
    latest = {fact.path: fact for fact in sorted(blueprint.facts, key=lambda f: f.turn)}
    if len({(fact.path, fact.turn) for fact in blueprint.facts}) < len(blueprint.facts):
        yield "a fact is told twice in one turn"
    for path, fact in latest.items():
        number, keys = call_and_keys(path)
        if not _same(_value(calls[number], keys), fact.value):
            yield f"what is said for {path} is not in the call"
        if fact.turn > turns[number] or fact.turn >= len(blueprint.turns):
            yield f"{path} is said after the call"
        if fact.turn and stands_in(fact.said.casefold(), goal):
            yield f"the request itself says {fact.said}, which shall come later"
    for number, call in enumerate(calls):
        for keys, value in scalars(call.arguments):
            path = place(number, keys)
            if path in blueprint.references:
                yield from _reference(blueprint, path, value)
            elif path not in latest and not _is_carried(calls, number, keys, value):
                yield f"nobody says {path}"


def _endings(blueprint: Blueprint) -> Iterator[str]:
    """Values that are asked for though they are told or not needed, or refused though valid."""
    tools = _by_name(blueprint)
    for index, turn in enumerate(blueprint.turns):
        for path in turn.about:
            number, keys = call_and_keys(path)
            call = blueprint.asked_calls[number]
            told = [f.value for f in blueprint.facts if f.path == path and f.turn <= index]
            if bool(told) != (turn.ends == "refuse"):
                yield f"{path} is told {len(told)} times before the turn that ends to {turn.ends}"
                continue
            if told:
                tried = with_value(call.arguments, keys, told[-1])
            else:
                tried = without_value(call.arguments, keys)
            if not violations(tools[call.name].parameters, tried):
                yield f"there is no reason to {turn.ends} {path}"


def _failures(blueprint: Blueprint) -> Iterator[str]:
    """Failed calls that are not made again."""
    for number in blueprint.failed:
        call = blueprint.asked_calls[number]
        again = blueprint.asked_calls[number + 1 : number + 2]
        if not again or (again[0].name, again[0].arguments) != (call.name, call.arguments):
            yield f"call {number} fails and is not made again"


def _world(blueprint: Blueprint) -> Iterator[str]:
    """Equal calls with other results, and records that no call can have made."""
    calls, results = blueprint.gold_calls, blueprint.results
    seen: dict[str, Json] = {}
    for number, call in enumerate(calls):
        if number not in blueprint.failed:
            before = seen.setdefault(canonical_json([call.name, call.arguments]), results[number])
            if not _same(before, results[number]):
                yield f"call {number} was made before, with another result"
    ids = [record.id for record in blueprint.end_state]
    if len(set(ids)) < len(ids):
        yield f"records share an id: {ids}"
    for record in blueprint.end_state:
        made = record.call in range(len(calls)) and record.call not in blueprint.failed
        if not made or not calls[record.call].arguments.items() <= record.fields.items():
            yield f"no call leaves the record {record.id}"


def _turns(blueprint: Blueprint) -> list[int]:
    """In which of the user's turns each call is made; at once where none is right."""
    made = {
        number: index
        for index, turn in enumerate(blueprint.turns)
        for group in turn.rounds
        for number in group
    }
    return [made.get(number, 0) for number in range(len(blueprint.asked_calls))]


def _is_carried(calls: tuple[ToolCall, ...], number: int, keys: Keys, value: Json) -> bool:
    """Whether the call of the same tool before has the same value there."""
    before = [call for call in calls[:number] if call.name == calls[number].name]
    return bool(before) and any(_same(_value(call, keys), value) for call in before)


def _reference(blueprint: Blueprint, path: str, value: Json) -> Iterator[str]:
    number, _ = call_and_keys(path)
    reference = blueprint.references[path]
    rounds = [group for turn in blueprint.turns for group in turn.rounds]
    round_of = {made: index for index, group in enumerate(rounds) for made in group}
    if round_of.get(reference.call, number) >= round_of[number]:
        yield f"{path} refers to a call that is not made before"
        return
    try:
        found = found_at(blueprint.results[reference.call], keys_of(reference.path))
    except KeyError:
        found = None
    if not _same(found, value):
        yield f"{path} is not what {reference.path} of call {reference.call} gives"


def _value(call: ToolCall, keys: Keys) -> Json:
    try:
        return found_at(call.arguments, keys)
    except KeyError:
        return None


def _same(one: Json, other: Json) -> bool:
    """Equal as JSON: `true` is not 1."""
    return canonical_json(one) == canonical_json(other)


def _tools(blueprint: Blueprint, own: bool) -> Iterator[str]:
    """Tools of one name, and tools that nobody should offer."""
    names = [tool.name for tool in blueprint.tools]
    if len(set(names)) < len(names):
        yield f"tools share a name: {names}"
    if not names:
        yield "no tool is on offer"
    for tool in blueprint.tools:
        yield from (text for is_error, text in _flaws(tool.to_json()) if is_error or not own)


@lru_cache(maxsize=512)
def _flaws(tool: str) -> tuple[tuple[bool, str], ...]:
    """What lint says of a tool; the same tools are offered again and again."""
    found = lint_tool(Tool.model_validate_json(tool))
    return tuple((flaw.severity == "error", flaw.message) for flaw in found)
