"""What answers to one record come to: rows, pairs, labelled turns, questions to ask again."""

import json
from pathlib import Path
from typing import Any

import pytest

import reviews
from fc_distilabel.exporters.trl import to_trl_dpo, to_trl_kto
from fc_distilabel.feedback.harvest import Counting, glean
from fc_distilabel.feedback.turns import OWN, Compared, compared, turn_message
from fc_distilabel.feedback.votes import Answer, Reviewed, decide

CASES = Path(__file__).parents[1] / "cases"
VOTES = json.loads((CASES / "feedback_votes.json").read_text())
OUTCOMES = json.loads((CASES / "feedback_outcomes.json").read_text())
ROW = reviews.row()
PAIR = compared(ROW)
assert PAIR is not None
RIGHT, WRONG = ("a", "b") if PAIR.a == OWN else ("b", "a")


def reviewed(*answers: dict[str, Any], row: Any = ROW, pair: Compared | None = PAIR) -> Reviewed:
    """A record with answers; `RIGHT` stands for the side of the right turn."""
    sides = {"RIGHT": RIGHT, "WRONG": WRONG}
    given = [
        Answer(
            annotator=f"person{number}",
            status=values.get("status", "submitted"),
            values={k: sides.get(str(v), v) for k, v in values.items() if k != "status"},
        )
        for number, values in enumerate(answers)
    ]
    return Reviewed("r1", row, pair, tuple(given), {})


def turn(message: dict[str, Any]) -> str:
    """Which turn of the row a message is."""
    assert PAIR is not None
    if message == turn_message(ROW, PAIR.at, OWN):
        return "right"
    return "wrong" if message == turn_message(ROW, PAIR.at, 0) else "corrected"


@pytest.mark.parametrize("case", VOTES, ids=lambda case: case["description"])
def test_votes_are_counted(case: dict[str, Any]) -> None:
    """A value is taken where the policy's share of enough votes agrees, never else."""
    decision = decide(case["votes"], case["policy"], case["min_votes"])
    assert (decision.value, decision.why) == (case["value"], case["why"])
    assert decision.tied == (case["value"] is None and case["why"] != "too few votes")


@pytest.mark.parametrize("case", OUTCOMES, ids=lambda case: case["description"])
def test_answers_become_data(case: dict[str, Any]) -> None:
    """Each outcome gives exactly its rows, pairs and labels, and says what is undecided."""
    gleaned = glean(reviewed(*case["answers"]), Counting())
    assert gleaned.outcome == case["outcome"]
    pairs = [
        [p["source"], turn(p["chosen"][0]), turn(p["rejected"][0]), p["error_class"]]
        for p in gleaned.pairs
    ]
    assert pairs == case.get("pairs", [])
    labels = [[each["label"], turn(each["completion"][0])] for each in gleaned.examples]
    assert labels == case.get("labels", [])
    assert [list(each) for each in gleaned.undecided] == case.get("undecided", [])
    assert case.get("returned", "") in gleaned.returned
    assert bool(gleaned.returned) == ("returned" in case)
    expected = {"approved": len(ROW["messages"]), "corrected": case.get("messages")}
    kept = len(gleaned.row["messages"]) if gleaned.row else None
    assert kept == expected.get(case["outcome"])


def test_pairs_name_their_row_and_people() -> None:
    """A pair shares prompt and tools with its row, and names who preferred, hashed, and why."""
    answers = [{"verdict": "approve", "preference": "RIGHT", "comment": "says it all"}] * 2
    [pair] = glean(reviewed(*answers), Counting()).pairs
    assert PAIR is not None
    assert pair["prompt"] == ROW["messages"][: PAIR.at] and pair["tools"] == ROW["tools"]
    assert (pair["row"], pair["kind"], pair["language"]) == (ROW["id"], "single", "en")
    assert pair["annotators"] == ["person0", "person1"]
    assert pair["reason"] == "says it all; says it all"


def test_a_strict_policy_asks_all() -> None:
    """Two of three approve: under `strict` nothing is decided."""
    answers = [{"verdict": "approve"}, {"verdict": "approve"}, {"verdict": "fix"}]
    assert glean(reviewed(*answers), Counting("majority")).outcome == "approved"
    assert glean(reviewed(*answers), Counting("strict")).outcome == "undecided"
    assert glean(reviewed(*answers), Counting("majority", 4)).outcome == "waiting"


def test_a_row_without_comparison_has_no_preference() -> None:
    """An answer to a question that nothing was shown for is left alone."""
    row = {**ROW, "candidates": []}
    gleaned = glean(
        reviewed({"verdict": "approve", "preference": "a"}, row=row, pair=None), Counting()
    )
    assert (gleaned.pairs, gleaned.undecided, gleaned.outcome) == ((), (), "approved")


def test_trainers_forms_take_what_comes_out() -> None:
    """Pairs and labelled turns are what the exporters of preference data read."""
    answers = {"verdict": "reject", "preference": "RIGHT"}
    gleaned = glean(reviewed(answers), Counting())
    [pair], [example] = gleaned.pairs, gleaned.examples
    dpo, kto = to_trl_dpo(pair), to_trl_kto(example)
    assert dpo["chosen"][0]["tool_calls"][0]["function"]["arguments"]["city"] == "Rome"
    assert dpo["rejected"][0]["tool_calls"][0]["function"]["arguments"]["city"] == "Atlantis"
    assert (len(dpo["prompt"]), kto["label"], kto["prompt"]) == (2, False, dpo["prompt"])
    assert kto["completion"] == dpo["chosen"]
