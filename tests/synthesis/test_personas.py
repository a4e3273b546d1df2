"""Personas: many, mostly plain, the same by the same seed, and described in one phrase."""

from collections import Counter
from random import Random

import pytest

from fc_distilabel.synthesis.data import office_roles, personas
from fc_distilabel.synthesis.personas import describe, draw_persona
from fc_distilabel.synthesis.wording import copies_prompt, in_language
from fc_distilabel.types import LANGUAGES, Persona

DRAWS = 1000
each_language = pytest.mark.parametrize("language", LANGUAGES)


def drawn(language):
    random_ = Random(7)
    return [draw_persona(language, random_) for _ in range(DRAWS)]


@each_language
def test_roles_and_tones_are_spread(language):
    """Of a thousand people every role and tone is there, none often; few are alike."""
    people = drawn(language)
    for values, least in (
        (Counter(p.role for p in people), 40),
        (Counter(p.tone for p in people), 12),
    ):
        assert len(values) >= least
        assert max(values.values()) < 2.5 * DRAWS / len(values)
    assert {p.role for p in people} == {p.role for p in personas(language)}
    assert len(set(people)) > 0.8 * DRAWS


@each_language
def test_most_people_are_plain(language):
    """Each way to be odd occurs, and each dimension is plain in most people."""
    people = drawn(language)
    plain = {"knowledge": "informed", "verbosity": "plain", "habit": "plain", "patience": "patient"}
    for dimension, usual in plain.items():
        count = Counter(getattr(person, dimension) for person in people)
        assert count[usual] > 0.5 * DRAWS
        assert min(count.values()) > 0.04 * DRAWS
    odd = [sum(getattr(p, name) != usual for name, usual in plain.items()) for p in people]
    assert 0.15 * DRAWS < odd.count(0) < 0.5 * DRAWS


def test_english_words_are_mixed_in_in_chinese_offices_only():
    """Code-switching is a habit of Chinese office workers, and of nobody else."""
    habits = {language: {p.habit for p in drawn(language)} for language in LANGUAGES}
    assert habits == {"en": {"plain", "vague"}, "zh": {"plain", "vague", "code_switching"}}
    mixing = {p.role for p in drawn("zh") if p.habit == "code_switching"}
    assert mixing <= office_roles("zh") < {p.role for p in personas("zh")}


@each_language
def test_who_knows_a_subject_is_not_vague(language):
    """Vague words and expert knowledge never meet."""
    assert not [p for p in drawn(language) if (p.knowledge, p.habit) == ("expert", "vague")]


@each_language
def test_the_seed_decides(language):
    """Equal seeds give equal people."""
    assert drawn(language) == drawn(language)


@each_language
def test_a_person_is_one_phrase(language):
    """Role and tone stand in it, what is plain does not, and each oddity makes it longer."""
    plain = Persona(role="护士" if language == "zh" else "a nurse", tone="t")
    odd = [
        {"knowledge": "novice"},
        {"knowledge": "expert"},
        {"verbosity": "terse"},
        {"verbosity": "rambling"},
        {"habit": "vague"},
        {"habit": "code_switching"},
        {"patience": "impatient"},
    ]
    said = [describe(plain.model_copy(update=change), language) for change in odd]
    phrase = describe(plain, language)
    assert plain.role in phrase and plain.tone in phrase
    assert len(set(said)) == len(odd) and all(len(one) > len(phrase) for one in said)


@each_language
def test_every_persona_can_be_described(language):
    """A phrase is one short line in its language, with no word that would count as copied."""
    for person in drawn(language):
        phrase = describe(person, language)
        assert "\n" not in phrase and "  " not in phrase and len(phrase) < 160
        assert in_language(phrase, language) and not copies_prompt(phrase)
