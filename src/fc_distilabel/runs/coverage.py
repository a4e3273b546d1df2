"""What the rows of a run cover: schema features, kinds, domains, languages, complexity.

A row fills a *cell* of each dimension: its kind, its language, its domain, how deep and how large
the called tool is, and every feature of the schema that its gold calls make use of. (A feature that
a tool has and no argument touches teaches nothing; a row that calls nothing has none.) The table
of all five dimensions has more cells than any run has rows, so cells and *pairs* of cells are
counted: the same idea as pairwise testing.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TypeAlias

from pydantic import Field

from fc_distilabel.apis.complexity import counted, depth_of
from fc_distilabel.runs.outcomes import Outcome
from fc_distilabel.schemas.bounds import MAX_DEPTH
from fc_distilabel.schemas.walk import Schema
from fc_distilabel.types import Blueprint, Json, Noun

DIMENSIONS = ("kind", "feature", "domain", "language", "depth", "parameters")
FEATURES = {
    "enum": "enum",
    "bounded": "bounded",
    "pattern": "pattern",
    "format": "format",
    "array": "array",
    "array_of_objects": "array of objects",
    "union": "union",
    "nullable": "nullable",
    "default": "default",
    "dependent": "dependent",
    "depth": "nested",
    "optional": "optional given",
}
"""Counts of `complexity.counted`, each with the name of the feature that it shows."""
LEFT_OUT = "optional left out"
ALL_FEATURES = (*FEATURES.values(), LEFT_OUT)
SIZES = ((2, "1-2"), (5, "3-5"))
THINNEST = 10
"""Pairs that a report names."""

_BOUND = {("domain", "language"), *((dimension, dimension) for dimension in DIMENSIONS)}
"""Dimensions that make no pair: a document has one language."""

Cell: TypeAlias = tuple[str, str]
"""A dimension and a value in it."""
Pair: TypeAlias = tuple[Cell, Cell]


class ThinPair(Noun):
    """Two cells, and the rows that fill both."""

    first: str
    second: str
    rows: int


class Covered(Noun):
    """The coverage of a run's kept rows, for its report."""

    rows: int = 0
    counts: dict[str, dict[str, int]] = Field(default_factory=dict)
    """Rows by dimension and value."""
    kinds: dict[str, dict[str, int]] = Field(default_factory=dict)
    """Rows by kind and feature, for kinds that call and features that occur."""
    thinnest: tuple[ThinPair, ...] = ()
    """The pairs of values, each of which occurs, that fewest rows have."""


@dataclass
class Coverage:
    """Counts of cells and of pairs of cells; what comes next may be chosen by them."""

    rows: int = 0
    cells: Counter[Cell] = field(default_factory=Counter)
    pairs: Counter[Pair] = field(default_factory=Counter)

    def add(self, cells: Collection[Cell]) -> None:
        """Count a row."""
        self.rows += 1
        self.cells.update(cells)
        self.pairs.update(pairs_of(cells))

    def thinness(self, cells: Collection[Cell]) -> float:
        """How thin it is where a row would stand: 2 where nothing is yet, towards 0 as rows come.

        The mean of `1 / (1 + count)` over the row's cells, and the same over its pairs of cells.
        Means and not sums, by which the longest calls would win: steering shall not make requests
        longer than their tools ask for.
        """
        single = [1 / (1 + self.cells[cell]) for cell in cells]
        both = [1 / (1 + self.pairs[pair]) for pair in pairs_of(cells)]
        return sum(single) / max(1, len(single)) + sum(both) / max(1, len(both))

    def thinnest(self, candidates: Sequence[Collection[Cell]]) -> int:
        """Index of the candidate that fills the thinnest cells; among equals the first."""
        gains = [round(self.thinness(cells), 9) for cells in candidates]
        return gains.index(max(gains))

    def covered(self) -> Covered:
        """The figures for a report."""
        kinds = sorted(value for dimension, value in self.cells if dimension == "kind")
        found = [feature for feature in ALL_FEATURES if self.cells["feature", feature]]
        features = {kind: {f: self._both(kind, f) for f in found} for kind in kinds}
        return Covered(
            rows=self.rows,
            counts={d: self._counts(d) for d in DIMENSIONS},
            kinds={kind: counts for kind, counts in features.items() if any(counts.values())},
            thinnest=self._thin_pairs(),
        )

    def _counts(self, dimension: str) -> dict[str, int]:
        named = dict.fromkeys(ALL_FEATURES, 0) if dimension == "feature" else {}
        return named | {v: n for (d, v), n in sorted(self.cells.items()) if d == dimension}

    def _both(self, kind: str, feature: str) -> int:
        return self.pairs[_pair(("kind", kind), ("feature", feature))]

    def _thin_pairs(self) -> tuple[ThinPair, ...]:
        """Fewest rows first; among equals those that chance would have given most."""
        pairs = list(pairs_of([cell for cell in self.cells if self._can_pair(cell)]))
        pairs.sort(key=lambda p: (self.pairs[p], -self.cells[p[0]] * self.cells[p[1]], p))
        return tuple(
            ThinPair(first=" ".join(one), second=" ".join(other), rows=self.pairs[one, other])
            for one, other in pairs[:THINNEST]
        )

    def _can_pair(self, cell: Cell) -> bool:
        """Whether it is no kind that never calls: such rows have no features by their nature."""
        return cell[0] != "kind" or any(self._both(cell[1], f) for f in ALL_FEATURES)


