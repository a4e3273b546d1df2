"""The shape of every result: which keys it has is decided by its `status`.

    {"status": "ok", "booking": {...}}
    {"status": "ok", "bookings": [{...}], "total": 1}
    {"status": "partial", "booking": {...}, "missing": ["check_in_date"]}
    {"status": "error", "error": {"code": "not_found", "parameter": "booking_id", "message": "..."}}

The schema is an object with `anyOf` over closed shapes, each with its own constant `status`. One
shape with all keys optional would be shorter, but would let pass an error that does not say which,
or a success with nothing in it: the failures would not be declared, only tolerated.
"""

from typing import Literal, TypeAlias, get_args

from fc_distilabel.apis.domains import Domain, EntityType
from fc_distilabel.apis.worlds.records import Record, Schema, record_schema
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.types import Json

Code: TypeAlias = Literal[
    "not_found", "invalid_value", "conflict", "rate_limit", "timeout", "permission"
]
Result: TypeAlias = dict[str, Json]

RETRY_AFTER = 30
"""Seconds that a rate limit asks to wait."""

_STRING: Schema = {"type": "string", "minLength": 1}
_NAMES: Schema = {"type": "array", "items": _STRING, "minItems": 1}
_ABOUT: Schema = {"parameter": _STRING}
_DETAILS: dict[Code, Schema] = {
    "not_found": _ABOUT,
    "invalid_value": _ABOUT,
    "rate_limit": {"retry_after_seconds": {"type": "integer", "minimum": 1}},
}
"""What an error says beside its code and message."""


def error(code: Code, message: str, **details: Json) -> Result:
    """The result of a call that was refused; its details are those that its code has."""
    return {"status": "error", "error": {"code": code, **details, "message": message}}


def record_returns(domain: Domain, entity: EntityType, *, partial: bool) -> Schema:
    """The results of a tool that gives one record; a partial one names the fields it lacks."""
    record = record_schema(domain, entity)
    lacking = record | {"required": [entity.id_field]}
    shapes = [_shape("ok", {entity.name: record})]
    if partial:
        shapes.append(_shape("partial", {entity.name: lacking, "missing": _NAMES}))
    return _any_of([*shapes, _error_shape()])


def list_returns(domain: Domain, entity: EntityType) -> Schema:
    """The results of a tool that gives records; a partial one names the ids it left out."""
    records = {"type": "array", "items": record_schema(domain, entity)}
    found = {entity.plural: records, "total": {"type": "integer", "minimum": 0}}
    partial = _shape("partial", {**found, "missing": _NAMES})
    return _any_of([_shape("ok", found), partial, _error_shape()])


def without_fields(result: Result, entity: EntityType) -> Result:
    """The result with the latter half of the record's fields left out."""
    record: Record = result[entity.name]
    missing = [name for name in record if name != entity.id_field][len(record) // 2 :]
    kept = {name: value for name, value in record.items() if name not in missing}
    return {"status": "partial", entity.name: kept, "missing": missing}


def without_records(result: Result, entity: EntityType) -> Result:
    """The result with the latter half of the records left out; of none, none can be missing."""
    records: list[Record] = result[entity.plural]
    half = len(records) // 2
    missing = [record[entity.id_field] for record in records[half:]]
    cut = result | {"status": "partial", entity.plural: records[:half], "missing": missing}
    return cut if missing else result


def _shape(status: str, content: Schema) -> Schema:
    return closed_object({"status": {"const": status}, **content})


def _error_shape() -> Schema:
    """Codes with the same details share a shape."""
    shapes: list[Schema] = []
    for details in (_ABOUT, _DETAILS["rate_limit"], {}):
        codes = [code for code in get_args(Code) if _DETAILS.get(code, {}) == details]
        shapes.append(closed_object({"code": {"enum": codes}, **details, "message": _STRING}))
    return _shape("error", {"error": {"type": "object", "anyOf": shapes}})


def _any_of(shapes: list[Schema]) -> Schema:
    return {"type": "object", "anyOf": shapes}
