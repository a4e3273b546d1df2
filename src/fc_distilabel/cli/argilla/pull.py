"""`fc-distilabel argilla pull`: what people answered, as files to train on."""

import argparse
import signal
from typing import TYPE_CHECKING

from fc_distilabel.cli.argilla.connection import (
    add_connection,
    add_counting,
    connected,
    counting_of,
    made,
)

if TYPE_CHECKING:
    from rich.table import Table

    from fc_distilabel.cli.options import Subparsers
    from fc_distilabel.feedback.gathering import Gathered

DESCRIPTION = """\
Read what people answered into DIR: rows.jsonl and sft.jsonl (approved and corrected rows),
dpo.jsonl, kto.jsonl, feedback.jsonl, undecided.jsonl, agreement.json, and guidance.json for the
next run (`synthesize --feedback DIR`). Rows come from the server. A corrected call is checked
first; one that is not valid goes back as a suggestion and into no file. A corrected row ends with
its corrected call, for what followed answered the old one. Exit status: 0 the files are written;
1 the server went away; 2 what was given cannot be used; 130 Ctrl-C."""


def add(subparsers: "Subparsers") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "pull", help="what people answered, as files to train on", description=DESCRIPTION
    )
    add_counting(parser)
    add_connection(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from rich.console import Console
    from rich.progress import Progress

    from fc_distilabel.feedback.datasets import find_dataset
    from fc_distilabel.feedback.gathering import gather

    signal.signal(signal.SIGINT, signal.default_int_handler)
    errors = Console(stderr=True)
    with connected(options) as server:
        dataset = find_dataset(server, options.dataset, options.workspace)
        out = made(options.out)
        with Progress(console=errors, transient=True, disable=not errors.is_terminal) as progress:
            task = progress.add_task("reading", total=None)
            gathered = gather(
                *(server, dataset, out, counting_of(options)),
                lambda done, total: progress.update(task, completed=done, total=total),
            )
    for note in gathered.notes:
        errors.print(f"note: {note}", markup=False, soft_wrap=True, highlight=False)
    errors.print(_agreement_table(gathered))
    for line in _summary(gathered):
        errors.print(line, markup=False, soft_wrap=True, highlight=False)
    return 0


def _summary(gathered: "Gathered") -> list[str]:
    pulled = gathered.pulled
    counts = ", ".join(f"{count:,} {name}" for name, count in sorted(pulled.outcomes.items()))
    pairs = sum(len(one.pairs) for _, one in pulled.gleaned)
    examples = sum(len(one.examples) for _, one in pulled.gleaned)
    lines = [
        f"{len(pulled.gleaned):,} records: {counts or 'none'}",
        f"{len(pulled.rows):,} SFT rows, {pairs:,} DPO pairs, {examples:,} KTO rows",
    ]
    if gathered.returned:
        lines.append(f"{gathered.returned:,} corrections are not valid and went back")
    return lines


def _agreement_table(gathered: "Gathered") -> "Table":
    """How far people agree, and the judge with them."""
    from rich import box
    from rich.table import Table

    table = Table("agreement", "measure", box=box.SIMPLE_HEAD)
    table.add_column("value", justify="right")
    table.add_column("records", justify="right")
    for question, told in gathered.figures["people"].items():
        measure = f"Krippendorff's alpha, {told['level']}"
        table.add_row(f"people on {question}", measure, _shown(told["alpha"]), f"{told['records']}")
    for what, told in gathered.figures["judge"].items():
        measure = next(name for name in told if name != "n")
        names = {"kappa": "Cohen's kappa", "pearson": "Pearson's r"}
        table.add_row(f"judge on {what}", names[measure], _shown(told[measure]), f"{told['n']}")
    return table


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
