"""The words of the page: both languages say the same things."""

import json
import string
from importlib.resources import files
from typing import Any, get_args

from fc_distilabel.apis.complexity import DENOMINATORS
from fc_distilabel.feedback.review.page import config_text
from fc_distilabel.report.contamination import RULES
from fc_distilabel.report.words import Words, label, readable
from fc_distilabel.runs.coverage import ALL_FEATURES
from fc_distilabel.runs.report import Ending
from fc_distilabel.types import CRITERIA, KINDS, LANGUAGES, STAGES, ErrorClass

TABLE: dict[str, Any] = json.loads(
    (files("fc_distilabel.report") / "words.json").read_text(encoding="utf-8")
)


def test_both_languages_have_each_text_with_the_same_values() -> None:
    """No text is empty, and what is filled in stands in both."""
    for key, told in TABLE.items():
        pairs = told.values() if isinstance(told, dict) else [told]
        for english, chinese in pairs:
            assert english and chinese, key
            assert fields(english) == fields(chinese), key


def fields(text: str) -> set[str | None]:
    """The names of the values in a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_our_own_names_are_in_the_readers_language() -> None:
    """Kinds, stages, features, figures, criteria, mistakes, rules and endings, all of them."""
    groups = {
        "kind": KINDS,
        "stage": STAGES,
        "feature": ALL_FEATURES,
        "figure": tuple(DENOMINATORS),
        "criterion": CRITERIA,
        "mistake": get_args(ErrorClass),
        "rule": RULES,
        "ending": get_args(Ending),
        "language": LANGUAGES,
    }
    chinese = Words("zh")
    for group, names in groups.items():
        assert [name for name in names if chinese.name(group, name) == name] == [], group


def test_ways_of_grounding_are_those_that_the_review_names() -> None:
    """A new one there needs words here."""
    labels = config_text("trajectory/labels.js")
    block = labels.split("how: {")[1].split("}")[0]
    named = {part.split(":")[0].strip() for part in block.split('",')}
    assert {name for name in named if name} <= set(TABLE["name.how"])


def test_names_of_others_stay_as_they_are() -> None:
    """A reason or kind that is not ours is shown by its own name."""
    assert Words("zh").name("kind", "negotiation") == "negotiation"


def test_labels_are_one_short_line_without_controls() -> None:
    """What turns text around or ends it is shown as a sign of its own."""
    assert readable("a\u202eb\x00c\nd") == "a�b�c\nd"
    assert label("a\n  b") == "a b"
    assert label("x" * 30) == "x" * 21 + "…"
