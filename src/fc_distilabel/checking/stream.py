"""A file of rows as a stream of reports: memory does not grow with the file.

A line is read up to a bound and parsed strictly: a key twice in one object, NaN or endless nesting
would be read differently by every library, so such a line is a violation and not a guess.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from fc_distilabel.calls.parse import no_constant, unique
from fc_distilabel.checking.check import Report, check_row
from fc_distilabel.errors import InputError
from fc_distilabel.importers.rows import Subject
from fc_distilabel.types import STRICT, Json, Policy, Violation

MAX_LINE = 32_000_000
"""Bytes of one row: 60 turns of full tool results have 1 MB."""
_ID = re.compile(rb'"id"\s*:\s*"([^"\\]{1,200})"')
_ID_WITHIN = 1_000
"""Where an unreadable line is still searched for its id."""


class Checked(NamedTuple):
    """One report, and how far into the file it is."""

    report: Report
    position: int
    """Bytes read so far."""


def check_file(
    path: Path, subject: Subject | None = None, policy: Policy = STRICT
) -> Iterator[Checked]:
    """Judge each line that is not blank, in order.

    Raises `InputError` when the file cannot be read, and at its end when no line was a row at all.
    """
    usable, last = False, None
    with _opened(path) as file:
        for number, line in enumerate(iter(lambda: file.readline(MAX_LINE + 1), b""), start=1):
            if not line.strip():
                continue
            report = _checked(line, file, number, subject, policy)
            usable = usable or report.readable
            last = report
            yield Checked(report, file.tell())
    if not usable:
        raise InputError(f"{str(path)!r} holds no row to check{_because(last)}")


def _because(report: Report | None) -> str:
    return f"; its last line: {report.violations[0].message}" if report else ": it is empty"


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(f"cannot read {str(path)!r}: {error.strerror}") from error


def _checked(
    line: bytes, file: BinaryIO, number: int, subject: Subject | None, policy: Policy
) -> Report:
    if len(line) > MAX_LINE:
        _skip_line(file, line)
        return _unread(line, number, "size", f"the line is longer than {MAX_LINE:,} bytes")
    try:
        row: Json = json.loads(line, object_pairs_hook=unique, parse_constant=no_constant)
    except RecursionError:
        return _unread(line, number, "depth", "the line is nested too deep")
    except json.JSONDecodeError as error:
        found = f"the line is not JSON: {error.msg} at character {error.pos}"
        return _unread(line, number, "not-json", found, readable=False)
    except UnicodeDecodeError:
        return _unread(line, number, "not-json", "the line is not UTF-8", readable=False)
    except ValueError as error:
        return _unread(line, number, "json", f"the line cannot be read in one way: {error}")
    return check_row(row, number, subject, policy)


def _skip_line(file: BinaryIO, line: bytes) -> None:
    while line and not line.endswith(b"\n"):
        line = file.readline(MAX_LINE)


def _unread(line: bytes, number: int, rule: str, message: str, *, readable: bool = True) -> Report:
    told = _ID.search(line, 0, _ID_WITHIN)
    identity = told[1].decode(errors="replace") if told else number
    found = Violation(rule=rule, path="", message=message)
    return Report(id=identity, subject="calls", violations=(found,), readable=readable)
