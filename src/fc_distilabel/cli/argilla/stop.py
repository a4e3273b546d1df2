"""`fc-distilabel argilla stop`: end a server that runs in the background."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fc_distilabel.cli.options import Subparsers


def add(subparsers: "Subparsers") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "stop",
        help="stop a server in the background",
        description="Stop the server that runs on DIR. Exit status: 0 it runs no more.",
    )
    parser.add_argument(
        "--home", type=Path, metavar="DIR", help="as given to serve (a folder of the user's data)"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from fc_distilabel.argilla_server.background import stop
    from fc_distilabel.argilla_server.home import default_home

    home = options.home or default_home()
    stopped = stop(home)
    print(f"stopped {stopped.url}" if stopped else f"no server runs on {str(home)!r}")
    return 0
