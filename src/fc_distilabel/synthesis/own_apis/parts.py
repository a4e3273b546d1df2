"""The part of a schema that a conversation can hold: a few values, no references, nothing unknown.

Real schemas have dozens of fields that may be left out, unions, references and lists. What is
needed stays; of the rest so much as there is room for; whatever a value is valid under this part,
it is valid under the whole (which is checked where values are drawn). Recursion is bounded by
depth, and the work by the number of schemas looked at.
"""

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from fc_distilabel.apis.merging import merged
from fc_distilabel.apis.naming import words_of
from fc_distilabel.schemas.walk import Schema
from fc_distilabel.types import Json

MAX_DEPTH = 12
SHALLOW = 2
"""Levels from which on plain values come first."""
MAX_WORK = 600
"""Schemas looked at for one part."""
MAX_ITEMS = 3
"""Items that a list may demand."""
TRIES = 4
"""Unions are decided by chance, so another try may fare better."""
_LEAF = frozenset(
    ("type", "enum", "const", "format", "pattern", "description", "examples", "example", "default")
) | {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
_LEAF |= {"minLength", "maxLength"}
_HINTS = {"properties": "object", "items": "array", "pattern": "string", "format": "string"}

Tells = Callable[[str, Schema], bool]
"""Whether a value is known for a field, by name and schema."""
Narrows = Callable[[str, Schema], Schema]


class Untold(Exception):  # noqa: N818 - an outcome that unwinds one field
    """Nothing tells what a value could be."""


class _Part(NamedTuple):
    """A part and how many values it holds."""

    schema: Schema
    values: int


class Parts:
    """Makes parts of one schema."""

    def __init__(self, root: Schema, tells: Tells, narrows: Narrows, random_: Random) -> None:
        """Set up for parts of `root`."""
        self._root, self._tells, self._narrows, self._random = root, tells, narrows, random_
        self._work = 0

    def part(self, room: int, most: int, least: int = 0) -> Schema:
        """A part of `least` to `most` values; what may be left out fills it up to `room`.

        Raises `Untold` where what is needed is not told, or is more than `most`.
        """
        why = Untold("nothing is said of it")
        for _ in range(TRIES):
            self._work = 0
            try:
                found = self._part(self._root, "", room, 0)
            except Untold as untold:
                why = untold
                continue
            if least <= found.values <= most:
                return found.schema
            why = Untold(f"it takes {found.values} values, and {least} to {most} can be told")
        raise why

    def _part(self, schema: Json, path: str, room: int, depth: int) -> _Part:
        self._work += 1
        if depth > MAX_DEPTH or self._work > MAX_WORK:
            begun = "/".join(path.split("/")[:3])
            raise Untold(f"`{begun}` contains itself, or goes on for more than {MAX_DEPTH} levels")
        whole = merged(self._root, schema, self._random)
        kind = _kind(whole)
        if kind == "object" and "const" not in whole and "enum" not in whole:
            return self._object(whole, path, room, depth)
        if kind == "array" and "const" not in whole and "enum" not in whole:
            return self._array(whole, path, room, depth)
        return self._leaf(whole, kind, path)

    def _leaf(self, whole: Schema, kind: str, path: str) -> _Part:
        name = path.rpartition("/")[2]
        kept = {key: value for key, value in whole.items() if key in _LEAF}
        if kind == "null" or not (kind or {"enum", "const"} & kept.keys()):
            raise Untold(f"nothing tells what `{path}` is")
        leaf = self._narrows(name, kept | ({"type": kind} if kind else {}))
        if not self._tells(name, leaf):
            raise Untold(f"nothing tells what a value of `{path or 'it'}` could be")
        return _Part(leaf, 1)

    def _object(self, whole: Schema, path: str, room: int, depth: int) -> _Part:
        listed: Schema = whole.get("properties", {})
        needed = [name for name in whole.get("required", ()) if name in listed]
        unlisted = [name for name in whole.get("required", ()) if name not in listed]
        if unlisted or not (listed or depth == 0):
            raise Untold(f"`{path or 'it'}` does not list its properties")
        kept: dict[str, Schema] = {}
        values = 0
        for name in needed:
            part = self._part(listed[name], _inside(path, name), room - values, depth + 1)
            kept[name], values = part.schema, values + part.values
        spare = [name for name in listed if name not in needed]
        spare = self._random.sample(spare, len(spare))
        spare.sort(key=_is_no_key)  # a change without the ID of what is changed says too little
        if depth >= SHALLOW:  # first what goes no deeper
            spare.sort(key=lambda name: _goes_deeper(listed[name]))
        for name in spare:
            if values >= room or self._work > MAX_WORK:
                break
            try:
                part = self._part(listed[name], _inside(path, name), room - values, depth + 1)
            except Untold:
                continue
            if values + part.values <= room:
                kept[name], values = part.schema, values + part.values
        kept = _without_demands(kept, needed, whole.get("dependentRequired", {}))
        if depth and not kept:
            raise Untold(f"nothing tells what `{path}` holds")
        # Inside, all is filled in: an empty object says nothing. At the top, what is given varies.
        demanded = list(kept) if depth else needed or sorted(kept, key=_is_no_key)[:1]
        ordered = {name: kept[name] for name in listed if name in kept}
        return _Part(_shell(whole, ordered, demanded), values)

    def _array(self, whole: Schema, path: str, room: int, depth: int) -> _Part:
        least = max(1, int(whole.get("minItems", 1)))
        if least > MAX_ITEMS or whole.get("maxItems", 1) < 1 or whole.get("prefixItems"):
            raise Untold(f"`{path or 'it'}` is a list that nobody would say")
        item = self._part(_item(whole), path, room, depth + 1)
        told = {key: whole[key] for key in ("description", "uniqueItems") if key in whole}
        schema = told | {"type": "array", "items": item.schema, "minItems": least}
        return _Part(schema | {"maxItems": least}, least * item.values)


def _is_no_key(name: str) -> bool:
    return words_of(name)[-1:] != ["id"]


def _goes_deeper(schema: Json) -> bool:
    plain = isinstance(schema, dict) and not {"$ref", "items", "properties"} & schema.keys()
    return not plain


def _item(whole: Schema) -> Json:
    """The schema of an item, with what the list says of its items."""
    items = whole.get("items")
    if not isinstance(items, dict):
        raise Untold("a list of anything at all")
    lists = (whole.get("example"), whole.get("default"), *whole.get("examples", ()))
    named = [value for each in lists if isinstance(each, list) for value in each]
    told = {"description": whole["description"]} if "description" in whole else {}
    return told | ({"examples": named} if named else {}) | items


def _shell(whole: Schema, properties: Schema, required: list[str]) -> Schema:
    told = {"description": whole["description"]} if "description" in whole else {}
    return told | {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _without_demands(
    kept: dict[str, Schema], needed: list[str], demands: dict[str, list[str]]
) -> dict[str, Schema]:
    """Without what may not stand alone, where what it demands is not there."""
    while True:
        alone = [
            name
            for name in kept
            if name not in needed and not set(demands.get(name, ())) <= kept.keys()
        ]
        if not alone:
            return kept
        kept = {name: part for name, part in kept.items() if name not in alone}


def _inside(path: str, name: str) -> str:
    return f"{path}/{name}" if path else name


def _kind(schema: Schema) -> str:
    """The one type of a value; null only where there is no other."""
    declared = schema.get("type")
    if isinstance(declared, str):
        return declared
    if declared:
        return str(next((kind for kind in declared if kind != "null"), "null"))
    return next((kind for word, kind in _HINTS.items() if word in schema), "")
