"""Diversity: the definitions by hand, by scikit-learn, and on a published set."""

import gzip
import json
import math
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from fc_distilabel.report.diversity import (
    FIGURES,
    cosines,
    distinct,
    diversity,
    self_bleu,
    size_for,
)
from fc_distilabel.report.measuring import Sample
from fc_distilabel.report.texts import terms, user_turns
from fc_distilabel.report.variety import published_at, variety

BFCL = Path(__file__).parents[3] / "shared/data/validation/bfcl_cases.jsonl.gz"
TEXTS = [
    "find a hotel in rome",
    "find a hotel in bern for two nights",
    "cancel booking 12",
    "请在罗马找酒店",
    "",
]


def test_distinct_is_the_share_of_different_runs() -> None:
    """`a b a b` has two different words of four, and two different pairs of three."""
    said = [["a", "b", "a", "b"]]
    assert distinct(said, 1) == 2 / 4
    assert distinct(said, 2) == 2 / 3
    assert distinct([], 1) == 0


def test_self_bleu_of_copies_is_1_and_of_strangers_0() -> None:
    """Texts that share no run of four tokens score 0: nothing is smoothed."""
    one, other = list("abcdefgh"), list("ijklmnop")
    assert self_bleu([one, one]) == pytest.approx(1)
    assert self_bleu([one, other]) == 0


def test_self_bleu_by_hand() -> None:
    """Five tokens of six are shared: 5/6, 4/5, 3/4 and 2/3; then the shorter one is penalised."""
    one, other = "a b c d e x".split(), "a b c d e".split()
    longer = math.prod((5 / 6, 4 / 5, 3 / 4, 2 / 3)) ** 0.25
    shorter = math.exp(1 - 6 / 5)
    assert self_bleu([one, other]) == pytest.approx((longer + shorter) / 2)


def test_a_text_is_no_reference_of_itself() -> None:
    """A gram that one text repeats counts for it no more often than another text has it."""
    assert self_bleu([["a"] * 5, ["a"] * 4 + ["b"]]) == pytest.approx(
        (math.prod((4 / 5, 3 / 4, 2 / 3, 1 / 2)) ** 0.25 * 2) / 2
    )


def test_cosines_are_those_of_scikit_learn() -> None:
    """The weights and lengths are the library's."""
    vectors = TfidfVectorizer(analyzer=terms).fit_transform(TEXTS[:4])
    assert np.allclose(cosines(TEXTS[:4]), (vectors @ vectors.T).toarray())


def test_texts_without_words_are_like_nothing() -> None:
    """An empty text has a cosine with itself and with nobody else."""
    assert np.allclose(cosines(TEXTS)[4], [0, 0, 0, 0, 1])


def test_copies_measure_as_one_text() -> None:
    """Of ten copies every one is near another, and they are worth one text."""
    found = diversity(["find a good hotel in rome"] * 10, 10)
    assert (found.near, found.self_bleu) == (1, pytest.approx(1))
    assert found.vendi == pytest.approx(0.1)


def test_more_texts_are_drawn_from_than_are_compared() -> None:
    """Sizes are steps; the same texts give the same figures."""
    texts = [f"request number {number} for hotel {number % 7}" for number in range(64)]
    assert [size_for(count) for count in (9, 10, 64, 499, 10_000)] == [0, 10, 50, 200, 500]
    assert diversity(texts, 50) == diversity(texts, 50)
    assert diversity(texts, 50).n == 50


def test_languages_are_measured_apart() -> None:
    """Published sets stand beside English requests only, at the size of these."""
    requests = {"en": Sample("r", 100), "zh": Sample("r", 100), "?": Sample("r", 100)}
    for number in range(24):
        requests["en"].add(str(number), f"a hotel in town {number}")
        requests["zh"].add(str(number), f"第{number}个城市的酒店")
    requests["?"].add("1", "alone")
    found = variety(requests)
    assert [(each.language, each.figures and each.figures.n) for each in found.languages] == [
        ("?", None),
        ("en", 20),
        ("zh", 20),
    ]
    assert found.published == published_at(20)
    assert {each.name for each in found.published} >= {"BFCL v4 non-live", "ACEBench (en)"}
    assert variety({"zh": requests["zh"]}).published == ()


@pytest.mark.skipif(not BFCL.exists(), reason="the shared data is not there")
def test_published_figures_come_out() -> None:
    """BFCL non-live: distinct-2 .549 and near 6.4 %, self-BLEU .132 and Vendi/n .815."""
    with gzip.open(BFCL, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    texts = [
        user_turns(row["messages"])[0] for row in rows if not row["category"].startswith("live")
    ]
    at_500, at_200 = diversity(texts, 500), diversity(texts, 200)
    assert at_500.distinct_2 == pytest.approx(0.549, abs=0.03)
    assert at_500.near == pytest.approx(0.064, abs=0.01)
    assert at_200.self_bleu == pytest.approx(0.132, abs=0.01)
    assert at_200.vendi == pytest.approx(0.815, abs=0.03)
    kept = {each.name: each.figures for each in published_at(500)}["BFCL v4 non-live"]
    assert all(getattr(kept, name) == getattr(at_500, name) for name in FIGURES)
