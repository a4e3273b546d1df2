"""`fc-distilabel export`: rows and preferences as the files that a trainer takes."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from fc_distilabel.cli.options import whole

if TYPE_CHECKING:
    from rich.console import Console

    from fc_distilabel.cli.options import Subparsers
    from fc_distilabel.exporters.export import Wanted
    from fc_distilabel.exporters.units import Data
    from fc_distilabel.exporters.writing import Tally

FORMATS = ("trl", "openai", "llamafactory", "swift", "axolotl", "hermes")


def add(subparsers: "Subparsers") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "export",
        help="write a trainer's files",
        description="Write rows or preferences as a trainer's files, with the config it needs and "
        "a dataset card. Exit status: 0 all written, 1 some were refused (refused.jsonl says why), "
        "2 nothing could be exported.",
    )
    parser.add_argument(
        "source", type=Path, metavar="SOURCE", help="a run's folder, a pull's, or a file of rows"
    )
    parser.add_argument(
        "--format",
        required=True,
        metavar="FORMAT",
        help=f"{', '.join(FORMATS)}, or that of a plugin",
    )
    parser.add_argument(
        "--preference", choices=("dpo", "kto"), help="pairs or judged answers instead of rows"
    )
    parser.add_argument(
        "--split",
        type=share,
        metavar="SHARE",
        help="share of rows to train on, as 0.95; the others are in test.jsonl (all to train on)",
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="a new folder (export-FORMAT in SOURCE)"
    )
    parser.add_argument("--seed", type=whole, default=0, help="of the split (%(default)s)")
    parser.add_argument("--license", default="", metavar="ID", help="for the card, as apache-2.0")
    parser.set_defaults(run=run)


def share(text: str) -> float:
    """A number between 0 and 1."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a share between 0 and 1, as 0.95")
    return value


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from rich.console import Console

    from fc_distilabel.exporters.export import Wanted
    from fc_distilabel.runs.preferences import preference_pairs

    data: Data = options.preference or "sft"
    source: Path = options.source
    wanted = Wanted(
        source=source,
        trainer=options.format,
        data=data,
        out=options.out or _beside(source, options.format, options.preference),
        pairs=preference_pairs,
        split=options.split,
        seed=options.seed,
        licence=" ".join(options.license.split()),
    )
    errors = Console(stderr=True)
    tally = _export(wanted, errors)
    _tell(wanted, tally, errors)
    return 1 if tally.refused else 0


def _beside(source: Path, trainer: str, preference: str | None) -> Path:
    """The folder beside the source, or in a run's folder, named after what is in it."""
    name = "-".join(filter(None, (trainer, preference)))
    if source.is_dir():
        return source / f"export-{name}"
    return source.with_name(f"{source.stem}-{name}")


def _export(wanted: "Wanted", console: "Console") -> "Tally":
    from rich.progress import Progress

    from fc_distilabel.exporters.export import export, source_file

    size = source_file(wanted.source, wanted.data).stat().st_size
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("exporting", total=size)
        return export(wanted, lambda line: progress.update(task, completed=line.position))


def _tell(wanted: "Wanted", tally: "Tally", console: "Console") -> None:
    """What was written, and each reason why something was not."""
    from rich.text import Text

    from fc_distilabel import __version__
    from fc_distilabel.cli.show import plain
    from fc_distilabel.exporters.export import origin_of, source_file

    def say(text: str) -> None:
        console.print(Text(plain(" ".join(text.split()))), soft_wrap=True)

    parts = f"{tally.train:,} to train on"
    parts += f", {tally.test:,} to test on" if wanted.split is not None else ""
    say(f"{tally.written:,} rows of {tally.read:,} records written to {wanted.out}: {parts}")
    if tally.repeated:
        say(f"{tally.repeated:,} left out that say the same as another of their row")
    if tally.without:
        say(f"{tally.without:,} rows have no wrong answer to prefer against")
    version = origin_of(source_file(wanted.source, wanted.data)).version
    if tally.refused and version not in ("", __version__):
        say(f"the rows were made by fc-distilabel {version}; this is {__version__}")
    for reason, count in tally.refused.most_common():
        say(f"refused {count:,}: {reason}; first {tally.first[reason]}")
