"""`fc-distilabel argilla push`: rows of a run to people."""

import argparse
import json
import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from fc_distilabel.cli.argilla.connection import add_connection, connected
from fc_distilabel.cli.options import positive

if TYPE_CHECKING:
    from rich.console import Console

    from fc_distilabel.cli.options import Subparsers
    from fc_distilabel.feedback.push import Pushed
    from fc_distilabel.types import Json

DESCRIPTION = """\
Push the rows of a run to an Argilla, for people to review. The dataset is made where it is missing.
A row is pushed once: what is there, and what people answered, is left as it is, so the same again
goes on where it was stopped. Exit status: 0 all rows are there; 1 some could not be pushed, or the
server went away; 2 what was given cannot be used, nothing was done; 130 stopped by Ctrl-C."""
SHOWN = 20


def add(subparsers: "Subparsers") -> None:
    """Add the command."""
    parser = subparsers.add_parser("push", help="rows of a run to people", description=DESCRIPTION)
    parser.add_argument("run_folder", type=Path, metavar="DIR", help="a run's folder")
    add_connection(parser)
    parser.add_argument("--dataset", default="", metavar="NAME", help="(the folder's name)")
    parser.add_argument(
        "--language",
        choices=("en", "zh"),
        default="en",
        help="of the questions, where the dataset is made (%(default)s)",
    )
    parser.add_argument(
        "--votes",
        type=positive,
        default=1,
        metavar="N",
        help="people who answer each row, where the dataset is made (%(default)s)",
    )
    parser.add_argument(
        "--sample",
        choices=("all", "lowest-score", "disagreement", "stratified", "random"),
        default="all",
        help="which rows, where not all: those the judge likes least, those judges differ on, "
        "of each kind alike, any (%(default)s)",
    )
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--share", type=_share, metavar="0-1", help="of the rows")
    size.add_argument("--count", type=positive, metavar="N", help="how many rows")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="(%(default)s)")
    parser.set_defaults(run=run)


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0, up to 1")
    return value


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from rich.console import Console

    from fc_distilabel.feedback.sampling import Sample, sampled

    signal.signal(signal.SIGINT, signal.default_int_handler)
    errors = Console(stderr=True)
    sample = Sample(options.sample, options.share, options.count, options.seed)
    rows = sampled(_rows(options.run_folder), sample)
    pushed = _push(options, rows, errors)
    for left in pushed.left_out[:SHOWN]:
        errors.print(f"left out: {left.row}: {left.why}", markup=False, soft_wrap=True)
    if len(pushed.left_out) > SHOWN:
        errors.print(f"left out: {len(pushed.left_out) - SHOWN:,} more", markup=False)
    return 1 if pushed.left_out else 0


def _rows(folder: Path) -> "list[dict[str, Json]]":
    from fc_distilabel.errors import InputError
    from fc_distilabel.runs.files import ROWS, read_rows

    rows = list(read_rows(folder / ROWS))
    if not rows:
        raise InputError(f"{str(folder / ROWS)!r} has no rows")
    return rows


def _push(
    options: argparse.Namespace, rows: "list[dict[str, Json]]", console: "Console"
) -> "Pushed":
    from rich.progress import Progress

    from fc_distilabel.feedback.datasets import settle_dataset
    from fc_distilabel.feedback.push import push_rows

    name = options.dataset or _name_of(options.run_folder)
    with connected(options) as server:
        dataset = settle_dataset(server, name, options.workspace, options.language, options.votes)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
            task = progress.add_task("pushing", total=len(rows))
            pushed = push_rows(
                *(server, dataset, rows, _model(options.run_folder)),
                note=lambda number: progress.advance(task, number),
            )
        link = f"{server.url}/dataset/{dataset.id}/annotation-mode"
    made = " (made now)" if dataset.made else ""
    told = f"{pushed.added:,} rows added, {pushed.there:,} were there, "
    told += f"{len(pushed.left_out):,} left out: dataset {dataset.name!r}{made}, {link}"
    console.print(told, markup=False, soft_wrap=True, highlight=False)
    return pushed


def _name_of(folder: Path) -> str:
    """A name for the dataset that Argilla takes."""
    name = re.sub("[^A-Za-z0-9_-]+", "-", folder.resolve().name).strip("-_")
    return name or "rows"


def _model(folder: Path) -> str:
    """Who wrote the rows, where the run says so."""
    from fc_distilabel.runs.files import REPORT

    try:
        report = json.loads((folder / REPORT).read_text(encoding="utf-8"))
        return str(report["model"]["llm"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""  # a folder of rows need not be a run's
