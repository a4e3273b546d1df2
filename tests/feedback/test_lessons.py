"""What the next run learns from decided records."""

import pytest

from fc_distilabel.feedback.lessons import (
    LEAST_LABELS,
    Learnt,
    calibrated,
    guidance,
)
from fc_distilabel.runs.guidance import MOST
from fc_distilabel.synthesis.judging import shipped_rubrics
from fc_distilabel.types import KINDS
from judges import TOOLS

HOTEL = TOOLS[0]
MESSAGE = {"en": "A table for 4 on March 9, 2026, please.", "zh": "请订2026年3月9日4人的桌子。"}


def row(language="en", score=5, **more):
    """A row as a run writes it, as far as lessons look at it."""
    facts = [
        {"label": "Day", "said": "March 9, 2026", "turn": 0, "told_by": "user"},
        {"label": "Guests", "said": "4", "turn": 0, "told_by": "user"},
        {"label": "Place", "said": "Rome", "turn": 0, "told_by": "system"},
        {"label": "Seat", "said": "window", "turn": 1, "told_by": "user"},
    ]
    return {
        "id": "r1",
        "kind": "single",
        "language": language,
        "user_goal": "Find a table.",
        "persona": {"role": "a guest", "tone": "calm", "habit": "plain", "verbosity": "terse"},
        "facts": facts,
        "messages": [
            {"role": "system", "content": ""},
            {"role": "user", "content": MESSAGE[language]},
        ],
        "wording": {"user": "model"},
        "gold_calls": [{"name": HOTEL.name, "arguments": {}}],
        "tools": [HOTEL.openai()],
        "judgement": {"turns": [{"scores": {"naturalness": score, "intent_match": 5}}]},
    } | more


def learnt(outcome, *classes, **more):
    return Learnt(row(**more), outcome, frozenset(classes))


def test_approved_messages_become_examples():
    """What a user said at first, with the notes that it came from; form by form."""
    found = guidance([learnt("approved"), learnt("approved", language="zh", kind="parallel")])
    [english] = found.of_form("en", "terse")
    assert english.message == MESSAGE["en"]
    assert english.notes == "want: Find a table; Day: March 9, 2026; Guests: 4"
    [chinese] = found.of_form("zh", "parallel")
    assert chinese.notes == "想办：Find a table；Day：March 9, 2026；Guests：4"


@pytest.mark.parametrize(
    "records",
    [
        [learnt("rejected")],
        [learnt("corrected")],
        [learnt("approved", wording={"user": "code"})],
        [learnt("approved", facts=[])],
        [learnt("approved", messages=[{"role": "user", "content": 'Say "hi"'}])],
    ],
)
def test_other_messages_do_not(records):
    """Rows that were not approved, messages that code wrote, and what would garble a prompt."""
    assert guidance(records).examples == {}


def test_mistakes_raise_the_kinds_that_exercise_them():
    """In proportion to how many records have them, up to a bound; approved rows count as none."""
    some = [learnt("rejected", "missing required"), *(learnt("approved") for _ in range(3))]
    assert guidance(some).emphasis == {"missing_parameter": 1.5}
    every = guidance([learnt("corrected", "wrong function")] * 4).emphasis
    assert every == {"missing_function": MOST, "multiple": MOST}
    assert guidance([learnt("rejected", "unnatural", "format")]).emphasis == {}
    assert set(every) <= set(KINDS)


def test_rejected_scenarios_are_avoided():
    """Where the fault lies in what was planned: the goal always, the tool if it is named."""
    bare, tools, words = (
        guidance([learnt("rejected", *names)]).avoid
        for names in ((), ("wrong tools",), ("wrong value",))
    )
    assert [(each.goal, each.tool) for each in bare] == [("Find a table.", None)]
    assert [each.tool.name for each in tools] == [HOTEL.name]
    assert words == ()
    assert guidance([learnt("approved")]).avoid == ()


def test_the_judge_is_set_by_people():
    """The pass mark that agrees best with approvals; without enough labels none is made."""
    strict = [learnt("approved", score=5)] * LEAST_LABELS + [learnt("rejected", score=4)] * 3
    assert calibrated(strict)["en"].pass_mark == 5
    assert calibrated(strict)["zh"] == shipped_rubrics()["zh"]
    lenient = [learnt("approved", score=2)] * LEAST_LABELS + [learnt("corrected", score=1)] * 2
    assert calibrated(lenient)["en"].pass_mark == 2
    plain = [learnt("approved", score=5)] * LEAST_LABELS + [learnt("rejected", score=1)] * 2
    assert calibrated(plain)["en"].pass_mark == shipped_rubrics()["en"].pass_mark
    assert calibrated(strict[-4:]) is None
    assert calibrated([learnt("approved")] * 20) is None
    assert calibrated([learnt("approved", judgement=None)] * 20) is None
