"""Lines of a file one by one: a record, or why it is none and where it stands.

Memory does not grow with the file. A damaged line does not end the reading: it is told by its
place, like everything else that cannot be used.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from fc_distilabel.errors import Dropped, InputError
from fc_distilabel.types import Json

MAX_LINE = 32_000_000
"""Bytes of one record: 60 turns of full tool results have 1 MB."""
_SHOWN = 200


class Line(NamedTuple):
    """One line that is not blank."""

    place: str
    """`rows.jsonl:17`."""
    record: dict[str, Json] | None
    flaw: Dropped | None
    """Why there is no record."""
    position: int
    """Bytes read so far."""


def read_lines(path: Path) -> Iterator[Line]:
    """The lines of a JSONL file; `InputError` where it cannot be opened."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise InputError(f"cannot read {str(path)!r}: {error.strerror}") from error
    with file:
        for number, raw in enumerate(iter(lambda: file.readline(MAX_LINE + 1), b""), start=1):
            long = len(raw) > MAX_LINE
            while long and raw and not raw.endswith(b"\n"):
                raw = file.readline(MAX_LINE)
            if raw.strip():
                place = f"{path.name}:{number}"
                try:
                    record = _record(b"" if long else raw)
                except Dropped as flaw:
                    yield Line(place, None, flaw, file.tell())
                else:
                    yield Line(place, record, None, file.tell())


def _record(raw: bytes) -> dict[str, Json]:
    if not raw:
        raise Dropped("a line that is too long", f"more than {MAX_LINE:,} bytes")
    try:
        value = json.loads(raw, parse_constant=_no_constant)
    except RecursionError as error:
        raise Dropped("a line that is nested too deep", _glimpse(raw)) from error
    except ValueError as error:  # a damaged line, and one that is not UTF-8
        raise Dropped("a line that is not JSON", f"{error}: {_glimpse(raw)}") from error
    if not isinstance(value, dict):
        raise Dropped("a line that is no object", _glimpse(raw))
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _glimpse(raw: bytes) -> str:
    return raw[:_SHOWN].decode(errors="replace").strip()
