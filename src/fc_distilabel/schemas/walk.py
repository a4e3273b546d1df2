"""Where schemas stand inside a schema, and where their references lead.

A place is the keys that lead to it from the root, so that two equal schemas at two places stay two.
Nothing here recurses: the depth of a schema is bounded by whoever lets it in, its breadth and its
references are not. References are followed inside the schema only, through pointers, anchors and
the addresses that parts of it give themselves.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import unquote, urldefrag, urljoin

from fc_distilabel.types import Json

SCHEMA_MAPS = frozenset(
    ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
)
"""Keywords whose value maps names to schemas."""
SCHEMA_LISTS = frozenset(("prefixItems", "allOf", "anyOf", "oneOf"))
"""Keywords whose value lists schemas."""
SCHEMA_SLOTS = frozenset(
    (
        *("items", "contains", "unevaluatedItems"),
        *("additionalProperties", "propertyNames", "unevaluatedProperties"),
        *("not", "if", "then", "else"),
    )
)
"""Keywords whose value is one schema."""
HOLDERS = frozenset((*SCHEMA_MAPS, *SCHEMA_LISTS, *SCHEMA_SLOTS))
"""Keywords that hold schemas."""
IN_PLACE = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas")
"""Keywords whose schemas judge the same value as the schema that they stand in."""

Keys: TypeAlias = tuple[str | int, ...]
Schema: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Layout:
    """Every schema that a schema holds or refers to, by its place."""

    schemas: dict[Keys, Schema]
    references: dict[Keys, tuple[Keys, ...]]
    """Where the `$ref` and `$dynamicRef` of a place lead, as far as they lead to a schema."""

    def beside(self, place: Keys) -> Iterator[tuple[str, Keys]]:
        """The schemas that judge the same value as the one at `place`, each with the keyword."""
        for keyword in IN_PLACE:
            for inner in self.inside(place, keyword):
                yield keyword, inner
        for target in self.references.get(place, ()):
            yield "$ref", target

    def inside(self, place: Keys, keyword: str) -> Iterator[Keys]:
        """The places of the schemas under one keyword; `true` and `false` have none."""
        for suffix, inner in under(self.schemas[place], keyword):
            if isinstance(inner, dict):
                yield (*place, *suffix)


def subschemas(schema: Json, keys: Keys = ()) -> Iterator[tuple[Keys, Schema]]:
    """The schema and all schemas inside it, outermost first, with the keys that lead there."""
    pending = [(keys, schema)]
    while pending:
        place, found = pending.pop()
        if isinstance(found, dict):
            yield place, found
            inner = [
                (place + k, s) for word in found if word in HOLDERS for k, s in under(found, word)
            ]
            pending.extend(reversed(inner))


def under(schema: Schema, keyword: str) -> Iterator[tuple[Keys, Json]]:
    """The schemas that one keyword of a schema holds, with the keys from there."""
    value = schema.get(keyword)
    if keyword in SCHEMA_MAPS and isinstance(value, Mapping):
        yield from (((keyword, name), inner) for name, inner in value.items())
    elif keyword in SCHEMA_LISTS and isinstance(value, list):
        yield from (((keyword, index), inner) for index, inner in enumerate(value))
    elif keyword in SCHEMA_SLOTS and keyword in schema:
        yield (keyword,), value


def layout(root: Schema) -> Layout:
    """Lay out a schema that the engine has accepted."""
    schemas: dict[Keys, Schema] = {}
    wanted: list[Keys] = [()]
    index = _Index(root)
    references: dict[Keys, tuple[Keys, ...]] = {}
    while wanted:
        start = wanted.pop()
        for place, schema in subschemas(at(root, start), start) if start not in schemas else ():
            if place in schemas:
                continue
            schemas[place] = schema
            targets = tuple(index.targets(place, schema))
            if targets:
                references[place] = targets
                wanted.extend(targets)
    return Layout(schemas, references)


def at(root: Json, keys: Keys) -> Json:
    """What stands at a place; `KeyError`, `IndexError` or `TypeError` where nothing does."""
    found = root
    for key in keys:
        found = found[key]
    return found


def pointed(root: Json, pointer: str) -> Keys | None:
    """The place that a JSON Pointer, as written in a reference, names; None if there is none."""
    keys: list[str | int] = []
    found = root
    for step in unquote(pointer).split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, Mapping) and name in found:
            keys.append(name)
        elif isinstance(found, list) and name.isdecimal() and int(name) < len(found):
            keys.append(int(name))
        else:
            return None
        found = found[keys[-1]]
    return tuple(keys)


class _Index:
    """The addresses and anchors that the parts of one schema give themselves."""

    def __init__(self, root: Schema) -> None:
        self.root = root
        self.addresses: dict[str, Keys] = {"": ()}
        self.anchors: dict[tuple[str, str], Keys] = {}
        self.dynamic: dict[str, list[Keys]] = {}
        for place, schema in subschemas(root):
            if isinstance(schema.get("$id"), str):
                self.addresses[_joined(self.base(place[:-1]), schema["$id"])] = place
            for keyword in ("$anchor", "$dynamicAnchor"):
                if isinstance(schema.get(keyword), str):
                    self.anchors[self.base(place), schema[keyword]] = place
            if isinstance(schema.get("$dynamicAnchor"), str):
                self.dynamic.setdefault(schema["$dynamicAnchor"], []).append(place)

    def base(self, place: Keys) -> str:
        """The address under which the schema at `place` writes its references."""
        if len(self.addresses) == 1:
            return ""
        held = [item for item in self.addresses.items() if place[: len(item[1])] == item[1]]
        return max(held, key=lambda item: len(item[1]))[0]

    def targets(self, place: Keys, schema: Schema) -> Iterator[Keys]:
        """Where the references of a schema lead; a dynamic one may lead to any anchor so named."""
        for keyword in ("$ref", "$dynamicRef"):
            reference = schema.get(keyword)
            if not isinstance(reference, str):
                continue
            found = self.find(self.base(place), reference)
            dynamic = self.dynamic.get(urldefrag(reference)[1], ())
            targets = dynamic if keyword == "$dynamicRef" and dynamic else [found]
            yield from (t for t in targets if t is not None and isinstance(at(self.root, t), dict))

    def find(self, base: str, reference: str) -> Keys | None:
        """The place that a reference names."""
        address, fragment = urldefrag(_joined(base, reference))
        if fragment and not fragment.startswith("/"):
            return self.anchors.get((address, fragment))
        start = self.addresses.get(address)
        if start is None:
            return None
        rest = pointed(at(self.root, start), fragment)
        return None if rest is None else start + rest


def _joined(base: str, reference: str) -> str:
    return base + reference if reference.startswith("#") else urljoin(base, reference)
