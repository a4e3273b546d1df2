"""Near-duplicates: what was seen before, however many there are, and how alike the new one is.

Anything is compared by its marks, a set. MinHash finds who may be alike in one look; the real
overlap decides, so chance takes no part in what counts as a near-duplicate. Tools are compared by
what a model tells them apart by: the words of the name, and each parameter with its type and
facets.
"""

from collections.abc import Collection
from typing import Generic, TypeVar

from datasketch import MinHash, MinHashLSH

from fc_distilabel.apis.values import values_in
from fc_distilabel.types import Tool

T = TypeVar("T")

THRESHOLD = 0.8
"""Overlap of marks (Jaccard) from which two tools are near-duplicates."""
_PERMUTATIONS = 128
_MARGIN = 0.2
"""How far below its threshold the index looks: at the threshold itself it would miss every other
pair, so far above hardly one in a hundred."""
_TOLD = ("enum", "const", "pattern", "format", "minimum", "maximum", "maxLength", "maxItems")


class Seen(Generic[T]):
    """Things that were seen, to find those that a new one is much like."""

    def __init__(self, threshold: float) -> None:
        """Count as alike what has an overlap of `threshold` or more."""
        self._threshold = threshold
        self._index = MinHashLSH(threshold=threshold - _MARGIN, num_perm=_PERMUTATIONS)
        self._things: list[tuple[frozenset[str], T]] = []

    def alike(self, marks: frozenset[str]) -> list[tuple[float, T]]:
        """Earlier things with their overlap, the most alike first; among equals the earliest."""
        found = sorted(self._index.query(_print(marks))) if marks else []
        overlaps = [(overlap(marks, self._things[i][0]), self._things[i][1]) for i in found]
        alike = [each for each in overlaps if each[0] >= self._threshold]
        return sorted(alike, key=lambda each: -each[0])

    def add(self, marks: frozenset[str], thing: T) -> None:
        """Remember a thing."""
        self._index.insert(len(self._things), _print(marks))
        self._things.append((marks, thing))


class SeenTools:
    """The tools that were seen, to find near-duplicates of them."""

    def __init__(self) -> None:
        self._seen: Seen[None] = Seen(THRESHOLD)

    def take(self, tool: Tool) -> bool:
        """Remember a tool; False where it is a near-duplicate of an earlier one, and left out."""
        marks = marks_of(tool)
        if self._seen.alike(marks):
            return False
        self._seen.add(marks, None)
        return True


def marks_of(tool: Tool) -> frozenset[str]:
    """What tells a tool from others."""
    words = [f"name {word}" for word in tool.name.split("_")]
    told = [
        f"{value.level} {value.name} {value.type} {' '.join(sorted(value.keywords & set(_TOLD)))}"
        for value in values_in(tool.parameters)
    ]
    return frozenset((*words, *told))


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of marks that both have, of all that either has."""
    return len(one & other) / max(1, len(one | other))


def _print(marks: Collection[str]) -> MinHash:
    found = MinHash(num_perm=_PERMUTATIONS, seed=1)
    found.update_batch([mark.encode() for mark in marks])
    return found
