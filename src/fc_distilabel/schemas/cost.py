"""How much work a schema can make of an instance, told before the engine does any of it.

A validator judges one value again for each schema that applies to it, and references share schemas
freely: twenty definitions that each name the next one twice, a kilobyte, have their last one judged
a million times. What can be bounded beforehand is how often a single place of an instance is
judged, by the depth at which it lies: a sum over everything that judges the same value, and the
maximum over properties of different names, since those are different places.
"""

from collections.abc import Iterable, Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from fc_distilabel.errors import SchemaError
from fc_distilabel.schemas.bounds import MAX_DEPTH, join_path
from fc_distilabel.schemas.walk import Keys, Layout, Schema, layout
from fc_distilabel.types import Json

MAX_EVALUATIONS = 200_000
"""Judgements that one instance may take; the engine makes 300,000 in a second."""

_LIMIT = MAX_EVALUATIONS + 1
"""Where the sums stop growing: from here on it is too much anyway."""
_NAMED = ("properties", "additionalProperties", "prefixItems", "items")
_ALL_MEMBERS = (
    "patternProperties",
    "propertyNames",
    "unevaluatedProperties",
    "contains",
    "unevaluatedItems",
)
_TWICE = ("unevaluatedProperties", "unevaluatedItems")
"""Keywords for which the engine asks the schemas beside them again what they have seen."""


class _Links(NamedTuple):
    """What one schema passes a value on to, by the indexes of other schemas."""

    beside: tuple[int, ...]
    """Schemas that judge the same value, each as often as it is named."""
    named: tuple[int, ...]
    """Schemas for members of the value, of which one at most applies to each member."""
    all_members: tuple[int, ...]
    """Schemas that may each apply to one and the same member."""
    times: int

    def merged(self, same: Sequence[int]) -> "_Links":
        """The links to the first of each sort of schema."""
        return self._replace(
            beside=tuple(same[inner] for inner in self.beside),
            named=tuple({same[inner] for inner in self.named}),
            all_members=tuple(same[inner] for inner in self.all_members),
        )


def profile(schema: Json) -> tuple[int, ...]:
    """At most how often a place of an instance is judged, for each depth at which it may lie.

    Raises `SchemaError` for a schema that no instance can be judged by in an end: one that applies
    itself to the same value, and one without recursion whose bound is beyond all measure.
    """
    if not isinstance(schema, dict):
        return (1,)
    levels = tuple(here[0] for here in _levels(schema) if 0 in here)
    bound = max(levels) if len(levels) < MAX_DEPTH else levels[0]
    if bound > MAX_EVALUATIONS:
        raise SchemaError(f"the schema judges one value more than {MAX_EVALUATIONS:,} times over")
    return levels


def heaviest(schema: Schema) -> int:
    """At most how often a place is judged by the schema or any schema inside it."""
    return max(max(here.values()) for here in _levels(schema))


def evaluations(levels: Sequence[int], instance: Json) -> int:
    """At most how many judgements an instance takes under a schema with this profile."""
    total, row = 0, [instance]
    for times in levels:
        total += times * len(row)
        row = [inner for value in row for inner in _inside(value)]
    return total


def _inside(value: Json) -> Iterable[Json]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _links(places: Layout) -> dict[int, _Links]:
    """The links of every schema by its index; of schemas with the same ones, of the first only."""
    number = {place: index for index, place in enumerate(places.schemas)}

    def numbers(place: Keys, *keywords: str) -> tuple[int, ...]:
        return tuple(number[p] for keyword in keywords for p in places.inside(place, keyword))

    links = [
        _Links(
            beside=tuple(number[inner] for _, inner in places.beside(place)),
            named=numbers(place, *_NAMED),
            all_members=numbers(place, *_ALL_MEMBERS),
            times=1 + any(keyword in schema for keyword in _TWICE),
        )
        for place, schema in places.schemas.items()
    ]
    # Most schemas of a large one are alike in this, so that few are left to go through.
    first: dict[_Links, int] = {}
    same = [first.setdefault(link, index) for index, link in enumerate(links)]
    return {index: link.merged(same) for link, index in first.items()}


def _order(links: dict[int, _Links], places: Sequence[Keys]) -> list[int]:
    """Every schema after those that judge the same value on its behalf."""
    try:
        return list(TopologicalSorter({i: link.beside for i, link in links.items()}).static_order())
    except CycleError as error:
        place = join_path("", *places[error.args[1][0]]) or "its root"
        raise SchemaError(f"the schema at {place} applies itself to the same value") from None


def _levels(schema: Schema) -> Iterator[dict[int, int]]:
    """The bounds of all schemas for depth 0, 1, ... until none reaches as deep; the root's is 0."""
    places = layout(schema)
    links = _links(places)
    alive = _order(links, list(places.schemas))
    above: dict[int, int] = {}
    for depth in range(MAX_DEPTH):
        here: dict[int, int] = {}
        for index in alive:
            link = links[index]
            own = int(depth == 0) or _members(link, above)
            total = own + link.times * sum(here.get(inner, 0) for inner in link.beside)
            if total:
                here[index] = min(total, _LIMIT)
        if not here:
            return
        yield here
        alive = [index for index in alive if index in here]
        above = here


def _members(link: _Links, above: dict[int, int]) -> int:
    one = max((above.get(inner, 0) for inner in link.named), default=0)
    return one + sum(above.get(inner, 0) for inner in link.all_members)
