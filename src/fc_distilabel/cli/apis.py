"""`fc-distilabel apis`: tools at the complexity that is asked for."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from fc_distilabel.cli.options import positive, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table

    from fc_distilabel.apis.complexity import Complexity
    from fc_distilabel.apis.domains import Domain
    from fc_distilabel.apis.making import Making
    from fc_distilabel.cli.options import Subparsers

DESCRIPTION = """\
Make tools of a complexity that you set, from built-in domains and without a model: one row a tool,
the tool first and then those that resemble it. What was asked for and what was reached is told at
the end. Exit status: 0 tools were made, 2 what was given cannot be used."""


def add(subparsers: "Subparsers") -> None:
    """Add the command."""
    parser = subparsers.add_parser("apis", help="make tools", description=DESCRIPTION)
    parser.add_argument("paths", nargs="*", metavar="PATH", help="documents that tools are for")
    parser.add_argument(
        "--out", required=True, type=Path, metavar="TOOLS.jsonl", help="the rows, one a tool"
    )
    parser.add_argument(
        "--preset", type=int, default=3, metavar="1-5", help="how complex (%(default)s)"
    )
    parser.add_argument(
        "--set",
        dest="figures",
        default="",
        metavar="NAME=VALUE,...",
        help="figures other than the preset's, also as a JSON object: depth=0.4,enum=0.2",
    )
    parser.add_argument(
        "--count", type=positive, default=100, metavar="N", help="tools wanted (%(default)s)"
    )
    parser.add_argument(
        "--similar",
        type=whole,
        default=0,
        metavar="K",
        help="similar tools beside each (%(default)s)",
    )
    parser.add_argument(
        "--language", choices=("en", "zh", "both"), default="both", help="(%(default)s)"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="(%(default)s)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from rich.console import Console

    from fc_distilabel.apis.making import Making
    from fc_distilabel.apis.targets import missed, nearest, target_from
    from fc_distilabel.errors import InputError

    if options.paths:
        raise InputError(
            f"documents need a model, which this command does not ask yet: {options.paths[0]!r}; "
            "leave them out for tools from built-in domains"
        )
    wanted = target_from(options.preset, options.figures)
    target, notes = nearest(wanted)
    making = Making(
        _domains(options.language), target, options.count, options.seed, options.similar
    )
    errors = Console(stderr=True)
    _say(errors, "nearest setting", notes)
    made = _write(making, options.out, errors)
    errors.print(_table(wanted, making))
    _say(errors, "off target", missed(target, making.ledger.measured()))
    lacking = options.count - made
    if lacking:
        _say(errors, "fewer", [f"{lacking:,} tools: these domains have no more that differ"])
    duplicates = f", {making.duplicates:,} near-duplicates left out" if making.duplicates else ""
    errors.print(f"{made:,} tools in {str(options.out)!r}{duplicates}", markup=False)
    return 0


def _domains(language: str) -> "tuple[Domain, ...]":
    from fc_distilabel.apis.domains import domains
    from fc_distilabel.types import LANGUAGES

    wanted = [each for each in LANGUAGES if language in (each, "both")]
    return tuple(domain for each in wanted for domain in domains(each))


def _write(making: "Making", out: Path, console: "Console") -> int:
    """Write all rows, in place of an older file only when the last one is written."""
    from rich.progress import Progress

    from fc_distilabel.errors import InputError
    from fc_distilabel.types import canonical_json

    unfinished = out.with_name(f"{out.name}.part")
    made = 0
    try:
        with (
            unfinished.open("w", encoding="utf-8") as rows,
            Progress(console=console, transient=True, disable=not console.is_terminal) as progress,
        ):
            task = progress.add_task("making tools", total=making.count)
            for tool in making:
                rows.write(canonical_json(tool.row()) + "\n")
                made += 1
                progress.advance(task)
        unfinished.replace(out)
    except OSError as error:
        raise InputError(f"cannot write {str(out)!r}: {error.strerror}") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return made


def _say(console: "Console", what: str, notes: "Sequence[str]") -> None:
    for note in notes:
        console.print(f"{what}: {note}", markup=False, highlight=False, soft_wrap=True)


def _table(target: "Complexity", making: "Making") -> "Table":
    """The target beside what was measured."""
    from rich import box
    from rich.table import Table

    from fc_distilabel.apis.targets import TOLERANCE, side_by_side

    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("figure")
    for title in ("target", "measured", ""):
        table.add_column(title, justify="right")
    for name, wanted, reached, is_share in side_by_side(target, making.ledger.measured()):
        style = "{:.1%}" if is_share else "{:g}"
        off = is_share and abs(wanted - reached) > TOLERANCE
        shown = round(reached, 2) if not is_share else reached
        mark = "off" if off else ""
        table.add_row(name.replace("_", " "), style.format(wanted), style.format(shown), mark)
    return table
