"""A call -> what it does to the world, and its result.

Nothing here is random and nothing raises for what a model may write: arguments that break the
schema, ids of nothing and changes that the records do not allow are results with a declared error.
"""

import random
from collections.abc import Callable
from typing import TypeAlias

from fc_distilabel.apis.worlds.faults import Fault, failed, failures, not_found
from fc_distilabel.apis.worlds.operations import (
    DEFAULT_LIMIT,
    Operation,
    Verb,
    filters,
    operations,
)
from fc_distilabel.apis.worlds.records import Record, Schema, first_values
from fc_distilabel.apis.worlds.results import Result, error
from fc_distilabel.apis.worlds.words import word
from fc_distilabel.apis.worlds.world import World
from fc_distilabel.errors import InputError
from fc_distilabel.schemas.bounds import show
from fc_distilabel.types import Json, ToolCall, Violation

Arguments: TypeAlias = dict[str, Json]
Answer: TypeAlias = tuple[World, Result]

_MAX_NAME = 64
_WORDS = {
    "required": "missing_value",
    "minProperties": "unchanged",
    "additionalProperties": "unknown_parameter",
}
"""How a broken rule is said; other rules are about the value."""


def execute(world: World, call: ToolCall) -> Answer:
    """The world after the call, and the call's result, valid under what the tool `returns`."""
    operation = _operation(world, call.name)
    broken = operation.arguments.violations(call.arguments)
    if broken:
        return world, _invalid(world, operation, broken[0])
    for name, target in operation.ids.items():
        if call.arguments[name] not in world.records[target.name]:
            return world, not_found(operation, name, call.arguments[name], world.domain.language)
    after, result = _DOES[operation.verb](world, operation, call.arguments)
    if result["status"] == "error":
        return world, result
    kind = next((f.kind for f in world.faults if _meets(world, f, call)), None)
    if kind:
        after, result = world, failed(kind, operation, call, result, world.domain.language)
    return after.model_copy(update={"calls": (*world.calls, call.name)}), result


def inject(world: World, *faults: Fault) -> World:
    """The world with further faults ahead; raises `InputError` for one that no call can meet."""
    for fault in faults:
        possible = failures(_operation(world, fault.tool))
        if fault.kind not in possible:
            raise InputError(
                f"{fault.tool} cannot fail with {fault.kind}; it can with {', '.join(possible)}"
            )
    return world.model_copy(update={"faults": world.faults + faults})


def _operation(world: World, name: str) -> Operation:
    known = operations(world.domain)
    if name not in known:
        raise InputError(f"no tool {show(name)} in this world; it has {', '.join(known)}")
    return known[name]


def _meets(world: World, fault: Fault, call: ToolCall) -> bool:
    return (fault.tool, fault.call) == (call.name, world.calls.count(call.name))


def _search(world: World, operation: Operation, arguments: Arguments) -> Answer:
    entity = operation.entity
    chosen = [filter_ for filter_ in filters(entity) if filter_.name in arguments]
    found = [
        record
        for record in world.listed(entity.name)
        if all(filter_.admits(record, arguments[filter_.name]) for filter_ in chosen)
    ]
    return world, _listed(operation, found, int(arguments.get("limit", DEFAULT_LIMIT)))


def _list(world: World, operation: Operation, arguments: Arguments) -> Answer:
    records = world.listed(operation.entity.name)
    found = [r for r in records if all(r[name] == arguments[name] for name in operation.ids)]
    return world, _listed(operation, found, len(found))


def _get(world: World, operation: Operation, arguments: Arguments) -> Answer:
    return world, _one(operation, _record(world, operation, arguments))


def _create(world: World, operation: Operation, arguments: Arguments) -> Answer:
    entity = operation.entity
    id_ = world.free_id(entity.name, arguments)
    filled = first_values(entity, world.domain.language, random.Random(f"{world.seed}/{id_}"))
    record = {entity.id_field: id_} | arguments | filled
    return world.put(entity.name, record), _one(operation, record)


def _update(world: World, operation: Operation, arguments: Arguments) -> Answer:
    record = _record(world, operation, arguments)
    if _is_cancelled(operation, record):
        return world, _conflict(world, "closed", operation, record)
    changed = record | arguments
    return world.put(operation.entity.name, changed), _one(operation, changed)


def _cancel(world: World, operation: Operation, arguments: Arguments) -> Answer:
    entity, record = operation.entity, _record(world, operation, arguments)
    if _is_cancelled(operation, record):
        return world, _conflict(world, "closed", operation, record)
    if entity.cancelled:
        changed = record | entity.cancelled
        return world.put(entity.name, changed), _one(operation, changed)
    id_ = record[entity.id_field]
    for other, _ in world.referring(entity.name, id_):
        parts = {"other": other.label, "plural": other.plural.replace("_", " ")}
        return world, _conflict(world, "in_use", operation, record, **parts)
    return world.drop(entity.name, id_), _one(operation, record)


_DOES: dict[Verb, Callable[[World, Operation, Arguments], Answer]] = {
    "search": _search,
    "list": _list,
    "get": _get,
    "create": _create,
    "update": _update,
    "cancel": _cancel,
}


def _record(world: World, operation: Operation, arguments: Arguments) -> Record:
    entity = operation.entity
    return world.records[entity.name][arguments[entity.id_field]]


def _is_cancelled(operation: Operation, record: Record) -> bool:
    cancelled = operation.entity.cancelled
    return bool(cancelled) and record == record | cancelled


def _one(operation: Operation, record: Record) -> Result:
    return {"status": "ok", operation.result_key: _shown(operation, record)}


def _listed(operation: Operation, records: list[Record], limit: int) -> Result:
    shown = [_shown(operation, record) for record in records[:limit]]
    return {"status": "ok", operation.result_key: shown, "total": len(records)}


def _shown(operation: Operation, record: Record) -> Record:
    """A copy, its fields in the order in which the entity lists them."""
    entity = operation.entity
    names = [entity.id_field, *entity.refers_to, *(field.name for field in entity.fields)]
    return {name: record[name] for name in names if name in record}


def _conflict(world: World, key: str, operation: Operation, record: Record, **parts: str) -> Result:
    entity = operation.entity
    value = record[entity.id_field]
    said = word(world.domain.language, key, label=entity.label, value=value, **parts)
    return error("conflict", said)


def _invalid(world: World, operation: Operation, broken: Violation) -> Result:
    """The first broken rule, and what would have been allowed where that is short to say."""
    language = world.domain.language
    properties = operation.tool.parameters["properties"]
    name = broken.path.split("/")[0][:_MAX_NAME]
    if (name not in properties and broken.rule != "additionalProperties") or not name:
        name = next((n for n in properties if n not in operation.ids), next(iter(properties)))
    key = _WORDS.get(broken.rule, "invalid_value")
    message = word(language, key, parameter=name, value=show(broken.value))
    allowed = _allowed(properties.get(name, {}), broken.rule)
    if allowed:
        listed = word(language, "separator").join(allowed)
        message = word(language, "allowed", message=message, allowed=listed)
    return error("invalid_value", message, parameter=name)


def _allowed(schema: Schema, rule: str) -> list[str]:
    if rule == "enum":
        return [str(choice) for choice in schema["enum"]]
    if rule in ("minimum", "maximum"):
        return [f"{schema['minimum']}-{schema['maximum']}"]
    return []
