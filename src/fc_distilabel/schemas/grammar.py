"""Schemas for constrained generation: what a model's decoder can follow, with every bound set.

A decoder is held to the grammar of a schema, not to its meaning. Without bounds it may write a
number or a string that never ends, and keywords that it does not know are at best ignored. What is
left out here is not lost: replies are validated by the full schema afterwards.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from fc_distilabel.schemas.engine import check_schema
from fc_distilabel.types import Json, Tool

MAX_LENGTH = 160
MAX_ITEMS = 6
MAX_NUMBER = 10**9
MAX_CALLS = 4
NO_CALL = "none"
"""How models name the function that they do not call; lint refuses tools of that name."""

_KEPT = frozenset(
    {
        *("type", "enum", "const", "description", "format", "pattern"),
        *("$ref", "$defs", "definitions", "anyOf", "oneOf", "allOf"),
        *("properties", "required", "additionalProperties", "items", "prefixItems"),
        *("minItems", "maxItems", "minLength", "maxLength"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    }
)
_FORMATS = frozenset(
    ("date", "time", "date-time", "duration", "uuid", "email", "hostname", "ipv4", "ipv6", "uri")
)
"""Formats that decoders know; some of them refuse a schema with any other."""
_FIXED_LENGTH = frozenset({"date", "time", "date-time", "uuid"})
"""Formats for which decoders have a grammar of their own, which a length would displace."""


def bounded(schema: Mapping[str, Json]) -> dict[str, Any]:
    """A copy tightened for generation: what it allows is finite, and unknown keywords are gone."""
    check_schema(schema)
    return dict(_bounded(schema, part=False))


def call_schema(tools: Sequence[Tool], *, parallel: bool, least: int = 1) -> dict[str, Any]:
    """The schema of a reply that is one call, or with `parallel` a list of `least` calls or more.

    With `least=0` the list may be empty: nothing is called.
    """
    definitions: dict[str, Any] = {}
    options = [_call(tool, definitions) for tool in tools]
    reply = _any_of(options)
    if parallel:
        reply = {"type": "array", "items": reply, "minItems": least, "maxItems": MAX_CALLS}
    return reply | ({"$defs": definitions} if definitions else {})


def closed_object(properties: dict[str, Any]) -> dict[str, Any]:
    """An object schema that requires exactly these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _call(tool: Tool, definitions: dict[str, Any]) -> dict[str, Any]:
    """One call; a schema with references moves to the root's `$defs`, where they lead on."""
    arguments = bounded(tool.parameters)
    moved = _moved(arguments, f"#/$defs/{tool.name}")
    if moved != arguments:
        definitions[tool.name] = moved
        arguments = {"$ref": f"#/$defs/{tool.name}"}
    return closed_object({"name": {"const": tool.name}, "arguments": arguments})


def _any_of(options: list[dict[str, Any]]) -> dict[str, Any]:
    return options[0] if len(options) == 1 else {"anyOf": options}


def _moved(value: Json, root: str) -> Json:
    """The schema with its local references rewritten for a new place of its root."""
    if isinstance(value, list):
        return [_moved(item, root) for item in value]
    if not isinstance(value, dict):
        return value
    moved = {key: _moved(item, root) for key, item in value.items()}
    target = moved.get("$ref")
    if isinstance(target, str) and (target == "#" or target.startswith("#/")):
        moved["$ref"] = root + target[1:]
    return moved


def _bounded(schema: Json, *, part: bool) -> Any:
    """Tighten one schema; a `part` of an `allOf` is not closed, its siblings may add properties."""
    if not isinstance(schema, Mapping):
        return schema
    kept = {key: _inner(key, value) for key, value in schema.items() if key in _KEPT}
    if "oneOf" in kept:  # no decoder can hold to "not two of them"
        kept.setdefault("anyOf", kept.pop("oneOf"))
    if kept.get("format", "date") not in _FORMATS:
        del kept["format"]
    if "enum" in kept or "const" in kept or "$ref" in kept:
        return kept
    types = kept.get("type", ())
    for name in [types] if isinstance(types, str) else types:
        _TIGHTEN[name](kept)
    if "properties" in kept and not part:
        kept["additionalProperties"] = False
    return kept


def _inner(keyword: str, value: Json) -> Json:
    if keyword in ("properties", "$defs", "definitions"):
        return {name: _bounded(inner, part=False) for name, inner in value.items()}
    if keyword in ("anyOf", "oneOf", "allOf", "prefixItems"):
        return [_bounded(inner, part=keyword == "allOf") for inner in value]
    if keyword in ("items", "additionalProperties"):
        return _bounded(value, part=False)
    return value


def _string(schema: dict[str, Any]) -> None:
    pattern = schema.get("pattern", "")
    if not (pattern.startswith("^") and pattern.endswith("$")):
        schema.pop("pattern", None)  # decoders take whole-string patterns only
    if schema.get("format") not in _FIXED_LENGTH:
        limit = min(schema.get("maxLength", MAX_LENGTH), MAX_LENGTH)
        schema["maxLength"] = max(limit, schema.get("minLength", 0))


def _array(schema: dict[str, Any]) -> None:
    limit = min(schema.get("maxItems", MAX_ITEMS), MAX_ITEMS)
    schema["maxItems"] = max(limit, schema.get("minItems", 0))


def _number(schema: dict[str, Any]) -> None:
    """Close both sides; a side that stands beyond the default takes the other one along."""
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    if low is None:
        schema["minimum"] = min(-MAX_NUMBER, -MAX_NUMBER if high is None else high - MAX_NUMBER)
    if high is None:
        schema["maximum"] = max(MAX_NUMBER, MAX_NUMBER if low is None else low + MAX_NUMBER)


def _as_is(schema: dict[str, Any]) -> None:
    """Nothing to tighten."""


_TIGHTEN = {
    "string": _string,
    "array": _array,
    "integer": _number,
    "number": _number,
    "object": _as_is,
    "boolean": _as_is,
    "null": _as_is,
}
