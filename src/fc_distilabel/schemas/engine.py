"""Validation by JSON Schema 2020-12, safe to run on what strangers and models wrote.

jsonschema-rs does the validating: formats are asserted, patterns run in linear time and nothing is
ever fetched. Around it stand bounds, because a native validator fed a value that JSON cannot carry
(NaN, half a surrogate pair, endless nesting) fails in ways that no caller could handle.
"""

import math
from collections.abc import Callable, Iterator
from functools import lru_cache, reduce
from itertools import islice
from typing import Any, TypeAlias

import jsonschema_rs

from fc_distilabel.errors import SchemaError
from fc_distilabel.types import Json, Violation, canonical_json

MAX_DEPTH = 64
"""Levels of nesting; the deepest real tool schema seen has 22."""
MAX_SIZE = 1_000_000
"""Bytes of text plus one per value, which is close to the size of the canonical JSON."""
MAX_VIOLATIONS = 100
"""More than this help nobody; a hostile instance can break a rule once per byte."""
MIN_INTEGER, MAX_INTEGER = -(2**63), 2**64 - 1
"""What other JSON readers (Arrow, Rust, Go) can hold; Python alone takes more."""

_SHOWN = 80
_FORMS = {
    "date": "YYYY-MM-DD",
    "time": "HH:MM:SS with a zone, like 15:30:00Z",
    "date-time": "like 2026-03-03T15:30:00Z",
    "duration": "like P3D or PT2H",
}
_Trail: TypeAlias = tuple[Any, ...]  # a linked list `(parent, key)`; `()` is the root


def check_schema(schema: Json) -> None:
    """Raise `SchemaError` unless `schema` is valid, bounded and needs nothing outside itself."""
    _validator(schema)


def violations(schema: Json, instance: Json, path: str = "") -> list[Violation]:
    """Every rule of `schema` that `instance` breaks, at paths that continue `path`."""
    validator = _validator(schema)
    refusal = refuse(instance, path)
    if refusal:
        return [refusal]
    found = (
        v for error in validator.iter_errors(instance) for v in _explain(error, instance, path)
    )
    return list(islice(found, MAX_VIOLATIONS))


def refuse(value: Json, path: str = "") -> Violation | None:
    """Why `value` is not JSON that can be handled at all, or None when it is."""
    size = 0
    pending: list[tuple[Json, int, _Trail]] = [(value, 1, ())]
    while pending:
        item, depth, trail = pending.pop()
        flaw, cost = _flaw(item)
        size += cost
        if depth > MAX_DEPTH:
            flaw = ("depth", f"is nested more than {MAX_DEPTH} levels deep")
        elif size > MAX_SIZE:
            flaw = ("size", f"is larger than {MAX_SIZE:,} bytes as JSON")
            trail = ()
        if flaw:
            return _refusal(flaw, path, trail)
        pending.extend((child, depth + 1, (trail, key)) for key, child in _children(item))
    return None


def join_path(path: str, *keys: str | int) -> str:
    """Continue a path by keys, with `~` and `/` inside a key escaped as in JSON Pointer."""
    steps = [str(key).replace("~", "~0").replace("/", "~1") for key in keys]
    return "/".join([path, *steps] if path else steps)


