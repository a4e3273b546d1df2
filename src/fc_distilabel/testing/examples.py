"""Small instances of plain JSON Schemas."""

from collections.abc import Callable
from typing import Any


def example_of(schema: dict[str, Any], root: dict[str, Any] | None = None, nth: int = 0) -> Any:
    """A small instance of a plain JSON Schema; no `pattern`, `not` or `if` is looked at.

    Args:
        schema: The schema.
        root: Where `$ref`s point into; the schema itself by default.
        nth: Vary the instance by this number, for arrays of unique items.
    """
    root = schema if root is None else root
    if "$ref" in schema:
        return example_of(_target(schema["$ref"], root), root, nth)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][nth % len(schema["enum"])]
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return example_of(schema[union][0], root, nth)
    kind = schema.get("type", "object")
    return _EXAMPLES[kind if isinstance(kind, str) else kind[0]](schema, root, nth)


def _target(ref: str, root: dict[str, Any]) -> dict[str, Any]:
    target = root
    for step in ref.removeprefix("#/").split("/"):
        target = target[step]
    return target


def _object(schema: dict[str, Any], root: dict[str, Any], nth: int) -> dict[str, Any]:
    properties = schema.get("properties", {})
    names = schema.get("required", [])
    return {name: example_of(properties.get(name, {}), root, nth) for name in names}


def _array(schema: dict[str, Any], root: dict[str, Any], nth: int) -> list[Any]:
    items = schema.get("items", {})
    return [example_of(items, root, nth + i) for i in range(schema.get("minItems", 0))]


def _string(schema: dict[str, Any], root: dict[str, Any], nth: int) -> str:
    text = "text" if nth == 0 else f"{nth} text"
    longest = schema.get("maxLength", len(text))
    return text[:longest].ljust(schema.get("minLength", 0), "x")


def _number(schema: dict[str, Any], root: dict[str, Any], nth: int) -> int:
    low = max(schema.get("minimum", 0), schema.get("exclusiveMinimum", -1) + 1)
    return int(low) + nth


_EXAMPLES: dict[str, Callable[[dict[str, Any], dict[str, Any], int], Any]] = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": _number,
    "number": _number,
    "boolean": lambda schema, root, nth: nth % 2 == 0,
    "null": lambda schema, root, nth: None,
}
