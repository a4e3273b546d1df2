"""Checks on the words that a model writes."""

import json
from pathlib import Path

import pytest

from fc_distilabel.schemas import check_schema, violations
from fc_distilabel.schemas.grammar import closed_object
from fc_distilabel.synthesis.wording import (
    copies_prompt,
    in_language,
    keeps_words,
    mentions,
    shared_words,
    text_field,
)

CASES = json.loads((Path(__file__).parents[1] / "cases/wording.json").read_text(encoding="utf-8"))


def cases(name):
    return pytest.mark.parametrize("case", CASES[name], ids=lambda case: case["description"])


@cases("in_language")
def test_the_language_of_the_wording(case):
    """English has no Han, Chinese mostly Han; quoted values decide nothing."""
    found = in_language(case["text"], case["language"], case.get("values", ()))
    assert found is case["expected"]


@cases("copies_prompt")
def test_words_copied_from_our_prompts(case):
    """Words of our prompts are found, unless the document itself speaks of the thing."""
    assert copies_prompt(case["text"], case.get("source", "")) is case["expected"]


@cases("mentions")
def test_a_value_is_told(case):
    """A value is told word for word, or inflected; never by a part of it alone."""
    assert mentions(case["text"], case["value"], case["language"]) is case["expected"]


@cases("shared_words")
def test_words_in_common(case):
    """Words are compared by their stems, Chinese by pairs of characters."""
    assert shared_words(case["text"], case["source"], case["language"]) == case["expected"]


@cases("keeps_words")
def test_a_share_of_words_is_kept(case):
    """A text keeps enough of what was wanted, or it does not."""
    found = keeps_words(case["text"], case["wanted"], case["language"], case["share"])
    assert found is case["expected"]


def test_a_closed_object_takes_its_properties_and_nothing_else():
    """Every property is required, no other is allowed, and texts keep their bounds."""
    schema = closed_object({"one": text_field(3), "two": text_field(9, 2)})
    check_schema(schema)
    assert not violations(schema, {"one": "abc", "two": "de"})
    for bad in ({"one": "a"}, {"one": "a", "two": "de", "x": 1}, {"one": "", "two": "de"}):
        assert violations(schema, bad)
    assert violations(schema, {"one": "abcd", "two": "d"})
