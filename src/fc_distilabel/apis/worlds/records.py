"""A kind of field -> its JSON Schema and its values; an entity type -> its records.

Values come from code alone: names and addresses in the domain's locale, the domain's own choices,
typical values and bounds for the rest. What belongs to one record fits together: dates and
times rise in the order in which the fields are listed, and a journey does not end where it began.
"""

import datetime
import math
import random
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import rstr

from fc_distilabel.apis.domains import Domain, EntityType, FieldKind, FieldType
from fc_distilabel.apis.sources import PHONE_PATTERN, TIME_PATTERN, TODAY, text_of_kind
from fc_distilabel.apis.worlds.words import word
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.types import Json, Language

Record: TypeAlias = dict[str, Json]
"""One record: field names to scalars."""
Schema: TypeAlias = dict[str, Json]

RISING: tuple[FieldKind, ...] = ("date", "time")
"""Kinds whose values rise in the order of a record's fields."""
OPTIONAL_SHARE = 0.5
"""How often a record has a field that may be left out."""

_NUMBERS: dict[FieldKind, str] = {"integer": "integer", "amount": "number"}
_DISTINCT: tuple[FieldKind, ...] = (*RISING, "city")
"""Kinds of which two fields of one record differ."""
_STEPS = (1000, 500, 100, 50, 10, 5, 1, 0.5, 0.1, 0.01)
"""What amounts are multiples of: prices are round."""
_DRAWS = 20


def field_schema(field: FieldType, language: Language) -> Schema:
    """The schema of a field's values, described in the domain's language."""
    return _type_of(field, language) | {"description": labelled(field, language)}


def labelled(field: FieldType, language: Language) -> str:
    """What a field is, with its unit."""
    if not field.unit:
        return field.label
    return word(language, "unit", label=field.label, unit=field.unit)


def id_schema(domain: Domain, type_: str) -> Schema:
    """The schema of the ids of one entity type."""
    label = domain.entity(type_).label
    return {
        "type": "string",
        "pattern": f"^{domain.prefix(type_)}-[0-9]{{4,5}}$",
        "description": word(domain.language, "id", label=label),
    }


def record_schema(domain: Domain, entity: EntityType) -> Schema:
    """The schema of a record: its id, references and fields; optional ones may be absent."""
    ids = {entity.id_field: entity.name} | entity.refers_to
    properties = {name: id_schema(domain, target) for name, target in ids.items()}
    properties |= {field.name: field_schema(field, domain.language) for field in entity.fields}
    optional = {field.name for field in entity.fields if field.given == "optional"}
    return closed_object(properties) | {"required": [p for p in properties if p not in optional]}


def draw_fields(
    fields: Iterable[FieldType], language: Language, random_: random.Random
) -> dict[str, Json]:
    """A value for each field, optional ones now and then left out."""
    kept = [f for f in fields if f.given != "optional" or random_.random() < OPTIONAL_SHARE]
    drawn: dict[str, Json] = {}
    for field in kept:
        taken = {drawn.get(f.name) for f in kept if f.kind == field.kind in _DISTINCT}
        for _ in range(_DRAWS):
            drawn[field.name] = _draw(field, language, random_)
            if drawn[field.name] not in taken:
                break
    return drawn | _in_order(kept, drawn)


def first_values(entity: EntityType, language: Language, random_: random.Random) -> dict[str, Json]:
    """What a service fills in itself when a record is made today."""
    fields = [field for field in entity.fields if field.given == "never"]
    return {field.name: _first(field, language, random_) for field in fields}


def _first(field: FieldType, language: Language, random_: random.Random) -> Json:
    """A choice begins at its first, a count at 0, a date as near to today as it can be."""
    if field.kind == "choice":
        return field.values[0]
    if field.kind == "boolean":
        return False
    if field.kind in ("date", "integer", "amount"):
        least, most = _bounds(field)
        if field.kind == "date":
            return _day(min(max(0, least), most))
        if least == 0:
            return 0
    return _draw(field, language, random_)


def _type_of(field: FieldType, language: Language) -> Schema:
    if field.kind in _NUMBERS:
        least, most = _bounds(field)
        return {"type": _NUMBERS[field.kind], "minimum": least, "maximum": most}
    if field.kind == "boolean":
        return {"type": "boolean"}
    string: Schema = {"type": "string"}
    more: dict[FieldKind, Schema] = {
        "choice": {"enum": list(field.values)},
        "date": {"format": "date"},
        "time": {"pattern": TIME_PATTERN},
        "phone": {"pattern": PHONE_PATTERN[language]},
        "email": {"format": "email"},
        "code": {"pattern": _code_pattern(field)},
    }
    return string | more.get(field.kind, {"minLength": 1})


def _draw(field: FieldType, language: Language, random_: random.Random) -> Json:
    match field.kind:
        case "integer":
            return random_.randint(*_bounds(field))
        case "amount":
            return _amount(*_bounds(field), random_)
        case "boolean":
            return random_.random() < 0.5
        case "date":
            return _day(random_.randint(*_bounds(field)))
        case "code":
            return str(rstr.Rstr(random_).xeger(_code_pattern(field)))
    if field.values:
        return random_.choice(field.values)
    return text_of_kind(field.kind, language, random_) or field.label


def _bounds(field: FieldType) -> tuple[int, int]:
    if field.values:
        least, most = field.values
        return least, most
    return (3, 200) if field.kind == "date" else (0, 100)


def _amount(least: float, most: float, random_: random.Random) -> int | float:
    step = next((s for s in _STEPS if s <= (most - least) / 20), _STEPS[-1])
    lowest, highest = math.ceil(least / step), math.floor(most / step)
    value = round(random_.randint(lowest, highest) * step, 2)
    return int(value) if value == int(value) else value


def _code_pattern(field: FieldType) -> str:
    """Short where nothing else is said, because small models drop digits of long codes."""
    return field.pattern or f"^{field.name[:2].upper()}-[0-9]{{4}}$"


def _day(offset: int) -> str:
    return (TODAY + datetime.timedelta(days=offset)).isoformat()


def _in_order(fields: Sequence[FieldType], drawn: dict[str, Json]) -> dict[str, Json]:
    """Dates (and times) in rising order: a stay does not end before it begins."""
    ordered: dict[str, Json] = {}
    for kind in RISING:
        names = [field.name for field in fields if field.kind == kind]
        ordered |= zip(names, sorted(drawn[name] for name in names), strict=True)
    return ordered
