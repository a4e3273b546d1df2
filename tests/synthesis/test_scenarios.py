"""What a passage is about for a user, and the sentence that proves it."""

import pytest

from fc_distilabel.schemas import violations
from fc_distilabel.synthesis.data import actions
from fc_distilabel.synthesis.scenarios import MAX_REQUEST, REQUESTS, TITLED, TRIES, mine_scenario
from fc_distilabel.types import LANGUAGES, Passage
from talk import Scripted, asker, drop_of, run

SENTENCES = {
    "en": (
        "The town lies on the coast.",
        "Damaged boots are exchanged within thirty days of purchase.",
        "The staff are glad to help.",
    ),
    "zh": ("小镇在海边。", "损坏的靴子可在购买后三十天内更换。", "店员乐意帮忙。"),
}
PROVING = 1
"""Index of the sentence that a request about boots rests on."""
THINGS = {"en": "my damaged boots", "zh": "损坏的靴子"}
TITLES = {"en": "Marlowe", "zh": "马洛"}
MORE = {"en": "within thirty days", "zh": "更换"}
START = 40

each_language = pytest.mark.parametrize("language", LANGUAGES)


def passage(language="en"):
    return Passage(
        id="p1",
        document="boots.md",
        title=TITLES[language],
        language=language,
        start=START,
        sentences=SENTENCES[language],
    )


def request_of(language, thing=None, verb=0):
    """A request that begins as one of the verbs that the passage has words for."""
    begins = next(a for a in actions(language) if a.name == "apply").request[verb]
    return f"{begins}{'' if language == 'zh' else ' '}{thing or THINGS[language]}"


def says(language="en", *things):
    """A reply with these requests; of one, that one thrice."""
    listed = [request_of(language, thing) for thing in things] or [request_of(language)]
    return {"requests": (listed * REQUESTS)[:REQUESTS]}


def mined(model, language="en", row=0):
    return mine_scenario(asker(model, language, "scenario", row), passage(language))


def good(language="en", *things):
    return Scripted(requests=[says(language, *things)])


@each_language
def test_a_scenario_rests_on_a_whole_sentence(language):
    """Evidence is the passage's own sentence, copied whole, with its index in the document."""
    scenario = run(mined(good(language), language))
    evidence = scenario.evidence[0]
    assert evidence.text == SENTENCES[language][PROVING]
    assert evidence.index == START + PROVING
    assert scenario.user_goal.endswith(THINGS[language])
    assert (scenario.document, scenario.passage_id) == ("boots.md", "p1")
    assert (scenario.language, scenario.domain) == (language, TITLES[language])


@each_language
def test_the_goal_is_of_its_action(language):
    """The action is the one whose words the request begins with."""
    for action in actions(language):
        if action.name in ("look_up", "apply"):
            gap = "" if language == "zh" else " "
            said = f"{action.request[-1]}{gap}{THINGS[language]}"
            scenario = run(mined(Scripted(requests=[{"requests": [said] * REQUESTS}]), language))
            assert (scenario.action, scenario.user_goal) == (action.name, said)


@each_language
def test_only_what_the_text_speaks_of_can_be_wanted(language):
    """The schema has no verb for what the passage has no word for: nothing there is cancelled."""
    model = good(language)
    run(mined(model, language))
    schema = model.requests[0].response_schema
    gap = "" if language == "zh" else " "
    for action in actions(language):
        possible = action.name in ("look_up", "apply", "change")
        for begin in action.request:
            said = {"requests": [f"{begin}{gap}{THINGS[language]}"] * REQUESTS}
            assert bool(violations(schema, said)) is not possible


@each_language
def test_digits_and_names_of_the_wrong_sort_are_impossible(language):
    """The schema holds the decoder to requests without digits, in bounds."""
    model = good(language)
    run(mined(model, language))
    schema = model.requests[0].response_schema
    thing = THINGS[language]
    longest = "x" if language == "en" else "靴"
    assert not violations(schema, says(language))
    for bad in (f"{thing}12", f"{thing} at 5 pm", f"{thing}。", longest * 200, " "):
        assert violations(schema, says(language, bad))


@each_language
def test_the_request_that_the_text_bears_out_is_taken(language):
    """Of several requests, that one whose words stand in the passage, wherever it is named."""
    other = "new boots for the winter" if language == "en" else "冬天穿的靴子"
    for things in ((other, THINGS[language]), (THINGS[language], other)):
        scenario = run(mined(good(language, *things), language))
        assert scenario.user_goal == request_of(language, THINGS[language])


@each_language
def test_requests_are_asked_for_again(language):
    """Where none can be used, others are asked for, with other examples and without the title."""
    off_topic = "the weather forecast" if language == "en" else "明日天气预报"
    model = Scripted(requests=[says(language, off_topic)] * 2 + [says(language)])
    assert run(mined(model, language)).user_goal == request_of(language)
    prompts = model.asked("requests")
    assert len(set(prompts)) == len(prompts) == TITLED + 1
    assert [prompt.count(TITLES[language]) for prompt in prompts] == [1, 1, 0]


REFUSED = {
    "en": [
        "the weather forecast",
        "my boots at the library",
        "boots from this text",
        "the boots of marlowe",
        "information about the details",
        "the guide to damaged boots",
        ("my damaged boots " * 9)[: MAX_REQUEST["en"]].strip(),
    ],
    "zh": [
        "明日天气预报",
        "损坏的借书证",
        "这段文字的靴子",
        "马洛的靴子",
        "相关信息",
        "损坏的靴子更换步骤",
        ("损坏的靴子" * 9)[: MAX_REQUEST["zh"]],
    ],
}


@pytest.mark.parametrize(
    ("language", "said"), [(language, said) for language in LANGUAGES for said in REFUSED[language]]
)
def test_what_is_not_of_the_passage_is_refused(language, said):
    """Off topic, vague, copied from our prompt, only the title or cut off: dropped after all."""
    model = good(language, said)
    assert drop_of(mined(model, language)).reason == "reply refused"
    assert len(model.requests) == TRIES


def test_a_drop_says_what_was_wrong_last():
    """A passage without a usable request is dropped with the last complaint."""
    dropped = drop_of(mined(good("en", "the weather forecast")))
    assert "the weather forecast" in dropped.detail
    assert drop_of(mined(Scripted(requests=["scrawl"]))).reason == "reply is not JSON"


@each_language
def test_equal_rows_give_equal_scenarios(language):
    """A scenario depends on row, passage and reply alone; its identity is its content's."""
    first = run(mined(good(language), language, 3))
    assert first == run(mined(good(language), language, 3))
    other = run(
        mined(
            good(language, f"{THINGS[language]}{'' if language == 'zh' else ' '}" + MORE[language]),
            language,
            3,
        )
    )
    assert other.id != first.id


@each_language
def test_the_model_reads_the_passage(language):
    """Title and all sentences stand in the prompt."""
    model = good(language)
    run(mined(model, language))
    [prompt] = model.asked("requests")
    assert all(sentence in prompt for sentence in SENTENCES[language])
    assert passage(language).title in prompt
