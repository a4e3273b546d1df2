"""What a passage is about for a user, and the sentence that proves it."""

import pytest

from fc_distilabel.schemas import violations
from fc_distilabel.synthesis.data import actions
from fc_distilabel.synthesis.scenarios import MAX_REQUEST, mine_scenario
from fc_distilabel.types import LANGUAGES, Passage
from talk import Scripted, asker, drop_of, run

SENTENCES = {
    "en": (
        "Marlowe lies on the coast.",
        "Damaged boots are exchanged within thirty days of purchase.",
        "The staff are glad to help.",
    ),
    "zh": ("马洛在海边。", "损坏的靴子可在购买后三十天内更换。", "店员乐意帮忙。"),
}
PROVING = 1
"""Index of the sentence that a request about boots rests on."""
THINGS = {"en": "my damaged boots", "zh": "损坏的靴子"}
TITLES = {"en": "Marlowe", "zh": "马洛"}
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


def action_of(request, language):
    """The action that a reply must be of, by the beginnings that its schema allows."""
    return next(a for a in actions(language) if not violations(request.response_schema, says(a)))


def says(action, thing=None, language=None, **changes):
    language = language or ("zh" if action.request[0][0] > "z" else "en")
    gap = "" if language == "zh" else " "
    request = f"{action.request[0]}{gap}{thing or THINGS[language]}"
    return {"request": request} | changes


def good(language="en", **said):
    return Scripted(request=lambda request: says(action_of(request, language), **said))


def mined(model, language="en", row=0):
    return mine_scenario(asker(model, language, "scenario", row), passage(language))


@each_language
def test_a_scenario_rests_on_a_whole_sentence(language):
    """Evidence is the passage's own sentence, copied whole, with its index in the document."""
    scenario = run(mined(good(language), language))
    [evidence] = scenario.evidence
    assert evidence.text == SENTENCES[language][PROVING]
    assert evidence.index == START + PROVING
    assert scenario.user_goal.endswith(THINGS[language])
    assert (scenario.document, scenario.passage_id) == ("boots.md", "p1")
    assert (scenario.language, scenario.domain) == (language, TITLES[language])


@each_language
def test_the_goal_is_of_its_action(language):
    """What is wanted begins as the drawn action does; rows draw different actions, some rarely."""
    found = set()
    for row in range(150):
        scenario = run(mined(good(language), language, row))
        action = next(a for a in actions(language) if a.name == scenario.action)
        assert scenario.user_goal.startswith(action.request)
        found.add(action.name)
    # The last rank comes only where all others failed.
    assert found == {action.name for action in actions(language) if action.rank < 2}


@each_language
def test_digits_and_names_of_the_wrong_sort_are_impossible(language):
    """The schema holds the decoder to a request without digits, of this action, in bounds."""
    model = good(language)
    run(mined(model, language))
    [request] = model.requests
    action = action_of(request, language)
    schema = request.response_schema
    thing = THINGS[language]
    longest = "x" if language == "en" else "靴"
    assert not violations(schema, says(action))
    for bad in (f"{thing}12", f"{thing} at 5 pm", f"{thing}。", longest * 200, ""):
        assert violations(schema, says(action, language=language) | {"request": bad})
        assert violations(schema, says(action, bad or " ", language))
    other = next(a for a in actions(language) if a != action)
    assert violations(schema, says(other))


@each_language
def test_another_action_is_tried_after_a_refusal(language):
    """Where one sort of action finds nothing, the next is asked for, and none twice."""
    asked = []

    def reply(request):
        action = action_of(request, language)
        asked.append(action.name)
        off_topic = "the weather forecast" if language == "en" else "明日天气预报"
        return says(action, off_topic if len(asked) < 3 else None, language)

    scenario = run(mined(Scripted(request=reply), language))
    assert scenario.action == asked[-1]
    assert len(set(asked)) == len(asked) == 3


REFUSED = {
    "en": [
        {"thing": "the weather forecast"},
        {"thing": "my boots at the library"},
        {"thing": "boots from this text"},
        {"thing": "the boots of marlowe"},
        {"thing": ("my damaged boots " * 9)[: MAX_REQUEST["en"]].strip()},
    ],
    "zh": [
        {"thing": "明日天气预报"},
        {"thing": "损坏的借书证"},
        {"thing": "这段文字的靴子"},
        {"thing": "马洛的靴子"},
        {"thing": ("损坏的靴子" * 9)[: MAX_REQUEST["zh"]]},
    ],
}


@pytest.mark.parametrize(
    ("language", "said"), [(language, said) for language in LANGUAGES for said in REFUSED[language]]
)
def test_what_is_not_of_the_passage_is_refused(language, said):
    """Off topic, copied from our prompt, only the title or cut off: dropped after all."""
    model = good(language, **said)
    assert drop_of(mined(model, language)).reason == "reply refused"
    assert len(model.requests) == len(actions(language))


def test_a_drop_says_what_was_wrong_last():
    """A passage without a usable request is dropped with the last complaint."""
    model = good(thing="the weather forecast")
    dropped = drop_of(mined(model))
    assert "the weather forecast" in dropped.detail
    assert drop_of(mined(Scripted(request=["scrawl"]))).reason == "reply is not JSON"


@each_language
def test_equal_rows_give_equal_scenarios(language):
    """A scenario depends on row, passage and reply alone; its identity is its content's."""
    first = run(mined(good(language), language, 3))
    assert first == run(mined(good(language), language, 3))
    others = {run(mined(good(language), language, row)).id for row in range(20)}
    assert len(others) > 1


@each_language
def test_the_model_reads_the_passage(language):
    """Title and all sentences stand in the prompt, and what the person wants."""
    model = good(language)
    run(mined(model, language))
    [prompt] = model.asked("request")
    assert all(sentence in prompt for sentence in SENTENCES[language])
    assert passage(language).title in prompt
    assert action_of(model.requests[0], language).wish in prompt
