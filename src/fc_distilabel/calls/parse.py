"""Strict reading of a model's reply: it is one JSON value or it is dropped; nothing is repaired.

Lenient readers turn "2,140,000" into 2 and the second of two equal keys into the truth; such an
error passes every later check. A dropped reply costs one retry.
"""

import json
import re
from typing import Any, NoReturn

from fc_distilabel.errors import Dropped
from fc_distilabel.schemas.bounds import MAX_SIZE, refuse
from fc_distilabel.schemas.engine import violations
from fc_distilabel.types import Json

NOT_JSON = "reply is not JSON"
BREAKS_SCHEMA = "reply breaks its schema"

_FENCE = re.compile(r"```[A-Za-z0-9_-]*[ \t]*\r?\n")


def parse_json(text: str) -> Json:
    """The one JSON value that the text is, apart from white space and one markdown code fence."""
    body = _unfenced(text.strip())
    if not body:
        raise Dropped(NOT_JSON, "the reply is empty")
    if len(body) > MAX_SIZE:
        raise Dropped(NOT_JSON, f"{len(body):,} characters, but at most {MAX_SIZE:,} are read")
    try:
        value = json.loads(body, object_pairs_hook=unique, parse_constant=no_constant)
    except RecursionError as error:
        raise Dropped(NOT_JSON, "nested too deep") from error
    except ValueError as error:
        raise Dropped(NOT_JSON, f"{error}: {_glimpse(body)}") from error
    refusal = refuse(value)
    if refusal:
        raise Dropped(NOT_JSON, refusal.message)
    return value


def parse_reply(text: str, schema: Json) -> Json:
    """The JSON value of a reply that must follow `schema`."""
    value = parse_json(text)
    broken = violations(schema, value)
    if broken:
        raise Dropped(BREAKS_SCHEMA, "; ".join(violation.message for violation in broken[:5]))
    return value


def _unfenced(text: str) -> str:
    opening = _FENCE.match(text)
    if opening and text.endswith("```") and opening.end() <= len(text) - 3:
        return text[opening.end() : -3].strip()
    return text


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Hook of the JSON parser: an object whose keys differ, or `ValueError`."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {json.dumps(key)} stands twice in one object")
        found[key] = value
    return found


def no_constant(name: str) -> NoReturn:
    """Hook of the JSON parser: `NaN` and `Infinity` are `ValueError`."""
    raise ValueError(f"{name} is not JSON")


def _glimpse(text: str) -> str:
    return repr(text if len(text) <= 80 else f"{text[:77]}...")