def pairs_of(cells: Collection[Cell]) -> Iterable[Pair]:
    """Every two cells of dimensions that are free of each other."""
    return ((a, b) for a, b in combinations(sorted(cells), 2) if (a[0], b[0]) not in _BOUND)


def _pair(one: Cell, other: Cell) -> Pair:
    return (one, other) if one < other else (other, one)


def cells_of(blueprint: Blueprint) -> frozenset[Cell]:
    """The cells that a planned row fills."""
    scenario = blueprint.scenario
    schemas = {tool.name: tool.parameters for tool in blueprint.tools}
    calls = [(call.name, call.arguments) for call in blueprint.gold_calls]
    return _cells(blueprint.kind, scenario.language, scenario.domain, calls, schemas)


def coverage_of(outcomes: Iterable[Outcome]) -> Coverage:
    """The coverage of the rows that were kept."""
    coverage = Coverage()
    for outcome in outcomes:
        if outcome.drop is None:
            coverage.add(_cells_of_row(outcome))
    return coverage


def _cells_of_row(outcome: Outcome) -> frozenset[Cell]:
    row = json.loads(outcome.row)
    functions = [tool["function"] for tool in row["tools"]]
    schemas = {function["name"]: function["parameters"] for function in functions}
    calls = [(call["name"], call["arguments"]) for call in row["gold_calls"]]
    return _cells(outcome.kind, outcome.language, row["domain"], calls, schemas)


def _cells(
    kind: str,
    language: str,
    domain: str,
    calls: Iterable[tuple[str, dict[str, Json]]],
    schemas: Mapping[str, Schema],
) -> frozenset[Cell]:
    cells = {("kind", kind), ("language", language), ("domain", domain)}
    for name, arguments in calls:
        schema = schemas[name]
        depth = depth_of(schema)
        cells.add(("depth", str(depth) if depth < 3 else "3+"))
        cells.add(("parameters", _size(counted(schema)["parameters"])))
        cells |= {("feature", feature) for feature in used_features(schema, arguments)}
    return frozenset(cells)


def _size(parameters: int) -> str:
    return next((name for most, name in SIZES if parameters <= most), f"{SIZES[-1][0] + 1}+")


def used_features(schema: Schema, arguments: dict[str, Json]) -> list[str]:
    """The features of the parameters that the arguments give, and whether any was left out."""
    given = counted(_given(schema, arguments))
    features = [feature for name, feature in FEATURES.items() if given[name]]
    left_out = counted(schema)["optional"] > given["optional"]
    return [*features, LEFT_OUT] if left_out else features


def _given(schema: Json, value: Json, depth: int = 0) -> Json:
    """The schema without the properties that the value does not have."""
    if not isinstance(schema, dict) or depth > MAX_DEPTH:
        return schema
    kept = dict(schema)
    if isinstance(value, dict) and isinstance(schema.get("properties"), dict):
        kept["properties"] = {
            name: _given(part, value[name], depth + 1)
            for name, part in schema["properties"].items()
            if name in value
        }
    if isinstance(value, list) and "items" in schema:
        kept["items"] = _given(schema["items"], _together(value), depth + 1)
    for word in ("anyOf", "oneOf", "allOf"):
        if isinstance(schema.get(word), list):
            kept[word] = [_given(part, value, depth + 1) for part in schema[word]]
    return kept


def _together(items: Sequence[Json]) -> Json:
    """What any item has: a feature counts where one of them shows it."""
    objects = [item for item in items if isinstance(item, dict)]
    whole = {name: value for item in objects for name, value in item.items()}
    return whole if objects else next(iter(items), None)
