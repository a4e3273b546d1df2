"""Randomness by name: every draw is seeded from what it is for, never from when it happens."""

import random

from fc_distilabel.types import Json, content_id


def derive_seed(*parts: Json) -> int:
    """A 31-bit seed from (run seed, row, turn, ...): equal parts, equal seed, on every machine."""
    return int(content_id(*parts), 16) & 0x7FFFFFFF


def rng(*parts: Json) -> random.Random:
    """A generator of its own for one purpose, so that adding a draw elsewhere shifts nothing."""
    return random.Random(derive_seed(*parts))
