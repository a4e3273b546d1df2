"""What people's feedback changes of the next run, and what is no feedback at all."""

import json

import pytest

from fc_distilabel.apis.duplicates import THRESHOLD
from fc_distilabel.errors import InputError
from fc_distilabel.runs.guidance import (
    GUIDANCE,
    MOST,
    RUBRIC,
    feedback_id,
    guided,
    read_guidance,
    rubric_of,
)
from fc_distilabel.runs.mix import DEFAULT_MIX, parse_kinds
from fc_distilabel.runs.near_duplicates import NEAR, PlannedBefore
from fc_distilabel.runs.settings import RunSettings
from fc_distilabel.synthesis.user_turn import word_turn
from talk import SHAPES, Scripted, asker, drop_of, toolset
from users import plan

APPROVED = {"notes": "want: a nap", "message": "A nap would be lovely."}


@pytest.fixture
def folder(tmp_path):
    """A folder as a pull writes it."""
    guidance = {
        "decided": 9,
        "examples": {"en": {"plain": [APPROVED]}},
        "emphasis": {"parallel": 2.0},
        "avoid": [{"row": "r1", "language": "en", "goal": "Find a table at the harbour"}],
    }
    (tmp_path / GUIDANCE).write_text(json.dumps(guidance), encoding="utf-8")
    return tmp_path


def test_no_folder_changes_nothing():
    """Without feedback the settings stay as they are, and nothing is avoided."""
    settings = RunSettings(paths=("a.md",))
    assert guided(settings) is settings
    assert feedback_id("") == rubric_of("") == ""
    assert read_guidance("").of_form("en", "plain") == ()


def test_emphasis_raises_a_share(folder):
    """A kind with twice the weight has twice the ratio to the others; the shares add up to 1."""
    kinds = guided(RunSettings(paths=("a.md",), feedback=str(folder))).kinds
    mix = parse_kinds(kinds)
    assert sum(mix.values()) == pytest.approx(1)
    ratio = mix["parallel"] / mix["single"]
    assert ratio == pytest.approx(2 * DEFAULT_MIX["parallel"] / DEFAULT_MIX["single"], rel=0.01)
    chosen = guided(RunSettings(kinds="single,parallel", feedback=str(folder))).kinds
    assert chosen == "single=0.3333,parallel=0.6667"


def test_what_was_rejected_is_not_planned_again():
    """A goal, or a tool, much like a rejected one is left out, and says which row it was."""
    made = toolset("en", SHAPES[0])
    by_goal, by_tool = PlannedBefore(), PlannedBefore()
    by_goal.reject("r1", made.scenario.user_goal, None)
    by_tool.reject("r2", "Walk the dog", made.needed)
    goal, tool = by_goal.likeness(made), by_tool.likeness(made)
    assert goal is not None and goal.reason == "rejected scenario" and goal.overlap >= NEAR
    assert tool is not None and tool.reason == "rejected toolset" and tool.overlap >= THRESHOLD
    assert "row r2" in tool.detail
    by_goal = PlannedBefore()
    by_goal.reject("r1", "Walk the dog", None)
    assert by_goal.likeness(made) is None


def test_approved_messages_are_shown(folder):
    """Of the examples that a model is shown, some are what people approved."""
    blueprint = plan("single", "en")
    approved = read_guidance(folder)
    prompts = []
    for draw in range(30):
        model = Scripted(message=["scrawl"])
        drop_of(word_turn(asker(model), blueprint, 0, [], draw, approved.of_form))
        prompts += model.asked("message")[:1]
    shown = [APPROVED["message"] in prompt for prompt in prompts]
    assert any(shown) and not all(shown)


def test_feedback_is_known_by_its_content(folder):
    """Another rubric or another lesson is another feedback; where it lies makes none."""
    before = feedback_id(str(folder))
    (folder / RUBRIC).write_text("{}", encoding="utf-8")
    assert rubric_of(str(folder)) == str(folder / RUBRIC)
    assert feedback_id(str(folder)) != before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "argilla pull"),
        ("[]", "its root"),
        ('{"decided": -1}', "decided"),
        (json.dumps({"decided": 1, "emphasis": {"parallel": MOST + 1}}), "emphasis/parallel"),
        ('{"decided": 1, "emphasis": {"shouting": 2}}', "emphasis/shouting"),
    ],
)
def test_what_is_no_feedback(text, told, tmp_path):
    """A folder without guidance, or with another form of it, is refused with the place."""
    if text is not None:
        (tmp_path / GUIDANCE).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=told):
        read_guidance(tmp_path)
