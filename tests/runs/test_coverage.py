"""What rows cover, and where that is thin."""

import json
from pathlib import Path

import pytest

from fc_distilabel.runs.coverage import ALL_FEATURES, Coverage, coverage_of, used_features
from outcomes import kept, lost

CASES = json.loads((Path(__file__).parents[1] / "cases/coverage.json").read_text("utf-8"))
SINGLE, PARALLEL = ("kind", "single"), ("kind", "parallel")
ENUM, UNION = ("feature", "enum"), ("feature", "union")


@pytest.mark.parametrize("case", CASES, ids=[case["description"] for case in CASES])
def test_features_that_a_call_uses(case) -> None:
    """A feature counts where an argument touches it, at any depth."""
    found = used_features(case["schema"], case["arguments"])
    assert sorted(found) == sorted(case["features"])
    assert set(found) <= set(ALL_FEATURES)


def test_a_schema_that_refers_to_itself_ends() -> None:
    """Nothing is followed without end, however deep the value."""
    schema = {"properties": {"a": {"$ref": "#"}}, "type": "object"}
    value: dict = {}
    for _ in range(200):
        value = {"a": value}
    assert "nested" in used_features(schema, value)


def test_thin_is_where_little_is() -> None:
    """1 / (1 + count), the mean over cells and over pairs: 2 where nothing is yet."""
    coverage = Coverage()
    assert coverage.thinness([SINGLE, ENUM]) == 2
    coverage.add([SINGLE, ENUM])
    assert coverage.thinness([SINGLE, ENUM]) == 1
    assert coverage.thinness([SINGLE, UNION]) == 0.75 + 1
    assert coverage.thinness([]) == 0


def test_the_thinnest_is_taken_and_among_equals_the_first() -> None:
    """So the candidate that was planned first stays where there is nothing to choose."""
    coverage = Coverage()
    candidates = [[SINGLE, ENUM], [SINGLE, UNION], [SINGLE, UNION]]
    assert coverage.thinnest(candidates) == 0
    coverage.add(candidates[0])
    assert coverage.thinnest(candidates) == 1
    coverage.add(candidates[1])
    assert coverage.thinnest(candidates) == 0


def test_a_pair_counts_beside_its_cells() -> None:
    """Each of two values may be common and yet never together."""
    coverage = Coverage()
    for cells in ([SINGLE, ENUM], [PARALLEL, UNION]):
        coverage.add(cells)
    assert coverage.thinnest([[SINGLE, ENUM], [SINGLE, UNION]]) == 1


def test_a_domain_makes_no_pair_with_its_language() -> None:
    """A document has one language: that it has no other is no gap."""
    coverage = Coverage()
    coverage.add([("domain", "a"), ("language", "en"), SINGLE, ENUM])
    coverage.add([("domain", "b"), ("language", "zh"), SINGLE, ENUM])
    named = [{p.first.split()[0], p.second.split()[0]} for p in coverage.covered().thinnest]
    assert {"domain", "language"} not in named


def row(position: int, kind: str, schema: dict, arguments: dict | None):
    outcome = kept(position)
    tool = {"function": {"name": "t", "parameters": schema}}
    calls = [] if arguments is None else [{"name": "t", "arguments": arguments}]
    content = json.loads(outcome.row) | {"tools": [tool], "gold_calls": calls}
    return outcome.model_copy(update={"kind": kind, "row": json.dumps(content)})


def test_the_report_of_a_run() -> None:
    """Kept rows by dimension, kinds by feature, and the pairs that fewest rows have."""
    schema = {"properties": {"a": {"enum": ["x"]}, "b": {"type": "integer", "maximum": 3}}}
    schema["required"] = ["a"]
    outcomes = [
        row(0, "single", schema, {"a": "x"}),
        row(1, "single", schema, {"a": "x", "b": 1}),
        row(2, "parallel", schema, {"a": "x"}),
        row(3, "irrelevant", schema, None),
        lost(4),
    ]
    covered = coverage_of(outcomes).covered()
    assert covered == coverage_of(reversed(outcomes)).covered()
    assert covered.rows == 4
    assert covered.counts["kind"] == {"irrelevant": 1, "parallel": 1, "single": 2}
    assert covered.counts["depth"] == {"1": 3} and covered.counts["parameters"] == {"1-2": 3}
    assert tuple(covered.counts["feature"]) == ALL_FEATURES
    assert covered.counts["feature"]["bounded"] == 1 and covered.counts["feature"]["union"] == 0
    assert covered.kinds["parallel"] == {
        "enum": 1,
        "bounded": 0,
        "optional given": 0,
        "optional left out": 1,
    }
    assert "irrelevant" not in covered.kinds
    thin = {(p.first, p.second) for p in covered.thinnest if p.rows == 0}
    assert thin == {
        ("feature bounded", "kind parallel"),
        ("feature optional given", "kind parallel"),
    }


def test_a_run_of_nothing() -> None:
    """No row, no count, no error."""
    covered = coverage_of([lost(0)]).covered()
    assert covered.rows == 0 and covered.thinnest == () and covered.kinds == {}
