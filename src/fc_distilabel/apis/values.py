"""The values that a schema describes, one after another: parameters, items, and where they stand.

A value is a place in an argument, not a schema: what `$ref` and alternatives lead to says more
about the same value. Nothing here recurses, no reference is followed inside itself, and at most
`MAX_VALUES` values are looked at, so a schema that unfolds without end costs a bounded time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from fc_distilabel.schemas.walk import Schema, at, pointed
from fc_distilabel.types import Json

MAX_VALUES = 20_000
MAX_PARTS = 200
MAX_LEVEL = 64
CHOICES = ("anyOf", "oneOf")
_TYPE_OF = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}

_Seen: TypeAlias = frozenset[str]


@dataclass(frozen=True)
class Value:
    """A place in the arguments, and all that is said of it."""

    parts: tuple[Schema, ...]
    """The schema, and those that its references and alternatives put beside it."""
    level: int = 0
    name: str | None = None
    """Name of the parameter; None for an item."""
    required: bool = True
    demands: bool = False
    """Whether others must be there when it is."""
    seen: _Seen = field(default=frozenset(), repr=False)
    """References that led here."""

    @cached_property
    def keywords(self) -> frozenset[str]:
        """All keywords that are said of it."""
        return frozenset(keyword for part in self.parts for keyword in part)

    @cached_property
    def types(self) -> tuple[str, ...]:
        """The types it may have, in order; those of its values where no type is given."""
        return tuple(dict.fromkeys(kind for part in self.parts for kind in _types(part)))

    @property
    def type(self) -> str:
        """The first type besides null, or ``."""
        return next((kind for kind in self.types if kind != "null"), "")

    @property
    def alternatives(self) -> int:
        """How many sorts of value it may be, besides null."""
        branches = [_branches(part, CHOICES) for part in self.parts]
        counts = [sum(_types(branch) != ["null"] for branch in listed) for listed in branches]
        return max(len([kind for kind in self.types if kind != "null"]), *counts)

    @property
    def is_leaf(self) -> bool:
        """Whether it holds no further values."""
        return not any(part.get(word) for part in self.parts for word in ("properties", "items"))


def values_in(root: Schema) -> Iterator[Value]:
    """Every value inside a schema, however deep; the root itself is none."""
    pending = [_value(root, root, Value(()))]
    count = 0
    while pending and count < MAX_VALUES:
        value = pending.pop()
        if value.level:
            count += 1
            yield value
        if value.level < MAX_LEVEL:
            pending.extend(reversed(list(inside(root, value))))


def inside(root: Schema, value: Value) -> Iterator[Value]:
    """The values that one value holds: its properties, its items, the values of its map."""
    level = value.level + 1
    for part in value.parts:
        required, demands = part.get("required", ()), part.get("dependentRequired", {})
        for name, schema in _map(part.get("properties")).items():
            stands = Value((), level, name, name in required, bool(demands.get(name)), value.seen)
            yield _value(root, schema, stands)
        for word in ("items", "additionalProperties"):
            if isinstance(part.get(word), dict):
                yield _value(root, part[word], Value((), level, seen=value.seen))


def _value(root: Schema, schema: Json, stands: Value) -> Value:
    """The value with its parts; a reference that has led here already is not followed."""
    parts: list[Schema] = []
    seen = set(stands.seen)
    pending = [schema]
    while pending and len(parts) < MAX_PARTS:
        part = pending.pop()
        if not isinstance(part, dict):
            continue
        parts.append(part)
        reference = str(part.get("$ref", ""))
        if reference[:2] in ("#", "#/") and reference not in seen:
            seen.add(reference)
            place = pointed(root, reference[1:])
            pending.append(None if place is None else at(root, place))
        pending.extend(reversed(_branches(part, (*CHOICES, "allOf"))))
    return Value(
        tuple(parts), stands.level, stands.name, stands.required, stands.demands, frozenset(seen)
    )


def _branches(part: Schema, words: tuple[str, ...]) -> list[Schema]:
    listed = [part[word] for word in words if isinstance(part.get(word), list)]
    return [branch for branches in listed for branch in branches if isinstance(branch, dict)]


def _types(part: Schema) -> list[str]:
    kinds = part.get("type", [])
    if kinds:
        return [kinds] if isinstance(kinds, str) else list(kinds)
    named = part.get("enum", [part["const"]] if "const" in part else [])
    return list(dict.fromkeys(_TYPE_OF.get(type(value), "object") for value in named))


def _map(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
