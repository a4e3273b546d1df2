"""`fc-distilabel check`: judge anybody's tools, calls or conversations, a report a row."""

import argparse
import json
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

    from rich.console import Console
    from rich.table import Table

    from fc_distilabel.checking.check import Report
    from fc_distilabel.checking.summary import Summary
    from fc_distilabel.cli.options import Subparsers

KINDS = ("tools", "calls", "trajectories")


def add(subparsers: "Subparsers") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "check",
        help="judge a file of tools, calls or conversations",
        description="Judge each row of a JSONL file: ours, OpenAI's or ShareGPT's. "
        "Exit status: 0 all valid, 1 violations found, 2 the file cannot be used.",
    )
    parser.add_argument("file", type=Path, metavar="FILE.jsonl", help="the rows")
    parser.add_argument(
        "--kind", choices=KINDS, help="what the rows are about (told from their keys)"
    )
    parser.add_argument(
        "--out", type=Path, metavar="OUT.jsonl", help="the reports, a line a row (standard output)"
    )
    parser.add_argument(
        "--formats",
        choices=("strict", "lenient"),
        default="strict",
        help="lenient takes a date-time without zone and HH:MM (%(default)s)",
    )
    parser.add_argument(
        "--call-ids",
        choices=("unique", "local"),
        default="unique",
        help="local takes a call id that an earlier turn has used (%(default)s)",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from rich.console import Console
    from rich.text import Text

    from fc_distilabel.checking.summary import Summary

    errors = Console(stderr=True)
    summary = Summary()
    with _output(options) as out:
        _check(options, out, summary, errors)
    if summary.broken():
        errors.print(_table(summary))
    errors.print(Text(summary.headline()), soft_wrap=True)
    return 0 if summary.clean else 1


def _output(options: argparse.Namespace) -> "AbstractContextManager[BinaryIO]":
    from fc_distilabel.errors import InputError

    out: Path | None = options.out
    if out is None:
        return nullcontext(sys.stdout.buffer)
    if out.exists() and options.file.exists() and out.samefile(options.file):
        raise InputError(f"--out is {str(out)!r}, the file that is checked; name another")
    try:
        return out.open("wb")
    except OSError as error:
        raise InputError(f"cannot write {str(out)!r}: {error.strerror}") from error


def _check(
    options: argparse.Namespace, out: "BinaryIO", summary: "Summary", console: "Console"
) -> None:
    """Judge row by row; a report is written before the next row is read."""
    from rich.progress import Progress

    from fc_distilabel.checking.stream import check_file
    from fc_distilabel.types import Policy

    policy = Policy(formats=options.formats, call_ids=options.call_ids)
    size = options.file.stat().st_size if options.file.is_file() else 0
    shown = console.is_terminal and options.out is not None
    with Progress(console=console, transient=True, disable=not shown) as progress:
        task = progress.add_task("checking", total=size)
        for report, position in check_file(options.file, options.kind, policy):
            summary.add(report)
            out.write(_line(report))
            progress.update(task, completed=position)


def _line(report: "Report") -> bytes:
    """One line of JSON; half a surrogate pair is written as the escape that JSON has for it."""
    text = json.dumps(report.line(), ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode(errors="backslashreplace")


def _table(summary: "Summary") -> "Table":
    """Rules by the number of rows that break them; all text is shown as it is."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from fc_distilabel.cli.show import plain

    table = Table(box=box.SIMPLE_HEAD, expand=True)
    table.add_column("rule", no_wrap=True)
    table.add_column("severity", no_wrap=True)
    table.add_column("rows", justify="right")
    table.add_column("violations", justify="right")
    table.add_column("first", overflow="ellipsis", no_wrap=True, ratio=1)
    for rule in summary.broken():
        counts = (f"{rule.rows:,}", f"{rule.violations:,}")
        first = Text(plain(" ".join(rule.first.split())))
        table.add_row(Text(plain(rule.rule)), Text(rule.severity), *counts, first)
    return table
