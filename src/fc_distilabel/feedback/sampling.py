"""Which rows people are to look at, where there are more than they have time for."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, zip_longest
from typing import Literal, NamedTuple, TypeAlias, get_args

from fc_distilabel.errors import InputError
from fc_distilabel.feedback import judged
from fc_distilabel.synthesis.seeds import rng
from fc_distilabel.types import Json

Row = Mapping[str, Json]
Sampling: TypeAlias = Literal["all", "lowest-score", "disagreement", "stratified", "random"]
SAMPLINGS: tuple[Sampling, ...] = get_args(Sampling)


class Sample(NamedTuple):
    """Which rows, and how many of them; without `share` and `limit` all, in the order of `by`."""

    by: Sampling = "all"
    share: float | None = None
    limit: int | None = None
    seed: int = 0

    def size(self, rows: int) -> int:
        """How many of so many rows."""
        if self.share is not None:
            return math.ceil(rows * self.share)
        return rows if self.limit is None else min(rows, self.limit)


def sampled(rows: Sequence[dict[str, Json]], sample: Sample) -> list[dict[str, Json]]:
    """The rows to review, those first that are to be seen first.

    A row is chosen by its id and the seed, never by chance: the same again chooses the same.
    """
    if sample.by == "all" and (sample.share is not None or sample.limit is not None):
        others = ", ".join(SAMPLINGS[1:])
        raise InputError(f"a share or a count of the rows needs a way to choose them: {others}")
    if sample.share is not None and sample.limit is not None:
        raise InputError("give either a share of the rows or a count, not both")
    return _ORDERS[sample.by](rows, sample.seed)[: sample.size(len(rows))]


def _as_they_are(rows: Sequence[dict[str, Json]], seed: int) -> list[dict[str, Json]]:
    return list(rows)


def _lowest_score(rows: Sequence[dict[str, Json]], seed: int) -> list[dict[str, Json]]:
    """A row that no judge saw comes after all that one did."""
    return sorted(rows, key=_score)


def _disagreement(rows: Sequence[dict[str, Json]], seed: int) -> list[dict[str, Json]]:
    return sorted(rows, key=lambda row: (-judged.disagreement(row), _score(row)))


def _score(row: Row) -> float:
    score = judged.lowest_score(row)
    return math.inf if score is None else score


def _random(rows: Sequence[dict[str, Json]], seed: int) -> list[dict[str, Json]]:
    return sorted(rows, key=lambda row: rng("review", seed, row["id"]).random())


def _stratified(rows: Sequence[dict[str, Json]], seed: int) -> list[dict[str, Json]]:
    """A row of each kind in turn, as long as there is one."""
    kinds: dict[str, list[dict[str, Json]]] = {}
    for row in _random(rows, seed):
        kinds.setdefault(row["kind"], []).append(row)
    columns = zip_longest(*(kinds[kind] for kind in sorted(kinds)))
    return [row for row in chain.from_iterable(columns) if row is not None]


_ORDERS: dict[Sampling, Callable[[Sequence[dict[str, Json]], int], list[dict[str, Json]]]] = {
    "all": _as_they_are,
    "lowest-score": _lowest_score,
    "disagreement": _disagreement,
    "stratified": _stratified,
    "random": _random,
}
