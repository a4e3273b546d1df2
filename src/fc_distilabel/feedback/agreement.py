"""How far people agree with each other, and judges with people.

Between people it is Krippendorff's alpha: 1 is perfect, 0 what chance would give. Labels are
nominal, ratings ordinal, and sets of labels are compared by MASI (Passonneau 2006), for which a set
within another is nearer to it than one that only overlaps. To tick no label says that none applies:
it is the empty set. Where all answers are the same, or no record has two, there is no alpha.

Between a judge and people it is Cohen's kappa of the verdicts, people's after the policy, and
Pearson's correlation of scores with people's mean rating and their share of approval.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from statistics import fmean
from typing import Any, Literal, NamedTuple, TypeAlias

from fc_distilabel.feedback import judged
from fc_distilabel.feedback.review.names import (
    ERROR_CLASSES,
    NATURALNESS,
    PREFERENCE,
    VERDICT,
)
from fc_distilabel.feedback.votes import Reviewed
from fc_distilabel.types import Json

Level: TypeAlias = Literal["nominal", "ordinal", "masi"]
DIGITS = 6
"""Of a figure in a file, so that it does not hang on a machine's last bit."""
LEVELS: dict[str, Level] = {
    VERDICT: "nominal",
    PREFERENCE: "nominal",
    ERROR_CLASSES: "masi",
    NATURALNESS: "ordinal",
}


def agreement(
    reviewed: Sequence[Reviewed], decided: Mapping[str, str]
) -> dict[str, dict[str, dict[str, Json]]]:
    """All figures; `decided` is the verdict of each record on which people agree, by record."""
    return {
        "people": {name: _alpha(answers(reviewed, name), LEVELS[name]) for name in LEVELS},
        "judge": judge_agreement(reviewed, decided),
    }


def answers(reviewed: Iterable[Reviewed], question: str) -> list[list[Hashable]]:
    """What each record's people answered to a question."""
    found: list[list[Hashable]] = []
    for one in reviewed:
        if question == ERROR_CLASSES:
            found.append([frozenset(vote.values.get(question, ())) for vote in one.votes])
        else:
            found.append([v.values[question] for v in one.votes if question in v.values])
    return found


def _alpha(units: Sequence[Sequence[Hashable]], level: Level) -> dict[str, Json]:
    """Krippendorff's alpha; None where it is not defined."""
    paired = [unit for unit in units if len(unit) > 1]
    domain = sorted({value for unit in paired for value in unit}, key=_order)
    figures = {"level": level, "records": len(paired), "votes": sum(map(len, paired))}
    if len(domain) < 2:
        return {"alpha": None, **figures}
    import krippendorff

    counts = [[unit.count(value) for value in domain] for unit in paired]
    alpha = krippendorff.alpha(
        value_counts=counts,
        level_of_measurement=_masi(domain) if level == "masi" else level,
    )
    return {"alpha": round(float(alpha), DIGITS), **figures}


def _order(value: Any) -> Any:
    """Ratings by size, labels by name, sets by their labels."""
    return sorted(value) if isinstance(value, frozenset) else value


def _masi(domain: Sequence[Any]) -> Any:
    import numpy as np

    table = np.array([[masi_distance(one, other) for other in domain] for one in domain])

    def distance(v1: Any, v2: Any, i1: Any, i2: Any, n_v: Any, dtype: Any) -> Any:
        return table[i1, i2].astype(dtype)

    return distance


def masi_distance(one: frozenset[str], other: frozenset[str]) -> float:
    """0 for equal sets, 1 for sets with nothing in common."""
    if one == other:
        return 0.0
    both = len(one & other)
    if not both:
        return 1.0
    monotony = 2 / 3 if one <= other or other <= one else 1 / 3
    return 1 - both / len(one | other) * monotony


class _Pairs(NamedTuple):
    """What a judge and people said of the same records."""

    judge: list[float]
    people: list[float]


def judge_agreement(
    reviewed: Sequence[Reviewed], decided: Mapping[str, str]
) -> dict[str, dict[str, Json]]:
    """Verdict against verdict, and scores against ratings, each with its number of records."""
    verdicts, ratings, approvals = _Pairs([], []), _Pairs([], []), _Pairs([], [])
    for one in reviewed:
        approved, lowest = judged.approved(one.row), judged.lowest_score(one.row)
        natural = judged.naturalness(one.row)
        if approved is not None and one.record in decided:
            _add(verdicts, approved, decided[one.record] == "approve")
        rated = [vote.values[NATURALNESS] for vote in one.votes if NATURALNESS in vote.values]
        if natural is not None and rated:
            _add(ratings, natural, fmean(rated))
        voted = [vote.values[VERDICT] == "approve" for vote in one.votes if VERDICT in vote.values]
        if lowest is not None and voted:
            _add(approvals, lowest, fmean(voted))
    return {
        "verdict": {"kappa": _kappa(verdicts), "n": len(verdicts.judge)},
        "naturalness": {"pearson": _pearson(ratings), "n": len(ratings.judge)},
        "lowest_score": {"pearson": _pearson(approvals), "n": len(approvals.judge)},
    }


def _add(pairs: _Pairs, judge: float, people: float) -> None:
    pairs.judge.append(float(judge))
    pairs.people.append(float(people))


def _kappa(pairs: _Pairs) -> float | None:
    """Cohen's kappa; None where both sides only ever said one and the same thing."""
    if len({*pairs.judge, *pairs.people}) < 2:
        return None
    from sklearn.metrics import cohen_kappa_score

    return round(float(cohen_kappa_score(pairs.judge, pairs.people)), DIGITS)


def _pearson(pairs: _Pairs) -> float | None:
    """Pearson's r; None where one side never varies."""
    if min(len(set(pairs.judge)), len(set(pairs.people))) < 2:
        return None
    import numpy as np

    return round(float(np.corrcoef(pairs.judge, pairs.people)[0, 1]), DIGITS)
