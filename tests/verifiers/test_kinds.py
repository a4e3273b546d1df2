"""The invariants of each kind: sound conversations keep them, and each flaw breaks its rule."""

import json
from pathlib import Path
from typing import Any

import pytest

from fc_distilabel.types import KINDS, LANGUAGES, Trajectory
from fc_distilabel.verifiers import verify
from fc_distilabel.verifiers.kinds import phrases
from hotel_mutants import MUTATIONS, mutant
from hotel_talks import SCRIPTS, hotel_talk

CASES = Path(__file__).parents[1] / "cases"
MUTANTS = json.loads((CASES / "kind_invariants.json").read_text(encoding="utf-8"))
PHRASES = json.loads((CASES / "kind_phrases.json").read_text(encoding="utf-8"))
ACTS = {"asks": phrases.ASKS, "declines": phrases.DECLINES, "refuses": phrases.REFUSES}

each_language = pytest.mark.parametrize("language", LANGUAGES)


@each_language
@pytest.mark.parametrize("name", SCRIPTS)
def test_a_sound_conversation_keeps_all_rules(name: str, language: str) -> None:
    """A conversation of its kind breaks no rule, of the kinds or any other."""
    verdict = verify(hotel_talk(name, language))
    assert verdict.violations == ()
    assert all(origin.source for origin in verdict.provenance)


@each_language
@pytest.mark.parametrize("case", MUTANTS, ids=lambda c: f"{c['talk']} {c['mutation']}")
def test_each_flaw_breaks_its_rule(case: dict[str, Any], language: str) -> None:
    """One thing spoilt in a conversation is reported by its rules and no others."""
    found = verify(mutant(case["talk"], case["mutation"], language), ["kind"]).violations
    assert sorted({violation.rule for violation in found}) == case["expected"]
    assert {violation.severity for violation in found} <= {"error"}


def test_the_table_has_all_kinds_and_mutations() -> None:
    """No kind is without a conversation, and no way to spoil one is left unused."""
    assert {name.partition(":")[0] for name in SCRIPTS} == set(KINDS)
    assert {case["talk"] for case in MUTANTS} == set(SCRIPTS)
    assert {case["mutation"] for case in MUTANTS} == set(MUTATIONS)


@each_language
@pytest.mark.parametrize("name", SCRIPTS)
def test_without_a_blueprint_nothing_is_said(name: str, language: str) -> None:
    """A conversation that others made is of no kind."""
    others = hotel_talk(name, language).model_copy(update={"blueprint": None})
    assert verify(others, ["kind"]).violations == ()


@each_language
@pytest.mark.parametrize("name", SCRIPTS)
def test_a_conversation_cut_anywhere_is_found(name: str, language: str) -> None:
    """Whatever is missing at the end, the verdict says so and never crashes."""
    talk = hotel_talk(name, language)
    for end in range(len(talk.messages)):
        cut = talk.model_copy(update={"messages": talk.messages[:end]})
        assert not verify(cut, ["kind"]).valid


@each_language
def test_messages_in_any_order_are_judged(language: str) -> None:
    """Messages turned round are a violation, not a crash."""
    for name in SCRIPTS:
        talk = hotel_talk(name, language)
        turned = talk.model_copy(update={"messages": talk.messages[::-1]})
        assert not verify(turned, ["kind"]).valid


@pytest.mark.parametrize("case", PHRASES, ids=lambda c: f"{c['act']} {c['text'][:40]}")
def test_what_words_do_is_told_by_their_wording(case: dict[str, Any]) -> None:
    """A question, a refusal of a request and one of a value are known in both languages."""
    assert bool(ACTS[case["act"]].search(case["text"])) is case["expected"]


def places_of(talk: Trajectory) -> list[tuple[str, str, str]]:
    """Rule, place and words of each violation."""
    found = verify(talk, ["kind"]).violations
    return [(violation.rule, violation.path, violation.message) for violation in found]


def test_a_violation_says_where_and_what() -> None:
    """A call too early names its number, the message it stands upon, and the one it is due upon."""
    [early] = places_of(mutant("missing_parameter", "call at once", "en"))
    assert early == (
        "kind-called-early",
        "0",
        'search_hotels({"city":"Rome","nights":3}) is made upon messages/1,'
        " but is due upon messages/5",
    )
    [told] = places_of(mutant("missing_parameter", "fact told early", "en"))
    assert told[:2] == ("kind-told-early", "messages/1")
    assert '"3" (Number of nights)' in told[2]


def test_a_wrong_argument_is_named_with_both_values() -> None:
    """What is and what must be stand side by side."""
    [wrong, overruled] = places_of(mutant("change_of_mind", "old wish called with", "en"))
    assert wrong == ("kind-arguments", "1/city", 'city is "Rome", but must be "Bern"')
    assert overruled[:2] == ("kind-overruled", "1/city")


def test_arguments_that_are_not_json_are_reported() -> None:
    """NaN in a call is a violation, never a crash."""
    row = hotel_talk("change_of_mind", "en").model_dump()
    row["messages"][2]["tool_calls"][0]["arguments"]["city"] = float("nan")
    assert ("kind-arguments", "0/city") in [p[:2] for p in places_of(Trajectory(**row))]
