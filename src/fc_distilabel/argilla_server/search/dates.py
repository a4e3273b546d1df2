"""Moments as people write them in a filter: parts may be missing at the end, a zone may follow.

What is missing is the earliest for a lower bound and the latest for an upper one, so `2025-03` as
an upper bound means the whole of March. A number is milliseconds since 1970.
"""

import re
from calendar import monthrange
from datetime import datetime, timedelta, timezone
from typing import Any

_MOMENT = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?)?)?)?"
    r"(Z|[+-]\d\d:?\d\d)?"
)


def moment(said: Any, *, latest: bool) -> datetime | None:
    """A moment in UTC, without a zone, as the database has it; `None` for what is none."""
    try:
        if isinstance(said, int | float):
            epoch = datetime(1970, 1, 1)
            return epoch + timedelta(milliseconds=said)
        return _parsed(str(said).strip(), latest=latest)
    except (ValueError, OverflowError):
        return None


def _parsed(said: str, *, latest: bool) -> datetime | None:
    found = _MOMENT.fullmatch(said)
    if found is None:
        return None
    year, month = int(found[1]), int(found[2] or (12 if latest else 1))
    last = (monthrange(year, month)[1], 23, 59, 59) if latest else (1, 0, 0, 0)
    day, hour, minute, second = (
        int(part or other) for part, other in zip(found.group(3, 4, 5, 6), last, strict=True)
    )
    micro = int((found[7] or "").ljust(6, "9" if latest else "0")[:6])
    when = datetime(year, month, day, hour, minute, second, micro, _zone(found[8]))
    return when.astimezone(timezone.utc).replace(tzinfo=None)


def _zone(said: str | None) -> timezone:
    if said in (None, "Z"):
        return timezone.utc
    minutes = int(said[1:3]) * 60 + int(said[-2:])
    return timezone(timedelta(minutes=minutes if said[0] == "+" else -minutes))
