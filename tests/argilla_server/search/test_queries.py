"""What a query means, where values are missing or odd, and that nothing written is ever missed."""

import json
import uuid
from pathlib import Path

import pytest

CASES = json.loads(
    (Path(__file__).parents[2] / "cases/search_queries.json").read_text(encoding="utf-8")
)
HOSTILE = {
    "quotes": '"' * 10_001,
    "backslashes": "\\" * 10_001,
    "brackets": "(" * 50_000 + "oslo" + ")" * 50_000,
    "open brackets": "(" * 100_000,
    "operators": '+|-~*()"\\' * 5_000,
    "alternating": "oslo|a+" * 5_000,
    "one long word": "x" * 100_000,
    "many words": " ".join(f"w{at}" for at in range(15_000)),
    "many or": "|".join(f"w{at}" for at in range(15_000)),
    "many prefixes": " ".join(f"w{at}*" for at in range(200)),
    "sql": "'; DROP TABLE records; --",
    "fts": 'NEAR("a" "b") AND col:x OR {text}: ^a NOT',
    "tsquery": "'a' & !b:* <-> c \\",
    "like": "%_%[a-z]",
    "nul": "oslo\x00\x01",
    "surrogate": "\ud800 oslo\udfff*",
    "slop": '"a b"~99999999999999999999',
    "long slop": f'"{"oslo " * 10_000}"~5',
    "long fuzzy": "x" * 100_000 + "~",
    "many fuzzy": " ".join(f"w{at}~" for at in range(500)),
    "edits": "oslo~-1 oslo~2147483648 ~ ~~ ~1",
    "right to left": "\u202eolso\u202c",
}


CHANGE = """UPDATE records SET fields = '{{"text": "pear"}}' WHERE id = {id}"""
CHANGE_VECTOR = "UPDATE vectors SET value = '[2, 4.1]' WHERE record_id = {id}"
DELETE = "DELETE FROM records WHERE id = {id}"
COPY = """
    INSERT INTO records (id, fields, external_id, dataset_id, inserted_at, updated_at, status)
    SELECT {new}, fields, 'new', dataset_id, inserted_at, updated_at, status
    FROM records WHERE id = {old}"""
QUESTION = {"name": "good", "required": True}
_DEEP = "more than 100 deep"
REFUSED = {
    "alternating": _DEEP,
    "operators": _DEEP,
    "surrogate": "unicode",
    "long slop": "at most 100",
    "many fuzzy": "at most 50",
}


@pytest.fixture(scope="module")
def texts(running):
    """A dataset of the records in the cases."""
    options = [{"value": value, "text": value} for value in ("yes", "no")]
    id = running.dataset(
        ("fields", {"name": "text", "settings": {"type": "text"}}),
        ("fields", {"name": "chat", "settings": {"type": "chat"}}),
        ("fields", {"name": "tree", "settings": {"type": "custom", "template": "<p></p>"}}),
        ("questions", {**QUESTION, "settings": {"type": "label_selection", "options": options}}),
        ("metadata-properties", {"name": "tags", "settings": {"type": "terms"}}),
        ("metadata-properties", {"name": "size", "settings": {"type": "integer"}}),
        ("vectors-settings", {"name": "v", "dimensions": 2}),
    )  # fmt: skip
    extra = {
        "flight": {"metadata": {"tags": ["a", "c"], "size": 3}, "vectors": {"v": [1, 0]}},
        "weather": {"metadata": {"tags": "b"}, "vectors": {"v": [0, 1]}},
        "chinese": {"metadata": {"size": 1}},
        "mixed": {"metadata": {"tags": ["B"], "size": -2}, "vectors": {"v": [0, 0]}},
    }
    items = [{**one, **extra.get(one["external_id"], {})} for one in CASES["records"]]
    running.call("POST", f"datasets/{id}/records/bulk", json={"items": items})
    return id


@pytest.mark.parametrize("case", CASES["queries"], ids=lambda case: f"{case['why']}: {case['q']}")
def test_text(running, texts, case):
    """A query finds what Lucene's `simple_query_string` finds with Elasticsearch's analyzer."""
    query = {name: case[name] for name in ("q", "field") if name in case}
    found, total = running.search(texts, {"query": {"text": query}})
    assert sorted(found) == sorted(case["records"])
    assert total == len(found)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile(running, texts, name):
    """Whatever is typed is answered, or refused in words; it never breaks the server."""
    body = json.dumps({"query": {"text": {"q": HOSTILE[name]}}})
    answer = running.answer("POST", f"datasets/{texts}/records/search", content=body)
    reason = REFUSED.get(name, "")
    assert answer.status_code == (422 if reason else 200), answer.text[:500]
    assert reason in answer.text
    assert running.search(texts, {})[1] == len(CASES["records"])


