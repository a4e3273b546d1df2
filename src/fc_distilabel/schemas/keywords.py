"""The keywords of other dialects, one step each: how 2020-12 says the same.

A step changes a schema that is the reader's own copy, and yields what it changed. Only what has one
meaning is changed.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from fc_distilabel.schemas.bounds import show
from fc_distilabel.schemas.patterns import portable
from fc_distilabel.schemas.reading import Change, Reader, changed
from fc_distilabel.schemas.walk import Schema
from fc_distilabel.schemas.words import JSON_TYPES, read_type

Step: TypeAlias = Callable[[Schema, str], Iterator[Change]]

_COUNTS = ("minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties")
_LIMITS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_INTEGER = re.compile(r"-?\d{1,18}", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,18}\.\d{1,18}", re.ASCII)
_ANNOTATIONS = ("title", "description", "default", "examples", "deprecated")
_NULL_IS_A_VALUE = ("default", "const", "example")


def renamed(schema: Schema, path: str) -> Reader[dict[str, str]]:
    """Rename the keywords that hold schemas; returns the old name of each new one."""
    origins: dict[str, str] = {}
    if "definitions" in schema and "$defs" not in schema:
        origins["$defs"] = "definitions"
    if isinstance(schema.get("items"), list) and "prefixItems" not in schema:
        origins["prefixItems"] = "items"
        if "additionalItems" in schema:
            origins["items"] = "additionalItems"
    if isinstance(schema.get("dependencies"), dict):
        yield from _split_dependencies(schema, path)
        origins["dependentSchemas"] = "dependencies"
    for new, old in origins.items():
        if old in schema:
            schema[new] = schema.pop(old)
            yield changed(path, old, f"`{old}` became `{new}`")
    return origins


def _split_dependencies(schema: Schema, path: str) -> Iterator[Change]:
    """`dependencies` named either properties or a schema."""
    names = {k: v for k, v in schema["dependencies"].items() if isinstance(v, list)}
    schema["dependencies"] = {k: v for k, v in schema["dependencies"].items() if k not in names}
    if names:
        schema["dependentRequired"] = names
        yield changed(path, "dependencies", "`dependencies` became `dependentRequired`")
    if not schema["dependencies"]:
        del schema["dependencies"]


def _without_nulls(schema: Schema, path: str) -> Iterator[Change]:
    """Tables (Arrow, Parquet) write null for every keyword that another row has."""
    for keyword in [k for k, v in schema.items() if v is None and k not in _NULL_IS_A_VALUE]:
        del schema[keyword]
        yield changed(path, keyword, "`null` was left out")
    listed = schema.get("properties")
    if isinstance(listed, dict) and None in listed.values():
        schema["properties"] = {name: inner for name, inner in listed.items() if inner is not None}
        yield changed(path, "properties", "properties that are `null` were left out")


def _without_address(schema: Schema, path: str) -> Iterator[Change]:
    """Everything is 2020-12 from here on; an address that is a mere fragment is an anchor."""
    if isinstance(schema.get("$schema"), str):
        yield changed(path, "$schema", f"{show(schema.pop('$schema'))} was left out")
    for keyword in ("$id", "id"):
        address = schema.get(keyword)
        if isinstance(address, str) and address.startswith("#") and len(address) > 1:
            schema["$anchor"] = schema.pop(keyword)[1:]
            yield changed(path, keyword, f"`{keyword}` became `$anchor`")


def _in_json_types(schema: Schema, path: str) -> Iterator[Change]:
    """Types by the names of other languages."""
    kind = schema.get("type")
    if isinstance(kind, str) and kind not in JSON_TYPES:
        read = {} if not kind else read_type(kind)
    elif isinstance(kind, list) and any(k not in JSON_TYPES for k in kind if isinstance(k, str)):
        read = _several(kind)
    else:
        return
    if read is None or any(keyword in schema for keyword in read if keyword != "type"):
        return
    schema.update(read)
    if "type" not in read:
        del schema["type"]
    shown = read["type"] if list(read) == ["type"] else read
    shown = shown if isinstance(shown, str) else show(shown)
    spelled = kind if isinstance(kind, str) else show(kind)
    yield changed(path, "type", f"`{spelled}` became " + (f"`{shown}`" if read else "any type"))


def _several(kinds: list[Any]) -> Schema | None:
    read = [read_type(kind) if isinstance(kind, str) else None for kind in kinds]
    if {} in read:
        return {}
    names = [schema["type"] for schema in read if schema and list(schema) == ["type"]]
    simple = len(names) == len(kinds) and all(isinstance(name, str) for name in names)
    return {"type": list(dict.fromkeys(names))} if simple else None


def _with_null(schema: Schema, path: str) -> Iterator[Change]:
    """`nullable`, which OpenAPI 3.0 and Gemini have beside a type."""
    if schema.get("nullable") is not True:
        return
    del schema["nullable"]
    kind, options = schema.get("type"), schema.get("anyOf", schema.get("oneOf"))
    told = "`nullable` became `null` as an alternative"
    if isinstance(kind, str | list):
        kinds = [kind] if isinstance(kind, str) else kind
        schema["type"] = [*kinds, *(["null"] if "null" not in kinds else [])]
    elif isinstance(options, list):
        schema["anyOf" if "anyOf" in schema else "oneOf"] = [*options, {"type": "null"}]
    elif "$ref" in schema or "allOf" in schema:
        inner = {k: schema.pop(k) for k in list(schema) if k not in _ANNOTATIONS}
        schema["anyOf"] = [inner, {"type": "null"}]
    else:
        told = "`nullable` was left out: there is no type that it could widen"
    yield changed(path, "nullable", told)


def _with_exclusive_limits(schema: Schema, path: str) -> Iterator[Change]:
    """Draft 4 said by a boolean whether the limit itself is out."""
    for keyword, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if not isinstance(schema.get(keyword), bool):
            continue
        told = f"`{show(schema[keyword])}` was left out"
        if schema.pop(keyword) and limit in schema:
            schema[keyword] = schema.pop(limit)
            told = f"`{limit}` became `{keyword}`"
        yield changed(path, keyword, told)


def _with_numbers(schema: Schema, path: str) -> Iterator[Change]:
    """Protocol buffers, and so Gemini, write 64-bit integers as strings."""
    for keyword in (*_COUNTS, *_LIMITS):
        text = schema.get(keyword)
        if not isinstance(text, str):
            continue
        if _INTEGER.fullmatch(text):
            schema[keyword] = int(text)
        elif keyword in _LIMITS and _DECIMAL.fullmatch(text):
            schema[keyword] = float(text)
        else:
            continue
        yield changed(path, keyword, f"{show(text)} became {show(schema[keyword])}")


def _without_enum_format(schema: Schema, path: str) -> Iterator[Change]:
    """Gemini says so of a string that has an `enum`."""
    if schema.get("format") == "enum":
        del schema["format"]
        yield changed(path, "format", "`enum`, which is no format, was left out")


def _with_required_list(schema: Schema, path: str) -> Iterator[Change]:
    """Draft 3 said of each property whether it is required."""
    listed, names = schema.get("properties"), schema.get("required", [])
    if not (isinstance(listed, dict) and isinstance(names, list)):
        return
    flagged = {
        name: inner
        for name, inner in listed.items()
        if isinstance(inner, dict) and isinstance(inner.get("required"), bool)
    }
    if not flagged:
        return
    plain = {n: {k: v for k, v in s.items() if k != "required"} for n, s in flagged.items()}
    schema["properties"] = {**listed, **plain}
    wanted = [name for name, inner in flagged.items() if inner["required"] and name not in names]
    schema["required"] = [*names, *wanted]
    yield changed(path, "required", f"`required` of {', '.join(flagged)} became a list")


def _with_portable_pattern(schema: Schema, path: str) -> Iterator[Change]:
    pattern = schema.get("pattern")
    if isinstance(pattern, str) and portable(pattern) != pattern:
        schema["pattern"] = portable(pattern)
        yield changed(path, "pattern", f"`{pattern}` became `{schema['pattern']}`")


STEPS: tuple[Step, ...] = (
    _without_nulls,
    _without_address,
    _in_json_types,
    _with_null,
    _with_exclusive_limits,
    _with_numbers,
    _without_enum_format,
    _with_required_list,
    _with_portable_pattern,
)
"""Every step, in the order in which they are taken."""
