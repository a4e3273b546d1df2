"""Near-duplicates among tools: the same job with the same parameters, whatever the rest.

Tools are compared by what a model tells them apart by: the words of the name, and each parameter
with its type and facets. MinHash finds who may be alike in one look; the real overlap decides.
"""

from datasketch import MinHash, MinHashLSH

from fc_distilabel.apis.values import values_in
from fc_distilabel.types import Tool

THRESHOLD = 0.8
"""Overlap of marks (Jaccard) from which two tools are near-duplicates."""
_PERMUTATIONS = 64
_TOLD = ("enum", "const", "pattern", "format", "minimum", "maximum", "maxLength", "maxItems")


class SeenTools:
    """The tools that were seen, to find near-duplicates of them."""

    def __init__(self) -> None:
        self._index = MinHashLSH(threshold=THRESHOLD, num_perm=_PERMUTATIONS)
        self._marks: list[frozenset[str]] = []

    def take(self, tool: Tool) -> bool:
        """Remember a tool; False where it is a near-duplicate of an earlier one, and left out."""
        marks = marks_of(tool)
        print_ = MinHash(num_perm=_PERMUTATIONS, seed=1)
        print_.update_batch([mark.encode() for mark in marks])
        if any(overlap(marks, self._marks[key]) >= THRESHOLD for key in self._index.query(print_)):
            return False
        self._index.insert(len(self._marks), print_)
        self._marks.append(marks)
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
