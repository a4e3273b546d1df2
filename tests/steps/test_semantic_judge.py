"""The step that judges: what it writes, what it drops, and when."""

import json
from pathlib import Path
from typing import Any

import pytest
from distilabel.pipeline import Pipeline
from pydantic import ValidationError

import judges
from fc_distilabel.errors import InputError
from fc_distilabel.llms.scripted import ScriptedLLM
from fc_distilabel.steps import SemanticJudge
from fc_distilabel.types import CRITERIA, Trajectory

Row = dict[str, Any]
FINE = judges.conversation()
DEAR = judges.conversation(changes={4: {"content": "The Adler costs 999 euros in all."}})
STIFF = judges.conversation(changes={4: {"content": "STATUS OK hotel=Adler total=240"}})
MUTE = judges.conversation(changes={1: {"content": "A hotel by the bramble, please."}})


def judged(*given: Trajectory | str, script: str = "sensible", **options: Any) -> list[Row]:
    """The rows that the step makes of trajectories."""
    llm = ScriptedLLM(script=f"judges:{script}")
    step = SemanticJudge(name="it", pipeline=Pipeline(name="t"), llm=llm, **options)
    step.load()
    rows = [{"trajectory": t if isinstance(t, str) else t.to_json()} for t in given]
    out = list(next(step.process(rows)))
    step.unload()
    return out


def drop(row: Row) -> dict[str, str]:
    return json.loads(row["drop"]) if row["drop"] else {}


def test_bad_rows_are_scored_and_stay() -> None:
    """By default no score drops a row: it says what is wrong, and whether it is approved."""
    rows = judged(FINE, DEAR, STIFF)
    judgements = [json.loads(row["judgement"]) for row in rows]
    assert [row["drop"] for row in rows] == [""] * 3
    assert [judgement["approved"] for judgement in judgements] == [True, False, False]
    assert judgements[1]["turns"][1] == {
        "at": 4,
        "scores": {"answer_faithfulness": 1, "naturalness": 5},
        "reason": "Told 999, returned 240.",
    }
    assert {judgement["judge"] for judgement in judgements} == {"scripted:judges:sensible"}


@pytest.mark.parametrize(
    ("least", "dropped"),
    [(0, []), (1, []), (2, ["low answer faithfulness"])]
    + [(least, ["low answer faithfulness", "low naturalness"]) for least in (3, 4, 5)],
)
def test_a_threshold_drops_what_is_below_it(least: int, dropped: list[str]) -> None:
    """The drop names the lowest score, its turn and its reason; the row keeps its judgement."""
    rows = judged(FINE, DEAR, STIFF, min_score=least)
    assert [drop(row)["reason"] for row in rows if row["drop"]] == dropped
    assert all(json.loads(row["judgement"])["turns"] for row in rows)
    assert rows[0]["drop"] == ""
    if dropped:
        assert drop(rows[1]) == {
            "stage": "judgement",
            "reason": "low answer faithfulness",
            "detail": "messages/4: 1 of 5: Told 999, returned 240.",
        }


def test_an_unreadable_judgement_ends_the_row_and_is_paid() -> None:
    """No score is made up: the row has no judgement, says why, and its tries are counted."""
    fine, mute = judged(FINE, MUTE)
    assert not fine["drop"] and mute["judgement"] == ""
    assert drop(mute)["stage"] == "judgement"
    assert drop(mute)["reason"] == "unreadable judgement"
    assert [json.loads(row["usage"])[0]["calls"] for row in (fine, mute)] == [2, 3]
    assert json.loads(mute["usage"])[0]["stage"] == "judgement"


def test_a_dropped_or_broken_row_asks_nobody() -> None:
    """What ended before passes through; what is no trajectory is dropped as such."""
    nothing = FINE.model_copy(update={"messages": FINE.messages[:2]})
    rows = judged("{}", "[]", "null", '{"tools": NaN, "messages": []}', "", nothing)
    assert {drop(row)["reason"] for row in rows[:5]} == {"unreadable trajectory"}
    assert drop(rows[5])["reason"] == "nothing to judge"
    assert json.loads(rows[5]["usage"])[0]["calls"] == 0


def test_several_votes_of_one_model() -> None:
    """Each vote asks anew; the committee's judgement keeps them, and decides by majority."""
    [row] = judged(FINE, script="wavering", votes=5, min_score=3)
    judgement = json.loads(row["judgement"])
    votes = [member["approved"] for member in judgement["members"]]
    assert judgement["judge"] == "committee" and len(votes) == 5
    assert judgement["approved"] is (sum(votes) > 2)
    assert json.loads(row["usage"])[0]["calls"] == 10
    assert bool(row["drop"]) is not judgement["approved"]


def test_a_split_without_a_majority_is_dropped_with_an_objection() -> None:
    """A tie is not approved: with a threshold the row ends, by a refusing judge's own score."""
    for seed in range(20):
        [row] = judged(FINE, script="wavering", votes=2, min_score=3, seed=seed)
        judgement = json.loads(row["judgement"])
        if judgement["disagreement"] == 0.5:
            assert not judgement["approved"]
            assert drop(row)["detail"].endswith("1 of 5: It depends on the day.")
            return
    raise AssertionError("no seed splits the two")


def test_equal_rows_are_judged_alike_wherever_they_stand() -> None:
    """Seeds hang on the run's seed and on the trajectory, not on its place among others."""
    first = judged(FINE, STIFF, DEAR, script="wavering", votes=3)
    again = judged(DEAR, FINE, script="wavering", votes=3)
    assert [first[2]["judgement"], first[0]["judgement"]] == [row["judgement"] for row in again]


def test_every_row_has_seeds_of_its_own() -> None:
    """A judge that wavers does not waver for all rows at once."""
    rows = judged(
        *(judges.conversation(changes={1: {"content": f"{n} nights"}}) for n in range(2, 30)),
        script="wavering",
    )
    assert {json.loads(row["judgement"])["approved"] for row in rows} == {True, False}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_conversation_that_others_made_is_judged_in_its_language(
    language: Any, tmp_path: Path
) -> None:
    """Without a blueprint the user's own words decide which rubric is read."""
    marks = {"en": 5, "zh": 5} | {language: 1}
    standard = {"asks": "a", "poor": "b", "fair": "c", "good": "d"}
    criteria = dict.fromkeys(CRITERIA, standard)
    own = {name: {"pass_mark": mark, "criteria": criteria} for name, mark in marks.items()}
    path = tmp_path / "rubric.json"
    path.write_text(json.dumps(own), encoding="utf-8")
    spoken = judges.conversation(language, {4: {"content": "STATUS"}})
    [row] = judged(spoken, rubric=str(path))
    assert json.loads(row["judgement"])["approved"]


def test_a_rubric_that_is_not_there_ends_the_run(tmp_path: Path) -> None:
    """What the user gave and cannot be used is said before anything is judged."""
    with pytest.raises(InputError, match=r"gone\.json"):
        judged(FINE, rubric=str(tmp_path / "gone.json"))


@pytest.mark.parametrize("option", [{"votes": 0}, {"min_score": 6}, {"min_score": -1}])
def test_options_out_of_bounds_are_refused(option: Row) -> None:
    """No votes, and scores that no judge can give, are errors at once."""
    with pytest.raises(ValidationError):
        judged(FINE, **option)
