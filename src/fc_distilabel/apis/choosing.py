"""Which parameters a tool takes, where there are more than it has room for.

A run can retype and constrain no more than its fields allow: a name is no number. So fields are
chosen for what the run owes, types first and among strings those that can take the facets due.
"""

from collections.abc import Sequence

from fc_distilabel.apis.complexity import TYPES
from fc_distilabel.apis.domains import FieldKind
from fc_distilabel.apis.drafts import Material
from fc_distilabel.apis.ledger import Ledger
from fc_distilabel.apis.mutations_types import natural_type

_FACETS: dict[str, tuple[FieldKind, ...]] = {
    "enum": ("choice",),
    "format": ("date", "email"),
    "pattern": ("time", "phone", "code"),
}
"""The kinds of field that take a facet most naturally."""


def preferred(
    spare: Sequence[Material], ledger: Ledger, have: Sequence[Material]
) -> list[Material]:
    """The spare parameters, best first; among equals the order stays."""
    counts = {word: ledger.counts[share] for share, word in TYPES.items()}
    for material in have:
        counts[natural_type(material.kind)] += 1
    facets = {name: ledger.due(name, round(ledger.target.parameters)) for name in _FACETS}
    queues: dict[str, list[Material]] = {word: [] for word in counts}
    for material in spare:
        queues[natural_type(material.kind)].append(material)
    ordered: list[Material] = []
    while waiting := [word for word, queue in queues.items() if queue]:
        word = max(waiting, key=lambda word: _lack(word, counts, ledger))
        counts[word] += 1
        ordered.append(_taken(queues[word], facets))
    return ordered


def _lack(word: str, counts: dict[str, int], ledger: Ledger) -> float:
    """How many leaves of a type are lacking when there is one leaf more."""
    shares = {word: float(getattr(ledger.target, share)) for share, word in TYPES.items()}
    return shares[word] * (sum(counts.values()) + 1) - counts[word]


def _taken(queue: list[Material], facets: dict[str, int]) -> Material:
    """Take the first of a queue that can have a facet which is due, or else the first."""
    for name, kinds in _FACETS.items():
        fitting = [material for material in queue if material.kind in kinds]
        if facets[name] > 0 and fitting:
            facets[name] -= 1
            queue.remove(fitting[0])
            return fitting[0]
    return queue.pop(0)
