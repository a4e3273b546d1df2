"""The tools on offer, for people: parameters as a tree, and what the tool is to the request."""

import json
from collections.abc import Iterator, Mapping, Sequence

from fc_distilabel.feedback.review.calls import Row
from fc_distilabel.feedback.review.room import Room
from fc_distilabel.feedback.review.values import MAX_DEPTH, MAX_ITEMS, Node, shortened
from fc_distilabel.types import Json

_LIMITS = (
    *("format", "pattern", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"),
    *("multipleOf", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems"),
    *("minProperties", "maxProperties", "default"),
)
_CHOICES = ("anyOf", "oneOf", "allOf")
_REST = (
    *("if", "then", "else", "not", "dependentRequired", "dependentSchemas", "contains"),
    *("propertyNames", "patternProperties", "prefixItems"),
)


def tool_view(row: Row, tool: Mapping[str, Json], room: Room) -> Node:
    """A tool of a row: `{"name", "description", "parameters", "result"?, marks...}`."""
    function = tool.get("function") or tool
    name = function["name"]
    view: Node = {
        "name": shortened(name),
        "description": room.text(function.get("description") or ""),
        "parameters": Schemas(function.get("parameters") or {}, room).tree(),
    }
    result = (row.get("result_schemas") or {}).get(name)
    if result:
        view["result"] = Schemas(result, room).tree()
    return view


def marks(row: Row, tool: Mapping[str, Json], room: Room) -> Node:
    """What a tool is to the request: needed, called in messages, or alike and why it is not it."""
    name = (tool.get("function") or tool)["name"]
    view: Node = {}
    if any(call["name"] == name for call in row.get("gold_calls") or ()):
        view["needed"] = True
    called = [
        at
        for at, message in enumerate(row["messages"])
        for call in message.get("tool_calls") or ()
        if call["function"]["name"] == name
    ]
    if called:
        view["called"] = list(dict.fromkeys(called))
    decides = (row.get("decided_by") or {}).get(name)
    return view | ({"decides": room.text(decides)} if decides else {})


class Schemas:
    """One JSON Schema, with the definitions that it refers to."""

    def __init__(self, root: Json, room: Room) -> None:
        self._root = root
        self._room = room

    def tree(self) -> Node:
        """The parameters that the root describes."""
        return self._node("", self._root, False, (), 0)

    def _node(
        self, name: str, schema: Json, required: bool, seen: Sequence[str], depth: int
    ) -> Node:
        node: Node = {"name": shortened(name)} | ({"required": True} if required else {})
        if not isinstance(schema, dict):
            return node | {"type": json.dumps(schema)}
        schema, seen, again = self._followed(schema, seen)
        node |= self._plain(schema)
        if again or depth >= MAX_DEPTH or not self._room.node():
            return node | {"more": True}
        items = [
            self._node(inner, part, must, seen, depth + 1) for inner, part, must in _parts(schema)
        ]
        return node | ({"items": items[:MAX_ITEMS]} if items else {})

    def _followed(
        self, schema: dict[str, Json], seen: Sequence[str]
    ) -> tuple[dict[str, Json], Sequence[str], bool]:
        """The schema with what it refers to put in; whether that is what it stands in itself."""
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return schema, seen, False
        found = self._root
        for step in reference.removeprefix("#").strip("/").split("/"):
            if not isinstance(found, dict):
                return schema, seen, False
            found = found.get(step.replace("~1", "/").replace("~0", "~")) if step else found
        if reference in seen or not isinstance(found, dict):
            return schema, seen, True
        return found | {k: v for k, v in schema.items() if k != "$ref"}, (*seen, reference), False

    def _plain(self, schema: dict[str, Json]) -> Node:
        """What a schema says in itself."""
        node: Node = {}
        kind = schema.get("type")
        if kind:
            node["type"] = " | ".join(map(str, kind)) if isinstance(kind, list) else str(kind)
        elif "$ref" in schema:
            node["type"] = shortened(str(schema["$ref"]))
        if schema.get("description"):
            node["description"] = self._room.json(schema["description"])
        allowed = [schema["const"]] if "const" in schema else schema.get("enum")
        if isinstance(allowed, list):
            node["allowed"] = [self._room.json(value) for value in allowed[:MAX_ITEMS]]
            if len(allowed) > MAX_ITEMS:
                node["allowed_more"] = len(allowed) - MAX_ITEMS
        limits = [[key, self._room.json(schema[key])] for key in _LIMITS if key in schema]
        limits += [[key, self._room.json(schema[key])] for key in _REST if key in schema]
        return node | ({"limits": limits} if limits else {})


def _parts(schema: Mapping[str, Json]) -> Iterator[tuple[str, Json, bool]]:
    """The schemas within, with the name of what they describe and whether that is required."""
    properties, required = schema.get("properties"), schema.get("required")
    if isinstance(properties, dict):
        must = required if isinstance(required, list) else ()
        yield from ((name, part, name in must) for name, part in properties.items())
    if isinstance(schema.get("items"), dict):
        yield "[]", schema["items"], False
    if isinstance(schema.get("additionalProperties"), dict):
        yield "{}", schema["additionalProperties"], False
    for key in _CHOICES:
        if isinstance(schema.get(key), list):
            yield from ((f"{key} {n}", part, False) for n, part in enumerate(schema[key], 1))
