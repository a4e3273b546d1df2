"""Entity types -> the tools that work on their records, with closed schemas on both sides.

What is only looked up (a hotel) gets `search`, `get` and, for whatever it refers to, `list`; what
users make (a booking) gets `create`, `update` and `cancel` too. Names are English in every
language, as code is; descriptions are in the language of the domain.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from fc_distilabel.apis.domains import Domain, EntityType, FieldKind, FieldType
from fc_distilabel.apis.worlds.records import (
    Record,
    Schema,
    field_schema,
    id_schema,
    labelled,
)
from fc_distilabel.apis.worlds.results import list_returns, record_returns
from fc_distilabel.apis.worlds.words import word
from fc_distilabel.schemas.engine import Validator
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.types import Json, Tool

Verb: TypeAlias = Literal["search", "list", "get", "create", "update", "cancel"]
Test: TypeAlias = Literal["is", "least", "most"]

READS: tuple[Verb, ...] = ("search", "list", "get")
MAX_FILTERS = 6
"""A search by everything would be no choice."""
MAX_LIMIT = 20
DEFAULT_LIMIT = 5

_SAME: tuple[tuple[str, Test], ...] = (("{}", "is"),)
_TESTS: dict[FieldKind, tuple[tuple[str, Test], ...]] = {
    "choice": _SAME,
    "boolean": _SAME,
    "city": _SAME,
    "code": _SAME,
    "person_name": _SAME,
    "date": (("{}_from", "least"), ("{}_to", "most")),
    "integer": (("min_{}", "least"),),  # of seats and stock one wants enough,
    "amount": (("max_{}", "most"),),  # of prices not too much
}
"""How a search filters by a kind of field; kinds that are not here are not searched by."""


@dataclass(frozen=True)
class Filter:
    """One parameter of a search."""

    name: str
    field: FieldType
    test: Test

    def admits(self, record: Record, wanted: Json) -> bool:
        """Whether the record has such a value; what it does not say, it does not have."""
        value = record.get(self.field.name)
        if value is None:
            return False
        if self.test == "is":
            return bool(_folded(value) == _folded(wanted))
        return bool(value >= wanted if self.test == "least" else value <= wanted)


@dataclass(frozen=True)
class Operation:
    """What one tool does."""

    verb: Verb
    entity: EntityType
    tool: Tool
    ids: dict[str, EntityType]
    """Parameters that hold the id of an existing record, with the type of that record."""

    @cached_property
    def arguments(self) -> Validator:
        """The judge of a call's arguments."""
        return Validator(self.tool.parameters)

    @property
    def result_key(self) -> str:
        """Where a result holds what was asked for."""
        return self.entity.plural if self.verb in ("search", "list") else self.entity.name


@lru_cache(maxsize=64)
def operations(domain: Domain) -> Mapping[str, Operation]:
    """The operations of a domain by the names of their tools."""
    made = [operation for entity in domain.entities for operation in _of(domain, entity)]
    return MappingProxyType({operation.tool.name: operation for operation in made})


def world_tools(domain: Domain) -> tuple[Tool, ...]:
    """The tools of a domain."""
    return tuple(operation.tool for operation in operations(domain).values())


def filters(entity: EntityType) -> list[Filter]:
    """What records of that type can be searched by."""
    found = [
        Filter(form.format(field.name), field, test)
        for field in entity.fields
        for form, test in _TESTS.get(field.kind, ())
    ]
    return found[:MAX_FILTERS]


def settable(entity: EntityType) -> list[FieldType]:
    """The fields that users state."""
    return [field for field in entity.fields if field.given != "never"]


def _of(domain: Domain, entity: EntityType) -> Iterator[Operation]:
    yield _search(domain, entity)
    yield from (_list(domain, entity, reference) for reference in entity.refers_to)
    yield _get(domain, entity)
    if entity.writable:
        yield _create(domain, entity)
        if settable(entity):
            yield _update(domain, entity)
        yield _cancel(domain, entity)


def _search(domain: Domain, entity: EntityType) -> Operation:
    properties = {filter_.name: _filter_schema(domain, filter_) for filter_ in filters(entity)}
    limit = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT}
    properties["limit"] = limit | {"description": word(domain.language, "limit")}
    parameters = closed_object(properties) | {"required": []}
    return _made(domain, entity, "search", f"search_{entity.plural}", parameters, {})


def _list(domain: Domain, entity: EntityType, reference: str) -> Operation:
    target = domain.entity(entity.refers_to[reference])
    name = f"list_{reference.removesuffix('_id')}_{entity.plural}"
    parameters = closed_object({reference: id_schema(domain, target.name)})
    return _made(domain, entity, "list", name, parameters, {reference: target})


def _get(domain: Domain, entity: EntityType) -> Operation:
    parameters = closed_object({entity.id_field: id_schema(domain, entity.name)})
    ids = {entity.id_field: entity}
    return _made(domain, entity, "get", f"get_{entity.name}", parameters, ids)


def _create(domain: Domain, entity: EntityType) -> Operation:
    properties = {name: id_schema(domain, type_) for name, type_ in entity.refers_to.items()}
    properties |= _fields(domain, entity)
    optional = {field.name for field in entity.fields if field.given == "optional"}
    required = [name for name in properties if name not in optional]
    parameters = closed_object(properties) | {"required": required}
    ids = {name: domain.entity(type_) for name, type_ in entity.refers_to.items()}
    return _made(domain, entity, "create", f"create_{entity.name}", parameters, ids)


def _update(domain: Domain, entity: EntityType) -> Operation:
    ids = {entity.id_field: entity}
    properties = {entity.id_field: id_schema(domain, entity.name)} | _fields(domain, entity)
    bounds = {"required": [entity.id_field], "minProperties": 2}
    parameters = closed_object(properties) | bounds
    return _made(domain, entity, "update", f"update_{entity.name}", parameters, ids)


def _cancel(domain: Domain, entity: EntityType) -> Operation:
    word_ = "cancel" if entity.cancelled else "delete"
    parameters = closed_object({entity.id_field: id_schema(domain, entity.name)})
    ids = {entity.id_field: entity}
    return _made(domain, entity, "cancel", f"{word_}_{entity.name}", parameters, ids)


def _made(
    domain: Domain,
    entity: EntityType,
    verb: Verb,
    name: str,
    parameters: Schema,
    ids: dict[str, EntityType],
) -> Operation:
    if verb in ("search", "list"):
        returns = list_returns(domain, entity)
    else:
        returns = record_returns(domain, entity, partial=verb == "get")
    description = word(
        domain.language,
        name.split("_")[0],
        label=entity.label,
        plural=entity.plural.replace("_", " "),
        other="".join(target.label for target in ids.values()),
    )
    tool = Tool(name=name, description=description, parameters=parameters, returns=returns)
    return Operation(verb, entity, tool, ids)


def _fields(domain: Domain, entity: EntityType) -> dict[str, Any]:
    return {field.name: field_schema(field, domain.language) for field in settable(entity)}


def _filter_schema(domain: Domain, filter_: Filter) -> Schema:
    schema = field_schema(filter_.field, domain.language)
    if filter_.test == "is":
        return schema
    label = labelled(filter_.field, domain.language)
    return schema | {"description": word(domain.language, filter_.test, label=label)}


def _folded(value: Json) -> Json:
    return value.casefold() if isinstance(value, str) else value
