"""The command `fc-distilabel`. A command is a module here with `add(subparsers)`; see `COMMANDS`.

Nothing heavy is imported before a command runs: `--help` and a mistyped option answer at once.
"""

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

from fc_distilabel import __version__
from fc_distilabel.cli import (
    apis,
    argilla,
    check,
    doctor,
    export,
    import_,
    journal,
    report,
    show,
    synthesize,
)
from fc_distilabel.cli.options import INTERRUPTED
from fc_distilabel.errors import FcDistilabelError

COMMANDS = (synthesize, apis, check, show, report, journal, argilla, export, import_, doctor)
"""Modules with `add(subparsers)`, which sets `run`: a function from the arguments to a status."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line, as for every other error."""
        self.exit(2, f"error: {message} ({self.prog} --help)\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except FcDistilabelError as error:
        return _fail(str(error), error.exit_status)
    except OSError as error:  # a full disk, a folder that went away
        place = f"{error.filename}: " if error.filename else ""
        return _fail(f"{place}{error.strerror or error}", 1)
    except KeyboardInterrupt:
        return _fail("interrupted", INTERRUPTED)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="fc-distilabel",
        description="Function-calling training data from your own documents.",
    )
    parser.add_argument("--version", action="version", version=f"fc-distilabel {__version__}")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)
    for command in COMMANDS:
        command.add(subparsers)
    return parser


def _fail(message: str, status: int) -> int:
    line = " ".join(message.split())
    print(f"error: {line}", file=sys.stderr)
    return status
