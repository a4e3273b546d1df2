"""Validation by JSON Schema 2020-12, safe to run on what strangers and models wrote.

jsonschema-rs does the validating: patterns run in bounded time and nothing is ever fetched. Around
it stand bounds on what goes in (`bounds`) and words for what comes out (`explain`).

Formats are asserted. Two policies say how: `strict` is the letter of the RFCs; `lenient` lets pass
what real data hold, a date-time without a zone and a time as `HH:MM`.
"""

import json
import re
from datetime import datetime, time
from functools import lru_cache
from typing import Any

import jsonschema_rs

from fc_distilabel.errors import SchemaError
from fc_distilabel.schemas.bounds import join_path, refuse
from fc_distilabel.schemas.cost import MAX_EVALUATIONS, evaluations, profile
from fc_distilabel.schemas.explain import cut, explain
from fc_distilabel.types import Formats, Json, Violation, canonical_json

MAX_VIOLATIONS = 100
"""More than this help nobody; a hostile instance can break a rule once per byte."""
NEGLIGIBLE = 32
"""Evaluations of one place that need no watching; real schemas have at most 15."""
MAX_BACKTRACKS = 100_000
"""Steps of a pattern with look-around before it counts as not matching; others never backtrack."""

_CLOCK = re.compile(
    r"([01]\d|2[0-3]):[0-5]\d(:([0-5]\d|60)(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?",
    re.ASCII | re.IGNORECASE,
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Validator:
    """One schema, ready to judge any number of instances."""

    def __init__(self, schema: Json, formats: Formats = "strict") -> None:
        """Compile; raises `SchemaError` unless the schema is valid, bounded and self-contained."""
        if not isinstance(schema, dict | bool):
            raise SchemaError(f"a JSON Schema must be an object, not {type(schema).__name__}")
        refusal = refuse(schema)
        if refusal:
            place = refusal.path or "its root"
            raise SchemaError(f"schema cannot be used at {place}: {refusal.message}")
        self._schema = schema
        self._rules, self._levels = _compile(canonical_json(schema), formats)

    def violations(self, instance: Json, path: str = "") -> list[Violation]:
        """Every rule that `instance` breaks, at paths that continue `path`."""
        refusal = refuse(instance, path)
        if refusal:
            return [refusal]
        if self._levels and evaluations(self._levels, instance) > MAX_EVALUATIONS:
            text = "value would take too many evaluations under its schema, which refers to itself"
            return [Violation(rule="cost", path=path, message=text)]
        if self._rules.is_valid(instance):
            return []
        found: list[Violation] = []
        for error in self._rules.iter_errors(instance):
            found += explain(error, self._schema, instance, path)
            if len(found) >= MAX_VIOLATIONS:
                break
        return found[:MAX_VIOLATIONS]


def check_schema(schema: Json) -> None:
    """Raise `SchemaError` unless `schema` is valid, bounded and needs nothing outside itself."""
    Validator(schema)


def violations(schema: Json, instance: Json, path: str = "") -> list[Violation]:
    """Every rule of `schema` that `instance` breaks; to judge many, keep a `Validator`."""
    return Validator(schema).violations(instance, path)


@lru_cache(maxsize=256)
def _compile(
    schema: str, formats: Formats
) -> tuple[jsonschema_rs.Draft202012Validator, tuple[int, ...]]:
    """The engine's validator, and what places cost by depth where that is not negligible."""
    levels = tuple(profile(json.loads(schema)))
    try:
        rules = jsonschema_rs.Draft202012Validator(
            schema,
            validate_formats=True,
            formats=_LENIENT if formats == "lenient" else None,
            offline=True,
            pattern_options=jsonschema_rs.FancyRegexOptions(backtrack_limit=MAX_BACKTRACKS),
        )
    except jsonschema_rs.ValidationError as error:
        place = join_path("", *error.instance_path) or "its root"
        raise SchemaError(f"not a valid JSON Schema 2020-12 at {place}: {cut(error)}") from error
    except (jsonschema_rs.ReferencingError, ValueError) as error:
        raise SchemaError(f"not a usable JSON Schema 2020-12: {cut(error)}") from error
    return rules, levels if max(levels) > NEGLIGIBLE else ()


def _is_time(text: str) -> bool:
    return _CLOCK.fullmatch(text) is not None and _reads(time, text)


def _is_date_time(text: str) -> bool:
    day, clock = text[:10], text[11:]
    sound = _DAY.fullmatch(day) and text[10:11] in ("T", "t", " ") and _is_time(clock)
    return bool(sound) and _reads(datetime, f"{day}T{clock}")


def _reads(kind: Any, text: str) -> bool:
    """Whether there is such a day and hour; fractions, Z and leap seconds are not Python's."""
    plain = re.sub(r"\.\d+", "", text.upper()).replace("Z", "+00:00").replace(":60", ":59")
    try:
        kind.fromisoformat(plain)
    except ValueError:
        return False
    return True


_LENIENT = {"time": _is_time, "date-time": _is_date_time}
