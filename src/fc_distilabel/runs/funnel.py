"""What became of the attempted rows, stage by stage, and what it cost.

A passage that is dropped early counts as the rows that were to be made of it, so the numbers of all
stages are of one kind and every attempted row ends in exactly one place.
"""

from collections import Counter
from collections.abc import Sequence

from fc_distilabel.runs.coverage import Covered, coverage_of
from fc_distilabel.runs.outcomes import Outcome
from fc_distilabel.types import LANGUAGES, STAGES, Json, Language, Noun, Stage, Usage

OPTIONAL: frozenset[Stage] = frozenset({"judgement"})
"""Stages that a run may do without."""


class StageCount(Noun):
    """One stage: rows that came in, rows that went on, why the others did not, and the cost."""

    stage: Stage
    made: int
    kept: int
    reasons: dict[str, int]
    """Drops by reason, most frequent first."""
    calls: int
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    """Time that the model took, summed over all calls."""


class Share(Noun):
    """Kept rows of those attempted."""

    attempted: int
    kept: int

    @property
    def share(self) -> float:
        """Between 0 and 1; 0 where nothing was attempted."""
        return self.kept / self.attempted if self.attempted else 0.0


class Funnel(Noun):
    """All stages, shares of rows kept by language and by dialogue kind, and what these cover."""

    stages: tuple[StageCount, ...]
    total: Share
    languages: dict[str, Share]
    kinds: dict[str, Share]
    coverage: Covered

    @property
    def tokens(self) -> int:
        """Tokens read and written."""
        return sum(s.prompt_tokens + s.completion_tokens for s in self.stages)

    @property
    def calls(self) -> int:
        """Model calls."""
        return sum(s.calls for s in self.stages)

    def to_report(self) -> dict[str, Json]:
        """The funnel for `run.json`, with shares written out; coverage has its own place there."""
        report: dict[str, Json] = self.model_dump(mode="json", exclude={"coverage"})
        report["total"]["share"] = round(self.total.share, 4)
        for group, shares in (("languages", self.languages), ("kinds", self.kinds)):
            for name, share in shares.items():
                report[group][name]["share"] = round(share.share, 4)
        return report


def make_funnel(outcomes: Sequence[Outcome]) -> Funnel:
    """The funnel of a run."""
    kinds = sorted({outcome.kind for outcome in outcomes})
    spoken: list[Language] = [n for n in LANGUAGES if any(o.language == n for o in outcomes)]
    return Funnel(
        stages=_stages(outcomes),
        total=_share(outcomes),
        languages={n: _share([o for o in outcomes if o.language == n]) for n in spoken},
        kinds={kind: _share([o for o in outcomes if o.kind == kind]) for kind in kinds},
        coverage=coverage_of(outcomes).covered(),
    )


def _share(outcomes: Sequence[Outcome]) -> Share:
    return Share(attempted=len(outcomes), kept=sum(o.drop is None for o in outcomes))


def _stages(outcomes: Sequence[Outcome]) -> tuple[StageCount, ...]:
    left = len(outcomes)
    counts = []
    for stage in STAGES:
        reasons = Counter(o.drop.reason for o in outcomes if o.drop and o.drop.stage == stage)
        spent = [usage for o in outcomes for usage in o.usage if usage.stage == stage]
        if stage in OPTIONAL and not (reasons or spent):
            continue
        made, left = left, left - reasons.total()
        counts.append(_count(stage, made, left, reasons, spent))
    return tuple(counts)


def _count(
    stage: Stage, made: int, kept: int, reasons: Counter[str], spent: Sequence[Usage]
) -> StageCount:
    return StageCount(
        stage=stage,
        made=made,
        kept=kept,
        reasons=dict(sorted(reasons.items(), key=lambda entry: (-entry[1], entry[0]))),
        calls=sum(u.calls for u in spent),
        prompt_tokens=sum(u.prompt_tokens for u in spent),
        completion_tokens=sum(u.completion_tokens for u in spent),
        seconds=round(sum(u.seconds for u in spent), 1),
    )
