"""What goes into a record reads the same and does nothing in a browser."""

import html
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fc_distilabel.feedback.review.inert import as_field, as_json, as_label, packed

CASES = json.loads((Path(__file__).parents[2] / "cases" / "review_inert.json").read_text("utf-8"))
ACTS = re.compile(r"</|<!|<[a-z]|\$[$&`']|#TEMPLATE#", re.IGNORECASE)
TEXT = st.text(st.sampled_from("<>/!-$&`'\"#asTEMPLATE \\\u202e\u200b\ud800\u2028\x00\n。"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["description"])
def test_texts(case):
    """A field's and a label's text are spelled as the table says."""
    assert as_field(case["text"]) == case["field"]
    assert as_label(case["text"]) == case["label"]


@given(TEXT)
def test_nothing_acts(text):
    """No text holds a sign that acts, neither as it is nor within the record's JSON."""
    for made in (as_field(text), as_label(text), as_json({text: [text]}), packed([text])):
        assert not ACTS.search(made)
        assert not ACTS.search(json.dumps(made, ensure_ascii=False))
        made.encode()


@given(TEXT)
def test_json_stays_the_value(text):
    """What people edit, and what the script reads, is the very same value."""
    value = {text: [text, {"a": text}]}
    assert json.loads(as_json(value)) == value
    assert json.loads(packed(value)) == value


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z"))))
def test_fields_read_as_written(text):
    """A browser that reads the field's HTML shows the text."""
    shown = re.sub("⟨U\\+([0-9A-F]+)⟩", lambda found: chr(int(found[1], 16)), as_field(text))
    assert html.unescape(shown) == text
