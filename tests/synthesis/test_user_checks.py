"""What a user's message may be: a table of messages, each with what is wrong with it."""

import json
from pathlib import Path

import pytest

from fc_distilabel.synthesis.blueprints import plan_blueprint
from fc_distilabel.synthesis.user_checks import flaws
from fc_distilabel.synthesis.user_notes import notes_of
from fc_distilabel.types import LANGUAGES, Message
from talk import SHAPES, toolset
from users import before, plan

CASES = json.loads((Path(__file__).parent.parent / "cases" / "user_turns.json").read_text("utf-8"))


def found(blueprint, name, turn, text, **more):
    notes = notes_of(blueprint, turn)
    return [flaw.rule for flaw in flaws(text, notes, before(blueprint, name, turn), **more)]


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{c['language']}-{c['plan']}-{c['description']}" for c in CASES]
)
def test_messages_are_judged_as_the_table_says(case):
    """A message passes, or is refused first for the reason that the table gives."""
    blueprint = plan(case["plan"], case["language"], **case.get("persona", {}))
    rules = found(blueprint, case["plan"], case["turn"], case["message"])
    assert rules[:1] == ([case["rule"]] if case["rule"] else [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_has_every_reason_in_both_languages(language):
    """No reason to refuse is known in one language only, and many messages pass in each."""
    rules = [case["rule"] for case in CASES if case["language"] == language]
    assert set(rules) == {case["rule"] for case in CASES if case["rule"] != "empty"}.union(
        {"empty"} if language == "en" else ()
    )
    assert rules.count("") >= 15


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_comes_twice(language):
    """What the user said once is refused, and so is the same with other values in it."""
    blueprint = plan("again", language)
    opening = before(blueprint, "again", 1)[1].content
    old, new = blueprint.facts[1].said, blueprint.facts[-1].said
    assert "copy" in found(blueprint, "again", 1, opening)
    assert found(blueprint, "again", 1, opening.replace(old, new)) == ["copy"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_assistants_words_with_other_values_are_no_request(language):
    """A user who asks for more does not state its result, in the words that were just heard."""
    blueprint = plan("again", language)
    old, new = blueprint.facts[1].said, blueprint.facts[-1].said
    words = {"en": "There are free tables at {} then.", "zh": "{}那天还有不少空位。"}[language]
    heard = [*before(blueprint, "again", 0), Message(role="assistant", content=words.format(old))]
    rules = [flaw.rule for flaw in flaws(words.format(new), notes_of(blueprint, 1), heard)]
    assert rules == ["role"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_of_a_result_is_no_day_of_the_next_request(language):
    """The call keeps the first day; who hears another one could not know."""
    blueprint = plan("again", language)
    place, day = blueprint.facts[-1].said, {"en": "May 18, 2026", "zh": "2026年5月18日"}[language]
    text = {"en": "And the same for {}, {}?", "zh": "那{}，{}呢？"}[language].format(place, day)
    answer = {"en": f"It is held until {day}.", "zh": f"保留到{day}。"}[language]
    heard = [*before(blueprint, "again", 0), Message(role="assistant", content=answer)]
    rules = [flaw.rule for flaw in flaws(text, notes_of(blueprint, 1), heard)]
    assert rules == ["invented"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_assistant_and_the_tools_said_is_no_invention(language):
    """A value that was heard may be spoken of; one that only the system knows may not."""
    blueprint = plan("again", language)
    said = blueprint.facts[-1].said
    aside = {
        "en": "{}, please, the one for 72.50?",
        "zh": "{}，72.50元的那种可以吗？",
    }[language].format(said)
    heard = before(blueprint, "again", 1)
    result = Message(role="tool", content='{"price": 72.5}', tool_call_id="c", name="find_table")
    system = Message(role="system", content="Account: 72.50")
    notes = notes_of(blueprint, 1)
    assert not list(flaws(aside, notes, [*heard, result]))
    assert [flaw.rule for flaw in flaws(aside, notes, [*heard, system])] == ["invented"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_today_may_be_said_where_the_system_tells_the_date(language):
    """`today` is an invented day, unless the date is in the system message."""
    known = plan("known", language)
    facts = known.facts
    text = {
        "en": "Please find a table at the harbour restaurant, Pier Garden, 4 guests, today.",
        "zh": "麻烦查一下海港餐厅今天的空位，码头花园，4个人。",
    }[language]
    dated = [f.model_copy(update={"told_by": "system"}) if f is facts[0] else f for f in facts]
    told = known.model_copy(update={"facts": tuple(dated)})
    assert found(told, "known", 0, text) == []
    without = known.model_copy(update={"facts": facts[1:]})
    assert found(without, "known", 0, text) == ["invented"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_overruled_value_is_not_asked_for_again(language):
    """Who changes a value does not name the old one beside it, but as what it was."""
    plan = plan_blueprint(toolset(language, SHAPES[1]), "change_of_mind", (7, 0))
    [new] = [fact for fact in plan.facts if fact.turn == 1]
    rest = new.path.partition("/")[2]
    [old] = [f for f in plan.facts if f.turn == 0 and f.path.partition("/")[2] == rest]
    both, contrast = (" and ", " instead of ") if language == "en" else ("和", "，不要")
    opening = "Please take " if language == "en" else "请按这个办："
    rules = [
        [flaw.rule for flaw in flaws(f"{opening}{new.said}{join}{old.said}", notes_of(plan, 1))]
        for join in (both, contrast)
    ]
    assert "overruled" in rules[0] and "overruled" not in rules[1]
