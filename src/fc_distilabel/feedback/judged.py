"""What a judge thought of a row, where one was asked."""

from collections.abc import Iterator, Mapping
from statistics import fmean

from fc_distilabel.types import Json

Row = Mapping[str, Json]


def approved(row: Row) -> bool | None:
    """Whether the judge approved; None where nobody judged."""
    judgement = row.get("judgement")
    return bool(judgement["approved"]) if judgement else None


def lowest_score(row: Row) -> int | None:
    """The lowest score of any turn, from 1 to 5."""
    return min((score for _, score in _scores(row)), default=None)


def naturalness(row: Row) -> float | None:
    """How natural the judge found the words, on average."""
    scores = [score for criterion, score in _scores(row) if criterion == "naturalness"]
    return fmean(scores) if scores else None


def weak_criteria(row: Row) -> tuple[str, ...]:
    """The criteria that have the lowest score, in the order of the turns."""
    lowest = lowest_score(row)
    return tuple(dict.fromkeys(name for name, score in _scores(row) if score == lowest))


def disagreement(row: Row) -> float:
    """Share of a committee's judges that voted against its outcome."""
    judgement = row.get("judgement")
    return float(judgement["disagreement"]) if judgement else 0.0


def _scores(row: Row) -> Iterator[tuple[str, int]]:
    for turn in (row.get("judgement") or {}).get("turns", ()):
        yield from turn["scores"].items()
