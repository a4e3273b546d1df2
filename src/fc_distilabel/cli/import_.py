"""`fc-distilabel import`: others' training files as rows to check, review and export."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from fc_distilabel.cli.options import Subparsers
    from fc_distilabel.importers.trainers.files import Taken

FORMATS = ("auto", "trl", "openai", "llamafactory", "swift", "axolotl", "hermes")


def add(subparsers: "Subparsers") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "import",
        help="read a trainer's file into rows",
        description="Read a trainer's JSONL file into rows that check, export and argilla push "
        "take. Exit status: 0 all read, 1 some were refused (beside OUT, with the reasons), "
        "2 nothing could be read.",
    )
    parser.add_argument("file", type=Path, metavar="FILE.jsonl", help="the trainer's file")
    parser.add_argument(
        "--format", choices=FORMATS, default="auto", help="told from each record's keys (auto)"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="rows.jsonl", help="a new file")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from rich.console import Console

    errors = Console(stderr=True)
    taken = _import(options, errors)
    _tell(options, taken, errors)
    return 1 if taken.refused else 0


def _import(options: argparse.Namespace, console: "Console") -> "Taken":
    from rich.progress import Progress

    from fc_distilabel.importers.trainers.files import import_file

    size = options.file.stat().st_size if options.file.is_file() else 0
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("importing", total=size)
        return import_file(
            options.file,
            options.out,
            options.format,
            lambda line: progress.update(task, completed=line.position),
        )


def _tell(options: argparse.Namespace, taken: "Taken", console: "Console") -> None:
    from rich.text import Text

    from fc_distilabel.cli.show import plain

    def say(text: str) -> None:
        console.print(Text(plain(" ".join(text.split()))), soft_wrap=True)

    forms = ", ".join(f"{count:,} {form}" for form, count in taken.forms.most_common())
    say(f"{taken.rows:,} of {taken.read:,} records read into {options.out}: {forms}")
    for name, count in taken.repairs.most_common():
        say(f"repaired {count:,}: {name}")
    for name, count in taken.left_out.most_common():
        say(f"left out in {count:,}: {name}")
    for reason, count in taken.refused.most_common():
        say(f"refused {count:,}: {reason}; first {taken.first[reason]}")
