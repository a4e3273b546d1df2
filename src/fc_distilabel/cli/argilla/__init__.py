"""`fc-distilabel argilla`: people review rows. A sub-command is a module here with `add`."""

from typing import TYPE_CHECKING

from fc_distilabel.cli.argilla import pull, push, serve, stop, watch

if TYPE_CHECKING:
    from fc_distilabel.cli.options import Subparsers

COMMANDS = (serve, stop, push, pull, watch)


def add(subparsers: "Subparsers") -> None:
    """Add the command and its sub-commands."""
    parser = subparsers.add_parser(
        "argilla", help="people review rows", description="Have people review rows, in Argilla."
    )
    group = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=type(parser))
    for command in COMMANDS:
        command.add(group)
