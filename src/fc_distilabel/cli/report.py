"""`fc-distilabel report`: what a run made, measured, as a page for people and JSON for programs."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from fc_distilabel.cli.options import Subparsers
    from fc_distilabel.report import Report

DESCRIPTION = """\
Measure a run's rows and write report.html, one page that needs no network, and report.json. Rows
that repeat a benchmark are found with --against. Exit status: 0 the report is written; 1 the disk
did not take it; 2 what was given cannot be used, nothing was written."""


def add(subparsers: "Subparsers") -> None:
    """Add the command."""
    parser = subparsers.add_parser("report", help="measure a run's rows", description=DESCRIPTION)
    parser.add_argument("folder", type=Path, metavar="DIR", help="the run's folder")
    parser.add_argument(
        "--against",
        nargs="+",
        action="extend",
        default=[],
        metavar="FILE",
        help="benchmarks that rows must not repeat: files of questions, or bfcl",
    )
    parser.add_argument(
        "--drop-contaminated",
        action="store_true",
        help="write rows and pairs that repeat nothing to the folder clean, the others beside them",
    )
    parser.add_argument("--out", type=Path, metavar="DIR2", help="where the report goes (DIR)")
    parser.add_argument(
        "--agreement",
        type=Path,
        metavar="PATH",
        help="agreement.json of a pull, or its folder (that in DIR, if any)",
    )
    parser.add_argument(
        "--language",
        choices=("auto", "en", "zh"),
        default="auto",
        help="of the page; auto is that of most rows (%(default)s)",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from rich.console import Console

    errors = Console(stderr=True)
    report = _measured(options, errors)
    target: Path = options.out or options.folder
    print(target / "report.html")
    for line in _told(report, target):
        errors.print(line, markup=False, highlight=False, soft_wrap=True)
    return 0


def _measured(options: argparse.Namespace, console: "Console") -> "Report":
    from rich.progress import Progress

    from fc_distilabel.report import write_report
    from fc_distilabel.runs.files import ROWS

    rows = options.folder / ROWS
    size = rows.stat().st_size if rows.is_file() else 0
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("measuring", total=size)
        return write_report(
            options.folder,
            options.against,
            out=options.out,
            drop_contaminated=options.drop_contaminated,
            agreement=options.agreement,
            language=options.language,
            progress=lambda done: progress.update(task, completed=done),
        )


def _told(report: "Report", target: Path) -> "Iterator[str]":
    """What is told of it here; the page tells the rest."""
    yield f"{report.rows:,} rows measured" if report.rows else "the run has no rows"
    problems = report.problems
    if problems.unread:
        first = next(flaw for flaw in problems.flaws if ":" in flaw.place)
        yield f"{problems.unread:,} lines are no rows; the first: {first.place}: {first.why}"
    if problems.newer:
        unknown = ", ".join(problems.unknown[:5])
        yield f"{problems.newer:,} rows have what this version does not know: {unknown}"
    found = report.contamination
    if found is not None:
        questions = sum(found.benchmarks.values())
        rules = ", ".join(f"{count:,} {rule}" for rule, count in found.rules.items())
        yield f"{found.rows:,} rows repeat one of {questions:,} questions" + (
            f": {rules}" if rules else ""
        )
        if found.unread:
            yield f"{found.unread:,} cases of the benchmarks have no question"
    if report.clean:
        yield f"without them: {target / report.clean}"