@pytest.mark.parametrize(
    ("filters", "records"),
    [
        ([("tags", ["a"])], ["flight"]),
        ([("tags", ["b", "c"])], ["flight", "weather"]),
        ([("tags", ["a' OR 1=1 --"])], []),
        ([("size", ["3"])], ["flight"]),
        ([("size", ["3.0", "x", "nan"])], ["flight"]),
        ([("size", (None, 1))], ["chinese", "mixed"]),
        ([("size", (-2, 1))], ["chinese", "mixed"]),
        ([("size", ("x", None))], []),
        ([("tags", ("b", None))], ["flight", "weather"]),
        ([("external_id", ["flight", "none"])], ["flight"]),
        ([("id", ["not an id", str(uuid.uuid4())])], []),
        ([("inserted_at", ("2020", None)), ("size", [1])], ["chinese"]),
        ([("inserted_at", (None, "2020-02-30"))], []),
        ([("inserted_at", (None, "2020-02"))], []),
        ([("updated_at", ("2020-01-01T10:00:00Z", "2999-12")), ("size", [1])], ["chinese"]),
    ],
)
def test_filters(running, texts, filters, records):
    """Terms are met as written, by any value of a list; what is of another kind meets nothing."""
    conditions = []
    for name, wanted in filters:
        scope = {"entity": "record", "property": name}
        if name in ("tags", "size"):
            scope = {"entity": "metadata", "metadata_property": name}
        bounds = {}
        if isinstance(wanted, tuple):
            bounds = {
                key: at for key, at in zip(("ge", "le"), wanted, strict=True) if at is not None
            }
        kind = {"type": "range", **bounds} if bounds else {"type": "terms", "values": wanted}
        conditions.append({**kind, "scope": scope})
    found, _ = running.search(texts, {"filters": {"type": "and", "and": conditions}})
    assert sorted(found) == sorted(records)


def test_orders(running, texts):
    """What is missing comes last in either direction; of a list, the value that is first counts."""

    def order(name: str, direction: str) -> list[str]:
        scope = {"entity": "metadata", "metadata_property": name}
        return running.search(texts, {"sort": [{"scope": scope, "order": direction}]})[0]

    assert order("size", "asc") == ["mixed", "chinese", "flight", "weather", "words", "signs"]
    assert order("size", "desc") == ["flight", "chinese", "mixed", "weather", "words", "signs"]
    assert order("tags", "asc")[:3] == ["mixed", "flight", "weather"]
    assert order("tags", "desc")[:3] == ["flight", "weather", "mixed"]


def test_similar(running, texts):
    """A vector of the wrong length is refused; text and filters narrow a search by meaning."""

    def similar(value, **text):
        query = {"vector": {"name": "v", "value": value}, **text}
        return running.answer("POST", f"datasets/{texts}/records/search", json={"query": query})

    assert similar([1.0]).status_code == 422
    found = similar([1.0, 0.1], text={"q": "paris|oslo"}).json()["items"]
    assert [item["record"]["external_id"] for item in found] == ["flight", "weather"]
    assert len(similar([0.0, 0.0]).json()["items"]) == 3


def test_relevance(running, texts):
    """Without an order, what answers a query best comes first."""
    found, _ = running.search(texts, {"query": {"text": {"q": "sunny|oslo|fly"}}})
    assert set(found) == {"flight", "weather"}


def test_drift(running):
    """What any program writes, changes or deletes is found, found anew, or found no more."""
    id = running.dataset(
        ("fields", {"name": "text", "settings": {"type": "text"}}),
        ("questions", {**QUESTION, "settings": {"type": "text"}}),
        ("vectors-settings", {"name": "v", "dimensions": 2}),
    )
    items = [
        {"external_id": f"r{n}", "fields": {"text": f"apple {n}"}, "vectors": {"v": [1, n]}}
        for n in range(3)
    ]
    made = running.call("POST", f"datasets/{id}/records/bulk", json={"items": items})["items"]

    def found(query: str) -> list[str]:
        return sorted(running.search(id, {"query": {"text": {"q": query}}})[0])

    def closest(value: list[float]) -> str:
        query = {"vector": {"name": "v", "value": value}}
        return running.search(id, {"query": query})[0][0]

    assert found("apple") == ["r0", "r1", "r2"] and closest([1, 2]) == "r2"
    one, two, three, new = (
        _key(running, id) for id in [*(record["id"] for record in made), uuid.uuid4()]
    )
    running.sql(
        CHANGE.format(id=one),
        CHANGE_VECTOR.format(id=one),
        DELETE.format(id=two),
        COPY.format(new=new, old=three),
    )
    assert (found("apple"), found("pear")) == (["new", "r2"], ["r0"])
    assert closest([1, 2.05]) == "r0"
    running.call("DELETE", f"datasets/{id}/records", params={"ids": made[2]["id"]})
    assert (found("apple"), found("-pear")) == (["new"], ["new"])
    running.call("DELETE", f"datasets/{id}")


def _key(running, id):
    """An id as the database writes it."""
    known = uuid.UUID(str(id))
    return f"CAST('{known}' AS uuid)" if running.postgres else f"'{known.hex}'"
