"""The judge of meaning: scores of every turn with reasons, by a rubric, by one model or a vote.

Code has judged schemas, order and grounding before (`verifiers`); what is left is what takes
understanding. Judges are models, so their scores are opinions to be held against people's, and the
rubric is data that can be replaced.

    rubric ── turns (one judge) ── committee (the vote)
"""

from fc_distilabel.synthesis.judging.committee import judge_by_committee, lowest, objection, vote
from fc_distilabel.synthesis.judging.rubric import Rubric, Rubrics, read_rubrics, shipped_rubrics
from fc_distilabel.synthesis.judging.turns import judge_trajectory

__all__ = [
    "Rubric",
    "Rubrics",
    "judge_by_committee",
    "judge_trajectory",
    "lowest",
    "objection",
    "read_rubrics",
    "shipped_rubrics",
    "vote",
]
