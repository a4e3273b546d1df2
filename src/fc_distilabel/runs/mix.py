"""Which dialogue kinds the passages get: a fixed mix, spread evenly, never by chance alone."""

from collections.abc import Mapping, Sequence

from fc_distilabel.errors import InputError
from fc_distilabel.types import KINDS, Kind

DEFAULT_MIX: dict[Kind, float] = {
    "multiple": 0.13,
    "single": 0.12,
    "parallel": 0.12,
    "dependent": 0.10,
    "multi_turn": 0.10,
    "missing_parameter": 0.10,
    "irrelevant": 0.08,
    "missing_function": 0.07,
    "invalid_value": 0.06,
    "tool_error": 0.06,
    "change_of_mind": 0.06,
}
"""15 % of rows call nothing: published optima are 10-17 %."""
MAX_WEIGHT = 1_000_000


def parse_kinds(text: str) -> dict[Kind, float]:
    """`single,parallel` (equal shares) or `single=3,irrelevant=1` (weights) as shares of 1.

    Raises `InputError` for an unknown kind or one that is named twice, for a weight that is no
    number, and for weights that add up to nothing.
    """
    if not text.strip():
        return DEFAULT_MIX
    weights: dict[Kind, float] = {}
    for part in text.split(","):
        name, _, weight = part.strip().partition("=")
        kind = _kind(name.strip())
        if kind in weights:
            raise InputError(f"--kinds {text!r}: {kind!r} is there twice; give each kind once")
        weights[kind] = _weight(name.strip(), weight)
    total = sum(weights.values())
    if total <= 0:
        raise InputError(f"--kinds {text!r}: the weights add up to 0; give at least one above 0")
    return {kind: weight / total for kind, weight in weights.items()}


def _kind(name: str) -> Kind:
    for kind in KINDS:
        if kind == name:
            return kind
    raise InputError(f"unknown dialogue kind {name!r}; allowed: {', '.join(KINDS)}")


def _weight(name: str, text: str) -> float:
    try:
        weight = float(text) if text else 1.0
    except ValueError as error:
        raise InputError(f"weight of {name!r} is {text!r}; give a number") from error
    if not 0 <= weight <= MAX_WEIGHT:
        raise InputError(f"weight of {name!r} is {text!r}; give a number from 0 to {MAX_WEIGHT:,}")
    return weight


def assign_kinds(mix: Mapping[Kind, float], passages: int, per_passage: int) -> list[list[Kind]]:
    """The kinds of each passage in turn, so that every stretch of rows follows the mix.

    Each next row takes the kind that lags most behind its share (largest-remainder scheduling).
    A passage gets different kinds as long as the mix has that many.
    """
    given = dict.fromkeys(mix, 0)
    plan: list[list[Kind]] = []
    for row in range(passages):
        kinds: list[Kind] = []
        for _ in range(per_passage):
            kinds.append(_most_behind(mix, given, kinds, row * per_passage + len(kinds) + 1))
            given[kinds[-1]] += 1
        plan.append(kinds)
    return plan


def _most_behind(
    mix: Mapping[Kind, float], given: Mapping[Kind, int], taken: Sequence[Kind], position: int
) -> Kind:
    wanted = [kind for kind, share in mix.items() if share > 0]
    fresh = [kind for kind in wanted if kind not in taken] or wanted
    return max(fresh, key=lambda kind: mix[kind] * position - given[kind])
