"""The shorthand for parameters: a map from each name to a type in words, or to a schema.

`{"location": "string", "rating": "float, optional"}` says all that a small tool needs. A parameter
is required unless it is marked as optional or has a default. Where the map could as well be a JSON
Schema, it is taken for one.
"""

from fc_distilabel.schemas.bounds import join_path, show
from fc_distilabel.schemas.modern import modern_part
from fc_distilabel.schemas.reading import Change, Reader, UnreadableError
from fc_distilabel.schemas.walk import HOLDERS, Schema
from fc_distilabel.schemas.words import read_parameter, read_type
from fc_distilabel.types import Json

KEYWORDS = HOLDERS | frozenset(
    "$schema $id $ref $comment type enum const title description default examples format pattern "
    "minimum maximum multipleOf minLength maxLength minItems maxItems required deprecated "
    "minProperties maxProperties uniqueItems minContains maxContains $anchor $dynamicRef "
    "$dynamicAnchor dependentRequired exclusiveMinimum exclusiveMaximum nullable".split()
)
"""What an object must have one of to be a schema of anything."""


def is_shorthand(parameters: Schema) -> bool:
    """Whether an object maps names to types, and is not itself a schema."""
    kind = parameters.get("type")
    if isinstance(parameters.get("properties"), dict) or "$ref" in parameters:
        return False
    if isinstance(kind, str) and read_type(kind) == {"type": "object"}:
        return False
    values = parameters.values()
    if KEYWORDS.issuperset(parameters):
        words = all(isinstance(value, str) and read_type(value) is not None for value in values)
        return words and kind is None
    return all(isinstance(value, str) or _has_type(value) for value in values)


def expanded(parameters: Schema, path: str) -> Reader[Schema]:
    """The object schema that a map from names to types stands for."""
    properties: Schema = {}
    required: list[str] = []
    for name, value in parameters.items():
        inner, optional = yield from _property(value, join_path(path, "properties", name))
        properties[name] = inner
        required += [] if optional else [name]
    told = f"a map of types became `properties`; required: {', '.join(required) or 'none'}"
    yield Change(path=path, message=told)
    return {"type": "object", "properties": properties, "required": required}


def _property(value: Json, path: str) -> Reader[tuple[Json, bool]]:
    """A parameter's schema, and whether the parameter may be left out."""
    text = value if isinstance(value, str) else value["type"]
    read = read_parameter(text)
    if read is None:
        message = f"{path} is {show(text)}, which is not a type in one reading"
        raise UnreadableError("type", path, message, text)
    if read.schema != {"type": text}:
        yield Change(path=path, message=f"`{text}` became `{show(read.schema)}`")
    if isinstance(value, str):
        return read.schema, read.optional
    beside = {key: inner for key, inner in value.items() if key != "type"}
    flag = beside.get("required")
    if isinstance(flag, bool):
        del beside["required"]
    optional = read.optional or "default" in beside or flag is False
    return (yield from modern_part({**read.schema, **beside}, path)), optional and flag is not True


def _has_type(value: Json) -> bool:
    return isinstance(value, dict) and isinstance(value.get("type"), str)
