"""The assistant's words: outcomes told whole, nothing made up, and who wrote them."""

import pytest

from fc_distilabel.synthesis.assistant_turn import MAX_ANSWER, REFUSALS, decline, tell_results
from fc_distilabel.synthesis.blueprints import plan_blueprint
from fc_distilabel.synthesis.wording import in_language
from fc_distilabel.types import LANGUAGES, canonical_json
from fc_distilabel.verifiers import unsupported_values
from talk import SHAPES, asker, field, good, good_answer, good_message, run, told, toolset

KINDS = ("single", "multiple", "parallel")
MIXES = [(kind, language) for kind in KINDS for language in LANGUAGES]


def blueprint(kind="single", language="en", shape=SHAPES[0], seed=0, **changes):
    return plan_blueprint(toolset(language, shape, **changes), kind, (7, seed))


def told_by(plan, model):
    line = asker(model, plan.scenario.language)
    turn = decline if plan.missing else tell_results
    return run(turn(line, plan, good_message(plan)))


def sources(plan):
    return [good_message(plan), *(canonical_json(result) for result in plan.results)]


@pytest.mark.parametrize(("kind", "language"), [*MIXES, ("irrelevant", "en"), ("irrelevant", "zh")])
def test_a_good_answer_is_taken(kind, language):
    """An answer that tells what it must and no more is the model's own."""
    for shape in SHAPES:
        plan = blueprint(kind, language, shape)
        model = good(plan)
        assert told_by(plan, model) == (good_answer(plan), "model")
        assert len(model.requests) == 1


@pytest.mark.parametrize(("kind", "language"), MIXES)
def test_the_model_is_told_the_outcome(kind, language):
    """Every value of every result stands in the prompt as it is to be said."""
    plan = blueprint(kind, language)
    model = good(plan)
    told_by(plan, model)
    [prompt] = model.asked("reply")
    assert good_message(plan) in prompt
    assert all(value in prompt for value in told(plan))


def lacking(plan):
    return good_answer(plan).replace(told(plan)[-1], "...")


def invented(plan):
    words = " That is 79 in all." if plan.scenario.language == "en" else "一共79元。"
    return good_answer(plan) + words


def naming(plan):
    return f"{good_answer(plan)} {plan.tools[0].name}"


def other_language(plan):
    english = plan.scenario.language == "en"
    return good_answer(plan) + ("谢谢" if english else " thank you for all of your patience " * 3)


def copying(plan):
    english = plan.scenario.language == "en"
    return good_answer(plan) + (" Your library card is renewed." if english else "借书证已续期。")


def cut(plan):
    filler = " gladly" if plan.scenario.language == "en" else "您好"
    return (good_answer(plan) + filler * MAX_ANSWER)[:MAX_ANSWER]


SPOILS = [lacking, invented, naming, other_language, copying, cut]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("spoil", SPOILS)
def test_a_bad_answer_is_asked_for_again(spoil, language):
    """A value left out or made up, a tool's name, other words than this request's: refused."""
    plan = blueprint("single", language)
    model = good(plan, reply=[{"reply": spoil(plan)}, {"reply": good_answer(plan)}])
    assert told_by(plan, model) == (good_answer(plan), "model")
    first, second = model.asked("reply")
    assert second.startswith(first) and len(second) > len(first)


@pytest.mark.parametrize(("kind", "language"), MIXES)
@pytest.mark.parametrize("shape", SHAPES)
def test_code_tells_what_the_model_does_not(kind, language, shape):
    """After all tries code words the outcome: every value, nothing unsupported, and it says so."""
    for seed in range(6):
        plan = blueprint(kind, language, shape, seed)
        answer, author = told_by(plan, good(plan, reply=[{"reply": lacking(plan)}]))
        assert author == "code"
        assert all(value in answer for value in told(plan))
        assert unsupported_values(answer, sources(plan)) == []
        assert in_language(answer, language, [fact.said for fact in plan.facts])


def test_code_wording_of_titles_is_supported():
    """A description In Title Case does not make code's own wording look invented."""
    result = [
        field("en", "spot", "choice", "Seat Found"),
        field("en", "price", "amount", "Total Price Due"),
    ]
    for kind in KINDS:
        plan = blueprint(kind, result=result)
        answer, author = told_by(plan, good(plan, reply=["scrawl"]))
        assert author == "code"
        assert unsupported_values(answer, sources(plan)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_parallel_outcomes_are_told_apart(language):
    """Where calls differ in one value, the answer must name that value of each."""
    plan = blueprint("parallel", language)
    subjects = [f.said for f in plan.facts if sum(g.label == f.label for g in plan.facts) == 2]
    assert len(subjects) == 2
    short = good_answer(plan).replace(subjects[1], "...")
    model = good(plan, reply=[{"reply": short}])
    answer, author = told_by(plan, model)
    assert author == "code"
    assert all(subject in answer for subject in subjects)
    assert all(subject in model.asked("reply")[0] for subject in subjects)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_says_that_it_cannot(language):
    """Kind words that promise or chat are no refusal; code refuses in the model's place."""
    plan = blueprint("irrelevant", language)
    kind = "Sure, happy to do that." if language == "en" else "好的，马上为您处理。"
    again = good(plan, reply=[{"reply": kind}, {"reply": good_answer(plan)}])
    assert told_by(plan, again) == (good_answer(plan), "model")
    answer, author = told_by(plan, good(plan, reply=[{"reply": kind}]))
    assert author == "code"
    assert REFUSALS.search(answer)
    assert in_language(answer, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("spoil", [invented, naming, other_language, copying, cut])
def test_a_refusal_makes_nothing_up(spoil, language):
    """A refusal with an invented number, a tool's name or borrowed words is refused itself."""
    plan = blueprint("irrelevant", language)
    answer, author = told_by(plan, good(plan, reply=[{"reply": spoil(plan)}]))
    assert author == "code"
    assert unsupported_values(answer, [good_message(plan)]) == []
    assert not any(tool.name in answer for tool in (*plan.tools, plan.missing))
