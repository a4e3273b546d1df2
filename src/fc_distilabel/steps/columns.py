"""The columns that all our steps share, and how a row reads and writes them."""

import json

from fc_distilabel.types import Drop, Json, Stage, Usage, canonical_json

DROP = "drop"
"""Why the row ended, as JSON, or `` while it lives."""
USAGE = "usage"
"""What each stage cost, as a JSON list."""
MAX_DETAIL = 2000

Row = dict[str, Json]

FILLER = Drop(stage="scenario", reason="filler").to_json()
"""The `drop` of a row that only fills up a batch.

distilabel holds rows back until a step's batch is full, and a source that waits for those rows to
come out would wait for ever; so the source always hands out full batches. A filler passes through
all steps like a dropped row, and the sink leaves it out.
"""


def is_dropped(row: Row) -> bool:
    """Whether an earlier step ended the row."""
    return bool(row.get(DROP))


def is_filler(row: Row) -> bool:
    """Whether the row only fills up a batch."""
    return bool(row.get(DROP) == FILLER)


def drop_of(row: Row) -> Drop | None:
    """The row's drop, if it has one."""
    return Drop.model_validate_json(row[DROP]) if is_dropped(row) else None


def usage_of(row: Row) -> tuple[Usage, ...]:
    """The row's usage so far."""
    return tuple(Usage.model_validate(entry) for entry in json.loads(row.get(USAGE) or "[]"))


def with_usage(row: Row, usage: Usage) -> Row:
    """The row with one more stage accounted for."""
    entries = [entry.model_dump() for entry in (*usage_of(row), usage)]
    return row | {USAGE: canonical_json(entries)}


def dropped(row: Row, stage: Stage, reason: str, detail: str) -> Row:
    """The row, ended."""
    return row | {DROP: Drop(stage=stage, reason=reason, detail=detail[:MAX_DETAIL]).to_json()}


def passed_on(row: Row) -> Row:
    """The row with the shared columns present, whatever the step before knew of them."""
    return row | {DROP: row.get(DROP) or "", USAGE: row.get(USAGE) or "[]"}
