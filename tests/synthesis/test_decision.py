"""The assistant's choice: right ones go on, wrong ones are kept with what is wrong with them."""

import pytest

from fc_distilabel.synthesis.blueprints import plan_blueprint
from fc_distilabel.synthesis.decision import decide, require_meaning, same_calls
from fc_distilabel.synthesis.talk import opened
from fc_distilabel.types import LANGUAGES, Message, ToolCall
from talk import Scripted, asker, drop_of, good_message, run, toolset

each_language = pytest.mark.parametrize("language", LANGUAGES)


def heard(kind="single", language="en"):
    plan = plan_blueprint(toolset(language), kind, (7, 0))
    talk = opened(plan, (7,))
    talk.said(Message(role="user", content=good_message(plan)))
    return plan, talk


def written(call, **changes):
    return {"name": call.name, "arguments": call.arguments | changes}


def choices(replies, kind="single", language="en", due=None, draws=1, **model):
    plan, talk = heard(kind, language)
    scripted = Scripted(calls=replies(plan), **model)
    due = plan.gold_calls if due is None else due
    return run(decide(asker(scripted, language), talk, due, draws)), scripted


@each_language
def test_the_gold_call_is_right(language):
    """A model that calls as the blueprint does is right, and is asked once."""
    found, model = choices(lambda plan: [[written(plan.gold_calls[0])]], language=language)
    assert [(c.right, c.error_class) for c in found] == [(True, None)]
    assert len(model.requests) == 1


WRONG = [
    (lambda call: [written(call, place="Room 99")], "wrong value"),
    (lambda call: [written(call), written(call, place="Room 98")], "wrong number of calls"),
    (lambda call: [], "missing call"),
]


@pytest.mark.parametrize(("reply", "error"), WRONG)
def test_a_valid_but_wrong_choice_is_kept_with_its_class(reply, error):
    """What is valid and not the blueprint's is a rejected candidate with a known mistake."""
    found, _ = choices(lambda plan: [reply(plan.gold_calls[0])])
    assert [(c.right, c.error_class, c.violations) for c in found] == [(False, error, ())]


def test_a_call_where_none_is_due_is_unneeded():
    """Where the assistant should ask, a call is a mistake of its own."""
    found, _ = choices(lambda plan: [[written(plan.gold_calls[0])]], due=())
    assert [(c.right, c.error_class) for c in found] == [(False, "unneeded call")]
    found, _ = choices(lambda plan: [[]], due=())
    assert [(c.right, c.calls) for c in found] == [(True, ())]


def test_an_invalid_call_goes_back_and_both_are_kept():
    """Violations are fed back; the refused attempt stays beside the repaired one."""
    found, model = choices(
        lambda plan: [
            [written(plan.gold_calls[0], visit_date="soon")],
            [written(plan.gold_calls[0])],
        ]
    )
    refused, repaired = found
    assert refused.error_class == "wrong value" and refused.violations
    assert repaired.right
    assert "visit_date" in model.asked("calls")[1]


def test_repairing_is_bounded():
    """A model that never mends its call is asked a bounded number of times."""
    found, model = choices(lambda plan: [[written(plan.gold_calls[0], visit_date="soon")]])
    assert not any(c.right for c in found)
    assert len(model.requests) == 3


@pytest.mark.parametrize("text", ["", "scrawl", "[" * 50, '[{"name": "find_table"'])
def test_scrawl_is_no_choice(text):
    """What cannot be read is never taken for a right call, and ends."""
    found, model = choices(lambda plan: [text])
    assert not any(c.right for c in found)
    assert len(model.requests) <= 3


def test_draws_keep_the_distinct_ones():
    """Of several draws, equal ones count once."""
    found, model = choices(
        lambda plan: [
            [written(plan.gold_calls[0])],
            [written(plan.gold_calls[0], place="Room 97")],
            [written(plan.gold_calls[0])],
            [written(plan.gold_calls[0], place="Room 96")],
        ],
        draws=4,
    )
    assert [c.right for c in found] == [True, False, False]
    assert len({r.seed for r in model.requests}) == 4


SAME = [
    ({"a": 5}, {"a": 5.0}, True),
    ({"a": "Pier"}, {"a": "pier"}, True),
    ({"a": 1, "b": ""}, {"a": 1}, True),
    ({"a": 1}, {"a": 2}, False),
    ({"a": [1, 2]}, {"a": [2, 1]}, False),
]


@pytest.mark.parametrize(("one", "other", "same"), SAME)
def test_calls_that_say_the_same(one, other, same):
    """Case, whole floats and empty members do not count; values and their order in lists do."""
    made, due = ToolCall(name="f", arguments=one), ToolCall(name="f", arguments=other)
    assert same_calls([made], [due]) is same
    assert not same_calls([made], [due, due])


@each_language
def test_a_message_must_mean_its_calls(language):
    """A message from which other calls are read is dropped with what was read."""
    plan, talk = heard(language=language)
    right = Scripted(calls=[written(plan.gold_calls[0])])
    run(require_meaning(asker(right, language), talk, plan.gold_calls, 0))
    wrong = Scripted(calls=[written(plan.gold_calls[0], place="Room 95")])
    drop = drop_of(require_meaning(asker(wrong, language), talk, plan.gold_calls, 0))
    assert "Room 95" in drop.detail
