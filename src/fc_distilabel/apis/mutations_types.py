"""Mutations of one value: its type, and what it may be.

Each makes of a plain string what the parameter's kind permits. A value that is more than plain
already is left alone, so that facets never contradict each other.
"""

import math
import re
from collections.abc import Sequence
from typing import Any

from fc_distilabel.apis.domains import FieldKind, FieldType
from fc_distilabel.apis.drafts import Edit, Material, Site, mutation, put_property
from fc_distilabel.apis.sources import PHONE_PATTERN, TIME_PATTERN, city_names
from fc_distilabel.schemas.walk import Schema
from fc_distilabel.types import Json

MAX_ENUM = 12
MAX_LISTED_RANGE = 10
"""Whole numbers that a range may hold to be listed one by one."""
_LETTERS = re.compile(r"[A-Za-z]+")
_ANNOTATIONS = {"description", "title"}
_TYPES: dict[str, tuple[FieldKind, ...]] = {
    "integer": ("integer", "code"),
    "number": ("amount", "integer"),
    "boolean": ("boolean",),
}
"""The kinds of field that each type besides string can hold."""


def permits(kind: FieldKind, wanted: str) -> bool:
    """Whether a field of this kind can be of that type."""
    return wanted == "string" or kind in _TYPES[wanted]


def natural_type(kind: FieldKind) -> str:
    """The type that a field of this kind has among programmers."""
    return {"integer": "integer", "amount": "number", "boolean": "boolean"}.get(kind, "string")


def is_plain(schema: Schema, kind: str) -> bool:
    """Whether a schema says no more than this type, and words."""
    return schema.get("type") == kind and schema.keys() <= {"type"} | _ANNOTATIONS


def faceted(site: Site, facets: dict[str, Json], detail: str) -> Edit:
    """The site's own schema with facets set."""
    schema = {key: part for key, part in site.schema.items() if key not in _ANNOTATIONS}
    words = {key: part for key, part in site.schema.items() if key in _ANNOTATIONS}
    return Edit(put_property(site.owner, site.name, {site.name: schema | words | facets}), detail)


def _retyped(site: Site, wanted: str) -> Edit | None:
    if not is_plain(site.schema, "string") or not permits(site.material.kind, wanted):
        return None
    return faceted(site, {"type": wanted}, f"string -> {wanted}")


@mutation("retype_integer")
def to_integer(site: Site) -> Edit | None:
    """A string that tells a whole number, or the number of a record, becomes an integer."""
    return _retyped(site, "integer")


@mutation("retype_number")
def to_number(site: Site) -> Edit | None:
    """A string that tells an amount becomes a number."""
    return _retyped(site, "number")


@mutation("retype_boolean")
def to_boolean(site: Site) -> Edit | None:
    """A string that says yes or no becomes a boolean."""
    return _retyped(site, "boolean")


@mutation("enum")
def add_enum(site: Site) -> Edit | None:
    """A value becomes one of a list: the field's choices, or the numbers of a short range."""
    if is_plain(site.schema, "string"):
        values = _choices(site)
    elif is_plain(site.schema, "integer"):
        values = _listed_range(site.material.field)
    else:
        return None
    if len(values) < 2:
        return None
    return faceted(site, {"enum": values}, f"one of {len(values)}")


def _choices(site: Site) -> list[Any]:
    field = site.material.field
    if field.kind == "city" and not field.values:
        return city_names(site.draft.language, site.random, site.random.randint(4, 8))
    if field.kind not in ("choice", "text", "city"):
        return []
    told = [value for value in field.values if isinstance(value, str) and value.strip()]
    return list(dict.fromkeys(told))[:MAX_ENUM]


def _listed_range(field: FieldType) -> list[Any]:
    low, high = number_range(field)
    return list(range(int(low), int(high) + 1)) if high - low < MAX_LISTED_RANGE else []


def number_range(field: FieldType) -> tuple[float, float]:
    """Least and most of a number; where the field does not say, what nobody would exceed."""
    values: Sequence[float] = [v for v in field.values if isinstance(v, int | float)]
    return (min(values), max(values)) if len(values) >= 2 else (0, 1000)


@mutation("bounds")
def add_bounds(site: Site) -> Edit | None:
    """A number gets its least and most, a text its length, an array its number of items."""
    kind = site.schema.get("type")
    bounds: dict[str, Json]
    if kind in ("integer", "number") and is_plain(site.schema, kind):
        if site.material.kind == "code":
            return None  # the number of a record has no least and most
        bounds = _number_bounds(site, kind)
    elif kind == "string" and is_plain(site.schema, kind):
        bounds = _length_bounds(site)
    elif kind == "array" and not site.schema.keys() & {"minItems", "maxItems", "default"}:
        bounds = {"minItems": 1, "maxItems": site.random.choice((3, 5, 10, 20))}
    else:
        return None
    said = ", ".join(f"{keyword} {value}" for keyword, value in bounds.items())
    return faceted(site, bounds, said) if bounds else None


def _number_bounds(site: Site, kind: str) -> dict[str, Json]:
    low, high = number_range(site.material.field)
    if kind == "integer":
        low, high = math.floor(low), math.ceil(high)
    one_sided = site.random.random() < 0.25
    return {"minimum": low} if one_sided else {"minimum": low, "maximum": high}


def _length_bounds(site: Site) -> dict[str, Json]:
    """Room for every value that the field is known to have."""
    if site.material.kind not in ("text", "person_name", "street_address"):
        return {}
    longest = max((len(str(value)) for value in site.material.field.values), default=0)
    room = next(room for room in (60, 120, 200, 500, 10**6) if room >= 2 * longest)
    return {"minLength": 1, "maxLength": room}


@mutation("pattern")
def add_pattern(site: Site) -> Edit | None:
    """A code, a time of day or a phone number gets the pattern of its kind."""
    if not is_plain(site.schema, "string"):
        return None
    pattern = _pattern(site.material, site)
    return faceted(site, {"pattern": pattern}, pattern) if pattern else None


def _pattern(material: Material, site: Site) -> str:
    if material.kind == "time":
        return TIME_PATTERN
    if material.kind == "phone":
        return PHONE_PATTERN[site.draft.language]
    if material.kind != "code":
        return ""
    if material.field.pattern:
        return material.field.pattern
    words = _LETTERS.findall(material.name)
    prefix = "".join(word[0] for word in words) if len(words) > 1 else words[0] if words else "id"
    prefix = prefix[:3].upper()
    return f"^{prefix}-[0-9]{{{site.random.randint(4, 6)}}}$"


@mutation("format")
def add_format(site: Site) -> Edit | None:
    """A date, an e-mail address or an identity gets its format."""
    formats = {"date": "date", "email": "email", "code": "uuid"}
    known = formats.get(site.material.kind)
    if known is None or not is_plain(site.schema, "string"):
        return None
    return faceted(site, {"format": known}, known)
