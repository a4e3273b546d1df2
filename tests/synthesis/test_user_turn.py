"""The user's message: which is accepted, which is asked for again, and when notes must do."""

import re

import pytest

from fc_distilabel.synthesis.blueprints import plan_blueprint
from fc_distilabel.synthesis.user_turn import MAX_MESSAGE, MESSAGES, user_message
from fc_distilabel.types import KINDS, LANGUAGES
from talk import (
    SHAPES,
    Scripted,
    asker,
    drop_of,
    gold_reply,
    good,
    good_message,
    run,
    toolset,
)

MIXES = [(kind, language) for kind in KINDS for language in LANGUAGES]


def blueprint(kind="single", language="en", shape=SHAPES[0], seed=0):
    return plan_blueprint(toolset(language, shape), kind, (7, seed))


def told(plan, model):
    return run(user_message(asker(model, plan.scenario.language), plan))


@pytest.mark.parametrize(("kind", "language"), MIXES)
def test_a_good_message_is_taken(kind, language):
    """A message that says every value, and gives the gold calls back, costs two requests."""
    for shape in SHAPES:
        plan = blueprint(kind, language, shape)
        model = good(plan)
        assert told(plan, model) == (good_message(plan), "model")
        assert len(model.requests) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_model_is_told_what_to_say(language):
    """Persona, goal and every value as it is said stand in the prompt; no tool does."""
    plan = blueprint("parallel", language)
    model = good(plan)
    told(plan, model)
    [prompt] = model.asked("message")
    assert plan.persona.role in prompt and plan.scenario.user_goal in prompt
    assert all(fact.said in prompt and fact.label in prompt for fact in plan.facts)
    assert not any(tool.name in prompt for tool in plan.tools)


def lacking(plan):
    return good_message(plan).replace(plan.facts[-1].said, "some")


def too_much(plan):
    words = " Send 79 more." if plan.scenario.language == "en" else "另外再要79个。"
    return good_message(plan) + words


def flipped(plan):
    english = plan.scenario.language == "en"
    return good_message(plan) + (" How can I help you?" if english else "请问有什么可以帮您？")


def other_language(plan):
    english = plan.scenario.language == "en"
    words = "谢谢你" if english else " thank you very much for the kind help with all of it " * 2
    return good_message(plan) + words


def naming(plan):
    return f"{good_message(plan)} {plan.tools[0].name}"


def aimless(plan):
    return "，".join(fact.said for fact in plan.facts) + (
        ", thanks." if plan.scenario.language == "en" else "，谢谢大家。"
    )


def cut(plan):
    filler = " please" if plan.scenario.language == "en" else "谢谢"
    return (good_message(plan) + filler * MAX_MESSAGE)[:MAX_MESSAGE]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "spoil", [lacking, too_much, flipped, other_language, naming, aimless, cut]
)
def test_a_bad_message_is_asked_for_again(spoil, language):
    """Missing or invented values, a changed role or language, tool names: none of it passes."""
    plan = blueprint("multiple", language)
    model = good(plan, message=[{"message": spoil(plan)}, {"message": good_message(plan)}])
    assert told(plan, model) == (good_message(plan), "model")
    first, second = model.asked("message")
    assert second.startswith(first) and len(second) > len(first)


@pytest.mark.parametrize(("kind", "language"), MIXES)
def test_notes_take_over_where_the_model_fails(kind, language):
    """When no message passes, one in note form says every value, and the row says who wrote it."""
    plan = blueprint(kind, language)
    model = good(plan, message=[{"message": lacking(plan)}])
    message, author = told(plan, model)
    assert author == "code"
    assert all(fact.said in message for fact in plan.facts)
    assert plan.scenario.user_goal in message
    [extraction] = model.asked("calls")
    assert message in extraction


def other(plan, **arguments):
    """The gold reply with other arguments in its first call."""
    reply = gold_reply(plan)
    calls = reply if isinstance(reply, list) else [reply]
    changed = [calls[0] | {"arguments": calls[0]["arguments"] | arguments}, *calls[1:]]
    return changed if isinstance(reply, list) else changed[0]


