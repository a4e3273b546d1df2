"""The recorded answers of an Argilla on Elasticsearch 8.12.2, asked of ours on either database."""

import json
from pathlib import Path
from typing import Any

import pytest

CASES = json.loads(
    (Path(__file__).parents[2] / "cases/search_elasticsearch.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES["questions"], ids=lambda case: case["name"])
def test_question(running, recorded, case):
    """The same records, in the same order where something decides it, and the same total."""
    body = _filled(case["body"], recorded)
    params = {"limit": case.get("limit", 60), "offset": case.get("offset", 0)}
    found, total = running.search(recorded.id, body, case.get("who", ""), **params)
    if not case["ordered"]:
        found, case = sorted(found), {**case, "records": sorted(case["records"])}
    assert found == case["records"]
    assert total == case.get("total", len(case["records"]))


@pytest.mark.parametrize("name", CASES["metrics"])
def test_metrics(running, recorded, name):
    """What the filters of the page show: terms with their counts, bounds of numbers."""
    properties = running.call("GET", f"me/datasets/{recorded.id}/metadata-properties")["items"]
    id = next(one["id"] for one in properties if one["name"] == name)
    assert running.call("GET", f"metadata-properties/{id}/metrics") == CASES["metrics"][name]


def test_progress(running, recorded):
    """Records by status; a user's own answers, whatever others answered to the same records."""
    progress = running.call("GET", f"datasets/{recorded.id}/progress")
    assert (progress["total"], progress["completed"], progress["pending"]) == (50, 5, 45)
    for who, submitted, discarded, draft in (("ann1", 10, 0, 0), ("ann2", 5, 2, 1)):
        found = running.call("GET", f"me/datasets/{recorded.id}/metrics", who)["responses"]
        assert (found["submitted"], found["discarded"], found["draft"]) == (
            submitted,
            discarded,
            draft,
        )
        assert found["pending"] == 50 - submitted - discarded - draft


def test_shuffle(running, recorded):
    """Each user sees the records in an order of their own, the same at each look, page by page."""
    orders = {}
    for who in ("ann1", "ann2"):
        whole, _ = running.search(recorded.id, {}, who, limit=50)
        pages = [
            running.search(recorded.id, {}, who, limit=10, offset=n)[0] for n in range(0, 50, 10)
        ]
        assert [one for page in pages for one in page] == whole and len(set(whole)) == 50
        orders[who] = whole
    assert orders["ann1"] != orders["ann2"] != sorted(orders["ann2"])


def test_scores(running, recorded):
    """A similar record's score is (1 + cosine) / 2, and the opposite's for the least similar."""
    for order in ("most_similar", "least_similar"):
        query = {"vector": {"name": "emb", "value": recorded.vectors["r3"], "order": order}}
        path = f"datasets/{recorded.id}/records/search"
        items = running.call("POST", path, json={"query": query})["items"]
        scores = {item["record"]["external_id"]: item["query_score"] for item in items}
        assert scores["r3"] == pytest.approx(1.0 if order == "most_similar" else 0.0, abs=1e-5)
        assert list(scores.values()) == sorted(scores.values(), reverse=True)


def _filled(body: Any, recorded: Any) -> Any:
    """A body in which `id of r3` and `vector of r3` are what they say."""
    if isinstance(body, dict):
        return {name: _filled(value, recorded) for name, value in body.items()}
    if isinstance(body, list):
        return [_filled(value, recorded) for value in body]
    what, _, record = body.partition(" of ") if isinstance(body, str) else (None, "", "")
    return {"id": recorded.ids, "vector": recorded.vectors}[what][record] if record else body
