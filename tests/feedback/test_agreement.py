"""Agreement: figures that were published or can be worked out by hand."""

import math

import pytest

import reviews
from fc_distilabel.feedback.agreement import agreement, masi_distance
from fc_distilabel.feedback.votes import Answer, Reviewed

ROW = reviews.row()


def record(number, *answers, row=ROW):
    given = tuple(
        Answer(f"p{i}", "submitted", values) for i, values in enumerate(answers) if values
    )
    return Reviewed(f"r{number}", row, None, given, {})


def people(question, columns):
    """The figure for columns of answers, one of each person, None for no answer."""
    records = [
        record(n, *({question: value} if value is not None else {} for value in unit))
        for n, unit in enumerate(zip(*columns, strict=True))
    ]
    return agreement(records, {})["people"][question]


def test_ordinal_alpha_is_that_of_the_textbook():
    """Krippendorff's own example of four observers: .815 for ordinal data."""
    columns = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    told = people("naturalness", columns)
    assert told == {"alpha": pytest.approx(0.815, abs=5e-4), "level": "ordinal"} | {
        "records": 11,
        "votes": 40,
    }


def test_nominal_alpha_by_hand():
    """Two people, four records, one difference: 1 - 7 * 2 / (4 * 4 * 2) of coincidences."""
    told = people("verdict", [["fix", "fix", "fix", "reject"], ["fix", "fix", "reject", "reject"]])
    assert told["alpha"] == pytest.approx(1 - (2 * 7) / (2 * 5 * 3), abs=1e-6)


def test_sets_of_labels_are_compared_by_masi():
    """A set within another is nearer than one that only overlaps; nothing shared is 1."""
    one = frozenset({"a"})
    assert masi_distance(one, one) == 0
    assert masi_distance(one, frozenset("ab")) == pytest.approx(1 - 1 / 2 * 2 / 3)
    assert masi_distance(frozenset("ab"), frozenset("bc")) == pytest.approx(1 - 1 / 3 * 1 / 3)
    assert masi_distance(one, frozenset("b")) == masi_distance(one, frozenset()) == 1


def test_no_label_ticked_is_an_answer():
    """Who submits without ticking a class says that none applies."""
    records = [
        record(1, {"verdict": "approve"}, {"verdict": "approve"}),
        record(2, {"verdict": "fix", "error_classes": ["format"]}, {"verdict": "fix"}),
    ]
    told = agreement(records, {})["people"]["error_classes"]
    assert told == {"alpha": pytest.approx(0.0), "level": "masi", "records": 2, "votes": 4}


@pytest.mark.parametrize("columns", [[["fix"], [None]], [["fix", "fix"], ["fix", "fix"]]])
def test_where_alpha_is_not_defined_there_is_none(columns):
    """One answer a record, or the same answer always: None, not 1 and not an error."""
    assert people("verdict", columns)["alpha"] is None


def test_judge_and_people_by_hand():
    """Cohen's kappa of decided verdicts, Pearson's r of scores, each with its n."""
    scores, verdicts = [5, 4, 1, 2], ["approve", "reject", "reject", "reject"]
    records = [
        record(
            n,
            {"verdict": verdict, "naturalness": rating},
            row=reviews.row(score=score),
        )
        for n, (score, verdict, rating) in enumerate(
            zip(scores, verdicts, [5, 3, 2, 2], strict=True)
        )
    ]
    decided = {one.record: verdict for one, verdict in zip(records, verdicts, strict=True)}
    told = agreement(records, decided)["judge"]
    # Observed .75, expected .5 * .25 + .5 * .75 = .5.
    assert told["verdict"] == {"kappa": pytest.approx(0.5), "n": 4}
    x, y = [s - 3 for s in scores], [r - 3 for r in (5, 3, 2, 2)]
    product = sum(a * b for a, b in zip(x, y, strict=True))
    r = product / math.sqrt(sum(a * a for a in x) * sum(b * b for b in y))
    assert told["naturalness"] == {"pearson": pytest.approx(r, abs=1e-6), "n": 4}
    assert told["lowest_score"]["n"] == 4


def test_without_a_judge_there_is_nothing_to_compare():
    """Rows that nobody judged count nowhere."""
    told = agreement([record(1, {"verdict": "fix"}, row={**ROW, "judgement": None})], {"r1": "fix"})
    assert told["judge"]["verdict"] == {"kappa": None, "n": 0}
