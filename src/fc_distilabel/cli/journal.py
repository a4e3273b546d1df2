"""`fc-distilabel journal`: what a run has asked and paid, and room on the disk when it is done."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from fc_distilabel.cli.spending import add_prices

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from fc_distilabel.cli.options import Subparsers
    from fc_distilabel.pipelines.journals import Contents, Journal
    from fc_distilabel.runs.budget import Prices, Spent

DESCRIPTION = """\
Show what a run has asked its models: completions, tokens and seconds by model and stage, dollars
where prices are given, and the size on disk. Exit status: 0 shown, or pruned; 1 the disk did not
take it; 2 there is no journal that can be used, or its run has yet to go on from it."""


def add(subparsers: "Subparsers") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "journal", help="what a run has asked and paid", description=DESCRIPTION
    )
    parser.add_argument(
        "path",
        type=Path,
        metavar="DIR_OR_FILE",
        help="a run's folder, a file of `apis`, or the journal itself",
    )
    parser.add_argument(
        "--prune",
        action="store_true",
        help="remove the completions of a run that has come to its end; its rows stay",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_prices(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from rich.console import Console

    from fc_distilabel.pipelines.journals import find_journal, prune_journal, read_journal
    from fc_distilabel.runs.budget import prices_of

    prices = prices_of(options.price_in, options.price_out)
    journal = find_journal(options.path)
    pruned = prune_journal(journal) if options.prune else None
    contents = read_journal(journal)
    if options.json:
        more = {"removed": pruned[0], "bytes_freed": pruned[1]} if pruned else {}
        report = {"journal": str(journal.database), **contents.report(prices), **more}
        print(json.dumps(report, ensure_ascii=False))
    else:
        _show(Console(), journal, contents, prices, pruned)
    return 0


def _show(
    console: "Console",
    journal: "Journal",
    contents: "Contents",
    prices: "Prices | None",
    pruned: tuple[int, int] | None,
) -> None:
    from rich.filesize import decimal
    from rich.text import Text

    if contents.lines:
        console.print(_table(contents, prices))
    lines = [
        f"{contents.completions:,} completions, {decimal(contents.size)} in {journal.database}",
        _need(journal, contents),
    ]
    if pruned:
        lines.insert(0, f"removed {pruned[0]:,} completions, {decimal(pruned[1])}")
    for line in lines:
        console.print(Text(line), soft_wrap=True)


def _need(journal: "Journal", contents: "Contents") -> str:
    """What the completions are still good for."""
    if contents.needed:
        how = contents.ending or "it is at work, or was cut off"
        return f"needed: all of them; the run has not come to its end ({how}) and goes on from them"
    rows = f"{contents.kept_rows:,} rows kept, of {contents.calls_of_kept:,} calls"
    ended = contents.ending if journal.output else f"{contents.ending}, {rows}"
    if not contents.completions:
        return f"needed: none; the run has ended ({ended}), and more than it made is a new run"
    return (
        f"needed: none; the run has ended ({ended}). With them the same command with more to make "
        "pays for nothing twice; --prune removes them"
    )


def _table(contents: "Contents", prices: "Prices | None") -> "Table":
    """What was asked, by model and stage; names are shown as they are."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from fc_distilabel.cli.show import plain

    table = Table(box=box.SIMPLE_HEAD, show_footer=len(contents.lines) > 1)
    total = ("in all", "", f"{contents.completions:,}", *_cells(contents.spent, prices))
    titles = ["model", "stage", "stored", "asked", "tokens\nin", "tokens\nout", "seconds"]
    titles += ["cost"] if prices else []
    for index, (title, footer) in enumerate(zip(titles, total, strict=True)):
        table.add_column(title, footer=footer, justify="left" if index < 2 else "right")
    for line in contents.lines:
        names = (Text(plain(line.name)), Text(plain(line.stage)))
        table.add_row(*names, f"{line.completions:,}", *_cells(line.spent, prices))
    return table


def _cells(spent: "Spent", prices: "Prices | None") -> list[str]:
    from fc_distilabel.runs.budget import dollars

    cells = [f"{n:,}" for n in (spent.requests, spent.prompt_tokens, spent.completion_tokens)]
    cells.append(f"{spent.seconds:,.1f}")
    return [*cells, dollars(prices.cost(spent))] if prices else cells