@pytest.mark.parametrize(("kind", "language"), MIXES)
def test_a_message_that_gives_other_calls_is_refused(kind, language):
    """A message is accepted only when tools and message alone give the gold calls again."""
    plan = blueprint(kind, language)
    wrong = other(plan, place="somewhere else")
    model = good(plan, calls=[wrong, gold_reply(plan)])
    assert told(plan, model) == (good_message(plan), "model")
    assert len(model.asked("message")) == 2
    dropped = drop_of(user_message(asker(good(plan, calls=[wrong]), language), plan))
    assert dropped.reason == "re-extraction differs from the gold calls"
    assert "somewhere else" in dropped.detail


def test_the_last_resort_is_bounded():
    """Whatever the model does, so many messages are looked at, the last in note form."""
    plan = blueprint()
    model = good(plan, calls=[other(plan, place="somewhere else")])
    drop_of(user_message(asker(model), plan))
    assert len(model.asked("calls")) == MESSAGES
    assert len(model.asked("message")) == MESSAGES - 1
    seeds = [request.seed for request in model.requests]
    assert len(set(seeds)) == len(seeds)


def test_a_reply_that_is_no_call_refuses_too():
    """A second look that gives no valid call at all is no proof."""
    plan = blueprint()
    reply = {"name": plan.tools[0].name, "arguments": {}}
    assert drop_of(user_message(asker(good(plan, calls=[reply])), plan)).reason


def test_a_missing_call_refuses():
    """Of two parallel calls, one alone does not do."""
    plan = blueprint("parallel")
    assert drop_of(user_message(asker(good(plan, calls=[gold_reply(plan)[:1]])), plan)).reason


def test_spelling_and_order_do_not_count():
    """The case of letters and the order of calls differ, and so do 4 and 4.0: still the same."""
    plan = blueprint("parallel", shape=(("place", "text"), ("budget", "amount")))
    calls = [
        c
        | {
            "arguments": {
                "place": c["arguments"]["place"].upper(),
                "budget": float(c["arguments"]["budget"]),
            }
        }
        for c in reversed(gold_reply(plan))
    ]
    assert told(plan, good(plan, calls=[calls])) == (good_message(plan), "model")


def test_an_empty_value_is_left_out():
    """A reading that fills what nobody stated with nothing has read the same."""
    plan = blueprint("single")
    reply = gold_reply(plan)
    call = reply[0] if isinstance(reply, list) else reply
    padded = call | {"arguments": call["arguments"] | {"note": "", "extra": None, "filters": {}}}
    tools = tuple(tool.model_copy(update={"parameters": {"type": "object"}}) for tool in plan.tools)
    loose = plan.model_copy(update={"tools": tools})
    assert told(loose, good(loose, calls=[padded])) == (good_message(loose), "model")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_second_look_sees_tools_and_message_only(language):
    """It sees every tool in one line and the message, but nothing of goal, persona or notes."""
    plan = blueprint("multiple", language)
    model = good(plan)
    told(plan, model)
    [prompt] = model.asked("calls")
    assert good_message(plan) in prompt
    assert all(re.search(rf"^{tool.name}\(", prompt, re.MULTILINE) for tool in plan.tools)
    assert plan.persona.role not in prompt and plan.persona.tone not in prompt


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_second_look_sees_the_missing_tool(language):
    """A request that no tool fits must be clear enough for the tool that would have fitted."""
    plan = blueprint("irrelevant", language)
    model = good(plan)
    told(plan, model)
    [prompt] = model.asked("calls")
    for tool in (*plan.tools, plan.missing):
        assert f"{tool.name}(" in prompt
    other_tool = {"name": plan.tools[0].name, "arguments": {}}
    assert drop_of(user_message(asker(good(plan, calls=[other_tool]), language), plan))


def test_a_model_that_only_fails_drops_the_row():
    """Garbage from first to last ends in a drop, not in an error."""
    plan = blueprint()
    model = Scripted(message=["scrawl"], calls=["scrawl"])
    assert drop_of(user_message(asker(model), plan)).reason == "reply is not JSON"
