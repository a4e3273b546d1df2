"""From what people said of one record to what can be trained on.

An approved row is a row to learn from. A corrected call makes a row and a preference pair. Of two
compared turns the better one makes a pair, and two that are both good or both bad are examples by
themselves. A rejected row says only that the turn people were asked about is bad, and not even that
where they name a reason that may lie elsewhere. A turn whose calls code refuses is never taken as
one to follow, whoever asks for it.
"""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, TypeAlias

from fc_distilabel.feedback import examples
from fc_distilabel.feedback.correction_text import returned
from fc_distilabel.feedback.corrections import (
    Correction,
    corrected_row,
    read_correction,
    turn_violations,
)
from fc_distilabel.feedback.examples import Example, Pair
from fc_distilabel.feedback.review.names import CORRECTED_CALL, ERROR_CLASSES, PREFERENCE, VERDICT
from fc_distilabel.feedback.turns import Row, in_question, turn_message
from fc_distilabel.feedback.votes import Agreeing, Answer, Reviewed, decide, values_of
from fc_distilabel.types import Json

Outcome: TypeAlias = Literal[
    "approved", "corrected", "returned", "rejected", "undecided", "waiting", "discarded"
]
"""`returned`: the correction is not valid; `waiting`: there are too few votes; `discarded`: nobody
voted, and somebody set the record aside."""
ELSEWHERE = frozenset({"unnatural", "wrong tools", "other"})
"""Reasons to reject a row that may lie outside the turn in question."""


class Undecided(NamedTuple):
    """A question on which people must be asked again."""

    question: str
    why: str


class Gleaned(NamedTuple):
    """What one record gives."""

    outcome: Outcome
    row: dict[str, Json] | None = None
    """The approved row, or the corrected one."""
    pairs: tuple[Pair, ...] = ()
    examples: tuple[Example, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    returned: str = ""
    """The text of the suggestion that gives an invalid correction back."""


class Counting(NamedTuple):
    """How votes are counted."""

    policy: Agreeing = "majority"
    min_votes: int = 1


def glean(reviewed: Reviewed, counting: Counting) -> Gleaned:
    """What the answers to one record come to."""
    verdict = _by_verdict(reviewed, counting)
    pairs, shown, undecided = _by_preference(reviewed, counting)
    return verdict._replace(
        pairs=(*verdict.pairs, *pairs),
        examples=tuple(examples.without_contradictions([*verdict.examples, *shown])),
        undecided=(*verdict.undecided, *undecided),
    )


def _by_verdict(reviewed: Reviewed, counting: Counting) -> Gleaned:
    votes = reviewed.votes
    verdict = decide(values_of(votes, VERDICT), *counting)
    if verdict.value is None:
        if verdict.tied:
            return Gleaned("undecided", undecided=(Undecided(VERDICT, verdict.why),))
        return Gleaned("discarded" if _set_aside(reviewed) else "waiting")
    voters = [vote for vote in votes if vote.values.get(VERDICT) == verdict.value]
    if verdict.value == "fix":
        return _corrected(reviewed, voters, counting)
    if verdict.value == "reject":
        return Gleaned("rejected", examples=tuple(_rejected(reviewed, voters, counting)))
    at = in_question(reviewed.row, reviewed.compared)
    example = examples.example(reviewed.row, at, reviewed.row["messages"][at], True, voters)
    return Gleaned("approved", reviewed.row, examples=(example,))


def _set_aside(reviewed: Reviewed) -> bool:
    return not reviewed.votes and any(a.status == "discarded" for a in reviewed.answers)


def _rejected(
    reviewed: Reviewed, voters: Sequence[Answer], counting: Counting
) -> Iterator[Example]:
    named = set(agreed_classes(voters, counting.policy))
    if named and named <= ELSEWHERE:
        return
    at = in_question(reviewed.row, reviewed.compared)
    yield examples.example(reviewed.row, at, reviewed.row["messages"][at], False, voters)


def agreed_classes(voters: Sequence[Answer], policy: Agreeing) -> list[str]:
    """The error classes that these people agree on; who ticks none says that none applies."""
    ticked = [set(vote.values.get(ERROR_CLASSES, ())) for vote in voters]
    every = sorted(set().union(*ticked))
    return [name for name in every if decide([name in one for one in ticked], policy).value]


def _corrected(reviewed: Reviewed, voters: Sequence[Answer], counting: Counting) -> Gleaned:
    """A row with its call corrected, where people agree on one that is valid."""
    row, at = reviewed.row, in_question(reviewed.row, reviewed.compared)
    untouched = str(reviewed.suggested.get(CORRECTED_CALL, "")).strip()
    given = (vote.values.get(CORRECTED_CALL, "").strip() for vote in voters)
    texts = ["" if text == untouched else text for text in given]
    read = {text: read_correction(row, at, text) for text in texts if text}
    if not read:
        return _again("no corrected call was given")
    valid = [read[text].key for text in texts if text and not read[text].violations]
    if not valid:
        [text, *_] = sorted(read, key=lambda text: (-texts.count(text), text))
        return Gleaned("returned", returned=returned(text, at, read[text].violations))
    chosen = decide(valid, counting.policy)
    if chosen.value is None:
        return _again(f"{len(set(valid))} corrections differ")
    by = [v for v, text in zip(voters, texts, strict=True) if text and read[text].key == chosen[0]]
    return _from_correction(row, _of_key(read, chosen.value), by)


def _from_correction(row: Row, correction: Correction, voters: Sequence[Answer]) -> Gleaned:
    if not correction.changed:
        return _again("the corrected call is the call that was there")
    if not correction.calls:
        return _again("no call is right, and no words to say instead are known")
    at = correction.at
    new = corrected_row(row, at, correction.calls)
    turns = (new["messages"][at], row["messages"][at])
    return Gleaned("corrected", new, (examples.pair(row, at, turns, "correction", voters),))


def _of_key(read: dict[str, Correction], key: str) -> Correction:
    return next(one for one in read.values() if one.key == key and not one.violations)


def _again(why: str) -> Gleaned:
    return Gleaned("undecided", undecided=(Undecided(CORRECTED_CALL, why),))


class _FromPreference(NamedTuple):
    pairs: tuple[Pair, ...] = ()
    examples: tuple[Example, ...] = ()
    undecided: tuple[Undecided, ...] = ()


def _by_preference(reviewed: Reviewed, counting: Counting) -> _FromPreference:
    """What the comparison of two turns gives."""
    row, pair, votes = reviewed.row, reviewed.compared, reviewed.votes
    preference = decide(values_of(votes, PREFERENCE), *counting)
    if pair is None or preference.value is None:
        tied = (Undecided(PREFERENCE, preference.why),) if pair and preference.tied else ()
        return _FromPreference(undecided=tied)
    voters = [vote for vote in votes if vote.values.get(PREFERENCE) == preference.value]
    a, b = (turn_message(row, pair.at, index) for index in (pair.a, pair.b))
    wanted = {"a": [a], "b": [b], "both": [a, b], "neither": []}[preference.value]
    refused = [v for turn in wanted for v in turn_violations(row, pair.at, turn)]
    if refused:
        why = f"what is preferred breaks a rule: {refused[0].message}"
        return _FromPreference(undecided=(Undecided(PREFERENCE, why),))
    if preference.value in ("a", "b"):
        turns = (a, b) if preference.value == "a" else (b, a)
        return _FromPreference((examples.pair(row, pair.at, turns, "preference", voters),))
    label = preference.value == "both"
    both = (examples.example(row, pair.at, turn, label, voters) for turn in (a, b))
    return _FromPreference(examples=tuple(both))
