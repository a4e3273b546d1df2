"""The assistant's words: outcomes told whole, nothing made up, and who wrote them."""

import pytest

from fc_distilabel.synthesis.assistant_tasks import MAX_ANSWER, allowed
from fc_distilabel.synthesis.assistant_turn import answer
from fc_distilabel.synthesis.blueprints import plan_blueprint
from fc_distilabel.synthesis.wording import in_language
from fc_distilabel.types import LANGUAGES, Candidate, canonical_json
from fc_distilabel.verifiers import unsupported_values
from fc_distilabel.verifiers.kinds.phrases import DECLINES
from talk import (
    SHAPES,
    asker,
    field,
    good,
    good_answer,
    good_message,
    run,
    talk_until,
    told,
    toolset,
)

KINDS = ("single", "multiple", "parallel")
MIXES = [(kind, language) for kind in KINDS for language in LANGUAGES]


def blueprint(kind="single", language="en", shape=SHAPES[0], seed=0, **changes):
    return plan_blueprint(toolset(language, shape, **changes), kind, (7, seed))


def ended(plan, model, turn=0, draws=1, written=()):
    """The conversation as it stood, and the message that ends an exchange with its author."""
    talk = talk_until(plan, turn)
    talk.also_written(written)
    return talk, *run(answer(asker(model, plan.scenario.language), talk, turn, draws))


def told_by(plan, model, turn=0):
    _, message, author = ended(plan, model, turn)
    return message.content, author


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_model_is_told_the_wish_of_a_later_turn(language):
    """Who is asked for a number says nothing else; what is done with it stands in the prompt."""
    plan = blueprint("missing_parameter", language, SHAPES[1])
    model = good(plan)
    talk, *_ = ended(plan, model, turn=1)
    prompt, *_ = model.asked("reply")
    last = prompt.rpartition(talk.messages[-3].content)[0]
    assert plan.scenario.user_goal.rstrip(".。") in last.rpartition("\n\n")[2]


def lacking(plan):
    text = good_answer(plan)
    for value in told(plan):
        text = text.replace(value, "...")
    return text


def invented(plan):
    words = " That is 79 in all." if plan.scenario.language == "en" else "一共79元。"
    return good_answer(plan) + words


def dated(plan):
    words = " It is free until Monday." if plan.scenario.language == "en" else "星期一之前都有空。"
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


SPOILS = [lacking, invented, dated, naming, other_language, copying, cut]


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
        words, author = told_by(plan, good(plan, reply=[{"reply": lacking(plan)}]))
        assert author == "code"
        assert all(value in words for value in told(plan))
        assert unsupported_values(words, sources(plan)) == []
        assert in_language(words, language, [fact.said for fact in plan.facts])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("shape", SHAPES)
def test_code_adds_what_the_model_leaves_out(language, shape):
    """A text that tells some values of a result and not all is completed, not asked for again."""
    for seed in range(6):
        plan = blueprint("single", language, shape, seed)
        spot, price = told(plan)
        short = f"The spot found is {spot}." if language == "en" else f"找到的座位是{spot}。"
        model = good(plan, reply=[{"reply": short}])
        talk, message, author = ended(plan, model)
        assert author == "both" and len(model.asked("reply")) == 1
        assert message.content.startswith(short) and price in message.content[len(short) :]
        [refused] = talk.candidates
        assert refused.text == short and "missing" in refused.violations[0].message
        talk.said(message, author)
        assert talk.wording["answer"] == "both"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("spoil", [invented, naming, other_language, copying])
def test_nothing_is_added_to_a_text_with_other_faults(spoil, language):
    """Completing a text mends only what it leaves out."""
    plan = blueprint("single", language)
    short = spoil(plan).replace(told(plan)[-1], "...")
    words, author = told_by(plan, good(plan, reply=[{"reply": short}]))
    assert author == "code" and not words.startswith(short)


@pytest.mark.parametrize(
    ("language", "label", "bare", "named"),
    [
        ("en", "Reference of the change", "It was changed to {}.", "The reference is {}."),
        ("en", "PIN", "Please take {}.", "Your pin is {}."),
        ("zh", "变更编号", "变更为{}。", "编号是{}。"),
    ],
)
def test_a_code_is_told_with_what_it_is(language, label, bare, named):
    """A code that a sentence takes for something else is a false answer, with the value in it."""
    plan = blueprint("single", language, result=[field(language, "code", "code", label)])
    [value] = told(plan)
    rest = f" {label}." if language == "en" else f"{label}。"
    assert told_by(plan, good(plan, reply=[{"reply": bare.format(value) + rest}]))[1] == "code"
    good_one = good(plan, reply=[{"reply": named.format(value) + rest}])
    assert told_by(plan, good_one) == (named.format(value) + rest, "model")


