"""The names of the review dataset's fields, questions, metadata and vector, and of the answers.

They are the same in every language: titles differ, names and the values of answers do not, so that
the answers of English and Chinese annotators are one.
"""

from typing import Literal, TypeAlias, get_args

from fc_distilabel.types import ErrorClass

TRAJECTORY, REQUEST = "trajectory", "request"
FIELDS = (TRAJECTORY, REQUEST)

VERDICT = "verdict"
ERROR_CLASSES = "error_classes"
PREFERENCE = "preference"
CORRECTED_CALL = "corrected_call"
NATURALNESS = "naturalness"
COMMENT = "comment"
QUESTIONS = (VERDICT, ERROR_CLASSES, PREFERENCE, CORRECTED_CALL, NATURALNESS, COMMENT)

VerdictAnswer: TypeAlias = Literal["approve", "fix", "reject"]
PreferenceAnswer: TypeAlias = Literal["a", "b", "both", "neither"]
PersonsClass: TypeAlias = Literal["unnatural", "wrong tools", "other"]
"""Mistakes that only people name, beside those that code can name."""

VERDICTS: tuple[VerdictAnswer, ...] = get_args(VerdictAnswer)
PREFERENCES: tuple[PreferenceAnswer, ...] = get_args(PreferenceAnswer)
CLASSES: tuple[str, ...] = (*get_args(ErrorClass), *get_args(PersonsClass))
RATINGS = (1, 2, 3, 4, 5)

KIND = "kind"
DOMAIN = "domain"
LANGUAGE = "language"
COMPLEXITY = "complexity"
PERSONA = "persona"
MODEL = "model"
CHECKED = "checked"
"""What code says of the row, `VALID` or `WARNED`; Argilla's names are one for all, and `verdict` is
the question."""
JUDGE_SCORE = "judge_score"
DISAGREEMENT = "disagreement"
TURNS = "turns"
CALLS = "calls"
METADATA = (
    *(KIND, DOMAIN, LANGUAGE, COMPLEXITY, PERSONA, MODEL),
    *(CHECKED, JUDGE_SCORE, DISAGREEMENT, TURNS, CALLS),
)
VALID, WARNED = "valid", "warned"

MEANING = "meaning"
DIMENSIONS = 256
