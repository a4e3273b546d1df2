"""Calls that people corrected: read, judged, put in place, given back."""

import json

import pytest

import reviews
from fc_distilabel.checking import check_row
from fc_distilabel.exporters.trl import to_trl
from fc_distilabel.feedback.correction_text import prefilled, returned
from fc_distilabel.feedback.corrections import corrected_row, read_correction
from fc_distilabel.feedback.turns import calls_at, compared, in_question
from hotel_talks import SCRIPTS

HOSTILE = "<script>alert(1)</script> $' Rome"


def call(**arguments):
    return {"name": "search_hotels", "arguments": arguments}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", SCRIPTS)
def test_what_is_prefilled_is_what_is_there(name, language):
    """Whoever changes nothing has corrected nothing, whatever the kind and however many turns."""
    row = reviews.row(name, language)
    at = in_question(row, compared(row))
    correction = read_correction(row, at, prefilled(row, at, calls_at(row, at)))
    assert not correction.violations and not correction.changed


def test_any_of_several_turns_can_be_corrected():
    """Under the heading of a later message its calls change; the row is cut after them."""
    row = reviews.row("multi_turn")
    text = prefilled(row, 2, calls_at(row, 2))
    assert text.count("// message") == 2
    text = text.replace('"city": "Bern"', '"city": "Rome"')
    correction = read_correction(row, 2, text)
    assert (correction.at, correction.violations) == (6, ())
    new = corrected_row(row, 6, correction.calls)
    assert new["messages"][:6] == row["messages"][:6] and len(new["messages"]) == 7
    assert [made["arguments"]["city"] for made in new["gold_calls"]] == ["Rome", "Rome"]
    assert [c["id"] for m in new["messages"] for c in m.get("tool_calls", ())] == [
        "call_0",
        "call_1",
    ]


def test_a_corrected_row_is_sound():
    """Its calls hold under the verifiers, every value has a source, and TRL's form takes it."""
    row = reviews.row("parallel")
    calls = [call(city="Bern", nights=2)] * 2
    correction = read_correction(row, 2, json.dumps(calls))
    new = corrected_row(row, correction.at, correction.calls)
    assert all(origin["source"] for origin in new["grounding"]) and len(new["grounding"]) == 4
    rules = {v.rule for v in check_row(new, 1).violations if v.severity == "error"}
    assert rules <= {"missing-result"}  # it ends with the call
    assert to_trl(new)["messages"][-1]["tool_calls"][1]["function"] == calls[1]
    assert new["judgement"] is None and "user_goal" in new


def test_values_said_in_other_words_stay_valid():
    """What the row knows to be said (`view` as a choice) holds in a correction too."""
    row = reviews.row("invalid_value:choice")
    at = in_question(row, compared(row))
    arguments = dict(row["messages"][at]["tool_calls"][0]["function"]["arguments"])
    calls = [{"name": "search_views", "arguments": arguments}] * 2
    assert not read_correction(row, at, json.dumps(calls)).violations


def test_a_row_that_others_made_is_held_to_its_schemas():
    """Without a record of what values mean, only the schema can refuse a correction."""
    row = {k: v for k, v in reviews.row().items() if k != "grounding"}
    assert not read_correction(row, 2, json.dumps([call(city="Oslo", nights=2)])).violations
    assert read_correction(row, 2, json.dumps([call(city="Oslo", nights=0)])).violations


@pytest.mark.parametrize("at", [1, 3, 99])
def test_a_heading_must_name_a_message_of_the_assistants(at):
    """A heading that names another message is a violation, not a guess."""
    [violation] = read_correction(reviews.row(), 2, f"// message {at}\n[]").violations
    assert str(at) in violation.message


def test_what_comes_back_says_why_and_can_be_sent_again():
    """Notes stand before the text, nothing in it acts in a browser, and it reads as before."""
    row = reviews.row()
    text = json.dumps([call(city=HOSTILE, nights=2)])
    correction = read_correction(row, 2, text)
    back = returned(text, 2, correction.violations)
    assert back.startswith("// ") and "<script" not in back and "$'" not in back
    assert read_correction(row, 2, back) == correction
    assert returned(back, 2, correction.violations) == back
    words = returned("search <b>Rome</b>", 2, read_correction(row, 2, "search").violations)
    assert words.splitlines()[-1] == "search \uff1cb>Rome\uff1c/b>"
