"""What a model says of a field, and what code makes of it."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fc_distilabel.schemas import check_schema, violations
from fc_distilabel.synthesis.fields import (
    CODED_KINDS,
    EXAMPLE_LENGTH,
    RESULT_KINDS,
    WORDED_KINDS,
    build_field,
    reply_schema,
)
from fc_distilabel.synthesis.sampling import sample
from fc_distilabel.types import LANGUAGES
from talk import TEXT

CASES = json.loads((Path(__file__).parents[1] / "cases/fields.json").read_text(encoding="utf-8"))
DESCRIPTIONS = {"en": "Wish", "zh": "要求"}


def built(case, seed=0):
    return build_field(case["field"], case.get("language", "en"), random.Random(seed))


@pytest.mark.parametrize("case", CASES["built"], ids=lambda case: case["description"])
def test_a_kind_becomes_a_schema(case):
    """Code owns what a kind is: type, format, pattern, bounds, and usable examples."""
    field = built(case)
    assert field.name == case["field"]["name"]
    assert field.schema == case["expected"] | {"description": case["field"]["description"]}
    if "examples" in case:
        assert list(field.examples) == case["examples"]


@pytest.mark.parametrize("case", CASES["described"], ids=lambda case: case["description"])
def test_a_description_leaves_explanations_to_the_schema(case):
    """Examples and formats are cut off a description; units stay."""
    said = {"name": "visit_date", "kind": "date", "description": case["description"]}
    assert built({**case, "field": said}).schema["description"] == case["told"]


@pytest.mark.parametrize("case", CASES["left_out"], ids=lambda case: case["description"])
def test_an_unusable_field_is_left_out(case):
    """A field that cannot be used is left out rather than mended."""
    assert built(case) is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", WORDED_KINDS + CODED_KINDS)
@pytest.mark.parametrize("name", ["thing", "x1", "a_b"])
def test_every_kind_gives_values(kind, language, name):
    """Every kind gives a valid schema and, for many seeds, values that are valid under it."""
    name = f"{name}_code" if kind == "code" else name
    said = {"name": name, "description": DESCRIPTIONS[language], "kind": kind}
    said |= {"examples": TEXT[language][kind]} if kind in WORDED_KINDS else {}
    for seed in range(10):
        require_values(said, language, seed)


def require_values(said, language, seed):
    field = build_field(said, language, random.Random(seed))
    assert field is not None
    check_schema(field.schema)
    assert field.schema["description"]
    values = [*field.examples, sample(field.schema, field.examples, random.Random(seed))]
    assert [violations(field.schema, value) for value in values] == [[] for _ in values]


@settings(max_examples=250, deadline=None, derandomize=True)
@given(
    st.sampled_from(WORDED_KINDS),
    st.sampled_from(LANGUAGES),
    st.lists(
        st.one_of(
            st.text(st.characters(codec="utf-8"), min_size=1, max_size=EXAMPLE_LENGTH),
            st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str),
            st.integers(-5, 10**6).map(str),
        ),
        min_size=3,
        max_size=4,
    ),
    st.integers(0, 10**6),
)
def test_whatever_the_examples(kind, language, examples, seed):
    """No examples that a model may write give an invalid schema, or a value that breaks it."""
    said = {"name": "thing_code", "description": DESCRIPTIONS[language], "kind": kind}
    if build_field(said | {"examples": examples}, language, random.Random(seed)):
        require_values(said | {"examples": examples}, language, seed)


def test_equal_seeds_give_equal_fields():
    """What code makes up depends on the seed alone, whatever was made before."""
    said = {"name": "guest", "description": "Guest", "kind": "person_name"}

    def made(seed):
        return build_field(said, "en", random.Random(seed))

    first, other = made(1), made(2)
    assert made(1) == first != other


@pytest.mark.parametrize(("kind", "given"), [("date", False), ("choice", True)])
def test_the_model_is_asked_for_what_is_used(kind, given):
    """Examples are asked for where only the domain has them; code makes the others."""
    field = {"name": "thing", "description": "Wish", "kind": kind}
    full = field | {"examples": ["one thing", "two things", "more"]}
    schema = reply_schema(1, 2)
    assert bool(violations(schema, [field])) is given
    assert bool(violations(schema, [full])) is not given
    assert violations(schema, []) and violations(schema, [full if given else field] * 3)


def test_a_result_holds_no_free_text():
    """Free text in a result would have to be true of the world."""
    said = {"name": "thing", "description": "Wish", "kind": "text"}
    said |= {"examples": ["one thing", "two things", "more"]}
    assert not violations(reply_schema(1, 2), [said])
    assert violations(reply_schema(1, 2, RESULT_KINDS), [said])
