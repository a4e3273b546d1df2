"""Texts that a schema allows: by pattern, by format, by length.

A pattern of a stranger may ask for more text than fits into memory (`((a{999}){999}){999}`), so its
largest text is worked out before one is drawn.
"""

import random
import re
from typing import Any

import rstr

from fc_distilabel.apis.sources import TIME_PATTERN, text_of_format, text_of_kind
from fc_distilabel.schemas.walk import Schema
from fc_distilabel.types import Language

try:
    import re._parser as sre_parse  # type: ignore[import-not-found, unused-ignore]
except ImportError:  # Python 3.10
    import sre_parse  # type: ignore[no-redef, unused-ignore]

MAX_PATTERN = 1_000
MAX_DRAWN = 20_000
MAX_LENGTH = 2_000
_STAR = 100
"""What rstr takes for "as often as you like"."""
_TRIES = 20
_FILLER = "abcdefghijklmnopqrstuvwxyz"


def text_of(schema: Schema, language: Language, random_: random.Random) -> str | None:
    """A text that fits the schema's pattern, format and length; None where none is found."""
    low = int(schema.get("minLength", 0))
    high = int(schema.get("maxLength", max(low, MAX_LENGTH)))
    if low > MAX_DRAWN or high < low:
        return None
    for _ in range(_TRIES):
        text = _drawn(schema, language, random_)
        if text is None:
            return None
        if "pattern" not in schema and "format" not in schema:
            return _fitted(text, low, high, random_)
        if low <= len(text) <= high:
            return text
    return None


def _drawn(schema: Schema, language: Language, random_: random.Random) -> str | None:
    if schema.get("pattern") == TIME_PATTERN:  # in waking hours, and not to the minute
        return text_of_kind("time", language, random_)
    if "pattern" in schema:
        return text_by_pattern(schema["pattern"], random_)
    text = text_of_format(schema.get("format", ""), language, random_)
    return text or "".join(random_.choices(_FILLER, k=random_.randint(4, 9)))


def _fitted(text: str, low: int, high: int, random_: random.Random) -> str:
    more = low - len(text)
    return text + "".join(random_.choices(_FILLER, k=more)) if more > 0 else text[:high]


def text_by_pattern(pattern: str, random_: random.Random) -> str | None:
    """A text that a pattern matches; None where Python does not know it or it asks for too much."""
    if len(pattern) > MAX_PATTERN:
        return None
    try:
        largest = _largest(sre_parse.parse(pattern))
    except (re.error, OverflowError, RecursionError):
        return None
    if largest > MAX_DRAWN:
        return None
    try:
        return str(rstr.Rstr(random_).xeger(pattern))
    except (KeyError, IndexError, ValueError):  # what rstr does not know how to write
        return None


def _largest(parsed: Any) -> int:
    """The length of the longest text that rstr would write; deeper than its parser nothing goes."""
    return sum(_length(*state) for state in parsed)


def _length(operation: Any, value: Any) -> int:
    name = operation.name.lower()
    if name.endswith("_repeat"):
        _, most, inner = value
        return min(int(most), max(_STAR, int(value[0]))) * _largest(inner)
    if name == "branch":
        return max((_largest(branch) for branch in value[1]), default=0)
    if name in ("subpattern", "atomic_group"):
        return _largest(value[-1] if name == "subpattern" else value)
    if name in ("assert", "assert_not"):
        return _largest(value[1])
    return MAX_DRAWN // 20 if name == "groupref" else 1
