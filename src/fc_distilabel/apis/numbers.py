"""Numbers that a schema allows: within its bounds, and on its steps."""

import math
import random

from fc_distilabel.errors import FcDistilabelError
from fc_distilabel.schemas.walk import Schema


class UnsatisfiableError(FcDistilabelError):
    """No value was found that is valid under a schema."""


def number_of(schema: Schema, kind: str, random_: random.Random) -> int | float:
    """A number for a schema of type `integer` or `number`; raises where there is none."""
    low, high = _span(schema)
    step = schema.get("multipleOf", 1 if kind == "integer" else None)
    if step is None:
        value = round(random_.uniform(low, high), 2)
        return value if low <= value <= high else random_.uniform(low, high)
    try:
        least, most = math.ceil(low / step), math.floor(high / step)
    except OverflowError:
        least, most = 0, 0
    if least > most:
        raise UnsatisfiableError(f"no multiple of {step} lies between {low} and {high}")
    drawn = random_.randint(least, most) * step
    return int(drawn) if kind == "integer" else drawn


def _span(schema: Schema) -> tuple[float, float]:
    """Least and most; an exclusive bound is kept clear of by a little."""
    bounds = [schema.get(word) for word in ("minimum", "exclusiveMinimum")]
    low = max((bound for bound in bounds if bound is not None), default=None)
    bounds = [schema.get(word) for word in ("maximum", "exclusiveMaximum")]
    high = min((bound for bound in bounds if bound is not None), default=None)
    if low is None:
        low = 0 if high is None or high >= 0 else high - 100
    if high is None:
        high = max(100, low + 100)
    hair = min(0.01, (high - low) / 4)
    low += hair * (low == schema.get("exclusiveMinimum"))
    high -= hair * (high == schema.get("exclusiveMaximum"))
    if low > high:
        raise UnsatisfiableError(f"no number lies between {low} and {high}")
    return low, high
