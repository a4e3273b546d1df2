"""The user's turns: what the model is told, what is taken, what ends in a drop, and note forms."""

import json
import re

import pytest

from fc_distilabel.errors import Dropped
from fc_distilabel.synthesis.blueprints import plan_blueprint
from fc_distilabel.synthesis.chat import Completion
from fc_distilabel.synthesis.user_checks import flaws
from fc_distilabel.synthesis.user_notes import notes_of, telling
from fc_distilabel.synthesis.user_turn import NOTE_VARIANTS, TRIES, note_turn, word_turn
from fc_distilabel.types import KINDS, LANGUAGES, Message
from talk import SHAPES, Scripted, asker, drop_of, run, toolset
from users import TURNS, before, plan

PLACES = [(name, turn) for name, (exchanges, _) in TURNS.items() for turn in range(len(exchanges))]
each_place = pytest.mark.parametrize(("name", "turn"), PLACES)
each_language = pytest.mark.parametrize("language", LANGUAGES)
MESSAGES = {
    ("en", 0): "Please find a table at the harbour restaurant for March 9, 2026, 4 guests at {}.",
    ("zh", 0): "麻烦查一下海港餐厅2026年3月9日的空位，4个人，{}。",
    ("en", 1): "Then for 4, please.",
    ("zh", 1): "那就4个人吧。",
}


def worded(model, blueprint, name, turn, draw=0):
    language = blueprint.scenario.language
    heard = before(blueprint, name, turn)
    return word_turn(asker(model, language), blueprint, turn, heard, draw)


def message(language, turn):
    place = plan("single", language).facts[1].said
    return MESSAGES[language, turn].format(place)


@each_language
def test_a_good_message_is_taken_at_once(language):
    """A message without a flaw costs one request and is returned as it is."""
    for name, turn in (("single", 0), ("refused", 1)):
        model = Scripted(message=[{"message": f" {message(language, turn)}\n"}])
        assert run(worded(model, plan(name, language), name, turn)) == message(language, turn)
        assert len(model.requests) == 1


@each_language
@each_place
def test_the_model_is_told_what_this_turn_says_and_no_more(name, turn, language):
    """Persona and due values stand in the prompt; no withheld value, tool or parameter does."""
    blueprint = plan(name, language)
    model = Scripted(message=["scrawl"])
    drop_of(worded(model, blueprint, name, turn))
    prompt = model.asked("message")[0]
    notes = notes_of(blueprint, turn)
    heard = " ".join(m.content for m in before(blueprint, name, turn)[1:])
    assert blueprint.persona.role in prompt
    assert all(fact.said in prompt and fact.label in prompt for fact in notes.facts)
    last = prompt.splitlines()[-1]
    unsaid = [f.said for f in (*notes.later, *notes.silent) if f.said not in notes.said]
    assert not any(re.search(rf"\b{said}\b", last) for said in unsaid)
    assert not any(said in prompt for said in unsaid if len(said) > 1 and said not in heard)
    assert not any(tool.name in prompt for tool in blueprint.tools)
    assert not re.search("visit_|bookingCode", prompt)


@each_language
def test_the_model_sees_what_it_answers(language):
    """A later turn shows the assistant's last words, whatever tools gave back in between."""
    blueprint = plan("refused", language)
    heard = before(blueprint, "refused", 1)
    model = Scripted(message=[{"message": message(language, 1)}])
    acted = [Message(role="tool", content="{}", tool_call_id="c", name="find_table")]
    run(word_turn(asker(model, language), blueprint, 1, [*heard, *acted], 0))
    assert heard[-1].content in model.asked("message")[0]


@each_language
def test_a_further_wish_is_told_in_words(language):
    """Where a later turn is about another tool, its description tells the wish."""
    for name, wish in (("other", {"en": "cancel the reservation", "zh": "取消"}), ("again", {})):
        blueprint = plan(name, language)
        model = Scripted(message=["scrawl"])
        drop_of(worded(model, blueprint, name, 1))
        assert notes_of(blueprint, 1).form == name
        last = model.asked("message")[0].splitlines()[-1]
        assert wish.get(language, "") in last and wish.get(language, "") in note_turn(blueprint, 1)


@each_language
def test_what_is_wrong_goes_back_with_the_next_try(language):
    """A refused message is asked for again, with what was wrong with it."""
    blueprint = plan("refused", language)
    flawed = message(language, 1).replace("4", "5")
    model = Scripted(message=[{"message": flawed}, {"message": message(language, 1)}])
    assert run(worded(model, blueprint, "refused", 1)) == message(language, 1)
    first, second = model.asked("message")
    assert second.startswith(first) and flawed in second


