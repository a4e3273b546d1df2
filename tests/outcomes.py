"""Outcomes made up for tests."""

import json

from fc_distilabel.runs.outcomes import Outcome
from fc_distilabel.types import Drop, Language, Stage, Usage


def kept(position: int, attempt: int = 0, language: Language = "en", **usage: Usage) -> Outcome:
    """A kept row in its place."""
    id_ = f"{language}-{position}-{attempt}"
    row = json.dumps({"id": id_, "domain": "d", "messages": [], "tools": [], "gold_calls": []})
    return _outcome(id_, position, attempt, language, None, row, tuple(usage.values()))


def lost(
    position: int,
    attempt: int = 0,
    language: Language = "en",
    stage: Stage = "dialogue",
    reason: str = "refused",
) -> Outcome:
    """A dropped row in its place."""
    id_ = f"{language}-{position}-{attempt}"
    drop = Drop(stage=stage, reason=reason, detail="seen")
    return _outcome(id_, position, attempt, language, drop, "", ())


def _outcome(
    id_: str,
    position: int,
    attempt: int,
    language: Language,
    drop: Drop | None,
    row: str,
    usage: tuple[Usage, ...],
) -> Outcome:
    return Outcome(
        passage_id=f"{language}{position}",
        attempt=attempt,
        position=position,
        id=id_,
        language=language,
        kind="single",
        document="lockers.md",
        drop=drop,
        usage=usage,
        row=row,
    )
