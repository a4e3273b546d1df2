"""What a schema's error says, in words that a person or a model can act on.

They are the prompt of a repair: each names its place, shows the value and says what was allowed.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import jsonschema_rs

from fc_distilabel.schemas.bounds import join_path, show
from fc_distilabel.types import Json, Violation

_FORMS = {
    "date": "YYYY-MM-DD",
    "time": "HH:MM:SS with a zone, like 15:30:00Z",
    "date-time": "like 2026-03-03T15:30:00Z",
    "duration": "like P3D or PT2H",
}


def explain(
    error: jsonschema_rs.ValidationError, schema: Json, instance: Json, path: str
) -> Iterator[Violation]:
    """One violation per error, but one per property where properties are missing or too many."""
    rule, details, keys = error.kind.name, error.kind.as_dict(), error.instance_path
    place: Json = error.instance
    if rule == "falseSchema":
        place = _at(instance, keys)
        if isinstance(place, dict) and error.instance != place:
            # Of an object that lists no properties, jsonschema-rs reports its first value only.
            rule, details = "additionalProperties", {"unexpected": list(place)}
    subject = join_path("", *keys)
    where = f"{path}/{subject}" if path and subject else path or subject
    if rule == "required":
        name = join_path(subject, details["property"])
        message = f"{name} is required, but missing"
        yield Violation(rule=rule, path=join_path(where, details["property"]), message=message)
    elif rule in ("additionalProperties", "unevaluatedProperties"):
        allowed = ", ".join(_listed(_at(schema, error.schema_path[:-1]))) or "none"
        for name in details["unexpected"]:
            message = f"{join_path(subject, name)} is not allowed here; allowed: {allowed}"
            yield Violation(
                rule=rule, path=join_path(where, name), message=message, value=place[name]
            )
    else:
        message = f"{subject or 'value'} is {show(place)}, but {_requirement(error)}"
        yield Violation(rule=rule, path=where, message=message, value=place)


def _at(value: Json, keys: Sequence[str | int]) -> Json:
    for key in keys:
        value = value[key]
    return value


def _listed(schema: Json) -> list[str]:
    """The properties that a schema lists, its `allOf` parts included."""
    parts = [schema, *schema.get("allOf", ())] if isinstance(schema, dict) else []
    names = (
        name for part in parts if isinstance(part, dict) for name in part.get("properties", ())
    )
    return list(dict.fromkeys(names))


def _requirement(error: jsonschema_rs.ValidationError) -> str:
    rule, details = error.kind.name, error.kind.as_dict()
    word = _WORDS.get(rule)
    return word(details) if word else f"breaks {rule!r}: {cut(error)}"


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


def cut(error: Exception) -> str:
    """The message of a foreign error in one line of bounded length."""
    text = getattr(error, "message", str(error)).replace("\n", " ")
    return text if len(text) <= 300 else f"{text[:297]}..."
