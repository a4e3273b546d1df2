"""Edits of a schema that keep it valid: a property taken out, renamed, retold, put in.

Only objects that list their properties plainly are edited, at any depth, in `items` too.
What other keywords tie to the rest of a schema (alternatives, conditions, patterns of names) stays
as it is, so an edit never has to know what they mean.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from fc_distilabel.schemas.bounds import join_path
from fc_distilabel.schemas.walk import IN_PLACE, Keys, Schema, at, subschemas
from fc_distilabel.types import Json

_PLAIN = frozenset(
    ("type", "properties", "required", "additionalProperties", "dependentRequired")
) | {"description", "title", "minProperties", "$defs", "definitions", "$schema"}
MAX_PARAMETERS = 200


class Parameter(NamedTuple):
    """A property that can be edited."""

    place: Keys
    """Where the object stands that has it."""
    name: str
    schema: Schema
    required: bool

    @property
    def path(self) -> str:
        """The names that lead to it."""
        steps = [str(key) for key in (*self.place, "properties", self.name)]
        return join_path("", *_named(steps))

    @property
    def label(self) -> str:
        """What it is, in a few words: the start of its description."""
        return short_label(self.schema.get("description"))


_APART = frozenset((*IN_PLACE, "patternProperties", "$defs", "definitions"))
"""Keywords under which a property is one case among others, or shared by several places."""
_CASES = frozenset(("anyOf", "oneOf"))
_LABEL_END = re.compile(r"[.。;；\n(（]")


def short_label(text: Json, length: int = 60) -> str:
    """The first clause of a description, or `` where there is none that is short."""
    if not isinstance(text, str):
        return ""
    clause = " ".join(_LABEL_END.split(text.strip()[:400], maxsplit=1)[0].split())
    return clause.rstrip(",，:： ") if len(clause) <= length else ""


def parameters_of(schema: Schema, *, alternatives: bool = False) -> list[Parameter]:
    """The properties that can be edited, outermost first.

    With `alternatives` also those of closed objects that are one case of several: what is closed
    can lose a property wherever it stands.
    """
    found: list[Parameter] = []
    for place, owner in subschemas(schema):
        if len(found) >= MAX_PARAMETERS:
            break
        apart = _APART.intersection(_keywords(place))
        case = apart <= _CASES and owner.get("additionalProperties") is False
        if owner.keys() <= _PLAIN and (not apart or (alternatives and case)):
            found += _held(place, owner)
    return found


def _keywords(place: Keys) -> list[str]:
    """The keys of a place that are keywords, not names or positions."""
    steps = [str(key) for key in place]
    names = set(_positions(steps))
    return [step for index, step in enumerate(steps) if index not in names]


def _named(steps: list[str]) -> list[str]:
    return [steps[index] for index in _positions(steps)]


def _positions(steps: list[str]) -> Iterator[int]:
    """Where the names of properties stand; a property may itself be named `properties`."""
    index = 0
    while index < len(steps):
        if steps[index] == "properties" and index + 1 < len(steps):
            yield index + 1
            index += 1
        index += 1


def _held(place: Keys, owner: Schema) -> Iterator[Parameter]:
    for name, inner in owner.get("properties", {}).items():
        if isinstance(inner, dict):
            yield Parameter(place, name, inner, name in owner.get("required", ()))


def is_plain(schema: Schema) -> bool:
    """Whether a schema is an object that lists its properties plainly."""
    return schema.keys() <= _PLAIN and isinstance(schema.get("properties"), dict)


def without(schema: Schema, path: str) -> Schema | None:
    """The schema without the property at a path, in every case; None where something demands it."""
    left: Schema | None = schema
    for parameter in parameters_of(schema, alternatives=True):
        if parameter.path == path and left is not None:
            left = _without_one(left, parameter)
    return None if left == schema else left


def _without_one(schema: Schema, parameter: Parameter) -> Schema | None:
    owner: Schema = at(schema, parameter.place)
    rules: dict[str, list[str]] = owner.get("dependentRequired", {})
    tied = any(parameter.name in (name, *needed) for name, needed in rules.items())
    left = {name: s for name, s in owner["properties"].items() if name != parameter.name}
    if tied or not left or len(left) < owner.get("minProperties", 0):
        return None
    return put(schema, parameter.place, _with_properties(owner, left))


def only_required(schema: Schema, keep: str = "") -> Schema:
    """The schema with only what it requires, or with its first property where it requires none.

    A property named by `keep` stays in any case.
    """
    if not is_plain(schema) or not schema["properties"]:
        return schema
    required = (*schema.get("required", ()), keep)
    kept = [name for name in schema["properties"] if name in required]
    kept = kept or list(schema["properties"])[:1]
    rest = {key: value for key, value in schema.items() if key not in _COUNTS}
    return _with_properties(rest, {name: schema["properties"][name] for name in kept})


_COUNTS = ("dependentRequired", "minProperties")


def none_required(schema: Schema) -> Schema:
    """The schema with all that it lists at the top left to choice."""
    return schema | {"required": []} if is_plain(schema) else schema


def exchanged(schema: Schema, parameter: Parameter, name: str, inner: Schema) -> Schema:
    """The schema with one property renamed or retold; its place among the others stays."""
    owner: Schema = at(schema, parameter.place)
    listed = {
        name if key == parameter.name else key: inner if key == parameter.name else value
        for key, value in owner["properties"].items()
    }
    required = [name if key == parameter.name else key for key in owner.get("required", ())]
    return put(schema, parameter.place, owner | {"properties": listed, "required": required})


def added(schema: Schema, name: str, inner: Schema, *, required: bool) -> Schema:
    """The schema with one more property at the top, or as it is where it cannot have one."""
    if not is_plain(schema) or name in schema["properties"]:
        return schema
    needed = [*schema.get("required", ()), *([name] if required else ())]
    return schema | {"properties": schema["properties"] | {name: inner}, "required": needed}


def grouped(schema: Schema, name: str, description: str) -> Schema:
    """The schema with all that it takes put into one object of that name."""
    shared = ("$defs", "definitions", "$schema")
    inner = {key: value for key, value in schema.items() if key not in (*shared, "title")}
    outer = {key: schema[key] for key in shared if key in schema}
    properties = {name: inner | {"description": description}}
    return outer | {
        "type": "object",
        "properties": properties,
        "required": [name],
        "additionalProperties": False,
    }


def retold(schema: Schema, change: Callable[[str], str]) -> Schema:
    """The schema with every description changed."""
    for place, found in list(subschemas(schema)):
        text = found.get("description")
        if isinstance(text, str) and change(text) != text:
            schema = put(schema, place, at(schema, place) | {"description": change(text)})
    return schema


def put(schema: Schema, place: Keys, part: Json) -> Schema:
    """A copy of the schema with the part at a place exchanged."""
    for depth in range(len(place), 0, -1):
        holder = at(schema, place[: depth - 1])
        if isinstance(holder, list):
            part = [part if i == place[depth - 1] else each for i, each in enumerate(holder)]
        else:
            part = {**holder, place[depth - 1]: part}
    changed: Schema = part
    return changed


def _with_properties(owner: Schema, properties: dict[str, Json]) -> Schema:
    required = [name for name in owner.get("required", ()) if name in properties]
    return owner | {"properties": properties, "required": required}
