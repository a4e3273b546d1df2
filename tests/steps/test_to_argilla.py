"""The step that pushes: rows in, ids of records out, each row once."""

import json

import pytest
from distilabel.pipeline import Pipeline
from pydantic import SecretStr

import reviews
from fc_distilabel.errors import InputError
from fc_distilabel.runs.rows import row_line
from fc_distilabel.steps import ToArgilla


def loaded(**options):
    options = {
        "url": reviews.server().url,
        "api_key": SecretStr(reviews.server().api_key),
    } | options
    step = ToArgilla(name="push", pipeline=Pipeline(name="t"), **options)
    step.load()
    return step


def test_rows_become_records():
    """A dropped row passes by; one that cannot go says why; the others are there, once."""
    rows = reviews.rows(3)
    rows[1]["messages"] = rows[1]["messages"][:1]
    given = [{"row": row_line(row), "more": 1} for row in rows] + [{"row": "", "more": 2}]
    step = loaded(dataset="stepped", model="m")
    for _ in range(2):
        [out] = step.process([dict(row) for row in given])
        assert [row["more"] for row in out] == [1, 1, 1, 2]
        assert [bool(row["record_id"]) for row in out] == [True, False, True, False]
        assert "says nothing" in out[1]["not_pushed"] and not out[3]["not_pushed"]
    step.unload()
    found = reviews.owner().records("stepped")
    assert {record["external_id"] for record in found.values()} == {
        out[0]["record_id"],
        out[2]["record_id"],
    }


def test_what_cannot_be_used_is_told_when_it_is_loaded():
    """A language that does not exist, a key that is not known."""
    with pytest.raises(InputError, match="'fr'"):
        loaded(language="fr")
    with pytest.raises(InputError, match="API key"):
        loaded(api_key=SecretStr("wrong"))


def test_a_saved_pipeline_holds_no_key():
    """The key is a secret: a dump of the step does not show it."""
    step = ToArgilla(name="push", pipeline=Pipeline(name="t"), api_key=SecretStr("hidden-key"))
    assert "hidden-key" not in json.dumps(step.dump(), default=str)
