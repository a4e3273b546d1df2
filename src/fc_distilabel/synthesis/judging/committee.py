"""Several judges and their vote: other models, or several draws of one.

A majority approves; a tie does not, and shows as a disagreement of one half. Every vote is kept
with the identity of its judge. One judgement that cannot be read leaves the committee without its
vote, and so the row without a judgement.
"""

from collections.abc import Sequence
from statistics import median_low

from fc_distilabel.synthesis.asking import Asker
from fc_distilabel.synthesis.judging.rubric import Rubric
from fc_distilabel.synthesis.judging.turns import judge_trajectory
from fc_distilabel.types import Criterion, Judgement, Trajectory, TurnScore

COMMITTEE = "committee"
DRAWN_AT = 0.7
"""Temperature of judges that are draws of one model; without any they would be one judge."""


async def judge_by_committee(
    askers: Sequence[Asker],
    trajectory: Trajectory,
    rubric: Rubric | None = None,
    *,
    votes: int = 1,
) -> Judgement:
    """The vote of `votes` draws of each asker's model; with one judge in all, its own judgement.

    Raises as `judge_trajectory`, for the first judge that does.
    """
    members = [
        await judge_trajectory(
            asker,
            trajectory,
            rubric,
            draw=draw,
            temperature=DRAWN_AT if votes > 1 else 0.0,
        )
        for asker in askers
        for draw in range(votes)
    ]
    return members[0] if len(members) == 1 else vote(members)


def vote(members: Sequence[Judgement]) -> Judgement:
    """What judges of the same trajectory think together.

    The median of an even number of scores is the lower middle one: no judge's doubt is averaged
    away, and a score has a majority exactly when its median has the mark.
    """
    if not members:
        raise ValueError("a committee needs at least one judge")
    ayes = sum(member.approved for member in members)
    approved = 2 * ayes > len(members)
    against = len(members) - ayes if approved else ayes
    turns = zip(*(member.turns for member in members), strict=True)
    return Judgement(
        judge=COMMITTEE,
        turns=tuple(_middle(scores) for scores in turns),
        approved=approved,
        disagreement=against / len(members),
        members=tuple(members),
    )


def _middle(scores: Sequence[TurnScore]) -> TurnScore:
    """The medians, with the reason of the judge nearest to them."""
    marks = {name: median_low(s.scores[name] for s in scores) for name in scores[0].scores}

    def distance(score: TurnScore) -> int:
        return sum(abs(score.scores[name] - mark) for name, mark in marks.items())

    return TurnScore(at=scores[0].at, scores=marks, reason=min(scores, key=distance).reason)


def lowest(judgement: Judgement) -> tuple[TurnScore, Criterion]:
    """The turn and the criterion of the lowest score, the first of equal ones."""
    marks = [(turn, name) for turn in judgement.turns for name in turn.scores]
    return min(marks, key=_mark)


def objection(judgement: Judgement) -> tuple[TurnScore, Criterion]:
    """The lowest score that any of its judges gave, with that judge's own reason."""
    return min(map(lowest, judgement.members or [judgement]), key=_mark)


def _mark(scored: tuple[TurnScore, Criterion]) -> int:
    turn, name = scored
    return turn.scores[name]
