"""Whole conversations: what a good model gives passes every verifier, and so do code's words."""

import json

import pytest

from fc_distilabel.synthesis.blueprints import plan_blueprint
from fc_distilabel.synthesis.dialogue import hold_dialogue
from fc_distilabel.types import KINDS, LANGUAGES, Trajectory
from fc_distilabel.verifiers import verify
from talk import SHAPES, asker, drop_of, good, good_answer, good_message, run, toolset

MIXES = [(kind, language) for kind in KINDS for language in LANGUAGES]
each_mix = pytest.mark.parametrize(("kind", "language"), MIXES)


def held(plan, row=0, **changes):
    model = good(plan, **changes)
    return run(hold_dialogue(asker(model, plan.scenario.language, row=row), plan))


@each_mix
@pytest.mark.parametrize("shape", SHAPES)
def test_a_good_models_conversation_is_valid(kind, language, shape):
    """Whatever the kind, language and tool, the trajectory passes all verifiers."""
    for seed in range(4):
        plan = plan_blueprint(toolset(language, shape), kind, (7, seed))
        trajectory = held(plan, seed)
        verdict = verify(trajectory)
        assert verdict.violations == ()
        assert trajectory.wording == {"user": "model", "answer": "model"}
        values = sum(len(call.arguments) for call in plan.gold_calls)
        assert len([p for p in verdict.provenance if p.source]) == values


@each_mix
@pytest.mark.parametrize("shape", SHAPES)
def test_codes_own_words_are_valid(kind, language, shape):
    """Where the model words nothing, code's note forms pass all verifiers too."""
    for seed in range(4):
        plan = plan_blueprint(toolset(language, shape), kind, (7, seed))
        trajectory = held(plan, seed, message=["scrawl"], reply=["scrawl"])
        assert verify(trajectory).violations == ()
        assert trajectory.wording == {"user": "code", "answer": "code"}


@each_mix
def test_the_conversation_is_whole(kind, language):
    """System, user, calls with one result each, answer; no calls where none is right."""
    plan = plan_blueprint(toolset(language), kind, (7, 0))
    trajectory = held(plan)
    roles = [message.role for message in trajectory.messages]
    results = [m for m in trajectory.messages if m.role == "tool"]
    acting = ["assistant", *["tool"] * len(plan.gold_calls)] if plan.gold_calls else []
    assert roles == ["system", "user", *acting, "assistant"]
    assert trajectory.messages[1].content == good_message(plan)
    assert trajectory.messages[-1].content == good_answer(plan)
    assert [call for m in trajectory.messages for call in m.tool_calls] == list(plan.gold_calls)
    assert [json.loads(m.content) for m in results] == list(plan.results)
    assert [(m.tool_call_id, m.name) for m in results] == [(c.id, c.name) for c in plan.gold_calls]


@pytest.mark.parametrize("language", LANGUAGES)
def test_system_messages_vary(language):
    """Rows do not all open with the same system message, and none is empty."""
    plan = plan_blueprint(toolset(language), "single", (7, 0))
    opened = {held(plan, row).messages[0].content for row in range(40)}
    assert len(opened) > 4 and all(opened)


@each_mix
def test_equal_rows_are_equal_conversations(kind, language):
    """With a model that repeats itself, a row is the same to the byte; it survives its JSON."""
    plan = plan_blueprint(toolset(language), kind, (7, 0))
    text = held(plan).to_json()
    assert text == held(plan).to_json()
    assert Trajectory.model_validate_json(text) == held(plan)


def test_a_dialogue_without_gold_is_dropped():
    """No conversation comes of messages that never give the gold calls."""
    plan = plan_blueprint(toolset(), "single", (7, 0))
    model = good(plan, calls=["scrawl"])
    assert drop_of(hold_dialogue(asker(model), plan)).reason
    assert not model.asked("reply")
