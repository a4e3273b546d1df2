"""Which language a text is in."""

import json
from pathlib import Path

import pytest

from fc_distilabel.documents import detect_language, guess_language
from fc_distilabel.errors import DocumentError

CASES = json.loads((Path(__file__).parents[1] / "cases/language.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["description"] for case in CASES])
def test_the_language_of_a_text(case: dict[str, str]) -> None:
    """English, Chinese, or neither."""
    assert guess_language(case["text"]) == case["expected"]


def test_another_language_is_named_as_not_supported() -> None:
    """The message says which two are, and shows the text's beginning."""
    with pytest.raises(DocumentError, match="not supported: en or zh, not that of '환불은"):
        detect_language("환불은 30일 이내에")
