"""Values from schemas, and how people say them: the contract between synthesis and verifiers."""

import json
import random
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fc_distilabel.apis.instances import UnsatisfiableError
from fc_distilabel.apis.sources import TODAY
from fc_distilabel.synthesis.fields import CODED_KINDS, WORDED_KINDS, build_field
from fc_distilabel.synthesis.sampling import sample, say, short_label
from fc_distilabel.types import LANGUAGES, Message, ToolCall
from fc_distilabel.verifiers import ground_call, unsupported_values
from talk import TEXT

CASES = json.loads((Path(__file__).parents[1] / "cases/sampling.json").read_text(encoding="utf-8"))
MESSAGES = {
    "en": ["I want it for {}.", "{} please", "Book it ({}), thanks", "Is {} fine, or is it not?"],
    "zh": ["我要{}。", "我的是{}，谢谢", "请用{}办理", "要求：{}", "用“{}”吧，可以吗？"],
}
DESCRIPTIONS = {"en": "Wish", "zh": "要求"}


def field(kind, language, seed, examples=None):
    said = {"name": "thing_code", "description": DESCRIPTIONS[language], "kind": kind}
    said |= {"examples": examples or TEXT[language][kind]} if kind in WORDED_KINDS else {}
    return build_field(said, language, random.Random(seed))


@pytest.mark.parametrize("case", CASES["said"], ids=lambda case: case["description"])
def test_values_are_said_as_people_say_them(case):
    """Dates are written out and listed values are words; everything else stays as it is."""
    assert say(case["value"], case["schema"], case["language"]) == case["expected"]


@pytest.mark.parametrize("case", CASES["labels"], ids=lambda case: case["description"])
def test_a_label_is_the_heart_of_a_description(case):
    """A label stops at the first explanation and is never empty."""
    assert short_label({"description": case["text"]}) == case["expected"]


def require_grounded(made, language, seed):
    """What is said of a sampled value grounds back, wherever it stands in a message."""
    value = sample(made.schema, made.examples, random.Random(seed))
    said = say(value, made.schema, language)
    schema = {"type": "object", "properties": {"thing": made.schema}, "required": ["thing"]}
    call = ToolCall(id="c0", name="f", arguments={"thing": value})
    for form in MESSAGES[language]:
        message = form.format(said)
        [found] = ground_call(0, call, schema, [Message(role="user", content=message)])
        assert found.source == "messages/0", message


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", WORDED_KINDS + CODED_KINDS)
def test_what_is_said_grounds_back(kind, language):
    """For every kind, the verifiers find in a message the value that synthesis says there."""
    for seed in range(25):
        require_grounded(field(kind, language, seed), language, seed)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.sampled_from(("text", "choice", "amount", "whole_number")),
    st.sampled_from(LANGUAGES),
    st.lists(
        st.one_of(
            st.from_regex(r"[A-Za-z0-9][A-Za-z0-9 _./&'-]{0,20}[A-Za-z0-9]", fullmatch=True),
            st.from_regex(r"[\u4e00-\u9fa5]{1,8}", fullmatch=True),
            st.integers(0, 10**8).map(str),
            st.decimals(0, 10**6, places=2).map(str),
        ),
        min_size=3,
        max_size=4,
    ),
    st.integers(0, 10**6),
)
def test_whatever_the_domain_names_grounds_back(kind, language, examples, seed):
    """The same for whatever examples a model gives, where a field is made of them at all."""
    if made := field(kind, language, seed, examples):
        require_grounded(made, language, seed)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", WORDED_KINDS + CODED_KINDS)
def test_what_is_said_is_not_taken_for_invented(kind, language):
    """A message that says a value states nothing that the value does not support."""
    for seed in range(10):
        made = field(kind, language, seed)
        said = say(sample(made.schema, made.examples, random.Random(seed)), made.schema, language)
        for form in MESSAGES[language]:
            assert unsupported_values(form.format(said), [said]) == []


@pytest.mark.parametrize("message", ["for 12, 120 and 300", "我要12，120，300", "12、120、300"])
def test_a_list_of_numbers_is_not_one_number(message):
    """Numbers said one after the other stay apart, whatever commas a language writes."""
    assert unsupported_values(message, ["12", "120", "300"]) == []


def test_dates_are_of_no_real_day():
    """Rows do not depend on the day they were made: dates follow a fixed present."""
    made = field("date", "en", 0)
    drawn = [sample(made.schema, (), random.Random(seed)) for seed in range(200)]
    days = [(date.fromisoformat(text) - TODAY).days for text in drawn]
    assert min(days) > 0 and max(days) < 366
    assert len(set(days)) > 50


def test_equal_generators_draw_equal_values():
    """A value depends on its generator alone."""
    for kind in CODED_KINDS:
        made = field(kind, "en", 3)
        drawn = {sample(made.schema, made.examples, random.Random(9)) for _ in range(3)}
        assert len(drawn) == 1


def test_a_schema_without_a_source_has_no_value():
    """What no kind makes has no value, and says so instead of making one up."""
    with pytest.raises(UnsatisfiableError, match="nothing tells"):
        sample({"type": "string", "description": "x"}, (), random.Random(0))
