"""How easily the tools on offer are taken for the one that is called."""

from statistics import mean

from fc_distilabel.apis.confusability import measure_confusability
from fc_distilabel.report.figures import Likeness
from fc_distilabel.report.measuring import Sample
from fc_distilabel.types import Tool

STEPS = 10


def likeness(paired: Sample[tuple[Tool, tuple[Tool, ...]]]) -> Likeness:
    """The most confusable other tool of each row that was kept."""
    values = [
        max(measure_confusability(needed, other).value for other in others)
        for needed, others in paired.all()
    ]
    steps = [min(STEPS - 1, int(value * STEPS)) for value in values]
    return Likeness(
        rows=len(values),
        of=paired.seen,
        mean=round(mean(values), 4) if values else 0.0,
        shares=tuple(steps.count(step) for step in range(STEPS)),
    )
