"""Which dialogue kinds the passages get: a fixed mix, spread evenly, never by chance alone."""

from collections.abc import Mapping, Sequence

from fc_distilabel.errors import InputError
from fc_distilabel.types import KINDS, Kind

DEFAULT_MIX: dict[Kind, float] = {
    "single": 0.35,
    "multiple": 0.25,
    "parallel": 0.25,
    "irrelevant": 0.15,
}
"""15 % of rows call nothing: published optima are 10-17 %."""


def parse_kinds(text: str) -> dict[Kind, float]:
    """`single,parallel` (equal shares) or `single=3,irrelevant=1` (weights) as shares of 1.

    Raises `InputError` for an unknown kind, a weight that is no number, or a sum of 0.
    """
    if not text.strip():
        return DEFAULT_MIX
    weights: dict[Kind, float] = {}
    for part in text.split(","):
        name, _, weight = part.strip().partition("=")
        weights[_kind(name.strip())] = _weight(name, weight)
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
    if not 0 <= weight < float("inf"):
        raise InputError(f"weight of {name!r} is {text!r}; give a number from 0 up")
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
