"""`fc-distilabel argilla watch`: the files of a pull, written as people submit."""

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
from fc_distilabel.cli.options import INTERRUPTED, seconds

if TYPE_CHECKING:
    from fc_distilabel.cli.options import Subparsers

DESCRIPTION = """\
Follow a dataset and write the files of `pull` anew whenever people submit, with a line for each
record that changed, until Ctrl-C. A server that goes away is waited for. Exit status: 130 stopped
by Ctrl-C; 2 what was given cannot be used."""


def add(subparsers: "Subparsers") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "watch", help="write the files as people submit", description=DESCRIPTION
    )
    add_counting(parser)
    add_connection(parser)
    parser.add_argument(
        "--every", type=seconds, default=5.0, metavar="SECONDS", help="look (%(default)s)"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from fc_distilabel.feedback.datasets import find_dataset
    from fc_distilabel.feedback.watch import watch

    # Scripts start background jobs with SIGINT ignored; who sends one there means to stop us.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with connected(options) as server:
        dataset = find_dataset(server, options.dataset, options.workspace)
        out = made(options.out)
        print(f"following {dataset.name!r} at {server.url} into {str(out)!r}", flush=True)
        try:
            watch(
                *(server, dataset, out, counting_of(options), options.every),
                lambda line: print(line, flush=True),
            )
        except KeyboardInterrupt:
            print(f"stopped; the files are in {str(out)!r}", flush=True)
    return INTERRUPTED
