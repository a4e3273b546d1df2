"""Plans: calls whose arguments come from earlier results, and random ones that can be carried out.

A plan is a list of calls in which `{"$from": 0, "path": "hotels/0/hotel_id"}` stands for what the
first call's result has there. A random plan is drawn against a world and goes forward only over
calls that the world answers, so it is solvable by construction; its end state is the expected one.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fc_distilabel.apis.worlds.execution import Arguments, execute
from fc_distilabel.apis.worlds.operations import (
    READS,
    Operation,
    Verb,
    filters,
    operations,
    settable,
)
from fc_distilabel.apis.worlds.records import RISING, draw_fields
from fc_distilabel.apis.worlds.results import Result
from fc_distilabel.apis.worlds.world import World
from fc_distilabel.errors import InputError
from fc_distilabel.schemas.bounds import refuse, show
from fc_distilabel.types import Json, Noun, ToolCall

REFERENCE = frozenset({"$from", "path"})
"""The keys of an argument that is taken from an earlier result."""
LENGTHS = (2, 3, 4)
MAX_SEARCHED = 3
"""Filters that one search uses."""
_WEIGHTS: dict[Verb, float] = {
    "search": 6,
    "list": 1,
    "get": 1,
    "create": 4,
    "update": 3,
    "cancel": 3,
}
"""How often each comes about, in the order of what people do: find, look, make, change, end."""
_TRIES = 50


class Plan(Noun):
    """Calls in order; an argument may be a reference to an earlier result."""

    calls: tuple[ToolCall, ...]


@dataclass(frozen=True)
class Run:
    """What came of a plan."""

    world: World
    calls: tuple[ToolCall, ...]
    """The calls as made, every reference replaced by its value."""
    results: tuple[Result, ...]


@dataclass(frozen=True)
class Handle:
    """An id that some result gave, and where it stands there."""

    type_: str
    id: str
    call: int
    path: str

    @property
    def reference(self) -> dict[str, Json]:
        """As an argument of a plan."""
        return {"$from": self.call, "path": self.path}


def run_plan(world: World, plan: Plan) -> Run:
    """Carry out a plan; raises `InputError` for a reference to what no earlier result has."""
    made: list[ToolCall] = []
    results: list[Result] = []
    for call in plan.calls:
        refusal = refuse(call.arguments)
        if refusal:
            raise InputError(f"call {len(made)} of the plan: {refusal.message}")
        arguments = _resolved(call.arguments, results)
        made.append(call.model_copy(update={"arguments": arguments}))
        world, result = execute(world, made[-1])
        results.append(result)
    return Run(world, tuple(made), tuple(results))


def expected_end(world: World, plan: Plan) -> World:
    """The state in which the plan leaves the world."""
    return run_plan(world, plan).world


def draw_plan(world: World, random_: random.Random, length: int | None = None) -> Plan:
    """A random plan of 2 to 4 calls in which each call needs an id from an earlier result."""
    wanted = length or random_.choice(LENGTHS)
    for _ in range(_TRIES):
        calls = _chain(world, random_, wanted)
        if len(calls) == wanted:
            return Plan(calls=tuple(calls))
    raise InputError(f"no plan of {wanted} calls found in a world of {world.domain.name}")


def _resolved(value: Any, results: list[Result]) -> Any:
    """The value with its references replaced; its depth is bounded by who calls."""
    if isinstance(value, dict) and value.keys() == REFERENCE:
        return _looked_up(value, results)
    if isinstance(value, dict):
        return {key: _resolved(item, results) for key, item in value.items()}
    if isinstance(value, list):
        return [_resolved(item, results) for item in value]
    return value


def _looked_up(reference: dict[str, Json], results: list[Result]) -> Json:
    value: Any = results
    try:
        for key in (str(reference["$from"]), *reference["path"].split("/")):
            if isinstance(value, list) and not key.isdecimal():
                raise IndexError(key)
            value = value[int(key) if isinstance(value, list) else key]
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as flaw:
        raise InputError(f"no earlier result has what {show(reference)} refers to") from flaw
    return value


def _chain(world: World, random_: random.Random, wanted: int) -> list[ToolCall]:
    """Calls that the world answers, each after the first taking an id from a result."""
    calls: list[ToolCall] = []
    results: list[Result] = []
    used: list[Operation] = []
    handles: list[Handle] = []
    while len(calls) < wanted:
        for operation in _candidates(world, used, handles, random_):
            arguments = _arguments(world, operation, handles, random_)
            resolved = ToolCall(name=operation.tool.name, arguments=_resolved(arguments, results))
            after, result = execute(world, resolved)
            found = list(_handles(operation, result, len(calls)))
            if found and (operation.verb in READS or after.records != world.records):
                break
        else:
            return calls
        calls.append(ToolCall(name=operation.tool.name, arguments=arguments))
        results.append(result)
        used.append(operation)
        handles = [*found, *handles]
        world = after
    return calls


def _candidates(
    world: World, used: list[Operation], handles: list[Handle], random_: random.Random
) -> list[Operation]:
    """What may come next, in random order: first a read, then what uses an id just learnt."""
    known = operations(world.domain).values()
    if used:
        order = list(_WEIGHTS)
        later = order[order.index(used[-1].verb) :]
        learnt = {handle.type_ for handle in handles}
        fitting = [
            o
            for o in known
            if o not in used
            and o.verb in later
            and learnt & {target.name for target in o.ids.values()}
        ]
    else:
        fitting = [o for o in known if o.verb in READS]
    return sorted(fitting, key=lambda o: random_.random() ** (1 / _WEIGHTS[o.verb]), reverse=True)


def _arguments(
    world: World, operation: Operation, handles: list[Handle], random_: random.Random
) -> Arguments:
    if operation.verb == "search":
        return _search_arguments(world, operation, random_)
    arguments: Arguments = {}
    for name, target in operation.ids.items():
        learnt = next((h.reference for h in handles if h.type_ == target.name), None)
        arguments[name] = learnt or random_.choice(sorted(world.records[target.name]))
    if operation.verb in ("create", "update"):
        drawn = draw_fields(settable(operation.entity), world.domain.language, random_)
        arguments |= drawn if operation.verb == "create" else _some(operation, drawn, random_)
    return arguments


def _search_arguments(world: World, operation: Operation, random_: random.Random) -> Arguments:
    """Filters drawn from one record, as many as it takes to mean that record alone."""
    entity = operation.entity
    record = random_.choice(world.listed(entity.name))
    usable = [filter_ for filter_ in filters(entity) if filter_.field.name in record]
    arguments: Arguments = {}
    for filter_ in random_.sample(usable, min(MAX_SEARCHED, len(usable))):
        arguments[filter_.name] = record[filter_.field.name]
        _, result = execute(world, ToolCall(name=operation.tool.name, arguments=arguments))
        if result["total"] == 1:
            break
    return arguments


def _some(operation: Operation, drawn: Arguments, random_: random.Random) -> Arguments:
    """One field to change; dates go together, since they stay in order."""
    if not drawn:
        return {}
    kinds = {field.name: field.kind for field in operation.entity.fields}
    chosen = random_.choice(list(drawn))
    if kinds[chosen] not in RISING:
        return {chosen: drawn[chosen]}
    return {name: value for name, value in drawn.items() if kinds[name] == kinds[chosen]}


def _handles(operation: Operation, result: Result, call: int) -> Iterator[Handle]:
    """The ids in a result: of the records themselves, then of what they refer to."""
    if result["status"] != "ok":
        return
    entity, key = operation.entity, operation.result_key
    found: Json = result[key]
    listed = isinstance(found, list)
    records = {f"{key}/{i}": record for i, record in enumerate(found)} if listed else {key: found}
    for path, record in records.items():
        for name, type_ in ({entity.id_field: entity.name} | entity.refers_to).items():
            yield Handle(type_, record[name], call, f"{path}/{name}")
