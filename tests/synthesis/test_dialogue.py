"""Whole conversations: what a good model gives passes every verifier, and so do code's words."""

import json

import pytest

from fc_distilabel.errors import Dropped
from fc_distilabel.synthesis.blueprints import plan_blueprint
from fc_distilabel.synthesis.dialogue import Cast, hold_dialogue
from fc_distilabel.types import KINDS, LANGUAGES, Trajectory
from fc_distilabel.verifiers import verify
from talk import SHAPES, as_reply, asker, drop_of, good, good_answer, good_message, run, toolset

MIXES = [(kind, language) for kind in KINDS for language in LANGUAGES]
each_mix = pytest.mark.parametrize(("kind", "language"), MIXES)


def planned(kind, language, shape=SHAPES[0], seed=0):
    """A blueprint of a plainly spoken person, or a skip where these tools cannot carry the kind."""
    try:
        plan = plan_blueprint(toolset(language, shape), kind, (7, seed))
    except Dropped as drop:
        pytest.skip(f"{drop.reason}: {drop.detail}")
    plain = {"verbosity": "plain", "habit": "plain"}
    return plan.model_copy(update={"persona": plan.persona.model_copy(update=plain)})


def cast(user, assistant, language, row=0, draws=1):
    return Cast(asker(user, language, row=row), asker(assistant, language, row=row), draws)


def held(plan, row=0, draws=1, **changes):
    model = good(plan, **changes)
    return run(hold_dialogue(cast(model, model, plan.scenario.language, row, draws), plan))


@each_mix
@pytest.mark.parametrize("shape", SHAPES)
def test_a_good_models_conversation_is_valid(kind, language, shape):
    """Whatever the kind, language and tool, the trajectory passes all verifiers."""
    for seed in range(4):
        plan = planned(kind, language, shape, seed)
        trajectory = held(plan, seed)
        verdict = verify(trajectory)
        assert verdict.violations == ()
        assert trajectory.wording == {"user": "model", "answer": "model"}
        assert all(origin.source for origin in verdict.provenance)


@each_mix
@pytest.mark.parametrize("shape", SHAPES)
def test_codes_own_words_are_valid(kind, language, shape):
    """Where the model words nothing, code's note forms pass all verifiers too."""
    for seed in range(4):
        plan = planned(kind, language, shape, seed)
        trajectory = held(plan, seed, message=["scrawl"], reply=["scrawl"])
        assert verify(trajectory).violations == ()
        assert trajectory.wording == {"user": "code", "answer": "code"}


@each_mix
def test_the_conversation_is_whole(kind, language):
    """Every exchange has its message, its rounds of calls with results, and its answer."""
    plan = planned(kind, language)
    messages = list(held(plan).messages)
    assert messages.pop(0).role == "system"
    for number, exchange in enumerate(plan.turns):
        assert messages.pop(0).content == good_message(plan, number)
        for numbers in exchange.rounds:
            calls = messages.pop(0).tool_calls
            assert calls == tuple(plan.asked_calls[n] for n in numbers)
            for call, n in zip(calls, numbers, strict=True):
                told = messages.pop(0)
                assert (told.tool_call_id, told.name) == (call.id, call.name)
                assert json.loads(told.content) == plan.results[n]
        assert messages.pop(0).content == good_answer(plan, number)
    assert not messages


@pytest.mark.parametrize("language", LANGUAGES)
def test_system_messages_vary(language):
    """Rows do not all open with the same system message, and none is empty."""
    plan = planned("single", language)
    opened = {held(plan, row).messages[0].content for row in range(40)}
    assert len(opened) > 4 and all(opened)


@each_mix
def test_equal_rows_are_equal_conversations(kind, language):
    """With a model that repeats itself, a row is the same to the byte; it survives its JSON."""
    plan = planned(kind, language)
    text = held(plan).to_json()
    assert text == held(plan).to_json()
    assert Trajectory.model_validate_json(text) == held(plan)


def test_a_dialogue_without_gold_is_dropped():
    """No conversation comes of messages that never give the gold calls."""
    plan = planned("single", "en")
    model = good(plan, calls=["scrawl"])
    assert drop_of(hold_dialogue(cast(model, model, "en"), plan)).reason
    assert not model.asked("reply")


@each_mix
def test_a_wrong_assistant_is_steered_and_kept(kind, language):
    """A wrong choice never reaches the messages; it stays beside them with its mistake."""
    plan = planned(kind, language)
    wrong = plan.gold_calls or plan.asked_calls
    others = [tool for tool in plan.tools if tool.name != wrong[0].name]
    if not others:
        pytest.skip("there is no other tool to call")
    reader = good(plan, calls=_single_or_list(plan))
    confused = good(plan, calls=[[], *[[]] * 20])
    trajectory = run(hold_dialogue(cast(reader, confused, language), plan))
    assert verify(trajectory).violations == ()
    rounds = sum(len(exchange.rounds) for exchange in plan.turns)
    missed = [c for c in trajectory.candidates if c.error_class == "missing call"]
    assert len(missed) == (0 if plan.missing else rounds)


def _single_or_list(plan):
    """What a reader of the conversation gives: calls of the exchange, in the form asked for."""
    turns = iter([exchange for exchange in plan.turns if exchange.rounds])

    def reply(request):
        if plan.missing:
            return as_reply(plan.asked_calls)[0]
        numbers = next(turns).rounds[0]
        calls = as_reply([plan.asked_calls[n] for n in numbers])
        return calls if (request.response_schema or {}).get("type") == "array" else calls[0]

    return reply


@pytest.mark.parametrize("language", LANGUAGES)
def test_draws_leave_right_and_wrong_answers(language):
    """More draws keep further answers, those that are in order and those that are not."""
    plan = planned("single", language)
    best = good_answer(plan)
    wrong = f"{best} 79"
    replies = [{"reply": best}, {"reply": wrong}, {"reply": best + " "}, {"reply": f"{best} OK"}]
    trajectory = held(plan, draws=3, reply=replies)
    assert verify(trajectory).violations == ()
    answers = [c for c in trajectory.candidates if not c.calls]
    assert any(c.violations for c in answers)