def test_code_wording_of_titles_is_supported():
    """A description In Title Case does not make code's own wording look invented."""
    result = [
        field("en", "spot", "choice", "Seat Found"),
        field("en", "price", "amount", "Total Price Due"),
    ]
    for kind in KINDS:
        plan = blueprint(kind, result=result)
        words, author = told_by(plan, good(plan, reply=["scrawl"]))
        assert author == "code"
        assert unsupported_values(words, sources(plan)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_parallel_outcomes_are_told_apart(language):
    """Where calls differ in one value, the answer must name that value of each."""
    plan = blueprint("parallel", language)
    subjects = [f.said for f in plan.facts if sum(g.label == f.label for g in plan.facts) == 2]
    assert len(subjects) == 2
    short = good_answer(plan).replace(subjects[1], "...")
    model = good(plan, reply=[{"reply": short}])
    words, author = told_by(plan, model)
    assert author == "code"
    assert all(subject in words for subject in subjects)
    assert all(subject in model.asked("reply")[0] for subject in subjects)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_says_that_it_cannot(language):
    """Kind words that promise or chat are no refusal; code refuses in the model's place."""
    plan = blueprint("irrelevant", language)
    kind = "Sure, happy to do that." if language == "en" else "好的，马上为您处理。"
    again = good(plan, reply=[{"reply": kind}, {"reply": good_answer(plan)}])
    assert told_by(plan, again) == (good_answer(plan), "model")
    words, author = told_by(plan, good(plan, reply=[{"reply": kind}]))
    assert author == "code"
    assert DECLINES.search(words)
    assert in_language(words, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("spoil", [invented, naming, other_language, copying, cut])
def test_a_refusal_makes_nothing_up(spoil, language):
    """A refusal with an invented number, a tool's name or borrowed words is refused itself."""
    plan = blueprint("irrelevant", language)
    words, author = told_by(plan, good(plan, reply=[{"reply": spoil(plan)}]))
    assert author == "code"
    assert unsupported_values(words, [good_message(plan)]) == []
    assert not any(tool.name in words for tool in (*plan.tools, plan.missing))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["missing_parameter", "invalid_value"])
def test_asking_back_is_checked(kind, language):
    """Small talk is no question for what is missing, and no refusal of what cannot be."""
    plan = blueprint(kind, language, SHAPES[1])
    small = "One moment then." if language == "en" else "好的，稍等一下。"
    again = good(plan, reply=[{"reply": small}, {"reply": good_answer(plan, 0)}])
    assert told_by(plan, again) == (good_answer(plan, 0), "model")
    talk, message, author = ended(plan, good(plan, reply=[{"reply": small}]))
    assert author == "code" and message.content == good_answer(plan, 0)
    assert [c.text for c in talk.candidates] == [small, small]
    assert all(c.violations[0].rule == "answer" and not c.right for c in talk.candidates)


def test_a_refusal_of_a_value_names_all_that_is_possible():
    """Of the values that may be chosen none is left out."""
    plan = blueprint("invalid_value", "en", SHAPES[1])
    words, _ = told_by(plan, good(plan, reply=["scrawl"]))
    path = plan.turns[0].about[0]
    [tool] = [t for t in plan.tools if t.name == plan.asked_calls[0].name]
    allowed = tool.parameters["properties"][path.partition("/")[2]]
    assert all(str(v).replace("_", " ") in words for v in allowed.get("enum", ()))
    assert next(f.said for f in plan.facts if f.path == path and f.turn == 0) in words


def test_words_in_the_place_of_calls_are_the_answer():
    """What an endpoint with native calls said at once is not asked for again."""
    plan = blueprint("missing_parameter")
    good_words = Candidate(at=2, text=good_answer(plan, 0), right=True)
    bad_words = Candidate(at=2, text="Done: 79.", right=True)
    model = good(plan)
    talk, message, author = ended(plan, model, written=[bad_words, good_words])
    assert (message.content, author) == (good_words.text, "model")
    assert not model.requests
    assert [(c.text, c.right) for c in talk.candidates] == [("Done: 79.", False)]


ALLOWED = [
    ({"enum": ["a_b", "c"]}, "one of: a b, c", "a b、c之一"),
    ({"minimum": 1, "maximum": 5}, "from 1 to 5", "1到5"),
    ({"maximum": 5}, "at most 5", "最多5"),
    ({"minLength": 3}, "at least 3 characters", "至少3个字符"),
    ({"pattern": "^OR-[0-9]{4}$"}, "OR- and then 4 digits", "OR-加4位数字"),
    ({"pattern": "^1[3-9][0-9]{9}$"}, "a complete value only", "完整的值"),
]


@pytest.mark.parametrize(("schema", "english", "chinese"), ALLOWED)
def test_what_a_parameter_takes_is_told_in_words(schema, english, chinese):
    """Choices, bounds and plain codes are spelled out; a pattern itself is shown to nobody."""
    assert allowed(schema, "en")[1] == english
    assert allowed(schema, "zh")[1] == chinese