ENDLESS = Completion(text='{"message": "Hello hello hello', finish_reason="length")
BAD = {
    "empty": {"message": ""},
    "blank": {"message": " \n "},
    "no JSON": "Sure!",
    "endless": ENDLESS,
    "too long": {"message": "please " * 100},
    "flipped": {"message": "How can I help you? 您好，请问有什么可以帮您？"},
    "nothing of it": {"message": "Please do it. 请帮我办一下。"},
}


@pytest.mark.parametrize("bad", BAD)
@each_language
@each_place
def test_a_model_that_only_fails_ends_in_a_drop(name, turn, language, bad):
    """Empty, endless, unreadable or in the wrong role: after bounded tries the turn is dropped."""
    model = Scripted(message=[BAD[bad]])
    assert drop_of(worded(model, plan(name, language), name, turn)).reason
    assert len(model.requests) == TRIES


@each_language
def test_a_model_that_repeats_itself_ends_in_a_drop(language):
    """The opening again is no answer, with its values in it or with those that are due."""
    blueprint = plan("again", language)
    opening = before(blueprint, "again", 1)[1].content
    old, new = blueprint.facts[1].said, blueprint.facts[-1].said
    for text in (opening, opening.replace(old, new)):
        model = Scripted(message=[{"message": text}])
        assert drop_of(worded(model, blueprint, "again", 1)).reason == "reply refused"


@each_language
def test_a_copy_of_the_example_is_no_message(language):
    """A model that gives back the message that the prompt shows is refused, at every turn."""
    for name, turn in PLACES:

        def copying(request):
            text = request.messages[0]["content"]
            return json.loads(re.search(r'^\{"message".*\}$', text, re.MULTILINE)[0])

        drop_of(worded(Scripted(message=copying), plan(name, language), name, turn))


@each_language
def test_draws_differ_and_repeat(language):
    """Each draw, try and turn has a seed of its own, the same whenever it is asked for."""

    def seeds():
        model = Scripted(message=["scrawl"])
        for turn in (0, 1):
            for draw in (0, 1):
                drop_of(worded(model, plan("asked", language), "asked", turn, draw))
        return [request.seed for request in model.requests]

    assert seeds() == seeds() and len(set(seeds())) == len(seeds()) == 4 * TRIES


@each_language
def test_a_goal_that_gives_the_withheld_value_away_is_dropped(language):
    """Nobody asks for what the request says already: neither words nor notes are made."""
    blueprint = plan("open", language)
    place = blueprint.facts[1].said
    goal = f"{blueprint.scenario.user_goal} {place}"
    scenario = blueprint.scenario.model_copy(update={"user_goal": goal})
    telling_goal = blueprint.model_copy(update={"scenario": scenario})
    model = Scripted(message=["scrawl"])
    assert drop_of(worded(model, telling_goal, "open", 0)).detail == place
    with pytest.raises(Dropped, match=re.escape(place)):
        note_turn(telling_goal, 0)
    assert not model.requests


@each_language
@each_place
def test_note_forms_are_messages_too(name, turn, language):
    """Every variant of a note form passes what a model's message has to pass, in one line."""
    written = set()
    for salt in range(6 * NOTE_VARIANTS):
        blueprint = plan(name, language, salt)
        text = note_turn(blueprint, turn)
        assert text == note_turn(blueprint, turn)
        notes, heard = notes_of(blueprint, turn), before(blueprint, name, turn)
        assert [*flaws(text, notes, heard)] == []
        assert "\n" not in text and "  " not in text and text[-1] in ".。"
        written.add(text)
    assert len(written) >= 4


def planned(kind, language):
    """What can be planned of a kind with the made tools."""
    for shape in SHAPES:
        for seed in range(3):
            try:
                yield plan_blueprint(toolset(language, shape), kind, (7, seed))
            except Dropped:
                continue


@pytest.mark.parametrize("kind", KINDS)
@each_language
def test_notes_of_every_kind_say_what_is_due(kind, language):
    """Whatever the kind, each turn's notes hold its values, and none that is due later."""
    plans = list(planned(kind, language))
    assert plans
    for blueprint in plans:
        said = ""
        for turn in range(len(blueprint.turns)):
            text = note_turn(blueprint, turn)
            said += text
            notes = notes_of(blueprint, turn)
            assert all(words in text for words in notes.said)
            later = [f.said for f in notes.later if telling(f) and not f.said.isdigit()]
            assert [words for words in later if words in said and words not in notes.said] == []
