"""The settings hold what the rest of the loop counts on, alike in both languages."""

import json
from typing import get_args

import pytest

from fc_distilabel.feedback.review import names
from fc_distilabel.feedback.review.page import config_text
from fc_distilabel.feedback.review.settings import review_settings
from fc_distilabel.types import ErrorClass, Language

LANGUAGES = get_args(Language)


def options(settings, question):
    found = next(one for one in settings["questions"] if one["name"] == question)
    return tuple(option["value"] for option in found["settings"]["options"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_and_answers(language):
    """Fields, questions, metadata and vector have the names that the code uses, in order."""
    settings = review_settings(language)
    for key, expected in {
        "fields": names.FIELDS,
        "questions": names.QUESTIONS,
        "metadata": names.METADATA,
        "vectors": (names.MEANING,),
    }.items():
        assert tuple(one["name"] for one in settings[key]) == expected
    assert options(settings, names.VERDICT) == names.VERDICTS
    assert options(settings, names.ERROR_CLASSES) == names.CLASSES
    assert options(settings, names.PREFERENCE) == names.PREFERENCES
    assert options(settings, names.NATURALNESS) == names.RATINGS
    assert settings["vectors"][0]["dimensions"] == names.DIMENSIONS
    assert set(get_args(ErrorClass)) < set(names.CLASSES)
    assert [one["name"] for one in settings["questions"] if one["required"]] == [names.VERDICT]


def test_languages_differ_in_words_only():
    """Without titles and descriptions, the settings of both languages are the same."""

    def bare(value):
        if isinstance(value, dict):
            words = {"title", "description", "text", "template", "guidelines"}
            return {key: bare(inner) for key, inner in value.items() if key not in words}
        return [*map(bare, value)] if isinstance(value, list) else value

    english, chinese = map(review_settings, LANGUAGES)
    assert bare(english) == bare(chinese)
    assert english["questions"][0]["title"] != chinese["questions"][0]["title"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_argilla_takes_the_words(language):
    """Titles and descriptions stay within the lengths that Argilla's server allows."""
    settings = review_settings(language, min_submitted=3)
    assert settings["distribution"] == {"strategy": "overlap", "min_submitted": 3}
    for question in settings["questions"]:
        assert 1 <= len(question["title"]) <= 500 and 1 <= len(question["description"]) <= 1000
        for option in question["settings"].get("options", ()):
            assert len(option.get("description", "")) <= 1000


@pytest.mark.parametrize("language", LANGUAGES)
def test_guidelines_name_every_answer(language):
    """Whoever reads the guidelines has met each verdict by the title that the page shows."""
    settings = review_settings(language)
    for option in settings["questions"][0]["settings"]["options"]:
        assert option["text"] in settings["guidelines"]
    assert settings["guidelines"] == config_text(f"guidelines.{language}.md")


def test_settings_are_json():
    """`Settings.from_json` reads a file, so all of it is JSON."""
    assert json.loads(json.dumps(review_settings("zh"))) == review_settings("zh")