def show(value: Json) -> str:
    """A value for people: canonical JSON, cut to a readable length."""
    text = canonical_json(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def _validator(schema: Json) -> jsonschema_rs.Draft202012Validator:
    if not isinstance(schema, dict | bool):
        raise SchemaError(f"a JSON Schema must be an object, not {type(schema).__name__}")
    refusal = refuse(schema)
    if refusal:
        raise SchemaError(
            f"schema cannot be used at {refusal.path or 'its root'}: {refusal.message}"
        )
    return _compiled(canonical_json(schema))


@lru_cache(maxsize=256)
def _compiled(schema: str) -> jsonschema_rs.Draft202012Validator:
    try:
        return jsonschema_rs.Draft202012Validator(
            schema,
            validate_formats=True,
            offline=True,
            pattern_options=jsonschema_rs.RegexOptions(),
        )
    except jsonschema_rs.ValidationError as error:
        place = join_path("", *error.instance_path) or "its root"
        raise SchemaError(f"not a valid JSON Schema 2020-12 at {place}: {_cut(error)}") from error
    except (jsonschema_rs.ReferencingError, ValueError) as error:
        raise SchemaError(f"not a usable JSON Schema 2020-12: {_cut(error)}") from error


def _cut(error: Exception) -> str:
    text = getattr(error, "message", str(error)).replace("\n", " ")
    return text if len(text) <= 300 else f"{text[:297]}..."


def _flaw(item: Json) -> tuple[tuple[str, str] | None, int]:
    """What is wrong with one value by itself, and what it costs of the size bound."""
    texts = [item] if isinstance(item, str) else list(item) if isinstance(item, dict) else []
    if not all(isinstance(text, str) for text in texts):
        return ("json", "has a key that is not a string"), 1
    cost = 1 + sum(map(len, texts))
    if cost <= MAX_SIZE and any(map(_has_surrogate, texts)):
        return ("json", "holds half a surrogate pair, which is not text"), cost
    if isinstance(item, float) and not math.isfinite(item):
        return ("json", f"is {item}, but must be a finite number"), cost
    if isinstance(item, int) and not MIN_INTEGER <= item <= MAX_INTEGER:
        return ("json", "is an integer that does not fit into 64 bits"), cost
    if not isinstance(item, str | int | float | dict | list | None):
        return ("json", f"is a Python {type(item).__name__}, which is not a JSON value"), cost
    return None, cost


def _has_surrogate(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text)


def _children(item: Json) -> Iterator[tuple[str | int, Json]]:
    if isinstance(item, dict):
        yield from item.items()
    elif isinstance(item, list):
        yield from enumerate(item)


def _refusal(flaw: tuple[str, str], path: str, trail: _Trail) -> Violation:
    keys: list[str | int] = []
    while trail:
        trail, key = trail
        keys.append(key)
    rule, what = flaw
    place = join_path("", *reversed(keys))
    return Violation(
        rule=rule, path=join_path(path, *reversed(keys)), message=f"{place or 'value'} {what}"
    )


def _explain(
    error: jsonschema_rs.ValidationError, instance: Json, path: str
) -> Iterator[Violation]:
    """One violation per error, but one per property where properties are missing or too many."""
    rule, details, keys = error.kind.name, error.kind.as_dict(), error.instance_path
    place = reduce(lambda value, key: value[key], keys, instance)
    if rule == "falseSchema" and isinstance(place, dict) and error.instance != place:
        # Of an object that lists no properties, jsonschema-rs reports its first value only.
        rule, details = "additionalProperties", {"unexpected": list(place)}
    if rule == "required":
        name = details["property"]
        message = f"{join_path('', *keys, name)} is required, but missing"
        yield Violation(rule=rule, path=join_path(path, *keys, name), message=message)
    elif rule in ("additionalProperties", "unevaluatedProperties"):
        for name in details["unexpected"]:
            message = f"{join_path('', *keys, name)} is not allowed here: no such property"
            where = join_path(path, *keys, name)
            yield Violation(rule=rule, path=where, message=message, value=place[name])
    else:
        subject = join_path("", *keys) or "value"
        message = f"{subject} is {show(place)}, but {_requirement(error)}"
        yield Violation(rule=rule, path=join_path(path, *keys), message=message, value=place)


def _requirement(error: jsonschema_rs.ValidationError) -> str:
    rule, details = error.kind.name, error.kind.as_dict()
    word = _WORDS.get(rule)
    return word(details) if word else f"breaks {rule!r}: {_cut(error)}"


def _alternatives(details: dict[str, Any]) -> str:
    """What each branch asks for; where several branches match, `oneOf` has an empty context."""
    branches = [branch[0] for branch in details["context"] if branch]
    if not branches:
        return "must match exactly one of the alternatives, not several"
    return f"must fit an alternative: {' or '.join(_requirement(b) for b in branches[:5])}"


_WORDS: dict[str, Callable[[dict[str, Any]], str]] = {
    "type": lambda d: f"must be {' or '.join(d['types'])}",
    "enum": lambda d: f"must be one of {', '.join(show(o) for o in d['options'])}",
    "const": lambda d: f"must be {show(d['expected_value'])}",
    "format": lambda d: f"must be a {d['format']} ({_FORMS.get(d['format'], 'valid')})",
    "pattern": lambda d: f"must match the pattern {d['pattern']}",
    "minimum": lambda d: f"must be at least {d['limit']}",
    "maximum": lambda d: f"must be at most {d['limit']}",
    "exclusiveMinimum": lambda d: f"must be greater than {d['limit']}",
    "exclusiveMaximum": lambda d: f"must be less than {d['limit']}",
    "multipleOf": lambda d: f"must be a multiple of {d['multiple_of']}",
    "minLength": lambda d: f"must have at least {d['limit']} characters",
    "maxLength": lambda d: f"must have at most {d['limit']} characters",
    "minItems": lambda d: f"must have at least {d['limit']} items",
    "maxItems": lambda d: f"must have at most {d['limit']} items",
    "minProperties": lambda d: f"must have at least {d['limit']} properties",
    "maxProperties": lambda d: f"must have at most {d['limit']} properties",
    "uniqueItems": lambda d: "must have no item twice",
    "required": lambda d: f"must have {d['property']}",
    "additionalProperties": lambda d: f"must not have {', '.join(d['unexpected'])}",
    "falseSchema": lambda d: "nothing is allowed here",
    "anyOf": _alternatives,
    "oneOf": _alternatives,
}
