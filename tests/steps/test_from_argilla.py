"""The step that pulls: a row a record, in batches."""

import json

import pytest
from distilabel.pipeline import Pipeline
from pydantic import SecretStr

import reviews
from fc_distilabel.errors import InputError
from fc_distilabel.feedback.datasets import settle_dataset
from fc_distilabel.feedback.push import push_rows
from fc_distilabel.feedback.server import open_server
from fc_distilabel.steps import FromArgilla


def loaded(**options):
    options = {
        "url": reviews.server().url,
        "api_key": SecretStr(reviews.server().api_key),
    } | options
    step = FromArgilla(name="pull", pipeline=Pipeline(name="t"), **options)
    step.load()
    return step


def test_records_become_rows():
    """Each record once, in batches of the size that is set; the last one says that it is."""
    rows = reviews.rows(3)
    with open_server(reviews.server().url, reviews.server().api_key) as argilla:
        push_rows(argilla, settle_dataset(argilla, "handed", "", "en"), rows, vectors=False)
    reviews.owner().answer(reviews.owner().records("handed")[rows[0]["id"]], verdict="approve")
    batches = list(loaded(dataset="handed", batch_size=2).process())
    assert [(len(batch), last) for batch, last in batches] == [(2, False), (1, True)]
    first, *others = [row for batch, _ in batches for row in batch]
    assert (first["outcome"], json.loads(first["row"])) == ("approved", rows[0])
    assert [each["label"] for each in json.loads(first["labelled"])] == [True]
    assert [(row["outcome"], row["row"], row["pairs"]) for row in others] == [
        ("waiting", "", "[]")
    ] * 2


def test_what_cannot_be_used_is_told():
    """A policy and a dataset that do not exist."""
    with pytest.raises(InputError, match="'some'"):
        next(loaded(policy="some").process())
    with pytest.raises(InputError, match="'not there'"):
        next(loaded(dataset="not there").process())
